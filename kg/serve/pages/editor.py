"""What the query editor is told: our endpoint, our prefixes, our vocabulary, our examples. Nobody else's."""

from __future__ import annotations

import re

from kg.ontology import load_ontology
from kg.query import questions
from kg.rdf import PREFIXES

_FIRST = """SELECT ?name (COUNT(DISTINCT ?article) AS ?articles) WHERE {
  ?mention itsrdf:taIdentRef ?entity ; nif:referenceContext ?article .
  ?entity rdfs:label ?name .
}
GROUP BY ?name
ORDER BY DESC(?articles) ?name
LIMIT 20"""
# The terms of other vocabularies that stand in a graph: kg/rdf/article.py writes them.
_OTHERS = (
    "dcterms:source", "geo:lat", "geo:long", "itsrdf:taConfidence", "itsrdf:taIdentRef", "nif:anchorOf",
    "nif:beginIndex", "nif:endIndex", "nif:referenceContext", "owl:sameAs", "prov:wasGeneratedBy", "rdf:type",
    "rdfs:label", "schema:datePublished", "schema:headline", "schema:inLanguage", "schema:publisher", "schema:url",
    "sem:hasPlace", "skos:altLabel", "skos:prefLabel",
)  # fmt: skip
_OTHER_CLASSES = ("schema:NewsArticle", "nif:Context", "sem:Event")
# What the pages of kg/rdf/article.py say of readings, reports and mentions; the ontology has the rest.
_OWN = ("kg:candidate", "kg:claim", "kg:entity", "kg:event", "kg:eventType", "kg:kind", "kg:nominal", "kg:reason")


def editor_data(query: str, endpoint: str) -> dict[str, object]:
    """Everything as JSON values."""
    ontology = load_ontology()
    properties = sorted({*(name for name in ontology.predicates if name.startswith("kg:")), *_OWN, *_OTHERS})
    classes = sorted({*ontology.classes, *(one.iri for one in ontology.event_types), *_OTHER_CLASSES})
    return {
        "endpoint": endpoint,
        "query": query or "\n".join([*_declared(_FIRST), "", _FIRST]),
        "given": bool(query),
        "prefixes": dict(PREFIXES),
        "properties": [name for name in properties if name.partition(":")[0] in PREFIXES],
        "classes": [name for name in classes if name.partition(":")[0] in PREFIXES],
        "examples": {question.name: question.sparql for question in questions()},
    }


def _declared(query: str) -> list[str]:
    return [f"PREFIX {name}: <{space}>" for name, space in PREFIXES.items() if re.search(rf"\b{name}:", query)]
