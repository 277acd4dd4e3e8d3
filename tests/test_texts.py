"""Full texts beside the graph: kept as they came, taken away with their article, in no export."""

import gzip
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.graph import Graph
from kg.graph.texts import Text
from kg.model import Annotation, Document, Run, Skipped, Span
from kg.rdf import quads

RUN = Run("0.1.0", "rules-1", "kb-1", "extract-1")
WORDS = "Μια λέξη.\u2028 Half a character: \ud83d, a whole one: 🙂.\n"
DOCUMENT = Document("0123456789abcdef", "one.txt", "One", "el", date(2024, 5, 4), WORDS, None,
                    (Skipped(Span(0, 3), "dateline"),))  # fmt: skip
OTHER = replace(DOCUMENT, id="fedcba9876543210", url="two.txt", text="Two.", skipped=())


def said(document):
    return document, quads(Annotation(document, "el", (), (), (), (), ()), RUN)


@pytest.fixture
def graph(tmp_path):
    graph = Graph.open(tmp_path / "g", create=True)
    graph.add([said(DOCUMENT), said(OTHER)])
    return graph


def test_a_text_is_kept_to_the_letter(graph):
    assert graph.texts.get(DOCUMENT.id) == Text(WORDS, DOCUMENT.skipped)
    assert Graph.open(graph.folder).keeps_texts


def test_what_is_not_there_or_damaged_is_none(graph):
    assert graph.texts.get("0" * 16) is None
    (file,) = graph.folder.glob("texts/01/*")
    for bytes_ in (b"no gzip", gzip.compress(b"{}"), file.read_bytes()[:-9]):
        file.write_bytes(bytes_)
        assert graph.texts.get(DOCUMENT.id) is None
    graph.add([said(DOCUMENT)])
    assert graph.texts.get(DOCUMENT.id) is not None  # built once more, it is whole again


def test_it_goes_with_its_article(graph):
    graph.remove(DOCUMENT.id)
    assert [p.name for p in graph.folder.glob("texts/*/*")] == [f"{OTHER.id}.json.gz"]


def test_no_line_of_the_graph_holds_it(graph):
    assert not any("Half a character" in line for line in graph.lines())


def test_without_texts_none_are_kept_and_old_ones_go(graph):
    without = Graph.open(graph.folder, texts=False)
    assert without.add([said(DOCUMENT)]) == 0  # nothing of the graph itself changed
    assert not list(graph.folder.glob("texts/*/*"))
    assert not Graph.open(graph.folder).keeps_texts
    Graph.open(graph.folder, texts=True).add([said(DOCUMENT)])
    assert Graph.open(graph.folder).keeps_texts
    assert graph.texts.get(DOCUMENT.id) is not None


def test_the_command_line(tmp_path):
    article, folder = tmp_path / "a.txt", tmp_path / "g"
    article.write_text("date 2024-05-04 The mayor of Varna spoke.", encoding="utf-8")
    run = CliRunner().invoke
    assert run(main, ["build", str(article), "--graph", str(folder), "--no-texts"]).exit_code == 0
    assert not (folder / "texts").exists()
    assert run(main, ["build", str(article), "--graph", str(folder)]).exit_code == 0
    assert not (folder / "texts").exists()  # as before
    assert run(main, ["build", str(article), "--graph", str(folder), "--texts"]).exit_code == 0
    assert len(list(folder.glob("texts/*/*.json.gz"))) == 1
