"""The W3C SPARQL 1.1 test suite against our server; known failures stand with their reasons in a data file."""

from __future__ import annotations

import io
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import rdflib
import w3c
from rdflib.compare import isomorphic
from rdflib.query import Result
from starlette.testclient import TestClient

from kg.query import Limits, Pool
from kg.serve import State, create_app

TOKEN = "open sesame"
KASEI = "http://kasei.us/2009/09/sparql/data/"
HOST = "http://www.example/"
MADE = f"{HOST}gsp/made"  # the graph of a POST that names none
pytestmark = pytest.mark.skipif(not w3c.SUITE.is_dir(), reason="the W3C suite is not beside this checkout")


@pytest.fixture(scope="module")
def pool():
    pool = Pool(1, Limits(seconds=10.0))
    yield pool
    pool.close()


def client_of(source, pool, **more):
    client = TestClient(create_app(State(source, pool, **more)), base_url=HOST, follow_redirects=False)
    client.headers["Accept"] = "*/*"
    return client


def checked(kinds, pattern="*/manifest*.ttl"):
    """The cases of a kind; a known failure must fail, so that the list can't rot."""
    reasons = w3c.known()
    return [
        pytest.param(
            case, id=case.name,
            marks=[pytest.mark.xfail(reason=reasons[case.name], strict=True)] if case.name in reasons else [],
        )
        for case in w3c.cases(kinds, pattern)
    ]  # fmt: skip


# --- queries ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", checked({"QueryEvaluationTest", "CSVResultFormatTest"}))
def test_query_evaluation(case, pool, tmp_path):
    manifest, action = case.manifest, case.manifest.value(case.node, w3c.MF.action)
    query = w3c.path_of(manifest.value(action, w3c.QT.query))
    default = [w3c.path_of(file) for file in manifest.objects(action, w3c.QT.data)]
    named = [(str(file), w3c.path_of(file)) for file in manifest.objects(action, w3c.QT.graphData)]
    client = client_of(w3c.write(tmp_path / "data.nq", default, named), pool, union=False)
    expected = w3c.path_of(manifest.value(case.node, w3c.MF.result))
    wanted = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(expected.suffix, "")
    text = f"BASE <{query.as_uri()}>\n" + query.read_text(encoding="utf-8")
    answer = client.post(
        "/sparql",
        content=text.encode(),
        headers={"Content-Type": "application/sparql-query", "Accept": wanted or "*/*"},
    )
    assert answer.status_code == 200, answer.text
    _compare(answer, expected)


def _compare(answer, expected: Path):
    kind = answer.headers["content-type"].partition(";")[0]
    if kind in {"text/csv", "text/tab-separated-values"}:
        between = "," if kind == "text/csv" else "\t"
        found, wanted = (w3c.cells(text, between) for text in (answer.text, expected.read_text(encoding="utf-8")))
        assert isomorphic(found, wanted)
        return
    if kind == "text/turtle":
        assert w3c.same_graph(
            rdflib.Graph().parse(data=answer.content, format="turtle"),
            rdflib.Graph().parse(expected, publicID=expected.as_uri()),
        )
        return
    found = Result.parse(io.BytesIO(answer.content), format="json")
    formats = {".srx": "xml", ".srj": "json"}
    if expected.suffix in formats:
        wanted = Result.parse(io.BytesIO(expected.read_bytes()), format=formats[expected.suffix])
    else:
        wanted = w3c.result_set(expected)
        assert wanted is not None, "rows came where a graph was expected"
    assert found.type == wanted.type
    if wanted.type == "ASK":
        assert found.askAnswer == wanted.askAnswer
    else:
        assert {str(name) for name in found.vars} == {str(name) for name in wanted.vars or found.vars}
        assert w3c.same_graph(w3c.rows(found), w3c.rows(wanted))


@pytest.mark.parametrize("case", checked({"PositiveSyntaxTest11", "NegativeSyntaxTest11"}))
def test_query_syntax(case, pool, tmp_path):
    text = w3c.path_of(case.manifest.value(case.node, w3c.MF.action)).read_text(encoding="utf-8")
    client = client_of(w3c.write(tmp_path / "data.nq", [], []), pool)
    answer = client.post(
        "/sparql", content=f"BASE <{HOST}>\n{text}".encode(), headers={"Content-Type": "application/sparql-query"}
    )
    assert answer.status_code == (200 if case.kind.startswith("Positive") else 400), answer.text


# --- updates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", checked({"UpdateEvaluationTest"}))
def test_update_evaluation(case, pool, tmp_path):
    manifest = case.manifest
    action, result = manifest.value(case.node, w3c.MF.action), manifest.value(case.node, w3c.MF.result)

    def dataset(node, name):
        default = [w3c.path_of(file) for file in manifest.objects(node, w3c.UT.data)]
        return w3c.write(tmp_path / name, default, w3c.graphs_of(manifest, node))

    source = dataset(action, "data.nq")
    request = w3c.path_of(manifest.value(action, w3c.UT.request))
    text = f"BASE <{request.as_uri()}>\n" + request.read_text(encoding="utf-8")
    headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
    answer = client_of(source, pool, token=TOKEN).post("/sparql", content=text.encode(), headers=headers)
    assert answer.status_code == 204, answer.text
    found, wanted = (rdflib.Dataset().parse(p, format="nquads") for p in (source, dataset(result, "expected.nq")))
    names = {graph.identifier for data in (found, wanted) for graph in data.graphs() if len(graph)}
    for name in names:
        assert w3c.same_graph(found.graph(name), wanted.graph(name)), name


# --- the protocol ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", checked({"ProtocolTest"}, "protocol/manifest.ttl"))
def test_protocol(case, pool, tmp_path):
    data = [(f"{KASEI}data{n}.rdf", w3c.SUITE / "protocol" / f"data{max(n, 1)}.nt") for n in range(4)]
    client = client_of(w3c.write(tmp_path / "data.nq", [], data), pool, token=TOKEN)
    for exchange in w3c.exchanges(case):
        headers = {**exchange.headers, "Authorization": f"Bearer {TOKEN}"}
        answer = client.request(exchange.method, exchange.path, content=exchange.body, headers=headers)
        assert w3c.status_fits(answer.status_code, exchange.statuses), (answer.status_code, answer.text)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if exchange.form == "RDF":
            rdflib.Graph().parse(data=answer.content, format=kind)
        elif exchange.form is not None:
            found = Result.parse(io.BytesIO(answer.content), format="json")
            assert (found.type == "ASK") == (exchange.form == "boolean")
            if exchange.boolean is not None:
                assert found.askAnswer == exchange.boolean


# --- the graph store, for reading ------------------------------------------------------------------------


class Writer:
    """Does to the served file what a test's PUT, POST and DELETE would do: our server only reads."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.graphs: dict[str, str] = {}
        self.write()

    def take(self, exchange) -> bool:
        """Whether the request was one that writes."""
        if exchange.method not in {"PUT", "POST", "DELETE"}:
            return False
        graph = graph_of(exchange.path)
        if exchange.method == "DELETE":
            self.graphs.pop(graph, None)
        else:
            before = self.graphs.get(graph, "") if exchange.method == "POST" else ""
            self.graphs[graph] = "\n".join([before, *turtles(exchange)])
        self.write()
        return True

    def write(self) -> None:
        lines = []
        for name, turtle in self.graphs.items():
            graph = rdflib.Graph().parse(data=turtle, format="turtle", publicID=name or HOST)
            for line in graph.serialize(format="nt").splitlines():
                lines += [f"{line.rstrip(' .')}{f' <{name}>' if name else ''} ."] if line.strip() else []
        part = self.file.with_suffix(".part")
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.replace(self.file)


def turtles(exchange) -> list[str]:
    """The documents in a request's body: one, or the parts of a form."""
    kind = next((value for name, value in exchange.headers.items() if name.lower() == "content-type"), "")
    body = exchange.body or b""
    if not kind.startswith("multipart/"):
        return [body.decode()]
    parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body).get_payload()
    return [part.get_payload(decode=True).decode() for part in parts]


def graph_of(path: str) -> str:
    """The graph that a request of the suite names; "" is the default graph."""
    path = path.replace("$LOCATION$", quote(MADE, safe=""))
    fields = parse_qs(urlsplit(path).query, keep_blank_values=True)
    if path == "/gsp":
        return MADE
    if "default" in fields:
        return ""
    return fields["graph"][0] if "graph" in fields else f"{HOST.rstrip('/')}{path}"


@pytest.mark.parametrize("case", checked({"GraphStoreProtocolTest"}, "graph-store-protocol/manifest-*.ttl"))
def test_graph_store_reads(case, pool, tmp_path):
    writer = Writer(tmp_path / "data.nq")
    client = client_of(writer.file, pool, base=f"{HOST}gsp/", union=False)
    reads = 0
    for exchange in w3c.exchanges(case):
        if writer.take(exchange):
            continue
        reads += 1
        path = exchange.path.replace("/gsp", "/graphs", 1).replace("$LOCATION$", quote(MADE, safe=""))
        answer = client.request(exchange.method, path, headers=exchange.headers)
        assert w3c.status_fits(answer.status_code, exchange.statuses), (answer.status_code, answer.text)
        if exchange.graph is not None and exchange.method == "GET":
            found, wanted = rdflib.Graph(), rdflib.Graph()
            found.parse(data=answer.content, format="turtle")
            wanted.parse(data=exchange.graph, format="turtle", publicID=HOST)
            assert w3c.same_graph(found, wanted)
    assert reads, "this entry reads nothing: list it as known"


# --- the service description -----------------------------------------------------------------------------

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def described(pool, tmp_path, accept="text/turtle"):
    client = client_of(w3c.write(tmp_path / "data.nq", [], []), pool)
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.content, format=answer.headers["content-type"].partition(";")[0])


@pytest.mark.parametrize("case", checked({"ServiceDescriptionTest"}, "service-description/manifest.ttl"))
def test_service_description(case, pool, tmp_path):
    check = {
        "returns-rdf": lambda graph: len(graph) > 0,
        "has-endpoint-triple": lambda graph: (None, SD.endpoint, rdflib.URIRef(f"{HOST}sparql")) in graph,
        "conforms-to-schema": conforms,
    }[case.name.rpartition("/")[2]]
    for accept in ("text/turtle", "application/rdf+xml", "application/n-triples"):
        assert check(described(pool, tmp_path, accept))


def conforms(graph: rdflib.Graph) -> bool:
    """What the vocabulary asks: one service with an endpoint, and instances of the right classes as values."""
    services = list(graph.subjects(rdflib.RDF.type, SD.Service))
    instances = {
        SD.supportedLanguage: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
        SD.feature: {
            SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery
        },
    }  # fmt: skip
    return (
        len(services) == 1
        and len(list(graph.objects(services[0], SD.endpoint))) == 1
        and all(set(graph.objects(services[0], p)) <= values for p, values in instances.items())
        and all(isinstance(form, rdflib.URIRef) for form in graph.objects(services[0], SD.resultFormat))
        and all((data, rdflib.RDF.type, SD.Dataset) in graph for data in graph.objects(services[0], SD.defaultDataset))
    )
