"""Walks from a trigger through its clause: the chunks to the right and to the left of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.endings import NOMINATIVE
from kg.extract.scene import Chunk, Scene
from kg.extract.triggers import Trigger
from kg.ontology import EventType

PLAIN = frozenset({NOMINATIVE, "acc"})  # the cases that no preposition makes
OBJECT_REACH = 6  # plain words between a verb and its object, at most
CLAUSE_ENDS = frozenset({"stop", "clause", "relative", "that", "verb", "according"})


@dataclass(frozen=True, slots=True)
class Filler:
    """A chunk in a slot; without one a pronoun or "the two leaders", whom `people.py` looks up."""

    chunk: Chunk | None
    factor: float  # 0..1: how directly the text says it
    slot: str


def right_of(scene: Scene, trigger: Trigger, reach: int) -> Iterator[Chunk]:
    """The chunks after the trigger's first word in its clause, within `reach` plain words."""
    plain, i = 0, trigger.start + 1
    while i < len(scene.tags) and plain <= reach:
        tag = scene.tags[i]
        if tag == "chunk":
            chunk = _head(scene, scene.chunks[scene.at[i]])
            if chunk.owner is None and chunk.start > trigger.start:
                yield chunk
            i = chunk.end
            continue
        if i >= trigger.end:
            if tag in CLAUSE_ENDS or (tag == "comma" and (plain or trigger.form == "noun" or _begins_clause(scene, i))):
                return
            plain += tag in {"word", "noun"}
        i += 1


def _begins_clause(scene: Scene, comma: int) -> bool:
    """Whether a name and its verb stand behind a comma: "apologised, | Chile said"."""
    at = scene.at[comma + 1] if comma + 1 < len(scene.at) else -1
    if at < 0:
        return comma + 1 < len(scene.tags) and scene.tags[comma + 1] == "word"  # "said, | referring to"
    end = scene.chunks[at].end
    return end < len(scene.tags) and scene.tags[end] == "verb" and not scene.chunks[at].markers


def _head(scene: Scene, chunk: Chunk) -> Chunk:
    """The name further right that a chunk describes, or the chunk itself."""
    while chunk.owner is not None and chunk.owner > chunk.index:
        chunk = scene.chunks[chunk.owner]
    return chunk


def left_of(scene: Scene, trigger: Trigger, reach: int) -> Iterator[Chunk]:
    """The chunks before the trigger's last word in its clause, nearest first."""
    i = trigger.end - 1
    while i >= 0 and trigger.start - i <= reach:
        if scene.tags[i] == "chunk":
            chunk = scene.chunks[scene.at[i]]
            if chunk.owner is None and chunk.end < trigger.end:
                yield chunk
            i = min(i, chunk.left) - 1
            continue
        if i < trigger.start and scene.tags[i] in CLAUSE_ENDS:
            return
        i -= 1


def only_plain(scene: Scene, start: int, end: int, reach: int) -> bool:
    """Whether nothing but articles, prepositions and at most `reach` plain words stand in words[start:end]."""
    tags = [scene.tags[i] for i in range(start, end)]
    counted = sum(tag not in {"articles", "marker", "mark"} for tag in tags)
    return counted <= reach and all(tag in {"word", "articles", "marker", "mark", "noun", "adverbs"} for tag in tags)


def transitive(trigger: Trigger) -> bool:
    """Whether an object may fill a core role of the trigger's type."""
    return takes_object(trigger.type)


def takes_object(kind: EventType) -> bool:
    """The same of a type."""
    return any(role.core and "object" in role.slots and role.name != "agent" for role in kind.roles)
