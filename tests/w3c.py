"""The W3C SPARQL 1.1 test suite as cases to run against a server of ours: manifests read, answers compared."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, XSD
from rdflib.query import Result

SUITE = Path(__file__).parents[2] / "shared" / "w3c" / "sparql11"
KNOWN = Path(__file__).with_name("data") / "w3c_known.toml"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.long, XSD.nonNegativeInteger}
_QUOTING = {",": csv.QUOTE_MINIMAL, "\t": csv.QUOTE_NONE}
_ROW = rdflib.Namespace("urn:row:")


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    name: str  # folder/local name, as known failures list it
    kind: str  # QueryEvaluationTest ...
    node: rdflib.term.Node
    manifest: rdflib.Graph


def cases(kinds: set[str], pattern: str = "*/manifest*.ttl") -> list[Case]:
    """The entries of these kinds; none where the suite isn't there."""
    return [case for path in sorted(SUITE.glob(pattern)) for case in _entries(path) if case.kind in kinds]


def _entries(path: Path) -> Iterator[Case]:
    manifest = rdflib.Graph().parse(path, publicID=path.as_uri())
    for entries in manifest.objects(None, MF.entries):
        for node in Collection(manifest, entries):
            kind = manifest.value(node, RDF.type)
            local = str(node).rpartition("#")[2]
            yield Case(f"{path.parent.name}/{local}", str(kind).rpartition("#")[2], node, manifest)


def known() -> dict[str, str]:
    """Failures that we know: name -> reason."""
    table = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    return {name: group["reason"] for group in table["failures"] for name in group["tests"]}


def path_of(node: rdflib.term.Node) -> Path:
    """The file that an IRI of the suite names."""
    return Path(str(node).removeprefix("file://"))


def write(path: Path, default: list[Path], named: list[tuple[str, Path]]) -> Path:
    """A data set as one N-Quads file; returns it."""
    lines = []
    for file, graph in [*((file, "") for file in default), *((file, f" <{iri}>") for iri, file in named)]:
        triples = rdflib.Graph().parse(file, publicID=file.as_uri()).serialize(format="nt")
        lines += [f"{line.rstrip(' .')}{graph} ." for line in triples.splitlines() if line.strip()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(result: Result) -> rdflib.Graph:
    """Rows as a graph: two answers are the same if these are isomorphic, whatever their blank nodes are called."""
    graph = rdflib.Graph()
    for binding in result.bindings:
        row = rdflib.BNode()
        graph.add((row, RDF.type, _ROW.Row))
        for name, term in binding.items():
            graph.add((row, _ROW[str(name)], _plain(term)))
    return graph


def _plain(term: rdflib.term.Node) -> rdflib.term.Node:
    """Numbers by value: the standard leaves their spelling open."""
    if not isinstance(term, rdflib.Literal):
        return term
    if term.datatype in _NUMBERS:
        try:
            value = Decimal(str(term))
        except InvalidOperation:
            return term
        if value.is_finite():
            kind = XSD.double if term.datatype in {XSD.double, XSD.float} else XSD.decimal
            return rdflib.Literal(f"{float(value):.9g}", datatype=kind, normalize=False)
    if term.datatype == XSD.string:
        return rdflib.Literal(str(term))
    return rdflib.Literal(str(term), lang=term.language.lower()) if term.language else term  # tags have no case


def cells(text: str, between: str) -> rdflib.Graph:
    """Rows of CSV or TSV as a graph, cells as they are spelled."""
    graph = rdflib.Graph()
    for line in csv.DictReader(io.StringIO(text), delimiter=between, quoting=_QUOTING[between]):
        row = rdflib.BNode()
        for column, cell in line.items():
            value = rdflib.BNode(cell[2:]) if cell.startswith("_:") else rdflib.Literal(cell)
            graph.add((row, _ROW[column.lstrip("?")], value))
    return graph


def same_graph(one: rdflib.Graph, other: rdflib.Graph) -> bool:
    """Whether two graphs say the same, numbers by value."""

    def plain(graph: rdflib.Graph) -> rdflib.Graph:
        result = rdflib.Graph()
        for s, p, o in graph:
            result.add((s, p, _plain(o)))
        return result

    return isomorphic(plain(one), plain(other))


def result_set(path: Path) -> Result | None:
    """Rows or a boolean that a Turtle or RDF file describes; None: the file is a graph to be constructed."""
    graph = rdflib.Graph().parse(path, publicID=path.as_uri())
    node = graph.value(None, RDF.type, RS.ResultSet)
    if node is None:
        return None
    answer = graph.value(node, RS.boolean)
    if answer is not None:
        result = Result("ASK")
        result.askAnswer = bool(answer.toPython())
        return result
    result = Result("SELECT")
    result.vars = [rdflib.Variable(str(name)) for name in graph.objects(node, RS.resultVariable)]
    result.bindings = [
        {
            rdflib.Variable(str(graph.value(binding, RS.variable))): graph.value(binding, RS.value)
            for binding in graph.objects(solution, RS.binding)
        }
        for solution in graph.objects(node, RS.solution)
    ]
    return result


def graphs_of(manifest: rdflib.Graph, node: rdflib.term.Node) -> list[tuple[str, Path]]:
    """Named graphs of an update's data set: IRI and file."""
    return [
        (str(manifest.value(data, RDFS.label)), path_of(manifest.value(data, UT.graph)))
        for data in manifest.objects(node, UT.graphData)
    ]


@dataclass(frozen=True)
class Exchange:
    """One request of a protocol test, and what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]  # "StatusCode2xx", "OK", "Created" ...
    boolean: bool | None
    form: str | None  # boolean, tabular, RDF
    graph: str | None  # Turtle of the graph that is expected


def exchanges(case: Case) -> list[Exchange]:
    """The requests of a protocol or graph-store test, in order."""
    manifest = case.manifest
    action = manifest.value(case.node, MF.action)
    return [_exchange(manifest, node) for node in Collection(manifest, manifest.value(action, HT.requests))]


def _exchange(manifest: rdflib.Graph, node: rdflib.term.Node) -> Exchange:
    answer = manifest.value(node, HT.resp)
    boolean = manifest.value(answer, MF.expectedBoolean)
    form, expected = manifest.value(answer, MF.expectedFormat), manifest.value(answer, HT.body)
    return Exchange(
        str(manifest.value(node, HT.methodName)),
        str(manifest.value(node, HT.absolutePath)),
        _headers(manifest, node),
        _body(manifest, node),
        frozenset(str(s).rpartition("#")[2] for s in manifest.objects(answer, MF.expectedStatus)),
        None if boolean is None else bool(boolean.toPython()),
        None if form is None else str(form),
        None if expected is None else str(manifest.value(expected, CNT.chars)),
    )


def _headers(manifest: rdflib.Graph, node: rdflib.term.Node) -> dict[str, str]:
    listed = manifest.value(node, HT.headers)
    found = Collection(manifest, listed) if listed is not None else []
    return {str(manifest.value(h, HT.fieldName)): str(manifest.value(h, HT.fieldValue)) for h in found}


def _body(manifest: rdflib.Graph, node: rdflib.term.Node) -> bytes | None:
    body = manifest.value(node, HT.body)
    if body is None:
        return None
    encoding = str(manifest.value(body, CNT.characterEncoding) or "UTF-8")
    return str(manifest.value(body, CNT.chars)).encode(encoding)


def status_fits(status: int, expected: frozenset[str]) -> bool:
    """Whether a status is one of those expected: a class of them, or one by its name."""
    names = {200: "OK", 201: "Created", 204: "NoContent", 400: "BadRequest", 404: "NotFound", 409: "Conflict"}
    return f"StatusCode{status // 100}xx" in expected or names.get(status, "") in expected
