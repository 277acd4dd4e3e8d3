"""Relations of things that a sentence states in passing: offices, nationality, capitals, kin, owners, seats.

Offices are read by `offices.toml`, the others by the words of `relations.toml`; what a nationality or a place says
by standing beside a name is read from the chunks. A claim that breaks the domain or range of its predicate is not
made: it is counted in `Refusals`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from kg.extract.descriptions import NATION
from kg.extract.lexicon import Related
from kg.extract.memory import Memory
from kg.extract.nations import beside_names
from kg.extract.phrases import Hit
from kg.extract.scene import Chunk, Scene
from kg.extract.told import Found, told
from kg.model import Claim, Document, Evidence, Link
from kg.names import fold
from kg.ontology import Ontology, Relation, match_roles

# How surely an office says so, beside a name and in a description of somebody who is named elsewhere; set by hand.
_OFFICE, _NOMINAL = 0.85, 0.75
_REACH = 6  # words between an office and the name of its holder, at most
_PLACES = frozenset({"LOC", "NORP", "ORG"})
_EMPLOYER = "kg:employer"
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
        """The relations of an ontology."""
        return cls(ontology, role_predicates(ontology))

    def read(
        self, scene: Scene, document: Document, memory: Memory, named: Container[str], refused: Refusals
    ) -> Iterator[Claim]:
        """The claims of a scene, each with its sentence as evidence. `named`: IRIs that the article calls by name."""
        seen: set[tuple[str, str, str]] = set()
        for found in self._found(scene, memory, named):
            predicate, subject, object_ = found.predicate, found.subject, found.object
            triple = (subject.entity.iri, predicate, object_.entity.iri)
            if not self._fits(predicate, subject, object_):
                refused.counts[predicate] += 1
            elif not self._said(triple, seen):
                symmetric = self.ontology.predicates[predicate].symmetric
                yield _claim(document, scene, found, turned=symmetric and _order(subject) > _order(object_))
            seen.add(triple)

    def _said(self, triple: tuple[str, str, str], seen: Container[tuple[str, str, str]]) -> bool:
        """Whether the sentence has said as much or more: whose president somebody is, he leads and works for."""
        subject, predicate, object_ = triple
        narrower = self.offices.values() if predicate in {self.offices["head"], _EMPLOYER} else ()
        return triple in seen or any((subject, one, object_) in seen for one in narrower)

    def _found(self, scene: Scene, memory: Memory, named: Container[str]) -> Iterator[Found]:
        yield from self._offices(scene)
        yield from self._described(scene, named)
        yield from beside_names(scene, memory)
        yield from told(scene, memory, tuple(self._office_hits(scene)), self._fits)

    def _office_hits(self, scene: Scene) -> Iterator[Hit[Related]]:
        """The offices that a sentence with a name for their holder and for their country or body speaks of."""
        kinds = {one.kind for one in scene.chunks}
        if "PER" not in kinds or not kinds & _PLACES:
            return
        for one in match_roles(scene.words.folded, scene.sentence.lang):
            predicate = self.offices.get(one.roles[0])
            if predicate:
                head = self.offices["head"]  # the president of a company is no head of state
                office = Relation("office", predicate, turned=False, words={}, whose=_PLACES, otherwise=head)
                yield Hit(one.first, one.end, (office, "noun"))

    def _fits(self, predicate: str, subject: Link, object_: Link) -> bool:
        """Whether the ends are of the classes that the predicate relates, and two."""
        known = self.ontology.predicates[predicate]
        ends = ((known.domain, subject), (known.range, object_))
        kinds = all(cls is None or cls not in _KINDS or end.mention.kind in _KINDS[cls] for cls, end in ends)
        return kinds and subject.entity.iri != object_.entity.iri

    def _offices(self, scene: Scene) -> Iterator[Found]:
        """(person, kg:headOfStateOf, country) for "Azerbaijan's President Ilham Aliyev"."""
        for person in scene.chunks:
            if person.kind != "PER" or person.owner is not None or person.link.mention.nominal:
                continue
            for place in scene.chunks:
                if place.owner == person.index and place.kind in _PLACES and place.link.method != NATION:
                    predicate = self._office(scene, place, person)
                    if predicate:
                        yield Found(predicate, person.link, place.link, _OFFICE, "office")

    def _office(self, scene: Scene, place: Chunk, person: Chunk) -> str | None:
        role = _role(scene, place, person)
        return self._predicate(role, person.link, place.link) if role else None

    def _predicate(self, role: str, person: Link, place: Link) -> str | None:
        predicate = self.offices.get(role)
        if predicate and not self._fits(predicate, person, place):
            return self.offices["head"]  # the president of a company is no head of state
        return predicate

    def _described(self, scene: Scene, named: Container[str]) -> Iterator[Found]:
        """The same for "the Azerbaijani president", where the article says elsewhere who that is."""
        for person in scene.chunks:
            if person.kind != "PER" or not person.link.mention.nominal or person.entity.iri not in named:
                continue
            words = [fold(word) for word in scene.words.folded[person.start : person.end]]
            role = next((one.roles[0] for one in match_roles(words, scene.sentence.lang)), None)
            places = [one for one in scene.inner if person.link.mention.span.covers(one.mention.span)]
            places += [one.link for one in scene.chunks if one.owner == person.index]
            place = next((one for one in places if one.mention.kind in _PLACES), None)
            predicate = self._predicate(role, person.link, place) if role and place else None
            if predicate and place:
                yield Found(predicate, person.link, place, _NOMINAL, "described office")


def role_predicates(ontology: Ontology) -> Mapping[str, str]:
    """Role of offices.toml -> predicate; a role that news.ttl has none for is left out."""
    groups = {"president": "head_of_state", "monarch": "head_of_state", "supreme_leader": "head_of_state"}
    groups |= dict.fromkeys(("prime_minister", "chancellor", "president_government"), "head_of_government")
    groups |= dict.fromkeys(("interior_minister", "finance_minister"), "minister")
    groups |= dict.fromkeys(("chair", "secretary_general", "leader"), "head")
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
    """Whether another noun stands between, the owner first: "İstanbul | Barosu | Başkanı", "EU trade chief"."""
    between = [i for i in range(place.end, office) if scene.tags[i] == "word"]
    compounds = scene.lexicon.cues.verb_last or (place.kind == "ORG" and not place.possessive)
    return compounds and bool(between)


# --- Claims -----------------------------------------------------------------------------------------------


def _order(link: Link) -> tuple[int, str]:
    """The order in which a symmetric relation is written: wd:Q159 before wd:Q7747."""
    return len(link.entity.iri), link.entity.iri


def _claim(document: Document, scene: Scene, found: Found, *, turned: bool) -> Claim:
    sentence = scene.sentence
    evidence = Evidence(
        document=document.id,
        span=sentence.span,
        quote=sentence.span.of(document.text),
        lang=sentence.lang,
        method=f"relation:{found.rule}",
        score=round(found.score * min(found.subject.score, found.object.score), 3),
    )
    ends = (found.subject.entity.iri, found.object.entity.iri)
    subject, object_ = reversed(ends) if turned else ends
    return Claim(subject, found.predicate, object_, None, "asserted", None, (evidence,))
