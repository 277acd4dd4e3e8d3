"""What speaks for a candidate, as numbers in a fixed order: of its name alone, and of the article around it.

The first pass weighs what can be said of a name by itself; its beliefs are the context of the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kg import names
from kg.link.base import Base, Facts, agreement, in_office
from kg.link.candidates import Found
from kg.link.rules import stem
from kg.link.words import Words, met, words_of

# In the order of the vectors. What each means stands in training/linker/README.md.
ALONE = (
    "similarity", "label", "label_en", "other_name", "surname", "sound", "part", "words", "prior", "behind",
    "exact_names", "agreement", "recognised", "asked_person", "asked_place", "asked_organisation", "person", "place",
    "organisation", "odd_kind", "brand", "minor", "guessed", "late", "said", "said_near",
)  # fmt: skip
AROUND = (
    "same_country", "country_named", "related", "beside", "fellows", "standing", "echo", "belief", "rivals",
)  # fmt: skip
PLACES = {name: at for at, name in enumerate(ALONE + AROUND)}
_ODD = frozenset({"POS", "WORK", "LANG", "NORP"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A name as the article uses it."""

    surface: str
    lang: str
    kind: str
    score: float  # the recogniser's, 0..1
    near: frozenset[str] = frozenset()  # keys of the words of the sentences that say it
    beside: frozenset[str] = frozenset()  # names behind a comma or bracket next to it: Portland, Maine


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate with its features so far."""

    found: Found
    values: tuple[float, ...]  # of ALONE, then of AROUND

    @property
    def row(self) -> int:
        """Its row in the base."""
        return self.found.row

    def value(self, name: str) -> float:
        """One of its features; 0 where it is not yet known."""
        at = PLACES[name]
        return self.values[at] if at < len(self.values) else 0.0


class Features:
    """Computes the features of candidates from one base."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._label_keys = lru_cache(maxsize=50_000)(self._keys_of_label)
        self._words = lru_cache(maxsize=20_000)(lambda row, lang: words_of(self._base.record(row), lang))

    def alone(self, asked: Asked, found: Sequence[Found], article: Words, on: date | None) -> list[Item]:
        """The first features of a name's candidates."""
        priors = [self._base.prior(one.row) for one in found]
        exact = [p for p, one in zip(priors, found, strict=True) if one.how == "name"]
        page = (article, on)
        return [Item(one, self._alone(asked, one, p, exact, page)) for one, p in zip(found, priors, strict=True)]

    def _alone(
        self, asked: Asked, one: Found, prior: float, exact: Sequence[float], page: tuple[Words, date | None]
    ) -> tuple[float, ...]:
        (article, on), base, row = page, self._base, one.row
        record, kind, flags = base.record(row), base.kind(row), base.flags(row)
        named = one.how == "name"
        label = named and one.key in self._label_keys(row, asked.lang)
        label_en = named and one.key in self._label_keys(row, "en")
        best = max(exact, default=0.0)
        own = self._other_words(one, asked.lang)
        said, near = article.met(own), met(own, asked.near)
        values = (
            one.similarity, label, label_en, named and not label and not label_en,
            one.how == "surname", one.how == "sound", one.how == "part", asked.surface.count(" ") + 1,
            prior, (best - prior) if named else best, len(exact), agreement(asked.kind, kind), asked.score,
            asked.kind == "PER", asked.kind == "LOC", asked.kind == "ORG", kind == "PER", kind == "LOC", kind == "ORG",
            kind in _ODD, "brand" in flags, "minor" in flags, "guessed" in flags, _late(record, on), said, near,
        )  # fmt: skip
        return tuple(map(float, values))

    def said(self, one: Found, lang: str, article: Words) -> float:
        """How much the article says of an item's words beside the name itself, 0..1."""
        return article.met(self._other_words(one, lang))

    def _other_words(self, one: Found, lang: str) -> frozenset[str]:
        return self._words(one.row, lang).difference(map(stem, one.key.split()))

    def _keys_of_label(self, row: int, lang: str) -> frozenset[str]:
        label = self._base.record(row).labels.get(lang)
        return frozenset(names.keys(label, lang)) if label else frozenset()

    def around(self, asked: Asked, item: Item, belief: float, context: Context, on: date | None) -> Item:
        """The item with what the article's other names say of it."""
        base, row, record = self._base, item.row, self._base.record(item.row)
        countries = base.countries(row)
        standing = base.kind(row) == "PER" and in_office(record.positions, on)
        related = base.related(row)
        values = (
            max((context.in_country(country, row) for country in countries), default=0.0),
            max((context.belief(country, row) for country in countries), default=0.0),
            context.related(related, countries, row),
            context.beside(asked, {*related, *countries}, row),
            context.fellows(kinds(base, row), row), standing, context.echo(row, asked.surface),
            belief, context.taken.get(asked, 0.0) - belief,
        )  # fmt: skip
        return Item(item.found, item.values[: len(ALONE)] + tuple(map(float, values)))


def _late(record: Facts, on: date | None) -> bool:
    """Whether it began after the article was written."""
    if on is None:
        return False
    begun = record.birth or (record.dates[0] if record.dates else None)
    return bool(begun and begun[:4].isdecimal() and int(begun[:4]) > on.year)


@dataclass(frozen=True, slots=True)
class Context:
    """What the article's names are by the first pass, as far as they are sure."""

    beliefs: Mapping[int, float]  # row -> how likely the article names it, 0..1
    surfaces: Mapping[int, frozenset[str]]  # row -> the names that may be it
    countries: Mapping[int, float]  # country row -> the beliefs of what lies in it, summed
    classes: Mapping[str, float]  # class or occupation -> the beliefs of the names that may be of it, summed
    total: float  # of all beliefs
    named: Mapping[str, Mapping[int, float]]  # surface -> its rows with beliefs
    taken: Mapping[Asked, float]  # a name -> the beliefs in its candidates, summed

    def belief(self, row: int, own: int) -> float:
        """How sure it is that the article names a row; an item never speaks for itself."""
        return 0.0 if row == own else self.beliefs.get(row, 0.0)

    def in_country(self, country: int, own: int) -> float:
        """The share of the article's other items that belong to a country, 0..1."""
        mine = self.beliefs.get(own, 0.0)
        return max(0.0, self.countries.get(country, 0.0) - mine) / max(1.0, self.total - mine)

    def related(self, neighbours: Mapping[int, str], countries: Iterable[int], own: int) -> float:
        """How sure it is that the article names a neighbour in the base, its countries aside, 0..1."""
        if len(neighbours) > len(self.beliefs):
            shared = [row for row in self.beliefs if row in neighbours]
        else:
            shared = [row for row in neighbours if row in self.beliefs]
        return max((self.beliefs[row] for row in shared if row != own and row not in countries), default=0.0)

    def beside(self, asked: Asked, neighbours: set[int], own: int) -> float:
        """How sure it is that a name written beside this one is a neighbour of the item in the base, 0..1."""
        rows = (self.named.get(surface, {}) for surface in asked.beside)
        return max((b for found in rows for row, b in found.items() if row in neighbours and row != own), default=0.0)

    def fellows(self, classes: Iterable[str], own: int) -> float:
        """How many of the article's other names are likely of the same class, on a scale that flattens, 0..1."""
        mine = self.beliefs.get(own, 0.0)
        most = max((self.classes.get(name, 0.0) - mine for name in classes), default=0.0)
        return most / (most + 1.0) if most > 0 else 0.0

    def echo(self, row: int, surface: str) -> float:
        """Whether another name of the article is likely the same item, 0..1."""
        return self.beliefs.get(row, 0.0) if self.surfaces.get(row, frozenset()) - {surface} else 0.0


def kinds(base: Base, row: int) -> Sequence[str]:
    """What an item is an instance of, or what a person does."""
    record = base.record(row)
    return record.classes or record.occupations


def context_of(base: Base, weighed: Mapping[Asked, Sequence[tuple[float, Item]]]) -> Context:
    """The context that the first pass makes: (belief, item) of each name."""
    beliefs: dict[int, float] = {}
    surfaces: dict[int, set[str]] = {}
    classes: dict[str, float] = {}
    for asked, items in weighed.items():
        of_name: dict[str, float] = {}
        for share, item in items:
            beliefs[item.row] = max(share, beliefs.get(item.row, 0.0))
            if share >= LIKELY:
                surfaces.setdefault(item.row, set()).add(asked.surface)
            for name in kinds(base, item.row):
                of_name[name] = max(share, of_name.get(name, 0.0))
        for name, share in of_name.items():
            classes[name] = classes.get(name, 0.0) + share
    countries: dict[int, float] = {}
    for row, belief in beliefs.items():
        for country in {row, *base.countries(row)}:
            countries[country] = countries.get(country, 0.0) + belief
    fixed = {row: frozenset(found) for row, found in surfaces.items()}
    return Context(
        beliefs, fixed, countries, classes, sum(beliefs.values()),
        {asked.surface: {item.row: share for share, item in items} for asked, items in weighed.items()},
        {asked: sum(share for share, _ in items) for asked, items in weighed.items()},
    )  # fmt: skip


LIKELY = 0.3  # belief from which a name may be an item for `echo`
