"""The endpoint: the protocol, what is refused, and other people's tools on a real server."""

import json
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from starlette.testclient import TestClient

from kg.errors import GraphError
from kg.graph import Graph
from kg.query import Limits, Pool, Rows, run
from kg.rdf import quads
from kg.serve import Options, State, create_app, serve
from kg.serve.negotiation import ROWS, TRIPLES, ProtocolError, negotiate

ROOT = Path(__file__).parents[1]
SMALL = runpy.run_path(str(ROOT / "tests" / "data" / "small.py"))
SELECT = "SELECT ?o { wd:Q451791 kg:metWith ?o }"
CONSTRUCT = "CONSTRUCT { ?s kg:metWith ?o } WHERE { ?s kg:metWith ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?d && ?g != ?l) }"
CLAIMS = "https://newskg.example/graph/claims"


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")


@pytest.fixture(scope="module")
def client(graph):
    pool = Pool(2, Limits(seconds=1.0, memory=2 << 30))
    yield TestClient(create_app(State(graph, pool)))
    pool.close()


def ask(client, query, **options):
    return client.get("/sparql", params={"query": query}, **options)


# --- the three ways to ask -------------------------------------------------------------------------------


def test_get(client):
    answer = ask(client, SELECT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert answer.json()["results"]["bindings"][0]["o"]["value"].endswith("Q316901")


def test_post_of_a_form(client):
    assert client.post("/sparql", data={"query": SELECT}).json() == ask(client, SELECT).json()


@pytest.mark.parametrize("kind", ["application/sparql-query", "application/sparql-query; charset=UTF-8"])
def test_post_of_the_query_itself(client, kind):
    answer = client.post("/sparql", content=SELECT, headers={"Content-Type": kind})
    assert answer.json() == ask(client, SELECT).json()


def test_head_has_headers_and_no_body(client):
    answer = client.head("/sparql", params={"query": SELECT})
    assert answer.status_code == 200
    assert not answer.content


# --- what comes back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", list(ROWS))
def test_rows_in_every_media_type(client, media):
    answer = ask(client, SELECT, headers={"Accept": media})
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Q316901" in answer.text


@pytest.mark.parametrize("media", list(TRIPLES))
def test_triples_in_every_media_type(client, media):
    answer = ask(client, CONSTRUCT, headers={"Accept": media})
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Q316901" in answer.text


@pytest.mark.parametrize("media", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_yes_or_no(client, media):
    assert "true" in ask(client, "ASK { ?s kg:metWith ?o }", headers={"Accept": media}).text


def test_a_browser_gets_something_to_read(client):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert ask(client, SELECT, headers={"Accept": browser}).status_code == 200


@pytest.mark.parametrize(("accept", "media"), [
    ("*/*", "application/sparql-results+json"),
    ("text/*", "text/csv"),
    ("text/csv;q=0.1, application/*;q=0.2", "application/sparql-results+json"),
    ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    ("text/csv;q=bad, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
    (" , ", "application/sparql-results+json"),
])  # fmt: skip
def test_negotiation(accept, media):
    assert negotiate(accept, ROWS)[0] == media


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/turtle"])
def test_406_where_nothing_fits(client, accept):
    assert ask(client, SELECT, headers={"Accept": accept}).status_code == 406
    with pytest.raises(ProtocolError):
        negotiate(accept, ROWS)


def test_other_pages_may_ask_from_a_browser(client):
    answer = ask(client, SELECT, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    before = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/sparql", headers=before).status_code == 200


def test_long_answers_are_packed(client):
    answer = ask(client, "SELECT * { ?s ?p ?o }", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["results"]["bindings"]) > 500


# --- data sets -------------------------------------------------------------------------------------------


def test_the_default_graph_is_all_graphs(client):
    everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def number(**more):
        answer = client.get("/sparql", params={"query": everything, **more})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    assert 0 < number(**{"default-graph-uri": CLAIMS}) < number()
    assert number(**{"named-graph-uri": CLAIMS}) == 0


def test_the_request_names_the_graphs(client):
    params = {"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": CLAIMS}
    found = client.get("/sparql", params=params).json()["results"]["bindings"]
    assert [row["g"]["value"] for row in found] == [CLAIMS]


def test_the_request_outweighs_the_query(client):
    query = "SELECT (COUNT(*) AS ?n) FROM <http://elsewhere.example/> { ?s ?p ?o }"
    assert ask(client, query).status_code == 400
    answer = client.get("/sparql", params={"query": query, "default-graph-uri": CLAIMS})
    assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) > 0


@pytest.mark.parametrize("iri", ["http://elsewhere.example/data.ttl", "file:///etc/passwd", "no iri"])
def test_graphs_of_elsewhere_are_refused(client, iri):
    answer = client.get("/sparql", params={"query": SELECT, "default-graph-uri": iri})
    assert answer.status_code == 400


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [
    "SELECT * {",
    "hello",
    "SELECT * { ?s nobody:knows ?o }",
    "INSERT DATA { <a:a> <a:b> 1 }",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
])  # fmt: skip
def test_400_says_what_and_what_next(client, query):
    answer = ask(client, query)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert len(answer.text.strip().splitlines()) == 2


def test_the_place_of_a_mistake_is_told(client):
    assert "line 2, column" in ask(client, "SELECT * {\n ?s ?p FILTER }").text


@pytest.mark.parametrize(("options", "status"), [
    ({"params": {"format": "json"}}, 400),
    ({"params": [("query", SELECT), ("query", SELECT)]}, 400),
    ({"params": {"update": "CLEAR ALL"}}, 400),
])  # fmt: skip
def test_get_that_breaks_the_protocol(client, options, status):
    assert client.get("/sparql", **options).status_code == status


@pytest.mark.parametrize(("body", "kind", "status"), [
    (SELECT, "text/plain", 415),
    (SELECT, "", 415),
    ("CLEAR ALL", "application/sparql-update", 403),
    ("update=CLEAR+ALL", "application/x-www-form-urlencoded", 403),
    (SELECT.encode("utf-16"), "application/sparql-query; charset=utf-16", 415),
    (b"\xff\xfe", "application/sparql-query", 400),
    (b"#" * (1 << 21), "application/sparql-query", 413),
])  # fmt: skip
def test_post_that_breaks_the_protocol(client, body, kind, status):
    assert client.post("/sparql", content=body, headers={"Content-Type": kind} if kind else {}).status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client, method):
    assert client.request(method, "/sparql").status_code == 405


def test_a_query_without_end_is_503_and_the_next_is_answered(client):
    began = time.monotonic()
    answer = ask(client, ENDLESS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert time.monotonic() - began < 5
    assert ask(client, SELECT).status_code == 200


def test_a_full_line_is_503(graph):
    pool = Pool(1, Limits(seconds=1.5), waiting=1)
    client = TestClient(create_app(State(graph, pool)))
    try:
        statuses = []
        threads = [threading.Thread(target=lambda: statuses.append(ask(client, ENDLESS).status_code)) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.7)
        assert ask(client, "ASK {}").status_code == 503
        for thread in threads:
            thread.join()
        assert statuses == [503, 503]
        assert ask(client, "ASK {}").status_code == 200
    finally:
        pool.close()


def test_a_slow_question_does_not_hold_up_quick_ones(graph):
    pool = Pool(1, Limits(seconds=4.0))
    client = TestClient(create_app(State(graph, pool)))
    try:
        statuses = []
        slow = threading.Thread(target=lambda: statuses.append(ask(client, ENDLESS).status_code))
        slow.start()
        time.sleep(0.3)
        assert [ask(client, f"ASK {{ BIND({n} AS ?n) }}").status_code for n in range(5)] == [200] * 5
        assert not statuses
        slow.join()
        assert statuses == [503]
        assert ask(client, SELECT).status_code == 200
        assert pool.busy == 0
    finally:
        pool.close()


# --- pages -----------------------------------------------------------------------------------------------


def test_health(client):
    assert client.get("/health").json() == {"status": "ok"}


def test_a_graph_that_is_gone_is_said(tmp_path, graph):
    moved = tmp_path / "moved.nq"
    moved.write_bytes(graph.read_bytes())
    pool = Pool(1, Limits())
    client = TestClient(create_app(State(moved, pool)))
    try:
        assert client.get("/health").status_code == 200
        moved.unlink()
        assert client.get("/health").status_code == 503
    finally:
        pool.close()


def test_a_folder_that_grows_is_picked_up(tmp_path):
    first, second = (article().annotation() for article in (SMALL["english"], SMALL["greek"]))
    folder = Graph.open(tmp_path / "graph", create=True)
    folder.add([(first.document, quads(first, SMALL["RUN"]))])
    pool = Pool(1, Limits())
    client = TestClient(create_app(State(tmp_path / "graph", pool)))
    try:

        def languages():
            found = ask(client, "SELECT ?l { ?a schema:inLanguage ?l } ORDER BY ?l").json()["results"]["bindings"]
            return [row["l"]["value"] for row in found]

        assert languages() == ["en"]
        folder.add([(second.document, quads(second, SMALL["RUN"]))])
        assert languages() == ["el", "en"]
        folder.remove(first.document.id)
        assert languages() == ["el"]
    finally:
        pool.close()


# --- a real server ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(graph):
    """A server of its own process on a free port; its address."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(graph), "--port", "0", "--timeout", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+/", process.stdout.readline())[0], process
        process.kill()


def test_urllib_asks_it(server):
    address, _ = server
    url = f"{address}sparql?{urllib.parse.urlencode({'query': SELECT})}"
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer)["results"]["bindings"]


def test_sparqlwrapper_asks_it(server):
    wrapper = SPARQLWrapper(server[0] + "sparql")
    wrapper.setQuery(
        f"PREFIX kg: <https://newskg.example/ontology#> PREFIX wd: <http://www.wikidata.org/entity/> {SELECT}"
    )
    wrapper.setReturnFormat(JSON)
    for method in ("GET", POST):
        wrapper.setMethod(method)
        found = wrapper.queryAndConvert()["results"]["bindings"]
        assert [row["o"]["value"] for row in found] == ["http://www.wikidata.org/entity/Q316901"]


def test_rdflib_asks_it(server):
    store = SPARQLStore(server[0] + "sparql")
    graph = rdflib.Graph(store=store)
    kg = rdflib.Namespace("https://newskg.example/ontology#")
    assert list(graph.subject_objects(kg.metWith))
    assert [
        str(row.n) for row in graph.query("SELECT (COUNT(*) AS ?n) { ?s <https://newskg.example/ontology#metWith> ?o }")
    ]


def test_kg_query_asks_it_as_it_asks_a_file(server, graph):
    def rows(source):
        return Rows.from_json(run(source, "what-happened-to", {"entity": ["Q316901"]}).body())

    assert rows(server[0] + "sparql") == rows(str(graph))


def test_eight_clients_at_once_and_one_of_them_hostile(server):
    statuses = {}

    def client(number, query):
        url = f"{server[0]}sparql?{urllib.parse.urlencode({'query': query})}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                statuses[number] = (answer.status, answer.read())
        except urllib.error.HTTPError as error:
            statuses[number] = (error.code, b"")
            error.close()

    threads = [threading.Thread(target=client, args=(i, ENDLESS if i == 0 else SELECT)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.pop(0)[0] == 503
    assert {status for status, _ in statuses.values()} == {200}


def test_it_stops_when_told_and_leaves_no_worker(graph):
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(graph), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = children.read_text().split() if children.exists() else []
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stderr.read() == ""
    assert not [worker for worker in workers if _runs(worker)]


def test_workers_of_a_server_that_was_killed_end_by_themselves(graph):
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(graph), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this system has no /proc to look into")
        workers = children.read_text().split()
        process.kill()
    until = time.monotonic() + 10
    while time.monotonic() < until and any(_runs(worker) for worker in workers):
        time.sleep(0.1)
    assert not [worker for worker in workers if _runs(worker)]


def _runs(pid):
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_port_that_is_taken_is_told(server, graph):
    port = int(server[0].rstrip("/").rpartition(":")[2])
    with pytest.raises(GraphError, match=f"port {port}"):
        serve(graph, ("127.0.0.1", port), Options(workers=1))


def test_no_graph_at_all_is_told(tmp_path):
    with pytest.raises(GraphError):
        serve(tmp_path / "none")
