"""Participants by name: pronouns, "the two leaders", left-out subjects and speakers find their person here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.extract.arguments import fill, fits
from kg.extract.descriptions import nation_of
from kg.extract.memory import Memory
from kg.extract.reach import Filler
from kg.extract.scene import Scene
from kg.extract.subjects import beginning_after
from kg.extract.things import DESCRIBED
from kg.extract.triggers import Trigger
from kg.model import Link, Participant
from kg.ontology import ROLE_NAMES, EventRole

_PAIR = 0.7
_DROPPED = 0.55
_SPEAKER = 0.6
_WEAPON = 0.7
_NEAR = 6  # words between "the two leaders" and the trigger


def resolved(scene: Scene, trigger: Trigger, memory: Memory) -> tuple[Participant, ...]:
    """The participants of a trigger, each entity in one role, in the order of the roles."""
    filled = fill(scene, trigger)
    found: list[Participant] = []
    for role in trigger.type.roles:
        members = (one for filler in filled.get(role.name, ()) for one in _named(scene, trigger, role, filler, memory))
        _add(found, members)
    agent = next((role for role in trigger.type.roles if role.name == "agent" and role.core), None)
    if agent:
        _add(found, _unnamed(scene, trigger, agent, tuple(found), memory))
    if agent and all(one.role != "agent" for one in found):
        _add(found, _whose_weapon(scene, filled.get("instrument", ())))
    return tuple(sorted(found, key=lambda one: ROLE_NAMES.index(one.role)))


def _whose_weapon(scene: Scene, instruments: Sequence[Filler]) -> Iterator[Participant]:
    """Who strikes with "Russian drones", if nobody else is said to."""
    for one in instruments:
        nation = nation_of(scene, one.chunk) if one.chunk else None
        if nation:
            yield participant("agent", nation.link, _WEAPON)


def _add(found: list[Participant], members: Iterable[Participant]) -> None:
    for one in members:
        if all(one.entity.iri != other.entity.iri for other in found):
            found.append(one)


def with_speaker(
    scene: Scene, trigger: Trigger, participants: tuple[Participant, ...], source: Participant | None
) -> tuple[Participant, ...]:
    """The participants with the speaker among them, where speech takes him for granted.

    "We met Aliyev today", said Putin; he said that Russia bears the blame: the speaker met, the speaker accuses.
    """
    agent = next((role for role in trigger.type.roles if role.name == "agent"), None)
    if source is None or agent is None or source.entity.kind not in agent.kinds:
        return participants
    if any(one.entity.iri == source.entity.iri for one in participants):
        return participants
    agents = [one for one in participants if one.role == "agent"]
    met = (
        trigger.type.least == 2
        and len(participants) == 1
        and trigger.form == "verb"
        and _speaks_of_himself(scene, trigger, source)
    )
    blamed = agent.required and not agents and bool(participants) and trigger.form == "verb"
    if not (met or blamed):
        return participants
    return (Participant("agent", source.entity, source.span, round(source.score * _SPEAKER, 3)), *participants)


def _speaks_of_himself(scene: Scene, trigger: Trigger, source: Participant) -> bool:
    """Whether the clause has no subject of its own: inside a quotation, or in a language that leaves it out."""
    if scene.quoted[trigger.start]:
        return True
    here = scene.words.starts[trigger.start]
    between = [c for c in scene.free() if source.span.end <= c.link.mention.span.start < here and not c.markers]
    return scene.lexicon.cues.drops and source.span.start < here and not between


def participant(role: str, link: Link, factor: float) -> Participant:
    """A link in a role; its score is the link's times how directly the text gives it the role."""
    described = link.method == DESCRIBED
    return Participant(role, link.entity, link.mention.span, round(factor * link.score, 3), described)


def _named(scene: Scene, trigger: Trigger, role: EventRole, filler: Filler, memory: Memory) -> Iterator[Participant]:
    if filler.chunk:
        yield participant(role.name, filler.chunk.link, filler.factor)
    elif "PER" in role.kinds:
        person = memory.person()
        links = _pair(scene, trigger, memory) if filler.slot == "pair" else (person,) if person else ()
        yield from (participant(role.name, link, filler.factor) for link in links)


def _pair(scene: Scene, trigger: Trigger, memory: Memory) -> tuple[Link, ...]:
    """The two people named before in this sentence, else those that the memory joins."""
    here = {
        chunk.entity.iri: chunk.link
        for chunk in scene.free()
        if chunk.kind == "PER" and chunk.end <= trigger.start and chunk.thing is None
    }
    return tuple(here.values())[-2:] if len(here) >= 2 else memory.pair()


def _unnamed(
    scene: Scene, trigger: Trigger, role: EventRole, members: Sequence[Participant], memory: Memory
) -> Iterator[Participant]:
    if role.many and trigger.type.least == 2 and len(members) < 2:
        yield from _other_side(scene, trigger, role, members, memory)
    elif (
        not any(one.role == role.name for one in members)
        and trigger.form == "verb"
        and trigger.type.attributes
        and _left_out(scene, trigger)
    ):
        person = memory.person()
        if person:
            yield participant(role.name, person, _DROPPED)


def _other_side(
    scene: Scene, trigger: Trigger, role: EventRole, members: Sequence[Participant], memory: Memory
) -> Iterator[Participant]:
    """Who else met: "the two leaders", "their meeting", or the subject that the phrase introduces."""
    if _pair_near(scene, trigger):
        yield from (participant(role.name, link, _PAIR) for link in _pair(scene, trigger, memory))
        return
    found = beginning_after(scene, trigger) if trigger.form == "noun" and members else None
    if found and found.chunk and fits(found.chunk, role):
        yield participant(role.name, found.chunk.link, found.factor)


def _pair_near(scene: Scene, trigger: Trigger) -> bool:
    near = any(
        abs(start - trigger.end) <= _NEAR or abs(trigger.start - end) <= _NEAR
        for start, end in scene.found.cues.get("pair", ())
    )
    theirs = scene.found.cues.get("their", ()) if trigger.form == "noun" else ()
    return near or any(start == trigger.end or end == trigger.start for start, end in theirs)


def _left_out(scene: Scene, trigger: Trigger) -> bool:
    """Whether the sentence begins with its verb, in a language that may leave its subject out."""
    if not scene.lexicon.cues.drops:
        return False
    passed = {"adverbs", "mark", "quote", "time", "articles"}
    return all(tag in passed for tag in scene.tags[: trigger.start])
