"""What a nationality or a place says by standing beside a name: citizens, countries of bodies, places inside others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.extract.holders import holders
from kg.extract.memory import Memory
from kg.extract.places import lies_in
from kg.extract.scene import Chunk, Scene
from kg.extract.told import Found
from kg.names import fold
from kg.ontology import match_roles

_NATION, _INSIDE, _COUNTRY = 0.65, 0.7, 0.65  # how surely each says so; set by hand
_BETWEEN = 2  # small words between a place and the one around it, at most
_DESCRIBING = 3  # words between a nationality and the name that it describes, at most
_OFFICE = 4  # words after a nationality that may be an office


def beside_names(scene: Scene, memory: Memory) -> Iterator[Found]:
    """All that nationalities and places of a scene say."""
    yield from _described(scene)
    yield from _citizens(scene, memory)
    yield from _insides(scene)


def _described(scene: Scene) -> Iterator[Found]:
    """Whom or what a nationality describes: "Chilean | singer Ana Ruiz", "German | Bayer", "Italian | Pavia"."""
    for one in scene.chunks:
        owner = scene.chunks[one.owner] if one.owner is not None else None
        if one.kind != "NORP" or owner is None or owner.thing or owner.link.mention.nominal:
            continue
        if sum(scene.tags[i] == "word" for i in range(one.end, owner.start)) > _DESCRIBING:
            continue
        if owner.kind == "PER" and owner.start > one.start and not _office(scene, one, owner.start):
            yield Found("kg:citizenOf", owner.link, one.link, _NATION, "nationality")
        elif owner.kind == "ORG":
            yield Found("kg:nationality", owner.link, one.link, _COUNTRY, "nationality")
        elif owner.kind in {"LOC", "FAC"}:
            yield Found("kg:locatedIn", owner.link, one.link, _INSIDE, "nationality")


def _citizens(scene: Scene, memory: Memory) -> Iterator[Found]:
    """Whom a nationality is said of: "Ana Ruiz is a | Chilean | singer", "Ana Ruiz, a | Chilean | singer"."""
    for one in scene.chunks:
        named = one.owner is not None and scene.chunks[one.owner].thing is None
        if one.kind != "NORP" or named or scene.lexicon.cues.verb_last:
            continue
        if _office(scene, one, one.end + _OFFICE):
            continue
        if not _said_of(scene, one):
            continue
        for holder in holders(scene, one.start, memory, verb=False):
            if holder.link.mention.kind == "PER":
                yield Found("kg:citizenOf", holder.link, one.link, round(_NATION * holder.factor, 3), "nationality")
            break


def _said_of(scene: Scene, nation: Chunk) -> bool:
    """Whether a copula or, behind a comma, an article opens the phrase: not "in Paris, Russian troops"."""
    i = nation.start - 1
    while i >= 0 and scene.tags[i] in {"word", "and", "chunk"} and i not in scene.covered("copula"):
        i -= 1
    return i >= 0 and (scene.tags[i] == "articles" or i in scene.covered("copula"))


def _office(scene: Scene, nation: Chunk, end: int) -> bool:
    """Whether an office stands beside a nationality: "Chilean | Foreign Minister", "președintele | chilian"."""
    start = max(0, nation.start - _BETWEEN)
    words = [fold(word) for word in scene.words.folded[start:end]]
    return bool(match_roles(words, scene.sentence.lang))


def _insides(scene: Scene) -> Iterator[Found]:
    """(town, kg:locatedIn, country) for "Dushanbe, Tajikistan" and "Sokolniki in Moscow"."""
    for one in scene.chunks:
        other = scene.chunks[one.owner] if one.owner is not None else None
        if other is None or {one.kind, other.kind} - {"LOC", "FAC"} or one.thing or other.thing:
            continue
        if scene.words.folded[min(one.end, other.end)] == "(" and one.link.mention.surface.isascii() != (
            other.link.mention.surface.isascii()
        ):
            continue  # the same name in the other script: "Понте-Сан-Пьетро (Ponte San Pietro)"
        inner, outer = (one, other) if scene.lexicon.cues.verb_last and one.start > other.start else (other, one)
        if outer.kind == "LOC":
            yield Found("kg:locatedIn", inner.link, outer.link, _INSIDE, "inside")
    for first, second in pairwise(scene.chunks):
        if (
            (first.kind != "ORG" and lies_in(scene, first, second))
            or _in_region(scene, first, second)
            or _of_country(scene, first, second)
        ):
            yield Found("kg:locatedIn", first.link, second.link, _INSIDE, "inside")


def _in_region(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether a word for a region stands before the second: "Tucson, штат | Arizona", "Hue, province of | ..."."""
    if first.thing or second.thing or {first.kind, second.kind} - {"LOC", "FAC"} or second.kind != "LOC":
        return False
    between = range(first.end, second.start)
    region = scene.covered("region")
    passed = {"comma", "articles"}
    small = all(scene.tags[i] in passed or i in region or i in scene.covered("before:of") for i in between)
    return small and len(between) <= _BETWEEN + 2 and any(i in region for i in between)


def _of_country(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether a body's name is followed by its country in the genitive: "Investigative Committee of | Armenia"."""
    if first.thing or first.kind != "ORG" or second.kind != "LOC" or second.markers != {"of"}:
        return False
    between = range(first.end, second.start)
    return len(between) <= _BETWEEN and all(
        i in scene.covered("before:of") or scene.tags[i] == "articles" for i in between
    )
