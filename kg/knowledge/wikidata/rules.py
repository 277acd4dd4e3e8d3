"""What is taken of a Wikidata item: `ontology/wikidata.toml` or a user's own."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.knowledge.records import KINDS, number
from kg.shipped import shipped

_FIX = "Compare it with ontology/wikidata.toml, which explains every field."
_PROPERTY = re.compile(r"P[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class KindRule:
    """Classes that make a kind."""

    type: str  # of KINDS
    classes: tuple[int, ...]  # numbers of QIDs
    subclasses: bool = False  # the item itself may be a subclass


@dataclass(frozen=True, slots=True)
class Statements:
    """The properties that fill the fields of a row; see the file."""

    instance: str
    subclass: str
    country: tuple[str, ...]
    citizenship: str
    position: str
    occupation: str
    birth: str
    start: str
    end: str
    day: str
    place: str
    population: str
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole file."""

    minimum_sitelinks: int
    always: tuple[int, ...]  # whose instances are kept however little known
    full: float  # Wikipedias from which on the prior is 1
    power: float
    codes: Mapping[str, tuple[str, ...]]
    kinds: tuple[KindRule, ...]
    exclude: tuple[int, ...]
    statements: Statements
    external: Mapping[str, str]  # scheme -> property
    source: Mapping[str, str]  # key, what, from, licence
    text: str

    def prior(self, sitelinks: int) -> float:
        """Prominence of an item that so many Wikipedias write about, 0..1."""
        share = min(1.0, math.log1p(sitelinks) / math.log1p(self.full))
        return round(math.pow(share, self.power), 4)

    def codes_of(self, languages: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Our languages with Wikidata's codes of each, the plain one first."""
        return {lang: (lang, *self.codes.get(lang, ())) for lang in sorted(languages)}


@cache
def load_rules(path: Path | None = None) -> Rules:
    """The rules of a file (None: those that ship). Raises DataError."""
    path = path or shipped("ontology/wikidata.toml")
    try:
        text = path.read_text(encoding="utf-8")
        return _rules(tomllib.loads(text), text)
    except OSError as error:
        raise DataError(f"The profile {path} can't be read: {error.strerror}.", "Check the path.") from error
    except (KeyError, TypeError, ValueError) as error:  # TOMLDecodeError is a ValueError
        raise DataError(f"The profile {path} is malformed: {error!r}.", _FIX) from error


def _rules(table: Mapping[str, Any], text: str) -> Rules:
    source = {name: str(table["source"][name]) for name in ("key", "what", "from", "licence")}
    if not re.fullmatch(r"[a-z0-9][\w-]*", source["key"]):
        raise ValueError(f"source: the key {source['key']!r}")
    return Rules(
        minimum_sitelinks=int(table["minimum_sitelinks"]),
        always=tuple(number(qid) for qid in table["always"]),
        full=float(table["prior"]["full"]),
        power=float(table["prior"]["power"]),
        codes={lang: tuple(codes) for lang, codes in table["codes"].items()},
        kinds=tuple(_kind(row) for row in table["kind"]),
        exclude=tuple(number(qid) for qid in table["exclude"]),
        statements=_statements(table["statements"]),
        external={scheme: _property(name) for scheme, name in table["external"].items()},
        source=source,
        text=text,
    )


def _kind(row: Mapping[str, Any]) -> KindRule:
    if row["type"] not in KINDS:
        raise ValueError(f"type {row['type']!r}")
    return KindRule(row["type"], tuple(number(qid) for qid in row["classes"]), bool(row.get("subclasses", False)))


def _statements(row: Mapping[str, Any]) -> Statements:
    fields: dict[str, Any] = {
        name: _property(value) if isinstance(value, str) else tuple(_property(one) for one in value)
        for name, value in row.items()
    }
    return Statements(**fields)


def _property(name: str) -> str:
    if not _PROPERTY.fullmatch(name):
        raise ValueError(f"property {name!r}")
    return name
