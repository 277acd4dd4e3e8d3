"""What the trained recogniser sees of a text: its tokens, and six features of each word.

The features are made so that eighteen languages in three scripts share what they know:

    NORM    a rough romanised skeleton of the word: Путин, Πούτιν and Putin are one     "putin"
    PREFIX  the skeleton's first five letters: the stem, whatever the case ending       "putin"
    LOWER   the word in lower case, in its own script                                   "путинът"
    SUFFIX  its last three letters, in its own script                                   "път"
    SHAPE   its capitals, letters and digits                                            "Xxxxx"
    LANG    what kinds of names the word is a part of, by the list in the model's folder  "S0": a surname

spaCy has no free slot for a word list, and LANG, a constant in its own pipelines, is the one that can be read
by a model. The weights depend on these functions: after a change here the model must be trained anew, and
`tests/test_words.py` pins their values.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.attrs import LANG, LOWER, NORM, PREFIX, SHAPE, SUFFIX  # type: ignore[import-not-found]  # Cython, no stubs
from spacy.lang.lex_attrs import word_shape
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

UNKNOWN = "-"  # LANG of a word that no name contains
_FILE = "names.txt.gz"
_TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*|\s+|[^\w\s]|_")
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

    It also teaches the vocabulary its features, because a model is loaded with its tokenizer first.
    """

    def __init__(self, vocab: Vocab, names: Mapping[str, str] | None = None) -> None:
        self.vocab = vocab
        self.names: Mapping[str, str] = names or {}
        self._teach()

    def __call__(self, text: str) -> Doc:
        """The document of a text; `doc.text` is the text, whatever its blanks."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in _TOKEN.findall(text):
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

    def initialize(self, get_examples: Callable[[], Any], *, nlp: Language | None = None, names: str = "") -> None:  # noqa: ARG002
        """Called by `spacy train`: reads the word list, a file of `skeleton<TAB>classes` lines, gzipped."""
        self.names = read_names(Path(names).read_bytes()) if names else {}
        self._teach()

    def to_bytes(self, **_: Any) -> bytes:
        """The word list, gzipped without a date, so that the same list gives the same bytes."""
        lines = "".join(f"{word}\t{classes}\n" for word, classes in sorted(self.names.items()))
        return gzip.compress(lines.encode("utf-8"), mtime=0)

    def from_bytes(self, data: bytes, **_: Any) -> Words:
        """Itself, with the word list of `to_bytes`."""
        self.names = read_names(data)
        self._teach()
        return self

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Writes the word list into the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_: Any) -> Words:
        """Itself, with the word list in the folder `path`."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())

    def _teach(self) -> None:
        names = self.names
        self.vocab.lex_attr_getters = {  # type: ignore[attr-defined]  # Cython, its stubs lack it
            LOWER: str.lower,
            NORM: skeleton,
            PREFIX: lambda word: skeleton(word)[:5],
            SUFFIX: lambda word: word.lower()[-3:],
            SHAPE: word_shape,
            # A vocabulary asks for its language by the LANG of "_", and must give the pipeline's.
            LANG: lambda word: "xx" if word == "_" else name_class(word, names),
        }


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
