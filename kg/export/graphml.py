"""GraphML for Gephi, Cytoscape and networkx: entities and events as nodes, claims between them as edges."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kg.export.format import Row, Settings
from kg.export.happening import Happening, happenings, qid
from kg.export.rdfxml import NO_XML
from kg.export.shelf import Node, Shelf, shelved
from kg.rdf import CLASSES, compact

_KINDS = {name: kind for kind, name in CLASSES.items()}
_NODE = {
    "label": "string",
    "kind": "string",
    "qid": "string",
    "lat": "double",
    "long": "double",
    "mentions": "int",
    "time": "string",
}
_EDGE = {
    "predicate": "string",
    "modality": "string",
    "confidence": "double",
    "date": "string",
    "sources": "int",
    "claim": "string",
}


def graph_ml(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """The document in pieces. Edges carry what tells claims apart, so two claims of one pair are two edges."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for target, keys in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in keys.items():
            yield f'  <key id="{target[0]}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '  <graph edgedefault="directed">\n'
    with shelved(rows) as shelf:
        for node in shelf.all("entity"):
            yield _element("node", f"id={_quoted(node.iri)}", _entity(node, shelf))
        for event in happenings(shelf):
            yield _element("node", f"id={_quoted(event.iri)}", _event(event, shelf))
        for claim in shelf.all("claim"):
            yield from _edge(claim, shelf)
    yield "  </graph>\n</graphml>\n"


def _entity(node: Node, shelf: Shelf) -> dict[str, object]:
    kind = next((_KINDS[name] for name in map(compact, node.all("rdf:type")) if name in _KINDS), "")
    return {
        "label": shelf.label(node.iri),
        "kind": kind,
        "qid": qid(node.iri),
        "lat": node.number("geo:lat"),
        "long": node.number("geo:long"),
        "mentions": shelf.count("mention", node.iri),
    }


def _event(event: Happening, shelf: Shelf) -> dict[str, object]:
    return {
        "label": event.title(shelf),
        "kind": event.types[0].partition(":")[2] if event.types else "Event",
        "time": event.time,
    }


def _edge(claim: Node, shelf: Shelf) -> Iterator[str]:
    """A claim whose two ends are nodes of the picture."""
    subject, target = claim.one("kg:subject"), claim.one("kg:object")
    drawn = all(shelf.is_a("entity", iri) or shelf.count("report", iri) for iri in (subject, target))
    if not (claim.terms("kg:object") and claim.terms("kg:object")[0].startswith("<") and drawn):
        return
    said: dict[str, object] = {
        "predicate": compact(claim.one("kg:predicate")),
        "modality": claim.one("kg:modality").rpartition("#")[2],
        "confidence": claim.number("kg:confidence"),
        "date": claim.one("kg:time"),
        "sources": len(claim.terms("kg:evidence")),
        "claim": compact(claim.iri),
    }
    ends = f"id={_quoted(claim.iri)} source={_quoted(subject)} target={_quoted(target)}"
    yield _element("edge", ends, said)


def _element(name: str, attributes: str, data: dict[str, object]) -> str:
    inside = "".join(
        f'<data key="{name[0]}_{key}">{escape(NO_XML.sub(chr(0xFFFD), str(value)))}</data>'
        for key, value in data.items()
        if value not in (None, "")
    )
    return f"    <{name} {attributes}>{inside}</{name}>\n"


def _quoted(iri: str) -> str:
    return quoteattr(iri)
