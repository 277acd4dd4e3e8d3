"""Whole articles of our own, as the pipeline reads them today: a change of any reading shows here.

`KG_UPDATE_GOLDEN=1 pytest tests/test_golden.py` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.check import check
from kg.model import Annotation, Document, Entity
from kg.pipeline import Pipeline
from kg.read import read

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
ARTICLES = sorted([*(ROOT / "examples" / "articles").glob("*.txt"), *(GOLDEN / "articles").glob("*.txt")])


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.create()


def summary(found: Annotation) -> str:
    """One line a mention and an event, in the order of the text."""
    text = found.document.text
    lines = [f"language {found.lang}"]
    for link in found.links:
        mark = "~" if link.mention.nominal else ""
        lines.append(f"{link.mention.kind}{mark} {link.mention.surface!r} = {name(link.entity)}")
    for report in sorted(found.reports, key=lambda r: (r.trigger, r.type)):
        slots = [f"{p.role}={name(p.entity)}" for p in report.participants]
        slots += [f"time={report.time.value}"] if report.time else []
        slots += [f"place={name(report.place)}"] if report.place else []
        if report.quantity:
            slots.append(f"count={report.quantity.comparator}{report.quantity.value:g} {report.quantity.unit}")
        slots += [f"by={name(report.attributed_to)}"] if report.attributed_to else []
        said = "" if report.modality == "asserted" else f" ({report.modality})"
        lines.append(f"{report.type}{said} {report.trigger.of(text)!r}: {', '.join(slots)}")
    relations = sorted(
        {f"{c.subject} {c.predicate} {c.object}" for c in found.claims if not c.subject.startswith("event")}
    )
    return "\n".join([*lines, *relations]) + "\n"


def name(entity: Entity) -> str:
    return entity.qid or f"local {dict(entity.labels).get('en') or entity.labels[0][1]!r}"


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.stem)
def test_the_reading_of_an_article_is_what_it_was(article, pipeline):
    document = next(one for one in read([str(article)]) if isinstance(one, Document))
    now = summary(pipeline.annotate(document))
    golden = GOLDEN / f"{article.stem}.txt"
    if os.environ.get("KG_UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


def test_the_graph_of_them_all_is_sound(pipeline, tmp_path):
    lines = {
        str(quad)
        for document in read(list(map(str, ARTICLES)))
        if isinstance(document, Document)
        for quad in pipeline.quads(pipeline.annotate(document))
    }
    graph = tmp_path / "all.nq"
    graph.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    assert [str(fault) for fault in check(graph)] == []
