"""The shapes: those of `ontology/shapes.ttl`, and one a predicate, made from the ontology's domains and ranges."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kg.ontology import Predicate, load_ontology
from kg.rdf import PREFIXES
from kg.shipped import shipped

_SH = "http://www.w3.org/ns/shacl#"
_VOCABULARY = frozenset({"owl:Class", "rdf:Property", "rdfs:Resource"})  # ranges whose values are any IRI


@cache
def shapes() -> str:
    """All shapes as one Turtle document."""
    written = (shipped("ontology") / "shapes.ttl").read_text(encoding="utf-8")
    return written + "\n" + "".join(generated())


def generated() -> Iterator[str]:
    """A shape a predicate of ours: what it may be said of, and what its values are."""
    prefixes = {**PREFIXES, "sh": _SH, "shape": f"{PREFIXES['kg'].removesuffix('#')}/shape#"}
    yield from (f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(prefixes.items()))
    for predicate in load_ontology().predicates.values():
        if predicate.iri.startswith("kg:"):
            yield _shape(predicate)


def _shape(predicate: Predicate) -> str:
    name = predicate.iri.partition(":")[2]
    lines = [f"\nshape:of-{name} a sh:NodeShape ; sh:targetSubjectsOf {predicate.iri}"]
    if predicate.domain:
        lines.append(f'sh:message "{predicate.iri} is said of a {_label(predicate.domain)}."@en')
        lines.append(_of_class(predicate.domain))
    lines.append(f"sh:property [ sh:path {predicate.iri} ; {_values(predicate)} ]")
    return " ;\n    ".join(lines) + " .\n"


def _values(predicate: Predicate) -> str:
    wanted = predicate.range
    what = _label(wanted) if wanted else "node" if predicate.resource else "value"
    message = f'sh:message "The value of {predicate.iri} is a {what}."@en'
    if wanted == "xsd:decimal":  # a whole number is one too
        return f"{message} ; sh:or ( [ sh:datatype xsd:decimal ] [ sh:datatype xsd:integer ] )"
    if wanted and wanted.startswith("xsd:"):
        return f"{message} ; sh:datatype {wanted}"
    if predicate.resource and (wanted is None or wanted in _VOCABULARY):
        return f"{message} ; sh:nodeKind sh:IRI"
    return f"{message} ; sh:nodeKind sh:IRI ; {_of_class(wanted)}" if wanted else message


def _of_class(wanted: str) -> str:
    """Of that class, or of none that the graph knows: an office that only a claim names has no class."""
    return f"sh:or ( [ sh:class {wanted} ] [ sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ] )"


def _label(curie: str) -> str:
    term = load_ontology().classes.get(curie)
    return dict(term.labels)["en"] if term else curie.partition(":")[2]
