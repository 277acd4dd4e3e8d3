"""Violations of the shapes, as a person reads them: which article, which sentence. The only door to pySHACL."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import rdflib

from kg.check.shapes import shapes
from kg.errors import GraphError
from kg.rdf import PREFIXES, compact
from kg.shipped import shipped

_SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
_NIF, _KG, _SCHEMA = (rdflib.Namespace(PREFIXES[name]) for name in ("nif", "kg", "schema"))
_DCTERMS = rdflib.Namespace(PREFIXES["dcterms"])


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a graph is not of the shape it should have."""

    message: str
    node: str  # IRI of what is wrong
    path: str  # the predicate, or ""
    value: str  # what stands there, or ""
    article: str  # address of the article, or ""
    sentence: str  # the words, or ""

    def __str__(self) -> str:
        said = f"{self.message}  {compact(self.node)}"
        if self.path:
            said += f" {compact(self.path)} {compact(self.value)}".rstrip()
        where = f"\n    {self.article}" if self.article else ""
        return said + where + (f": “{self.sentence}”" if self.sentence else "")


def violations(lines: Iterable[str], base: str) -> Iterator[Violation]:
    """What the shapes find in canonical lines, sorted. GraphError: pySHACL is not installed."""
    data = rdflib.Graph()
    data.parse(data="\n".join(line.rsplit(" ", 2)[0] + " ." for line in lines), format="nt")
    _, report, _ = _pyshacl().validate(
        data, shacl_graph=_parsed(shapes()), ont_graph=_ontology(), inference="none", advanced=False
    )
    found = [
        _violation(result, report, data, base) for result in report.subjects(rdflib.RDF.type, _SH.ValidationResult)
    ]
    yield from sorted(found, key=str)


def _violation(result: Any, report: rdflib.Graph, data: rdflib.Graph, base: str) -> Violation:
    node = report.value(result, _SH.focusNode)
    article, sentence = _place(node, data)
    said = sorted(str(message) for message in report.objects(result, _SH.resultMessage))
    path, value = (str(report.value(result, p) or "") for p in (_SH.resultPath, _SH.value))
    return Violation(" ".join(said), str(node), path.removeprefix(base), value, article, sentence)


def _place(node: Any, data: rdflib.Graph) -> tuple[str, str]:
    """(article, sentence) that a node hangs on: its own, that of its evidence, or that of a claim about it."""
    stretch = next(_stretches(node, data), None)
    if stretch is None:
        return "", ""
    article, words = data.value(stretch, _NIF.referenceContext), data.value(stretch, _NIF.anchorOf)
    whence = next((found for p in (_SCHEMA.url, _DCTERMS.source) if (found := data.value(article, p))), article)
    return str(whence or ""), str(words or "")


def _stretches(node: Any, data: rdflib.Graph) -> Iterator[Any]:
    if (node, _NIF.referenceContext, None) in data:
        yield node
    yield from sorted(data.objects(node, _KG.evidence), key=str)
    for claim in sorted(data.subjects(_KG.subject, node), key=str):
        yield from sorted(data.objects(claim, _KG.evidence), key=str)
    yield from sorted(data.subjects(rdflib.URIRef(f"{PREFIXES['itsrdf']}taIdentRef"), node), key=str)


@cache
def _parsed(turtle: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=turtle, format="turtle")


@cache
def _ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in ("news.ttl", "events.ttl"):
        graph.parse(shipped("ontology") / name, format="turtle")
    return graph


def _pyshacl() -> Any:
    try:
        return importlib.import_module("pyshacl")
    except ImportError as error:
        raise GraphError("The shapes need pySHACL, which is not installed.", "pip install pyshacl") from error
