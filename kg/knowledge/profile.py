"""The builder's profile: `ontology/knowledge.toml` or a user's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.shipped import shipped

_FIX = "Compare it with ontology/knowledge.toml, which explains every field."
_FIELDS = frozenset(
    {
        "aliases",
        "birth",
        "classes",
        "coords",
        "dates",
        "external",
        "occupations",
        "population",
        "positions",
        "wikipedia",
    }
)
MAX_FLAGS = 4  # they share a byte with the kind


@dataclass(frozen=True, slots=True)
class NameRules:
    """Which names become keys, see [names] of the profile."""

    junk: re.Pattern[str]
    longest: int
    proper: frozenset[str]
    resembles: float
    cut: re.Pattern[str]
    code_letters: int
    code_anywhere: frozenset[str]
    own_codes: tuple[str, ...]
    own_code_languages: int
    words: frozenset[str]  # kinds whose lower-case names of one word are words
    phrases: frozenset[str]  # kinds whose lower-case names of any length are
    sounds: frozenset[str]  # kinds that are also found by sound
    mute: frozenset[str]  # flags of entities that are not


@dataclass(frozen=True, slots=True)
class SurnameRules:
    """Which words of a name are the surname, see [surname] of the profile."""

    most: int
    suffixes: frozenset[str]
    patronymics: tuple[str, ...]
    particles: frozenset[str]
    first: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is taken from the facts and how it is read."""

    languages: frozenset[str]
    exclude_sources: frozenset[str]
    exclude_fields: frozenset[str]
    flags: Mapping[str, frozenset[str]]  # at most MAX_FLAGS
    names: NameRules
    surname: SurnameRules
    one_way: frozenset[str]
    known_until: date
    yearly: float
    text: str  # the file itself: part of the id of what is built with it


def load(path: Path | None = None, *, exclude_sources: frozenset[str] = frozenset()) -> Profile:
    """The profile of a file (None: the one that ships), with more sources left out. Raises DataError."""
    path = path or shipped("ontology/knowledge.toml")
    try:
        text = path.read_text(encoding="utf-8")
        return _profile(tomllib.loads(text), text, exclude_sources)
    except OSError as error:
        raise DataError(f"The profile {path} can't be read: {error.strerror}.", "Check the path.") from error
    except (KeyError, TypeError, ValueError, re.error) as error:  # TOMLDecodeError is a ValueError
        raise DataError(f"The profile {path} is malformed: {error!r}.", _FIX) from error


def _profile(table: Mapping[str, Any], text: str, exclude_sources: frozenset[str]) -> Profile:
    fields = frozenset(table["exclude_fields"])
    if unknown := sorted(fields - _FIELDS):
        raise ValueError("exclude_fields: " + ", ".join(unknown))
    if len(table["flags"]) > MAX_FLAGS:
        raise ValueError(f"more than {MAX_FLAGS} flags")
    offices = table["offices"]
    excluded = frozenset(table["exclude_sources"]) | exclude_sources
    return Profile(
        languages=frozenset(table["languages"]),
        exclude_sources=excluded,
        exclude_fields=fields,
        flags={name: frozenset(row) for name, row in sorted(table["flags"].items())},
        names=_names(table["names"]),
        surname=_surname(table["surname"]),
        one_way=frozenset(table["relations"]["one_way"]),
        known_until=date.fromisoformat(offices["known_until"]),
        yearly=float(offices["yearly"]),
        text=text + "\0".join(sorted(excluded)),
    )


def _names(row: Mapping[str, Any]) -> NameRules:
    every = frozenset(kind for rule in row["words"] if rule["every"] for kind in rule["kinds"])
    return NameRules(
        junk=re.compile("|".join(f"(?:{rule})" for rule in row["junk"])),
        longest=int(row["longest"]),
        proper=frozenset(row["proper"]),
        resembles=float(row["resembles"]),
        cut=re.compile("|".join(f"(?:{rule})" for rule in row["cut"])),
        code_letters=int(row["code_letters"]),
        code_anywhere=frozenset(row["code_anywhere"]),
        own_codes=tuple(row["own_codes"]),
        own_code_languages=int(row["own_code_languages"]),
        words=frozenset(kind for rule in row["words"] for kind in rule["kinds"]),
        phrases=every,
        sounds=frozenset(row["sounds"]),
        mute=frozenset(row["mute"]),
    )


def _surname(row: Mapping[str, Any]) -> SurnameRules:
    return SurnameRules(
        most=int(row["most"]),
        suffixes=frozenset(row["suffixes"]),
        patronymics=tuple(row["patronymics"]),
        particles=frozenset(row["particles"]),
        first=frozenset(row["first"]),
    )
