"""Which offices of a base are a country's president, foreign minister ...: by their labels, as offices.toml says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import names
from kg.ontology import match_demonym, roles

Find = Callable[[str], int | None]  # QID -> row
_ARTICLE = re.compile(r"\bthe\b")
_SLOT = re.compile(r"\{(country|adjective)\}")


@dataclass(frozen=True, slots=True)
class Office:
    """An office as its entity gives it."""

    row: int
    labels: tuple[str, ...]  # English, names.key without "the"
    countries: tuple[int, ...]  # rows


@dataclass(frozen=True, slots=True)
class Country:
    """A country and what it is called in English."""

    row: int
    iso: str | None  # ISO 3166-1 alpha-2
    names: frozenset[str]  # names.key without "the"


def office(row: int, entity: Mapping[str, Any], find: Find) -> Office:
    """An entity of the type POS as an Office."""
    countries = (find(qid) for qid in entity["country"])
    return Office(row, tuple(_english(entity)), tuple(found for found in countries if found is not None))


def country(row: int, entity: Mapping[str, Any]) -> Country:
    """A country's entity as a Country."""
    return Country(row, entity.get("external", {}).get("iso3166_1"), frozenset(_english(entity)))


def _english(entity: Mapping[str, Any]) -> Iterator[str]:
    texts = [entity["labels"].get("en"), *entity["aliases"].get("en", ())]
    for text in texts:
        if text:
            yield " ".join(_ARTICLE.sub(" ", names.key(text, "en")).split())


def seats(offices: Iterable[Office], countries: Sequence[Country]) -> list[tuple[int, str, int]]:
    """(country row, role, office row) for every office whose label says so, each once, sorted."""
    named: dict[str, list[Country]] = {}
    for land in countries:
        for name in land.names:
            named.setdefault(name, []).append(land)
    isos = {land.iso: land for land in countries if land.iso}
    found: set[tuple[int, str, int]] = set()
    for seat in offices:
        for label in seat.labels:
            for role, pattern in _patterns():
                match = pattern.fullmatch(label)
                if match:
                    rows = _countries(match.groupdict(), seat, named, isos)
                    found.update((row, role, seat.row) for row in rows)
    return sorted(found)


def _countries(
    groups: Mapping[str, str | None], seat: Office, called: Mapping[str, list[Country]], isos: Mapping[str, Country]
) -> list[int]:
    """The countries that a label names, with those that the office says it belongs to; [] if it names no country."""
    name, adjective = groups.get("country"), groups.get("adjective")
    if name is None and adjective is None:
        return list(seat.countries)
    lands = called.get(name, []) if name else []
    if adjective:
        iso = match_demonym(adjective.title(), "en")
        lands = [isos[iso]] if iso and iso in isos else []
    if not lands:
        return []
    # The country of an office may be a realm without a code of its own (Kingdom of Denmark): then the country that
    # bears the name counts too. A country with a code (Spain) does not take over a part's office (Canary Islands).
    coded = {land.row for land in isos.values()}
    own = [land.row for land in lands if land.row in seat.countries]
    named = [] if any(row in coded for row in own) else [lands[0].row]
    return list(dict.fromkeys([*own, *named, *(row for row in seat.countries if row not in coded)]))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((role.name, _compiled(label)) for role in roles().values() for label in role.labels)


def _compiled(label: str) -> re.Pattern[str]:
    """A label's pattern with its slots; "(?: of)? {country}" also serves "the Italian Senate", so slots are lazy."""
    seen: set[str] = set()

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+)"

    return re.compile(_SLOT.sub(slot, label))
