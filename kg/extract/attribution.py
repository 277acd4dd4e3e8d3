"""Who says so: "according to X", the subject of a speech verb, an agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.extract.memory import Memory
from kg.extract.modality import in_scope
from kg.extract.scene import Chunk, Scene
from kg.extract.triggers import Trigger, speeches
from kg.model import Link, Participant

_SOURCES = frozenset({"PER", "ORG", "LOC", "FAC"})
_REACH = 5  # words between "according to" and the name
Speakers = Mapping[Trigger, Participant]


def source_of(
    scene: Scene, trigger: Trigger, triggers: Sequence[Trigger], speakers: Speakers, memory: Memory
) -> Participant | None:
    """Whose claim an event is; None: the article's own. A speaker is not the source of having spoken."""
    if trigger in speakers and _ends(scene, trigger, speakers[trigger]):
        return None  # "..., writes Reuters" is told by nobody
    acts = [act for act in reversed(speeches(triggers)) if act in speakers and act.start != trigger.start]
    told = (
        a for a in acts if in_scope(scene, a, trigger) and (not trigger.type.attributes or reported(scene, a, trigger))
    )
    # An agency at the end passes on what the inner speaker says: he is the source.
    closing = (act for act in acts if _closes(scene, act, trigger, speakers[act]))
    act = next(told, None) or next(closing, None)
    if act:
        return speakers[act]
    return according(scene, memory, without=trigger if trigger.type.attributes else None)


def reported(scene: Scene, act: Trigger, trigger: Trigger) -> bool:
    """Whether one speech act is told by another: "Peskov said that Putin warned", not "said ..., NEXTA writes"."""
    first, last = sorted((act.start, trigger.start))
    return scene.quoted[trigger.start] != scene.quoted[act.start] or "that" in scene.tags[first:last]


def _ends(scene: Scene, act: Trigger, speaker: Participant) -> bool:
    behind = speaker.span.start >= scene.words.ends[act.end - 1]
    return behind and act.start > 0 and scene.tags[act.start - 1] in {"comma", "quote", "stop"}


def _closes(scene: Scene, act: Trigger, trigger: Trigger, speaker: Participant) -> bool:
    """Whether a sentence ends with its source: "..., αναφέρει το TASS"."""
    if act.form == "noun" or act.start < trigger.end or act.start == 0:
        return False
    if speaker.span.start >= scene.words.ends[act.end - 1]:
        return _ends(scene, act, speaker)
    i = act.start - 1  # "..., Ukraine's Defence Ministry said."
    while i >= trigger.end and scene.tags[i] in {"chunk", "articles", "adverbs", "mark", "word"}:
        i -= 1
    last = all(tag in {"time", "mark", "marker", "adverbs", "articles"} for tag in scene.tags[act.end :])
    comma = i >= trigger.end and scene.tags[i] == "comma" and speaker.span.start >= scene.words.ends[i]
    return last and comma and not scene.lexicon.cues.verb_last


def according(scene: Scene, memory: Memory, without: Trigger | None = None) -> Participant | None:
    """The source that a sentence names beside its verbs: "Potrivit X", "X-ə görə", "onun sözlərinə görə"."""
    for start, end in scene.found.cues.get("according", ()):
        if without and start <= without.start < end:
            continue
        chunk = _named(scene, range(end, min(end + _REACH, len(scene.at))))
        if chunk:
            return _source(chunk.link)
    for start, _ in scene.found.cues.get("according_after", ()):
        chunk = _named(scene, range(start - 1, max(-1, start - _REACH), -1))
        if chunk:
            return _source(chunk.link)
    person = memory.person() if scene.found.cues.get("his_words") else None
    return _source(person) if person else None


def _source(link: Link) -> Participant:
    return Participant("source", link.entity, link.mention.span, round(0.9 * link.score, 3))


def _named(scene: Scene, places: range) -> Chunk | None:
    """The first name on the way, its owner if it only describes one; commas and verbs end the way."""
    for i in places:
        if scene.at[i] >= 0:
            chunk = scene.chunks[scene.at[i]]
            while chunk.owner is not None:
                chunk = scene.chunks[chunk.owner]
            return chunk if chunk.kind in _SOURCES else None
        if scene.tags[i] in {"comma", "stop", "verb", "quote"}:
            return None
    return None
