"""Every name of an article weighed: candidates, first pass, context, second pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kg.link.base import Base
from kg.link.candidates import Finder, Found
from kg.link.features import Asked, Context, Features, Item, context_of
from kg.link.rules import rules
from kg.link.trees import Trees
from kg.link.weights import Weights, shares
from kg.link.words import Words
from kg.model import Kind, Language
from kg.ontology.languages import languages

Beliefs = Mapping[Asked, Sequence[tuple[float, Item]]]  # a name -> (belief, candidate), the likeliest first
_CAST: Mapping[str, Kind] = {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}


class Weigher:
    """Weighs names by one knowledge base."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._finder = Finder(base)
        self._features = Features(base)

    def weigh(self, asked: Iterable[Asked], article: Words, on: date | None, by: Weights) -> Beliefs:
        """Candidates of every name, with the article's context in their beliefs."""
        first = ranked(self.alone(asked, article, on), by.first)
        return ranked(self.around(first, on), by.second)

    def alone(self, asked: Iterable[Asked], article: Words, on: date | None) -> Mapping[Asked, Sequence[Item]]:
        """Each name's candidates with what is known of the name alone."""
        return {one: self._features.alone(one, self._candidates(one, article), article, on) for one in asked}

    def around(self, first: Beliefs, on: date | None) -> Mapping[Asked, Sequence[Item]]:
        """The same candidates with what the article's other names say of them."""
        context = context_of(self._base, first)
        return {one: self._placed(one, items, context, on) for one, items in first.items()}

    def _placed(self, one: Asked, items: Sequence[tuple[float, Item]], context: Context, on: date | None) -> list[Item]:
        return [self._features.around(one, item, belief, context, on) for belief, item in items]

    def _candidates(self, one: Asked, article: Words) -> list[Found]:
        """The likeliest rows by what the index alone tells, and organisations named after the place."""
        language = languages().get(one.lang) or Language(one.lang, one.lang, "Latin")
        rows = self._finder.rows(one.surface, one.kind == "PER", language)
        best = sorted(rows, key=lambda found: -found.similarity * (0.2 + self._base.prior(found.row)))
        kept = best[: rules().weighed]
        if article.sport < rules().sporting:
            return kept
        known = {found.row for found in kept}
        parts = [f for f in self._finder.part(one.surface, _CAST.get(one.kind, "EVT"), language) if f.row not in known]
        parts.sort(key=lambda f: -self._features.said(f, one.lang, article))  # stable: else the best known first
        return [*kept, *parts[: rules().parts]]


def ranked(items: Mapping[Asked, Sequence[Item]], by: Trees) -> Beliefs:
    """The candidates of every name with their beliefs, the likeliest first."""
    # All names at once: one call for an article is much faster than one for a name.
    odds = iter(by.odds([item.values for found in items.values() for item in found]).tolist())
    return {one: _sorted(found, shares([next(odds) + _said(item) for item in found])) for one, found in items.items()}


def _said(item: Item) -> float:
    """Log-odds that the corpora can't teach: they have no brands, and are older than most offices of the base."""
    in_office = item.value("standing") * item.value("country_named")
    return rules().brand * item.value("brand") + rules().in_office * in_office


def _sorted(items: Sequence[Item], beliefs: Sequence[float]) -> list[tuple[float, Item]]:
    return sorted(zip(beliefs, items, strict=True), key=lambda pair: (-pair[0], pair[1].row))
