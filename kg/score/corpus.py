"""Corpus rows: exact span and label, and linking as ELEVANT counts it.

ELEVANT's rules, micro-averaged over named predictions that carry a QID:

- a span counts when it is equal, or equal after widening the prediction to word boundaries;
- a prediction is right when span and QID are; a gold mention whose item is unknown (`"qid": "NIL"` or null,
  or `nil`) needs no prediction, but giving it a QID is a false positive;
- a mention without the key `qid` was never judged, and one marked or labelled optional never counts;
- nested alternatives count once: the outer mention, unless only its inner ones were predicted;
- outside `evaluation_span` nothing counts.

Beside them, so that the parts are told apart: `found` (a name was seen, whatever it was linked to), `base` (the
share of gold items that the knowledge base holds), `offered` (of names found and held, those whose item is among the
candidates), and for every gold mention that was not answered right the first reason why, as `lost: ...`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.model import Span
from kg.score.counts import Count, Mistake, Scores, Tally
from kg.score.mentions import span_of

Row = Mapping[str, Any]
LABELS = frozenset({"PER", "LOC", "ORG"})  # of the recognition corpora; what else we recognise is not judged
OPTIONAL = frozenset({"QUANTITY", "DATETIME"})  # labels that ELEVANT never asks for
# The corpora's labels as our kinds; a label may be several of them joined by "|", the first that is known counts.
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("PER", "Q215627", "person", "PERSON"), "PER"),
    **dict.fromkeys(("LOC", "Q27096213", "location", "country", "COUNTRY", "CITY", "DISTRICT"), "LOC"),
    **dict.fromkeys(("STATE_OR_PROVINCE", "LOCATION"), "LOC"),
    **dict.fromkeys(("ORG", "Q43229", "organisation", "ORGANIZATION"), "ORG"),
    **dict.fromkeys(("EVT", "Q1656682", "EVENT"), "EVT"),
    **dict.fromkeys(("PROD", "PRO", "PRODUCT", "Q2424752", "WORK_OF_ART"), "PROD"),
    **dict.fromkeys(("FAC", "FACILITY"), "FAC"),
    **dict.fromkeys(("NORP", "NATIONALITY", "Q41710"), "NORP"),
}


def score_document(gold: Row, row: Row, in_base: frozenset[str] | None) -> Scores:
    """Counts of all measures of corpus rows for one document; `in_base` None: those that speak of it are left out."""
    return _labels(gold, row) + _linking(gold, row, in_base)


def kind_of(label: str) -> str:
    """A corpus label as one of our kinds; a label that is none of them stays."""
    parts = set(label.split("|"))
    return next((kind for known, kind in KINDS.items() if known in parts), label)


def _labels(gold: Row, row: Row) -> Scores:
    wanted = {(span_of(one), str(one["label"])) for one in gold["entities"] if one["label"] in LABELS}
    labelled = {str(one["label"]) for one in gold["entities"]}
    if labelled - LABELS or "evaluation_span" in gold:
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
    named = _named(row, window)
    given = {span: one for span, one in named.items() if one.get("qid")}
    entities = [one for one in gold["entities"] if window.covers(span_of(one))]
    wanted = _alternatives([one for one in entities if not _unjudged(one)], given)
    skipped = {span_of(one) for one in entities} - {span_of(one) for one in wanted}
    counts: list[tuple[str, str, Tally]] = []
    mistakes: list[Mistake] = []
    for one in wanted:
        seen, answer = named.pop(span_of(one), None), given.pop(span_of(one), None)
        counts.append(("found", kind_of(str(one["label"])), Tally(int(seen is not None), int(seen is not None), 1)))
        if _qid(one):
            counts += [*_outcomes(one, answer, in_base), *_parts(one, seen, in_base)]
        elif answer:
            counts += _false_alarm(kind_of(str(one["label"])))
        mistakes += _mistakes(gold, row, one, answer)
    counts += [("found", str(one["type"]), Tally(0, 1, 0)) for span, one in named.items() if span not in skipped]
    for span, answer in sorted(given.items()):
        if span not in skipped:
            counts += _false_alarm(str(answer["type"]))
            mistakes += _mistakes(gold, row, None, answer)
    name, lang = str(gold["id"]), str(gold["lang"])
    return Scores(tuple(Count(measure, name, lang, kind, tally) for measure, kind, tally in counts), tuple(mistakes))


def _named(row: Row, window: Span) -> dict[Span, Row]:
    """Named predictions inside the window, by their span widened to word boundaries; one with a QID goes first."""
    named = sorted((one for one in row["mentions"] if not one.get("nominal")), key=lambda one: bool(one.get("qid")))
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
    kind = kind_of(str(one["label"]))
    counts = [("elevant", kind, Tally(right, found, 1)), ("spans", kind, Tally(found, found, 1))]
    if answer is not None:
        counts.append(("accuracy", kind, Tally(right, 1, 1)))
        if in_base is not None and _qid(one) in in_base:
            counts.append(("accuracy in base", kind, Tally(right, 1, 1)))
    return counts


def _parts(one: Row, seen: Row | None, in_base: frozenset[str] | None) -> Iterator[tuple[str, str, Tally]]:
    """Where a gold mention with an item was lost, if it was: each part of the path is asked only what reached it."""
    if in_base is None:
        return
    kind, qid = kind_of(str(one["label"])), _qid(one)
    held = qid in in_base
    yield "base", kind, Tally(int(held), 1, 1)
    offered = seen is not None and qid in {seen.get("qid"), *(c["qid"] for c in seen.get("candidates", ()))}
    if held and seen is not None:
        yield "offered", kind, Tally(int(offered), 1, 1)
    answer = (seen or {}).get("qid")
    if answer != qid:
        chosen = "lost: another item" if answer else "lost: left local"
        reasons = (
            (not held, "lost: not in base"),
            (seen is None, "lost: not found"),
            (not offered, "lost: not offered"),
        )
        yield next((name for missing, name in reasons if missing), chosen), kind, Tally(1, 1, 1)


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
        kind=kind_of(str(at["label"])) if one else str(at["type"]),
        start=at["start"],
        end=at["end"],
        surface=row["text"][at["start"] : at["end"]],
        gold=wanted,
        predicted=given,
        score=answer.get("score") if answer else None,
    )
