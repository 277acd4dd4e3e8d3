"""The tokens of the trained recogniser, and how it knows words again across scripts.

The weights depend on these functions: after a change here the model must be trained anew, and `tests/test_words.py`
pins their values. What the network sees of a word is in `features.py`.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

UNKNOWN = "-"  # the class of a word that no name contains
_FILE = "names.txt.gz"
TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*|\s+|[^\w\s]|_")
# Greek first: its digraphs are sounds (Μπάιντεν is Biden), and single letters would break them.
_GREEK = (
    *(("ου", "u"), ("αι", "e"), ("ει", "i"), ("οι", "i"), ("αυ", "af"), ("ευ", "ef"), ("μπ", "b"), ("ντ", "d")),
    *(("γκ", "g"), ("γγ", "g"), ("τσ", "c"), ("τζ", "z")),
)
_SINGLE = str.maketrans(
    {
        **dict(
            zip("αβγδεζηθικλμνξοπρστυφχψως", "afgdeziti k l m n # o p r s t i f h $ o s".replace(" ", ""), strict=True)
        ),
        **dict(zip("абвгдежзиклмнопрстуфхцчшщыэ", "abfgdezziklmnoprstufhccssie", strict=True)),
        **dict(zip("єіґђћјљњқғәөү", "eigdcilnkgaou", strict=True)),
        "ю": "iu",
        "я": "ia",
        "ъ": "a",
        "ь": "",
        "џ": "d",
        "ѓ": "g",
        "ќ": "k",
        "ə": "a",
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ß": "s",
        "æ": "e",
        "œ": "e",
        "þ": "t",
        "ð": "d",
        **dict.fromkeys("0123456789", "0"),
    }
)
_LATIN = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        *((r"sch|tsh|sh|sz", "s"), (r"tch|cz|ch|ts|tz", "c"), (r"zh", "z"), (r"kh", "h"), (r"ph", "f")),
        *((r"th", "t"), (r"gh", "g"), (r"ck", "k"), (r"ou|oo", "u"), (r"x|#", "ks"), (r"\$", "ps")),
        *((r"c(?=[aoulrt]|$)", "k"), (r"q", "k"), (r"[vw]", "f"), (r"[yj]", "i"), (r"(.)\1+", r"\1")),
    )
)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The rough Latin shape that the spellings of one name share; "" for a word without letters or digits.

    >>> skeleton("Əliyev"), skeleton("Алиев"), skeleton("Αλίεφ"), skeleton("8243")
    ('alief', 'alief', 'alief', '0')
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    for pair, letter in _GREEK:
        text = text.replace(pair, letter)
    text = text.translate(_SINGLE)
    for pattern, letter in _LATIN:
        text = pattern.sub(letter, text)
    return text


def name_class(word: str, names: Mapping[str, str]) -> str:
    """The kinds of names that hold the word, and how many final letters had to go to find it: "S0", "FL2", "-".

    F first name, S surname, L place, l part of a place's name, O organisation, o part of one's name.
    """
    bare = skeleton(word)
    for cut in range(min(4, len(bare) - 3) if len(bare) > 3 else 1):
        found = names.get(bare[: len(bare) - cut])
        if found:
            return f"{found}{cut}"
    return UNKNOWN


class Words:
    """The tokenizer of the trained recogniser: letters and digits together, every other sign for itself.

    It holds the word list too: a pipeline is loaded with its tokenizer first, and the network asks it.
    """

    def __init__(self, vocab: Vocab, names: Mapping[str, str] | None = None) -> None:
        self.vocab = vocab
        self.names: Mapping[str, str] = names or {}

    def __call__(self, text: str) -> Doc:
        """The document of a text; `doc.text` is the text, whatever its blanks."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in TOKEN.findall(text):
            if token[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
                token = token[1:]  # noqa: PLW2901 -- the rest of a run of blanks is a token of its own
            if token:
                words.append(token)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterable[Doc]:  # noqa: ARG002 -- spaCy's interface
        """The documents of many texts, in order."""
        return (self(text) for text in texts)

    def to_bytes(self, **_: Any) -> bytes:
        """The word list, gzipped without a date, so that the same list gives the same bytes."""
        lines = "".join(f"{word}\t{classes}\n" for word, classes in sorted(self.names.items()))
        return gzip.compress(lines.encode("utf-8"), mtime=0)

    def from_bytes(self, data: bytes, **_: Any) -> Words:
        """Itself, with the word list of `to_bytes`."""
        self.names = read_names(data)
        return self

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Writes the word list into the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_: Any) -> Words:
        """Itself, with the word list in the folder `path`."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def read_names(data: bytes) -> Mapping[str, str]:
    """The word list of a file's bytes: skeleton -> classes."""
    lines = gzip.decompress(data).decode("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


@registry.tokenizers("newskg.Words.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_words() -> Callable[[Language], Words]:
    """The factory that spaCy calls with the pipeline that is being made."""

    def make(nlp: Language) -> Words:
        return Words(nlp.vocab)

    return make
