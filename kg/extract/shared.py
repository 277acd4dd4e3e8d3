"""What reports of one article tell each other: where, and to whom.

What hits the same thing in the same breath hits it in one place ("an attack on a depot ... damaged the depot in
Odesa"), and who demands an apology is whom it is owed to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.extract.draft import Draft
from kg.model import Participant, Span

_PLACE, _OWED = 0.8, 0.6  # how surely; set by hand
_NEAR = 1  # sentences between two reports of what is hit, at most
_ACTORS = frozenset({"PER", "ORG", "LOC", "NORP"})


def with_shared_places(drafts: Sequence[Draft], sentences: Mapping[Span, int]) -> list[Draft]:
    """The drafts; harm without a place happens where other harm to the same thing does, near by in the text."""
    found = list(drafts)
    for index, draft in enumerate(found):
        hit = _hit(draft)
        if draft.place is not None or not hit:
            continue
        here = sentences[draft.sentence.span]
        others = (one for one in drafts if one.place and _hit(one) & hit)
        near = (one for one in others if abs(sentences[one.sentence.span] - here) <= _NEAR and _one_time(one, draft))
        place = next((one.place for one in near), None)
        if place is not None and place.entity.iri not in draft.all_iris():
            lent = replace(place, score=round(place.score * _PLACE, 3))
            found[index] = replace(draft, place=lent, participants=(*draft.participants, lent))
    return found


def _hit(draft: Draft) -> frozenset[str]:
    """What an attack, a disaster or damage is done to, if it stands where it is."""
    if not draft.type.harms and "kg:Life" not in draft.type.parents:
        return frozenset()
    hit = (
        one for one in draft.participants if one.role == "patient" and one.entity.kind in {"FAC", "ORG"}
    )  # a plane moves
    return frozenset(one.entity.iri for one in hit)


def _one_time(one: Draft, other: Draft) -> bool:
    return one.time is None or other.time is None or one.time.value == other.time.value


def owed_to(draft: Draft, source: Participant | None) -> Draft:
    """The draft of an apology that somebody demands, with him as its addressee."""
    role = next((one for one in draft.type.roles if one.name == "addressee" and one.core), None)
    if source is None or role is None or draft.modality != "demanded" or draft.type.notation != "apology":
        return draft
    taken = any(one.role == "addressee" for one in draft.participants) or source.entity.iri in draft.all_iris()
    if taken or source.entity.kind not in role.kinds & _ACTORS:
        return draft
    owed = Participant("addressee", source.entity, source.span, round(source.score * _OWED, 3))
    return replace(draft, participants=(*draft.participants, owed))
