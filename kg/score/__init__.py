"""Predicted against gold: how good the annotations are, and every answer that is wrong.

Two kinds of gold are understood, told apart by their rows:

- full gold (`mentions` and `events`, the format of tests/gold/README and of a hand-annotated article):
  recognition, linking, clustering of what has no item, events with their day, participants and slots;
- corpus rows (`entities`: start, end, label, qid?): exact span and label, and linking by ELEVANT's rules.

Predictions are the rows of `kg annotate`, matched to gold by `id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.errors import DataError
from kg.score.corpus import score_document as _score_corpus_document
from kg.score.counts import Count, Fault, Mistake, Scores, Split, Tally
from kg.score.events import TypeNames, score_events
from kg.score.given import GivenSpans
from kg.score.mentions import score_mentions
from kg.score.rows import gold_documents, load_gold
from kg.score.table import render

__all__ = [
    "Count",
    "Fault",
    "GivenSpans",
    "Mistake",
    "Scores",
    "Split",
    "Tally",
    "TypeNames",
    "gold_documents",
    "load_gold",
    "render",
    "score",
    "score_corpus",
    "score_gold",
]

Row = Mapping[str, Any]


def score(
    gold_rows: Sequence[Row],
    rows: Iterable[Row],
    types: TypeNames | None = None,
    in_base: frozenset[str] | None = None,
) -> Scores:
    """Scores any gold file: each of its rows by the rules of its own format.

    `types` and `in_base` are those of `score_gold` and `score_corpus`. Raises DataError as they do.
    """
    predicted = list(rows)
    full = [row for row in gold_rows if "mentions" in row]
    corpus = [row for row in gold_rows if "mentions" not in row]
    return score_gold(full, predicted, types) + score_corpus(corpus, predicted, in_base)


def score_gold(gold_rows: Iterable[Row], rows: Iterable[Row], types: TypeNames | None = None) -> Scores:
    """Scores `kg annotate` rows against full gold.

    `types` (`Ontology.type_names()`) gives, for a predicted event type ("kg:PhoneCall"), all the gold names that it
    satisfies; a type that it lacks counts under its own name in lower snake case.
    Raises DataError when a gold document has no prediction row.
    """
    predictions = _by_id(rows)
    total = Scores(())
    for gold in gold_rows:
        row = _prediction(gold, predictions)
        total += score_mentions(gold, row) + score_events(gold, row, types or {})
    return total


def score_corpus(gold_rows: Iterable[Row], rows: Iterable[Row], in_base: frozenset[str] | None = None) -> Scores:
    """Scores `kg annotate` rows against corpus rows: exact span and label, and ELEVANT's linking measures.

    `in_base` holds the QIDs that the knowledge base knows; None: accuracy "in base" is left out.
    Raises DataError when a gold document has no prediction row.
    """
    predictions = _by_id(rows)
    total = Scores(())
    for gold in gold_rows:
        total += _score_corpus_document(gold, _prediction(gold, predictions), in_base)
    return total


def _by_id(rows: Iterable[Row]) -> Mapping[str, Row]:
    return {str(row["id"]): row for row in rows}


def _prediction(gold: Row, predictions: Mapping[str, Row]) -> Row:
    try:
        return predictions[str(gold["id"])]
    except KeyError:
        what = f"No prediction for the gold document {gold['id']}."
        raise DataError(what, "Annotate the documents that `gold_documents` gives, and keep their ids.") from None
