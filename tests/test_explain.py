"""Why something is in the graph."""

import json
import runpy
from pathlib import Path

import pytest
import rdflib

from kg.errors import GraphError, KgError, QueryError
from kg.explain import explain
from kg.rdf import PREFIXES

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
RAMA, TIRANA, FIRE = "Q316901", "Q19689", SMALL["FIRE"]


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")


def test_an_entity_has_its_words_in_every_language(graph):
    found = explain(graph, RAMA)
    assert found.kind == "entity"
    assert {(q.source.language, q.words) for q in found.quotes} == {
        ("bg", "Еди Рама"),
        ("el", "Έντι Ράμα"),
        ("en", "Edi Rama"),
        ("ro", "Edi Rama"),
    }


def test_a_quote_says_where_it_stands_and_how_it_was_read(graph):
    quote = next(q for q in explain(graph, RAMA).quotes if q.source.language == "en")
    article = SMALL["english"]().document
    assert article.text[quote.start : quote.end] == quote.words == "Edi Rama"
    assert (quote.source.published, quote.source.publisher) == ("2025-10-10", "Example Times")
    assert (quote.score, quote.method, quote.reason) == (0.96, "dictionary, name", "name 0.60, context 0.35")


def test_rejected_candidates_stand_beside_the_words_with_their_reasons(graph):
    (quote,) = (q for q in explain(graph, TIRANA).quotes if q.rejected)
    (rejected,) = quote.rejected
    assert (rejected.label, rejected.score, rejected.reason) == ("Rome", 0.04, "name 0.04")


def test_a_claim_has_each_reading(graph):
    iri = next(value for what, value in explain(graph, RAMA).facts if what == "kg:metWith").partition("claim/")[2][:16]
    found = explain(graph, f"claim/{iri}")
    assert found.kind == "claim"
    assert found.name == "Giorgia Meloni [wd:Q451791] kg:metWith Edi Rama [wd:Q316901]"
    assert {q.source.language for q in found.quotes} <= {"bg", "el", "en"}
    assert ("time", "2025-10-09") in found.facts


def test_an_event_shows_who_says_what_of_it(graph):
    found = explain(graph, FIRE)
    assert found.kind == "event"
    assert {(q.source.language, q.said_by.partition(" [")[0]) for q in found.quotes} == {
        ("bg", "Адрия Ферис"), ("el", "Reuters"), ("en", "Edi Rama")}  # fmt: skip
    counts = {value.partition("  ")[0] for what, value in found.facts if what == "kg:deaths"}
    assert counts == {"12 dead", "> 10 dead"}


def test_an_article_shows_what_was_read_in_it(graph):
    article = explain(graph, RAMA).quotes[0].source.iri
    found = explain(graph, article)
    assert found.kind == "article"
    assert all(q.source.iri == article for q in found.quotes)


@pytest.mark.parametrize("way", ["Q316901", "wd:Q316901", "http://www.wikidata.org/entity/Q316901",
                                 "<http://www.wikidata.org/entity/Q316901>", " Q316901 "])  # fmt: skip
def test_a_thing_may_be_named_in_several_ways(graph, way):
    assert explain(graph, way) == explain(graph, RAMA)


def test_the_text_has_the_quote_its_article_and_the_run(graph):
    text = explain(graph, FIRE).as_text()
    assert "“„Адрия Ферис“ отрече да е имало пожар във вторник.”" in text
    assert "bg, 2025-10-08, Пример, https://news.example/bg/1, characters 64-114" in text
    assert "Said in 3 articles, 3 places" in text
    assert "version 0.1.0" in text


def test_json_has_all_of_it(graph):
    found = explain(graph, TIRANA)
    read = json.loads(found.as_json())
    assert [q["words"] for q in read["quotes"]] == [q.words for q in found.quotes]
    assert [one["label"] for quote in read["quotes"] for one in quote["rejected"]] == ["Rome"]


def test_what_is_not_there_is_told(graph):
    with pytest.raises(QueryError, match="not in this graph"):
        explain(graph, "Q42")


@pytest.mark.parametrize("odd", ["", "no iri at all", "what:ever", "http://e/> { ?s", "\x00"])
def test_odd_things_are_told_and_never_run(graph, odd):
    with pytest.raises(KgError):
        explain(graph, odd)


def test_no_graph(tmp_path):
    with pytest.raises(GraphError):
        explain(tmp_path / "none", RAMA)


def test_an_explanation_in_prov_o_is_read_by_rdflib(graph):
    found = explain(graph, TIRANA)
    read = rdflib.Graph().parse(data=found.as_turtle(), format="turtle")
    prov, nif = (rdflib.Namespace(PREFIXES[name]) for name in ("prov", "nif"))
    stretches = set(read.objects(rdflib.URIRef(found.iri), prov.wasDerivedFrom))
    assert len(stretches) == len(found.quotes)
    for at in stretches:
        assert read.value(at, prov.wasQuotedFrom)
        assert read.value(at, prov.wasGeneratedBy)
        assert len(str(read.value(at, nif.anchorOf))) == int(read.value(at, nif.endIndex)) - int(
            read.value(at, nif.beginIndex)
        )
    rejected = set(read.objects(predicate=rdflib.URIRef(f"{PREFIXES['kg']}candidate")))
    assert len(rejected) == sum(len(quote.rejected) for quote in found.quotes) == 1


def test_a_capital_is_told_with_the_state_for_which_it_stands(graph):
    read_as = [quote.read_as for quote in explain(graph, TIRANA).quotes if quote.source.language == "ro"]
    assert read_as == ["LOC, standing for Albania [wd:Q222]"]
