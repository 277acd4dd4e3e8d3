"""Who did what to whom: the chunks that fill a trigger's roles, from order, markers and voice.

Nothing is guessed from mere nearness: a role is filled from its slots (subject, object, "with", "to", ...) as
events.ttl lists them, and a subject that is no name ("the ministry", "a missile") ends the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.extract.descriptions import NATION
from kg.extract.endings import NOMINATIVE
from kg.extract.places import lies_in
from kg.extract.reach import CLAUSE_ENDS, OBJECT_REACH, PLAIN, Filler, left_of, only_plain, right_of, transitive
from kg.extract.scene import Chunk, Scene
from kg.extract.subjects import subject
from kg.extract.triggers import Trigger
from kg.ontology import EventRole

_OBLIQUE_REACH = 14  # words between a trigger and what a preposition brings
_NOUN_REACH = 4  # words between a noun and its genitive
_ADJECTIVE_REACH = 3


def fill(scene: Scene, trigger: Trigger) -> dict[str, tuple[Filler, ...]]:
    """Role name -> its fillers. A chunk fills one role: the first, in the order core, then as listed."""
    filled: dict[str, tuple[Filler, ...]] = {}
    used: set[int] = set()
    for role in sorted(trigger.type.roles, key=lambda role: not role.core):
        found = _fill_role(scene, trigger, role, used)
        if found:
            filled[role.name] = found
            used |= {one.chunk.index for one in found if one.chunk}
    return filled


def _fill_role(scene: Scene, trigger: Trigger, role: EventRole, used: set[int]) -> tuple[Filler, ...]:
    fillers: dict[int, Filler] = {}
    for slot in _slots(trigger, role):
        owned = (one.chunk for one in fillers.values() if one.slot in {"of", "by", "between"})
        if slot == "subject" and trigger.form == "noun" and any(one and "to" not in one.markers for one in owned):
            break  # "activists criticise the president's visit": whose it is has been said
        for filler in _slot(scene, trigger, role, slot):
            if filler.chunk is None:
                if not fillers and role.name == "agent":
                    return (filler,)
                continue
            for chunk in scene.members(filler.chunk) if _plural(role, slot) else (filler.chunk,):
                if chunk.index not in used and fits(chunk, role):
                    fillers.setdefault(chunk.index, Filler(chunk, filler.factor, slot))
        if fillers and not role.many:
            break
    return tuple(fillers[index] for index in sorted(fillers))


def _plural(role: EventRole, slot: str) -> bool:
    return role.many or slot == "between"


def fits(chunk: Chunk, role: EventRole) -> bool:
    """Whether the kind may fill the role: a local description counts by its entity's kind."""
    return chunk.kind in role.kinds or (chunk.kind == "NORP" and "NORP" in role.kinds)


def _slots(trigger: Trigger, role: EventRole) -> tuple[str, ...]:
    if trigger.form == "noun":
        return (*role.noun_slots, "self") if role.name in {"patient", "theme", "instrument"} else role.noun_slots
    if trigger.form == "passive":
        turned = {"subject": "by", "object": "subject"}
        return tuple(turned.get(slot, slot) for slot in role.slots)
    return role.slots


def _slot(scene: Scene, trigger: Trigger, role: EventRole, slot: str) -> Iterator[Filler]:
    if slot == "subject":
        found = subject(scene, trigger)
        if found:
            yield found
    elif slot == "object":
        yield from _object(scene, trigger)
    elif slot == "adj":
        yield from _adjective(scene, trigger)
    elif slot == "self":
        yield from (Filler(one, 0.9, slot) for one in _covering(scene, trigger, weapons=role.name == "instrument"))
    elif slot == "of" and trigger.form == "noun":
        yield from _genitive(scene, trigger)
    else:
        yield from _oblique(scene, trigger, slot)


# --- Objects and obliques ---------------------------------------------------------------------------


def _object(scene: Scene, trigger: Trigger) -> Iterator[Filler]:
    if trigger.form != "verb":
        return
    if scene.lexicon.cues.verb_last:
        yield from _object_before(scene, trigger)
        return
    first = subject(scene, trigger)
    loose = trigger.type.attributes and not transitive(trigger)
    if loose and trigger.start not in scene.covered("tells"):
        return  # nobody is "said": a name behind the verb opens what is said, or has nothing to do with it
    for chunk in right_of(scene, trigger, OBJECT_REACH):
        if first and first.chunk is chunk:
            continue
        if any(i in scene.covered("subjunctive") for i in range(trigger.end, chunk.left - 1)):
            return  # "threatened to recall | its ambassador": the object of another verb
        oblique = chunk.markers - PLAIN and "acc" not in chunk.markers  # "attacked in Kharkiv"
        nominative = (
            NOMINATIVE in chunk.markers and "acc" not in chunk.markers and scene.lexicon.cues.endings and not first
        )
        if not oblique and not nominative and not (loose and _opens_clause(scene, chunk)):
            yield Filler(chunk, 0.95 if "acc" in chunk.markers else 0.85, "object")
            return
        if not oblique or chunk.kind not in {"LOC", "FAC"}:
            return  # past a place the object may still come: "traf in Berlin den Präsidenten"


def _opens_clause(scene: Scene, chunk: Chunk) -> bool:
    """Whether a name after a speech verb is the next clause's subject: "the ministry said Ukraine attacked"."""
    i = chunk.end
    if i < len(scene.tags) and scene.words.folded[i] == "(":  # "said BNK (UK) would": brackets say nothing here
        i = next((j + 1 for j in range(i, len(scene.tags)) if scene.words.folded[j] == ")"), i)
    after = scene.tags[i] if i < len(scene.tags) else "mark"
    return after not in {"that", "comma", "marker", "time", "mark", "stop", "relative"}


def _object_before(scene: Scene, trigger: Trigger) -> Iterator[Filler]:
    for chunk in left_of(scene, trigger, _OBLIQUE_REACH):
        if "acc" in chunk.markers and chunk.owner is None:
            yield Filler(chunk, 0.95, "object")
            return


def _oblique(scene: Scene, trigger: Trigger, slot: str) -> Iterator[Filler]:
    """The name that a preposition, postposition or ending marks: right of the trigger, else left (SOV: left)."""
    last = scene.lexicon.cues.verb_last
    if not last:
        for chunk in right_of(scene, trigger, _OBLIQUE_REACH):
            if slot == "by" and trigger.form == "noun" and "noun" in scene.tags[trigger.end : chunk.left]:
                return  # "this statement followed a decision by | a court"
            if slot in chunk.markers and _its_own(scene, trigger, chunk):
                yield Filler(chunk, 0.9, slot)
                return
    if last or trigger.form != "noun":  # elsewhere what stands before a noun belongs to something else
        for chunk in left_of(scene, trigger, _NOUN_REACH if trigger.form == "noun" else _OBLIQUE_REACH):
            if not last and scene.at[chunk.left - 2] >= 0 and scene.tags[chunk.left - 1] == "marker":
                continue  # "the workers of | Opel demand" is theirs
            if slot in chunk.markers and (last or "comma" not in scene.tags[chunk.end : trigger.start]):
                yield Filler(chunk, 0.9 if last else 0.8, slot)
                return


def _its_own(scene: Scene, trigger: Trigger, chunk: Chunk) -> bool:
    """False where the same word makes a genitive of the noun before it: "осъди убийствата | на азербайджанци"."""
    if "of" not in chunk.markers or len(chunk.markers) == 1 or scene.tags[chunk.left - 1] not in {"marker", "articles"}:
        return True
    i = chunk.left - 1
    low = trigger.end if chunk.start >= trigger.end else 0
    while i >= low and scene.tags[i] in {"marker", "articles", "adverbs"}:
        i -= 1
    if i < low:
        return True
    owner = scene.chunks[scene.at[i]].kind if scene.at[i] >= 0 else None
    return scene.tags[i] not in {"word", "noun"} and owner in {None, "PER"}


def _genitive(scene: Scene, trigger: Trigger) -> Iterator[Filler]:
    """Whose noun it is: "визит Путина", "Putin's visit", "Putinin səfəri"."""
    passed = {"in", "from", "with"} if scene.lexicon.cues.verb_last else set()  # "təyyarənin | Bakıda | düşməsi"
    reach = _NOUN_REACH + (6 if passed else 2)
    names = (one for one in left_of(scene, trigger, reach) if one.end <= trigger.start and not one.markers & passed)
    before = next(names, None)
    near = before and (passed or only_plain(scene, before.end, trigger.start, _NOUN_REACH))
    if before and near and before.possessive:
        yield Filler(before, 0.9, "of")
        return
    if scene.lexicon.cues.verb_last:
        return
    after = next(right_of(scene, trigger, _NOUN_REACH), None)
    if after is None or not only_plain(scene, trigger.end, after.left, 0):
        return
    bare = "of" in scene.lexicon.cues.endings and not after.markers and after.left - trigger.end <= 1
    if "of" in after.markers or bare:
        yield Filler(after, 0.9 if "of" in after.markers else 0.7, "of")


def _adjective(scene: Scene, trigger: Trigger) -> Iterator[Filler]:
    """A nationality or bare name beside a noun: "Russian strikes", "Rusiya hücumu", "Kremlin statement"."""
    if trigger.form != "noun":
        return
    for chunk in scene.chunks:
        before = trigger.start - chunk.end
        after = chunk.start - trigger.end
        if chunk.kind == "NORP" and chunk.owner is None:
            near = 0 <= before <= _ADJECTIVE_REACH and only_plain(scene, chunk.end, trigger.start, _ADJECTIVE_REACH)
            behind = 0 <= after < _ADJECTIVE_REACH and only_plain(scene, trigger.end, chunk.start, _ADJECTIVE_REACH)
            if near or (behind and not chunk.markers - PLAIN - {"of"}):
                yield Filler(chunk, 0.9, "adj")
        elif chunk.owner is None and chunk.markers <= {NOMINATIVE} and before == 0 and _compounds(scene, chunk):
            yield Filler(chunk, 0.75, "adj")


def _compounds(scene: Scene, chunk: Chunk) -> bool:
    """Whether a bare name may stand before its noun: not where cases do that, "министр | обвинения отверг"."""
    cues = scene.lexicon.cues
    return chunk.thing is None or cues.verb_last or not cues.endings


def _covering(scene: Scene, trigger: Trigger, *, weapons: bool) -> Iterator[Chunk]:
    """A description that holds the trigger, or that the trigger holds: "the crash of the plane", "plane crash".

    Of those that a trigger holds, weapons are what it is done with ("drone attack"), and no others are.
    """
    for index in dict.fromkeys(scene.at[i] for i in range(trigger.start, trigger.end)):
        thing = scene.chunks[index].thing if index >= 0 else None
        if (
            index >= 0
            and not (thing and scene.chunks[index].markers & {"by"})
            and weapons == bool(thing and thing.weapon)
            and (weapons or scene.chunks[index].kind != "ORG")  # a "court decision" is not done to the court
        ):
            yield scene.chunks[index]


# --- Places ------------------------------------------------------------------------------------------


def place_of(scene: Scene, trigger: Trigger, used: frozenset[int]) -> Filler | None:
    """Where it happens: a place marked "in" nearest to the trigger in its clause, else in the sentence."""
    found = []
    for chunk in scene.free():
        if chunk.kind not in {"LOC", "FAC"} or chunk.index in used or chunk.link.method == NATION:
            continue
        inside = "in" in chunk.markers and _its_own(scene, trigger, chunk) and _spot(scene, chunk, used)
        if not inside and not _names_place(trigger, chunk) and not _shaken(scene, trigger, chunk):
            continue
        if scene.quoted[chunk.start] != scene.quoted[trigger.start]:
            continue
        first, last = (trigger.end, chunk.start) if chunk.start >= trigger.end else (chunk.end, trigger.start)
        if chunk.end <= trigger.start and _said_between(scene, first, last):
            continue  # "in Paris Macron said that Mali attacked"
        verbs, breaks = _borders(scene, trigger, first, last)
        opens = all(scene.tags[i] in {"marker", "articles", "adverbs"} for i in range(chunk.start))
        if trigger.type.attributes and "comma" in scene.tags[first:last] and not opens:
            continue  # "an attack near Goma, two diplomats said"
        if _opens_all(scene, chunk, first, last, trigger):
            verbs, breaks = min(verbs, 1), 0
        if breaks + verbs <= _borders_allowed(trigger, breaks, right=chunk.start >= trigger.end):
            found.append((breaks + verbs + (chunk.thing is not None), last - first, chunk))  # a named place first
    if not found:
        return None
    borders, _, chunk = min(found, key=lambda one: (one[0], one[1]))
    return Filler(chunk, 0.9 * 0.8**borders, "in")


def _opens_all(scene: Scene, chunk: Chunk, first: int, last: int, trigger: Trigger) -> bool:
    """Whether a place opens the sentence and so holds for all of it: "In Lima police raided a bank, two men died"."""
    opening = range(min(chunk.start, chunk.left))
    owned = {i for one in scene.chunks if one.owner == chunk.index for i in range(one.start, one.end)}
    passed = {"time", "marker", "articles", "adverbs", "comma", "mark"}
    if trigger.type.attributes or not all(scene.tags[i] in passed or i in owned for i in opening):
        return False
    return not {"that", "stop", "according"} & set(scene.tags[first:last])


def _said_between(scene: Scene, first: int, last: int) -> bool:
    """Whether somebody says something in words[first:last]."""
    told = (hit for hit in scene.found.triggers if first <= hit.start < last)
    return any(hit.item.type.attributes and hit.item.form in {"verb", "passive"} for hit in told)


def _spot(scene: Scene, chunk: Chunk, used: frozenset[int]) -> bool:
    """False for what is counted ("900 houses"), and for where only a thing beside it is: "a flight in | Minsk"."""
    if chunk.thing is not None:
        return chunk.thing.local and not chunk.entity.labels[0][1][:1].isdigit()
    before = scene.at[chunk.left - 2] if chunk.left >= 2 and scene.tags[chunk.left - 1] == "marker" else -1
    beside = scene.chunks[before] if before >= 0 else None
    return beside is None or beside.thing is None or beside.kind != "PROD" or beside.index in used


def home_of(scene: Scene, used: frozenset[int]) -> Filler | None:
    """The town of a court, an embassy or a factory that takes part: "a Baku court ruled"."""
    homes = {index for index in used if (thing := scene.chunks[index].thing) and thing.local}
    town = next((one for one in scene.chunks if one.owner in homes and one.kind == "LOC"), None)
    town = town or next((b for a, b in pairwise(scene.chunks) if a.index in used and lies_in(scene, a, b)), None)
    return Filler(town, 0.65, "in") if town else None


def _borders(scene: Scene, trigger: Trigger, first: int, last: int) -> tuple[int, int]:
    """How many verbs and how many borders of clauses stand in words[first:last]."""
    heads = [scene.tags[i] for i in range(first, last) if i == first or scene.tags[i - 1] != scene.tags[i]]
    verbs = heads.count("verb")
    return verbs, sum(tag in CLAUSE_ENDS for tag in heads) - verbs + (trigger.form == "noun" and "comma" in heads)


def natural(scene: Scene, trigger: Trigger, triggers: Sequence[Trigger]) -> bool:
    """Whether an attack's verb only says what a disaster does: "the earthquake | hit | Izmir"."""
    if trigger.form == "noun" or "kg:Conflict" not in trigger.type.parents:
        return False
    for other in triggers:
        if other.form == "noun" and other.end <= trigger.start and "kg:Disaster" in other.type.parents:
            tags = scene.tags[other.end : trigger.start]
            inside = (one for one in scene.free() if other.end <= one.start < trigger.start)
            plain = not set(tags) & (CLAUSE_ENDS - {"verb"} | {"and"}) and len(tags) <= _OBLIQUE_REACH
            if plain and all(one.markers - PLAIN for one in inside):
                return True
    return False


def _borders_allowed(trigger: Trigger, breaks: int, *, right: bool) -> int:
    if trigger.form == "noun":  # a noun's own verb may follow it: "an earthquake | struck | near Izmir"
        return int(right and not breaks)
    return 0 if trigger.type.attributes else 1


def _shaken(scene: Scene, trigger: Trigger, chunk: Chunk) -> bool:
    """Whether a place is the object of what a disaster does: "Un terremoto sacudió | Esmirna"."""
    if trigger.form != "noun" or "kg:Disaster" not in trigger.type.parents or chunk.markers - PLAIN - {"to"}:
        return False
    between = [scene.tags[i] for i in range(trigger.end, chunk.start)]
    acts = {"word", "verb"} & set(between)
    return (
        bool(acts) and len(between) <= _NOUN_REACH and set(between) <= {"word", "verb", "articles", "adverbs", "marker"}
    )


def _names_place(trigger: Trigger, chunk: Chunk) -> bool:
    """Whether the place stands bare beside or inside the trigger: "the Paris attacks", "a Baku court ruled"."""
    inside = trigger.start <= chunk.start < trigger.end
    beside = chunk.end == trigger.start and (trigger.form == "noun" or not trigger.type.direct)
    return not chunk.markers - {NOMINATIVE} and (inside or beside)
