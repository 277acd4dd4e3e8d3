"""Relations told by words: who a relational noun or verb of `relations.toml` is said of, and whose it is.

A noun has a possessor ("of Acme", "Acme's", "his") and a holder ("A, the director of Acme", "A is the director of
Acme", "Acme's director A"). Where several names could be one of them, the nearest whose kind the relation allows is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.endings import NOMINATIVE
from kg.extract.holders import PRONOUN, Named, head_of, holders, name_at
from kg.extract.lexicon import Related
from kg.extract.memory import Memory
from kg.extract.phrases import Hit
from kg.extract.scene import Chunk, Scene
from kg.model import Link

_NOUN, _VERB = 0.8, 0.75  # how surely such words say so; set by hand, see benchmarks/relation_accuracy.py
_LOOSE = 0.9  # factor where words stand between noun and possessor
_SMALL = 3  # small words between a relational word and a name beside it, at most
_BODIES = frozenset({"ORG", "LOC", "FAC"})
_QUOTED = 2  # a generic noun and a quotation mark between a noun and a name, at most
_TITLES = 4  # words between a noun and its possessor, at most: "wife of former finance minister Vega"
_DENIES = 3  # words between a cue of modality and the word that it denies or leaves open, at most
_DESCRIBING = frozenset({"word", "noun", "adverbs", "articles"})
_JOINTS = frozenset({"articles", "marker", "comma", "mark", "quote", "adverbs"})
_OPEN = ("negation", "hypothetical", "wide_hypothetical", "future", "demanded", "promised", "negated")

Fits = Callable[[str, Link, Link], bool]  # (predicate, subject, object) -> whether domain and range allow it


@dataclass(frozen=True, slots=True)
class Found:
    """A relation found: (subject, predicate, object), how surely, and by which rule."""

    predicate: str
    subject: Link
    object: Link
    score: float
    rule: str


Pair = tuple[Named, Named, bool]  # (holder, possessor, whether other words stand between noun and possessor)


def told(scene: Scene, memory: Memory, offices: Sequence[Hit[Related]], fits: Fits) -> Iterator[Found]:
    """The relations of a scene; what domain or range refuses comes too where nothing else fits, to be counted.

    `offices` are the hits of offices.toml: they say more than "head" on the same words.
    """
    covered = {i for one in offices for i in range(one.start, one.end)}
    heads = [one for one in scene.found.relations if not covered.issuperset(range(one.start, one.end))]
    hits = [hit for hit in (*offices, *heads) if not _inside_name(scene, hit)]
    for hit in hits:
        longer = (one for one in hits if one.start <= hit.start and hit.end <= one.end)
        if any(one.end - one.start > hit.end - hit.start for one in longer) or _left_open(scene, hit):
            continue
        form = hit.item[1]
        pairs = _by_noun if form == "noun" else _by_attribute if form == "attribute" else _by_verb
        read = [_reading(hit, pair, other=other) for other in (False, True) for pair in pairs(scene, hit, memory)]
        found = [one for one in read if one]
        best = next((one for one in found if fits(one.predicate, one.subject, one.object)), None)
        yield from [best] if best else found[:1]


def _reading(hit: Hit[Related], pair: Pair, *, other: bool) -> Found | None:
    """What a pair would say: by the relation's predicate, or by the `other` one for kinds that it does not allow."""
    relation, form = hit.item
    holder, whose, loose = pair
    predicate = relation.otherwise if other else relation.loose if loose else relation.predicate
    wrong = not _allowed(relation.whose, whose) or not _allowed(relation.holder, holder)
    if predicate is None or wrong or (other and loose):
        return None
    subject, object_ = (whose, holder) if relation.turned else (holder, whose)
    score = (_NOUN if form == "noun" else _VERB) * holder.factor * whose.factor * (_LOOSE if loose else 1)
    return Found(predicate, subject.link, object_.link, round(score, 3), relation.name)


def _allowed(kinds: frozenset[str], name: Named) -> bool:
    return not kinds or name.link.mention.kind in kinds


def _inside_name(scene: Scene, hit: Hit[Related]) -> bool:
    return any(scene.at[i] >= 0 and not scene.chunks[scene.at[i]].thing for i in range(hit.start, hit.end))


def _left_open(scene: Scene, hit: Hit[Related]) -> bool:
    """Whether it is denied, planned or only supposed: "is not the director of", "may join"."""
    if hit.end - 1 in scene.covered("negated"):
        return True
    open_ = frozenset().union(*(scene.covered(name) for name in _OPEN))
    for i in range(hit.start - 1, max(-1, hit.start - 1 - _DENIES), -1):
        if i in open_:
            return True
        if scene.tags[i] in {"chunk", "comma", "stop", "clause", "that", "relative"}:
            return False
    return False


# --- Verbs and attributes -------------------------------------------------------------------------------


def _by_verb(scene: Scene, hit: Hit[Related], memory: Memory) -> Iterator[Pair]:
    if scene.lexicon.cues.verb_last:
        yield from _by_last_verb(scene, hit)
        return
    right = beside(scene, hit.end)
    if right is None:
        return
    for holder in holders(scene, hit.start, memory, verb=True, finite=hit.item[0].finite):
        yield holder, Named(right.link), False


def _by_last_verb(scene: Scene, hit: Hit[Related]) -> Iterator[Pair]:
    """The subject and the name right before a verb that ends its clause: "Kia | Seulda | yerləşir"."""
    object_ = name_at(scene, hit.start - 1)
    if object_ is None:
        return
    i = object_.left - 1
    while i >= 0 and scene.tags[i] in {"adverbs", "comma", "word"} and object_.left - i <= _SMALL:
        i -= 1
    subject = name_at(scene, i)
    if subject and not subject.markers - {NOMINATIVE}:
        yield Named(subject.link), Named(object_.link), False


def _by_attribute(scene: Scene, hit: Hit[Related], memory: Memory) -> Iterator[Pair]:
    """What stands between object and subject: "Seoul | -based | Kia", "Seulda | yerləşən | Kia"."""
    del memory
    object_ = name_at(scene, hit.start - 1)
    i, words = hit.end, 0
    while i < len(scene.tags) and words < _SMALL and (scene.tags[i] in _DESCRIBING or _thing(scene, i)):
        words, i = words + 1, i + 1
    subject = name_at(scene, i)
    if object_ and subject:
        yield Named(subject.link), Named(object_.link), False


def _thing(scene: Scene, i: int) -> bool:
    return scene.at[i] >= 0 and scene.chunks[scene.at[i]].thing is not None


# --- Nouns ------------------------------------------------------------------------------------------------


def _by_noun(scene: Scene, hit: Hit[Related], memory: Memory) -> Iterator[Pair]:
    """(who the noun says it of, its possessor): the shapes from the closest to the loosest."""
    owned, named = _possessor_left(scene, hit), _bearer(scene, hit.end)
    if owned and named:
        yield Named(named.link), Named(owned.link), False  # "B's capital A"
    right = None if scene.lexicon.cues.verb_last else _possessor_right(scene, hit)
    if right:
        after, comma = _after(scene, right[0].end)
        if after and not comma:
            yield Named(after.link), Named(right[0].link), right[1]  # "директор B A"
        for holder in holders(scene, hit.start, memory, verb=False):
            yield holder, Named(right[0].link), right[1]  # "A, the capital of B", "A is the capital of B"
        if after and comma:
            yield Named(after.link), Named(right[0].link), right[1]  # "the capital of B, A"
    if owned and not named:
        for holder in holders(scene, owned.left, memory, verb=False):
            if not scene.lexicon.cues.verb_last or hit.end - 1 in scene.covered("copula"):
                yield holder, Named(owned.link), False  # "A, B's capital", "A B-nin paytaxtıdır"
    if hit.item[0].his:
        yield from _by_pronoun(scene, hit, named, memory)


def _by_pronoun(scene: Scene, hit: Hit[Related], named: Chunk | None, memory: Memory) -> Iterator[Pair]:
    """The pronoun's name: "Vega and his wife Ana Ruiz", "his wife, Ana Ruiz, said"."""
    near = range(hit.start - _SMALL, hit.end + 1)
    named = named or _bearer(scene, hit.end, _TITLES)
    if named is None or not scene.covered("his").intersection(near):
        return
    before = [one for one in scene.free() if one.kind == "PER" and one.thing is None and one.end <= hit.start]
    if before:
        yield Named(named.link), Named(before[-1].link), False
    elif (person := memory.person()) is not None:
        yield Named(named.link), Named(person, PRONOUN), False


def _possessor_left(scene: Scene, hit: Hit[Related]) -> Chunk | None:
    """Whose it is, before the noun: "Chile's new | capital", "Rwandan | capital", "Opel | boss", "SOCAR | rəhbəri"."""
    i, genitive = hit.start - 1, scene.covered("after:of")
    while i >= 0 and hit.start - i <= _SMALL and (scene.tags[i] in {"word", "mark"} or i in genitive):
        i -= 1
    chunk = name_at(scene, i)
    if chunk is None:
        return None
    if owns(chunk) or chunk.kind == "NORP" or ("of" in chunk.markers and scene.lexicon.cues.verb_last):
        return chunk
    cues = scene.lexicon.cues
    compounds = cues.verb_last or not (cues.endings or cues.inverts)
    bare = chunk.kind == "ORG" and not chunk.markers - {NOMINATIVE} and hit.start - chunk.end <= 1
    return chunk if compounds and bare else None


def _possessor_right(scene: Scene, hit: Hit[Related]) -> tuple[Chunk, bool] | None:
    """Whose it is, behind the noun, and whether words stand between: "head of | the news desk at | Acme"."""
    marks = frozenset(hit.item[0].marks)
    brought = {i for mark in marks for i in scene.covered(f"before:{mark}")}
    other = {i for one in scene.found.relations if one.item[1] == "noun" for i in range(one.start, one.end)}
    i, plain, between, marked = hit.end, 0, 0, False
    while i < len(scene.tags) and plain <= _TITLES:
        tag = scene.tags[i]
        if i in other and not marked:
            i += 1  # "founder and | chief executive of B"
            continue
        if tag == "chunk":
            chunk = head_of(scene, scene.chunks[scene.at[i]])
            if chunk.thing is None and chunk.end > i:
                ours = marked or chunk.markers & marks or (between == plain and _bare(scene, chunk, hit, i))
                return (chunk, between > 0) if ours and not chunk.link.mention.nominal else None
            plain, i = plain + 1, max(i + 1, scene.chunks[scene.at[i]].end)
            continue
        if i in brought:
            marked, between = True, plain
        elif tag == "and" and not marked:
            plain -= 1  # "director and owner of B"
        elif i in scene.covered("class"):
            plain -= 1  # "of the newspaper | El País"
        elif tag not in {"word", "noun", "articles", "quote", "adverbs"}:
            return None
        plain += tag in {"word", "noun", "and"}
        i += 1
    return None


def _bare(scene: Scene, chunk: Chunk, hit: Hit[Related], i: int) -> bool:
    """Whether a name whose case can't be seen stands in the genitive by its place: "директор | МАГАТЭ"."""
    if "of" not in scene.lexicon.cues.endings or scene.lexicon.cues.verb_last:
        return False
    if i == hit.end and chunk.left <= hit.start:
        return True  # "один из основателей | Опеля": the preposition brings the noun
    if chunk.kind == "PER":
        return not chunk.markers  # "Елизаветы II"
    return i - hit.end <= _QUOTED and chunk.kind in _BODIES and not chunk.markers - {NOMINATIVE, "acc"}


def owns(chunk: Chunk) -> bool:
    """Whether a name stands in the possessive: "Chile's", and German "Chiles", which no preposition shows."""
    surface = chunk.link.mention.surface
    return chunk.possessive or any(surface == f"{label}s" for _, label in chunk.entity.labels)


# --- Names beside words -----------------------------------------------------------------------------------


def beside(scene: Scene, end: int, words: int = 0) -> Chunk | None:
    """The name right behind words[:end], past at most three small words and so many others."""
    i, small = end, 0
    while i < len(scene.tags) and small < _SMALL + words:
        passed = scene.tags[i] in _JOINTS or i in scene.covered("class") or (words and scene.tags[i] == "word")
        if not passed:
            break
        small, i = small + 1, i + 1
    return name_at(scene, i)


def _bearer(scene: Scene, end: int, words: int = 0) -> Chunk | None:
    chunk = beside(scene, end, words)
    if chunk is None or ("of" in chunk.markers and not scene.lexicon.cues.verb_last):
        return None
    prepositions = any(scene.tags[i] == "marker" for i in range(end, chunk.start))
    return None if prepositions else chunk


def _after(scene: Scene, end: int) -> tuple[Chunk | None, bool]:
    """The name after a possessor, and whether a comma parts them."""
    i = end
    while i < len(scene.tags) and scene.words.folded[i] in '»”"':
        i += 1
    comma = i < len(scene.tags) and scene.tags[i] == "comma"
    i += comma
    while i < len(scene.tags) and scene.tags[i] == "articles":
        i += 1
    chunk = name_at(scene, i)
    return (chunk if chunk and "of" not in chunk.markers else None), comma
