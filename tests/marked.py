"""Sentences with their names and times marked, for the extractor's tests.

    [Путиным|PER|Путин] встретился в [Душанбе|LOC] {2025-10-09|в четверг}.

A name is `[as written|KIND]` or `[as written|KIND|plain form]`; the plain form is the entity's label and its key.
A lower-case kind marks a description ("[the plane|prod|flight 12]"). A time is `{EDTF|as written}`.
"""

from __future__ import annotations

import re
from datetime import date

from kg.extract import Extractor
from kg.model import Claim, Document, Entity, Link, Mention, Report, Sentence, Span, When
from kg.ontology import load_ontology

DAY = date(2026, 3, 14)
_MARK = re.compile(r"\[([^\[\]|]+)\|(\w+)(?:\|([^\[\]]+))?\]|\{([^{}|]+)\|([^{}]+)\}")
_EXTRACTOR = Extractor(load_ontology())


def extract(
    *marked: str, lang: str = "en", published: date | None = DAY
) -> tuple[tuple[Report, ...], tuple[Claim, ...]]:
    """The reports and claims of marked sentences, as one document."""
    document, sentences, links, times = parse(marked, lang, published)
    found = _EXTRACTOR.extract(document, sentences, links, times)
    return found.reports, found.claims


def parse(
    marked: tuple[str, ...], lang: str, published: date | None
) -> tuple[Document, list[Sentence], list[Link], list[When]]:
    """The document, sentences, links and times that the marks describe."""
    text, sentences, links, times = "", [], [], []
    for line in marked:
        start, place = len(text), 0
        for found in _MARK.finditer(line):
            text += line[place : found.start()]
            surface = found[1] or found[5]
            span = Span(len(text), len(text) + len(surface))
            if found[1]:
                links.append(_link(span, surface, found[2], found[3] or surface, lang))
            else:
                times.append(When(span, surface, found[4]))
            text += surface
            place = found.end()
        text += line[place:]
        sentences.append(Sentence(Span(start, len(text)), lang))
        text += "\n"
    return Document("d", None, None, lang, published, text), sentences, links, times


def _link(span: Span, surface: str, kind: str, key: str, lang: str) -> Link:
    mention = Mention(span, surface, kind.upper(), lang, nominal=kind.islower())
    return Link(mention, Entity(f"entity/{key}", None, kind.upper(), ((lang, key),)), 1.0)


def told(report: Report) -> str:
    """A report in one line: "meeting agent=Putin place=Dushanbe time=2025-10-09"."""
    kind = next(one for one in load_ontology().event_types if one.iri == report.type)
    parts = [f"{one.role}={one.entity.labels[0][1].replace(' ', '_')}" for one in report.participants]
    if report.time:
        parts.append(f"time={report.time.value}")
    if report.quantity:
        comparator = "" if report.quantity.comparator == "=" else report.quantity.comparator
        parts.append(f"count={comparator}{report.quantity.value:g}_{report.quantity.unit}")
    if report.modality != "asserted":
        parts.append(report.modality)
    if report.attributed_to:
        parts.append(f"by={report.attributed_to.labels[0][1].replace(' ', '_')}")
    return " ".join([kind.notation, *sorted(parts)])
