"""Letters of any script to a-z: keys and skeletons, by the tables of `ontology/scripts.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from anyascii import anyascii

from kg.errors import DataError
from kg.shipped import shipped

APOSTROPHES = "'’ʼ‘`´ʹʻ′＇"
CACHED = 1 << 17  # words a cache keeps: some 100 bytes each, so about 20 MB when full


class _Letters(dict[int, str]):
    """A table for str.translate that works a letter out when it first meets it."""

    def __init__(self, rows: Mapping[str, str], default: Callable[[str], str]) -> None:
        super().__init__({ord(letter): value for letter, value in rows.items()})
        self._default = default

    def __missing__(self, code: int) -> str:
        value = self[code] = self._default(chr(code))
        return value


@dataclass(frozen=True, slots=True)
class _Groups:
    """Letters that are read together: one alternation, and what each alternative becomes."""

    pattern: re.Pattern[str]
    values: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> _Groups:
        """From (pattern, value) rows. Each begins with a letter, by which the engine finds its few rows at once."""
        # The order of rows counts among those of one first letter only: the others can't match at one place.
        ordered = sorted(rows, key=lambda row: row[0][:1])
        branches = []
        for first, same in groupby(ordered, key=lambda row: row[0][:1]):
            rest = [row[0][1:] for row in same]
            if not first.isalpha() or any(after[:1] in set("?*+{|") for after in rest):
                raise DataError(f"ontology/scripts.toml: {first}{rest[0]} begins with no letter", "put a letter first")
            # An empty group at the end of a row tells which one matched.
            branches.append(f"{first}(?:{'|'.join(f'{after}()' for after in rest)})")
        return cls(re.compile("|".join(branches) or "(?!)"), tuple(value for _, value in ordered))

    def sub(self, text: str) -> str:
        return self.pattern.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        return self.values[(match.lastindex or 1) - 1]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the letters of one language are read."""

    groups: _Groups
    letters: _Letters
    latin: bool  # whether plain Latin letters are read as they stand

    def romanise(self, text: str) -> str:
        """Lower-case text to a-z, 0-9 and spaces, where spaces may stand side by side."""
        if self.latin and text.isascii() and text.isalnum():
            return text  # most words of most bases
        return self.groups.sub(text).translate(self.letters)


@cache
def tables() -> Mapping[str, Any]:
    """`ontology/scripts.toml`; raises DataError where it is missing or broken."""
    path = shipped("ontology/scripts.toml")
    try:
        return _with_letters(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} can't be read: {error}", "mend it, or install the program again") from error


_LETTERS = frozenset({"letters", "plain", "sound"})


def _with_letters(table: dict[str, Any]) -> dict[str, Any]:
    """The table with its strings of letter=value made dictionaries."""
    for row in table.values():
        for field in _LETTERS.intersection(row) if isinstance(row, dict) else ():
            row[field] = {letter: value for letter, _, value in (item.partition("=") for item in row[field].split())}
    return table


# --- lower case and plain letters ---------------------------------------------------------------------------------

_POINT = re.compile(r"\.(?=\w\w)")  # V.Putin is two words, U.S. is one


def _lower(text: str) -> str:
    lower = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
    return _POINT.sub(" ", lower) if "." in lower else lower


def _without_marks(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _fold_letter(letter: str) -> str:
    table = tables()["fold"]
    if letter in APOSTROPHES or unicodedata.combining(letter):
        return ""
    if letter in table["keep"]:
        return letter
    plain = table["letters"].get(letter) or _without_marks(letter).casefold()
    return "".join(table["letters"].get(part, part) for part in plain if not unicodedata.combining(part))


@cache
def _folding() -> _Letters:
    return _Letters({}, _fold_letter)


@lru_cache(CACHED)
def _fold_word(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().translate(_folding())


def fold(text: str) -> str:
    """The text without case, marks and apostrophes, in its own script; runs of white space become one space.

    >>> fold("  İlham  ƏLİYEV ")
    'ilham əliyev'
    """
    if text.isascii() and "'" not in text and "`" not in text:
        return " ".join(text.lower().split())
    return " ".join(" ".join([_fold_word(word) for word in text.split()]).split())


# --- readings -----------------------------------------------------------------------------------------------------


def _roman_letter(letters: Mapping[str, str], letter: str) -> str:
    """What a letter becomes that no row names: itself, without marks, or what anyascii says."""
    if letter in APOSTROPHES or letter == "." or unicodedata.combining(letter):
        return ""
    plain = _without_marks(letter).lower()
    known = "".join(letters.get(part, part) for part in plain)
    text = known if known.isascii() else anyascii(known)
    return re.sub("[^a-z0-9]+", " ", text.lower().replace("'", ""))


@cache
def _reading(lang: str | None, plain: bool = False) -> _Reading:
    """The reading of a language: for `key` if plain, else by its ear, for `skeleton`."""
    neutral = tables()["neutral"]
    own = tables().get(lang, {}) if lang else {}
    if plain and not own.get("respells"):
        own = {"letters": own.get("plain", {})}
    sound = {} if plain else own.get("sound", {})
    letters: dict[str, str] = {**neutral["letters"], **own.get("letters", {}), **sound}
    # Capitals are what a group has already become: the letters' table leaves their sound alone.
    groups = [(pattern, value.upper()) for pattern, value in (*own.get("groups", []), *neutral["groups"])]
    rows = letters | {capital: capital.lower() for capital in ascii_uppercase}
    latin = not any(pattern[0].isascii() for pattern, _ in groups)
    latin = latin and not any(letter.isascii() and letter != value for letter, value in letters.items())
    return _Reading(_Groups.of(groups), _Letters(rows, lambda letter: _roman_letter(letters, letter)), latin)


@cache
def _detectors() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = [(name, row) for name, row in tables().items() if isinstance(row, dict)]
    return tuple((name, re.compile(row["detect"])) for name, row in rows if "detect" in row)


_CYRILLIC = re.compile("[\u0400-\u04ff]")


def _language_of(word: str, lang: str | None) -> str | None:
    """The language that reads a lower-case word: the declared one, or the one that foreign letters betray."""
    if word.isascii():
        return lang
    cyrillic = _CYRILLIC.search(word) is not None
    if lang and cyrillic == (tables().get(lang, {}).get("script") == "Cyrillic"):
        return lang
    return next((name for name, pattern in _detectors() if pattern.search(word)), lang)


@cache
def _key_groups() -> _Groups:
    return _Groups.of(tables()["key"]["groups"])


def _finish(romanised: str) -> str:
    """Spellings put together, until nothing changes: so a key is its own key."""
    groups = _key_groups()
    while romanised != (found := " ".join([groups.sub(word) for word in romanised.split()])):
        romanised = found
    return found


@lru_cache(CACHED)
def _word_key(word: str, lang: str | None) -> str:
    lower = _lower(word)
    return _finish(_reading(_language_of(lower, lang), plain=True).romanise(lower))


def key(text: str, lang: str | None = None) -> str:
    """The name in a-z, 0-9 and single spaces, as the press would romanise it; `lang` is an ISO 639-1 code.

    Spellings of one name in different scripts get one key where the scripts allow it. "" where nothing can be read.

    >>> key("Βλαντίμιρ Πούτιν"), key("Владимир Путин")
    ('vladimir putin', 'vladimir putin')
    """
    words = text.split()
    if len(words) == 1:
        return _word_key(words[0], lang)
    return " ".join(filter(None, [_word_key(word, lang) for word in words]))


@lru_cache(CACHED)
def _word_keys(word: str, lang: str | None) -> tuple[str, str, str]:
    """The word's key, its reading by the language's ear, and its reading in no language."""
    lower = _lower(word)
    by = _language_of(lower, lang)
    readings = _reading(by, plain=True), _reading(by), _reading(None)
    romanised = [reading.romanise(lower) for reading in readings]
    # Mostly they are the same, and putting spellings together takes longest.
    finished = {text: _finish(text) for text in set(romanised)}
    key_, ear, neutral = (finished[text] for text in romanised)
    return key_, ear, neutral


def keys(text: str, lang: str | None = None) -> tuple[str, ...]:
    """The key first, then what else the text may read as: by the language's ear, or in no language; 1 to 3.

    Clinton in Azerbaijani may be spelt as in English or by ear; Greek ντ is d, nt or nd.

    >>> keys("Clinton", "az"), keys("Άντριου", "el")
    (('jlinton', 'clinton'), ('adriu', 'andriu'))
    """
    words = [_word_keys(word, lang) for word in text.split()]
    if len(words) == 1:
        return tuple(dict.fromkeys(words[0]))
    return tuple(dict.fromkeys([" ".join(filter(None, way)) for way in zip(*words, strict=True)])) or ("",)


_DOUBLE = re.compile(r"(.)\1+")
_INNER_VOWELS = re.compile("(?<=.)a")


@cache
def _sound_classes() -> tuple[_Groups, dict[int, str], int]:
    table = tables()["skeleton"]
    return _Groups.of(table["groups"]), str.maketrans(table["letters"]), table["vowels"]


@lru_cache(CACHED)
def sounds(word: str) -> str:
    """The classes of sounds of one romanised word; the word itself if it has none."""
    groups, letters, most = _sound_classes()
    found = _DOUBLE.sub(r"\1", groups.sub(word).translate(letters))
    if len(found) - found.count("a") > most:
        return _INNER_VOWELS.sub("", found)
    # A vowel at the end is often mute or another one (Poutine, Bakı); of a very short name it is half of what there is.
    return (found[:-1] if len(found) > 2 and found.endswith("a") else found) or word


@lru_cache(CACHED)
def _word_skeleton(word: str, lang: str | None) -> str:
    lower = _lower(word)
    return " ".join([sounds(part) for part in _reading(_language_of(lower, lang)).romanise(lower).split()])


def skeleton(text: str, lang: str | None = None) -> str:
    """The sounds of the name in classes, word by word: what its spellings in different languages share.

    Many names share a skeleton: use it to find candidates, and rank them by `similarity` and context.

    >>> skeleton("Əliyev", "az") == skeleton("Αλίεφ", "el") == skeleton("Alijev", "sl")
    True
    """
    words = text.split()
    if len(words) == 1:
        return _word_skeleton(words[0], lang)
    return " ".join(filter(None, [_word_skeleton(word, lang) for word in words]))


def initials(text: str, lang: str | None = None) -> str:
    """The first letters of the words of the key: "Владимир Путин" -> "vp"."""
    return "".join(word[0] for word in key(text, lang).split())


def acronym(words: Iterable[str]) -> str:
    """The acronym that words with a capital make: ["Organisation", "of", "States"] -> "OS"."""
    return "".join(word[0] for word in words if word[:1].isupper())
