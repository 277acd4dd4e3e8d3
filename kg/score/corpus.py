"""Corpus rows: exact span and label, and linking as ELEVANT counts it.

ELEVANT's rules, micro-averaged over named predictions that carry a QID:

- a span counts when it is equal, or equal after widening the prediction to word boundaries;
- a prediction is right when span and QID are; a gold mention whose item is unknown (`"qid": "NIL"` or null,
  or `nil`) needs no prediction, but giving it a QID is a false positive;
- a mention without the key `qid` was never judged, and one marked or labelled optional never counts;
- nested alternatives count once: the outer mention, unless only its inner ones were predicted;
- outside `evaluation_span` nothing counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.model import Span
from kg.score.counts import Count, Mistake, Scores, Tally
from kg.score.mentions import span_of

Row = Mapping[str, Any]
LABELS = frozenset({"PER", "LOC", "ORG"})  # of the recognition corpora; what else we recognise is not judged
OPTIONAL = frozenset({"QUANTITY", "DATETIME"})  # labels that ELEVANT never asks for


def score_document(gold: Row, row: Row, in_base: frozenset[str] | None) -> Scores:
    """Counts of `ner`, `elevant`, `spans`, `accuracy` and `accuracy in base` for one document."""
    return _labels(gold, row) + _linking(gold, row, in_base)


def _labels(gold: Row, row: Row) -> Scores:
    wanted = {(span_of(one), str(one["label"])) for one in gold["entities"] if one["label"] in LABELS}
    labelled = {str(one["label"]) for one in gold["entities"]}
    if labelled - LABELS:
        return Scores(())  # labels of another scheme: nothing that could be compared
    named = [one for one in row["mentions"] if not one.get("nominal")]
    given = {(span_of(one), str(one["type"])) for one in named if one["type"] in LABELS}
    counts = []
    for label in sorted(LABELS):
        right = sum(kind == label for _, kind in wanted & given)
        predicted = sum(kind == label for _, kind in given)
        tally = Tally(right, predicted, sum(kind == label for _, kind in wanted))
        counts.append(Count("ner", str(gold["id"]), str(gold["lang"]), label, tally))
    return Scores(tuple(counts))


def _linking(gold: Row, row: Row, in_base: frozenset[str] | None) -> Scores:
    if not any("qid" in one for one in gold["entities"]):
        return Scores(())
    window = Span(*gold.get("evaluation_span", (0, len(row["text"]))))
    given = _given(row, window)
    entities = [one for one in gold["entities"] if window.covers(span_of(one))]
    wanted = _alternatives([one for one in entities if not _unjudged(one)], given)
    skipped = {span_of(one) for one in entities} - {span_of(one) for one in wanted}
    counts: list[tuple[str, str, Tally]] = []
    mistakes: list[Mistake] = []
    for one in wanted:
        answer = given.pop(span_of(one), None)
        if _qid(one):
            counts += _outcomes(one, answer, in_base)
        elif answer:
            counts += _false_alarm(str(one["label"]))
        mistakes += _mistakes(gold, row, one, answer)
    for span, answer in sorted(given.items()):
        if span not in skipped:
            counts += _false_alarm(str(answer["type"]))
            mistakes += _mistakes(gold, row, None, answer)
    name, lang = str(gold["id"]), str(gold["lang"])
    return Scores(tuple(Count(measure, name, lang, kind, tally) for measure, kind, tally in counts), tuple(mistakes))


def _given(row: Row, window: Span) -> dict[Span, Row]:
    """Named predictions with a QID inside the window, by their span widened to word boundaries."""
    named = [one for one in row["mentions"] if one.get("qid") and not one.get("nominal")]
    by_span = {_widened(span_of(one), row["text"]): one for one in named}
    return {span: one for span, one in by_span.items() if window.covers(span)}


def _widened(span: Span, text: str) -> Span:
    start, end = span.start, span.end
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)


def _unjudged(one: Row) -> bool:
    unknown = "qid" not in one and not one.get("nil")
    return unknown or bool(one.get("optional")) or str(one["label"]) in OPTIONAL


def _qid(one: Row) -> str | None:
    qid = one.get("qid")
    return str(qid) if qid and qid != "NIL" and not one.get("nil") else None


def _alternatives(entities: Sequence[Row], given: Mapping[Span, Row]) -> list[Row]:
    """Of each family of nested mentions the outermost, or its inner ones when only those were predicted."""
    by_id = {one["gid"]: one for one in entities if "gid" in one}
    chosen: list[Row] = []
    for one in entities:
        if by_id.get(one.get("parent")) is None:
            chosen += _chosen(one, by_id, given)
    return chosen


def _chosen(one: Row, by_id: Mapping[int, Row], given: Mapping[Span, Row]) -> list[Row]:
    children = [by_id[gid] for gid in one.get("children", ()) if gid in by_id]
    if span_of(one) in given or not any(_predicted(child, by_id, given) for child in children):
        return [one]
    return [leaf for child in children for leaf in _chosen(child, by_id, given)]


def _predicted(one: Row, by_id: Mapping[int, Row], given: Mapping[Span, Row]) -> bool:
    children = (by_id[gid] for gid in one.get("children", ()) if gid in by_id)
    return span_of(one) in given or any(_predicted(child, by_id, given) for child in children)


def _outcomes(one: Row, answer: Row | None, in_base: frozenset[str] | None) -> list[tuple[str, str, Tally]]:
    found = int(answer is not None)
    right = int(answer is not None and answer["qid"] == _qid(one))
    kind = str(one["label"])
    counts = [("elevant", kind, Tally(right, found, 1)), ("spans", kind, Tally(found, found, 1))]
    if answer is not None:
        counts.append(("accuracy", kind, Tally(right, 1, 1)))
        if in_base is not None and _qid(one) in in_base:
            counts.append(("accuracy in base", kind, Tally(right, 1, 1)))
    return counts


def _false_alarm(kind: str) -> list[tuple[str, str, Tally]]:
    return [("elevant", kind, Tally(0, 1, 0)), ("spans", kind, Tally(0, 1, 0))]


def _mistakes(gold: Row, row: Row, one: Row | None, answer: Row | None) -> Iterable[Mistake]:
    wanted = _qid(one) if one else None
    given = str(answer["qid"]) if answer else None
    if wanted == given:
        return
    at = one or answer or {}
    yield Mistake(
        fault="miss" if given is None else "wrong" if wanted else "spurious",
        measure="elevant",
        document=str(gold["id"]),
        lang=str(gold["lang"]),
        kind=str(at["label"] if one else at["type"]),
        start=at["start"],
        end=at["end"],
        surface=row["text"][at["start"] : at["end"]],
        gold=wanted,
        predicted=given,
        score=answer.get("score") if answer else None,
    )
