"""Claims that fit their predicate: subject and object of the classes that the ontology's domain and range ask for.

A claim that does not fit is refused before it is written, so the graph holds none. What has no known class (an office
that only a claim names) is given the benefit of the doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from kg.model import Claim, Kind, Link, Report
from kg.ontology import load_ontology

CLASSES: Mapping[Kind, str] = {
    "PER": "kg:Person",
    "LOC": "kg:Place",
    "ORG": "kg:Organisation",
    "EVT": "kg:NamedEvent",
    "PROD": "kg:Product",
    "FAC": "kg:Facility",
    "NORP": "kg:Group",
}


def fitting(
    claims: Iterable[Claim], links: Iterable[Link], reports: Iterable[Report]
) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """(claims to write, claims refused), each in the order given."""
    kinds = _kinds(links, reports)
    kept: list[Claim] = []
    refused: list[Claim] = []
    for claim in claims:
        (kept if _fits(claim, kinds) else refused).append(claim)
    return tuple(kept), tuple(refused)


def _kinds(links: Iterable[Link], reports: Iterable[Report]) -> dict[str, set[Kind]]:
    found: dict[str, set[Kind]] = {}
    for link in links:
        found.setdefault(link.entity.iri, set()).add(link.entity.kind)
    for report in reports:
        others = (one for one in (report.place, report.attributed_to) if one)
        for entity in (*(participant.entity for participant in report.participants), *others):
            found.setdefault(entity.iri, set()).add(entity.kind)
    return found


def _fits(claim: Claim, kinds: Mapping[str, set[Kind]]) -> bool:
    predicate = load_ontology().predicates.get(claim.predicate)
    if predicate is None:
        return True
    value = claim.object
    if not isinstance(value, str):  # a count or a time: no thing may stand where a number does
        return not predicate.resource and _is(claim.subject, predicate.domain, kinds)
    return _is(claim.subject, predicate.domain, kinds) and _is(value, predicate.range, kinds)


def _is(iri: str, wanted: str | None, kinds: Mapping[str, set[Kind]]) -> bool:
    if wanted is None:
        return True
    if iri.startswith("event/"):
        return wanted in classes_above("kg:Event")
    known = kinds.get(iri)
    return not known or any(wanted in classes_above(CLASSES[kind]) for kind in known)


@cache
def classes_above(curie: str) -> frozenset[str]:
    """A class with all classes that it is a subclass of."""
    term = load_ontology().classes.get(curie)
    parents = term.parents if term else ()
    return frozenset({curie}).union(*(classes_above(parent) for parent in parents))
