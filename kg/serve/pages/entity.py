"""An entity: its names, what happened to it, what is said of it and by which sentences, what stands near it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.knowledge import Record
from kg.ontology import load_ontology
from kg.serve.pages import charts, words
from kg.serve.pages.atlas import atlas
from kg.serve.pages.happenings import Happening, happenings
from kg.serve.pages.quotes import Quote, quotes_of_claims
from kg.serve.pages.site import Article, NotHereError, Ref, Row, Site

_MOST = 200  # events, and facts, that a page shows; the questions have them all
_NEIGHBOURS = 30


@dataclass(frozen=True, slots=True)
class Name:
    """What a language calls it."""

    lang: str
    label: str
    others: tuple[str, ...]  # other names, then forms met in articles
    mentions: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim."""

    href: str
    modality: str
    when: str
    confidence: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All claims that it stands in one relation to one thing, which is no event."""

    relation: str
    forward: bool  # it is the subject
    other: Ref | None
    value: str  # where the object is no thing
    facts: tuple[Fact, ...]

    @property
    def sentences(self) -> int:
        """How many sentences say it."""
        return len({(quote.article.id, quote.start) for fact in self.facts for quote in fact.quotes})


@dataclass(frozen=True, slots=True)
class Link:
    """Something else it is known by, elsewhere."""

    label: str
    value: str
    href: str  # "" where the data set has no addresses


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that facts or events connect it with."""

    ref: Ref
    ways: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class EntityView:
    """Everything the entity's page shows."""

    ref: Ref
    local: bool
    about: str  # a line on what it is
    names: tuple[Name, ...]
    events: tuple[Happening, ...]
    more_events: int
    histogram: tuple[charts.Bar, ...]
    facts: tuple[Facts, ...]
    neighbours: tuple[Neighbour, ...]
    links: tuple[Link, ...]
    map: charts.Map | None
    articles: tuple[tuple[Article, int], ...]
    mentions: int
    joined: tuple[tuple[str, str], ...]


def entity_view(site: Site, name: str) -> EntityView:
    """The entity of that QID or local id. NotHereError: the graph does not speak of it."""
    iri = site.iri("entity", name)
    mentioned = site.rows(_MENTIONED, iri)
    events, facts = [row["event"] for row in site.rows(_EVENTS, iri)], _facts(site, iri)
    if not (mentioned or events or facts):
        raise _unknown(site, name)
    shown = happenings(site, events[:_MOST])
    articles = site.articles(row["article"] for row in mentioned)
    ref, record = site.ref(iri), _record(site, name)
    neighbours = _neighbours(ref, facts, shown)
    return EntityView(
        ref,
        not iri.startswith("http://www.wikidata.org/"),
        _about(site, record),
        _names(site, iri, record),
        tuple(shown),
        max(0, len(events) - _MOST),
        charts.histogram(one.when for one in shown),
        facts,
        neighbours,
        _links(name, record),
        _map(site, ref, [one.ref for one in neighbours], shown),
        tuple((articles[row["article"]], int(row["n"])) for row in mentioned if row["article"] in articles),
        sum(int(row["n"]) for row in mentioned),
        site.joined(iri),
    )


def _unknown(site: Site, name: str) -> NotHereError:
    row = site.kb.row(name)
    if row is not None:
        what = f"{site.kb.label(row, 'en')} ({name}) is in the knowledge base, but no article here mentions it"
        return NotHereError(what, "Add articles that do: kg build ... --graph DIR")
    return NotHereError(
        f"{name} is not in this graph", "It may have been removed, or merged with another. Search for its name."
    )


def _record(site: Site, name: str) -> Record | None:
    row = site.kb.row(name) if re.fullmatch(r"Q\d+", name) else None
    return site.kb.record(row) if row is not None else None


def _about(site: Site, record: Record | None) -> str:
    """What the knowledge base says in a line: offices that last, occupations, countries."""
    if record is None:
        return ""
    now = [office for office, _, until in record.positions if until is None][:2]
    then = [office for office, _, until in record.positions if until is not None][-1:]
    named = now or then or list(record.occupations[:2])
    labels = [
        site.kb.label(row, "en") for qid in (*named, *record.countries[:1]) if (row := site.kb.row(qid)) is not None
    ]
    return " · ".join(dict.fromkeys(labels))


# --- names -------------------------------------------------------------------------------------------


def _names(site: Site, iri: str, record: Record | None) -> tuple[Name, ...]:
    labels: dict[str, str] = dict(record.labels) if record else {}
    others: dict[str, dict[str, None]] = defaultdict(dict)
    mentions: Counter[str] = Counter()
    for row in site.rows(_LABELS, iri):
        if labels.setdefault(row["lang"], row["name"]) != row["name"]:
            others[row["lang"]][row["name"]] = None
    for row in site.rows(_SURFACES, iri):
        mentions[row["lang"]] += int(row["n"])
        if labels.setdefault(row["lang"], row["words"]) != row["words"]:
            others[row["lang"]][row["words"]] = None
    found = [Name(lang, label, tuple(others[lang]), mentions[lang]) for lang, label in labels.items() if lang]
    return tuple(sorted(found, key=lambda one: (-one.mentions, words.language(one.lang))))


# --- facts -------------------------------------------------------------------------------------------


def _facts(site: Site, iri: str) -> tuple[Facts, ...]:
    rows = site.rows(_FACTS, iri, events=f"{site.base}event/")
    quotes = quotes_of_claims(site, (row["claim"] for row in rows))
    groups: dict[tuple[bool, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        forward = row["subject"] == iri
        groups[forward, row["predicate"], row["object"] if forward else row["subject"]].append(row)
    refs = site.refs(other for _, _, other in groups if "://" in other)
    made = [
        Facts(
            words.of_term("kg:" + predicate.rpartition("#")[2]),
            forward,
            refs.get(other),
            "" if other in refs else other,
            tuple(
                sorted((_fact(site, row, quotes) for row in some), key=lambda one: (one.when, one.modality, one.href))
            ),
        )
        for (forward, predicate, other), some in groups.items()
    ]
    return tuple(sorted(made, key=lambda one: (not one.forward, one.relation, -one.sentences, one.value)))


def _fact(site: Site, row: Row, quotes: Mapping[str, tuple[Quote, ...]]) -> Fact:
    return Fact(
        site.href(row["claim"]),
        row["modality"].rpartition("#")[2],
        row.get("time", ""),
        float(row["confidence"]),
        quotes.get(row["claim"], ()),
    )


# --- what stands near --------------------------------------------------------------------------------


def _neighbours(ref: Ref, facts: Sequence[Facts], events: Sequence[Happening]) -> tuple[Neighbour, ...]:
    ways: dict[Ref, Counter[str]] = defaultdict(Counter)
    for fact in facts:
        if fact.other is not None and fact.other.href:
            ways[fact.other][fact.relation] += max(1, fact.sentences)
    for event in events:
        for other in (*event.who, *event.where):
            if other.iri != ref.iri and other.href:
                ways[other][event.what] += event.reports
    found = [
        Neighbour(other, tuple(way for way, _ in ways_.most_common(4)), ways_.total()) for other, ways_ in ways.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.ref.label, one.ref.iri))[:_NEIGHBOURS])


def _map(site: Site, ref: Ref, near: Sequence[Ref], events: Sequence[Happening]) -> charts.Map | None:
    weights = Counter({place.iri: 0 for place in near if place.kind in {"LOC", "FAC"}})
    for event in events:
        weights.update(place.iri for place in event.where)
    if ref.kind in {"LOC", "FAC"}:
        weights[ref.iri] += max(weights.values(), default=0) + 1
    return atlas(site, {iri: 1 + weight for iri, weight in weights.items()})


def _links(name: str, record: Record | None) -> tuple[Link, ...]:
    """Wikidata, the other data sets by name, then Wikipedia by language."""
    if record is None:
        return ()
    links = [Link("Wikidata", name, f"https://www.wikidata.org/wiki/{name}")]
    encyclopaedia: list[Link] = []
    for data_set in sorted(load_ontology().external.values(), key=lambda one: one.label):
        source, _, lang = data_set.source.partition(":")
        if source != "wikipedia":
            value = record.external.get(source)
            if value is not None and data_set.fits(value):
                links.append(Link(data_set.label, value, data_set.linked(value) or ""))
            continue
        titles = {lang: record.wikipedia[lang]} if lang in record.wikipedia else {} if lang else record.wikipedia
        for code, title in sorted(titles.items(), key=lambda one: (one[0] != "en", one[0])):
            label = data_set.label if lang else f"{data_set.label}, {words.language(code)}"
            found = Link(label, title.replace("_", " "), data_set.linked(title, code) or "")
            (links if lang else encyclopaedia).append(found)
    return (*links, *encyclopaedia)


_MENTIONED = """SELECT ?article (COUNT(?mention) AS ?n) {
  ?mention itsrdf:taIdentRef ?this ; nif:referenceContext ?article .
} GROUP BY ?article ORDER BY DESC(?n) ?article LIMIT 100"""
_EVENTS = """SELECT DISTINCT ?event ?day {
  ?claim kg:object ?this ; kg:subject ?event .
  ?report kg:event ?event .
  OPTIONAL { ?event kg:time ?day }
} ORDER BY DESC(?day) ?event"""
_LABELS = """SELECT ?name (LANG(?name) AS ?lang) {
  ?this skos:prefLabel|skos:altLabel ?name
} ORDER BY ?lang ?name"""
_SURFACES = """SELECT ?lang ?words (COUNT(?mention) AS ?n) {
  ?mention itsrdf:taIdentRef ?this ; nif:anchorOf ?name ; kg:kind ?kind .
  FILTER NOT EXISTS { ?mention kg:nominal true }
  BIND(LANG(?name) AS ?lang) BIND(STR(?name) AS ?words)
} GROUP BY ?lang ?words ORDER BY ?lang DESC(?n) ?words"""
_FACTS = """SELECT ?claim ?subject ?predicate ?object ?modality ?time ?confidence {
  { SELECT ?claim {
      { ?claim kg:subject ?this }
      UNION { ?claim kg:object ?this ; kg:subject ?of FILTER(!STRSTARTS(STR(?of), $events)) }
    } ORDER BY ?claim LIMIT 200 }
  ?claim kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality ;
         kg:confidence ?confidence .
  OPTIONAL { ?claim kg:time ?time }
} ORDER BY ?claim"""
