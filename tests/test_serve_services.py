"""Services for other tools: reconciliation, annotation, and what whoever runs the server looks at."""

from __future__ import annotations

import io
import json
import re
import runpy
from pathlib import Path

import pytest
import rdflib
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from kg.model import Document
from kg.query import BusyError, Limits, Pool, TimedOutError
from kg.serve import State, create_app
from kg.serve.annotator import Annotator
from kg.serve.state import SHIPPED

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
NIF = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITSRDF = rdflib.Namespace("http://www.w3.org/2005/11/its/rdf#")
TEXT = "Giorgia Meloni met Edi Rama in Tirana on 9 October 2025."


@pytest.fixture(scope="module")
def log():
    return io.StringIO()


@pytest.fixture(scope="module")
def client(tmp_path_factory, log):
    graph = SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")
    state = State(graph, Pool(1, Limits(seconds=5.0)))
    yield TestClient(create_app(state, log), raise_server_exceptions=False)
    state.close()


# --- reconciliation --------------------------------------------------------------------------------------


def reconciled(client, **queries):
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    return {key: value["result"] for key, value in answer.json().items()}


def test_the_manifest_says_what_there_is_and_it_answers(client):
    manifest = client.get("/reconcile").json()
    assert "0.2" in manifest["versions"]
    for one in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        address = one["service_url"] + one["service_path"]
        assert client.get(address, params={"prefix": "per"}).status_code == 200
    assert client.get(manifest["preview"]["url"].replace("{{id}}", "Q316901")).status_code == 200


@pytest.mark.parametrize("name", ["Edi Rama", "Έντι Ράμα", "Еди Рама"])
def test_a_name_in_any_script_finds_its_item(client, name):
    best = reconciled(client, q0={"query": name, "type": "PER"})["q0"][0]
    assert (best["id"], best["type"][0]["id"]) == ("Q316901", "PER")
    assert 0 < best["score"] <= 100


def test_a_batch_is_answered_query_by_query(client):
    found = reconciled(client, a={"query": "Tirana", "limit": 2}, b={"query": "Xqzwvjk Qqzzx"})
    assert len(found["a"]) == 2
    assert not any(one["match"] for one in found["b"])


def test_types_and_properties_sift(client):
    assert all(
        one["type"][0]["id"] == "LOC" for one in reconciled(client, q={"query": "Georgia", "type": ["LOC"]})["q"]
    )
    in_france = {"query": "Paris", "properties": [{"pid": "country", "v": {"id": "Q142"}}]}
    in_japan = {"query": "Paris", "properties": [{"pid": "country", "v": "Japan"}]}
    found = reconciled(client, fits=in_france, not_=in_japan)
    assert found["fits"][0]["id"] == "Q90"
    assert found["fits"][0]["match"]
    assert found["not_"][0]["score"] < found["fits"][0]["score"]
    assert not found["not_"][0]["match"]


def test_data_are_fetched_for_items(client):
    wanted = {"ids": ["Q316901", "Q0"], "properties": [{"id": "country"}, {"id": "label:el"}, {"id": "nothing"}]}
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    assert [one["id"] for one in answer["meta"]] == ["country", "label:el", "nothing"]
    assert {"id": "Q222", "name": "Albania"} in answer["rows"]["Q316901"]["country"]
    assert answer["rows"]["Q316901"]["label:el"][0]["str"].startswith("Έντι")
    assert answer["rows"]["Q0"] == {"country": [], "label:el": [], "nothing": []}


def test_suggestions_while_typing(client):
    found = client.get("/reconcile/suggest/entity", params={"prefix": "tiran"}).json()["result"]
    assert found[0]["id"] == "Q19689"
    assert client.get("/reconcile/suggest/entity", params={"prefix": " "}).json() == {"result": []}
    assert {"id": "PER", "name": "Person"} in client.get("/reconcile/suggest/type?prefix=pers").json()["result"]


def test_scripts_of_other_pages_may_call_back(client):
    answer = client.get("/reconcile", params={"callback": "jQuery_1.found"})
    assert re.fullmatch(r"/\*\*/jQuery_1\.found\(\{.*\}\);", answer.text, re.DOTALL)
    assert answer.headers["content-type"].startswith("application/javascript")
    assert client.get("/reconcile", params={"callback": "alert(1)//"}).status_code == 400


@pytest.mark.parametrize("fields", [
    {"queries": "{"}, {"queries": "[]"}, {"queries": '{"q": 3}'}, {"queries": '{"q": {"query": 3}}'},
    {"extend": '{"ids": 3}'}, {"queries": json.dumps({str(n): {"query": "a"} for n in range(501)})},
])  # fmt: skip
def test_what_is_no_query_is_told(client, fields):
    assert client.post("/reconcile", data=fields).status_code in {400, 413}


# --- annotation ------------------------------------------------------------------------------------------


def annotate(client, content, kind, **headers):
    body = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return client.post("/annotate", content=body, headers={"Content-Type": kind, **headers})


def test_text_gives_the_row_of_kg_annotate(client):
    row = annotate(client, TEXT, "text/plain").json()
    assert row["text"] == TEXT
    found = {mention["surface"]: mention["qid"] for mention in row["mentions"]}
    assert found["Edi Rama"] == "Q316901"
    assert all(TEXT[m["start"] : m["end"]] == m["surface"] for m in row["mentions"])


def test_rows_give_rows(client):
    rows = [{"text": TEXT, "published": "2025-10-10", "id": "one"}, {"text": "Edi Rama was in Tirana.", "lang": "en"}]
    answer = annotate(client, rows, "application/json").json()
    assert [row["published"] for row in answer] == ["2025-10-10", None]
    lines = annotate(client, rows, "application/json", Accept="application/x-ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == answer
    assert annotate(client, rows[0], "application/json").json() == answer[0]


@pytest.mark.parametrize("kind", ["application/x-turtle", "text/turtle"])
def test_nif_as_gerbil_sends_it(client, kind):
    iri = rdflib.URIRef("http://example.org/doc#char=0,56")
    sent = rdflib.Graph()
    sent.add((iri, rdflib.RDF.type, NIF.Context))
    sent.add((iri, NIF.isString, rdflib.Literal(TEXT)))
    answer = annotate(client, sent.serialize(format="turtle"), kind, Accept=kind)
    assert answer.headers["content-type"].partition(";")[0] == kind
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    assert str(graph.value(iri, NIF.isString)) == TEXT
    phrases = list(graph.subjects(NIF.referenceContext, iri))
    linked = {str(graph.value(p, NIF.anchorOf)): str(graph.value(p, ITSRDF.taIdentRef)) for p in phrases}
    assert linked["Tirana"] == "http://www.wikidata.org/entity/Q19689"
    for phrase in phrases:
        begin, end = (int(graph.value(phrase, p)) for p in (NIF.beginIndex, NIF.endIndex))
        assert TEXT[begin:end] == str(graph.value(phrase, NIF.anchorOf))


@pytest.mark.parametrize(("body", "kind", "status"), [
    ("", "text/plain", 400),
    ("{", "application/json", 400),
    ("[3]", "application/json", 400),
    ("[]", "application/json", 400),
    ('{"title": "no text"}', "application/json", 400),
    ("<a:a> <a:b> 1 .", "text/turtle", 400),
    ("no turtle", "text/turtle", 400),
    (TEXT, "image/png", 415),
    (b"\xff", "text/plain", 400),
    ("a" * (3 << 20), "text/plain", 413),
])  # fmt: skip
def test_what_can_not_be_read_is_told(client, body, kind, status):
    assert annotate(client, body, kind).status_code == status


def test_reading_that_takes_too_long_is_stopped_and_the_next_is_read():
    annotator = Annotator(SHIPPED, "https://newskg.example/", seconds=0.001)
    document = Document("x", None, None, "en", None, TEXT * 50)
    try:
        with pytest.raises(TimedOutError):
            annotator.annotate(document)
        annotator._seconds = 60.0
        assert annotator.annotate(document)["mentions"]
        annotator._line = _NoPlace()
        with pytest.raises(BusyError):
            annotator.annotate(document)
    finally:
        annotator.close()


class _NoPlace:
    def acquire(self, *, blocking: bool) -> bool:
        return blocking


# --- operation -------------------------------------------------------------------------------------------


def test_metrics_count_answers(client):
    def number():
        families = text_string_to_metric_families(client.get("/metrics").text)
        labels = {"method": "GET", "room": "sparql", "status": "200"}
        samples = [s for family in families for s in family.samples if s.name == "kg_http_responses_total"]
        return next((s.value for s in samples if s.labels == labels), 0.0)

    before = number()
    client.get("/sparql", params={"query": "ASK {}"})
    assert number() == before + 1


def test_addresses_of_any_kind_make_no_new_numbers(client):
    for n in range(5):
        client.get(f"/nowhere{n}/x")
    assert "nowhere" not in client.get("/metrics").text


def test_the_log_has_a_line_an_answer_and_no_query(client, log):
    client.get("/sparql", params={"query": "SELECT * { ?secret a ?x"})
    line = log.getvalue().splitlines()[-1]
    assert "secret" not in line
    row = json.loads(line)
    assert (row["path"], row["status"], row["level"]) == ("/sparql", 400, "info")


def test_an_error_of_ours_is_written_not_swallowed(tmp_path, capsys, monkeypatch):
    graph = SMALL["write"](tmp_path / "small.nq")
    state = State(graph, Pool(1, Limits()))
    try:
        app = TestClient(create_app(state), raise_server_exceptions=False)
        monkeypatch.setattr(State, "rows", lambda *_: 1 / 0)
        assert app.get("/health").status_code == 500
        assert "ZeroDivisionError" in json.loads(capsys.readouterr().err)["error"]
    finally:
        state.close()


def test_the_api_is_described(client):
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    for path, methods in described["paths"].items():
        if (
            "get" in methods
            and "{" not in path
            and not any(p.get("required") for p in methods["get"].get("parameters", []))
        ):
            assert client.get(path).status_code == 200, path
