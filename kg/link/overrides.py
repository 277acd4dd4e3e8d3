"""What a person has decided of a name stands above every belief."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kg.link import local
from kg.link.base import Base
from kg.link.hints import Hints
from kg.model import Candidate, Document, Entity, Link, Mention, Ruling
from kg.ontology.languages import languages

Rulings = Callable[[Document, str, str, str], Ruling | None]  # article, surface, language, kind
METHOD = "override"
# What an item that is never meant had of the belief, the others share; from here on the next one is taken.
NEXT = 0.5


def no_rulings(_document: Document, _surface: str, _lang: str, _kind: str) -> None:
    """Nobody has decided anything."""


class Overrider:
    """Puts rulings in the place of beliefs."""

    def __init__(self, base: Base, hints: Hints, rulings: Rulings) -> None:
        self._base, self._hints, self._rulings = base, hints, rulings

    def links(self, document: Document, links: Sequence[Link]) -> Iterator[Link]:
        """The links as they were ruled; what inherited from a name (a surname behind its full name) follows it."""
        rulings = [self._rulings(document, k.mention.surface, k.mention.lang, k.mention.kind) for k in links]
        ruled = [
            self._ruled(document, link, r) if r and _opposes(r, link) else link
            for link, r in zip(links, rulings, strict=True)
        ]
        moved = {old.entity.iri: new.entity for old, new in zip(links, ruled, strict=True) if new is not old}
        for link, ruling in zip(ruled, rulings, strict=True):
            if ruling is None and link.method == "in-article" and link.entity.iri in moved:
                yield replace(link, entity=moved[link.entity.iri], method=METHOD)
            else:
                yield link

    def _ruled(self, document: Document, link: Link, ruling: Ruling) -> Link:
        mention = link.mention
        rest = tuple(one for one in link.candidates if one.entity.qid not in {ruling.qid, *ruling.never})
        if ruling.qid is not None:
            entity = self._entity(ruling.qid, mention)
            label = dict(entity.labels).get(mention.lang) or entity.labels[0][1]
            chosen = Candidate(entity, label, 1.0, ((METHOD, 1.0),))
            return Link(replace(mention, kind=entity.kind), entity, 1.0, (chosen, *rest), METHOD)
        gone = sum(one.score for one in link.candidates if one.entity.qid in ruling.never)
        if not ruling.local and rest and gone < 1 and rest[0].score / (1 - gone) >= NEXT:
            score = round(min(1.0, rest[0].score / (1 - gone)), 3)
            return Link(replace(mention, kind=rest[0].entity.kind), rest[0].entity, score, rest, METHOD)
        called = local.clusters([mention], languages())[mention.surface]
        return Link(mention, local.named(called, mention, document.id), mention.score, rest, METHOD)

    def _entity(self, qid: str, mention: Mention) -> Entity:
        """The item as the base knows it; one that it doesn't know is labelled as the article writes it."""
        row = self._base.row(qid)
        if row is not None:
            return self._hints.entity(row, mention.lang)
        return Entity(f"wd:{qid}", qid, mention.kind, ((mention.lang, mention.surface),))


def _opposes(ruling: Ruling, link: Link) -> bool:
    """Whether a ruling says more than the link does; a mere "never" may leave it as it is."""
    return bool(ruling.qid) or ruling.local or link.entity.qid in ruling.never
