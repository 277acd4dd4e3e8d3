"""Whose a description is, and which entity it becomes: "the Russian embassy in Baku", "Baku court", "eight Greeks".

A country, body or nationality beside it describes it. Where such a thing acts for its country ("Russian forces"),
the chunk stands for the country; else it is a local entity of its article, labelled as the article describes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.extract.endings import NOMINATIVE
from kg.extract.scene import Chunk, Scene
from kg.model import Document, Entity, content_id
from kg.ontology import Thing

NATION = "nation"  # Link.method of a description that stands for its country
_WHOSE = frozenset({"LOC", "NORP", "ORG", "FAC", "PER"})
_COUNTRIES = frozenset({"LOC", "NORP"})
_PLAIN = frozenset({"word", "adverbs", "articles", "noun"})
_ADJECTIVES = _PLAIN | {"and"}  # "Azerbaijani state oil and gas | company"
_REACH = 3  # words between a description and its nationality, at most
_LABEL = 8  # words of a label, at most


def describes_thing(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether a name says whose the description after it is, or a description what the name after it is."""
    between = range(first.end, second.start)
    if second.thing is None:  # "missile | Iskander", "ambassador | Ana Ruiz"
        quoted = [scene.words.folded[i] in '"«„“' or i in scene.covered("model") for i in between]
        return first.kind == second.kind and all(quoted)
    if first.thing is not None or first.kind not in _WHOSE:
        return False
    if first.kind == "NORP":
        return len(between) <= _REACH + 2 and all(scene.tags[i] in _ADJECTIVES for i in between)
    if first.possessive:
        return len(between) <= _REACH and all(scene.tags[i] in _PLAIN or _possessive(scene, i) for i in between)
    cues = scene.lexicon.cues
    beside = not between and first.kind != "PER"
    return beside and (cues.verb_last or not (cues.endings or cues.inverts or _introduced(scene, first)))


def _possessive(scene: Scene, i: int) -> bool:
    return i in scene.covered("after:of") or scene.words.folded[i] == "'"


def _introduced(scene: Scene, chunk: Chunk) -> bool:
    """Whether a preposition brings the name: "in Lyon | police arrested"."""
    return chunk.start > 0 and scene.tags[chunk.start - 1] == "marker"


def with_owned(scene: Scene, chunks: list[Chunk]) -> list[Chunk]:
    """Names behind a description that belong to it: "embassy of | Chile", "avion | azer", "полиция | Алматы"."""
    for first, second in pairwise(chunks):
        if _is_part(scene, first, second):
            chunks[first.index] = replace(first, owner=second.index)
            chunks[second.index] = replace(second, left=first.left, markers=first.markers)
            continue
        head = _head(chunks, first)
        if head is None or second.owner is not None or second.thing is not None:
            continue
        if _follows(scene, head, first, second):
            chunks[second.index] = replace(second, owner=head.index)
    return chunks


def _is_part(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether what is described first is a part of the next: "the buildings of | an embassy", which were hit."""
    if first.thing is None or second.thing is None or {first.kind, second.kind} != {"FAC"} or first.owner is not None:
        return False
    between = range(first.end, second.start)
    genitive = scene.covered("before:of")
    marked = any(i in genitive for i in between) or (not between and "of" in second.markers)
    return marked and len(between) <= _REACH and all(scene.tags[i] == "articles" or i in genitive for i in between)


def _head(chunks: Sequence[Chunk], chunk: Chunk) -> Chunk | None:
    """The description that a chunk is, or that it belongs to from behind: "embassy of | Chile | ..."."""
    if chunk.owner is not None and chunk.owner < chunk.index:
        chunk = chunks[chunk.owner]
    return chunk if chunk.thing is not None and chunk.owner is None else None


def _follows(scene: Scene, head: Chunk, first: Chunk, second: Chunk) -> bool:
    cues, between = scene.lexicon.cues, range(first.end, second.start)
    if cues.verb_last or len(between) > _REACH:
        return False
    genitive = scene.covered("before:of")
    tags = [scene.tags[i] for i in between]
    if second.kind == "NORP":
        return cues.inverts and all(tag in _PLAIN or i in genitive for i, tag in zip(between, tags, strict=True))
    if second.kind == first.kind == "PROD" and not between:
        return False
    if second.kind == "LOC" and head.thing and head.thing.local and second.markers & {"in", "from"}:
        return all(tag in {"articles", "marker", "adverbs"} for tag in tags)  # "ambasada sa | de la | Kiev"
    joined = all(tag == "articles" or i in genitive for i, tag in zip(between, tags, strict=True))
    if not joined or not _genitive(scene, second, between):
        return False
    return second.kind in _WHOSE


def _genitive(scene: Scene, second: Chunk, between: range) -> bool:
    """Whether the name stands in the genitive: by a preposition that makes one, or by its ending alone."""
    if any(i in scene.covered("before:of") for i in between):
        return "of" in second.markers
    if not between and second.markers == {NOMINATIVE} and second.kind in {"LOC", "FAC"}:
        return "of" in scene.lexicon.cues.endings  # "полиция | Алматы": a name that does not change
    if not between and not scene.lexicon.cues.endings and second.kind in {"LOC", "FAC"}:
        named = {label for _, label in second.entity.labels}
        return not second.markers and second.link.mention.surface not in named  # "ο δήμαρχος | Καρδίτσας"
    bare = second.markers - {"acc", "to", "by", "in", NOMINATIVE} <= {"of"}
    return "of" in scene.lexicon.cues.endings and bare and ("of" in second.markers or not second.markers)


def with_appositions(scene: Scene, chunks: list[Chunk]) -> list[Chunk]:
    """People named behind what describes them: "her counterpart from | Moldova, | Maia Sandu"."""
    for name in chunks:
        described = _described_before(scene, chunks, name) if name.kind == "PER" and name.thing is None else None
        if described is None or name.link.mention.nominal:
            continue
        for one in chunks[described.index : name.index]:
            chunks[one.index] = replace(one, owner=name.index)
        chunks[name.index] = replace(chunks[name.index], left=min(described.left, name.left))
    return chunks


def _described_before(scene: Scene, chunks: Sequence[Chunk], name: Chunk) -> Chunk | None:
    i = name.start - 1
    if i < 1 or scene.tags[i] != "comma" or _listed(scene, name):
        return None
    for one in reversed(chunks[: name.index]):
        between = range(one.end, i)
        if len(between) > _REACH or not all(scene.tags[j] in _PLAIN | {"marker"} for j in between):
            return None
        if one.kind == "PER":
            alone = one.thing is not None and not one.thing.group and one.owner is None
            return one if alone or one.link.mention.nominal else None
        i = one.left
    return None


def _listed(scene: Scene, name: Chunk) -> bool:
    """Whether the name may be the next of a list: "the minister, Ana Ruiz and Carlos Vega"."""
    return name.end < len(scene.tags) and scene.tags[name.end] == "and"


def named_behind(chunks: list[Chunk]) -> list[Chunk]:
    """A description behind a name of its kind only says what it is: "Iskander | missile", "SOCAR | company"."""
    for first, second in pairwise(chunks):
        same = second.thing is not None and first.thing is None and first.kind == second.kind
        if same and first.end == second.start and first.owner is None and second.owner is None:
            chunks[second.index] = replace(second, owner=first.index)
    return chunks


def nation_of(scene: Scene, chunk: Chunk) -> Chunk | None:
    """The country or nationality that describes a description."""
    return next((one for one in scene.chunks if one.owner == chunk.index and one.kind in _COUNTRIES), None)


def _counted(scene: Scene, start: int) -> int:
    """How many words before a description are its number: "eight | soldiers", "10 other | people"."""
    words, numbers = scene.words.folded, scene.lexicon.numbers
    for back in (1, 2):
        word = words[start - back] if start >= back else ""
        if word.isdigit() or numbers.get(word, 0) > 1:  # not the "un" of "un avion"
            return back
    return 0


def settled(scene: Scene, chunks: Sequence[Chunk], document: Document) -> list[Chunk]:
    """The chunks with an entity for each description."""
    pairs = ((chunk, chunk.thing) for chunk in chunks)
    return [_settled(scene, chunks, chunk, thing, document) if thing else chunk for chunk, thing in pairs]


def _settled(scene: Scene, chunks: Sequence[Chunk], chunk: Chunk, thing: Thing, document: Document) -> Chunk:
    link = chunk.link
    whose = next((one for one in chunks if one.owner == chunk.index and one.thing is None), None)
    surface = link.mention.span.of(document.text)
    mention = replace(link.mention, surface=surface)
    whose = whose or (_its_country(scene, chunks, chunk) if thing.acts else None)
    if thing.acts and whose is not None and whose.kind != "PER":
        score = round(min(link.score, whose.link.score), 3)
        mention = replace(mention, kind="LOC" if whose.kind == "NORP" else whose.kind)
        return replace(chunk, link=replace(link, mention=mention, entity=whose.entity, score=score, method=NATION))
    # A group of people is another one in the next sentence; the plane remains the plane.
    where = str(scene.sentence.span.start) if thing.group else ""
    owner = whose.entity.iri if whose else ""
    iri = "entity/" + content_id("described", document.id, thing.name, owner, where)
    label = _label(scene, chunks, chunk, document)
    entity = Entity(iri, None, thing.kind, ((scene.sentence.lang, label),))
    return replace(chunk, link=replace(link, mention=mention, entity=entity))


def _its_country(scene: Scene, chunks: Sequence[Chunk], chunk: Chunk) -> Chunk | None:
    """The one country named before "its forces": "the Chilean ministry said its forces ..."; None: none, or several."""
    if not scene.covered("his") & {chunk.start - 1, chunk.start - 2, chunk.end}:
        return None
    before = [one for one in chunks if one.kind in _COUNTRIES and one.thing is None and one.end <= chunk.start]
    return before[0] if len({one.entity.iri for one in before}) == 1 else None


def _label(scene: Scene, chunks: Sequence[Chunk], chunk: Chunk, document: Document) -> str:
    """The description with the names that belong to it, as the article puts them: "embassy of Chile"."""
    parts = [one for one in chunks if chunk.index in (one.owner, one.index)]
    start, end = min(one.start for one in parts), max(one.end for one in parts)
    start -= _counted(scene, start)
    if end - start > _LABEL:
        start, end = chunk.start, chunk.end
    return " ".join(scene.span(start, end).of(document.text).split())
