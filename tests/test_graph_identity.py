"""What is one across articles, as the folder applies it: to the index, to exports, and back again."""

import os
import random

import pytest
from strategies import BORIC, CHILE, COURT, LIMA, RUN, a_document, annotate, evidence, full_annotation, link

from kg.errors import GraphError
from kg.graph import Assigned, Graph
from kg.graph.once import lines_of
from kg.model import Claim, Entity, Participant, Quantity, Rejected, Report, Run, Span, When, content_id
from kg.rdf import compact, description, node, parse_line, quads, settled, tally, text, value

COURT_ITEM = Assigned(COURT.iri, "Q4242", "Andean Court of Justice", "name 0.98", 0.98, "2025-10-09")


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


def article(name="one", **more):
    annotation = full_annotation(name, **more)
    return annotation.document, quads(annotation, RUN)


def crash(name, when, *, place=None, count=None, near=(), published=None):
    """An article that reports a crash, and says a few names in its sentence."""
    document = a_document(name, published=published)
    event = f"event/{content_id(name)}"
    told = When(Span(46, 56), when, when)
    said = evidence(document.id)
    claims = [Claim(event, "rdf:type", "kg:Crash", None, "asserted", None, (said,))]
    claims.append(Claim(event, "kg:time", told, None, "asserted", None, (said,)))
    if place:
        claims.append(Claim(event, "sem:hasPlace", place.iri, None, "asserted", None, (said,)))
    if count:
        claims.append(Claim(event, "kg:deaths", count, None, "asserted", None, (said,)))
    people = (Participant("place", place, Span(38, 42)),) if place else ()
    report = Report(event, "kg:Crash", Span(14, 17), said.span, people, told, place, None, "asserted", None, 0.8)
    links = [link(entity, 2 * i, 2 * i + 1) for i, entity in enumerate(near)]
    annotation = annotate(document, links, claims, [report])
    return document, quads(annotation, RUN)


def graph_of(path, *articles):
    graph = Graph.open(path, create=True)
    graph.add(articles)
    return graph


def stored(graph):
    return sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name} ." for q in graph.store())


def well_described(graph):
    """Whether DIR/void.ttl is what counting from scratch gives."""
    wanted = "".join(description(tally(graph.lines()), graph.base, graph.about))
    return (graph.folder / "void.ttl").read_text() == wanted


def same(graph):
    """alias -> what it stands for"""
    return {q.s: q.o for q in graph.quads() if q.p == node("owl:sameAs")}


NEAR = (BORIC, CHILE, COURT)
FIRST = crash("first", "2024-12-25", place=LIMA, count=Quantity(38, "=", "dead"), near=NEAR)
SECOND = crash("second", "2024-12", place=LIMA, count=Quantity(30, ">", "dead"), near=NEAR)
OTHER = crash("other", "2024-12-26", place=LIMA, count=Quantity(38, "=", "dead"), near=NEAR)


# --- events ----------------------------------------------------------------------------------------------


def test_reports_of_one_event_share_its_iri_and_keep_their_counts(tmp_path):
    graph = graph_of(tmp_path / "g", FIRST, SECOND)
    event, alias = node(f"event/{content_id('first')}"), node(f"event/{content_id('second')}")
    assert same(graph) == {alias: event}
    found = list(graph.quads())
    assert {q.o for q in found if q.p == node("kg:event")} == {event}
    counts = {q.s for q in found if q.p == node("kg:comparator")}
    assert {q.o for q in found if q.p == node("kg:subject") and q.s in counts} == {event}
    assert len(counts) == 2, "38 and more than 30 stand side by side"
    assert [q.o for q in found if q.s == event and q.p == node("kg:deaths")] == ['"38"^^' + node("xsd:integer")]
    assert stored(graph) == list(graph.lines())


def test_one_fact_of_two_reports_is_one_claim_with_two_evidences(tmp_path):
    graph = graph_of(tmp_path / "g", FIRST, SECOND)
    event = node(f"event/{content_id('first')}")
    claim = Claim(event[1:-1].removeprefix(graph.base), "sem:hasPlace", LIMA.iri, None, "asserted", None, ())
    about = [q for q in graph.quads() if q.s == node(f"claim/{claim.id}")]
    assert len([q for q in about if q.p == node("kg:evidence")]) == 2
    readings = [q for q in graph.quads() if q.p == node("kg:claim") and q.o == node(f"claim/{claim.id}")]
    assert len(readings) == 2


def test_events_on_two_days_stay_two_and_what_fits_both_joins_neither(tmp_path):
    graph = graph_of(tmp_path / "g", FIRST, OTHER)
    assert same(graph) == {}
    graph.add([SECOND])
    assert same(graph) == {}


def test_an_article_less_unjoins_what_only_it_joined(tmp_path):
    graph = graph_of(tmp_path / "g", FIRST, SECOND)
    graph.add([OTHER])
    assert same(graph) == {}
    assert well_described(graph)
    graph.remove(OTHER[0].id)
    assert len(same(graph)) == 1
    assert well_described(graph)
    assert stored(graph) == list(graph.lines()) == list(graph_of(tmp_path / "h", SECOND, FIRST).lines())
    graph.remove(FIRST[0].id)
    never = graph_of(tmp_path / "never", SECOND)
    assert stored(graph) == list(graph.lines()) == list(never.lines())


def test_any_order_any_batches_and_no_folder_give_the_same_lines(tmp_path):
    articles = [FIRST, SECOND, *(article(f"a{i}") for i in range(3))]
    articles += [crash(f"c{i}", f"2025-0{i}", place=LIMA, count=Quantity(40 + i, "=", "dead")) for i in range(1, 5)]
    articles += [crash(f"d{i}", f"2025-0{i}-11", place=LIMA, count=Quantity(40 + i, "=", "dead")) for i in range(1, 5)]
    whole = list(graph_of(tmp_path / "whole", *articles).lines())
    assert sum(node("owl:sameAs") in line for line in whole) == 5
    for seed in range(3):
        mixed = random.Random(seed).sample(articles, len(articles))
        graph = Graph.open(tmp_path / str(seed), create=True)
        for some in (mixed[:1], mixed[1:6], mixed[6:7], mixed[7:]):
            graph.add(some)
        assert list(graph.lines()) == stored(graph) == whole
        assert well_described(graph)
        assert list(lines_of(mixed, graph.base)) == whole


def test_an_article_in_its_canonical_form_is_left_alone(tmp_path):
    articles = [article(f"a{i}") for i in range(3)]
    graph = graph_of(tmp_path / "g", *articles)
    assert list(graph.lines()) == list(settled(sorted({str(q) for _, made in articles for q in made})))


def test_a_folder_without_its_counts_that_may_not_be_written_is_still_read(tmp_path, monkeypatch):
    graph = graph_of(tmp_path / "g", FIRST, SECOND)
    before = list(graph.lines())
    (graph.folder / "counts.db").unlink()

    def refused(*_):
        raise GraphError("read-only", "")

    monkeypatch.setattr("kg.graph.folder.writer", refused)
    assert list(graph.lines()) == before


def test_a_graph_made_by_other_rules_is_made_again(tmp_path, monkeypatch):
    graph = graph_of(tmp_path / "g", FIRST, SECOND)
    before = list(graph.lines())
    monkeypatch.setattr("kg.graph.follow.rules", lambda: "newer")
    path = graph.folder / "counts.db"
    old = path.stat().st_ino
    assert stored(Graph.open(graph.folder)) == list(graph.lines()) == before
    assert path.stat().st_ino == old, "who only asks does not wait for that"
    graph.add([])
    assert path.stat().st_ino != old
    assert stored(graph) == list(graph.lines()) == before


# --- items -----------------------------------------------------------------------------------------------


def test_a_local_entity_that_is_found_to_be_an_item_takes_its_claims_along(tmp_path):
    graph = graph_of(tmp_path / "g", article("one"), article("two"))
    local, item = node(COURT.iri), node("wd:Q4242")
    before = list(graph.lines())
    assert graph.identify([COURT_ITEM]) == 1
    found = list(graph.quads())
    assert same(graph) == {local: item}
    assert {q.p for q in found if q.s == local} == {node("owl:sameAs"), node("kg:sameBecause"), node("kg:confidence")}
    assert not [q for q in found if q.o == local]
    claim = Claim(BORIC.iri, "kg:metWith", "wd:Q4242", "2024-05-03", "asserted", None, ())
    # metWith is symmetric: its claims are written with the shorter iri first
    turned = Claim("wd:Q4242", "kg:metWith", BORIC.iri, "2024-05-03", "asserted", None, ())
    assert {q.s for q in found if q.p == node("kg:object") and node("wd:Q4242") in (q.o, q.s)} <= {
        node(f"claim/{claim.id}"),
        node(f"claim/{turned.id}"),
    }
    assert [q for q in found if q.s == node(f"claim/{turned.id}") and q.p == node("kg:subject") and q.o == item]
    assert [q for q in found if (q.s, q.p, q.o) == (item, node("kg:metWith"), node(BORIC.iri))]
    labels = {(q.p, q.o) for q in found if q.s == item and q.o.startswith('"')}
    assert (node("skos:prefLabel"), text("Andean Court of Justice", "en")) in labels
    assert (node("skos:altLabel"), text("Andean Court", "en")) in labels
    assert not [q for q in found if q.s == item and q.o == node("kg:LocalEntity")]
    assert stored(graph) == list(graph.lines())
    assert graph.identities == [COURT_ITEM]
    assert graph.identify([COURT_ITEM]) == 0
    assert graph.forget([COURT.iri]) == 1
    assert stored(graph) == list(graph.lines()) == before


def test_an_item_found_before_its_article_came_is_the_same(tmp_path):
    early = Graph.open(tmp_path / "early", create=True)
    early.identify([COURT_ITEM])
    early.add([article("one"), article("two")])
    late = graph_of(tmp_path / "late", article("two"), article("one"))
    late.identify([COURT_ITEM])
    assert stored(early) == list(early.lines()) == list(late.lines()) == stored(late)


def test_a_row_written_by_hand_is_followed(tmp_path):
    graph = graph_of(tmp_path / "g", article("one"))
    (graph.folder / "identities.jsonl").write_text(f'{{"alias": "{COURT.iri}", "qid": "Q4242"}}\n', encoding="utf-8")
    assert stored(graph) == list(graph.lines())
    assert same(graph) == {node(COURT.iri): node("wd:Q4242")}


@pytest.mark.parametrize("line", ["{", '{"alias": "wd:Q1", "qid": "Q2"}', '{"alias": "entity/aa", "qid": "2"}', "[]"])
def test_a_broken_row_is_named(tmp_path, line):
    graph = graph_of(tmp_path / "g", article("one"))
    (graph.folder / "identities.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(GraphError, match="line 1"):
        graph.add([article("two")])


def test_every_claim_gets_the_id_that_its_new_words_have(tmp_path):
    """Of any claim in the graph, exchanged or not, the id is the hash of what it says."""
    graph = graph_of(tmp_path / "g", FIRST, SECOND, article("one"))
    graph.identify([COURT_ITEM])
    claims: dict[str, dict[str, str]] = {}
    for quad in map(parse_line, graph.lines()):
        if quad.s.startswith(f"<{graph.base}claim/"):
            claims.setdefault(quad.s, {}).setdefault(quad.p, quad.o)
    assert len(claims) > 8
    for iri, said in claims.items():
        assert iri == node(f"claim/{_id(said, graph.base)}")


def _id(said, base):
    def iri(name):
        return compact(value(said[node(name)]), base)

    target = said[node("kg:object")]
    if node("kg:comparator") in said:
        number = float(value(target))
        held: object = Quantity(number, value(said[node("kg:comparator")]), value(said[node("kg:unit")]))
    else:
        held = iri("kg:object") if target.startswith("<") else When(Span(0, 0), "", value(target))
    time = value(said[node("kg:time")]) if node("kg:time") in said else None
    modality = iri("kg:modality").removeprefix("kg:")
    return Claim(iri("kg:subject"), iri("kg:predicate"), held, time, modality, None, ()).id


def test_two_local_names_of_one_thing_keep_all_their_names(tmp_path):
    def named(name, surface, iri):
        entity = Entity(iri, None, "ORG", (("en", surface),))
        annotation = annotate(a_document(name), [link(entity, 0, 13), link(LIMA, 38, 42), link(BORIC, 14, 17)])
        return annotation.document, quads(annotation, RUN)

    short, long = named("one", "Andean Airlines", "entity/aaaa"), named("two", "Andean Airlines SA", "entity/bbbb")
    graph = graph_of(tmp_path / "g", short, long)
    assert same(graph) == {node("entity/aaaa"): node("entity/bbbb")}
    names = {q.o for q in graph.quads() if q.s == node("entity/bbbb") and q.o.endswith("@en")}
    assert {text("Andean Airlines", "en"), text("Andean Airlines SA", "en")} <= names


# --- merging ---------------------------------------------------------------------------------------------


def everything(graph):
    """Every file of a folder that must not depend on how it came about."""
    names = [p for p in graph.folder.rglob("*") if p.is_file() and "index" not in p.parts]
    return {str(p.relative_to(graph.folder)): p.read_bytes() for p in names if p.name not in {"counts.db", ".lock"}}


def test_a_merged_graph_is_that_of_all_articles_at_once(tmp_path):
    shared = article("shared")
    first = graph_of(tmp_path / "a", FIRST, shared)
    second = graph_of(tmp_path / "b", shared, SECOND, article("one"))
    first.identify([COURT_ITEM])
    second.reject([Rejected("gone.txt", "empty", "give another"), Rejected("https://news.example/shared", "x", "y")])
    whole = graph_of(tmp_path / "whole", FIRST, SECOND, article("one"), shared)
    whole.identify([COURT_ITEM])
    whole.reject([Rejected("gone.txt", "empty", "give another")])
    for name, sources in (("ab", [first, second]), ("ba", [second, first])):
        merged = Graph.open(tmp_path / name, create=True)
        assert merged.merge(sources) == 4
        assert merged.merge(sources) == 0
        assert stored(merged) == list(merged.lines()) == list(whole.lines())
        assert everything(merged) == everything(whole)
    assert first.merge([second]) == 2
    assert everything(first) == everything(whole)
    assert stored(first) == list(whole.lines())


def test_of_two_readings_of_an_article_the_later_version_counts(tmp_path):
    old, new = full_annotation("one"), full_annotation("one")
    graphs = []
    for name, annotation, version in (("old", old, "0.9.0"), ("new", new, "0.10.0")):
        run = Run(version, "rules-1", "kb-1", "extract-1")
        graphs.append(graph_of(tmp_path / name, (annotation.document, quads(annotation, run))))
    for order in (graphs, graphs[::-1]):
        merged = Graph.open(tmp_path / f"merged{order[0].folder.name}", create=True)
        merged.merge(order)
        assert list(merged.lines()) == list(graphs[1].lines())


def test_graphs_under_two_bases_are_not_merged(tmp_path):
    other = Graph.open(tmp_path / "b", create=True, base="https://a.example/")
    with pytest.raises(GraphError, match=r"https://a\.example/"):
        graph_of(tmp_path / "a", FIRST).merge([other])
