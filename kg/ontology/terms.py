"""Classes, predicates and external data sets: what `news.ttl` and `external.ttl` declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from kg.errors import DataError
from kg.ontology.turtle import Tables

# Letters of any script stay in an IRI; what would end its path, or has another meaning there, is encoded.
_NOT_IN_PATHS = re.compile(r'[\x00-\x20"#%<>?\[\\\]^`{|}\x7f-\xa0]')
_LINKS = frozenset({"owl:sameAs", "skos:exactMatch", "skos:closeMatch", "schema:sameAs"})
_PREDICATES = ("owl:ObjectProperty", "owl:DatatypeProperty", "rdf:Property")


@dataclass(frozen=True, slots=True)
class Term:
    """A class of `news.ttl`."""

    iri: str  # "kg:Person"
    labels: tuple[tuple[str, str], ...]  # (language, label), sorted
    definition: str
    parents: tuple[str, ...]
    notation: str | None  # "PER": the mention kind that it is the class of
    matches: tuple[str, ...]  # classes of other vocabularies: owl:equivalentClass, skos:closeMatch


@dataclass(frozen=True, slots=True)
class Predicate:
    """A property of `news.ttl`."""

    iri: str  # "kg:metWith"
    labels: tuple[tuple[str, str], ...]
    definition: str
    domain: str | None
    range: str | None
    parents: tuple[str, ...]  # rdfs:subPropertyOf
    equivalents: tuple[str, ...]  # "wdt:P39": owl:equivalentProperty
    inverses: tuple[str, ...]  # "wdt:P35": owl:inverseOf
    matches: tuple[str, ...]  # near in meaning, not the same: skos:closeMatch
    symmetric: bool  # its claims are written once, the smaller IRI first
    resource: bool  # its values are nodes, never texts or numbers
    notation: str | None  # "head_of_state", "dead": the word that rules know it by


@dataclass(frozen=True, slots=True)
class External:
    """A data set whose identifiers the knowledge base knows: `external.ttl`."""

    iri: str  # "kg:GeoNames"
    notation: str  # "geonames": the key in a record's `external`
    source: str  # the key that its identifiers stand under: its own, or that of kg:derivedFrom
    label: str
    iri_pattern: str | None  # "https://sws.geonames.org/$1/"; None: no IRIs, a code only
    value_pattern: str | None  # a regular expression that identifiers match as a whole
    link: str | None  # "skos:exactMatch": how item and IRI belong together
    reason: str  # why so, in English
    code_property: str | None  # "schema:iataCode": writes the identifier as a text
    property: str | None  # "wdt:P1566"

    def linked(self, identifier: str, lang: str = "") -> str | None:
        """The IRI of an identifier; None where the data set has no IRIs, or this is no identifier of its."""
        if self.iri_pattern is None or not self.fits(identifier):
            return None
        path = _NOT_IN_PATHS.sub(lambda found: quote(found[0], safe=""), identifier)
        return self.iri_pattern.replace("$lang", lang).replace("$1", path)

    def fits(self, identifier: str) -> bool:
        """Whether it looks like an identifier of the data set."""
        return bool(identifier) and (self.value_pattern is None or bool(re.fullmatch(self.value_pattern, identifier)))

    def owns(self, iri: str) -> bool:
        """Whether an IRI is one of the data set's."""
        start, _, rest = (self.iri_pattern or "").partition("$lang")
        start = start.partition("$1")[0]
        return bool(start) and iri.startswith(start) and rest.partition("$1")[0] in iri


def build_classes(tables: Tables) -> Mapping[str, Term]:
    """The classes by CURIE. Raises DataError where one lacks its label or definition."""
    return {iri: _class(tables, iri) for iri in tables.subjects("rdf:type", "owl:Class") if _ours(iri)}


def build_predicates(tables: Tables) -> Mapping[str, Predicate]:
    """The predicates by CURIE. Raises DataError where one lacks its label or definition, or has a range twice."""
    found = sorted({iri for kind in _PREDICATES for iri in tables.subjects("rdf:type", kind)})
    return {iri: _predicate(tables, iri) for iri in found}


def build_external(tables: Tables) -> Mapping[str, External]:
    """The external data sets by the key that the knowledge base uses. Raises DataError where one has none."""
    found = [_external(tables, iri) for iri in tables.subjects("rdf:type", "kg:ExternalDataset")]
    return {one.notation: one for one in found}


def _ours(iri: str) -> bool:
    return iri.startswith("kg:")


def described(tables: Tables, iri: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """(labels, English definition) of a term. Raises DataError where either is missing."""
    labels = tables.tagged(iri, "rdfs:label")
    definition = dict(tables.tagged(iri, "skos:definition")).get("en", "")
    if "en" not in dict(labels) or not definition:
        raise DataError(f"{iri} has no English label or definition.", "Write its rdfs:label and skos:definition @en.")
    return labels, definition


def _class(tables: Tables, iri: str) -> Term:
    labels, definition = described(tables, iri)
    matches = tables.texts(iri, "owl:equivalentClass") + tables.texts(iri, "skos:closeMatch")
    parents = tables.texts(iri, "rdfs:subClassOf")
    return Term(iri, labels, definition, parents, tables.text(iri, "skos:notation") or None, matches)


def _predicate(tables: Tables, iri: str) -> Predicate:
    labels, definition = described(tables, iri)
    ends = {end: tables.texts(iri, f"rdfs:{end}") for end in ("domain", "range")}
    twice = next((end for end, found in ends.items() if len(found) > 1), None)
    if twice:
        raise DataError(f"{iri} has two values of rdfs:{twice}, which means both at once.", "Name one class.")
    return Predicate(
        iri=iri,
        labels=labels,
        definition=definition,
        domain=next(iter(ends["domain"]), None),
        range=next(iter(ends["range"]), None),
        parents=tables.texts(iri, "rdfs:subPropertyOf"),
        equivalents=tables.texts(iri, "owl:equivalentProperty"),
        inverses=tables.texts(iri, "owl:inverseOf"),
        matches=tables.texts(iri, "skos:closeMatch"),
        symmetric="owl:SymmetricProperty" in tables.texts(iri, "rdf:type"),
        resource="owl:ObjectProperty" in tables.texts(iri, "rdf:type"),
        notation=tables.text(iri, "skos:notation") or None,
    )


def _external(tables: Tables, iri: str) -> External:
    notation, pattern = tables.text(iri, "skos:notation"), tables.text(iri, "kg:iriPattern") or None
    link, code = tables.text(iri, "kg:link") or None, tables.text(iri, "kg:codeProperty") or None
    if not notation or (pattern is None) != (link is None) or not (pattern or code):
        raise DataError(f"{iri} has no skos:notation, or no kg:iriPattern with its kg:link.", _EXTERNAL_HELP)
    if (pattern and "$1" not in pattern) or (link and link not in _LINKS):
        raise DataError(f"{iri} has a kg:iriPattern without $1, or a kg:link of no known kind.", _EXTERNAL_HELP)
    return External(
        iri=iri,
        notation=notation,
        source=tables.text(iri, "kg:derivedFrom") or notation,
        label=tables.text(iri, "rdfs:label"),
        iri_pattern=pattern,
        value_pattern=tables.text(iri, "kg:valuePattern") or None,
        link=link,
        reason=tables.text(iri, "rdfs:comment"),
        code_property=code,
        property=tables.text(iri, "kg:property") or None,
    )


_EXTERNAL_HELP = "See the comment at the top of external.ttl."
