"""The linker: groups of equal names, context, decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kg import names
from kg.link import local
from kg.link.base import KINDS, Base, Item
from kg.link.candidates import Finder
from kg.link.context import Context, placed
from kg.link.hints import Hints
from kg.link.overrides import Overrider, Rulings, no_rulings
from kg.link.weights import shares, weights
from kg.model import Candidate, Document, Entity, Kind, Language, Link, Mention, Sentence
from kg.ontology.languages import languages

Name = tuple[str, str, Kind]  # surface, language, kind
# A surname that follows its full name in the same article is as sure as the full name, nearly.
INHERITED = 0.98


@dataclass(frozen=True, slots=True)
class _Decision:
    entity: Entity | None  # None: no item of the base
    kind: Kind
    score: float
    candidates: tuple[Candidate, ...]
    method: str = "name"


class Linker:
    """Links the mentions of an article to the items of one knowledge base."""

    version = "weights-1"

    def __init__(self, base: Base, rulings: Rulings = no_rulings) -> None:
        self._base = base
        self._finder = Finder(base)
        self._hints = Hints(base)
        self._overrider = Overrider(base, self._hints, rulings)

    def link(self, document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> tuple[Link, ...]:
        """One Link a mention, in the order of the mentions; none is left out."""
        named = [m for m in mentions if not m.hint and not m.nominal]
        decisions = self._decide(document, named)
        locals_ = local.clusters([m for m in named if decisions[_name(m)].entity is None], languages())
        links = [self._link(m, decisions[_name(m)], locals_) for m in named]
        links += self._hints.links(document, sentences, mentions, links)
        links = list(self._overrider.links(document, links))
        return tuple(sorted(links, key=lambda link: (link.mention.span, link.mention.kind)))

    def _link(self, mention: Mention, decision: _Decision, locals_: Mapping[str, str]) -> Link:
        if decision.entity is None:
            key = locals_[mention.surface]
            entity = local.entity(key, mention, mention.surface)
            return Link(mention, entity, mention.score, decision.candidates, "local")
        decided = replace(mention, kind=decision.kind) if mention.kind != decision.kind else mention
        return Link(decided, decision.entity, decision.score, decision.candidates, decision.method)

    def _decide(self, document: Document, named: Sequence[Mention]) -> dict[Name, _Decision]:
        known = languages()
        groups = list(dict.fromkeys(_name(m) for m in named))
        items = {name: self._finder.items(name[0], name[2], _language(known, name[1])) for name in groups}
        context = self._context(items)
        on = document.published
        full = {n: self._choose(n, items[n], context, on) for n in groups if not _is_short(n)}
        short = {n: self._choose(n, items[n], context, on) for n in groups if _is_short(n)}
        heirs = {n: _inherit(n, decision, full, known) for n, decision in short.items()}
        return {**full, **heirs}

    def _context(self, items: Mapping[Name, Sequence[Item]]) -> Context:
        rules = weights()
        sure = []
        for name, rows in items.items():
            ranked = sorted(((rules.z(item, _words(name)), item.row) for item in rows), reverse=True)
            if ranked and ranked[0][0] >= rules.anchor:
                sure.append(ranked[0][1])
        return Context.of(self._base, sure)

    def _choose(self, name: Name, items: Sequence[Item], context: Context, on: date | None) -> _Decision:
        rules = weights()
        full = [placed(self._base, item, context, on) for item in items]
        zs = [rules.z(item, _words(name)) for item in full]
        ranked = sorted(zip(shares(zs), full, strict=True), key=lambda pair: (-pair[0], pair[1].row))
        kept = tuple(self._candidate(share, item, name) for share, item in ranked[: rules.candidates])
        # Items of one name share the belief between them: the best is chosen when together they beat "none".
        if not ranked or sum(share for share, _ in ranked) < rules.accept or ranked[0][0] < rules.accept / 2:
            return _Decision(None, name[2], 0.0, kept)
        best = kept[0]
        kind = KINDS.get(self._base.kind(ranked[0][1].row), name[2])
        return _Decision(best.entity, kind, best.score, kept)

    def _candidate(self, share: float, item: Item, name: Name) -> Candidate:
        entity = self._hints.entity(item.row, name[1])
        label = dict(entity.labels).get(name[1]) or next((text for _, text in entity.labels), name[0])
        why = tuple((part, round(value, 2)) for part, value in weights().parts(item, _words(name)))
        return Candidate(entity, label, round(share, 3), why)


def _inherit(
    name: Name, decision: _Decision, full: Mapping[Name, _Decision], known: Mapping[str, Language]
) -> _Decision:
    """A last name, alone or behind initials, is the person of its full name, unless it is that of a sure place."""
    if decision.entity and decision.kind == "LOC" and decision.score > 0.8:
        return decision
    *before, last = name[0].replace(".", " ").split() or [name[0]]
    sounds = {names.skeleton(base, name[1]) for base in names.bases(last, known.get(name[1]))}
    for (surface, lang, _), other in full.items():
        if other.kind != "PER" or (surface, lang) == name[:2]:
            continue
        *given, family = surface.replace(".", " ").split() or [surface]
        if before and not _same_initial(before[0], given[0] if given else "", name[1], lang):
            continue
        if sounds & {names.skeleton(base, lang) for base in names.bases(family, known.get(lang))}:
            if other.entity:
                return replace(other, score=round(other.score * INHERITED, 3), method="in-article")
            return replace(decision, kind="PER") if decision.entity is None else decision
    return decision


def _same_initial(initial: str, given: str, lang: str, other: str) -> bool:
    return names.key(initial, lang)[:1] == names.key(given, other)[:1] != ""


def _name(mention: Mention) -> Name:
    return mention.surface, mention.lang, mention.kind


def _is_short(name: Name) -> bool:
    """Whether a name is one word, or a last name behind initials: V.Putin, R. Radev."""
    *before, _ = name[0].replace(".", " ").split() or [""]
    return all(len(word) == 1 for word in before)


def _words(name: Name) -> int:
    return len(name[0].replace(".", " ").split())


def _language(known: Mapping[str, Language], code: str) -> Language:
    return known.get(code) or Language(code, code, "Latin")
