"""The description of a graph: DCAT for whoever looks for data, VoID for whoever queries them.

Title, licence, languages, days, counts of every class and property, vocabularies, a linkset for each data set and kind
of link, the runs that made it. It comes from counts alone (`kg.rdf.tally`), so a graph folder keeps it up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from kg.ontology import load_ontology
from kg.rdf.short import Short, header, namespaces
from kg.rdf.tally import Tally
from kg.rdf.terms import PREFIXES, compact, expand, node, text

_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_XSD = PREFIXES["xsd"]
TITLE = "News knowledge graph"
_RIGHTS = "Quotations belong to their publishers; facts about items come from the knowledge base (see `kg kb info`)."


@dataclass(frozen=True, slots=True)
class About:
    """What only its owner can say of a graph."""

    title: str = TITLE
    license: str = ""  # an IRI, or words; empty: none is given
    file: str = ""  # name of the file that holds the graph, beside the description; empty: it is no single file


def description(counted: Tally, base: str, about: About) -> Iterator[str]:
    """The description by counts, as Turtle in pieces: the same counts, the same bytes."""
    named = namespaces(base) | {_VOID: "void", _DCAT: "dcat"}
    yield from header(named)
    short = Short(named)
    me = f"<{base}dataset>"
    yield _node(me, [*_owner(about), *_facts(counted, base)], short)
    for number, (key, triples) in enumerate(_linksets(counted), start=1):
        yield _node(f"<{base}dataset#links-{number}>", _linkset(me, key, triples), short)


def _node(subject: str, facts: list[tuple[str, str]], short: Short) -> str:
    kinds = "void:Linkset" if "#links" in subject else "void:Dataset, dcat:Dataset"
    lines = "".join(f" ;\n    {predicate} {term if term[0] == '[' else short[term]}" for predicate, term in facts)
    return f"\n{short[subject]} a {kinds}{lines} .\n"


def _owner(about: About) -> Iterator[tuple[str, str]]:
    yield "dcterms:title", text(about.title, "en" if about.title == TITLE else None)
    if "://" in about.license:
        yield "dcterms:license", node(about.license)
    elif about.license:
        yield "dcterms:rights", text(about.license)
    yield "dcterms:rights", text(_RIGHTS, "en")
    if about.file:
        place = f"<{quote(about.file)}>"
        yield "void:dataDump", place
        yield "dcat:distribution", f"[ a dcat:Distribution ; dcat:downloadURL {place} ]"


def _facts(counted: Tally, base: str) -> list[tuple[str, str]]:
    def of(kind: str) -> list[tuple[str, int]]:
        return sorted((key[2:], n) for key, n in counted.items() if key.startswith(f"{kind} ") and n > 0)

    properties, classes, days = of("p"), of("c"), [day for day, _ in of("d")]
    languages = sorted(of("s"), key=lambda found: (-found[1], found[0]))
    articles = dict(classes).get(expand("schema:NewsArticle"), 0)
    said = ", ".join(f"{lang} {n:,}" for lang, n in languages)
    what = f"What {articles:,} news articles say ({said}): claims, each with the sentence that says it."
    facts = [
        ("dcterms:description", text(what, "en")),
        ("dcterms:conformsTo", f"<{expand('kg:').removesuffix('#')}>"),
        ("void:uriSpace", text(base)),
        ("void:triples", _count(sum(n for _, n in properties))),
        ("void:classes", _count(len(classes))),
        ("void:properties", _count(len(properties))),
        ("void:documents", _count(articles)),
    ]
    facts += [("dcterms:language", text(lang)) for lang, _ in languages]
    facts += [("prov:wasGeneratedBy", f"<{run}>") for run, _ in of("r")]
    if days:
        span = f"[ a dcterms:PeriodOfTime ; dcat:startDate {_day(days[0])} ; dcat:endDate {_day(days[-1])} ]"
        facts.append(("dcterms:temporal", span))
    facts += [("void:vocabulary", f"<{iri}>") for iri in _vocabularies([iri for iri, _ in (*properties, *classes)])]
    short = Short(namespaces(base))
    facts += [("void:classPartition", f"[ void:class {short[f'<{iri}>']} ; void:entities {n} ]") for iri, n in classes]
    facts += [
        ("void:propertyPartition", f"[ void:property {short[f'<{iri}>']} ; void:triples {n} ]") for iri, n in properties
    ]
    facts += [("void:subset", f"<{base}dataset#links-{i}>") for i, _ in enumerate(_linksets(counted), start=1)]
    return facts


def _linksets(counted: Tally) -> list[tuple[str, int]]:
    return sorted((key[2:], n) for key, n in counted.items() if key.startswith("l ") and n > 0)


def _linkset(me: str, key: str, triples: int) -> list[tuple[str, str]]:
    predicate, _, target = key.partition(" ")
    known = {one.iri: one for one in load_ontology().external.values()}.get(target)
    facts = [
        ("void:linkPredicate", f"<{predicate}>"),
        ("void:triples", _count(triples)),
        ("void:subjectsTarget", me),
    ]
    if known is not None:
        facts += [("void:objectsTarget", node(known.iri)), ("rdfs:label", text(known.label, "en"))]
        facts += [("rdfs:comment", text(known.reason, "en"))]
    return facts


def _vocabularies(iris: list[str]) -> list[str]:
    names: Mapping[str, str] = PREFIXES
    used = {compact(iri).partition(":")[0] for iri in iris}
    return sorted(names[prefix] for prefix in used if prefix in names and prefix != "wd")


def _count(n: int) -> str:
    return f'"{n}"^^<{_XSD}integer>'


def _day(iso: str) -> str:
    return f'"{iso}"^^xsd:date'
