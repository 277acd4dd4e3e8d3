"""Trigger words in a scene: which count, in which voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.lexicon import Sense
from kg.extract.phrases import Hit
from kg.extract.scene import Scene
from kg.ontology import EventType

_NAMES = frozenset({"PER", "ORG", "LOC", "FAC", "NORP"})
_FORMS = ("not", "noun", "verb", "passive")  # "задържан" is what "задържа*" finds too, and says more
_BOUNDS = frozenset({"stop", "clause", "relative", "that", "comma"})
_SUBJECTS = frozenset({"pronouns", "relative"})
_NO_OBJECT = frozenset({"stop", "clause", "marker", "comma", "mark"})
_NUMBER = 3  # words after the first word of "no fewer than 19"
_REACH = 12  # words between a passive auxiliary and its verb, at most: German puts them at both ends


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """Words that tell an event: scene.words[start:end]."""

    type: EventType
    form: str  # verb, passive, noun
    start: int
    end: int


def triggers_in(scene: Scene) -> tuple[Trigger, ...]:
    """The triggers of a scene, left to right. Longer phrases silence shorter ones inside them."""
    hits = [hit for hit in scene.found.triggers if not _inside_name(scene, hit)]
    kept = [hit for hit in hits if not any(_silences(other, hit) for other in hits)]
    found = {
        (hit.start, hit.end, hit.item.type.iri): _trigger(scene, hit)
        for hit in sorted(kept, key=lambda hit: _FORMS.index(hit.item.form))  # the last reading of the same words wins
        if hit.item.form != "not"
    }
    return tuple(found[key] for key in sorted(found))


def _trigger(scene: Scene, hit: Hit[Sense]) -> Trigger:
    form = _form(scene, hit)
    auxiliary = _auxiliary(scene, hit) if form == "verb" else None
    return Trigger(hit.item.type, form, hit.start if auxiliary is None else auxiliary, hit.end)


def _auxiliary(scene: Scene, hit: Hit[Sense]) -> int | None:
    """Where the verb begins that ends with the hit: "hat drei Männer festgenommen" has its object inside."""
    perfect = scene.covered("perfect")
    for i in range(hit.start - 1, max(hit.start - _REACH, 0) - 1, -1):
        if i in perfect:
            return i
        if scene.tags[i] in _BOUNDS:
            return None
    return None


def _inside_name(scene: Scene, hit: Hit[Sense]) -> bool:
    """Whether the words belong to a name: the Agreement Party, the Court of Appeal."""
    indexes = {scene.at[i] for i in range(hit.start, hit.end)}
    if -1 in indexes:
        return False
    mentions = [scene.chunks[index].link.mention for index in indexes]
    return all(mention.kind in _NAMES and not mention.nominal for mention in mentions)


def _silences(other: Hit[Sense], hit: Hit[Sense]) -> bool:
    if not (other.start < hit.end and hit.start < other.end):
        return False
    longer = (other.end - other.start) - (hit.end - hit.start)
    if other.item.form == "not":
        kind = hit.item.type
        return longer >= 0 and hit.item.form != "not" and other.item.type.iri in (kind.iri, *kind.parents)
    if hit.item.form == "not":
        return False
    weaker = other.item.type is hit.item.type and other.item.form != "noun" and hit.item.form == "noun"
    return longer > 0 or (longer == 0 and weaker)  # "impose | sanctions | on": the verb knows who


def _form(scene: Scene, hit: Hit[Sense]) -> str:
    if hit.item.form != "verb":
        return hit.item.form
    passive = scene.covered("passive")
    if hit.start in scene.covered("active"):
        return "verb"  # "were targeting"
    i = hit.start - 1
    while i >= 0 and hit.start - i <= _REACH:
        if i in passive:
            return "passive" if _near(scene, i, hit) else "verb"
        if scene.tags[i] in _BOUNDS or scene.tags[i] in {"verb", "and"}:
            break
        i -= 1
    german = scene.sentence.lang == "de" and _closes_clause(scene, hit.end, passive)
    return "passive" if german or _objectless(scene, hit, passive) else "verb"


def _objectless(scene: Scene, hit: Hit[Sense], passive: frozenset[int]) -> bool:
    """Whether a form that needs an object has none: "Three men arrested after ...", "the man arrested was ..."."""
    if hit.start not in scene.covered("objectless") or (hit.start and scene.tags[hit.start - 1] in _SUBJECTS):
        return False
    if _auxiliary(scene, hit) is not None:
        return False
    i = hit.end
    while i < len(scene.tags) and scene.tags[i] in {"adverbs", "time"} and i not in passive:
        i += 1
    if i == len(scene.tags) or i in passive:
        return True
    return scene.tags[i] in _NO_OBJECT and not _counted(scene, i)


def _counted(scene: Scene, i: int) -> bool:
    """Whether a number begins with the word: "at least 19"."""
    if not any(i in covered for name, covered in scene.cues.items() if name.startswith("count:")):
        return False
    words, numbers = scene.words.folded[i + 1 : i + 1 + _NUMBER], scene.lexicon.cues.numbers
    return any(word[0].isdigit() or word in numbers for word in words)


def _near(scene: Scene, i: int, hit: Hit[Sense]) -> bool:
    """Only German parts auxiliary and verb; elsewhere adverbs alone stand between."""
    between = range(i + 1, hit.start)
    return scene.sentence.lang == "de" or sum(scene.tags[j] not in {"adverbs", "articles"} for j in between) <= 1


def _closes_clause(scene: Scene, end: int, passive: frozenset[int]) -> bool:
    return end < len(scene.tags) and end in passive


def speeches(triggers: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """Those whose agent is the source of what stands in their scope."""
    return tuple(one for one in triggers if one.type.attributes)
