"""Which event a report speaks of, as far as one document can tell.

Reports of one kind whose participants do not contradict each other and whose times do not either are one event,
if there is only one that they could mean. A day and two parties make an IRI that every document arrives at by
itself; a count hangs on what caused it; anything else is the document's own. What several documents say of one
event is seen only where they come together: `kg.graph.identity` joins it there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from kg import edtf
from kg.extract.draft import Draft
from kg.model import content_id, count_event

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


def _iri(draft: Draft, document: str, cause: str | None) -> str:
    unit = draft.quantity.unit if draft.quantity and draft.type.needs_quantity else None
    if cause:
        return count_event(draft.type.family, unit, cause)
    core = sorted(draft.core())
    time = edtf.strip_qualifier(draft.time.value) if draft.time else ""
    # Two states may fight more than once a day: an attack needs more than its parties.
    if _DAY.fullmatch(time) and len(core) >= 2 and not (unit or draft.type.harms):
        return f"event/{content_id(draft.type.family, time, *core)}"
    return f"event/{content_id(document, str(draft.trigger.start), draft.type.family, time, unit)}"


def _clusters(drafts: Sequence[Draft]) -> list[int]:
    """For each draft the index of the one that leads its event: the most telling of those that agree."""
    order = sorted(range(len(drafts)), key=lambda i: (-_weight(drafts[i]), i))
    leaders = list(range(len(drafts)))
    chosen: defaultdict[str, list[int]] = defaultdict(list)  # by family: no others may be one
    for index in order:
        draft = drafts[index]
        family = chosen[draft.type.family]
        fits = [leader for leader in family if _may_be_one(drafts[leader], draft)]
        if len(fits) == 1:
            leaders[index] = fits[0]
        elif not draft.type.attributes:  # who speaks twice has spoken twice
            family.append(index)
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
    """Of two of one family."""
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
