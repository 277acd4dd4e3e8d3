"""Which event a report speaks of: the one place where that is decided.

First, within a document: reports of one kind whose participants do not contradict each other and whose
times do not either are one event, if there is only one that they could mean. Then, across documents: an
event's IRI is the hash of its kind, its time and its core participants, so that articles that say the same
meet without knowing of each other. What is too vague for that (no time, nobody named) stays with its document.

This is the first version: it joins what agrees, and leaves "2024-12" beside "2024-12-25". Joining those needs
all reports of a graph at once and belongs to a later stage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg import edtf
from kg.extract.drafts import Draft
from kg.model import content_id
from kg.ontology import EventType

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def event_iris(drafts: Sequence[Draft], document: str) -> list[str]:
    """The event IRI of each draft."""
    leaders = _clusters(drafts)
    iris: dict[int, str] = {}
    for index in sorted(set(leaders), key=lambda i: drafts[i].cause is not None):  # causes first: counts lean on them
        cause = drafts[index].cause
        above = iris.get(leaders[cause]) if cause is not None else None
        iris[index] = _iri(drafts[index], document, above)
    return [iris[leader] for leader in leaders]


def family(kind: EventType) -> str:
    """The kind that identity goes by: a drone strike and an attack may be one event, two counts may not."""
    if kind.needs_quantity or len(kind.parents) < 3:
        return kind.iri
    return kind.parents[-3]


def _iri(draft: Draft, document: str, cause: str | None) -> str:
    core = sorted(draft.core())
    time = edtf.strip_qualifier(draft.time.value) if draft.time else None
    place = draft.place.entity.iri if draft.place and len(core) < 2 else None  # two parties and a day are enough
    home: str | None = None
    if cause:
        core, time, place = [cause], None, None
    elif time is None or not (core or place):
        home = document
        if draft.type.attributes or draft.type.needs_quantity or not (len(core) >= 2 or _told(draft)):
            home += f"@{draft.sentence.span.start}"
    unit = draft.quantity.unit if draft.quantity and draft.type.needs_quantity else None
    count = f"{draft.quantity.value:g}" if unit and not cause and home and draft.quantity else None
    return f"event/{content_id(family(draft.type), time, place, unit, count, home, *core)}"


def _clusters(drafts: Sequence[Draft]) -> list[int]:
    """For each draft the index of the one that leads its event: the most telling of those that agree."""
    order = sorted(range(len(drafts)), key=lambda i: (-_weight(drafts[i]), i))
    leaders = list(range(len(drafts)))
    chosen: list[int] = []
    for index in order:
        fits = [leader for leader in chosen if _may_be_one(drafts[leader], drafts[index])]
        if len(fits) == 1:
            leaders[index] = fits[0]
        else:
            chosen.append(index)
    return leaders


def _told(draft: Draft) -> bool:
    """Whether more is known than who did it: two attacks of one state need not be the same."""
    roles = {role.name for role in draft.type.roles if role.core and role.name != "agent"}
    return any(one.role in roles for one in draft.participants)


def _weight(draft: Draft) -> float:
    """How much a draft tells of who and when."""
    value = edtf.strip_qualifier(draft.time.value) if draft.time else ""
    day = 3.0 if _DAY.fullmatch(value) else float(bool(value))
    return day + len(draft.core()) + (0.5 if draft.place else 0.0) + draft.score / 10


def _may_be_one(leader: Draft, other: Draft) -> bool:
    if family(leader.type) != family(other.type) or leader.type.attributes:
        return False
    mine, theirs = leader.core(), other.core()
    if leader.type.needs_quantity:
        return leader.quantity == other.quantity and leader.cause == other.cause and _times_agree(leader, other)
    if leader.described() and other.described() and leader.described().isdisjoint(other.described()):
        return False
    if not _times_agree(leader, other) or (leader.modality == "denied") != (other.modality == "denied"):
        return False
    if mine and theirs:
        return theirs <= mine and (len(theirs) >= 2 or _told(other)) and len(theirs) >= min(2, leader.type.least)
    return leader.type.harms and not theirs and leader.sentence != other.sentence and not _places_differ(leader, other)


def _times_agree(leader: Draft, other: Draft) -> bool:
    if leader.time is None or other.time is None:
        return True
    first, second = (edtf.strip_qualifier(one.value) for one in (leader.time, other.time))
    if first == second or "/" in first + second or not (edtf.is_valid(first) and edtf.is_valid(second)):
        return first == second  # "since October" agrees with everything after and means nothing of it
    return edtf.contains(second, first) or edtf.contains(first, second)


def _places_differ(leader: Draft, other: Draft) -> bool:
    return bool(leader.place and other.place and leader.place.entity.iri != other.place.entity.iri)
