"""Corpora with QIDs -> questions with candidates and the right answer: what the ranker learns from.

A question is a name of a document (its surface, language and kind: one sense a document). Its answer is a row of the
base, or None where the gold item is not in the base or is not offered: then "none of them" is right. Every document
is asked twice, with the spans of the gold and with those that the recogniser finds; a name that gold does not have
is answered None where the corpus is annotated in full (FULL).
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kg.language import sentences
from kg.link.features import Asked
from kg.link.linker import questions
from kg.link.within import name_of
from kg.link.words import Words
from kg.model import Document, Mention, Span
from kg.pipeline import Pipeline
from kg.score import GivenSpans
from kg.score.corpus import OPTIONAL

FULL = ("aida", "same", "aidaproj", "news-fair", "msnbc", "reuters", "nerel")  # id prefixes: all names are annotated
UNJUDGED, BY_NAME = -2, -3  # BY_NAME: no item is told, see Trainer


@dataclass(frozen=True, slots=True)
class Page:
    """One document as the linker sees it."""

    name: str
    lang: str
    article: Words
    on: date | None
    asked: Mapping[Asked, int | None]  # name -> row of the right item; None: none of the base
    counts: Mapping[Asked, int]  # mentions


def pages(pipeline: Pipeline, path: Path, *, given: bool, skip: frozenset[str] = frozenset()) -> Iterator[Page]:
    """The documents of a corpus file, those whose id is in `skip` left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    recogniser = GivenSpans(pipeline.recogniser, rows) if given else pipeline.recogniser
    for row in rows:
        if str(row["id"]) not in skip:
            document = Document(str(row["id"]), None, None, row["lang"], _day(row), row["text"])
            yield _page(replace(pipeline, recogniser=recogniser), document, row)


_DATELINE = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")


def named_only(pipeline: Pipeline, path: Path, most: int) -> Iterator[Page]:
    """Documents with names but no items: their answers are to be guessed from the names."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(most), strict=False)]
    judged = [{**row, "entities": [{**one, "nil": True} for one in row["entities"]]} for row in rows]
    for row in judged:
        document = Document(str(row["id"]), None, None, row["lang"], None, row["text"])
        _, lines = sentences(document)
        mentions = [m for m in GivenSpans(pipeline.recogniser, [row]).mentions(document, lines) if not m.hint]
        article, asked = questions(document, lines, mentions)
        every = dict.fromkeys(asked.values(), BY_NAME)
        yield Page(document.id, row["lang"], article, None, every, dict.fromkeys(every, 1))


def _day(row: Mapping[str, Any]) -> date | None:
    """The day of the row, or of the dateline that AIDA's texts carry."""
    found = row.get("published") or ((m := _DATELINE.search(row["text"][:200])) and m.group())
    return date.fromisoformat(found) if found else None


def _page(pipeline: Pipeline, document: Document, row: Mapping[str, Any]) -> Page:
    lang, lines = sentences(document)
    mentions = pipeline.recogniser.mentions(document, lines)
    low, high = row.get("evaluation_span", (0, len(document.text)))
    named = [m for m in mentions if not m.hint and not m.nominal]
    article, asked = questions(document, lines, named)
    gold = {Span(one["start"], one["end"]): one for one in row["entities"]}
    answers: dict[Asked, Counter[int | None]] = {}
    for mention in named:
        inside = low <= mention.span.start and mention.span.end <= high
        answer = _answer(pipeline, mention, gold, row) if inside else UNJUDGED
        if answer != UNJUDGED:
            answers.setdefault(asked[name_of(mention)], Counter())[answer] += 1
    every = {one: answers[one].most_common(1)[0][0] if one in answers else UNJUDGED for one in asked.values()}
    return Page(document.id, lang, article, document.published, every, {o: sum(c.values()) for o, c in answers.items()})


def _answer(pipeline: Pipeline, mention: Mention, gold: Mapping[Span, Any], row: Mapping[str, Any]) -> int | None:
    one = gold.get(mention.span)
    if one is None:
        lone = not any(span.overlaps(mention.span) for span in gold)
        return None if lone and str(row["id"]).startswith(FULL) else UNJUDGED
    if one["label"] in OPTIONAL or one.get("optional") or ("qid" not in one and not one.get("nil")):
        return UNJUDGED
    qid = one.get("qid")
    return None if not qid or qid == "NIL" or one.get("nil") else pipeline.base.row(str(qid))


def answered(page: Page) -> Sequence[tuple[Asked, int | None]]:
    """The names of a page that have an answer."""
    return [(one, row) for one, row in page.asked.items() if row != UNJUDGED]
