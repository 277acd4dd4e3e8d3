"""Mentions against full gold: recognition, linking by QID, clustering of what has no QID.

Named mentions only; a nominal prediction ("the Russian president") is never asked for and never punished.
Each named prediction falls into one of four cases:

- hit: its span is that of a required gold mention, or one of that mention's `alt_spans`;
- optional: it overlaps an optional gold mention without swallowing a whole required one: not scored;
- stray: anything else; it costs precision, in linking only when it carries a QID.

Where gold's `qid` is null, the gold says nothing about Wikidata: linking is not scored, clustering is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kg.model import Span
from kg.score.counts import Count, Fault, Mistake, Scores, Tally

Row = Mapping[str, Any]
CONFIDENT = 0.9  # the score from which a wrong QID counts as a confident error


@dataclass(frozen=True, slots=True)
class _Case:
    gold: Row | None  # None: stray
    predicted: Row | None  # None: missed

    @property
    def scored(self) -> Row:
        return self.gold or self.predicted or {}


def score_mentions(gold: Row, row: Row) -> Scores:
    """Counts of `recognition`, `typed`, `linking`, `confident` and `clusters` for one document."""
    named = [mention for mention in row["mentions"] if not mention.get("nominal")]
    cases = _cases(gold["mentions"], named)
    counts = [_count(gold, case, *outcome) for case in cases for outcome in _outcomes(case)]
    counts += [Count("clusters", str(gold["id"]), str(gold["lang"]), "", tally) for tally in _clusters(cases)]
    mistakes = [mistake for case in cases for mistake in _mistakes(gold, row, case)]
    mistakes += _optional_mistakes(gold, named)
    return Scores(tuple(counts), tuple(sorted(mistakes, key=lambda mistake: (mistake.start, mistake.end))))


def span_of(mention: Row) -> Span:
    """The span of a gold or predicted mention, code points."""
    return Span(mention["start"], mention["end"])


def qids_of(mention: Row) -> frozenset[str]:
    """The QIDs that a gold mention or participant accepts; empty where it has none."""
    return frozenset([mention["qid"], *mention.get("alt", ())]) if mention.get("qid") else frozenset()


def _cases(mentions: Iterable[Row], predictions: Iterable[Row]) -> list[_Case]:
    required = [mention for mention in mentions if not mention.get("optional")]
    optional = [span_of(mention) for mention in mentions if mention.get("optional")]
    free = {span: mention for mention in required for span in _spans(mention)}
    taken: dict[int, Row] = {}
    stray = []
    for prediction in sorted(predictions, key=span_of):
        span = span_of(prediction)
        hit = free.get(span)
        if hit is not None and id(hit) not in taken:
            taken[id(hit)] = prediction
        elif not _excused(span, optional, required):
            stray.append(_Case(None, prediction))
    return [_Case(mention, taken.get(id(mention))) for mention in required] + stray


def _spans(mention: Row) -> list[Span]:
    return [span_of(mention), *(Span(*pair) for pair in mention.get("alt_spans", ()))]


def _excused(span: Span, optional: Sequence[Span], required: Sequence[Row]) -> bool:
    swallows = any(span != span_of(mention) and span.covers(span_of(mention)) for mention in required)
    return not swallows and any(span.overlaps(other) for other in optional)


def _outcomes(case: _Case) -> list[tuple[str, Tally]]:
    gold, predicted = case.gold, case.predicted
    found = Tally(int(bool(gold and predicted)), int(predicted is not None), int(gold is not None))
    typed = Tally(found.right * _same_type(gold, predicted), found.predicted, found.gold)
    outcomes = [("recognition", found), ("typed", typed)]
    answer = (predicted or {}).get("qid")
    if gold is None or gold["qid"]:
        right = bool(gold) and answer in qids_of(gold or {})
        tally = Tally(int(right), int(bool(answer)), int(gold is not None))
        outcomes.append(("linking", tally))
        if answer and (predicted or {}).get("score", 0.0) >= CONFIDENT:
            outcomes.append(("confident", Tally(int(right), 1, 0)))
    return outcomes


def _same_type(gold: Row | None, predicted: Row | None) -> bool:
    return bool(gold and predicted) and (predicted or {})["type"] in {
        (gold or {})["type"],
        *(gold or {}).get("alt_types", ()),
    }


def _count(gold: Row, case: _Case, measure: str, tally: Tally) -> Count:
    return Count(measure, str(gold["id"]), str(gold["lang"]), str(case.scored["type"]), tally)


def _clusters(cases: Iterable[_Case]) -> list[Tally]:
    """Pairs of found mentions without a gold QID: together in gold, together in the prediction, in both."""
    local = [(case.gold, case.predicted) for case in cases if case.gold and case.predicted and not case.gold["qid"]]
    tallies = []
    for (gold, predicted), (other_gold, other_predicted) in combinations(local, 2):
        wanted = gold["entity"] == other_gold["entity"]
        given = predicted["iri"] == other_predicted["iri"]
        tallies.append(Tally(int(wanted and given), int(given), int(wanted)))
    return tallies


def _mistakes(gold: Row, row: Row, case: _Case) -> list[Mistake]:
    wanted, predicted = case.gold, case.predicted
    answer = (predicted or {}).get("qid")
    if wanted is None:
        fault: Fault = "spurious"
        if not answer:
            return []
    elif not wanted["qid"] or answer in qids_of(wanted):
        return []
    else:
        fault = "wrong" if answer else "miss"
    near = predicted or _nearest(wanted or {}, row["mentions"])
    return [_mistake(fault, gold, wanted, near)]


def _optional_mistakes(gold: Row, predictions: Iterable[Row]) -> list[Mistake]:
    """Wrong QIDs on optional mentions: nobody is charged for them, but whoever reads the list learns."""
    optional = {span_of(mention): mention for mention in gold["mentions"] if mention.get("optional")}
    found = []
    for prediction in predictions:
        wanted = optional.get(span_of(prediction), {})
        if wanted.get("qid") and prediction.get("qid") and prediction["qid"] not in qids_of(wanted):
            found.append(_mistake("wrong-optional", gold, wanted, prediction))
    return found


def _nearest(wanted: Row, mentions: Iterable[Row]) -> Row | None:
    """The prediction that overlaps most: tells a wrong boundary from a name not seen at all."""
    span = span_of(wanted)
    near = [mention for mention in mentions if span.overlaps(span_of(mention))]
    return max(near, key=lambda mention: _shared(span, span_of(mention)), default=None)


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _mistake(fault: Fault, gold: Row, wanted: Row | None, near: Row | None) -> Mistake:
    at = wanted or near or {}
    answer = None
    if near is not None:
        elsewhere = span_of(near) != span_of(at)
        answer = f"{near.get('qid') or 'local'}" + (f" on {near['surface']!r}" if elsewhere else "")
    return Mistake(
        fault=fault,
        measure="linking",
        document=str(gold["id"]),
        lang=str(gold["lang"]),
        kind=str(at["type"]),
        start=at["start"],
        end=at["end"],
        surface=str(at["surface"]),
        gold=None if wanted is None else "|".join([wanted["qid"], *wanted.get("alt", ())]),
        predicted=answer,
        score=None if near is None else near.get("score"),
    )
