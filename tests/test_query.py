"""Asking: the guard, the library's parameters, workers that can be killed, tables, endpoints elsewhere."""

import gzip
import http.server
import json
import runpy
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError, GraphError, QueryError
from kg.graph.sparql import Ask
from kg.query import FORMATS, Limits, Pool, Rows, Session, TimedOutError, Worker, inspect, request, run, table
from kg.query.guard import tokens, unescape
from kg.query.library import Question, absolute, bind, literal, read_question

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?d && ?g != ?l) }"


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return str(SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq"))


# --- the guard: what may run ---------------------------------------------------------------------------

CALLS = [
    "SELECT * { SERVICE <U> { ?a ?b ?c } }",
    "SELECT * { sErViCe <U> { ?a ?b ?c } }",
    "SELECT * { SERVICE<U>{ ?a ?b ?c } }",
    "SELECT * { SERVICE SILENT <U> { ?a ?b ?c } }",
    "SELECT * { SERVICESILENT<U>{ ?a ?b ?c } }",
    "SELECT * { SERVICE # why\n <U> # not\n { ?a ?b ?c } }",
    "PREFIX x: <U> SELECT * { SERVICE x: { ?a ?b ?c } }",
    "PREFIX x: <U> SELECT * { SERVICEx: { ?a ?b ?c } }",
    "PREFIX : <U> SELECT * { SERVICE: { ?a ?b ?c } }",
    "PREFIX : <B> SELECT * { SERVICE:x { ?a ?b ?c } }",
    "PREFIX x: <U> SELECT * { SERVICESILENTx: { ?a ?b ?c } }",
    "SELECT * { ?s ?p true SERVICE <U> { ?a ?b ?c } }",
    "SELECT * { ?s ?p trueSERVICE <U> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1SERVICE <U> { ?a ?b ?c } }",
    'SELECT * { ?s ?p "x"^^<http://x>SERVICE <U> { ?a ?b ?c } }',
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?a ?b ?c } } }",
    "ASK { SERVICE <U> { ?a ?b ?c } }",
    "DESCRIBE ?a { SERVICE <U> { ?a ?b ?c } }",
    "CONSTRUCT { ?a ?b ?c } WHERE { SERVICE <U> { ?a ?b ?c } }",
    "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?a ?b ?c } }",
    "SELECT * { \\u0053ERVICE <U> { ?a ?b ?c } }",
    "SELECT * { S\\U00000045RVICE <U> { ?a ?b ?c } }",
    "PREFIX : <B> SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE:x#>\n{ ?a ?b ?c } }",
    'SELECT * { ?s ?p ?o FILTER(?s<?o#>"""\n) SERVICE <U> { ?a ?b ?c } #"""\n }',
    "SELECT * { # \\u000A SERVICE <U> { ?a ?b ?c }\n }",
]
HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://x> { }' }",
    'SELECT * { ?s ?p """a "SERVICE" in it""" }',
    'SELECT * { ?s ?p "\\" SERVICE <http://x> {" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://x> {",
    "SELECT * { ?service ?p ?SERVICE }",
    "PREFIX service: <http://e/> SELECT * { ?s service:of ?o . ?o a service:Kind }",
    "PREFIX e: <http://e/> SELECT * { ?s e:SERVICE ?o OPTIONAL { ?o e:service ?x } }",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:one { ?s ?p ?o } }",
    "SELECT * { ?s ?p <http://e/service#SERVICE> OPTIONAL { ?s ?q ?r } }",
    'SELECT * { ?s ?p "service"@en-service }',
    "SELECT * { _:service ?p ?o }",
]


@pytest.fixture(scope="module")
def listener():
    """An address of this machine, and the list of whoever called it."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls.append(1)
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
    server.close()


@pytest.mark.parametrize("query", CALLS)
def test_a_call_to_a_service_is_refused_in_every_spelling_and_nothing_leaves_the_machine(query, graph, listener):
    address, calls = listener
    query = query.replace("<U>", f"<{address}sparql>").replace("<B>", f"<{address}>")
    with pytest.raises(QueryError, match="SERVICE"):
        run(graph, query)
    assert not calls


def test_the_engine_would_follow_most_of_them_if_the_guard_let_them_pass(graph, listener):
    from kg.graph.sparql import Ask, Dataset  # noqa: PLC0415

    address, calls = listener
    dataset, before = Dataset.open(Path(graph)), len(calls)
    tricky = "PREFIX x: <U> SELECT * { SERVICEx: { ?a ?b ?c } }".replace("U", address)
    with pytest.raises(QueryError):
        dataset.evaluate(Ask(tricky), _Nowhere())
    time.sleep(0.05)
    assert len(calls) > before, "the engine no longer calls out: the guard may be simpler now"
    del calls[before:]


class _Nowhere:
    def write(self, data):
        return len(data)

    def flush(self):
        pass


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_service_in_a_string_a_comment_or_a_name_is_harmless(query):
    assert inspect(query).form == "select"


@given(
    st.lists(
        st.sampled_from(
            [
                "SERVICE",
                "service",
                "<http://e/>",
                "{",
                "}",
                "?x",
                "'",
                '"',
                "#",
                "\n",
                " ",
                ":",
                "a",
                "GRAPH",
                "\\u0053",
                "x:",
                "<",
                ">",
                "1",
                "true",
                ".",
            ]
        ),
        max_size=14,
    )
)
def test_whatever_stands_before_it_a_plain_service_call_is_refused_or_no_code(pieces):
    query = "SELECT * { " + "".join(pieces) + " } SERVICE <http://e/> { ?a ?b ?c }"
    seen = [token.text for token in tokens(query)]
    if "SERVICE" in seen:  # where strings and comments leave it standing as a word
        with pytest.raises(QueryError):
            inspect(query)


@given(st.text(max_size=60))
def test_tokens_lose_nothing_but_spaces_and_comments(text):
    last = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        gap = text[last : token.start].strip()
        assert gap == "" or gap.startswith("#") or "#" in gap
        last = token.end


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://x/>",
        "CLEAR ALL",
        "DROP GRAPH <a:g>",
        "PREFIX a: <b:> INSERT DATA { a:a a:b 1 }",
    ],
)
def test_an_update_is_refused(update):
    with pytest.raises(QueryError, match="would change the graph"):
        inspect(update)


def test_what_is_no_query_says_so():
    with pytest.raises(QueryError, match="no SPARQL query"):
        inspect("hello { }")


def test_an_undeclared_prefix_is_named():
    with pytest.raises(QueryError, match="prefix of ex:b is not declared"):
        inspect("SELECT * { ?a ex:b ?c }")


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT * FROM <http://e/g> { ?s ?p ?o }", ("http://e/g",)),
        ("PREFIX e: <http://e/> SELECT * FROM NAMED e:g { GRAPH ?g { ?s ?p ?o } }", ("http://e/g",)),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://e/g> WHERE { ?s ?p ?o }", ("http://e/g",)),
        ("SELECT ?from { ?from a ?named }", ()),
    ],
)
def test_from_is_found_wherever_it_stands(query, graphs):
    inspected = inspect(query)
    assert inspected.graphs == graphs
    assert inspected.has_dataset == bool(graphs)


def test_from_of_anything_outside_is_refused(graph):
    with pytest.raises(QueryError, match="nothing is fetched"):
        run(graph, "SELECT * FROM <http://example.com/elsewhere> { ?s ?p ?o }")


def test_from_chooses_and_without_it_all_graphs_count(graph):
    def count(dataset):
        return int(
            Rows.from_json(run(graph, f"SELECT (COUNT(*) AS ?n) {dataset} {{ ?s ?p ?o }}").body()).rows[0][0].value
        )

    claims = count("FROM <https://newskg.example/graph/claims>")
    assert 0 < claims < count("")


def test_escapes_are_read():
    assert unescape("\\u0041\\U00000042\\UFFFFFFFF") == "AB\\UFFFFFFFF"


# --- parameters ------------------------------------------------------------------------------------------

ASK = Question("q", "Who?", (), "")


@pytest.fixture
def question(tmp_path):
    path = tmp_path / "who.rq"
    path.write_text(
        "# Who is it?\n# param who: entity = wd:Q1 -- whom\n# param day: date? = 2025 -- when\n"
        '# param word: text? = "x" -- which\n'
        'SELECT * {\n  VALUES ?who { wd:Q1 }\n  ?who ?p ?day .  # with day\n  VALUES ?day { "2025" }\n'
        '  VALUES ?word { "x" }\n}\n',
        encoding="utf-8",
    )
    return read_question(path)


def test_values_replace_the_example_and_what_is_left_out_goes(question):
    bound = bind(question, {"who": ["Q7"]})
    assert "VALUES ?who { <http://www.wikidata.org/entity/Q7> }" in bound
    assert "?day" not in bound.partition("SELECT")[2]


def test_several_values_mean_any_of_them(question):
    assert "{ <http://www.wikidata.org/entity/Q7> <http://e/x> }" in bind(question, {"who": ["Q7", "<http://e/x>"]})


@pytest.mark.parametrize("hostile", ['" } SERVICE <http://x> { #', "\\", '"""', "a\nb", "'; DROP", "\\u0022 }"])
def test_a_text_is_bound_as_a_term_and_never_as_code(question, hostile):
    bound = bind(question, {"who": ["Q7"], "word": [hostile]})
    written = [token for token in tokens(bound) if token.kind == "string"]
    assert [token.text for token in written] == [literal(hostile)]


@pytest.mark.parametrize("bad", ["http://e/> } SERVICE <http://x", "Q7 }", "a b", "", "<>"])
def test_an_iri_that_is_none_is_refused(question, bad):
    with pytest.raises(QueryError):
        bind(question, {"who": [bad]})


@pytest.mark.parametrize("bad", ["yesterday", "2025-13", "2025-1-1", '2025" } #'])
def test_a_date_that_is_none_is_refused(question, bad):
    with pytest.raises(QueryError, match="is no date"):
        bind(question, {"who": ["Q7"], "day": [bad]})


@given(st.text())
def test_a_literal_survives_any_text(text):
    clean = text.encode("utf-8", "ignore").decode()
    from kg.graph.sparql import Dataset  # noqa: PLC0415

    rows = _EMPTY.setdefault("data", Dataset.open(_empty_file())).select(f"SELECT ({literal(clean)} AS ?x) {{}}")
    assert rows == [{"x": clean}]


_EMPTY: dict = {}


def _empty_file():
    import tempfile  # noqa: PLC0415

    path = Path(tempfile.mkdtemp()) / "empty.nt"
    path.write_text("")
    return path


def test_an_unknown_parameter_gets_a_suggestion(question):
    with pytest.raises(QueryError, match="did you mean who"):
        bind(question, {"whoo": ["Q7"]})


def test_a_missing_parameter_shows_how_to_give_it(question):
    with pytest.raises(QueryError, match="--param who=Q1"):
        bind(question, {})


def test_an_unknown_question_gets_suggestions(graph):
    with pytest.raises(QueryError, match="who-met-whom"):
        run(graph, "who-met-who")


@pytest.mark.parametrize("line", ["# param x", "# param x: nothing = 1 -- y", "# param x: text = 1"])
def test_a_malformed_parameter_line_is_told(tmp_path, line):
    path = tmp_path / "bad.rq"
    path.write_text(f"# What?\n{line}\nSELECT * {{}}", encoding="utf-8")
    with pytest.raises(DataError, match="names no parameter"):
        read_question(path)


def test_a_parameter_without_its_values_is_told(tmp_path):
    path = tmp_path / "bad.rq"
    path.write_text("# What?\n# param x: text = 1 -- y\nSELECT * {}", encoding="utf-8")
    with pytest.raises(DataError, match="no VALUES"):
        read_question(path)


def test_a_limit_is_a_number_of_rows(tmp_path):
    path = tmp_path / "limited.rq"
    path.write_text(
        "# What?\n# group: tests\n# param most: limit = 7 -- rows\nSELECT * { ?s ?p 7 } LIMIT 7", encoding="utf-8"
    )
    question = read_question(path)
    assert question.group == "tests"
    assert bind(question, {"most": ["20"]}).endswith("SELECT * { ?s ?p 7 } LIMIT 20")
    assert bind(question, {}) == question.sparql
    for bad in ("0", "-1", "many", "1 } #"):
        with pytest.raises(QueryError, match="no number of rows"):
            bind(question, {"most": [bad]})
    path.write_text("# What?\n# param most: limit = 8 -- rows\nSELECT * {} LIMIT 7", encoding="utf-8")
    with pytest.raises(DataError, match="no LIMIT 8"):
        read_question(path)


def test_curies_and_qids():
    assert absolute("Q7747") == "http://www.wikidata.org/entity/Q7747"
    assert absolute("kg:metWith") == "https://newskg.example/ontology#metWith"
    assert absolute("Q0") is None
    assert absolute("Edi Rama") is None


@pytest.mark.parametrize("name", ["Edi Rama", "edi rama", "Еди Рама", "Έντι Ράμα", "Rama"])
def test_an_entity_may_be_named_in_any_script(graph, name):
    by_name = run(graph, "articles-mentioning", {"entity": [name]}).body()
    assert by_name == run(graph, "articles-mentioning", {"entity": ["Q316901"]}).body()
    assert len(Rows.from_json(by_name).rows) == 4


def test_a_name_that_nothing_bears_is_told(graph):
    with pytest.raises(QueryError, match="nothing in this graph is called"):
        run(graph, "articles-mentioning", {"entity": ["Nobody Atall"]})


# --- formats ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "ttl"])
def test_rows_in_every_format(graph, form):
    assert b"Edi Rama" in run(graph, "who-met-whom", form=form).body()


@pytest.mark.parametrize(("form", "part"), [("ttl", "kg:metWith wd:Q316901"), ("json", '"@id"'), ("xml", "rdf:RDF")])
def test_triples_in_every_format(graph, form, part):
    assert part in run(graph, "CONSTRUCT { ?a kg:metWith ?b } WHERE { ?a kg:metWith ?b }", form=form).body().decode()


@pytest.mark.parametrize(
    ("query", "form"), [("SELECT * {}", "ttl"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv"), ("ASK {}", "odd")]
)
def test_a_format_that_does_not_fit_is_told(graph, query, form):
    with pytest.raises(QueryError):
        run(graph, query, form=form)


def test_yes_and_no(graph):
    assert table(run(graph, "ASK { wd:Q451791 kg:metWith wd:Q316901 }")) == "yes\n"
    assert table(run(graph, "ASK { wd:Q316901 kg:metWith wd:Q1 }")) == "no\n"


def _answer(*rows):
    """JSON results of rows of plain values; what begins with http is an IRI."""
    names = [f"v{i}" for i in range(max(map(len, rows)))]
    kinds = [[{"type": "uri" if v.startswith("http") else "literal", "value": v} for v in row] for row in rows]
    found = [dict(zip(names, row, strict=False)) for row in kinds]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": found}}).encode()


def test_columns_stand_under_each_other_in_any_script():
    rows = [("北京", "x"), ("e\u0301a", "http://www.wikidata.org/entity/Q1"), ("bad\x1b[31m",)]
    shown = Rows.from_json(_answer(*rows)).as_table().splitlines()
    assert shown[2] == "北京      x"
    assert shown[3] == "e\u0301a        wd:Q1"
    assert shown[4] == "bad [31m"


def test_a_narrow_terminal_cuts_the_widest_column():
    lines = Rows.from_json(_answer(("long " * 50, "short"))).as_table(60).splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[2].endswith("short")


# --- workers ---------------------------------------------------------------------------------------------


def test_a_query_without_end_is_stopped_in_time(graph):
    began = time.monotonic()
    with pytest.raises(TimedOutError, match=r"stopped after 0\.5 seconds"):
        run(graph, ENDLESS, limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 5


def test_a_session_lives_on_after_a_query_that_was_stopped(graph):
    with Session(graph, Limits(seconds=0.5)) as session:
        with pytest.raises(TimedOutError):
            session.ask(ENDLESS)
        assert table(session.ask("ASK {}")) == "yes\n"


def test_a_query_that_wants_too_much_memory_is_told(graph):
    wide = "SELECT * { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(20)) + " } ORDER BY ?a3 ?b4"
    with pytest.raises(QueryError, match="memory"):
        run(graph, wide, limits=Limits(seconds=30, memory=200 << 20))


def test_an_answer_may_be_limited(graph):
    with pytest.raises(QueryError, match="longer than"):
        run(graph, "SELECT * { ?s ?p ?o }", limits=Limits(answer=1000))


def test_a_long_answer_comes_whole(graph):
    cross = "SELECT * { ?a a ?b . ?c a ?d . ?e kg:modality kg:asserted }"
    rows = Rows.from_json(run(graph, cross + " LIMIT 60000").body()).rows
    assert len(rows) == 60000


def test_a_pool_answers_others_while_one_is_stopped(graph):
    pool = Pool(2, Limits(seconds=2))
    try:
        ended = {}

        def ask(name, query):
            try:
                with pool.ask(Path(graph), request(query, inspect(query))) as answer:
                    ended[name] = answer.body()
            except QueryError as error:
                ended[name] = error

        threads = [threading.Thread(target=ask, args=("endless", ENDLESS))]
        threads += [threading.Thread(target=ask, args=(i, "ASK {}")) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert isinstance(ended.pop("endless"), TimedOutError)
        assert all(b"true" in answer for answer in ended.values())
        ask("after", "ASK {}")
        assert b"true" in ended["after"]
    finally:
        pool.close()


def test_a_file_that_changes_is_read_again(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text("<http://e/a> <http://e/p> 1 .")
    with Session(str(path), Limits()) as session:
        assert len(Rows.from_json(session.ask("SELECT * { ?s ?p ?o }").body()).rows) == 1
        path.write_text("<http://e/a> <http://e/p> 1, 2 .")
        assert len(Rows.from_json(session.ask("SELECT * { ?s ?p ?o }").body()).rows) == 2


def test_a_packed_file_is_read(tmp_path, graph):
    packed = tmp_path / "small.nq.gz"
    packed.write_bytes(gzip.compress(Path(graph).read_bytes()))
    assert run(str(packed), "who-met-whom").body() == run(graph, "who-met-whom").body()


@pytest.mark.parametrize(
    ("name", "content"),
    [("none.ttl", None), ("bad.ttl", "this is no Turtle"), ("a.txt", "x"), ("cut.nt.gz", "no gzip")],
)
def test_a_graph_that_is_none_is_told_in_two_lines(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(GraphError) as told:
        run(str(path), "ASK {}")
    assert len(str(told.value).splitlines()) == 2


def test_a_query_that_breaks_off_says_where(graph):
    with pytest.raises(QueryError, match="line 2, column"):
        run(graph, "SELECT * {\n ?s ?p FILTER }")


# --- endpoints elsewhere ---------------------------------------------------------------------------------


class _Endpoint(http.server.BaseHTTPRequestHandler):
    script: ClassVar[list] = []
    seen: ClassVar[list] = []

    def do_GET(self):
        self.seen.append(self)
        status, headers, body = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if body == "hang":
            time.sleep(3)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


OK = (200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{"vars":["x"]},"results":{"bindings":[]}}')


@pytest.fixture
def endpoint():
    handler = type("Handler", (_Endpoint,), {"script": [OK], "seen": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_asked_politely(endpoint):
    handler, url = endpoint
    assert run(url, "SELECT ?x { ?x kg:metWith wd:Q1 }").body() == OK[2]
    (request,) = handler.seen
    assert request.command == "GET"
    assert request.headers["User-Agent"].startswith("newskg/")
    assert "sparql-results+json" in request.headers["Accept"]
    assert "PREFIX+kg" in request.path  # elsewhere nobody knows our prefixes
    assert "format=" not in request.path


def test_a_long_query_goes_by_post(endpoint):
    handler, url = endpoint
    run(url, "SELECT ?x { ?x ?p 'y' } #" + "long " * 600)
    assert handler.seen[0].command == "POST"


@pytest.mark.parametrize("status", [429, 503])
def test_an_endpoint_that_is_busy_is_asked_again_when_it_says(endpoint, status):
    handler, url = endpoint
    handler.script = [(status, {"Retry-After": "1"}, b""), OK]
    began = time.monotonic()
    assert run(url, "SELECT ?x { ?x ?p ?o }").body() == OK[2]
    assert time.monotonic() - began >= 1
    assert len(handler.seen) == 2


def test_an_endpoint_that_wants_a_long_wait_is_not_waited_for(endpoint):
    handler, url = endpoint
    handler.script = [(503, {"Retry-After": "3600"}, b"")]
    with pytest.raises(QueryError, match="503"):
        run(url, "SELECT ?x { ?x ?p ?o }", limits=Limits(seconds=5))
    assert len(handler.seen) == 1


def test_an_endpoint_that_refuses_the_query_is_quoted(endpoint):
    handler, url = endpoint
    handler.script = [(400, {}, b"Parse error at line 1")]
    with pytest.raises(QueryError, match="Parse error at line 1"):
        run(url, "SELECT ?x { ?x ?p ?o }")


def test_an_endpoint_that_hangs_is_left(endpoint):
    handler, url = endpoint
    handler.script = [(200, {}, "hang")]
    began = time.monotonic()
    with pytest.raises(TimedOutError):
        run(url, "SELECT ?x { ?x ?p ?o }", limits=Limits(seconds=1))
    assert time.monotonic() - began < 3


def test_no_endpoint_at_all():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(QueryError, match="can't be reached"):
        run(f"http://127.0.0.1:{port}/sparql", "ASK {}")


def test_a_worker_reaches_nobody_even_where_the_engine_would_ask(graph):
    visits = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_error(500)

        do_POST = do_GET  # noqa: N815 - as the library calls it

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        service = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.server_port}/sparql> {{ ?s ?p ?o }} }}"
        seen = []
        for network in (False, True):
            worker = Worker(Limits(seconds=10.0, network=network))
            try:
                with pytest.raises(QueryError):
                    worker.ask(Path(graph), Ask(service))
            finally:
                worker.kill()
            seen.append(len(visits))
        server.shutdown()
    assert seen[1], "the engine asks nobody: this test proves nothing"
    if not _can_be_cut_off():
        pytest.skip("this system gives a process no network of its own")
    assert seen[0] == 0


def _can_be_cut_off():
    command = "import sys; from kg.query.cage import without_network; sys.exit(not without_network())"
    return subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
