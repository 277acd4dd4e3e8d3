"""The one path: document -> sentences -> mentions -> links -> times -> reports and claims.

Each stage takes frozen values and returns new ones; only this module knows them all. Batches run here, in
one process or in several; the result does not depend on which.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import KgError
from kg.extract import Extractor
from kg.knowledge import KnowledgeBase, Record, opened
from kg.knowledge.wikidata import BUDGET, WIKIDATA, Asked, Learner, Live, connect
from kg.language import sentences
from kg.link import Linker, Seats
from kg.model import Annotation, Claim, Document, Entity, Link, Quad, Rejected, Report, Run, When
from kg.ontology import load_ontology
from kg.ontology.languages import languages
from kg.overrides import NONE, Overrides
from kg.rdf import DEFAULT_BASE, expand, fitting, quads
from kg.recognise import Model, Recogniser, RuleRecogniser, Trained, choose
from kg.shipped import shipped
from kg.when import dated, readings, undated

Result = Annotation | Rejected
MODEL = "models/recogniser"
CHUNK = 8  # articles handed to a worker at once: the hand-over costs less than the work


@dataclass(frozen=True, slots=True)
class Online:
    """Where names are asked that no base knows."""

    api: str = WIKIDATA
    budget: int = BUDGET  # requests a run
    learned: Path | None = None  # the base that grows; None: the user's own


@dataclass(frozen=True, slots=True)
class Setup:
    """What a pipeline is made with; small enough to be handed to another process with each article."""

    kb: tuple[Path | None, ...] = (None,)  # bases as layers, the strongest first; None: the one that ships
    overrides: Overrides = NONE
    online: Online | None = None  # None: nobody is asked


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages, made ready."""

    base: KnowledgeBase
    recogniser: Recogniser
    linker: Linker
    extractor: Extractor
    run: Run
    overrides: Overrides = NONE

    @classmethod
    def create(cls, setup: Setup = Setup()) -> Pipeline:
        """The default pipeline. Raises KnowledgeError, DataError."""
        base = opened(*setup.kb)
        extractor = Extractor(load_ontology(), Seats(base).state)
        recogniser = RuleRecogniser(base, _model())
        # What people decided is part of what made a graph, as the base is.
        known = f"{base.id}+{setup.overrides.id}" if setup.overrides else base.id
        run = Run(__version__, recogniser.version, known, extractor.version)
        return cls(base, recogniser, Linker(base, setup.overrides.ruling), extractor, run, setup.overrides)

    def annotate(self, document: Document) -> Annotation:
        """Everything found in one document."""
        lang, lines = sentences(document)
        mentions = self.overrides.with_left_out(document, lines, self.recogniser.mentions(document, lines))
        links = self.linker.link(document, lines, mentions)
        told = readings(document, lines)
        moments = dated(document, told)
        found = self.extractor.extract(document, lines, links, moments, undated(told))
        links = (*(_read(link, found.standing.get(link.mention.span)) for link in links), *found.described)
        links = tuple(sorted(links, key=lambda link: (link.mention.span, link.mention.kind)))
        claims, refused = fitting(judged(found.claims, document, self.overrides), links, found.reports)
        return Annotation(document, lang, lines, links, moments, found.reports, claims, refused)

    def quads(self, annotation: Annotation, base: str = DEFAULT_BASE) -> list[Quad]:
        """The annotation in RDF, sorted, with what the knowledge base tells about its entities."""
        return quads(annotation, self.run, base, self._records(annotation))

    def on(self, base: KnowledgeBase) -> Pipeline:
        """The same on another base; the run stays the same."""
        linker = Linker(base, self.overrides.ruling)
        extractor = self.extractor.knowing(Seats(base).state)
        recogniser = RuleRecogniser(base, _model())
        return replace(self, base=base, recogniser=recogniser, linker=linker, extractor=extractor)

    def _records(self, annotation: Annotation) -> dict[str, Record]:
        said = (part for c in annotation.claims for part in (c.subject, c.object, c.attributed_to))
        named = (entity for link in annotation.links for entity in (link.entity, link.reading) if entity)
        known = {part for part in said if isinstance(part, str)} | {entity.iri for entity in named}
        rows = {iri: self.base.row(iri.removeprefix("wd:")) for iri in known if iri.startswith("wd:")}
        return {iri: self.base.record(row) for iri, row in rows.items() if row is not None}


def _read(link: Link, state: Entity | None) -> Link:
    return replace(link, reading=state) if state else link


class OnlinePipeline:
    """A pipeline that asks Wikidata for an article's unknown names, learns, and reads the article again.

    What can't be asked (no network, budget used up) is remembered as `trouble`; the articles are read without it.
    """

    def __init__(self, pipeline: Pipeline, online: Online) -> None:
        live = Live(connect(online.api, online.budget))
        self._learner = Learner(pipeline.base, live, online.learned)
        self._inner = replace(pipeline.on(self._learner.base()), run=_live_run(pipeline.run))
        self.trouble: KgError | None = None

    def annotate(self, document: Document) -> Annotation:
        """Everything found in one document."""
        found = self._inner.annotate(document)
        unknown = [
            Asked(link.mention.surface, link.mention.lang)
            for link in found.links
            if link.method == "local" and not link.mention.nominal and not link.mention.hint
        ]
        try:
            grown = self.trouble is None and self._learner.learn(unknown)
        except KgError as error:
            self.trouble, grown = error, False
        if not grown:
            return found
        self._inner = self._inner.on(self._learner.base())
        return self._inner.annotate(document)

    def quads(self, annotation: Annotation, base: str = DEFAULT_BASE) -> list[Quad]:
        """As Pipeline.quads."""
        return self._inner.quads(annotation, base)


def _live_run(run: Run) -> Run:
    """A run says that it asked: its base is whatever Wikidata said besides."""
    return Run(run.version, run.recogniser, f"{run.knowledge_base}+wikidata", run.extractor)


def judged(claims: Iterable[Claim], document: Document, overrides: Overrides) -> Iterator[Claim]:
    """The claims without those that a person rejected; those that one accepted are sure."""
    for claim in claims:
        verdict = overrides.verdict(claim.id, document)
        if verdict == "accept":
            yield replace(claim, evidence=tuple(replace(one, score=1.0) for one in claim.evidence))
        elif verdict is None:
            yield claim


def annotate_all(
    sources: Iterable[Document | Rejected], setup: Setup = Setup(), *, workers: int = 1
) -> Iterator[Result]:
    """Annotations in the order of the sources. What breaks on one article is that article's Rejected."""
    work = ((setup, source) for source in sources)
    if workers <= 1:
        yield from map(_one, work)
        return
    # "spawn": a forked child would share spaCy's and the index's threads and file positions.
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for batch in _windows(work, workers * CHUNK * 4):
            yield from pool.imap(_one, batch, chunksize=CHUNK)


def _windows(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of `size`: a pool would otherwise read the whole source ahead."""
    stream = iter(items)
    while batch := list(itertools.islice(stream, size)):
        yield batch


def _model() -> Model | None:
    """The trained recogniser, where one is installed, and the pipelines of a user's choice; without, shapes."""
    return choose(Trained.load(), languages().values()) if shipped(MODEL).exists() else None


@cache
def _pipeline(setup: Setup) -> Pipeline | OnlinePipeline:
    made = Pipeline.create(setup)
    return OnlinePipeline(made, setup.online) if setup.online else made


def ready(setup: Setup = Setup()) -> Pipeline | OnlinePipeline:
    """The pipeline that this process uses for a setup: made once, then remembered."""
    return _pipeline(setup)


def _one(task: tuple[Setup, Document | Rejected]) -> Result:
    setup, source = task
    if isinstance(source, Rejected):
        return source
    pipeline = _pipeline(setup)
    try:
        return pipeline.annotate(source)
    except Exception as error:  # noqa: BLE001 - one article must never stop a batch; it is listed with its error
        what = f"The article could not be read through: {type(error).__name__}: {error}"
        return Rejected(source.url or source.id, what, "Please report it with the article; the others are done.")


def row(annotation: Annotation, base: str = DEFAULT_BASE) -> dict[str, Any]:
    """The annotation as `kg annotate` writes it: one JSON row, offsets in code points of `text`."""
    document = annotation.document
    return {
        "id": document.id,
        "url": document.url,
        "lang": annotation.lang,
        "published": document.published.isoformat() if document.published else None,
        "text": document.text,
        "mentions": [_mention(link, base) for link in annotation.links],
        "events": [_event(report, base) for report in annotation.reports],
        "claims": [entry for claim in annotation.claims for entry in _claim(claim, base)],
    }


def _mention(link: Link, base: str) -> dict[str, Any]:
    mention = link.mention
    labels = dict(link.entity.labels)
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "surface": mention.surface,
        "type": mention.kind,
        "qid": link.entity.qid,
        "iri": expand(link.entity.iri, base),
        "label": labels.get("en") or next(iter(labels.values()), mention.surface),
        "score": round(link.score, 3),
        "nominal": mention.nominal,
        "stands_for": expand(link.reading.iri, base) if link.reading else None,
        "candidates": [{"qid": c.entity.qid, "label": c.label, "score": round(c.score, 3)} for c in link.candidates],
    }


def _event(report: Report, base: str) -> dict[str, Any]:
    quantity = report.quantity
    return {
        "iri": expand(report.event, base),
        "type": report.type,
        "trigger": {"start": report.trigger.start, "end": report.trigger.end},
        "participants": [
            {"role": p.role, "iri": expand(p.entity.iri, base), "qid": p.entity.qid} for p in report.participants
        ],
        "time": _time(report.time),
        "place": expand(report.place.iri, base) if report.place else None,
        "quantity": quantity and {"value": quantity.value, "comparator": quantity.comparator, "unit": quantity.unit},
        "modality": report.modality,
        "attributed_to": expand(report.attributed_to.iri, base) if report.attributed_to else None,
        "score": round(report.score, 3),
    }


def _time(when: When | None) -> dict[str, Any] | None:
    return None if when is None else {"value": when.value, "start": when.span.start, "end": when.span.end}


def _claim(claim: Claim, base: str) -> Iterator[dict[str, Any]]:
    value = claim.object
    if isinstance(value, str):
        shown: object = expand(value, base)
    elif isinstance(value, When):
        shown = value.value
    else:
        shown = {"value": value.value, "comparator": value.comparator, "unit": value.unit}
    for evidence in claim.evidence:
        yield {
            "subject": expand(claim.subject, base),
            "predicate": claim.predicate,
            "object": shown,
            "start": evidence.span.start,
            "end": evidence.span.end,
            "score": round(evidence.score, 3),
        }
