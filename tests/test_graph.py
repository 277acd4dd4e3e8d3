"""The graph folder: the union of its articles, whatever order, interruption or removal."""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import (
    BORIC,
    COURT,
    COURT_IN_CAPITALS,
    LIMA,
    RUN,
    a_document,
    annotate,
    annotations,
    evidence,
    full_annotation,
    link,
    runs,
)

from kg.errors import GraphError
from kg.graph import Graph, folder, follow
from kg.graph.counts import Counts
from kg.graph.files import decode
from kg.graph.index import put
from kg.graph.lock import writer
from kg.model import Claim, Quad, Rejected, Run, content_id
from kg.rdf import description, node, parse_line, quads, settled, tally, text

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch):
    """Kills are tested here, power cuts can't be: waiting for the disk would only take time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def small_batches(monkeypatch):
    for module in (folder, follow):
        monkeypatch.setattr(module, "BATCH", 2)


def article(name="one", run=RUN, **more):
    annotation = full_annotation(name, **more)
    return annotation.document, quads(annotation, run)


def one_claim(name, score, speaker=None):
    claim = Claim(BORIC.iri, "kg:metWith", COURT.iri, "2024-05-03", "asserted", speaker, (evidence("x", score=score),))
    annotation = annotate(a_document(name), [link(BORIC, 0, 13)], [claim])
    return annotation.document, quads(annotation, RUN)


def graph_of(path, *articles):
    graph = Graph.open(path, create=True)
    graph.add(articles)
    return graph


def stored(graph):
    return sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name} ." for q in graph.store())


def files_of(graph):
    """Every file that must not depend on how the graph came about."""
    names = [p for p in graph.folder.rglob("*") if p.is_file() and "index" not in p.parts]
    return {str(p.relative_to(graph.folder)): p.read_bytes() for p in names if p.name not in {"counts.db", ".lock"}}


def description_of(graph):
    """What DIR/void.ttl must be, counted from scratch."""
    return "".join(description(tally(graph.lines()), graph.base, graph.about)).splitlines()


def described(graph):
    return (graph.folder / "void.ttl").read_text().splitlines()


def union(articles):
    return list(settled(sorted({str(q) for _, quads in articles for q in quads})))


# --- adding ----------------------------------------------------------------------------------------------


def test_a_graph_is_the_union_of_its_articles(tmp_path):
    articles = [article(f"a{i}") for i in range(5)]
    graph = graph_of(tmp_path / "g", *articles)
    assert list(graph.lines()) == union(articles)
    assert stored(graph) == union(articles)
    assert list(graph.quads()) == [parse_line(line) for line in union(articles)]
    assert graph.folder.joinpath("quads").is_dir()
    assert (graph.folder / "index" / "CURRENT").exists()


def test_the_same_article_twice_changes_nothing(tmp_path):
    graph = graph_of(tmp_path / "g", article())
    before = {p: p.stat().st_mtime_ns for p in graph.folder.rglob("*") if p.name != ".lock"}
    assert graph.add([article()]) == 0
    assert {p: p.stat().st_mtime_ns for p in graph.folder.rglob("*") if p.name != ".lock"} == before


def test_an_article_annotated_anew_replaces_itself(tmp_path):
    newer = Run("0.2.0", "rules-2", "kb-2", "extract-1")
    graph = graph_of(tmp_path / "g", article(), article("two"))
    assert graph.add([article(run=newer)]) == 1
    assert stored(graph) == list(graph.lines()) == union([article(run=newer), article("two")])


def test_any_order_and_any_batches_give_the_same_bytes(tmp_path):
    articles = [article(f"a{i}") for i in range(6)]
    whole = graph_of(tmp_path / "whole", *articles)
    pieces = Graph.open(tmp_path / "pieces", create=True)
    mixed = random.Random(7).sample(articles, len(articles))
    for batch in (mixed[:1], mixed[1:4], mixed[4:]):
        pieces.add(batch)
    assert files_of(whole) == files_of(pieces)
    assert list(whole.lines()) == list(pieces.lines()) == stored(pieces)


def test_quads_files_are_plain_canonical_lines(tmp_path):
    document, made = article()
    graph = graph_of(tmp_path / "g", (document, made))
    path = graph.folder / "quads" / document.id[:2] / f"{document.id}.nq.gz"
    data = path.read_bytes()
    assert decode(data) == [str(quad) for quad in made]
    assert gzip.decompress(data).endswith(b" .\n")
    assert data[4:8] == b"\0\0\0\0", "no time in the header"


def test_quotations_keep_their_odd_line_ends(tmp_path):
    odd = "a\u2028b\u0085c\x0bd\re\nf"
    annotation = annotate(a_document(title=odd), [link(LIMA, 38, 42)])
    graph = graph_of(tmp_path / "g", (annotation.document, quads(annotation, RUN)))
    assert stored(graph) == list(graph.lines())
    assert next(graph.documents()).title == odd
    graph.remove(annotation.document.id)
    assert list(graph.lines()) == []


def test_quads_of_another_base_or_another_article_are_refused(tmp_path):
    graph = Graph.open(tmp_path / "g", create=True, base="https://a.example/")
    document, made = article()
    with pytest.raises(GraphError, match=r"https://a\.example/"):
        graph.add([(document, made)])
    graph = Graph.open(tmp_path / "h", create=True)
    with pytest.raises(GraphError):
        graph.add([(a_document("another"), made)])
    with pytest.raises(GraphError):
        graph.add([(document, [*made, Quad(node("wd:Q1"), node("kg:p"), text("x"), node(f"article/{document.id}"))])])
    assert list(graph.lines()) == []


def test_a_base_of_ones_own(tmp_path):
    annotation = full_annotation()
    graph = Graph.open(tmp_path / "g", create=True, base="https://a.example/kg/")
    graph.add([(annotation.document, quads(annotation, RUN, graph.base))])
    assert Graph.open(tmp_path / "g").base == "https://a.example/kg/"
    assert any(line.startswith("<https://a.example/kg/claim/") for line in graph.lines())
    assert not any("newskg.example/claim" in line for line in graph.lines())
    assert stored(graph) == list(graph.lines())
    assert graph.remove(annotation.document.id).id == annotation.document.id


# --- what several articles say ---------------------------------------------------------------------------


def confidences(graph):
    return {q.o for q in graph.quads() if q.p == node("kg:confidence") and q.g == node("graph/claims")}


def test_the_highest_confidence_stands_and_falls_with_its_article(tmp_path):
    low, high, middle = one_claim("low", 0.31), one_claim("high", 0.9), one_claim("middle", 0.55)
    graph = graph_of(tmp_path / "g", low)
    graph.add([high])
    graph.add([middle])
    assert {o.split('"')[1] for o in confidences(graph)} == {"0.9"}
    assert stored(graph) == list(graph.lines())
    graph.remove(high[0].id)
    assert {o.split('"')[1] for o in confidences(graph)} == {"0.55"}
    assert stored(graph) == list(graph.lines()) == union([low, middle])


def test_a_direct_triple_falls_with_the_last_article_that_is_sure(tmp_path):
    graph = graph_of(tmp_path / "g", one_claim("low", 0.31), one_claim("high", 0.9))
    direct = f"{node(BORIC.iri)} {node('kg:metWith')} {node(COURT.iri)} {node('graph/claims')} ."
    assert direct in stored(graph)
    graph.remove(one_claim("high", 0.9)[0].id)
    assert direct not in stored(graph)
    assert any("kg" in line and "Claim>" in line for line in stored(graph)), "the claim itself has a witness left"


def test_one_local_entity_keeps_one_name(tmp_path):
    def named(name, entity):
        annotation = annotate(a_document(name), [link(entity, 22, 34)])
        return annotation.document, quads(annotation, RUN)

    graph = graph_of(tmp_path / "g", named("loud", COURT_IN_CAPITALS))
    graph.add([named("quiet", COURT)])
    labels = [q.o for q in graph.quads() if q.p == node("skos:prefLabel")]
    assert labels == ['"Andean Court"@en']
    assert stored(graph) == list(graph.lines())
    graph.remove(named("quiet", COURT)[0].id)
    assert [q.o for q in graph.quads() if q.p == node("skos:prefLabel")] == ['"ANDEAN COURT"@en']
    assert stored(graph) == list(graph.lines())


# --- removing --------------------------------------------------------------------------------------------


def test_remove_leaves_the_graph_as_if_the_article_had_never_come(tmp_path):
    articles = [article(f"a{i}") for i in range(4)]
    graph = graph_of(tmp_path / "g", *articles)
    row = graph.remove(articles[2][0].id)
    never = graph_of(tmp_path / "never", *(a for i, a in enumerate(articles) if i != 2))
    assert row.url == "https://news.example/a2"
    assert files_of(graph) == files_of(never)
    assert list(graph.lines()) == list(never.lines()) == stored(graph)


@pytest.mark.parametrize("way", ["id", "iri", "url", "start"])
def test_an_article_is_named_by_id_iri_url_or_the_start_of_its_id(tmp_path, way):
    document, made = article("one")
    graph = graph_of(tmp_path / "g", (document, made), article("two"))
    names = {
        "id": document.id,
        "iri": f"{graph.base}article/{document.id}",
        "url": document.url,
        "start": document.id[:6],
    }
    assert graph.remove(names[way]).id == document.id
    assert [a.id for a in graph.documents()] == [article("two")[0].id]


def test_a_name_for_none_or_for_several_is_an_error(tmp_path):
    graph = graph_of(tmp_path / "g", article("one"))
    twin = a_document("one", id=content_id("another text"))
    graph.add([(twin, quads(annotate(twin), RUN))])
    before = files_of(graph)
    with pytest.raises(GraphError, match="No article"):
        graph.remove("ffffffffffffffff")
    with pytest.raises(GraphError, match="2 articles"):
        graph.remove("https://news.example/one")
    assert files_of(graph) == before


class Memory:
    """An index without a disk, for tests that make very many graphs."""

    def __init__(self, _):
        self.store = None

    def exists(self):
        return self.store is not None

    def recover(self):
        pass

    def open(self):
        return self.store

    def change(self, apply):
        apply(self.store)

    def rebuild(self, lines):
        self.store = ox.Store()
        put(self.store, lines)


worlds = st.lists(st.tuples(annotations(), runs), min_size=1, max_size=5, unique_by=lambda pair: pair[0].document.id)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(worlds, st.data())
def test_whatever_is_added_and_removed_only_what_is_there_counts(tmp_path, monkeypatch, world, data):
    monkeypatch.setattr(folder, "Index", Memory)
    articles = {a.document.id: (a.document, quads(a, run)) for a, run in world}
    graph = Graph.open(tempfile.mkdtemp(dir=tmp_path), create=True)
    there = {}
    for _ in range(data.draw(st.integers(1, 5))):
        chosen = data.draw(st.lists(st.sampled_from(sorted(articles)), min_size=1, max_size=3))
        if data.draw(st.booleans()):
            graph.add([articles[name] for name in chosen])
            there |= {name: articles[name] for name in chosen}
        elif chosen[0] in there:
            graph.remove(chosen[0])
            del there[chosen[0]]
        assert stored(graph) == list(graph.lines()) == union(there.values())
        assert described(graph) == description_of(graph)
    assert [a.id for a in graph.documents()] == sorted(there)


# --- large graphs ----------------------------------------------------------------------------------------


def test_sorting_outside_memory_gives_the_same_lines(tmp_path, monkeypatch):
    articles = [article(f"a{i}") for i in range(12)]
    graph = graph_of(tmp_path / "g", *articles)
    monkeypatch.setattr("kg.graph.merged._HELD", 50)
    lines = list(graph.lines())
    assert lines == union(articles)
    assert all(a < b for a, b in pairwise(lines))


def test_one_more_article_does_not_rebuild_the_index(tmp_path, monkeypatch):
    small_batches(monkeypatch)
    articles = [article(f"a{i}") for i in range(9)]
    graph = graph_of(tmp_path / "g", *articles[:8])
    monkeypatch.setattr(follow.Follower, "rebuild", lambda *_: pytest.fail("rebuilt"))
    graph.add(articles[8:])
    assert stored(graph) == union(articles)


def test_many_articles_go_through_in_batches(tmp_path, monkeypatch):
    small_batches(monkeypatch)
    monkeypatch.setattr(follow, "MOST", 0)  # never rebuild
    articles = [article(f"a{i}") for i in range(7)]
    graph = graph_of(tmp_path / "g", *articles)
    assert stored(graph) == list(graph.lines()) == union(articles)


def test_rebuild_makes_the_same_graph_from_the_quads_alone(tmp_path):
    graph = graph_of(tmp_path / "g", *(article(f"a{i}") for i in range(3)))
    before, index = files_of(graph), stored(graph)
    for name in ("documents.jsonl", "counts.db"):
        (graph.folder / name).unlink()
    graph.rebuild()
    assert files_of(graph) == before
    assert stored(graph) == index
    graph.remove(article("a1")[0].id)
    assert stored(graph) == list(graph.lines())


def test_a_lost_index_comes_back_by_itself(tmp_path):
    graph = graph_of(tmp_path / "g", article())
    for path in (graph.folder / "index").iterdir():
        path.unlink()
    assert stored(graph) == list(graph.lines())


def test_a_writer_that_died_between_two_names_costs_no_rebuild(tmp_path, monkeypatch):
    graph = graph_of(tmp_path / "g", article())
    (graph.folder / "index").rename(graph.folder / "index.old")
    monkeypatch.setattr(follow.Follower, "rebuild", lambda *_: pytest.fail("rebuilt"))
    assert stored(graph) == list(graph.lines())


def test_files_kept_for_late_readers_do_not_pile_up(tmp_path):
    graph = graph_of(tmp_path / "g", article("n0"), article("n1"))
    for i in range(12):
        graph.add([article("n2")])
        graph.remove(article("n2")[0].id)
        held = {p.name for p in (graph.folder / "index").glob("*.sst")}
        late = set((graph.folder / "index" / "late-readers.txt").read_text().split())
        assert late <= held, i
    assert stored(graph) == list(graph.lines())
    assert len(held) < 100


# --- lists -----------------------------------------------------------------------------------------------


def test_documents_are_listed_by_id(tmp_path):
    graph = graph_of(tmp_path / "g", article("two", url="papers/two.txt", published=None), article("one"))
    rows = [json.loads(line) for line in (graph.folder / "documents.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    one = next(a for a in graph.documents() if a.url == "https://news.example/one")
    assert (one.title, one.lang, one.published, one.publisher) == ("Boric in Lima", "en", "2024-05-04", "The Example")
    assert (one.mentions, one.readings) == (4, 9)
    assert {a.url: a.published for a in graph.documents()}["papers/two.txt"] is None


def test_rejected_sources_are_listed_once_and_until_they_come(tmp_path):
    graph = Graph.open(tmp_path / "g", create=True)
    assert graph.rejected == []
    graph.reject([Rejected("b.txt", "empty", "fill it"), Rejected("https://news.example/one", "gone", "wait")])
    graph.reject([Rejected("a.txt", "binary", "x"), Rejected("b.txt", "still empty", "fill it")])
    assert [(r.source, r.what) for r in graph.rejected] == [
        ("a.txt", "binary"),
        ("b.txt", "still empty"),
        ("https://news.example/one", "gone"),
    ]
    graph.add([article("one")])
    assert [r.source for r in graph.rejected] == ["a.txt", "b.txt"]


def test_the_settings_tell_base_and_runs(tmp_path):
    newer = Run("0.2.0", "rules-2", "kb-2", "extract-1")
    graph = graph_of(tmp_path / "g", article("one"), article("two", run=newer))
    told = (graph.folder / "kg.toml").read_text()
    assert 'base = "https://newskg.example/"' in told
    assert 'knowledgeBase = "kb-1"' in told
    assert 'knowledgeBase = "kb-2"' in told
    graph.remove(article("two")[0].id)
    assert "kb-2" not in (graph.folder / "kg.toml").read_text()


def test_title_and_licence_are_the_owners_and_stay(tmp_path):
    graph = graph_of(tmp_path / "g", article("one"))
    toml = graph.folder / "kg.toml"
    said = toml.read_text().replace('license = ""', 'license = "https://creativecommons.org/licenses/by/4.0/"')
    toml.write_text(said.replace('title = "News knowledge graph"', 'title = "Ειδήσεις \\"2024\\""'))
    again = Graph.open(graph.folder)
    again.add([article("two")])
    told = "\n".join(described(again))
    assert 'dcterms:title "Ειδήσεις \\"2024\\""' in told
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in told
    assert Graph.open(graph.folder).about == again.about
    assert described(again) == description_of(again)


def test_one_more_article_costs_the_description_no_reading_of_all(tmp_path, monkeypatch):
    small_batches(monkeypatch)
    articles = [article(f"a{i}") for i in range(9)]
    graph = graph_of(tmp_path / "g", *articles[:8])
    monkeypatch.setattr(follow.Follower, "_lines", lambda *_: pytest.fail("read all"))
    graph.add(articles[8:])
    monkeypatch.undo()
    assert described(graph) == description_of(graph)


# --- errors ----------------------------------------------------------------------------------------------


def test_a_folder_without_a_graph_says_how_to_make_one(tmp_path):
    with pytest.raises(GraphError) as error:
        Graph.open(tmp_path / "none")
    assert "kg build" in error.value.do
    assert not (tmp_path / "none").exists()


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(GraphError, match="other things"):
        Graph.open(tmp_path, create=True)
    with pytest.raises(GraphError, match="can't be made"):
        Graph.open(tmp_path / "letter.txt" / "g", create=True)


def test_another_base_or_a_newer_layout_is_refused(tmp_path):
    graph = Graph.open(tmp_path / "g", create=True)
    with pytest.raises(GraphError, match="made with the base"):
        Graph.open(tmp_path / "g", base="https://other.example/")
    toml = graph.folder / "kg.toml"
    toml.write_text(toml.read_text().replace("format = 1", "format = 99"))
    with pytest.raises(GraphError, match="layout 99"):
        Graph.open(tmp_path / "g")
    toml.write_text("not toml at all")
    with pytest.raises(GraphError, match=r"kg\.toml"):
        Graph.open(tmp_path / "g")


def test_two_writers_are_one_too_many_and_readers_do_not_mind(tmp_path):
    graph = graph_of(tmp_path / "g", article())
    with writer(graph.folder):
        with pytest.raises(GraphError, match=f"process {os.getpid()} on "):
            graph.add([article("two")])
        assert stored(graph) == list(graph.lines())
    assert graph.add([article("two")]) == 1


def test_a_folder_that_can_not_be_written_says_so_and_can_be_read(tmp_path):
    graph = graph_of(tmp_path / "g", article())
    (graph.folder / ".lock").unlink()
    (graph.folder / ".lock").mkdir()
    with pytest.raises(GraphError, match="can't be written"):
        graph.add([article("two")])
    assert stored(graph) == list(graph.lines())


def test_a_full_disk_is_told_and_costs_nothing(tmp_path, monkeypatch):
    graph = graph_of(tmp_path / "g", article())

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder.QuadFiles, "write", full)
        with pytest.raises(GraphError, match="No space left"):
            graph.add([article("two")])
    assert stored(graph) == list(graph.lines()) == union([article()])


def test_a_reader_keeps_what_it_opened(tmp_path):
    graph = graph_of(tmp_path / "g", article())
    opened, then = graph.store(), list(graph.lines())
    graph.add([article("two")])
    graph.rebuild()
    graph.remove(article("one")[0].id)
    assert sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name} ." for q in opened) == then
    assert stored(graph) == union([article("two")])


def test_readers_see_whole_graphs_while_one_writes(tmp_path):
    graph = graph_of(tmp_path / "g", article("n0"))
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "g"), "1"]
    seen = set()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        child.stdout.readline()
        # From here on its words go unread; the pipe holds 3,000 of them.
        until, reads = time.monotonic() + 60, 0
        while reads < 15 or (len(seen) < 2 and time.monotonic() < until and child.poll() is None):
            reads += 1
            quads_ = list(graph.store())
            articles = {q.graph_name.value for q in quads_ if "/article/" in q.graph_name.value}
            witnesses = {q.object.value.partition("#")[0] for q in quads_ if q.predicate.value.endswith("#evidence")}
            assert articles == witnesses, "an article came with its claims, and went with them"
            seen.add(frozenset(articles))
        child.send_signal(signal.SIGKILL)
        child.stdout.read()
    assert len(seen) > 1, "the writer was at work"


def test_a_damaged_file_is_named(tmp_path):
    document, made = article()
    graph = graph_of(tmp_path / "g", (document, made))
    path = graph.folder / "quads" / document.id[:2] / f"{document.id}.nq.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(GraphError, match=document.id):
        list(graph.lines())


def test_a_broken_stream_of_articles_keeps_what_came_before(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "BATCH", 1)

    def stream():
        yield article("one")
        raise OSError("the disk of the articles is gone")

    graph = Graph.open(tmp_path / "g", create=True)
    with pytest.raises(OSError, match="of the articles"):
        graph.add(stream())
    assert stored(graph) == list(graph.lines()) == union([article("one")])


# --- interruptions ---------------------------------------------------------------------------------------


class Stop(Exception):  # noqa: N818 - stands for a kill
    pass


def stop_before(monkeypatch, step):
    owner, _, name = step.rpartition(".")
    targets = {"counts": Counts, "files": folder.QuadFiles, "index": folder.Index, "follow": follow, "": folder}

    def dying(*_, **__):
        raise Stop

    monkeypatch.setattr(targets[owner], name, dying)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    graph = graph_of(tmp_path_factory.mktemp("template") / "g", article("one"), article("two"), one_claim("three", 0.9))
    return graph.folder


NEWER = Run("0.2.0", "rules-2", "kb-2", "extract-1")
OLD = [article("one"), article("two"), one_claim("three", 0.9)]
CHANGES = {
    "add": (lambda graph: graph.add([one_claim("four", 0.95)]), [*OLD, one_claim("four", 0.95)]),
    "replace": (lambda graph: graph.add([article("two", run=NEWER)]), [OLD[0], article("two", run=NEWER), OLD[2]]),
    "remove": (lambda graph: graph.remove(OLD[2][0].id), OLD[:2]),
}


# In the order in which they are taken: to die before one is to die after the one above it.
STEPS = [
    "counts.expect",
    "files.write",
    "counts.learnt",
    "index.change",
    "counts.apply",
    "follow.take",
    "follow.put",
    "write",
    "counts.settled",
]


CUTS = [
    (how, step.replace("files.write", "files.remove") if how == "remove" else step) for how in CHANGES for step in STEPS
]


@pytest.mark.parametrize(("how", "step"), CUTS)
def test_a_change_that_was_cut_off_is_done_whole_or_not_at_all(tmp_path, template, monkeypatch, how, step):
    graph = Graph.open(shutil.copytree(template, tmp_path / "g"))
    change, done = CHANGES[how]
    with monkeypatch.context() as patch:
        stop_before(patch, step)
        with pytest.raises(Stop):
            change(graph)
    again = Graph.open(graph.folder)
    assert stored(again) == list(again.lines())
    assert list(again.lines()) in (union(OLD), union(done))
    again.remove(OLD[0][0].id)  # and the counts are right, too
    assert stored(again) == list(again.lines())
    assert [a.id for a in again.documents()] == sorted(p.name[:16] for p in again.folder.glob("quads/??/*"))


_CHILD = """
import sys
import tempfile
from strategies import RUN, full_annotation
from kg.graph import Graph
from kg.rdf import quads

graph = Graph.open(sys.argv[1], create=True)
for i in range(int(sys.argv[2]), 1000):
    annotation = full_annotation(f"n{i}")
    graph.add([(annotation.document, quads(annotation, RUN))])
    print(annotation.document.id, flush=True)
    if i % 4 == 3:
        graph.remove(annotation.document.id)
        print("-" + annotation.document.id, flush=True)
"""


def test_kills_at_any_moment_lose_nothing_that_was_reported_done(tmp_path):
    chance = random.Random(20240503)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    reported: list[str] = []
    doubtful: set[str] = set()
    for round_ in range(4):
        command = [sys.executable, "-c", _CHILD, str(tmp_path / "g"), str(round_ * 200)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
            reported.append(child.stdout.readline().strip())
            time.sleep(chance.uniform(0.05, 0.5))
            child.send_signal(signal.SIGKILL)
            reported += child.stdout.read().split()
        graph = Graph.open(tmp_path / "g")
        lines = list(graph.lines())
        assert stored(graph) == lines
        there = {a.id for a in graph.documents()}
        gone = {name[1:] for name in reported if name.startswith("-")}
        added = {name for name in reported if not name.startswith("-")}
        doubtful.add(reported[-1])  # its removal may have been done and not reported
        assert added - gone - doubtful <= there
        assert not gone & there
        made = {content: article(f"n{i}") for i in range(1000) if (content := a_document(f"n{i}").id) in there}
        assert lines == union(made.values())
