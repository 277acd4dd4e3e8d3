"""Nanopublications (TriG): one a claim, with its assertion, its provenance and its publication info.

The IRI holds a hash of what it says: a claim with new evidence is another nanopublication, as the guidelines ask.
They are unsigned and have no trusty URI: `np sign` of the nanopub tools makes both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from kg.export.format import Row, Settings
from kg.export.shelf import Node, Shelf, shelved
from kg.export.turtle import statements
from kg.rdf import ACCEPTED, PREFIXES, Short, header, node

_NP = "http://www.nanopub.org/nschema#"
_A = f"<{PREFIXES['rdf']}type>"


def nanopubs(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The nanopublications in the order of their claims."""
    namespaces = settings.namespaces | {_NP: "np"}
    yield from header(namespaces)
    short = Short(namespaces)
    with shelved(rows) as shelf:
        for claim in shelf.all("claim"):
            yield from _nanopub(claim, shelf, settings.base, short)


def _nanopub(claim: Node, shelf: Shelf, base: str, short: Short) -> Iterator[str]:
    evidence = [shelf.node(iri) for iri in claim.all("kg:evidence")]
    articles = [shelf.node(iri) for iri in sorted({one.one("nif:referenceContext") for one in evidence})]
    said = sorted(_assertion(claim))
    source = sorted(_sources(claim, evidence, articles))
    name = claim.iri.rpartition("/")[2]
    hashed = hashlib.sha256(repr((said, source)).encode()).hexdigest()[:16]
    this = f"{base}nanopub/{name}-{hashed}"
    parts = {part: f"<{this}#{part}>" for part in ("head", "assertion", "provenance", "pubinfo")}
    me = f"<{this}>"
    head = [
        (me, _A, f"<{_NP}Nanopublication>"),
        (me, f"<{_NP}hasAssertion>", parts["assertion"]),
        (me, f"<{_NP}hasProvenance>", parts["provenance"]),
        (me, f"<{_NP}hasPublicationInfo>", parts["pubinfo"]),
    ]
    derived = [(parts["assertion"], node("prov:wasDerivedFrom"), f"<{one.iri}>") for one in evidence]
    spoken = [(parts["assertion"], node("prov:wasAttributedTo"), term) for term in claim.terms("kg:attributedTo")]
    content = {
        "head": head,
        "assertion": said,
        "provenance": [*derived, *spoken, *source],
        "pubinfo": [*_published(me, articles), (me, node("prov:wasDerivedFrom"), f"<{claim.iri}>")],
    }
    for part, triples in content.items():
        yield f"\n{short[parts[part]]} {{"
        yield from statements(((*triple, "") for triple in sorted(set(triples))), short)
        yield "}\n"


def _assertion(claim: Node) -> Iterator[tuple[str, str, str]]:
    """The claim without its evidence; and the plain triple, where the graph says it outright."""
    for predicate, terms in claim.values.items():
        if predicate not in {"kg:evidence", "kg:attributedTo"}:
            yield from ((f"<{claim.iri}>", node(predicate), term) for term in terms)
    asserted = claim.one("kg:modality").endswith("#asserted") and claim.one("kg:comparator") in {"", "="}
    if asserted and (claim.number("kg:confidence") or 0) >= ACCEPTED:
        yield claim.terms("kg:subject")[0], claim.terms("kg:predicate")[0], claim.terms("kg:object")[0]


def _sources(claim: Node, evidence: Iterable[Node], articles: Iterable[Node]) -> Iterator[tuple[str, str, str]]:
    for one in (*evidence, *articles):
        for predicate, terms in one.values.items():
            yield from ((f"<{one.iri}>", node(predicate), term) for term in terms)
    for term in claim.terms("kg:attributedTo"):
        yield f"<{claim.iri}>", node("kg:attributedTo"), term


def _published(me: str, articles: Iterable[Node]) -> Iterator[tuple[str, str, str]]:
    """When: the day of the newest article, so that the same graph gives the same bytes. By what: the runs."""
    days = sorted(term for one in articles for term in one.terms("schema:datePublished"))
    if days:
        yield me, node("dcterms:created"), days[-1]
    for one in articles:
        yield from ((me, node("prov:wasGeneratedBy"), run) for run in one.terms("kg:annotatedBy"))
