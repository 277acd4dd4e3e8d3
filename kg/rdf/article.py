"""One annotated article as quads: its own named graph, and its share of the graphs that articles have in common.

    <base>article/<id>      the article, evidence, mentions, rejected candidates, readings, reports
    <base>graph/claims      claims, and the direct triples of those that are asserted and accepted
    <base>graph/entities    what the claims and mentions are about: class, labels, place on the map
    <base>graph/runs        what made it all

Every subject of the article's own graph is the article or a stretch of it (`...#char=201,312`); no subject
of the other graphs is. `graph.py` counts on that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol

from kg.edtf import bounds, is_valid
from kg.model import Annotation, Claim, Document, Entity, Evidence, Link, Quad, Quantity, Report, Run, Span, When
from kg.ontology import load_ontology
from kg.rdf.fitting import CLASSES
from kg.rdf.foreign import link_or_text
from kg.rdf.links import links
from kg.rdf.merge import UNIQUE, rank, slot
from kg.rdf.terms import DEFAULT_BASE, day, decimal, integer, node, number, text, truth

ACCEPTED = 0.5  # a claim below this confidence stays a claim: no direct triple says it as a fact
CANDIDATES = 3  # rejected candidates kept for a mention; more would be most of the graph and explain nothing
_DEGREES = 6  # decimals of a coordinate: a tenth of a metre

Row = tuple[str, str, str, str]
Rows = Iterator[Row]


class Facts(Protocol):
    """What a knowledge base may add about an entity (`Record` of kg.knowledge is one)."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Names by language."""

    @property
    def coords(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""

    @property
    def countries(self) -> tuple[str, ...]:
        """QIDs."""

    @property
    def external(self) -> Mapping[str, str]:
        """Identifiers by the key of their data set."""

    @property
    def wikipedia(self) -> Mapping[str, str]:
        """Titles of articles by language."""


def article_iri(document_id: str) -> str:
    """Where an article stands under the base.

    >>> article_iri("2c0de5f3a1b2c3d4")
    'article/2c0de5f3a1b2c3d4'
    """
    return f"article/{document_id}"


def quads(
    annotation: Annotation, run: Run, base: str = DEFAULT_BASE, records: Mapping[str, Facts] | None = None
) -> list[Quad]:
    """The article's quads, sorted and unique: its whole share of a graph, whatever else the graph holds.

    `records` may tell more about entities, by `Entity.iri`. DataError: an iri with an unknown prefix.
    """
    rows = set(_Article(annotation, run, base, records or {}).rows())
    return [Quad(*row) for row in sorted(_one_a_slot(rows))]


def _one_a_slot(rows: set[Row]) -> Iterator[Row]:
    """Rows without the lesser ones of a slot: a claim that two sentences make has its best confidence."""
    best: dict[object, tuple[str, Row]] = {}
    for row in rows:
        if row[1] not in UNIQUE:
            yield row
            continue
        line = "{} {} {} {} .".format(*row)
        place = slot(line)
        if place not in best or rank(line) > rank(best[place][0]):
            best[place] = (line, row)
    yield from (row for _, row in best.values())


class _Article:
    """Reads one annotation; each method yields the rows of one kind of node."""

    def __init__(self, annotation: Annotation, run: Run, base: str, records: Mapping[str, Facts]) -> None:
        self.annotation = annotation
        self.run = run
        self.records = records
        self.term = partial(node, base=base)
        self.iri = article_iri(annotation.document.id)
        self.graph = self.term(self.iri)
        self.claims = self.term("graph/claims")
        self.entities = self.term("graph/entities")
        self.runs = self.term("graph/runs")
        self.maker = self.term(f"run/{run.id}")
        self.states = {k.mention.span: k.reading.iri for k in annotation.links if k.reading}
        self.languages = {s.span: s.lang for s in annotation.sentences}

    def rows(self) -> Rows:
        annotation = self.annotation
        yield from self._document(annotation.document)
        yield from self._run()
        for link in annotation.links:
            yield from self._mention(link)
            # Said of the article too: who is named in which articles must not take a look at every mention.
            yield self._own(self.graph, "schema:mentions", self.term(link.entity.iri))
        for report in annotation.reports:
            yield from self._report(report)
        for claim in annotation.claims:
            yield from self._claim(claim)
            yield from self._direct(claim)
        entities = self._entities()
        for entity in entities:
            yield from self._entity(entity)
        yield from self._surfaces()
        yield from self._others({entity.iri for entity in entities})

    # --- the article's own graph ---------------------------------------------------------------------

    def _own(self, s: str, p: str, o: str) -> Row:
        return s, node(p), o, self.graph

    def _document(self, document: Document) -> Rows:
        s, own = self.graph, self._own
        yield own(s, "rdf:type", node("schema:NewsArticle"))
        yield own(s, "rdf:type", node("kg:Article"))
        yield own(s, "rdf:type", node("nif:Context"))
        yield own(s, "schema:identifier", text(document.id))
        yield own(s, "schema:inLanguage", text(self.annotation.lang))
        yield own(s, "kg:annotatedBy", self.maker)
        if document.title:
            yield own(s, "schema:headline", text(document.title, self.annotation.lang))
        if document.published:
            yield own(s, "schema:datePublished", day(document.published))
        if document.publisher:
            yield own(s, "schema:publisher", text(document.publisher))
        if document.url:
            web = "://" in document.url  # else the path of a file
            yield own(
                s, "schema:url" if web else "dcterms:source", link_or_text(document.url) if web else text(document.url)
            )

    def _stretch(self, span: Span, quote: str, lang: str) -> Rows:
        """A stretch of the text: where it stands and what it says."""
        s, own = self._at(span), self._own
        yield own(s, "rdf:type", node("nif:RFC5147String"))
        yield own(s, "nif:beginIndex", integer(span.start))
        yield own(s, "nif:endIndex", integer(span.end))
        yield own(s, "nif:anchorOf", text(quote, lang))
        yield own(s, "nif:referenceContext", self.graph)

    def _at(self, span: Span, more: str = "") -> str:
        return self.term(f"{self.iri}#char={span.start},{span.end}{more}")

    def _evidence(self, span: Span, quote: str, lang: str) -> Rows:
        yield from self._stretch(span, quote, lang)
        s = self._at(span)
        yield self._own(s, "rdf:type", node("kg:Evidence"))
        yield self._own(s, "prov:wasGeneratedBy", self.maker)

    def _mention(self, link: Link) -> Rows:
        mention, s, own = link.mention, self._at(link.mention.span), self._own
        yield from self._stretch(mention.span, mention.surface, mention.lang)
        yield own(s, "rdf:type", node("kg:Mention"))
        yield own(s, "itsrdf:taIdentRef", self.term(link.entity.iri))
        yield own(s, "itsrdf:taConfidence", decimal(link.score))
        yield own(s, "kg:kind", text(mention.kind))
        yield own(s, "kg:method", text(f"{mention.method}, {link.method}"))
        if mention.nominal:
            yield own(s, "kg:nominal", truth(value=True))
        if link.reading:
            yield own(s, "kg:standsFor", self.term(link.reading.iri))
        if mention.method == "thing" and mention.hint:
            yield own(s, "kg:thing", text(mention.hint))
        yield from self._candidates(link)

    def _candidates(self, link: Link) -> Rows:
        s, own = self._at(link.mention.span), self._own
        chosen = [c for c in link.candidates if c.entity.iri == link.entity.iri][:1]
        rejected = [c for c in link.candidates if c.entity.iri != link.entity.iri][:CANDIDATES]
        for candidate in chosen:
            if candidate.why:
                yield own(s, "kg:reason", text(_reasons(candidate.why)))
        for candidate in rejected:
            c = self._at(link.mention.span, f"&candidate={_name(candidate.entity.iri)}")
            yield own(s, "kg:candidate", c)
            yield own(c, "rdf:type", node("kg:Candidate"))
            yield own(c, "kg:entity", self.term(candidate.entity.iri))
            yield own(c, "kg:confidence", decimal(candidate.score))
            yield own(c, "rdfs:label", text(candidate.label))
            if candidate.why:
                yield own(c, "kg:reason", text(_reasons(candidate.why)))

    def _report(self, report: Report) -> Rows:
        s, own = self._at(report.trigger, f"&event={_name(report.event)}"), self._own
        words = self.annotation.document.text
        lang = self.languages.get(report.sentence, self.annotation.lang)
        yield from self._evidence(report.sentence, report.sentence.of(words), lang)
        yield own(s, "rdf:type", node("kg:Report"))
        yield own(s, "nif:referenceContext", self.graph)
        yield own(s, "kg:event", self.term(report.event))
        yield own(s, "kg:eventType", self.term(report.type))
        yield own(s, "kg:evidence", self._at(report.sentence))
        yield own(s, "kg:confidence", decimal(report.score))
        yield own(s, "kg:modality", node(f"kg:{report.modality}"))
        yield own(s, "nif:beginIndex", integer(report.trigger.start))
        yield own(s, "nif:endIndex", integer(report.trigger.end))
        yield own(s, "nif:anchorOf", text(report.trigger.of(words), lang))
        if report.attributed_to:
            yield own(s, "kg:attributedTo", self.term(report.attributed_to.iri))
        if report.time:
            yield own(s, "kg:time", text(report.time.value))
        if report.place:
            yield own(s, "sem:hasPlace", self.term(report.place.iri))
        for iri in self._involved(report):
            yield own(s, "kg:involves", self.term(iri))

    def _involved(self, report: Report) -> set[str]:
        """Who takes part; where a capital stands for its state, the state too."""
        states = {self.states[one.span] for one in report.participants if one.span in self.states}
        return states | {one.entity.iri for one in report.participants}

    def _reading(self, claim: Claim, evidence: Evidence) -> Rows:
        """That one sentence was read as one claim: by which rule, how surely, and in whose words."""
        yield from self._evidence(evidence.span, evidence.quote, evidence.lang)
        s, own = self._at(evidence.span, f"&claim={claim.id}"), self._own
        yield own(s, "rdf:type", node("kg:Reading"))
        yield own(s, "kg:claim", self.term(f"claim/{claim.id}"))
        yield own(s, "kg:evidence", self._at(evidence.span))
        yield own(s, "kg:confidence", decimal(evidence.score))
        yield own(s, "kg:method", text(evidence.method))
        if claim.attributed_to:
            yield own(s, "kg:attributedTo", self.term(claim.attributed_to))

    # --- claims --------------------------------------------------------------------------------------

    def _said(self, s: str, p: str, o: str) -> Row:
        return s, self.term(p), o, self.claims

    def _claim(self, claim: Claim) -> Rows:
        s, said, value = self.term(f"claim/{claim.id}"), self._said, claim.object
        yield said(s, "rdf:type", node("kg:Claim"))
        yield said(s, "kg:subject", self.term(claim.subject))
        yield said(s, "kg:predicate", self.term(claim.predicate))
        yield said(s, "kg:object", self._object(value))
        yield said(s, "kg:modality", node(f"kg:{claim.modality}"))
        yield said(s, "kg:confidence", decimal(max((e.score for e in claim.evidence), default=0.0)))
        if isinstance(value, Quantity):
            yield said(s, "kg:comparator", text(value.comparator))
            yield said(s, "kg:unit", text(value.unit))
        if claim.time:
            yield from self._time(s, claim.time)
        if claim.attributed_to:
            yield said(s, "kg:attributedTo", self.term(claim.attributed_to))
        for evidence in claim.evidence:
            yield said(s, "kg:evidence", self._at(evidence.span))
            yield from self._reading(claim, evidence)

    def _direct(self, claim: Claim) -> Rows:
        """The claim as a plain triple: only when asserted and accepted, and exact where it counts."""
        value = claim.object
        sure = claim.modality == "asserted" and any(e.score >= ACCEPTED for e in claim.evidence)
        if not sure or (isinstance(value, Quantity) and value.comparator != "="):
            return
        s = self.term(claim.subject)
        yield self._said(s, claim.predicate, self._object(value))
        if claim.subject.startswith("event/"):
            yield self._said(s, "rdf:type", node("sem:Event"))
        if isinstance(value, When):
            yield from self._days(s, value.value)

    def _object(self, value: str | Quantity | When) -> str:
        if isinstance(value, Quantity):
            return number(value.value)
        return text(value.value) if isinstance(value, When) else self.term(value)

    def _time(self, s: str, value: str) -> Rows:
        yield self._said(s, "kg:time", text(value))
        yield from self._days(s, value)

    def _days(self, s: str, value: str) -> Rows:
        """The first and last day of an EDTF value, so that SPARQL can compare and sort."""
        first, last = bounds(value) if is_valid(value) else (None, None)
        if first:
            yield self._said(s, "kg:earliest", day(first))
        if last:
            yield self._said(s, "kg:latest", day(last))

    # --- entities and runs ---------------------------------------------------------------------------

    def _entities(self) -> Collection[Entity]:
        """Every entity that the article speaks about, once."""
        found: dict[Entity, None] = {link.entity: None for link in self.annotation.links}
        found.update({link.reading: None for link in self.annotation.links if link.reading})
        for report in self.annotation.reports:
            found.update(dict.fromkeys(p.entity for p in report.participants))
            found.update(dict.fromkeys(e for e in (report.place, report.attributed_to) if e))
        return found.keys()

    def _entity(self, entity: Entity) -> Rows:
        s, g = self.term(entity.iri), self.entities
        yield s, node("rdf:type"), node(CLASSES[entity.kind]), g
        if entity.qid is None:
            yield s, node("rdf:type"), node("kg:LocalEntity"), g
        facts = self.records.get(entity.iri)
        yield from self._labels(s, {**(facts.labels if facts else {}), **dict(entity.labels)})
        if facts and facts.coords:
            for p, degrees in zip(("geo:lat", "geo:long"), facts.coords, strict=True):
                yield s, node(p), decimal(degrees, _DEGREES), g
        for country in facts.countries if facts else ():
            yield s, node("kg:country"), self.term(f"wd:{country}"), g
        if facts:
            for p, o in links(load_ontology().external.values(), facts.external, facts.wikipedia, self._languages()):
                yield s, p, o, g

    def _others(self, known: set[str]) -> Rows:
        """Names of what only claims speak about, such as an office held."""
        said = (part for c in self.annotation.claims for part in (c.subject, c.object, c.attributed_to))
        for iri in {part for part in said if isinstance(part, str)} - known:
            if iri in self.records:
                yield from self._labels(self.term(iri), self.records[iri].labels)

    def _labels(self, s: str, labels: Mapping[str, str]) -> Rows:
        """Names by language, and one to show wherever only one can stand: English, else the article's own."""
        wanted = sorted(self._languages() & labels.keys()) or sorted(labels)[:1]
        for lang in wanted:
            yield s, node("skos:prefLabel"), text(labels[lang], lang), self.entities
        shown = next((lang for lang in ("en", self.annotation.lang, *wanted) if lang in wanted), None)
        if shown:
            yield s, node("rdfs:label"), text(labels[shown], shown), self.entities

    def _languages(self) -> set[str]:
        """English, the languages of the article and of its quotations, and names of no one language."""
        return {"en", "mul", self.annotation.lang, *self.languages.values()}

    def _surfaces(self) -> Rows:
        """The names as the article writes them, in whatever case: other labels of the entity."""
        for link in self.annotation.links:
            mention, entity = link.mention, link.entity
            # A description ("the Russian president") or an adjective ("Russian") is not a name of the thing.
            named = not mention.nominal and mention.kind != "NORP"
            if named and (mention.lang, mention.surface) not in entity.labels:
                s, o = self.term(entity.iri), text(mention.surface, mention.lang)
                yield s, node("skos:altLabel"), o, self.entities

    def _run(self) -> Rows:
        s, g, run = self.maker, self.runs, self.run
        yield s, node("rdf:type"), node("prov:Activity"), g
        yield s, node("rdf:type"), node("kg:Run"), g
        yield s, node("kg:version"), text(run.version), g
        yield s, node("kg:recogniser"), text(run.recogniser), g
        yield s, node("kg:knowledgeBase"), text(run.knowledge_base), g
        yield s, node("kg:extractor"), text(run.extractor), g


def _name(iri: str) -> str:
    """The last part of an iri: Q7747 of wd:Q7747, 9f2c of entity/9f2c."""
    return iri.replace(":", "/").rpartition("/")[2]


def _reasons(why: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{feature} {score:.2f}" for feature, score in why)
