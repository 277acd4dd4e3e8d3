"""The JSON-LD context: short, typed names for everything that the graph says. `kg ontology --format context` prints it.

Made from the ontology's ranges, so a new predicate has its name here without another line.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kg.export.format import Settings
from kg.ontology import Predicate, load_ontology
from kg.rdf import FOLDERS, PREFIXES

_LANGUAGE = {"label": "rdfs:label", "prefLabel": "skos:prefLabel", "altLabel": "skos:altLabel", "quote": "nif:anchorOf"}
_OTHERS = {  # name -> (CURIE, type) of what other vocabularies give us
    "begin": ("nif:beginIndex", ""),
    "end": ("nif:endIndex", ""),
    "inArticle": ("nif:referenceContext", "@id"),
    "refersTo": ("itsrdf:taIdentRef", "@id"),
    "linkConfidence": ("itsrdf:taConfidence", "xsd:decimal"),
    "hasPlace": ("sem:hasPlace", "@id"),
    "generatedBy": ("prov:wasGeneratedBy", "@id"),
    "headline": ("schema:headline", ""),
    "language": ("schema:inLanguage", ""),
    "published": ("schema:datePublished", "xsd:date"),
    "publisher": ("schema:publisher", ""),
    "url": ("schema:url", "@id"),
    "lat": ("geo:lat", "xsd:decimal"),
    "long": ("geo:long", "xsd:decimal"),
    "sameAs": ("owl:sameAs", "@id"),
    "exactMatch": ("skos:exactMatch", "@id"),
    "closeMatch": ("skos:closeMatch", "@id"),
}
_NAMES = frozenset({"kg:Modality", "owl:Class", "rdf:Property"})  # ranges whose values are names of the vocabulary
_JSON = frozenset({"xsd:string", "xsd:boolean", "xsd:integer"})  # JSON's own texts, truths and numbers


@cache
def terms() -> Mapping[str, tuple[str, str]]:
    """Name -> (CURIE, type). The type is "@id", "@vocab", a datatype, "@language" for a map by language, or ""."""
    found = {name: (iri, "@language") for name, iri in _LANGUAGE.items()} | _OTHERS
    for predicate in load_ontology().predicates.values():
        prefix, _, name = predicate.iri.partition(":")
        kind = _type(predicate)
        if prefix == "kg" and kind:
            # <base>claim/ has the prefix claim: there, kg:claim keeps its own.
            free = name not in found and name not in FOLDERS
            found[name if free else predicate.iri] = predicate.iri, kind
    return dict(sorted(found.items()))


def _type(predicate: Predicate) -> str:
    span = predicate.range or ""
    if predicate.resource:
        return "@vocab" if span in _NAMES else "@id"
    if "kg:count" in (predicate.iri, *predicate.parents) or not span.startswith("xsd:"):
        return ""
    return "" if span in _JSON else span


def context(settings: Settings) -> dict[str, object]:
    """The context as JSON values: our vocabulary without prefix, the others' prefixes, and the typed names."""
    made: dict[str, object] = {"@version": 1.1, "@vocab": PREFIXES["kg"], "id": "@id", "type": "@type"}
    made.update((prefix, namespace) for namespace, prefix in sorted(settings.namespaces.items(), key=lambda p: p[1]))
    for name, (iri, kind) in terms().items():
        if kind == "@language":
            made[name] = {"@id": iri, "@container": "@language"}
        else:
            made[name] = {"@id": iri, "@type": kind} if kind else {"@id": iri}
    return made
