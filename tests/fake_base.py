"""A knowledge base of a dozen invented items in memory, for tests of the stages that ask one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kg import names


@dataclass(frozen=True)
class Item:
    qid: str
    kind: str
    prior: float
    labels: dict[str, str]
    country: str | None = None
    positions: tuple[tuple[str, str | None, str | None], ...] = ()
    external: dict[str, str] = field(default_factory=dict)
    role: str | None = None
    brand: bool = False
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    birth: str | None = None
    dates: tuple[str | None, str | None] | None = None
    coords: tuple[float, float] | None = None


@dataclass(frozen=True)
class Term:
    person: int
    certainty: float


ITEMS = (
    Item("Q9001", "LOC", 0.9, {"en": "Ruritania", "el": "Ρουριτανία", "bg": "Руритания"}, external={"iso3166_1": "RU"}),
    Item("Q9002", "LOC", 0.8, {"en": "Strelsau", "bg": "Стрелсау", "az": "Strelsau"}, country="Q9001"),
    Item("Q9003", "PER", 0.6, {"en": "Rudolf Elphberg", "ru": "Рудольф Эльфберг"}, "Q9001", (("Q9004", "2020", None),)),
    Item(
        "Q9005",
        "PER",
        0.3,
        {"en": "Michael Elphberg", "ru": "Михаэль Эльфберг"},
        "Q9001",
        (("Q9004", "1990", "2000-01-01"),),
    ),
    Item("Q9004", "POS", 0.4, {"en": "President of Ruritania"}, "Q9001", role="president"),
    Item("Q9006", "ORG", 0.5, {"en": "Zenda Airlines", "el": "Ζέντα Αεροπορική"}, country="Q9001"),
    Item("Q9007", "LOC", 0.3, {"en": "Georgia"}, country="Q9008"),
    Item("Q9008", "LOC", 0.9, {"en": "Freedonia"}, external={"iso3166_1": "US"}),
    Item("Q9009", "LOC", 0.3, {"en": "Georgia"}, country="Q9001"),
    Item("Q9010", "ORG", 0.05, {"en": "Orange"}, brand=True),
)


class FakeBase:
    """All of kg.link.Base and kg.recognise.dictionary.Lexicon over ITEMS."""

    id = "fake"

    def __init__(self, items: tuple[Item, ...] = ITEMS, capitals: tuple[tuple[str, str], ...] = ()) -> None:
        self.items = items
        self.capitals = capitals  # (QID of a state, QID of a city)

    def _by_prior(self, rows: list[int]) -> tuple[int, ...]:
        return tuple(sorted(rows, key=lambda row: (-self.items[row].prior, row)))

    def exact(self, key: str, code: str | None = None) -> tuple[int, ...]:
        del code  # the invented items have no short codes
        return self._by_prior([r for r, i in enumerate(self.items) if key in {names.key(x) for x in i.labels.values()}])

    def starting(self, prefix: str) -> list[str]:
        return sorted(k for i in self.items for x in i.labels.values() if (k := names.key(x)).startswith(prefix))

    def similar(self, skeleton: str, limit: int) -> tuple[int, ...]:
        rows = [r for r, i in enumerate(self.items) if skeleton in {names.skeleton(x) for x in i.labels.values()}]
        return self._by_prior(rows)[:limit]

    def surname(self, key: str, limit: int) -> tuple[int, ...]:
        sound = names.skeleton(key)
        rows = [
            row
            for row, item in enumerate(self.items)
            if item.kind == "PER" and sound in {names.skeleton(x.split()[-1]) for x in item.labels.values()}
        ]
        return self._by_prior(rows)[:limit]

    def record(self, row: int) -> Item:
        return self.items[row]

    def row(self, qid: str) -> int | None:
        return next((row for row, item in enumerate(self.items) if item.qid == qid), None)

    def kind(self, row: int) -> str:
        return self.items[row].kind

    def flags(self, row: int) -> frozenset[str]:
        return frozenset({"brand"} if self.items[row].brand else ())

    def prior(self, row: int) -> float:
        return self.items[row].prior

    def names(self, row: int) -> tuple[str, ...]:
        return tuple(self.items[row].labels.values())

    def countries(self, row: int) -> tuple[int, ...]:
        country = self.items[row].country
        found = self.row(country) if country else None
        return () if found is None else (found,)

    def related(self, row: int) -> dict[int, str]:
        cities = [self.row(city) for state, city in self.capitals if state == self.items[row].qid]
        return dict.fromkeys(self.countries(row), "P17") | dict.fromkeys((c for c in cities if c is not None), "P36")

    def by_external(self, scheme: str, value: str) -> int | None:
        return next((row for row, item in enumerate(self.items) if item.external.get(scheme) == value), None)

    def incumbents(self, country: int, role: str, on: date | None) -> tuple[Term, ...]:
        offices = {i.qid for i in self.items if i.role == role and i.country == self.items[country].qid}
        day = on.isoformat() if on else "9999"
        return tuple(
            Term(row, 0.95 if end else 0.7)
            for row, item in enumerate(self.items)
            for held, start, end in item.positions
            if held in offices and (not start or start <= day) and (not end or day <= end)
        )
