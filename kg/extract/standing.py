"""Metonymy: where a capital or a palace stands for the leaders of its state, and where it is only a place.

"Moscow denied it" and "relations between Baku and Moscow" speak of governments, "a court in Moscow" does not. The
city stays the item of the mention; that it stands for a state is read from its part in the sentence: it acts, is
spoken to or quoted, somebody has ties with it, what it owns is a deed ("Baku's demands"), or it is "official Baku".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.extract.draft import Draft
from kg.extract.reach import PLAIN
from kg.extract.scene import Chunk, Scene
from kg.extract.subjects import subject
from kg.extract.triggers import triggers_in
from kg.model import Entity, Link, Span

State = Callable[[Link], Entity | None]  # the state that a place may stand for

_BETWEEN_STATES = frozenset({"kg:Diplomacy", "kg:Speech"})
_ACTORS = frozenset({"agent", "addressee"})
_WHERE = frozenset({"in", "from", "on"})
_TIES = 5  # words between "relations" and the first of those that have them, at most
_PAIR = 2  # words between the two of a pair, at most
_DEED = 3  # words between an owner and its deed, at most
_VERB = 3  # auxiliaries and adverbs between a name and its verb, at most
_DATELINE = frozenset("(-–—")  # what may follow the place from which an article is sent
_SMALL = frozenset({"articles", "adverbs", "marker", "mark"})


def stateless(_link: Link) -> None:
    """No place stands for a state."""


def standing(scene: Scene, drafts: Sequence[Draft], state: State) -> dict[Span, Entity]:
    """The mentions of a sentence that stand for a state, each with the state. `drafts` are the sentence's own."""
    seats = {one.index: found for one in scene.chunks if (found := state(one.link)) and not _part_of_more(scene, one)}
    if not seats:
        return {}
    acting = set(_acting(drafts)) | set(_speaking(scene))
    read = {i for i in seats if scene.chunks[i].link.mention.span in acting or _stands(scene, scene.chunks[i])}
    read |= set(_beside(scene, seats, read))
    return {scene.chunks[i].link.mention.span: seats[i] for i in sorted(read)}


def _part_of_more(scene: Scene, chunk: Chunk) -> bool:
    """A dateline ("LONDON, 3 May -"), or a part of what is called after the city: "Damascus radio said"."""
    if chunk.end == len(scene.tags):
        return False
    tag, word = scene.tags[chunk.end], scene.words.folded[chunk.end]
    if chunk.start == 0 and (tag == "time" or word in _DATELINE or word.isdigit()):
        return True
    stacks = not scene.lexicon.cues.inverts and not chunk.possessive and not chunk.markers - PLAIN
    told = any(chunk.end in scene.covered(name) for name in ("deeds", "ties", "acts", "future", "negation"))
    return stacks and chunk.kind == "LOC" and tag == "word" and not told


def _acting(drafts: Sequence[Draft]) -> Iterator[Span]:
    """Who does something in an event, or is told it; in dealings between states whom they concern, too."""
    for draft in drafts:
        concerned = bool({draft.type.iri, *draft.type.parents} & _BETWEEN_STATES)
        for one in draft.participants:
            if one.role in _ACTORS or (concerned and one.role == "patient"):
                yield one.span


def _speaking(scene: Scene) -> Iterator[Span]:
    """The subjects of speech, also of speech that is no event for lack of what else it needs."""
    for trigger in triggers_in(scene):
        if trigger.type.attributes and trigger.form == "verb":
            found = subject(scene, trigger)
            if found and found.chunk:
                yield found.chunk.link.mention.span


def _stands(scene: Scene, chunk: Chunk) -> bool:
    palace = chunk.kind != "LOC" and not chunk.markers & (_WHERE | {"to", "of"}) and not chunk.possessive
    return (
        palace
        or any(i in scene.covered("official") for i in range(chunk.left - 1, chunk.start))
        or chunk.left - 1 in scene.covered("according")
        or _has_ties(scene, chunk)
        or _owns_deed(scene, chunk)
        or _acts(scene, chunk)
    )


def _has_ties(scene: Scene, chunk: Chunk) -> bool:
    """Whether it is one of two that something joins: "relations between Sofia and Skopje", "Rome-Paris talks"."""
    ties = scene.covered("ties")
    if chunk.markers & {"between", "with"} or _second(scene, chunk):
        before = range(max(0, chunk.left - _TIES - _PAIR), chunk.left)
        behind = range(chunk.end, min(len(scene.tags), chunk.end + _TIES)) if scene.lexicon.cues.verb_last else ()
        return any(i in ties for i in (*before, *behind))
    hyphen = [chunk.start - 1, chunk.end]
    joined = any(0 <= i < len(scene.tags) and scene.words.folded[i] in "-–" for i in hyphen)
    return joined and any(i in ties for i in range(chunk.end, min(len(scene.tags), chunk.end + _DEED + 1)))


def _second(scene: Scene, chunk: Chunk) -> bool:
    """Whether it is the second of two that something is between: "między Oslo a | Moskwą"."""
    first = scene.chunks[chunk.index - 1] if chunk.index else None
    return first is not None and "between" in first.markers and chunk.left - first.end <= _PAIR


def _owns_deed(scene: Scene, chunk: Chunk) -> bool:
    """Whether something is its own: "Baku's demands", "Bakının mövqeyi", "the Kremlin spokesman"."""
    deeds, n = scene.covered("deeds"), len(scene.tags)
    if chunk.possessive or not chunk.markers - PLAIN:
        end = next((i for i in range(chunk.end, n) if scene.words.folded[i] not in {"'", "s"}), n)
        reach = range(end, min(n, end + (_DEED if chunk.possessive else 1)))
        if any(i in deeds and all(scene.tags[k] in _SMALL | {"word"} for k in range(end, i)) for i in reach):
            return True
    if "of" not in chunk.markers:
        return False
    i = chunk.left - 1
    while i >= 0 and scene.tags[i] in _SMALL and i not in deeds:
        i -= 1
    return i in deeds


def _acts(scene: Scene, chunk: Chunk) -> bool:
    """Whether the next verb is one that states are the subjects of: "Ankara has yet to respond"."""
    if chunk.markers - PLAIN or "acc" in chunk.markers or chunk.possessive:
        return False
    acts = scene.covered("acts")
    for i in range(chunk.end, min(len(scene.tags), chunk.end + _VERB + 1)):
        if i in acts:
            return True
        if scene.tags[i] not in _SMALL and not (i in scene.covered("negation") or i in scene.covered("future")):
            return False
    return False


def _beside(scene: Scene, seats: dict[int, Entity], read: set[int]) -> Iterator[int]:
    """Seats that "and" joins with one that stands for its state."""
    groups = {scene.chunks[i].group for i in read}
    return (i for i in seats if scene.chunks[i].group in groups and not scene.chunks[i].markers & _WHERE)
