"""Addresses of graphs and of things, and updates: what a program gets, and what it may not do."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import rdflib
from starlette.testclient import TestClient

from kg.errors import QueryError
from kg.graph import Graph
from kg.query import Limits, Pool, inspect, inspect_update
from kg.rdf import quads
from kg.serve import State, create_app

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
BASE = "https://newskg.example/"
CLAIMS = f"{BASE}graph/claims"
TURTLE = {"Accept": "text/turtle"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def pool():
    pool = Pool(2, Limits(seconds=5.0))
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory, pool):
    graph = SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")
    return TestClient(create_app(State(graph, pool)), follow_redirects=False)


def parsed(answer):
    kinds = {"application/ld+json": "json-ld"}
    kind = answer.headers["content-type"].partition(";")[0]
    return rdflib.Graph().parse(data=answer.content, format=kinds.get(kind, kind))


def one(client, sparql):
    rows = client.get("/sparql", params={"query": sparql}).json()["results"]["bindings"]
    return rows[0]["x"]["value"]


def test_a_folder_is_described_where_crawlers_look(tmp_path, pool, client):
    graph = Graph.open(tmp_path / "g", create=True)
    graph.rebuild()
    found = TestClient(create_app(State(graph.folder, pool))).get("/.well-known/void")
    assert found.headers["content-type"].startswith("text/turtle")
    assert found.text == (graph.folder / "void.ttl").read_text()
    assert client.get("/.well-known/void").status_code == 303


# --- graphs ----------------------------------------------------------------------------------------------


def test_a_graph_has_an_address(client):
    indirect = client.get("/graphs", params={"graph": CLAIMS}, headers=TURTLE)
    assert len(parsed(indirect)) > 20
    assert set(parsed(client.get("/graphs/graph/claims", headers=TURTLE))) == set(parsed(indirect))
    assert len(parsed(client.get("/graphs?default", headers=TURTLE))) > len(parsed(indirect))


def test_a_graph_that_is_not_here_is_404(client):
    assert client.get("/graphs", params={"graph": "http://elsewhere.example/"}).status_code == 404
    assert client.head("/graphs/article/none").status_code == 404


@pytest.mark.parametrize("query", ["", "?graph=relative", "?graph=a:b&default", "?graph=http://a/&graph=http://b/"])
def test_a_graph_is_named_once_and_wholly(client, query):
    assert client.get(f"/graphs{query}").status_code == 400


def test_graphs_can_only_be_read(client):
    assert client.put("/graphs?default", content="<a:a> <a:b> 1 .").status_code == 405


# --- things ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("room", "find"), [
    ("entity", "?c kg:object ?x . FILTER(STRSTARTS(STR(?x), STR(wd:)))"),
    ("event", "?r kg:event ?x"),
    ("claim", "?x a kg:Claim"),
    ("run", "?a kg:annotatedBy ?x"),
])  # fmt: skip
def test_a_thing_sends_programs_on_to_what_describes_it(client, room, find):
    iri = one(client, f"SELECT ?x {{ {find} }} ORDER BY ?x LIMIT 1")
    answer = client.get(f"/{room}/{iri.rpartition('/')[2]}", headers=TURTLE)
    assert answer.status_code == 303
    assert "Accept" in answer.headers["vary"]
    data = client.get(answer.headers["location"])
    assert data.headers["content-type"].startswith("text/turtle")
    assert list(parsed(data).predicate_objects(rdflib.URIRef(iri)))


def test_an_article_is_a_document_of_its_own(client):
    iri = one(client, "SELECT ?x { ?x a schema:NewsArticle } LIMIT 1")
    for media in ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"):
        answer = client.get("/" + iri.removeprefix(BASE), headers={"Accept": media})
        assert answer.headers["content-type"].partition(";")[0] == media
        assert list(parsed(answer).objects(rdflib.URIRef(iri), rdflib.URIRef("https://schema.org/inLanguage")))


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld"])
def test_a_suffix_asks_for_a_format_also_from_a_browser(client, suffix):
    answer = client.get(f"/entity/Q316901.{suffix}", headers=BROWSER)
    assert answer.status_code == 200
    assert list(parsed(answer).objects(rdflib.URIRef("http://www.wikidata.org/entity/Q316901"), rdflib.RDFS.label))


def test_a_run_has_a_page_too(client):
    iri = one(client, "SELECT ?x { ?a kg:annotatedBy ?x } LIMIT 1")
    answer = client.get("/" + iri.removeprefix(BASE), headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/html")
    assert "prov:Activity" in answer.text


@pytest.mark.parametrize(
    "path", ["/entity/Q1", "/claim/none", "/entity/仲", "/entity/a%3Eb", "/event/x.ttl", "/run/none.exe"]
)
def test_what_is_not_here_is_404(client, path):
    assert client.get(path, headers=TURTLE).status_code == 404
    assert client.get(path, headers=BROWSER).status_code == 404


def test_the_vocabulary_answers(client):
    assert len(rdflib.Graph().parse(data=client.get("/ontology").content, format="turtle")) > 100


def test_a_browser_at_the_endpoint_is_sent_to_the_editor(client):
    assert client.get("/sparql", headers=BROWSER).headers["location"].endswith("/query")


# --- what clients remember -------------------------------------------------------------------------------


def test_an_answer_that_is_still_true_is_not_sent_again(client):
    ask = {"params": {"query": "SELECT * { ?s kg:metWith ?o }"}}
    tag = client.get("/sparql", **ask).headers["etag"]
    again = client.get("/sparql", **ask, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/sparql", **ask, headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert other.status_code == 200


def test_chance_is_not_remembered(client):
    ask = {"params": {"query": "SELECT (RAND() AS ?x) {}"}}
    first, second = client.get("/sparql", **ask), client.get("/sparql", **ask)
    assert "etag" not in first.headers
    assert first.text != second.text


# --- updates ---------------------------------------------------------------------------------------------

INSERT = "INSERT DATA { <http://e/a> <http://e/b> 1 }"
COUNT = "SELECT (COUNT(*) AS ?x) { ?s <http://e/b> ?o }"


@pytest.fixture
def writable(tmp_path, pool):
    graph = SMALL["write"](tmp_path / "small.nq")
    return TestClient(create_app(State(graph, pool, token="open sesame"))), graph


def update(client, text, token="open sesame"):
    headers = {"Content-Type": "application/sparql-update"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return client.post("/sparql", content=text, headers=headers)


def test_an_update_changes_the_file_and_every_answer(writable):
    client, graph = writable
    assert one(client, COUNT) == "0"
    assert update(client, INSERT).status_code == 204
    assert [one(client, COUNT) for _ in range(4)] == ["1"] * 4
    assert "<http://e/a> <http://e/b>" in graph.read_text()
    assert one(client, "SELECT (COUNT(*) AS ?x) { ?x2 a kg:Claim }") != "0"


@pytest.mark.parametrize("token", [None, "wrong", ""])
def test_an_update_needs_the_token(writable, token):
    client, graph = writable
    before = graph.read_bytes()
    assert update(client, INSERT, token).status_code == 401
    assert graph.read_bytes() == before


def test_an_update_that_fails_changes_nothing(writable):
    client, graph = writable
    before = graph.read_bytes()
    for text in ("INSERT DATA {", f"{INSERT} ; LOAD <http://127.0.0.1:1/>", f"{INSERT} ; CREATE GRAPH <{CLAIMS}>"):
        assert update(client, text).status_code == 400
    assert graph.read_bytes() == before
    assert [path.name for path in graph.parent.iterdir()] == [graph.name]


def test_a_file_without_graphs_takes_none(tmp_path, pool):
    graph = tmp_path / "one.ttl"
    graph.write_text("<http://e/a> <http://e/name> 'Ada' .")
    client = TestClient(create_app(State(graph, pool, token="open sesame")))
    assert update(client, INSERT).status_code == 204
    assert update(client, "INSERT DATA { GRAPH <http://e/g> { <http://e/a> <http://e/b> 2 } }").status_code == 400
    assert one(client, COUNT) == "1"
    assert len(rdflib.Graph().parse(graph)) == 2


def test_a_graph_folder_is_never_updated(tmp_path, pool):
    folder = Graph.open(tmp_path / "graph", create=True)
    annotation = (
        SMALL["article"](SMALL["english"]).annotation() if "article" in SMALL else SMALL["english"]().annotation()
    )
    folder.add([(annotation.document, quads(annotation, SMALL["RUN"]))])
    client = TestClient(create_app(State(tmp_path / "graph", pool, token="open sesame")))
    assert update(client, "CLEAR ALL").status_code == 403
    assert one(client, "SELECT (COUNT(*) AS ?x) { ?a a schema:NewsArticle }") == "1"


@pytest.mark.parametrize("text", [
    "LOAD <http://e/>", "load silent <http://e/>", "LOAD<http://e/>", "LOADSILENT<http://e/>", "# x\nLOAD <http://e/>",
    r"\u004COAD <http://e/>", f"{INSERT};LOAD <http://e/> INTO GRAPH <http://e/g>",
    "PREFIX ex: <http://e/> LOADex:foo",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://e/> { ?s ?p ?o } }",
])  # fmt: skip
def test_updates_fetch_nothing(text):
    with pytest.raises(QueryError):
        inspect_update(text)


@pytest.mark.parametrize("text", [
    "INSERT DATA { <http://e/load> <http://e/b> 'LOAD <http://e/>' } # LOAD",
    "PREFIX load: <http://e/> INSERT DATA { load:a load:b 1 }",
    "DELETE { ?load ?p 1 } WHERE { ?load ?p 1 }",
])  # fmt: skip
def test_the_word_alone_does_no_harm(text):
    assert inspect_update(text) == text


def test_graphs_named_twice_or_badly_are_refused():
    for text in ("WITH <http://e/g> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }", "DELETE WHERE { ?s ?p 1 }"):
        with pytest.raises(QueryError):
            inspect_update(text, ["http://e/h"])
    with pytest.raises(QueryError):
        inspect_update("DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }", ["http://e/h> WHERE {} ; LOAD <http://e/"])


# --- other servers ---------------------------------------------------------------------------------------

ALLOWED = frozenset({"https://query.wikidata.org/sparql"})


@pytest.mark.parametrize("query", [
    "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }",
    "SELECT * { service silent <https://query.wikidata.org/sparql> { ?s ?p ?o } }",
])  # fmt: skip
def test_a_service_on_the_list_may_be_called(query):
    assert inspect(query, ALLOWED).volatile
    with pytest.raises(QueryError):
        inspect(query)


@pytest.mark.parametrize("query", [
    "SELECT * { SERVICE <https://query.wikidata.org/sparql2> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?any { ?s ?p ?o } }",
    "PREFIX w: <https://query.wikidata.org/> SELECT * { SERVICE w:sparql { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<https://query.wikidata.org/sparql> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://query.wikidata.org/sparql> { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    r"SELECT * { SERVICE <https://query.wikidata.org/sparql\u0032> { ?s ?p ?o } }",
])  # fmt: skip
def test_all_others_may_not(query):
    with pytest.raises(QueryError):
        inspect(query, ALLOWED)
