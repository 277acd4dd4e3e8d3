"""Why is this in the graph: the words that say it, how they were read, and what was rejected."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.errors import GraphError, QueryError
from kg.export import export
from kg.graph import Graph
from kg.graph.sparql import Dataset
from kg.rdf import DEFAULT_BASE, compact, decimal, expand, integer, node, text

_MOST_SHOWN = 25  # quotes and facts printed for people; JSON holds all


@dataclass(frozen=True, slots=True)
class Source:
    """The article that a quote stands in."""

    iri: str
    title: str
    language: str  # ISO 639-1
    published: str  # ISO date, "" if unknown
    publisher: str
    address: str  # URL or path


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that a mention might have meant and was not taken for."""

    iri: str
    label: str
    score: float  # 0..1
    reason: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article and what it was read as."""

    words: str
    start: int  # code points into the article's text
    end: int
    source: Source
    score: float  # 0..1
    method: str
    read_as: str = ""  # of a report: type and modality
    said_by: str = ""  # whose words these are, if not the article's own
    reason: str = ""  # features and their shares of the score
    rejected: tuple[Rejected, ...] = ()  # best first

    def triples(self, at: str) -> Iterator[tuple[str, str, str]]:
        """What the quote says of itself; `at`: the term of the stretch."""
        source = self.source
        article = f"<{source.iri}>"
        yield at, node("rdf:type"), node("prov:Entity")
        yield at, node("nif:anchorOf"), text(self.words, source.language)
        yield at, node("nif:beginIndex"), integer(self.start)
        yield at, node("nif:endIndex"), integer(self.end)
        yield at, node("prov:wasQuotedFrom"), article
        yield at, node("kg:confidence"), decimal(self.score)
        said = {"kg:method": self.method, "kg:reason": self.reason, "prov:wasAttributedTo": self.said_by}
        yield from ((at, node(name), text(value)) for name, value in said.items() if value)
        about = {"schema:headline": source.title, "schema:inLanguage": source.language}
        about |= {"schema:datePublished": source.published, "schema:publisher": source.publisher}
        about |= {"dcterms:source": source.address}
        yield from ((article, node(name), text(value)) for name, value in about.items() if value)
        for number, one in enumerate(self.rejected, start=1):
            other = f"{at[:-1]}&rejected={number}>"
            yield at, node("kg:candidate"), other
            yield other, node("rdf:type"), node("kg:Candidate")
            yield other, node("kg:entity"), f"<{one.iri}>"
            yield other, node("rdfs:label"), text(one.label)
            yield other, node("kg:confidence"), decimal(one.score)
            if one.reason:
                yield other, node("kg:reason"), text(one.reason)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the graph can tell about the origin of one thing."""

    iri: str
    kind: str  # entity, claim, event or article
    name: str
    facts: tuple[tuple[str, str], ...]  # (what, value), as people read them
    quotes: tuple[Quote, ...]  # by article and place
    runs: tuple[tuple[str, str], ...] = field(default=())  # (what, value): versions of whatever made it

    def as_json(self) -> str:
        """All of it as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    def as_turtle(self) -> str:
        """The same as RDF: the thing prov:wasDerivedFrom each quote (NIF), which a run read from its article."""
        graph = "<urn:x-newskg:explanation>"
        lines = sorted({f"{s} {p} {o} {graph} ." for s, p, o in self._triples()})
        buffer = io.BytesIO()
        export(lines, buffer, "ttl")
        return buffer.getvalue().decode()

    def _triples(self) -> Iterator[tuple[str, str, str]]:
        me, run = f"<{self.iri}>", "_:run"
        yield me, node("rdfs:label"), text(self.name)
        if self.runs:
            yield run, node("rdf:type"), node("prov:Activity")
            yield from ((run, node(f"kg:{what}"), text(value)) for what, value in self.runs)
        for quote in self.quotes:
            at = f"<{quote.source.iri}#char={quote.start},{quote.end}>"
            yield me, node("prov:wasDerivedFrom"), at
            yield from quote.triples(at)
            if self.runs:
                yield at, node("prov:wasGeneratedBy"), run

    def as_text(self) -> str:
        """For people: at most 25 facts and 25 quotes, and how many more there are."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}  ({self.kind} {compact(self.iri)})"
        for what, value in self.facts[:_MOST_SHOWN]:
            yield f"  {what}: {value}"
        yield from _more(len(self.facts), "facts")
        yield ""
        number = len({quote.source.iri for quote in self.quotes})
        yield f"Said in {_count(number, 'article')}, {_count(len(self.quotes), 'place')}:"
        for quote in self.quotes[:_MOST_SHOWN]:
            yield from _quote_lines(quote)
        yield from _more(len(self.quotes), "places")
        if self.runs:
            yield ""
            yield "Made by " + ", ".join(f"{what} {value}" for what, value in self.runs)


def explain(graph: str | Path, thing: str) -> Explanation:
    """Explains an entity, a claim, an event or an article of a graph folder or file.

    `thing`: a QID, an IRI, a CURIE, or a path under the graph's base ("claim/9f2c"). Raises GraphError if there is no
    graph, QueryError if the thing is not in it.
    """
    path = Path(graph)
    base = Graph.open(path).base if path.is_dir() else DEFAULT_BASE
    reader = _Reader(Dataset.open(path))
    iri = _iri(thing.strip(), base)
    for one in (reader.claim, reader.event, reader.article, reader.entity):
        explanation = one(iri)
        if explanation is not None:
            return explanation
    raise QueryError(
        f"{thing} is not in this graph", "give a QID or an IRI of it; `kg query entities-by-articles` has some"
    )


def _iri(thing: str, base: str) -> str:
    if thing[:1] == "Q" and thing[1:].isdigit():
        return expand(f"wd:{thing}")
    try:
        return expand(thing.removeprefix("<").removesuffix(">"), base)
    except (GraphError, ValueError) as error:
        raise QueryError(f"{thing!r} is no IRI", "give a QID, an IRI, or a path such as claim/9f2c") from error


class _Reader:
    """Asks the graph; each explanation is None where the IRI is no such thing."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._sources: dict[str, Source] = {}

    def claim(self, iri: str) -> Explanation | None:
        rows = self._data.select(_CLAIM, iri)
        if not rows:
            return None
        row = rows[0]
        relation = row["predicate"]
        shown = " ".join(
            filter(None, (row.get("comparator", "").replace("=", ""), self._name(row["object"]), row.get("unit")))
        )
        name = f"{self._name(row['subject'])} {compact(relation)} {shown}"
        facts = _facts(row, {"time": "time", "modality": "put as", "confidence": "confidence"})
        return self._made(iri, "claim", name, facts, self._readings(iri))

    def event(self, iri: str) -> Explanation | None:
        rows = self._data.select(_REPORTS, iri)
        if not rows:
            return None
        quotes = [
            self._quote(row, f"{compact(row['type'])}, {compact(row['modality'])}, by {row['trigger']!r}")
            for row in rows
        ]
        types = sorted({compact(row["type"]) for row in rows})
        told = self._data.select(_TOLD, iri)
        facts = [
            (compact(row["predicate"]), f"{self._valued(row)}  ({compact(row['modality'])}, {compact(row['claim'])})")
            for row in told
        ]
        return self._made(iri, "event", ", ".join(types), facts, quotes)

    def article(self, iri: str) -> Explanation | None:
        if not self._data.select(_IS_ARTICLE, iri):
            return None
        source = self._source(iri)
        facts = [("language", source.language), ("published", source.published), ("address", source.address)]
        rows = self._data.select(_SAID_IN, iri)
        quotes = [self._quote(row, f"{compact(row['type'])}, {compact(row['modality'])}") for row in rows]
        return self._made(iri, "article", source.title, [fact for fact in facts if fact[1]], quotes)

    def entity(self, iri: str) -> Explanation | None:
        mentions = self._data.select(_MENTIONS, iri)
        about = self._data.select(_ABOUT, iri)
        if not (mentions or about):
            return None
        rejected: dict[str, list[Rejected]] = {}
        for row in self._data.select(_CANDIDATES, iri):
            one = Rejected(row["entity"], row["label"], float(row["score"]), row.get("reason", ""))
            rejected.setdefault(row["at"], []).append(one)
        quotes = [self._quote(row, self._read_as(row), tuple(rejected.get(row["at"], ()))) for row in mentions]
        names = [(f"name ({row.get('lang') or 'any language'})", row["name"]) for row in self._data.select(_NAMES, iri)]
        facts = names + [(compact(row["predicate"]), self._fact(row, iri)) for row in about]
        return self._made(iri, "entity", self._name(iri), facts, quotes)

    def _read_as(self, row: dict[str, str]) -> str:
        return f"{row['kind']}, standing for {self._name(row['state'])}" if "state" in row else row["kind"]

    def _fact(self, row: dict[str, str], iri: str) -> str:
        other = row["object"] if row["subject"] == iri else row["subject"]
        direction = "" if row["subject"] == iri else "of "
        when = f", {row['time']}" if "time" in row else ""
        return f"{direction}{self._name(other)}  ({compact(row['modality'])}{when}, {compact(row['claim'])})"

    def _valued(self, row: dict[str, str]) -> str:
        comparator = (
            row.get("comparator", "=").replace("=", "", 1)
            if row.get("comparator") == "="
            else row.get("comparator", "")
        )
        return " ".join(filter(None, (comparator, self._name(row["object"]), row.get("unit"))))

    def _readings(self, iri: str) -> list[Quote]:
        return [self._quote(row) for row in self._data.select(_READINGS, iri)]

    def _quote(self, row: dict[str, str], read_as: str = "", rejected: tuple[Rejected, ...] = ()) -> Quote:
        return Quote(
            row["words"],
            int(row["start"]),
            int(row["end"]),
            self._source(row["article"]),
            float(row.get("score", "0")),
            row.get("method", ""),
            read_as,
            self._name(row["by"]) if "by" in row else "",
            row.get("reason", ""),
            rejected,
        )

    def _source(self, iri: str) -> Source:
        if iri not in self._sources:
            rows = self._data.select(_ARTICLE, iri) or [{}]
            row = rows[0]
            keys = ("title", "language", "published", "publisher", "address")
            self._sources[iri] = Source(iri, *(row.get(key, "") for key in keys))
        return self._sources[iri]

    def _name(self, value: str) -> str:
        """The name of an entity, with its IRI in short; anything else as it is."""
        if "://" not in value:
            return value
        rows = self._data.select(_NAME, value)
        return f"{rows[0]['name']} [{compact(value)}]" if rows else compact(value)

    def _made(self, iri: str, kind: str, name: str, facts: list[tuple[str, str]], quotes: list[Quote]) -> Explanation:
        runs: dict[tuple[str, str], None] = {}
        for article in dict.fromkeys(quote.source.iri for quote in quotes):
            for row in self._data.select(_RUN, article):
                runs[compact(row["what"]).removeprefix("kg:"), row["value"]] = None
        return Explanation(iri, kind, name, tuple(facts), tuple(quotes), tuple(runs))


def _facts(row: dict[str, str], wanted: dict[str, str]) -> list[tuple[str, str]]:
    return [(label, compact(row[key])) for key, label in wanted.items() if key in row]


def _quote_lines(quote: Quote) -> Iterator[str]:
    source = quote.source
    about = ", ".join(filter(None, (source.language, source.published, source.publisher, source.address)))
    yield f"  “{quote.words}”"
    yield f"      {about or compact(source.iri)}, characters {quote.start}-{quote.end}"
    how = ", ".join(filter(None, (quote.read_as, quote.method, f"score {quote.score:.2f}")))
    yield f"      read as {how}" if quote.read_as else f"      {how}"
    if quote.said_by:
        yield f"      in the words of {quote.said_by}"
    if quote.reason:
        yield f"      because {quote.reason}"
    for one in quote.rejected:
        yield f"      rejected: {one.label} [{compact(one.iri)}] {one.score:.2f}" + (
            f", {one.reason}" if one.reason else ""
        )


def _more(number: int, what: str) -> Iterator[str]:
    if number > _MOST_SHOWN:
        yield f"  ... and {number - _MOST_SHOWN:,} more {what} (--format json has them all)"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


_PLACE = "nif:anchorOf ?words ; nif:beginIndex ?start ; nif:endIndex ?end ; nif:referenceContext ?article"

_CLAIM = """SELECT ?subject ?predicate ?object ?comparator ?unit ?time ?modality ?confidence {
  ?this a kg:Claim ; kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  OPTIONAL { ?this kg:confidence ?confidence } OPTIONAL { ?this kg:comparator ?comparator }
  OPTIONAL { ?this kg:unit ?unit } OPTIONAL { ?this kg:time ?time }
}"""
_READINGS = f"""SELECT ?words ?start ?end ?article ?score ?method ?by {{
  ?reading kg:claim ?this ; kg:evidence ?at ; kg:confidence ?score .
  ?at {_PLACE} .
  OPTIONAL {{ ?reading kg:method ?method }} OPTIONAL {{ ?reading kg:attributedTo ?by }}
}} ORDER BY ?article ?start ?by"""
_REPORTS = f"""SELECT ?words ?start ?end ?article ?score ?type ?modality ?trigger ?by {{
  ?report kg:event ?this ; kg:eventType ?type ; kg:modality ?modality ; kg:confidence ?score ; kg:evidence ?at ;
          nif:anchorOf ?trigger .
  ?at {_PLACE} .
  OPTIONAL {{ ?report kg:attributedTo ?by }}
}} ORDER BY ?article ?start ?type"""
_SAID_IN = f"""SELECT ?words ?start ?end ?article ?score ?type ?modality ?by {{
  ?at nif:referenceContext ?this ; {_PLACE} .
  ?report kg:evidence ?at ; kg:eventType ?type ; kg:modality ?modality ; kg:confidence ?score .
  OPTIONAL {{ ?report kg:attributedTo ?by }}
}} ORDER BY ?start ?type"""
_TOLD = """SELECT ?claim ?predicate ?object ?comparator ?unit ?modality {
  ?claim kg:subject ?this ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  OPTIONAL { ?claim kg:comparator ?comparator } OPTIONAL { ?claim kg:unit ?unit }
} ORDER BY ?predicate ?object ?modality ?claim"""
_MENTIONS = f"""SELECT ?at ?words ?start ?end ?article ?score ?kind ?method ?reason ?state {{
  ?at itsrdf:taIdentRef ?this ; itsrdf:taConfidence ?score ; kg:kind ?kind ; {_PLACE} .
  OPTIONAL {{ ?at kg:method ?method }} OPTIONAL {{ ?at kg:reason ?reason }}
  OPTIONAL {{ ?at kg:standsFor ?state }}
}} ORDER BY ?article ?start"""
_CANDIDATES = """SELECT ?at ?entity ?label ?score ?reason {
  ?at itsrdf:taIdentRef ?this ; kg:candidate ?candidate .
  ?candidate kg:entity ?entity ; rdfs:label ?label ; kg:confidence ?score .
  OPTIONAL { ?candidate kg:reason ?reason }
} ORDER BY ?at DESC(?score) ?entity"""
_ABOUT = """SELECT ?claim ?subject ?predicate ?object ?modality ?time {
  { ?claim kg:subject ?this } UNION { ?claim kg:object ?this }
  ?claim kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  OPTIONAL { ?claim kg:time ?time }
} ORDER BY ?predicate ?subject ?object ?time ?modality"""
_NAMES = "SELECT ?name (LANG(?name) AS ?lang) { ?this skos:prefLabel ?name } ORDER BY ?lang ?name"
_NAME = "SELECT ?name { ?this rdfs:label ?name } ORDER BY ?name LIMIT 1"
_IS_ARTICLE = "SELECT ?class { ?this a schema:NewsArticle, ?class } LIMIT 1"
_ARTICLE = """SELECT ?title ?language ?published ?publisher ?address {
  ?this schema:inLanguage ?language .
  OPTIONAL { ?this schema:headline ?title } OPTIONAL { ?this schema:datePublished ?published }
  OPTIONAL { ?this schema:publisher ?publisher } OPTIONAL { ?this schema:url|dcterms:source ?address }
} ORDER BY ?address LIMIT 1"""
_RUN = """SELECT ?what ?value {
  ?this kg:annotatedBy ?run . ?run ?what ?value . FILTER(ISLITERAL(?value))
} ORDER BY ?what ?value"""
