"""What one sentence says of one event, before it is known which event that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from kg import edtf
from kg.extract.arguments import home_of, natural, place_of
from kg.extract.attribution import according, source_of
from kg.extract.counts import assign, numbers_in, zero
from kg.extract.draft import Draft
from kg.extract.during import during_of
from kg.extract.lent import with_lent
from kg.extract.memory import Memory
from kg.extract.modality import modality_of
from kg.extract.people import participant, resolved, with_speaker
from kg.extract.scene import Scene
from kg.extract.shared import owed_to
from kg.extract.shifts import Shift, shift_of, shifts_in, without_shifts
from kg.extract.triggers import Trigger, triggers_in
from kg.model import Modality, Participant, Quantity, Span, When
from kg.ontology import EventType

_BASE = {"verb": 0.9, "passive": 0.88, "noun": 0.75}  # how surely a form tells an event; set by hand
_LEAST = 0.3  # below it a pronoun met an uncertain name: set by hand, not yet calibrated
_MEANS_REACH = 12  # words between "by phone" and the verb that says who spoke, at most
_TIME_REACH = 45  # words between a time and the event that it dates, at most
_BREAKS = frozenset({"stop", "clause", "relative", "that"})


def drafts_in(scene: Scene, memory: Memory, published: date | None) -> list[Draft]:
    """The drafts of a sentence, by trigger; of several that say the same of the same event, the best."""
    triggers = triggers_in(scene)
    triggers = tuple(one for one in triggers if not natural(scene, one, triggers))
    if not triggers:
        return []
    shifts = shifts_in(scene, triggers)
    scene = without_shifts(scene, shifts)
    counts = assign(scene, triggers, numbers_in(scene))
    filled = {trigger: resolved(scene, trigger, memory) for trigger in triggers}
    filled = {trigger: (*people, *_struck(trigger, filled)) for trigger, people in filled.items()}
    filled |= {
        trigger: _by_means(trigger, filled) for trigger in triggers if trigger.type.means and len(filled[trigger]) < 2
    }
    speakers = {t: one for t in triggers if t.type.attributes for one in filled[t] if one.role == "agent"}
    drafts = []
    for trigger in triggers:
        quantity = counts.get(trigger)
        source = source_of(scene, trigger, triggers, speakers, memory)
        own = with_speaker(scene, trigger, filled[trigger], source)
        people = with_lent(scene, trigger, own, memory)
        if not _enough(trigger, people, quantity):
            continue
        modality = "asserted" if zero(quantity) else modality_of(scene, trigger, triggers)
        for time in _times(
            scene, trigger, triggers, memory, strict=trigger.form == "noun" and not people and quantity is None
        ):
            draft = _draft(scene, trigger, people, quantity, time)
            draft = _shifted(scene, draft, shift_of(scene, trigger, triggers, shifts))
            if draft.score >= _LEAST and not _vague(draft, lent=bool(people) and not own):
                said = source.entity if source else None
                draft = replace(draft, attributed_to=said, modality=_dated(modality, time, published))
                drafts.append(owed_to(_sourced(scene, draft, memory), source))
    drafts = _distinct(drafts)
    for draft in drafts:
        if draft.type.least == 2:
            memory.together(
                tuple(one.entity.iri for one in draft.participants if one.entity.kind == "PER" and not one.described)
            )
    return drafts


def _shifted(scene: Scene, draft: Draft, shift: Shift | None) -> Draft:
    """The draft with the event that its time is counted from, unless it has a time of its own."""
    if shift is None or shift.event is None or draft.time is not None:
        return draft
    event = shift.event
    return replace(draft, during=(scene.span(event.start, event.end), event.type.iri), shift=shift.text)


def _by_means(trigger: Trigger, filled: Mapping[Trigger, tuple[Participant, ...]]) -> tuple[Participant, ...]:
    """Who took part in what is told only as a means: "congratulated him by phone" is a call of the same two."""
    near = [
        (abs(other.start - trigger.start), index)
        for index, (other, people) in enumerate(filled.items())
        if other.form != "noun" and {"agent", "addressee"} <= {one.role for one in people}
    ]
    if not near or min(near)[0] > _MEANS_REACH:
        return filled[trigger]
    people = tuple(filled.values())[min(near)[1]]
    return tuple(replace(one, score=round(one.score * 0.8, 3)) for one in people if one.role in {"agent", "addressee"})


def _struck(trigger: Trigger, filled: Mapping[Trigger, tuple[Participant, ...]]) -> tuple[Participant, ...]:
    """What an attack hit that has no object, if the sentence says what was damaged: "damaged in an air strike"."""
    if trigger.form != "noun" or not trigger.type.harms or trigger.type.direct is None:
        return ()
    if any(one.role == "patient" for one in filled[trigger]) or all(
        one.name != "patient" for one in trigger.type.roles
    ):
        return ()
    hurt = [
        one
        for other, people in filled.items()
        if "kg:Life" in other.type.parents
        for one in people
        if one.role == "patient"
    ]
    return tuple(replace(one, score=round(one.score * 0.8, 3)) for one in hurt[:1])


def _enough(trigger: Trigger, participants: Sequence[Participant], quantity: Quantity | None) -> bool:
    """Whether the type's conditions are met: enough core participants, a count where it lives by one."""
    kind = trigger.type
    roles = {one.role for one in participants}
    counted = quantity is not None and bool(kind.units)
    if (kind.needs_quantity and quantity is None) or any(
        role.required and role.name not in roles and not counted for role in kind.roles
    ):
        return False
    core = {role.name for role in kind.roles if role.core}
    distinct = {one.entity.iri for one in participants if one.role in core}
    return len(distinct) + counted >= kind.least


def _vague(draft: Draft, *, lent: bool) -> bool:
    """Nothing is said but that it happened ("the crash"): a mention of an event, no report. `lent`: all parties are."""
    return not ((draft.participants and not lent) or draft.time or draft.quantity)


def _draft(
    scene: Scene, trigger: Trigger, participants: tuple[Participant, ...], quantity: Quantity | None, time: When | None
) -> Draft:
    used = frozenset(
        chunk.index for chunk in scene.chunks for one in participants if one.span == chunk.link.mention.span
    )
    spot = next((one for one in participants if one.role == "place"), None)
    where = place_of(scene, trigger, used) or home_of(scene, used) if spot is None else None
    if where and where.chunk:
        spot = participant("place", where.chunk.link, where.factor)
        participants = (*participants, spot)
    factors = [one.score for one in participants if one.role != "place"] or [0.85]
    return Draft(
        type=trigger.type,
        form=trigger.form,
        sentence=scene.sentence,
        trigger=scene.span(trigger.start, trigger.end),
        participants=participants,
        time=time,
        place=spot,
        quantity=quantity,
        modality="asserted",
        attributed_to=None,
        during=during_of(scene, trigger) if time is None else None,
        score=round(_BASE[trigger.form] * min(factors), 3),
    )


def _sourced(scene: Scene, draft: Draft, memory: Memory) -> Draft:
    """A speech act passed on by an agency: the agency is its source, not who says it."""
    if not draft.type.attributes or draft.attributed_to is None:
        return draft
    source = according(scene, memory)
    if source is None or source.entity.iri in draft.all_iris() or source.entity.iri != draft.attributed_to.iri:
        own = draft.attributed_to.iri in draft.all_iris()
        return replace(draft, attributed_to=None) if own else draft
    return replace(draft, attributed_to=None, participants=(*draft.participants, source))


# --- Time ------------------------------------------------------------------------------------------


def _times(
    scene: Scene, trigger: Trigger, triggers: Sequence[Trigger], memory: Memory, *, strict: bool
) -> Sequence[When | None]:
    """The time nearest to the trigger, with those joined to it by "and".

    A sentence without any has that of the line above, if that is nothing but a date. For speech acts, and for nouns of
    which nothing else is known (`strict`), only one in their own clause.
    """
    found = []
    for index, (start, end, when) in enumerate(scene.times):
        first, last = (end, trigger.start) if end <= trigger.start else (trigger.end, start)
        if scene.quoted[start] and scene.quoted[start] != scene.quoted[trigger.start]:
            continue
        if _in_brackets(scene, start):
            continue
        if _anothers(scene, trigger, triggers, start, end):
            continue
        breaks = sum(scene.tags[i] in _BREAKS or scene.words.folded[i] in "()" for i in range(first, last))
        breaks -= breaks > 0 and first == end and _opens_when(scene, first)
        breaks += trigger.type.attributes and _closing(scene, start, end, trigger)
        if (breaks and (strict or trigger.type.attributes)) or last - first > _TIME_REACH:
            continue
        vague = 10 * ("/" in when.value)  # "six months of silence" dates nothing where a day stands beside it
        found.append((breaks * 8 + vague + max(0, last - first), index))
    if not found:
        return (memory.heading if trigger.form != "noun" and not scene.times else None,)
    nearest = min(found)[1]
    return _joined_times(scene, nearest) if trigger.form == "noun" else (scene.times[nearest][2],)


def _anothers(scene: Scene, trigger: Trigger, triggers: Sequence[Trigger], start: int, end: int) -> bool:
    """Whether a time dates another verb: "announced on Friday that ...", "on Friday he spoke of the arrest"."""
    if end > trigger.start or trigger.type.attributes or "kg:Speech" in trigger.type.parents:
        return False
    to = next((i for i in range(end, trigger.start) if i in scene.covered("that")), None)
    if to is not None:
        return any(one.type.attributes and one.form != "noun" and start - 3 <= one.start < to for one in triggers)
    acts = [one for one in triggers if one.form != "noun" and end <= one.start and one.end <= trigger.start]
    return trigger.form == "noun" and (any(one.type.attributes for one in acts) or _older(trigger, triggers, start))


def _older(trigger: Trigger, triggers: Sequence[Trigger], start: int) -> bool:
    """Whether a time stands at a verb of another kind and not at the noun: "sacked on Friday over the arrest"."""
    if start + 1 >= trigger.start or "kg:Life" in trigger.type.parents or trigger.type.needs_quantity:
        return False
    near = [one for one in triggers if one.form != "noun" and one.end <= trigger.start and abs(one.end - start) <= 1]
    harm = any("kg:Life" in one.type.parents or one.type.needs_quantity or one.type.means for one in near)
    return bool(near) and not harm and all(not _same_kind(one.type, trigger.type) for one in near)


def _opens_when(scene: Scene, i: int) -> bool:
    """Whether the words after a time open a clause that it dates: "in October | when Modi spoke"."""
    return any(a == i for a, _ in scene.found.cues.get("when", ()))


def _closing(scene: Scene, start: int, end: int, trigger: Trigger) -> bool:
    """Whether a comma parts a time from a speech verb: "will follow this week, he said"."""
    if start >= trigger.end:
        return "comma" in scene.tags[trigger.end : start]
    opens = all(scene.tags[i] in {"marker", "articles", "adverbs"} for i in range(start))
    return not opens and "comma" in scene.tags[end : trigger.start]


def _in_brackets(scene: Scene, start: int) -> bool:
    """Whether a time only explains the word before it, as in "his birthday (7 October 1952)"."""
    return start > 1 and scene.words.folded[start - 1] == "(" and scene.tags[start - 2] != "time"


def _joined_times(scene: Scene, index: int) -> list[When]:
    """The time and those after it in "in January 2024 and in August 2025"."""
    found = [scene.times[index][2]]
    for (_, end, _), (start, _, when) in pairwise(scene.times[index:]):
        if not any(i in scene.covered("and") for i in range(end, start)) or start - end > 4:
            break
        found.append(when)
    return found


def _dated(modality: Modality, time: When | None, published: date | None) -> Modality:
    """What lies after the day of publication is planned."""
    if modality != "asserted" or time is None or published is None or not edtf.is_valid(time.value):
        return modality
    first, _ = edtf.bounds(time.value)
    return "planned" if first and first > published else "asserted"


# --- Several drafts of one event in a sentence -------------------------------------------------------


def _distinct(drafts: Sequence[Draft]) -> list[Draft]:
    """Without drafts that say no more than another of the same sentence and type."""
    drafts = [draft for draft in drafts if not any(_counted_already(draft, other) for other in drafts)]
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: (-len(one.all_iris()), one.quantity is None, -one.score, one.trigger)):
        if not any(_repeats(draft, other) for other in kept):
            kept.append(draft)
    return sorted(kept, key=lambda one: (one.trigger, one.type.iri))


def _repeats(draft: Draft, other: Draft) -> bool:
    if draft.trigger == other.trigger and draft.quantity == other.quantity and _death_twice(draft, other):
        return True
    if not _same_kind(draft.type, other.type) or draft.quantity not in (None, other.quantity):
        return False
    if draft.modality != other.modality or (draft.time and other.time and draft.time.value != other.time.value):
        return False
    return draft.core() | draft.described() <= other.core() | other.described()


def _death_twice(draft: Draft, other: Draft) -> bool:
    """Whether a death is one of those that a count counts: "38 people died" is no death of somebody."""
    return other.type.needs_quantity and draft.type.parents == ("kg:Life", "kg:Event") and not draft.type.needs_quantity


def _counted_already(draft: Draft, other: Draft) -> bool:
    """The same where the words that tell both only overlap, and nobody has a name."""
    unnamed = not draft.core() and draft.trigger.overlaps(other.trigger)
    return unnamed and other.quantity is not None and _death_twice(draft, other)


def _same_kind(first: EventType, second: EventType) -> bool:
    return first.iri in (second.iri, *second.parents) or second.iri in first.parents


def with_causes(drafts: Sequence[Draft], sentences: Mapping[Span, int]) -> list[Draft]:
    """Counts of the dead and hurt joined to what killed them: in their sentence, else in the two before."""
    return [_with_cause(draft, index, drafts, sentences) for index, draft in enumerate(drafts)]


def _same_place(draft: Draft, other: Draft) -> bool:
    return bool(draft.place and other.place and draft.place.entity.iri == other.place.entity.iri)


def _with_cause(draft: Draft, index: int, drafts: Sequence[Draft], sentences: Mapping[Span, int]) -> Draft:
    if not draft.type.needs_quantity:
        return draft
    here = sentences[draft.sentence.span]
    found = []
    for at, other in enumerate(drafts):
        back = here - sentences[other.sentence.span]
        elsewhere = back > 0 and draft.place is not None and not _same_place(draft, other)
        if other.type.harms and 0 <= back <= 2 and at != index and other.modality == "asserted" and not elsewhere:
            found.append((back, abs(other.trigger.start - draft.trigger.start), at))
    if not found:
        return draft
    back, _, first = min(found)
    cause = drafts[first]
    lent = [
        replace(one, role="theme", score=round(one.score * 0.8, 3))
        for one in cause.participants
        if one.role == "patient"
    ]
    place = draft.place or (cause.place and replace(cause.place, score=round(cause.place.score * 0.8**back, 3)))
    if draft.place is None and place:
        lent.append(place)
    have = draft.all_iris()
    return replace(
        draft,
        cause=first,
        participants=(*draft.participants, *(one for one in lent if one.entity.iri not in have)),
        time=draft.time or cause.time,
        place=place,
    )
