"""Rules that need a whole graph: SPARQL that finds the offenders.

The rules are SPARQL that finds the offenders; a rule is added by adding a row to RULES.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.graph.sparql import Dataset
from kg.rdf import PREFIXES, compact, load, value
from kg.shipped import shipped

_EXAMPLES = 5  # offenders shown of each fault


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, and the query that finds whatever breaks it (as ?what, and ?why where that helps)."""

    name: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is broken."""

    rule: str
    count: int
    examples: tuple[str, ...]  # at most five, short IRIs

    def __str__(self) -> str:
        more = "" if self.count <= len(self.examples) else f" ... and {self.count - len(self.examples):,} more"
        return f"{self.rule}: {self.count:,}\n" + "\n".join(f"    {one}" for one in self.examples) + more


_ENTITY = "itsrdf:taIdentRef|kg:entity|kg:subject|kg:object|kg:attributedTo|kg:country|sem:hasPlace"

RULES = (
    Rule("every claim has evidence", "SELECT ?what { ?what a kg:Claim FILTER NOT EXISTS { ?what kg:evidence ?e } }"),
    Rule(
        "every claim has a subject, a predicate, an object and a modality",
        """SELECT ?what { ?what a kg:Claim FILTER NOT EXISTS {
          ?what kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:modality ?m } }""",
    ),
    Rule(
        "evidence is a stretch of an article",
        """SELECT DISTINCT ?what { ?by kg:evidence ?what FILTER NOT EXISTS {
          ?what nif:referenceContext ?article . ?article a schema:NewsArticle } }""",
    ),
    Rule(
        "offsets fit the words between them",
        """SELECT ?what (CONCAT(STR(?begin), "-", STR(?end)) AS ?why) {
          ?what nif:beginIndex ?begin ; nif:endIndex ?end ; nif:anchorOf ?words
          FILTER(?begin < 0 || STRLEN(STR(?words)) != ?end - ?begin) }""",
    ),
    Rule(
        "confidences are between 0 and 1",
        """SELECT ?what (STR(?score) AS ?why) {
          ?what kg:confidence|itsrdf:taConfidence ?score FILTER(?score < 0 || ?score > 1) }""",
    ),
    Rule(
        "every mention names an entity that has a class",
        """SELECT ?what (STR(?entity) AS ?why) { ?what a kg:Mention OPTIONAL { ?what itsrdf:taIdentRef ?entity }
          FILTER NOT EXISTS { ?entity a ?class } }""",
    ),
    Rule(
        "Wikidata items are Q and a number",
        f"""SELECT DISTINCT ?what {{ ?by {_ENTITY} ?what
          FILTER(STRSTARTS(STR(?what), "{PREFIXES["wd"]}") && !REGEX(STR(?what), "/entity/Q[1-9][0-9]*$")) }}""",
    ),
    Rule(
        "every event has a type",
        """SELECT DISTINCT ?what { ?report kg:event ?what FILTER NOT EXISTS { ?report kg:eventType ?type } }""",
    ),
    Rule(
        "what is stated outright has an asserted claim",
        """SELECT ?what (STR(?predicate) AS ?why) {
          ?claim kg:predicate ?predicate . ?what ?predicate ?object .
          FILTER(ISIRI(?object) && ?predicate != rdf:type)
          FILTER NOT EXISTS { ?own a ?node . FILTER(?own = ?what && ?node IN (kg:Report, kg:Claim, kg:Reading)) }
          FILTER NOT EXISTS {
            ?asserted kg:subject ?what ; kg:predicate ?predicate ; kg:object ?object ; kg:modality kg:asserted } }""",
    ),
)


def broken_rules(data: Dataset) -> tuple[Fault, ...]:
    """The rules that a graph breaks; none if it is sound."""
    return tuple(fault for fault in (*_broken(data), *_undeclared(data)) if fault.count)


def _broken(data: Dataset) -> Iterator[Fault]:
    for rule in RULES:
        found = {(row.get("what", "?"), row.get("why", "")) for row in data.select(rule.sparql)}
        shown = [f"{compact(what)} {compact(why)}".rstrip() for what, why in sorted(found)[:_EXAMPLES]]
        yield Fault(rule.name, len(found), tuple(shown))


def _undeclared(data: Dataset) -> Iterator[Fault]:
    """Predicates and classes of our own namespace that the ontology does not declare."""
    declared = {value(quad.s) for name in ("news.ttl", "events.ttl") for quad in load(shipped("ontology") / name)}
    for what, sparql in (
        ("every predicate of ours is declared", "SELECT DISTINCT ?term { ?s ?term ?o }"),
        ("every class of ours is declared", "SELECT DISTINCT ?term { ?s a ?term }"),
    ):
        used = {row["term"] for row in data.select(sparql)}
        unknown = sorted(term for term in used - declared if term.startswith(PREFIXES["kg"]))
        yield Fault(what, len(unknown), tuple(compact(term) for term in unknown[:_EXAMPLES]))
