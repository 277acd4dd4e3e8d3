"""The linker: groups of equal names, beliefs, decision."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.link import local, within
from kg.link.base import KINDS, Base
from kg.link.features import ALONE, AROUND, Asked, Item
from kg.link.hints import Hints
from kg.link.lines import Lines
from kg.link.local import Called
from kg.link.overrides import Overrider, Rulings, no_rulings
from kg.link.rules import rules
from kg.link.weighing import Weigher
from kg.link.weights import weights
from kg.link.within import Decision, Name, name_of
from kg.link.words import Words, keys_of
from kg.model import Candidate, Document, Link, Mention, Sentence
from kg.ontology.languages import languages

_REASONS = 6  # features told of a candidate
_JOINTS = {",", "(", "/"}


class Linker:
    """Links the mentions of an article to the items of one knowledge base."""

    version = "weights-2"

    def __init__(self, base: Base, rulings: Rulings = no_rulings) -> None:
        self._base = base
        self._weigher = Weigher(base)
        self._hints = Hints(base)
        self._overrider = Overrider(base, self._hints, rulings)

    def link(self, document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> tuple[Link, ...]:
        """One Link a mention, in the order of the mentions; none is left out."""
        named = [m for m in mentions if not m.hint and not m.nominal]
        decisions = self._decide(document, sentences, named)
        unknown = [m for m in named if decisions[name_of(m)].entity is None]
        locals_ = local.clusters(unknown, languages())
        links = [self._link(document, m, decisions[name_of(m)], locals_) for m in named]
        links += self._hints.links(document, sentences, mentions, links)
        links = list(self._overrider.links(document, links))
        return tuple(sorted(links, key=lambda link: (link.mention.span, link.mention.kind)))

    def _link(self, document: Document, mention: Mention, decision: Decision, locals_: Mapping[str, Called]) -> Link:
        if decision.entity is None:
            entity = local.named(locals_[mention.surface], mention, document.id)
            return Link(mention, entity, mention.score, decision.candidates, "local")
        decided = replace(mention, kind=decision.kind) if mention.kind != decision.kind else mention
        return Link(decided, decision.entity, decision.score, decision.candidates, decision.method)

    def _decide(
        self, document: Document, sentences: Sequence[Sentence], named: Sequence[Mention]
    ) -> Mapping[Name, Decision]:
        article, asked = questions(document, sentences, named)
        beliefs = self._weigher.weigh(asked.values(), article, document.published, weights())
        decisions = {name: self._choose(name, beliefs[one]) for name, one in asked.items()}
        return within.settled(document.text, named, decisions, languages())

    def _choose(self, name: Name, ranked: Sequence[tuple[float, Item]]) -> Decision:
        best = ranked[: rules().candidates]
        reasons = told([item for _, item in best])
        kept = tuple(self._candidate(share, item, name, why) for (share, item), why in zip(best, reasons, strict=True))
        if not kept or kept[0].score < _least(self._apart(kept, best), best[0][1], name[1]):
            return Decision(None, name[2], 0.0, kept)
        kind = KINDS.get(self._base.kind(ranked[0][1].row), name[2])
        return Decision(kept[0].entity, kind, kept[0].score, kept)

    def _apart(self, kept: Sequence[Candidate], best: Sequence[tuple[float, Item]]) -> list[Candidate]:
        """The first candidate and those that are another thing, not the same place at another level: city, province."""
        first = best[0][1].row
        return [one for one, (_, item) in zip(kept, best, strict=True) if not same_place(self._base, first, item.row)]

    def _candidate(self, share: float, item: Item, name: Name, why: tuple[tuple[str, float], ...]) -> Candidate:
        entity = self._hints.entity(item.row, name[1])
        label = dict(entity.labels).get(name[1]) or next((text for _, text in entity.labels), name[0])
        return Candidate(entity, label, round(weights().calibrated(share), 3), why)


def _least(kept: Sequence[Candidate], first: Item, lang: str) -> float:
    """The score that the best candidate needs: less where it alone bears the very name and is of the very kind.

    Still less in another script than Latin: an item has a name in it only if it is known there.
    """
    limits = rules()
    alone = len(kept) == 1 or kept[1].score <= limits.rival
    if not alone or first.found.how != "name" or first.value("agreement") != 1.0:
        return limits.accept
    language = languages().get(lang)
    foreign = language is not None and language.script != "Latin"
    return limits.own if foreign else limits.lone


def same_place(base: Base, row: int, other: int) -> bool:
    """Whether two rows are places of one country that lie so near that one is most likely in the other."""
    if row == other or base.kind(row) != "LOC" or base.kind(other) != "LOC":
        return False
    here, there = base.record(row).coords, base.record(other).coords
    if not here or not there or set(base.countries(row)).isdisjoint(base.countries(other)):
        return False
    east = (here[1] - there[1]) * math.cos(math.radians(here[0]))
    return math.hypot(here[0] - there[0], east) <= rules().near


def told(items: Sequence[Item]) -> list[tuple[tuple[str, float], ...]]:
    """The features that moved each candidate's log-odds most, with how far."""
    every = ALONE + AROUND
    parts = weights().second.parts([item.values for item in items], len(every))
    rows = [
        sorted(zip(every, map(float, row), strict=True), key=lambda pair: (-abs(pair[1]), pair[0])) for row in parts
    ]
    return [tuple((name, round(value, 2)) for name, value in row[:_REASONS]) for row in rows]


def questions(
    document: Document, sentences: Sequence[Sentence], named: Sequence[Mention]
) -> tuple[Words, dict[Name, Asked]]:
    """The article's words, and each of its names once with the words of the sentences that say it."""
    said = {s.span: keys_of(s.span.of(document.text), s.lang) for s in sentences}
    article = Words.of(
        {lang: [said[s.span] for s in sentences if s.lang == lang] for lang in {s.lang for s in sentences}}
    )
    grouped: dict[Name, list[Mention]] = {}
    for mention in named:
        grouped.setdefault(name_of(mention), []).append(mention)
    beside, lines = _beside(document.text, named), Lines(sentences)
    asked = {}
    for name, group in grouped.items():
        near = (said[span] for span in dict.fromkeys(lines.at(m.span) for m in group) if span)
        score = max(m.score for m in group)
        asked[name] = Asked(*name, score, frozenset().union(*near), frozenset(beside.get(name, ())))
    return article, asked


def _beside(text: str, named: Sequence[Mention]) -> Mapping[Name, set[str]]:
    """For every name the names next to it with a comma or bracket between: Portland, Maine; Cork (Ireland)."""
    found: dict[Name, set[str]] = {}
    for one, other in pairwise(sorted(named, key=lambda m: m.span)):
        between = text[one.span.end : other.span.start].strip()
        if between in _JOINTS:
            found.setdefault(name_of(one), set()).add(other.surface)
            found.setdefault(name_of(other), set()).add(one.surface)
    return found
