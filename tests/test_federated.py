"""Questions that also ask Wikidata and DBpedia: refused unless allowed, and answered by a local endpoint with a slice.

The slice is made up, also its items: what matters is the shape in which the two publish such facts.
"""

import re
import runpy
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.query import Limits, Rows, TimedOutError, bind, federated_questions, find_question, inspect, questions, run
from kg.query.guard import tokens

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
QUESTIONS = federated_questions()
EVERY = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
SLICE = """
PREFIX dbo: <http://dbpedia.org/ontology/>
PREFIX geosparql: <http://www.opengis.net/ont/geosparql#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

wd:Q316901 p:P39 [ ps:P39 wd:Q900000001 ; wikibase:rank wikibase:NormalRank ; pq:P580 "2019-05-06"^^xsd:date ],
    [ ps:P39 wd:Q900000002 ; wikibase:rank wikibase:NormalRank ; pq:P582 "2011-01-01T00:00:00Z"^^xsd:dateTime ],
    [ ps:P39 wd:Q900000003 ; wikibase:rank wikibase:DeprecatedRank ] ;
  p:P102 [ ps:P102 wd:Q900000004 ; wikibase:rank wikibase:NormalRank ; pq:P580 "1999-01-01T00:00:00Z"^^xsd:dateTime ] .
wd:Q451791 p:P39 [ ps:P39 wd:Q900000002 ; wikibase:rank wikibase:NormalRank ] .
wd:Q900000001 rdfs:label "keeper of the lighthouse"@en, "Leuchtturmwärter"@de .
wd:Q900000004 rdfs:label "Lamplighters"@en .
wd:Q83285 wdt:P625 "Point(19.5 41.25)"^^geosparql:wktLiteral ; wdt:P17 wd:Q900000005 ;
  p:P1082 [ ps:P1082 1200 ; wikibase:rank wikibase:PreferredRank ; pq:P585 "2023-01-01T00:00:00Z"^^xsd:dateTime ],
    [ ps:P1082 900 ; wikibase:rank wikibase:NormalRank ; pq:P585 "2011-01-01T00:00:00Z"^^xsd:dateTime ] .
wd:Q900000005 rdfs:label "Lampland"@en .
<http://dbpedia.org/resource/A_town> owl:sameAs wd:Q83285 ;
  dbo:abstract "A town by the sea."@en, "Ein Ort am Meer."@de .
"""
TOWN = "http://dbpedia.org/resource/A_town"
ANSWERS = {
    "offices-now": [
        ("Edi Rama", "keeper of the lighthouse", "2019-05-06", "http://www.wikidata.org/entity/Q900000001")
    ],
    "parties": [("Edi Rama", "Lamplighters", "1999-01-01", None, "http://www.wikidata.org/entity/Q900000004")],
    "place-compared": [("Durrës", "Lampland", "Point(19.5 41.25)", "Albania", "41.3178", "19.4482")],
    "population": [("Durrës", "1200", "2023-01-01"), ("Durrës", "900", "2011-01-01")],
    "abstract": [("Durrës", TOWN, "A town by the sea."), ("Durrës", TOWN, "Ein Ort am Meer.")],
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return str(SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq"))


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """A server of our own that holds the slice, in the place of Wikidata and DBpedia."""
    file = tmp_path_factory.mktemp("slice") / "slice.ttl"
    file.write_text(SLICE, encoding="utf-8")
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(file), "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            told = server.stdout.readline()
            yield re.search(r"SPARQL at (\S+)\)", told)[1]
        finally:
            server.terminate()


def services(question):
    return [param for param in question.params if param.type == "service"]


def needed(question):
    return {p.name: [p.example.strip('"')] for p in question.params if not p.optional}


def answered(question, graph, endpoint, **more):
    given = needed(question) | {param.name: [endpoint] for param in services(question)} | more
    rows = Rows.from_json(run(graph, question.name, given, services={endpoint}).body()).rows
    return [tuple(term.value if term else None for term in row) for row in rows]


def test_every_question_has_an_answer_here():
    assert {question.name for question in QUESTIONS} == set(ANSWERS)
    assert not {question.name for question in QUESTIONS} & {question.name for question in questions()}


@EVERY
def test_the_answer_joins_the_slice_with_the_graph(question, graph, endpoint):
    assert answered(question, graph, endpoint) == ANSWERS[question.name]


def test_only_who_is_asked_about_is_fetched(graph, endpoint):
    found = answered(find_question("offices-now"), graph, endpoint, entity=["Q451791"])
    assert [row[3] for row in found] == ["http://www.wikidata.org/entity/Q900000002"]


def test_an_abstract_comes_in_the_language_asked_for(graph, endpoint):
    assert answered(find_question("abstract"), graph, endpoint, language=["de"]) == [
        ("Durrës", TOWN, "Ein Ort am Meer.")
    ]


@EVERY
def test_it_is_refused_unless_allowed_and_says_how(question, graph):
    address = services(question)[0].example
    with pytest.raises(QueryError) as refused:
        run(graph, question.name, needed(question))
    assert f"SERVICE <{address}>" in refused.value.what
    assert f"--allow-service {address}" in refused.value.do


@EVERY
def test_allowing_one_address_allows_no_other(question, graph, endpoint):
    with pytest.raises(QueryError, match="SERVICE"):
        run(graph, question.name, needed(question), services={endpoint})


@EVERY
def test_what_it_asks_about_stands_inside_the_service(question):
    """Else the engine fetches the whole of it: it joins only afterwards."""
    inside = question.sparql[question.sparql.index("SERVICE <") :].partition("\n  }")[0]
    assert "VALUES ?entity {" in inside
    assert question.sparql.count("VALUES ?entity {") == 1


@EVERY
def test_it_reads_as_the_other_questions_do(question):
    assert re.fullmatch(r"[A-Z].{10,100}\?", question.words)
    assert question.group == "wikidata and dbpedia, asked live"
    assert "ORDER BY" in question.sparql
    assert inspect(question.sparql, {param.example for param in services(question)}).volatile
    prefixes = [token.text.partition(":")[0] for token in tokens(question.sparql) if token.kind == "name"]
    assert all(prefixes.count(prefix) > 1 for prefix in prefixes), "a prefix is declared for nothing"


@pytest.mark.parametrize("bad", ["Wikidata", "ftp://e/x", "http://e/> { } } #", "http://e/a b"])
def test_an_address_that_is_none_is_refused(bad):
    with pytest.raises(QueryError, match="no address of an endpoint"):
        bind(find_question("population"), {"entity": ["Q1"], "wikidata": [bad]})


def test_without_an_address_of_its_own_the_query_says_what_to_write(graph):
    with pytest.raises(QueryError) as refused:
        run(graph, "SELECT * { VALUES ?u { <http://127.0.0.1:1/> } SERVICE ?u { ?a ?b ?c } }")
    assert "write its address out" in refused.value.do


class _Failing(BaseHTTPRequestHandler):
    """Answers as its path says."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        code, kind, body = {
            "/overloaded": (429, "text/html", b"<html>\n<p>too many\n</html>"),
            "/page": (200, "text/html", b"<html>a portal</html>"),
            "/cut": (200, "application/sparql-results+json", b'{"head":{"vars":["a"]},"results":{"bindings":['),
            "/slow": (200, "application/sparql-results+json", b""),
        }[self.path]
        if self.path == "/slow":
            self.server.gone.wait(10)
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def failing():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Failing) as server:
        server.gone = threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.gone.set()
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "told"),
    [("/overloaded", "429 Too Many Requests"), ("/page", "Content-Type"), ("/cut", "end of file")],
)
def test_a_server_that_fails_is_told_in_two_lines(path, told, graph, failing):
    question = find_question("population")
    with pytest.raises(QueryError, match=told) as failed:
        answered(question, graph, failing + path)
    assert "at a server that it asks" in failed.value.what
    assert "ask again later" in failed.value.do
    assert "\n" not in failed.value.what


def test_a_server_that_is_not_there_is_told(graph):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(QueryError, match="at a server that it asks"):
            answered(find_question("population"), graph, nobody)


def test_a_slow_server_costs_no_more_than_the_time(graph, failing):
    given = {"entity": ["Q83285"], "wikidata": [f"{failing}/slow"]}
    limits = Limits(seconds=0.5)
    with pytest.raises(TimedOutError) as late:
        run(graph, "population", given, services={f"{failing}/slow"}, limits=limits)
    assert "SERVICE" in late.value.do
