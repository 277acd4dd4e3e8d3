"""Times that an event lends another: "during their talks, he said" was said on the day of the talks.

"Five days after the quake" is counted from the day of the quake (`shifts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.extract.draft import Draft
from kg.extract.scene import Scene
from kg.extract.shifts import shifted
from kg.extract.triggers import Trigger, triggers_in
from kg.model import Span, When

_REACH = 3  # words between "during" and the noun of the event
_SURE = 0.8  # how surely the day of the one is the day of the other; set by hand


def during_of(scene: Scene, trigger: Trigger) -> tuple[Span, str] | None:
    """Noun and type of the event in whose course the trigger's own happened: the phrase opens its clause."""
    if trigger.form == "noun":
        return None
    for start, end in scene.found.cues.get("during", ()):
        opens = start == 0 or scene.tags[start - 1] in {"that", "comma", "stop", "quote"}
        if not opens or end > trigger.start:
            continue
        for other in triggers_in(scene):
            near = end <= other.start <= end + _REACH and other.form == "noun" and other.end <= trigger.start
            if near and "kg:Diplomacy" in other.type.parents and _same_clause(scene, other, trigger):
                return scene.span(other.start, other.end), other.type.iri
    return None


def _same_clause(scene: Scene, other: Trigger, trigger: Trigger) -> bool:
    """Whether nothing but the comma behind the phrase parts them, and no other verb."""
    tags = scene.tags[other.end : trigger.start]
    heads = [tag for i, tag in enumerate(tags) if i == 0 or tags[i - 1] != tag]
    return not {"stop", "clause", "that", "relative"} & set(heads) and "verb" not in heads and heads.count("comma") <= 2


def with_event_times(drafts: Sequence[Draft], iris: Sequence[str]) -> list[Draft]:
    """The drafts; one without a time takes the time of the event in whose course it happened. `iris`: their events."""
    events = {(draft.trigger, draft.sentence.span): iri for draft, iri in zip(drafts, iris, strict=True)}
    times: dict[str, When] = {}
    for draft, iri in zip(drafts, iris, strict=True):
        if draft.time and draft.modality != "denied":
            times.setdefault(iri, draft.time)
    return [_lent(draft, _time(draft, drafts, events, times)) for draft in drafts]


def _time(
    draft: Draft, drafts: Sequence[Draft], events: Mapping[tuple[Span, Span], str], times: Mapping[str, When]
) -> When | None:
    if draft.during is None:
        return None
    trigger, kind = draft.during
    iri = events.get((trigger, draft.sentence.span))
    if iri is not None and iri in times:
        return times[iri]
    before = [one for one in drafts if one.type.iri == kind and one.sentence.span.start < draft.sentence.span.start]
    return before[-1].time if before and before[-1].modality != "denied" else None  # "the talks": those told of last


def _lent(draft: Draft, time: When | None) -> Draft:
    if time is None:
        return draft
    value = shifted(time.value, draft.shift) if draft.shift else time.value
    if value is None:
        return draft
    rule = "from-event" if draft.shift else "during"
    return replace(draft, time=replace(time, value=value, score=round(time.score * _SURE, 3), rule=rule))
