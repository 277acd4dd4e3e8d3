"""Local entities -> items of a knowledge base: which item has all the names that articles call something by.

A match needs names that agree in every language, a kind that agrees, and no rival that is nearly as good, unless
the articles name what the item belongs to (its country, party, employer) and not what the rival belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg import names
from kg.knowledge import KnowledgeBase
from kg.link.base import KINDS, agreement
from kg.model import Kind
from kg.ontology.languages import languages

LEAST = 0.9  # the score from which on a match is taken, unless the user says otherwise
_RIVAL = 0.05  # a second item within so much of the first makes a name ambiguous
_NEAR = 0.04  # what company that agrees is worth
_AGREED = 0.5  # kinds that agree less are another thing's
_FORMS, _PER_FORM = 3, 24  # forms of a surface without its case endings; rows looked at of each


@dataclass(frozen=True, slots=True)
class Local:
    """A local entity as the graph knows it."""

    iri: str  # "entity/9f2c..."
    kind: Kind
    names: tuple[tuple[str, str], ...]  # (language, surface), sorted, each once; of mentions that name it
    near: frozenset[str] = frozenset()  # QIDs of what the same articles name


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a local entity."""

    local: Local
    qid: str | None  # None: nothing, or nothing that is sure
    label: str | None
    score: float  # of the best item, 0..1; 0: there is none
    why: str


@dataclass(frozen=True, slots=True)
class _Scored:
    row: int
    score: float
    near: bool


class Matcher:
    """Matches against one base."""

    def __init__(self, base: KnowledgeBase, least: float = LEAST) -> None:
        self._base, self._least = base, least

    def match(self, local: Local) -> Match:
        """The item that a local entity is, or why none."""
        scored = sorted((self._score(local, row) for row in self._rows(local)), key=lambda one: (-one.score, one.row))
        scored = [one for one in scored if one.score > 0]
        if not scored:
            return Match(local, None, None, 0.0, "no item is called so")
        best, *others = scored
        label, score = self._base.label(best.row, "en"), round(best.score, 3)
        if best.score < self._least:
            return Match(local, None, label, score, f"the best, {self._base.qid(best.row)}, is not like it enough")
        rivals = [one for one in others if one.score >= best.score - _RIVAL and (one.near or not best.near)]
        if rivals:
            found = ", ".join(self._base.qid(one.row) for one in (best, *rivals[:3]))
            return Match(local, None, label, score, f"ambiguous: {found}")
        why = "names" + (" and company" if best.near else "") + f" agree in {', '.join(_languages(local))}"
        return Match(local, self._base.qid(best.row), label, score, why)

    def _rows(self, local: Local) -> Iterable[int]:
        """Items that have one of the names, or one that sounds like it."""
        rows: dict[int, None] = {}
        for lang, surface in local.names:
            for form in _forms(lang, surface):
                for key in names.keys(form, lang):
                    code = lang if form.isupper() else None
                    rows.update(dict.fromkeys(self._base.exact(key, code)[:_PER_FORM]))
                rows.update(dict.fromkeys(self._base.similar(names.skeleton(form, lang), _PER_FORM)))
        return rows

    def _score(self, local: Local, row: int) -> _Scored:
        agreed = agreement(local.kind, KINDS.get(self._base.kind(row), "EVT"))
        if agreed < _AGREED:
            return _Scored(row, 0.0, near=False)
        known = self._base.names(row)
        likeness = [_likeness(local, lang, known) for lang in _languages(local)]
        company = {*self._base.countries(row), *self._base.related(row)}
        near = any(self._base.qid(other) in local.near for other in company)
        score = sum(likeness) / len(likeness) * (0.9 + 0.1 * agreed) - _NEAR * (not near and bool(company))
        return _Scored(row, score, near)


def match_all(locals_: Iterable[Local], base: KnowledgeBase, least: float = LEAST) -> Iterator[Match]:
    """Every local entity's match, in the order given."""
    matcher = Matcher(base, least)
    return (matcher.match(local) for local in locals_)


def _languages(local: Local) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lang for lang, _ in local.names))


def _likeness(local: Local, lang: str, known: Sequence[str]) -> float:
    """The likeness of the name in a language that comes nearest to a name of the item, 0..1."""
    forms = [form for code, surface in local.names if code == lang for form in _forms(lang, surface)]
    return max((names.similarity(form, name) for form in forms for name in known), default=0.0)


def _forms(lang: str, surface: str) -> tuple[str, ...]:
    return names.bases(surface, languages().get(lang))[:_FORMS]
