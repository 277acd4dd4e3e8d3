"""The description of a graph: DCAT for whoever looks for data, VoID for whoever queries them.

Title, languages, days, counts of every class and property, vocabularies, a linkset for each data set and kind of
link, the runs that made it. It comes from counts alone (`kg.rdf.tally`), so a graph folder can keep it up to date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from kg.export.format import Row, Settings
from kg.export.short import Short
from kg.export.turtle import header
from kg.ontology import load_ontology
from kg.rdf import PREFIXES, Tally, compact, expand, node, tally, text

_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_XSD = PREFIXES["xsd"]
_TITLE = "News knowledge graph"
_RIGHTS = "Quotations belong to their publishers; facts about items come from the knowledge base (see `kg kb info`)."


def void(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The description of the graph that the rows make."""
    counted: Counter[str] = Counter()
    for row in rows:
        counted.update(tally(("{} {} {} {} .".format(*row),)))
    yield from description(counted, settings)


def description(counted: Tally, settings: Settings) -> Iterator[str]:
    """The description by counts, as Turtle: the same counts, the same bytes."""
    namespaces = settings.namespaces | {_VOID: "void", _DCAT: "dcat"}
    yield from header(namespaces)
    short = Short(namespaces)
    me = f"<{settings.base}dataset>"
    yield _node(me, _about(counted, settings), short)
    for number, (key, triples) in enumerate(_linksets(counted), start=1):
        yield _node(f"<{settings.base}dataset#links-{number}>", _linkset(me, key, triples), short)


def _node(subject: str, facts: list[tuple[str, str]], short: Short) -> str:
    kinds = "void:Linkset" if "#links" in subject else "void:Dataset, dcat:Dataset"
    lines = "".join(f" ;\n    {predicate} {term if term[0] == '[' else short[term]}" for predicate, term in facts)
    return f"\n{short[subject]} a {kinds}{lines} .\n"


def _about(counted: Tally, settings: Settings) -> list[tuple[str, str]]:
    def of(kind: str) -> list[tuple[str, int]]:
        return sorted((key[2:], n) for key, n in counted.items() if key.startswith(f"{kind} ") and n > 0)

    properties, classes, days = of("p"), of("c"), [day for day, _ in of("d")]
    languages = sorted(of("s"), key=lambda found: (-found[1], found[0]))
    articles = dict(classes).get(expand("schema:NewsArticle"), 0)
    said = ", ".join(f"{lang} {n:,}" for lang, n in languages)
    about = f"What {articles:,} news articles say ({said}): claims, each with the sentence that says it."
    facts = [
        ("dcterms:title", text(_TITLE, "en")),
        ("dcterms:description", text(about, "en")),
        ("dcterms:rights", text(_RIGHTS, "en")),
        ("dcterms:conformsTo", f"<{expand('kg:').removesuffix('#')}>"),
        ("void:uriSpace", text(settings.base)),
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
    short = Short(settings.namespaces)
    facts += [("void:classPartition", f"[ void:class {short[f'<{iri}>']} ; void:entities {n} ]") for iri, n in classes]
    facts += [
        ("void:propertyPartition", f"[ void:property {short[f'<{iri}>']} ; void:triples {n} ]") for iri, n in properties
    ]
    facts += [("void:subset", f"<{settings.base}dataset#links-{i}>") for i, _ in enumerate(_linksets(counted), start=1)]
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
