"""kg score."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click

from kg.cli.common import kb_option, layers, with_progress
from kg.errors import DataError
from kg.knowledge import opened
from kg.model import Rejected
from kg.ontology import load_ontology
from kg.pipeline import Pipeline, Setup, annotate_all, row
from kg.score import GivenSpans, gold_documents, load_gold, render
from kg.score import score as score_rows
from kg.score.counts import Split

_SPLITS = {"all": "all", "language": "language", "lang": "language", "kind": "kind", "document": "document"}


@click.command(short_help="Precision, recall and F1 against gold annotations.")
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD.jsonl...")
@click.option("--split", type=click.Choice(list(_SPLITS)), default="all", show_default=True, help="One table a group.")
@click.option(
    "--predicted", type=click.Path(path_type=Path), metavar="FILE", help="Rows of `kg annotate`; else made now."
)
@click.option("--mistakes", is_flag=True, help="List every wrong answer.")
@click.option("--given-spans", is_flag=True, help="Corpus gold: link its very spans, so that ranking stands alone.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to use.")
@kb_option
def score(  # noqa: PLR0913 - one argument an option
    *,
    gold: tuple[Path, ...],
    split: str,
    predicted: Path | None,
    mistakes: bool,
    given_spans: bool,
    workers: int,
    kb: tuple[Path, ...],
) -> None:
    """Precision, recall and F1 of recognition, linking, events and times.

    \b
    kg score gold.jsonl --split language
    kg score corpus.jsonl.gz --given-spans --split kind
    kg annotate articles/ -o mine.jsonl && kg score gold.jsonl --predicted mine.jsonl --mistakes
    """
    golden = [one for path in gold for one in load_gold(path)]
    made = _given(golden, gold, kb) if given_spans else _annotated(gold, kb, workers)
    rows = _read(predicted) if predicted else made  # generators: what is not used is not begun
    scores = score_rows(golden, rows, load_ontology().type_names(), _held(golden, kb))
    click.echo(render(scores, cast("Split", _SPLITS[split]), mistakes=mistakes), nl=False)


def _held(golden: Iterable[Mapping[str, Any]], kb: tuple[Path, ...]) -> frozenset[str]:
    """The QIDs of corpus gold that the knowledge base holds."""
    base = opened(*layers(kb))
    wanted = {str(one["qid"]) for row in golden for one in row.get("entities", ()) if one.get("qid")}
    return frozenset(qid for qid in wanted if base.row(qid) is not None)


def _given(
    golden: Iterable[Mapping[str, Any]], gold: tuple[Path, ...], kb: tuple[Path, ...]
) -> Iterator[Mapping[str, Any]]:
    pipeline = Pipeline.create(Setup(layers(kb)))
    given = replace(pipeline, recogniser=GivenSpans(pipeline.recogniser, golden))
    for document in with_progress((one for path in gold for one in gold_documents(path)), "articles"):
        yield row(given.annotate(document))


def _annotated(gold: tuple[Path, ...], kb: tuple[Path, ...], workers: int) -> Iterator[Mapping[str, Any]]:
    documents = [document for path in gold for document in gold_documents(path)]
    for result in with_progress(annotate_all(documents, Setup(layers(kb)), workers=workers), "articles"):
        if isinstance(result, Rejected):
            raise DataError(f"{result.source}: {result.what}", result.do)
        yield row(result)


def _read(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError) as error:
        raise DataError(f"{path} can't be read: {error}", "Give the output of kg annotate.") from error
