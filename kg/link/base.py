"""What the linker asks of a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from kg.model import Kind

Position = tuple[str, str | None, str | None]  # office QID, from, to


class Facts(Protocol):
    """One item's facts."""

    @property
    def qid(self) -> str:
        """Its Wikidata id."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Its names by language."""

    @property
    def positions(self) -> Sequence[Position]:
        """Offices held, with dates."""

    @property
    def external(self) -> Mapping[str, str]:
        """Its ids elsewhere, by scheme."""

    @property
    def aliases(self) -> Mapping[str, Sequence[str]]:
        """Its other names by language."""

    @property
    def classes(self) -> Sequence[str]:
        """QIDs of what it is an instance of."""

    @property
    def occupations(self) -> Sequence[str]:
        """QIDs of what a person does."""

    @property
    def birth(self) -> str | None:
        """YYYY[-MM[-DD]]."""

    @property
    def coords(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""

    @property
    def dates(self) -> tuple[str | None, str | None] | None:
        """Of an event: start and end, as `birth`."""


class Term(Protocol):
    """A person in an office."""

    @property
    def person(self) -> int:
        """The person's row."""

    @property
    def certainty(self) -> float:
        """How sure it is that the person held the office on the day asked for, 0..1."""


class Base(Protocol):
    """A knowledge base: rows are its items, numbered."""

    def exact(self, key: str, code: str | None = None) -> Sequence[int]:
        """Rows with a name of this key, most prominent first; `code`: short codes of that language count too."""

    def similar(self, skeleton: str, limit: int) -> Sequence[int]:
        """Rows with a name of this sound, most prominent first."""

    def starting(self, prefix: str) -> Iterable[str]:
        """The keys of names that begin with these letters."""

    def surname(self, key: str, limit: int) -> Sequence[int]:
        """People whose names end in this word, most prominent first."""

    def record(self, row: int) -> Facts:
        """Everything about a row."""

    def kind(self, row: int) -> str:
        """The row's kind."""

    def prior(self, row: int) -> float:
        """The row's prominence, 0..1."""

    def flags(self, row: int) -> frozenset[str]:
        """What to know of a row: "brand" needs more than its name."""

    def names(self, row: int) -> Iterable[str]:
        """All names of a row."""

    def countries(self, row: int) -> Iterable[int]:
        """Rows of the countries that the row belongs to."""

    def related(self, row: int) -> Mapping[int, str]:
        """Neighbours of a row with the property that joins them."""

    def row(self, qid: str) -> int | None:
        """The row of a QID."""

    def by_external(self, scheme: str, value: str) -> int | None:
        """The row with this identifier."""

    def incumbents(self, country: int, role: str, on: date | None) -> Sequence[Term]:
        """Who fills a role of a country (president, head_of_state ...) on a day, the surest first."""


# How far a mention's kind and an item's kind agree. Governments are named by places and buildings, airlines
# by products; a person is never a place.
_AGREE: Mapping[frozenset[str], float] = {
    frozenset({"LOC", "ORG"}): 0.5,
    frozenset({"LOC", "FAC"}): 0.7,
    frozenset({"ORG", "FAC"}): 0.7,
    frozenset({"ORG", "PROD"}): 0.2,
    frozenset({"ORG", "EVT"}): 0.4,
    frozenset({"EVT", "LOC"}): 0.3,
    frozenset({"ORG", "WORK"}): 0.5,
    frozenset({"PROD", "WORK"}): 0.3,
    frozenset({"NORP", "LOC"}): 0.9,
}

KINDS: Mapping[str, Kind] = {
    "PER": "PER",
    "LOC": "LOC",
    "ORG": "ORG",
    "EVT": "EVT",
    "PROD": "PROD",
    "FAC": "FAC",
    "WORK": "PROD",
    "NORP": "NORP",
}


def agreement(mention: str, item: str) -> float:
    """How well two kinds go together, 0..1."""
    return 1.0 if mention == item else _AGREE.get(frozenset({mention, item}), 0.0)


def in_office(positions: Iterable[Position], on: date | None) -> bool:
    """Whether any position covers the day (an undated article: whether any is open)."""
    day = on.isoformat() if on else "9999"
    return any((not start or start[:4] <= day[:4]) and (not end or end >= day) for _, start, end in positions)
