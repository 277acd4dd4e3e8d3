"""Relations of entities that a sentence states in passing: whose president somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.extract.scene import Chunk, Scene
from kg.model import Claim, Document, Evidence
from kg.names import fold
from kg.ontology import Ontology, match_roles

_SCORE = 0.85
_REACH = 6  # words between an office and the name of its holder, at most
_FORMER = "past"  # the role of words such as "former", where offices.toml has one
_PLACES = frozenset({"LOC", "NORP", "ORG"})


def role_predicates(ontology: Ontology) -> Mapping[str, str]:
    """Role of offices.toml -> predicate. What news.ttl has no narrower one for is "holds office in"."""
    groups = {"president": "head_of_state", "monarch": "head_of_state", "supreme_leader": "head_of_state"}
    groups |= dict.fromkeys(("prime_minister", "chancellor", "president_government"), "head_of_government")
    known = {one.notation: one.iri for one in ontology.predicates.values() if one.notation}
    return known | {role: known[group] for role, group in groups.items()}


def relations_in(scene: Scene, document: Document, predicates: Mapping[str, str]) -> Iterator[Claim]:
    """Position claims: (person, kg:headOfStateOf, country) for "Azerbaijan's President Ilham Aliyev"."""
    for person in scene.chunks:
        if person.kind != "PER" or person.owner is not None or person.link.mention.nominal:
            continue
        for place in scene.chunks:
            if place.owner == person.index and place.kind in _PLACES:
                predicate = _office(scene, place, person, predicates)
                if predicate:
                    yield _claim(document, scene, person, predicate, place)


def _office(scene: Scene, place: Chunk, person: Chunk, predicates: Mapping[str, str]) -> str | None:
    """The predicate of the office between (or before) the country and the name."""
    start = max(0, person.left - 1 if place.start == person.left else person.left)
    first = min(start, place.start)
    while first > 0 and scene.tags[first - 1] == "word" and place.start - first < _REACH:
        first -= 1
    words = [fold(word) for word in scene.words.folded[first : person.start]]
    inside = {scene.words.folded[i] for i in range(place.start, place.end)}
    found = match_roles(words, scene.sentence.lang, gap=lambda word: word in inside)
    if not found:
        return None
    return next((predicates[role] for role in found[-1].roles if role in predicates), None)


def _claim(document: Document, scene: Scene, person: Chunk, predicate: str, place: Chunk) -> Claim:
    sentence = scene.sentence
    evidence = Evidence(
        document=document.id,
        span=sentence.span,
        quote=sentence.span.of(document.text),
        lang=sentence.lang,
        method="relation:office",
        score=round(_SCORE * min(person.link.score, place.link.score), 3),
    )
    return Claim(person.entity.iri, predicate, place.entity.iri, None, "asserted", None, (evidence,))
