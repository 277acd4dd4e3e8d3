"""Relations of things that a sentence states in passing: offices, nationality, capitals, kin, owners, seats.

Offices are read by `offices.toml`, the others by the words of `relations.toml`; what a nationality or a place says
by standing beside a name is read from the chunks. A claim that breaks the domain or range of its predicate is not
made: it is counted in `Refusals`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.extract.descriptions import NATION
from kg.extract.lexicon import Related
from kg.extract.phrases import Hit
from kg.extract.scene import Chunk, Scene
from kg.model import Claim, Document, Evidence
from kg.names import fold
from kg.ontology import Ontology, match_roles

# How surely each way of putting it says so; set by hand, see benchmarks/relation_accuracy.py.
_OFFICE, _NOUN, _VERB, _NATION, _INSIDE = 0.85, 0.8, 0.75, 0.65, 0.7
_REACH = 6  # words between an office and the name of its holder, at most
_SMALL = 3  # small words between a relational noun and its names, at most
_PLACES = frozenset({"LOC", "NORP", "ORG"})
_JOINTS = frozenset({"articles", "marker", "comma", "mark", "quote", "adverbs"})
_KINDS: Mapping[str, frozenset[str]] = {
    "kg:Person": frozenset({"PER"}),
    "kg:Place": frozenset({"LOC", "FAC", "NORP"}),  # a nationality stands for its country
    "kg:Organisation": frozenset({"ORG"}),
    "kg:Product": frozenset({"PROD"}),
    "kg:Actor": frozenset({"PER", "ORG", "LOC", "FAC", "NORP"}),
}


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many claims each predicate's domain or range refused."""

    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Relations:
    """Reads the relations of scenes by an ontology."""

    ontology: Ontology
    offices: Mapping[str, str]  # role of offices.toml -> predicate

    @classmethod
    def of(cls, ontology: Ontology) -> Relations:
        """The relations of an ontology. What news.ttl has no narrower predicate for is "head of"."""
        return cls(ontology, role_predicates(ontology))

    def read(self, scene: Scene, document: Document, refused: Refusals) -> Iterator[Claim]:
        """The claims of a scene, each with its sentence as evidence."""
        for found in (*self._offices(scene), *_nationalities(scene), *_insides(scene), *_told(scene)):
            predicate, subject, object_ = found.predicate, found.subject, found.object
            if self._fits(predicate, subject, object_):
                symmetric = self.ontology.predicates[predicate].symmetric
                yield _claim(document, scene, found, turned=symmetric and _order(subject) > _order(object_))
            else:
                refused.counts[predicate] += 1

    def _fits(self, predicate: str, subject: Chunk, object_: Chunk) -> bool:
        """Whether the ends are of the classes that the predicate relates, and two."""
        known = self.ontology.predicates[predicate]
        ends = ((known.domain, subject), (known.range, object_))
        kinds = all(cls is None or cls not in _KINDS or end.kind in _KINDS[cls] for cls, end in ends)
        return kinds and subject.entity.iri != object_.entity.iri

    def _offices(self, scene: Scene) -> Iterator[_Found]:
        """(person, kg:headOfStateOf, country) for "Azerbaijan's President Ilham Aliyev"."""
        for person in scene.chunks:
            if person.kind != "PER" or person.owner is not None or person.link.mention.nominal:
                continue
            for place in scene.chunks:
                if place.owner == person.index and place.kind in _PLACES and place.link.method != NATION:
                    predicate = self._office(scene, place, person)
                    if predicate:
                        yield _Found(predicate, person, place, _OFFICE, "office")

    def _office(self, scene: Scene, place: Chunk, person: Chunk) -> str | None:
        role = _role(scene, place, person)
        predicate = self.offices.get(role) if role else None
        if predicate and not self._fits(predicate, person, place):
            return self.ontology.predicate_for("head")  # the president of a company is no head of state
        return predicate


@dataclass(frozen=True, slots=True)
class _Found:
    """A relation found: (subject, predicate, object), how surely, and by which rule."""

    predicate: str
    subject: Chunk
    object: Chunk
    score: float
    rule: str


def role_predicates(ontology: Ontology) -> Mapping[str, str]:
    """Role of offices.toml -> predicate. What news.ttl has no narrower one for is "holds office in"."""
    groups = {"president": "head_of_state", "monarch": "head_of_state", "supreme_leader": "head_of_state"}
    groups |= dict.fromkeys(("prime_minister", "chancellor", "president_government"), "head_of_government")
    known = {one.notation: one.iri for one in ontology.predicates.values() if one.notation}
    return known | {role: known[group] for role, group in groups.items()}


def _role(scene: Scene, place: Chunk, person: Chunk) -> str | None:
    """The office between (or before) the country and the name."""
    start = max(0, person.left - 1 if place.start == person.left else person.left)
    first = min(start, place.start)
    while first > 0 and scene.tags[first - 1] == "word" and place.start - first < _REACH:
        first -= 1
    words = [fold(word) for word in scene.words.folded[first : person.start]]
    inside = {scene.words.folded[i] for i in range(place.start, place.end)}
    found = match_roles(words, scene.sentence.lang, gap=lambda word: word in inside)
    if not found or _others(scene, place, first + found[-1].first):
        return None
    return found[-1].roles[0]


def _others(scene: Scene, place: Chunk, office: int) -> bool:
    """Whether another noun stands between, where the owner comes first: "İstanbul | Barosu | Başkanı"."""
    between = range(place.end, office)
    return scene.lexicon.cues.verb_last and any(scene.tags[i] == "word" for i in between)


def _nationalities(scene: Scene) -> Iterator[_Found]:
    """(person, kg:citizenOf, country) for "Chilean singer Ana Ruiz"; an office says something else."""
    for one in scene.chunks:
        person = scene.chunks[one.owner] if one.owner is not None else None
        if one.kind != "NORP" or person is None or person.kind != "PER" or person.link.mention.nominal:
            continue
        if person.start > one.start and _role(scene, one, person) is None:
            yield _Found("kg:citizenOf", person, one, _NATION, "nationality")


def _insides(scene: Scene) -> Iterator[_Found]:
    """(town, kg:locatedIn, country) for "Dushanbe, Tajikistan"."""
    for one in scene.chunks:
        other = scene.chunks[one.owner] if one.owner is not None else None
        if other is None or {one.kind, other.kind} - {"LOC", "FAC"} or one.thing or other.thing:
            continue
        inner, outer = (one, other) if scene.lexicon.cues.verb_last and one.start > other.start else (other, one)
        if outer.kind == "LOC":
            yield _Found("kg:locatedIn", inner, outer, _INSIDE, "inside")


# --- Words of relations.toml ----------------------------------------------------------------------------


def _told(scene: Scene) -> Iterator[_Found]:
    for hit in scene.found.relations:
        relation, form = hit.item
        if any(scene.at[i] >= 0 and not scene.chunks[scene.at[i]].thing for i in range(hit.start, hit.end)):
            continue  # inside a name
        pair = _by_verb(scene, hit) if form == "verb" else _by_noun(scene, hit)
        if pair is not None:
            subject, object_ = reversed(pair) if relation.turned else pair
            score = _NOUN if form == "noun" else _VERB
            yield _Found(relation.predicate, subject, object_, score, relation.name)


def _by_verb(scene: Scene, hit: Hit[Related]) -> tuple[Chunk, Chunk] | None:
    left, right = _left(scene, hit.start, {"comma", "adverbs", "mark", "articles"}), _right(scene, hit.end)
    if scene.lexicon.cues.verb_last:
        return None
    return (left, right) if left and right and not left.markers - {"nom", "acc"} else None


def _by_noun(scene: Scene, hit: Hit[Related]) -> tuple[Chunk, Chunk] | None:
    """(who the noun says it of, its possessor): "A, the capital of B", "the capital of B, A", "B's capital A"."""
    right = _right(scene, hit.end)
    if right is None:
        return None
    owned = _left(scene, hit.start, set())
    if owned and (_owns(owned) or owned.kind == "NORP" or "of" in owned.markers) and "of" not in right.markers:
        return right, owned
    with_his = _left(scene, hit.start, {"and", "articles", "adverbs", "marker"})
    if with_his and right.kind == with_his.kind == "PER" and with_his.end < hit.start and "of" not in right.markers:
        joined = any(
            scene.tags[i] == "and" or i in scene.covered("before:with") for i in range(with_his.end, hit.start)
        )
        return (right, with_his) if joined else None  # "Vega and his wife Ana Ruiz"
    if scene.lexicon.cues.verb_last or not _genitive(scene, hit.end, right):
        return None
    named = _right(scene, right.end)
    if named is not None and "of" not in named.markers:
        return named, right
    before = _left(scene, hit.start, {"articles", "comma", "adverbs"})
    apart = before is not None and before.end < hit.start
    return (before, right) if before and apart and not before.markers - {"nom", "acc"} else None


def _owns(chunk: Chunk) -> bool:
    """Whether a name stands in the possessive: "Chile's", and German "Chiles", which no preposition shows."""
    surface = chunk.link.mention.surface
    return chunk.possessive or any(surface == f"{label}s" for _, label in chunk.entity.labels)


def _genitive(scene: Scene, end: int, right: Chunk) -> bool:
    between = range(end, right.start)
    return "of" in right.markers or any(i in scene.covered("before:of") for i in between)


def _left(scene: Scene, start: int, passed: set[str]) -> Chunk | None:
    i = start - 1
    genitive = scene.covered("after:of")
    while i >= 0 and start - i <= _SMALL and (scene.tags[i] in passed or i in genitive or scene.words.folded[i] == "'"):
        i -= 1
    return _name(scene, i)


def _right(scene: Scene, end: int) -> Chunk | None:
    i = end
    while i < len(scene.tags) and i - end < _SMALL and scene.tags[i] in _JOINTS:
        i += 1
    return _name(scene, i)


def _name(scene: Scene, i: int) -> Chunk | None:
    """The name at a word: not what is only described, and no office."""
    chunk = scene.chunks[scene.at[i]] if 0 <= i < len(scene.at) and scene.at[i] >= 0 else None
    return chunk if chunk and chunk.thing is None and not chunk.link.mention.nominal else None


# --- Claims -----------------------------------------------------------------------------------------------


def _order(chunk: Chunk) -> tuple[int, str]:
    """The order in which a symmetric relation is written: wd:Q159 before wd:Q7747."""
    return len(chunk.entity.iri), chunk.entity.iri


def _claim(document: Document, scene: Scene, found: _Found, *, turned: bool) -> Claim:
    sentence = scene.sentence
    evidence = Evidence(
        document=document.id,
        span=sentence.span,
        quote=sentence.span.of(document.text),
        lang=sentence.lang,
        method=f"relation:{found.rule}",
        score=round(found.score * min(found.subject.link.score, found.object.link.score), 3),
    )
    ends = (found.subject.entity.iri, found.object.entity.iri)
    subject, object_ = reversed(ends) if turned else ends
    return Claim(subject, found.predicate, object_, None, "asserted", None, (evidence,))
