"""Reads `ontology/languages.toml` and `ontology/demonyms.toml`: what the stages must know of each language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from kg.errors import DataError
from kg.model import Kind, Language
from kg.shipped import shipped

_SCRIPTS = frozenset({"Latin", "Cyrillic", "Greek"})
_WORDS = ("endings", "replacements", "particles", "titles", "stopwords")
_FIELDS = frozenset({"name", "script", "pipeline", "labels", *_WORDS})
_KINDS = frozenset(get_args(Kind))
_CODE = re.compile("[a-z]{2,3}")
_ENDING = re.compile(r"(V|C|\[\w+\])?\S+")


def parse(path: Path) -> Mapping[str, Any]:
    """The TOML file, or a DataError that says the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing", "restore the ontology folder, or install the program again") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no TOML in UTF-8: {error}", "mend that line") from error


@cache
def languages() -> Mapping[str, Language]:
    """The languages by ISO 639-1 code, in the file's order. Raises DataError where the file breaks its format."""
    return load_languages(shipped("ontology/languages.toml"))


def load_languages(path: Path) -> Mapping[str, Language]:
    """The languages of a file in the format of `ontology/languages.toml`; raises DataError."""
    return MappingProxyType({code: _language(path, code, row) for code, row in parse(path).items()})


def _language(path: Path, code: str, row: Any) -> Language:
    where = f"{path}, [{code}]"
    if not isinstance(row, dict) or not _CODE.fullmatch(code):
        raise DataError(f"{where} is no language", 'head a table with a code of ISO 639-1, such as "[pl]"')
    unknown = sorted(set(row) - _FIELDS)
    if unknown:
        raise DataError(f"{where}: unknown field {unknown[0]}", f"fields are {', '.join(sorted(_FIELDS))}")
    wrong = next((field for field, value in row.items() if not isinstance(value, str)), None)
    if wrong:
        raise DataError(f"{where}: {wrong} is no string", "write lists as one string, items between blanks")
    if not row.get("name") or row.get("script") not in _SCRIPTS:
        do = f"script is one of {', '.join(sorted(_SCRIPTS))}"
        raise DataError(f"{where}: name or script is missing or unknown", do)
    items = {field: _items(where, field, row.get(field, "")) for field in _WORDS}
    return Language(
        code=code,
        name=row["name"],
        script=row["script"],
        endings=_by_length(items["endings"]),
        replacements=tuple(_replacement(where, item) for item in _by_length(items["replacements"])),
        particles=frozenset(items["particles"]),
        titles=frozenset(items["titles"]),
        stopwords=frozenset(items["stopwords"]),
        pipeline=row.get("pipeline"),
        labels=tuple(_label(where, item) for item in row.get("labels", "").split()),
    )


def _items(where: str, field: str, text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(item.replace("_", " ") for item in text.split()))
    upper = next((item for item in found if _plain(field, item) != _plain(field, item).lower()), None)
    if upper:
        raise DataError(f"{where}: {field} has capitals: {upper}", "write it in lower case")
    return found


def _plain(field: str, item: str) -> str:
    """The item without its condition, which is written with a capital."""
    return item.lstrip("VC") if field in {"endings", "replacements"} else item


def _replacement(where: str, item: str) -> tuple[str, str]:
    old, arrow, new = item.partition(">")
    if not arrow or not _ENDING.fullmatch(old) or ">" in new:
        raise DataError(f"{where}: replacements has {item}", 'write old>new, such as "ului>" or "ии>ия"')
    return old, new


def _label(where: str, item: str) -> tuple[str, str]:
    old, _, new = item.partition(">")
    if not old or new not in _KINDS:
        raise DataError(f"{where}: labels has {item}", f"write LABEL>KIND; kinds are {', '.join(sorted(_KINDS))}")
    return old, new


def _by_length(items: tuple[str, ...]) -> tuple[str, ...]:
    """The longest ending first; those of one length in the file's order, the likelier first."""
    return tuple(sorted(items, key=lambda item: -len(_ending(item.partition(">")[0])[1])))


def _ending(item: str) -> tuple[str, str]:
    """(condition, ending): "Vnın" -> ("V", "nın"), "[аеу]я" -> ("[аеу]", "я")."""
    condition = re.match(r"[VC]|\[\w+\]", item)
    return (condition.group(), item[condition.end() :]) if condition else ("", item)


@dataclass(frozen=True, slots=True)
class Demonym:
    """A way to speak of a country's people or things: a stem and the endings that it takes."""

    iso: str  # ISO 3166-1 alpha-2, XK for Kosovo
    lang: str  # ISO 639-1
    stem: str  # lower-case
    endings: tuple[str, ...] = ("",)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every word that the stem makes."""
        return tuple(self.stem + ending for ending in self.endings)


@dataclass(frozen=True, slots=True)
class _Demonyms:
    """The demonyms of one language."""

    words: tuple[Demonym, ...]
    capital: bool
    marks: bool
    names: frozenset[str]
    iso: Mapping[str, str]  # plain form -> country


def demonyms() -> Mapping[str, tuple[Demonym, ...]]:
    """The demonyms by language, in the file's order. Raises DataError where the file breaks its format."""
    return MappingProxyType({lang: _demonyms_of(lang).words for lang in _demonym_rows()})


@lru_cache(1 << 15)
def match_demonym(word: str, lang: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) of whose people or things a word speaks; None if of none.

    >>> match_demonym("руският", "bg"), match_demonym("Azeri", "en"), match_demonym("polish", "en")
    ('RU', 'AZ', None)
    """
    if lang not in _demonym_rows():
        return None
    table = _demonyms_of(lang)
    plain = _plain_word(word, marks=table.marks)
    capital = word[:1].isupper()
    if (table.capital and not capital) or (capital and plain in table.names):
        return None
    return table.iso.get(plain)


@cache
def _demonym_rows() -> Mapping[str, Any]:
    return parse(shipped("ontology/demonyms.toml"))


@cache
def _demonyms_of(lang: str) -> _Demonyms:
    """One language's demonyms: an article needs one or two languages, all of them take a tenth of a second."""
    return _demonyms(f"{shipped('ontology/demonyms.toml')}, [{lang}]", lang, _demonym_rows()[lang])


def load_demonyms(path: Path) -> Mapping[str, tuple[Demonym, ...]]:
    """The demonyms of a file in the format of `ontology/demonyms.toml`; raises DataError."""
    return {lang: _demonyms(f"{path}, [{lang}]", lang, row).words for lang, row in parse(path).items()}


def _demonyms(where: str, lang: str, row: Any) -> _Demonyms:
    if not isinstance(row, dict) or set(row) - {"capital", "marks", "names", "classes", "words"} or "words" not in row:
        raise DataError(f"{where} has other fields than demonyms have", "see the top of the file for what they are")
    classes = {name: tuple(_zero(ending) for ending in text.split()) for name, text in row.get("classes", {}).items()}
    words = tuple(
        _demonym(where, iso, lang, item, classes) for iso, text in row["words"].items() for item in text.split()
    )
    # The first country that claims a form keeps it.
    marks = bool(row.get("marks", False))
    forms = {_plain_word(form, marks=marks): word.iso for word in reversed(words) for form in word.forms}
    names = frozenset(_plain_word(name, marks=marks) for name in row.get("names", "").split())
    return _Demonyms(words, bool(row.get("capital", False)), marks, names, forms)


def _demonym(where: str, iso: str, lang: str, item: str, classes: Mapping[str, tuple[str, ...]]) -> Demonym:
    stem, *names = item.replace("_", " ").lower().split("+")
    unknown = next((name for name in names if name not in classes), None)
    if unknown is not None or not re.fullmatch("[A-Z]{2}", iso):
        fault = f"class {unknown} of {item}" if unknown is not None else f"country {iso}"
        raise DataError(f"{where}: {fault} is unknown", "name a class of this language, and countries by ISO 3166-1")
    endings = tuple(ending for name in names for ending in classes[name])
    return Demonym(iso, lang, stem, endings or ("",))


def _zero(ending: str) -> str:
    return "" if ending == "0" else ending


_DOT = "\u0307"  # what İ leaves behind in lower case


def _plain_word(word: str, *, marks: bool) -> str:
    """Lower-case with one apostrophe, without diacritics unless they count."""
    lower = word.lower().replace("’", "'").replace(_DOT, "")
    if marks:
        return lower
    parts = unicodedata.normalize("NFD", lower)
    return "".join(part for part in parts if not unicodedata.combining(part))
