"""Rules that find names by their shape or their head words: `patterns.toml` and `institutions.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast, get_args

from kg.errors import DataError
from kg.model import Kind
from kg.shipped import shipped

_FIX = "See the comment at the top of the file for the form of a row."


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name with a shape: one row of `patterns.toml`."""

    name: str
    kind: Kind
    alternatives: tuple[tuple[Mapping[str, Any], ...], ...]  # spaCy Matcher token patterns
    hint: str | None = None  # "flight={digits}": the digits of the match make the cross-language key


@dataclass(frozen=True, slots=True)
class Institution:
    """A kind of office that every country has, with the phrases that name it by language."""

    type: str
    kind: Kind
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]  # language -> phrases -> words, "*" ends a stem


@dataclass(frozen=True, slots=True)
class KindWords:
    """Words that tell an unknown name's kind, by language; "*" ends a stem."""

    inside: Mapping[Kind, Mapping[str, tuple[str, ...]]]
    before_place: Mapping[str, frozenset[str]]
    outside_place: Mapping[str, frozenset[str]]  # in lower case: the "rio" of "o rio Tejo"


@cache
def patterns() -> tuple[Pattern, ...]:
    """The rows of `ontology/patterns.toml`, in their order. Raises DataError."""
    return tuple(_pattern(row) for row in _toml("patterns.toml").get("pattern", ()))


@cache
def kind_words() -> KindWords:
    """The word lists of `ontology/patterns.toml`. Raises DataError."""
    words = _toml("patterns.toml").get("words", {})
    before, outside = (
        {lang: frozenset(row) for lang, row in words.get(name, {}).items()} for name in ("before_LOC", "outside_LOC")
    )
    inside = {
        _kind(name, "patterns.toml", f"words.{name}"): {lang: tuple(row) for lang, row in rows.items()}
        for name, rows in words.items()
        if name not in {"before_LOC", "outside_LOC"}
    }
    return KindWords(inside, before, outside)


@cache
def elided() -> Mapping[str, tuple[str, ...]]:
    """Language -> the words that are written together with a name, without their apostrophe. Raises DataError."""
    return {lang: tuple(words) for lang, words in _toml("patterns.toml").get("elided", {}).items()}


@cache
def institutions() -> tuple[Institution, ...]:
    """The rows of `ontology/institutions.toml`, in their order. Raises DataError."""
    return tuple(_institution(row) for row in _toml("institutions.toml").get("institution", ()))


@cache
def seats(lang: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a language's bodies that are named by the place behind them, as words. Raises DataError."""
    return tuple(tuple(phrase.split()) for phrase in _toml("institutions.toml").get("seats", {}).get(lang, ()))


def _pattern(row: dict[str, Any]) -> Pattern:
    name = str(row.get("name", "?"))
    alternatives = row.get("alternatives")
    if not alternatives or not all(alternatives):
        raise DataError(f"patterns.toml: the pattern {name} has no alternatives.", _FIX)
    kind = _kind(row.get("kind"), "patterns.toml", name)
    return Pattern(name, kind, tuple(tuple(tokens) for tokens in alternatives), row.get("hint"))


def _institution(row: dict[str, Any]) -> Institution:
    name = str(row.get("type", "?"))
    kind = _kind(row.get("kind"), "institutions.toml", name)
    phrases = {
        lang: tuple(tuple(phrase.split()) for phrase in value)
        for lang, value in row.items()
        if lang not in {"type", "kind"}
    }
    return Institution(name, kind, phrases)


def _kind(value: object, file: str, row: str) -> Kind:
    if value not in get_args(Kind):
        raise DataError(f"{file}: {row} has the kind {value!r}.", f"Use one of {', '.join(get_args(Kind))}.")
    return cast("Kind", value)


def _toml(name: str) -> dict[str, Any]:
    path = shipped(f"ontology/{name}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        what = f"ontology/{name} can't be read: {error}."
        raise DataError(what, "Mend the file, or install the program anew.") from error
