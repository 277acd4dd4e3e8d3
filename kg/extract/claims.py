"""Reports as claims: what an event is, who took part, when, where, how many; and what that makes of two parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.extract.draft import Draft
from kg.model import Claim, Document, Evidence, Modality, Quantity, When
from kg.ontology import Ontology

_COUNT = "kg:count"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns what one draft says into claims with the draft's evidence."""

    document: Document
    draft: Draft

    def claim(
        self, triple: tuple[str, str, str | Quantity | When], factor: float = 1.0, *, dated: bool = False
    ) -> Claim:
        """A claim with the draft's modality and source; `dated` puts the event's time on the claim itself."""
        draft, sentence = self.draft, self.draft.sentence
        evidence = Evidence(
            document=self.document.id,
            span=sentence.span,
            quote=sentence.span.of(self.document.text),
            lang=sentence.lang,
            method=f"event:{draft.type.notation}:{draft.form}",
            score=round(draft.score * factor, 3),
        )
        time = draft.time.value if dated and draft.time else None
        source = draft.attributed_to.iri if draft.attributed_to else None
        return Claim(*triple, time, draft.modality, source, (evidence,))


def report_claims(
    document: Document, drafts: Sequence[Draft], iris: Sequence[str], ontology: Ontology
) -> Iterator[Claim]:
    """The claims of all drafts, in their order. `iris` gives the event of each."""
    for index, draft in enumerate(drafts):
        writer = _Writer(document, draft)
        yield from _event_claims(writer, iris[index])
        if draft.cause is not None and draft.quantity:
            if iris[draft.cause] != iris[index]:
                yield writer.claim((iris[index], "kg:causedBy", iris[draft.cause]), 0.8)
            yield writer.claim((iris[draft.cause], _count_predicate(draft), draft.quantity), 0.8)
        yield from _direct_claims(writer, ontology)


def _event_claims(writer: _Writer, event: str) -> Iterator[Claim]:
    draft = writer.draft
    yield writer.claim((event, "rdf:type", draft.type.iri))
    for one in draft.participants:
        if one.role != "place":
            yield writer.claim((event, f"kg:{one.role}", one.entity.iri), one.score)
    if draft.place:
        yield writer.claim((event, "sem:hasPlace", draft.place.entity.iri), draft.place.score)
    if draft.time:
        yield writer.claim((event, "kg:time", draft.time))
    if draft.quantity:
        yield writer.claim((event, _count_predicate(draft), draft.quantity))


def _count_predicate(draft: Draft) -> str:
    return draft.type.count_predicate or _COUNT


def _direct_claims(writer: _Writer, ontology: Ontology) -> Iterator[Claim]:
    """Who met whom: between the roles that the type names; a symmetric relation in one direction only."""
    draft = writer.draft
    if not draft.type.direct:
        return
    first, second = draft.type.direct_roles
    symmetric = ontology.predicates[draft.type.direct].symmetric
    givers = [one for one in draft.participants if one.role == first]
    takers = [one for one in draft.participants if one.role == second]
    if first != second and not takers and draft.type.roles[0].many and len(givers) == 2:
        givers, takers = givers[:1], givers[1:]  # "X and Y spoke by phone": nobody says who rang
    for one in givers:
        for other in takers:
            subject, object_ = one.entity.iri, other.entity.iri
            if subject != object_ and not (symmetric and _order(subject) > _order(object_)):
                yield writer.claim((subject, draft.type.direct, object_), min(one.score, other.score), dated=True)


def _order(iri: str) -> tuple[int, str]:
    """Of two IRIs, the order in which a symmetric relation is written: wd:Q159 before wd:Q7747."""
    return len(iri), iri


def merged(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Each claim once for each source, with all its evidence, in the order of its first."""
    found: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.id, claim.attributed_to), []).append(claim)
    return tuple(_with_evidence(same) if len(same) > 1 else same[0] for same in found.values())


def _with_evidence(same: Sequence[Claim]) -> Claim:
    best: Mapping[tuple[int, int, str], Evidence] = {
        (one.span.start, one.span.end, one.method): one
        for one in sorted((one for claim in same for one in claim.evidence), key=lambda one: one.score)
    }
    evidence = tuple(sorted(best.values(), key=lambda one: (one.span, one.method)))
    known = same[0]
    modality: Modality = known.modality
    return Claim(known.subject, known.predicate, known.object, known.time, modality, known.attributed_to, evidence)
