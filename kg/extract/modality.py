"""How a trigger is put: asserted, planned, denied, demanded, promised or hypothetical."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.scene import Scene
from kg.extract.triggers import Trigger
from kg.model import Modality

_NEAR = 4  # words between a cue and its verb, at most
_BARRIERS = frozenset({"stop", "comma", "clause", "relative", "that", "verb", "quote"})
# Denial first: "will not meet" is denied, whatever it was planned to be.
_ORDER: tuple[tuple[str, Modality], ...] = (
    ("negation", "denied"),
    ("hypothetical", "hypothetical"),
    ("demanded", "demanded"),
    ("future", "planned"),
    ("promised", "promised"),
)
_OF_NOUNS = frozenset({"future", "hypothetical", "negation"})  # what may stand beside a noun: "planned visit"


def modality_of(scene: Scene, trigger: Trigger, triggers: Sequence[Trigger]) -> Modality:
    """The modality, from cues beside the trigger, then from the speech act in whose scope it stands."""
    own = _own(scene, trigger)
    if own != "asserted":
        return own
    scope = _scope(scene, trigger, triggers)
    return scope or ("hypothetical" if _open_clause(scene, trigger) else "asserted")


def _own(scene: Scene, trigger: Trigger) -> Modality:
    if scene.covered("negated") & _tail(scene, trigger):
        return "denied"
    for category, modality in _ORDER:
        if modality == trigger.type.scope or (trigger.form == "noun" and category not in _OF_NOUNS):
            continue
        conceded = category == "hypothetical" and trigger.end - 1 in scene.covered("concessive")
        if not conceded and _beside(scene, trigger, scene.covered(category), own=category != "negation"):
            return modality
    return "asserted"


def _tail(scene: Scene, trigger: Trigger) -> frozenset[int]:
    """The trigger's words, and for verbs that end the sentence the auxiliary after them."""
    end = trigger.end
    if scene.lexicon.cues.verb_last and trigger.form != "noun":
        end += end < len(scene.tags) and scene.tags[end] in {"word", "adverbs"}
    return frozenset(range(trigger.start, end))


def _beside(scene: Scene, trigger: Trigger, cues: frozenset[int], *, own: bool) -> bool:
    """Whether a cue stands where it means the trigger; `own`: a form of the trigger itself may be one."""
    if not cues:
        return False
    if own and any(i in cues for i in range(trigger.start, trigger.end)):
        return True  # "va discuta telefonic", "rencontrera", "görüşəcək"
    if scene.lexicon.cues.verb_last:
        return bool(cues & _tail(scene, trigger)) or (trigger.form == "noun" and _clause_ends(scene, trigger, cues))
    return _before(scene, trigger, cues) or (
        scene.sentence.lang == "de" and trigger.form != "noun" and _around_german(scene, trigger, cues)
    )


def _before(scene: Scene, trigger: Trigger, cues: frozenset[int]) -> bool:
    reach = 2 if trigger.form == "noun" else _NEAR
    i, steps = trigger.start - 1, 0
    while i >= 0 and steps < reach:
        if i in cues:
            return True
        if scene.tags[i] in _BARRIERS or scene.words.folded[i] in "!?":
            return False
        steps += scene.tags[i] not in {"chunk", "articles", "mark"}
        i -= 1
    return False


def _clause_ends(scene: Scene, trigger: Trigger, cues: frozenset[int]) -> bool:
    """Where verbs stand last, theirs is the mood of the nouns before: "sammitində iştirak edəcək"."""
    i = trigger.end
    while i < len(scene.tags) and scene.tags[i] not in {"comma", "stop", "verb", "quote"}:
        if i in cues and (i + 1 == len(scene.tags) or scene.tags[i + 1] in {"mark", "comma", "stop"}):
            return True
        i += 1
    return False


def _around_german(scene: Scene, trigger: Trigger, cues: frozenset[int]) -> bool:
    """German splits its verbs: "wird ... treffen", "hat sich nicht entschuldigt", "traf ... nicht"."""
    for step in (-1, 1):
        i = trigger.start - 1 if step < 0 else trigger.end
        while 0 <= i < len(scene.tags) and scene.tags[i] not in _BARRIERS | {"and"}:
            if i in cues and i not in scene.covered("passive"):
                return True
            i += step
    return False


def _scope(scene: Scene, trigger: Trigger, triggers: Sequence[Trigger]) -> Modality | None:
    """What a demand, promise, denial or threat makes of the events that it speaks of."""
    for act in triggers:
        if act.type.scope and act is not trigger and in_scope(scene, act, trigger) and act.type.iri != trigger.type.iri:
            return act.type.scope
    return None


def in_scope(scene: Scene, act: Trigger, other: Trigger) -> bool:
    """Whether a speech act speaks of the other trigger: what follows its verb; where verbs stand last, precedes it."""
    if act.form == "noun" or act.start == other.start:
        return False
    if other.type.attributes and act.start < other.start and _coordinated(scene, other):
        return False  # "dismissed the claims | and urged all sides": the second act is not what the first speaks of
    if scene.quoted[other.start] and not scene.quoted[act.start]:
        return True
    if scene.lexicon.cues.verb_last:
        return other.end <= act.start
    return act.start < other.start and ";" not in scene.words.folded[act.end : other.start]


def _coordinated(scene: Scene, trigger: Trigger) -> bool:
    """Whether "and" joins the trigger to the verb before, outside quotations and "that" clauses."""
    i = trigger.start - 1
    while i >= 0 and scene.tags[i] in {"adverbs", "pronouns"}:
        i -= 1
    return i >= 0 and scene.tags[i] == "and" and trigger.form == "verb"


def _open_clause(scene: Scene, trigger: Trigger) -> bool:
    """Whether an "if" or "whether" opens the trigger's clause."""
    cues, i = scene.covered("wide_hypothetical"), trigger.start - 1
    while i >= 0 and scene.tags[i] not in {"stop", "comma"}:
        if i in cues:
            return True
        i -= 1
    return False
