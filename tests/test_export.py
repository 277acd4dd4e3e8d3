"""Every format says the same, to every reader, in the same bytes."""

import gzip
import io
import json
import string
import warnings

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import RUN, full_annotation

from kg.errors import GraphError
from kg.export import Settings, export, load
from kg.model import Quad
from kg.rdf import FORMATS as READERS
from kg.rdf import PREFIXES, node, parse, parse_line, quads, text

NAMED = ("nq", "trig", "jsonld")
FORMATS = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")  # that say all of it, to every reader
RDFLIB = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "jsonld": "json-ld", "rdf": "xml"}
XSD = PREFIXES["xsd"]


@pytest.fixture(scope="module")
def graph():
    return sorted({str(q) for name in ("one", "two") for q in quads(full_annotation(name), RUN)})


def written(lines, kind, settings=None):
    buffer = io.BytesIO()
    export(lines, buffer, kind, settings)
    return buffer.getvalue()


def read(data, kind):
    """As pyoxigraph reads it."""
    return list(parse(data, READERS[f".{kind}"]))


def same(lines, kind):
    back = [str(q) for q in read(written(lines, kind), kind)]
    if kind in NAMED:
        return sorted(back) == sorted(set(lines))
    union = sorted({(q.s, q.p, q.o) for q in map(parse_line, lines)})
    return sorted((q.s, q.p, q.o) for q in map(parse_line, back)) == union


# --- the same for every reader ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_a_real_graph_comes_back_from_every_format(graph, kind):
    assert same(graph, kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_rdflib_reads_it_without_a_warning(graph, kind, caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # rdflib itself calls a method that it has deprecated when it reads quads.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"rdflib\..*")
        dataset = rdflib.Dataset()
        dataset.parse(data=written(graph, kind).decode(), format=RDFLIB[kind])
    quads_, triples = set(map(parse_line, graph)), set()
    for s, p, o, g in dataset.quads():
        triples.add((s.n3(), p.n3(), o.n3()))
        assert kind not in NAMED or str(g) in {q.g[1:-1] for q in quads_}
    # rdflib writes 0.50 for 0.5 and the like: counted, not compared.
    assert len(triples) == len({(q.s, q.p, q.o) for q in quads_})
    assert caplog.records == []


def is_iri(term):
    try:
        return bool(ox.NamedNode(term[1:-1]))
    except ValueError:
        return False


iri_characters = st.sampled_from(string.ascii_letters + string.digits + "-._~:/?&=,;!$'()*+@éßЖλ中😀")
iris = st.builds(
    lambda start, rest, fragment: f"<{start}{''.join(rest)}{fragment}>",
    st.sampled_from(
        [
            "http://a.example/",
            "urn:x:",
            PREFIXES["wd"],
            PREFIXES["kg"],
            "https://newskg.example/article/",
            "wd:",
            "kg:",
            "a:",
        ]
    ),
    st.lists(iri_characters, max_size=6),
    st.sampled_from(["", "#", "#char=3,9", "#char=3,9&event=77", "#a.", "#-", "#%20"]),
).filter(is_iri)
words = st.text() | st.text(st.sampled_from("\"\\\n\r\t\b\f\u0085\u2028\x00\x1f'@^<>. ;"))
literals = st.one_of(
    st.builds(text, words, st.sampled_from([None, "en", "az", "sr-latn"])),
    st.builds(
        lambda lexical, kind: f"{text(lexical)}^^<{kind}>",
        st.one_of(
            words, st.sampled_from(["1", "+1", "-0", "01", "1.0", ".5", "1.", "1e3", "true", "TRUE", "2025-10-09"])
        ),
        st.sampled_from(
            [f"{XSD}{t}" for t in ("integer", "decimal", "double", "boolean", "date")] + ["http://a.example/t"]
        ),
    ),
)
random_quads = st.builds(
    lambda s, p, o, g: str(Quad(s, p, o, g)), iris, iris | st.just(node("rdf:type")), iris | literals, iris
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(random_quads, max_size=12))
@example(['<wd:Q1> <kg:p> "1"^^<kg:t> <prov:g> .'])
@example([f'<http://a.example/s> {node("rdf:type")} "a class that is a literal" <http://a.example/g> .'])
def test_whatever_the_terms_they_come_back_from_every_format(lines):
    for kind in FORMATS:
        if kind != "rdf":  # XML has no name for some predicates and no sign for some characters
            assert same(sorted(set(lines)), kind), kind


xml_words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"))
xml_quads = st.builds(
    lambda s, name, o: str(Quad(s, f"<http://a.example/{name}>", o, "<http://a.example/g>")),
    iris,
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,5}", fullmatch=True),
    iris
    | st.builds(text, xml_words | st.sampled_from(["a\rb", " <b>&amp; \t\n", "]]>"]), st.sampled_from([None, "el"])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(xml_quads, max_size=8))
def test_what_xml_can_say_comes_back_from_rdf_xml(lines):
    assert same(sorted(set(lines)), "rdf")


def test_what_xml_can_not_say():
    with pytest.raises(GraphError, match="no name for the predicate"):
        written([str(Quad(node("wd:Q1"), "<http://a.example/1>", node("wd:Q2"), node("graph/x")))], "rdf")
    bell = [str(Quad(node("wd:Q1"), node("kg:p"), text("a\x07b"), node("graph/x")))]
    assert [q.o for q in read(written(bell, "rdf"), "rdf")] == ['"a\ufffdb"']


def test_claims_reify_their_triple_in_rdf_1_2(graph):
    back = read(written(graph, "rdf12"), "ttl")
    claims = {q.s for q in map(parse_line, graph) if q.p == node("rdf:type") and q.o == node("kg:Claim")}
    reified = {q.s: q.o for q in back if q.p == node("rdf:reifies")}
    assert set(reified) == claims
    plain = {(q.s, q.p): q.o for q in map(parse_line, graph)}
    for claim, triple in reified.items():
        said = " ".join(plain[claim, node(f"kg:{part}")] for part in ("subject", "predicate", "object"))
        assert triple == said  # pyoxigraph writes a triple term without its brackets
    # each claim has one line for three; nothing else changes
    assert len(back) == len({(q.s, q.p, q.o) for q in map(parse_line, graph)}) - 2 * len(claims)


@pytest.mark.filterwarnings("ignore")  # rdflib about its own deprecations, and about odd booleans
@settings(max_examples=60, deadline=None)
@given(st.lists(random_quads, min_size=1, max_size=5))
def test_rdflib_reads_whatever_the_terms_from_json_ld(lines):
    lines = sorted(set(lines))
    dataset = rdflib.Dataset()
    dataset.parse(data=written(lines, "jsonld").decode(), format="json-ld")
    found = {(str(s), str(p), str(g)) for s, p, _, g in dataset.quads()}
    assert found == {(q.s[1:-1], q.p[1:-1], q.g[1:-1]) for q in map(parse_line, lines)}


# --- the shape -------------------------------------------------------------------------------------------


def test_turtle_reads_well(graph):
    turtle = written(graph, "ttl").decode()
    assert "@prefix wd: <http://www.wikidata.org/entity/> ." in turtle
    assert "\nwd:Q2868 a kg:Place ;\n    " in turtle
    assert "kg:deaths 38" in turtle
    assert "kg:confidence 0.9" in turtle
    assert '"2024-05-03"^^xsd:date' in turtle
    assert "kg:subject wd:Q5929028" in turtle
    assert "\nclaim:" in turtle
    assert "#char=0,57> a nif:RFC5147String, kg:Evidence ;" in turtle
    subjects = [line.split(" ")[0] for line in turtle.splitlines() if line and line[0] not in " @"]
    assert len(subjects) == len(set(subjects)) == len({line.split(" ")[0] for line in graph})


def test_a_whole_decimal_keeps_its_type():
    lines = [str(Quad(node("wd:Q1"), node("kg:p"), f'"1"^^<{XSD}decimal>', node("graph/x")))]
    assert '"1"^^xsd:decimal' in written(lines, "ttl").decode()


def test_one_triple_in_two_graphs_is_one_triple_of_the_union():
    lines = [str(Quad(node("wd:Q1"), node("kg:p"), node("wd:Q2"), node(f"graph/{g}"))) for g in "ab"]
    assert written(lines, "ttl").decode().count("wd:Q2") == 1
    assert written(lines, "nt").decode().count("Q2") == 1
    assert len(read(written(lines, "trig"), "trig")) == 2


def test_names_under_another_base_are_short_too():
    lines = [str(q) for q in quads(full_annotation(), RUN, "https://a.example/")]
    assert (
        "@prefix claim: <https://a.example/claim/> ." in written(lines, "ttl", Settings("https://a.example/")).decode()
    )


def test_json_ld_is_json_with_a_context(graph):
    data = json.loads(written(graph, "jsonld"))
    assert data["@context"]["wd"] == PREFIXES["wd"]
    nodes = [node for part in data["@graph"] for node in part["@graph"]]
    assert any(node["id"] == "wd:Q2868" and "Place" in node["type"] for node in nodes)
    claim = next(node for node in nodes if node.get("type") == "Claim")
    assert claim["modality"] == "asserted"
    assert isinstance(claim["subject"], str)


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_makes_a_valid_file(kind):
    assert read(written([], kind), kind) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_quads_and_lines_give_the_same_bytes(graph, kind):
    assert written(map(parse_line, graph), kind) == written(graph, kind) == written(iter(graph), kind)


def test_memory_is_one_subject():
    def endless():
        for i in range(10**9):
            yield f"{node(f'wd:Q{i:010}')} {node('kg:p')} {node('wd:Q1')} {node('graph/x')} ."

    class Full(io.RawIOBase):
        def write(self, data):
            raise BlockingIOError(len(data))

    for kind in FORMATS:
        with pytest.raises(BlockingIOError):
            export(endless(), Full(), kind)


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", FORMATS)
def test_files_by_their_extension(tmp_path, graph, kind, packed):
    path = tmp_path / f"news.{kind}{packed}"
    export(graph, path)
    raw = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    assert raw == written(graph, kind)
    assert {(q.s, q.p, q.o) for q in load(path)} == {(q.s, q.p, q.o) for q in map(parse_line, graph)}
    first = path.read_bytes()
    export(graph, path)
    assert path.read_bytes() == first, "the same bytes every time"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_broken_stream_leaves_the_old_file(tmp_path):
    path = tmp_path / "news.ttl"
    path.write_text("old")

    def broken():
        yield str(Quad(node("wd:Q1"), node("kg:p"), node("wd:Q2"), node("graph/x")))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export(broken(), path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["news.ttl"]


@pytest.mark.parametrize(
    ("target", "kind", "what"),
    [
        ("news.doc", None, "extension"),
        ("news.ttl", "docx", "no writer"),
        ("none/news.ttl", None, "can't be written"),
    ],
)
def test_errors_say_what_and_what_next(tmp_path, target, kind, what):
    with pytest.raises(GraphError, match=what) as error:
        export([], tmp_path / target, kind)
    assert error.value.do


def test_an_open_file_needs_a_format():
    with pytest.raises(GraphError, match="does not tell"):
        export([], io.BytesIO())
