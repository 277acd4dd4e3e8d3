"""The article as context: the items that are sure, and what is near them in the base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kg.link.base import Base, Item, Position

# A shared country is common among news names, a direct relation is not.
COUNTRY, RELATION = 0.6, 0.4
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What the article is about, as far as is sure."""

    anchors: frozenset[int]
    countries: Mapping[int, int]  # country row -> how many anchors lie in it or are it

    @classmethod
    def of(cls, base: Base, anchors: Iterable[int]) -> Context:
        """The context that these rows make."""
        rows = frozenset(anchors)
        countries: dict[int, int] = {}
        for row in rows:
            for country in {row, *base.countries(row)}:
                countries[country] = countries.get(country, 0) + 1
        return cls(rows, countries)

    def nearness(self, base: Base, row: int) -> float:
        """How near an item is to the others, 0..1; it never counts as its own neighbour."""
        own = row in self.anchors
        countries = {row, *base.countries(row)}
        shared = any(self.countries.get(country, 0) > own for country in countries)
        # Where the base does not say a country, that is no sign against the item.
        place = 1.0 if shared else UNKNOWN * (len(countries) == 1)
        related = any(other in self.anchors and other not in countries for other in base.related(row))
        return COUNTRY * place + RELATION * related


def placed(base: Base, item: Item, context: Context, on: date | None) -> Item:
    """The item with its nearness to the article and its standing on the article's day."""
    standing = 0.0
    if base.kind(item.row) == "PER" and in_office(base.record(item.row).positions, on):
        standing = 1.0
    return replace(item, nearness=context.nearness(base, item.row), standing=standing)


def in_office(positions: Iterable[Position], on: date | None) -> bool:
    """Whether any position covers the day (an undated article: whether any is open)."""
    day = on.isoformat() if on else "9999"
    return any((not start or start[:4] <= day[:4]) and (not end or end >= day) for _, start, end in positions)
