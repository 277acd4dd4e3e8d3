"""Arguments that a sentence leaves out and the article has told: by its headline, else by the sentence before.

"Chile and Peru sign a treaty" above, "The agreement was welcomed" below. Only core roles are lent, only by the one
report of the same kind of event, and only where the sentence speaks of that event: with a definite noun, or with
participants that the other report has too. Where two reports could lend, neither does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.draft import Draft
from kg.extract.endings import NOMINATIVE
from kg.extract.memory import Memory
from kg.extract.scene import Scene
from kg.extract.triggers import Trigger
from kg.model import Participant
from kg.ontology import EventRole

_HEADLINE, _BEFORE = 0.65, 0.55  # how surely it is the same event; set by hand
_OPEN = frozenset({"denied", "hypothetical"})


def with_lent(
    scene: Scene, trigger: Trigger, people: tuple[Participant, ...], memory: Memory
) -> tuple[Participant, ...]:
    """The participants and those that the headline or the sentence before lends, with lower scores."""
    if not any(_wants(role, trigger, people) for role in trigger.type.roles):
        return people
    core = {role.name for role in trigger.type.roles if role.core}
    own = frozenset(one.entity.iri for one in people if one.role in core)
    if not own and not _definite(scene, trigger):
        return people
    others = frozenset() if own else frozenset(_others(scene, trigger))
    for drafts, factor in ((memory.headline, _HEADLINE), (memory.before, _BEFORE)):
        same = [one for one in drafts if _alike(one, trigger)]
        if len(same) == 1 and _agrees(scene, same[0], own | others):
            return (*people, *_lent(trigger, people, same[0], factor))
    return people


def _wants(role: EventRole, trigger: Trigger, people: Sequence[Participant]) -> bool:
    """Whether a core role is open; of two who must meet one may be missing."""
    if not role.core:
        return False
    filled = sum(one.role == role.name for one in people)
    return filled < (trigger.type.least if role.many else 1)


def _alike(draft: Draft, trigger: Trigger) -> bool:
    kind = draft.type
    return kind.iri == trigger.type.iri or kind.iri in trigger.type.parents or trigger.type.iri in kind.parents


def _others(scene: Scene, trigger: Trigger) -> Iterator[str]:
    """Whoever the sentence names that could take part: he may be the one."""
    kinds = {kind for role in trigger.type.roles if role.core for kind in role.kinds}
    for chunk in scene.free():
        if chunk.thing is None and chunk.kind in kinds and not chunk.markers - {NOMINATIVE, "acc"}:
            yield chunk.entity.iri


def _agrees(scene: Scene, draft: Draft, own: frozenset[str]) -> bool:
    """Whether nothing speaks against one event: whoever takes part here does there, and no other day is named."""
    days = {when.value for _, _, when in scene.times}
    dated = draft.time is None or not days or draft.time.value in days
    return draft.modality not in _OPEN and dated and own <= draft.core() | draft.described()


def _lent(trigger: Trigger, people: Sequence[Participant], draft: Draft, factor: float) -> Iterator[Participant]:
    have = {one.entity.iri for one in people}
    for role in trigger.type.roles:
        if _wants(role, trigger, people):
            for one in draft.participants:
                if one.role == role.name and one.entity.kind in role.kinds and one.entity.iri not in have:
                    yield replace(one, score=round(one.score * factor, 3))


def _definite(scene: Scene, trigger: Trigger) -> bool:
    """Whether a noun speaks of what is known: "the attack", "срещата", "bu görüş"; after at most one adjective."""
    if trigger.form != "noun":
        return False
    definite, i = scene.covered("definite"), trigger.start - 1
    if i >= 0 and scene.tags[i] == "word" and i not in definite:
        i -= 1
    return i in definite or trigger.end - 1 in definite or trigger.start in definite
