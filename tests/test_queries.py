"""The question library: every question has a golden answer on the small graph, and reads well.

To add one: write queries/NAME.rq (the format stands in kg/query/library.py), then run this file once with
KG_GOLDEN=write in the environment and read tests/golden/queries/NAME.txt: is that the right answer?
"""

import os
import re
import runpy
from pathlib import Path

import pytest
import rdflib

from kg.query import Limits, Rows, Session, questions, table
from kg.query.cut import beyond
from kg.query.guard import inspect, prologue, tokens
from kg.query.library import bind
from kg.rdf import PREFIXES

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden" / "queries"
SMALL = runpy.run_path(str(TESTS / "data" / "small.py"))
QUESTIONS = questions()
EVERY = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
ASKED = {
    "who-met-whom",
    "what-happened-to",
    "timeline",
    "articles-mentioning",
    "sources-of-claim",
    "disagreeing-counts",
    "events-at-place",
    "entities-by-articles",
    "local-entities",
    "co-mentions",
    "who-said-what",
    "planned-and-held",
    "claims-denied-or-demanded",
    "positions-held",
    "languages-of-entity",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")


@pytest.fixture(scope="module")
def session(small):
    with Session(str(small), Limits()) as session:
        yield session


def needed(question):
    return {param.name: [param.example.strip('"')] for param in question.params if not param.optional}


def cases(question):
    """The question with as little as it needs, and with each thing that it may be asked about."""
    yield "as it is", needed(question)
    for param in question.params:
        if param.optional and param.type != "limit":
            yield f"{param.name}={param.example}", needed(question) | {param.name: [param.example.strip('"')]}


def test_the_questions_that_were_promised_are_there():
    assert {question.name for question in QUESTIONS} >= ASKED


@EVERY
def test_the_answer_is_the_golden_one(question, session):
    answers = [f"== {case}\n{table(session.ask(question.name, given))}" for case, given in cases(question)]
    said = f"{question.words}\n\n" + "\n".join(answers)
    golden = GOLDEN / f"{question.name}.txt"
    if os.environ.get("KG_GOLDEN") == "write":
        golden.write_text(said, encoding="utf-8")
    assert golden.exists(), f"no golden answer: KG_GOLDEN=write pytest {Path(__file__).name}, then read {golden}"
    assert said == golden.read_text(encoding="utf-8")


@EVERY
def test_the_answer_is_not_empty(question, session):
    assert Rows.from_json(session.ask(question.name, needed(question)).body()).rows


@EVERY
def test_it_stands_under_a_heading(question):
    assert question.group in {
        "events",
        "relations",
        "people, places and things",
        "articles and sources",
        "numbers and disagreement",
    }


def test_there_are_at_least_thirty():
    assert len(QUESTIONS) >= 30


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if any(p.type == "limit" for p in q.params)], ids=lambda q: q.name
)
def test_a_limit_holds(question, session):
    limit = next(p.name for p in question.params if p.type == "limit")
    given = needed(question) | {limit: ["1"]}
    assert re.search(r"LIMIT 1\b", bind(question, given))
    session.ask(question.name, given).close()


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if any(p.type == "limit" for p in q.params)], ids=lambda q: q.name
)
def test_what_a_limit_leaves_out_is_told(question, session):
    """Nothing is left out of the small graph, until the limit is one row less than there is."""
    limit = next(p.name for p in question.params if p.type == "limit")
    assert session.cut(question.name, needed(question)) is None
    ((most, counting),) = beyond(bind(question, needed(question) | {limit: ["999"]}))
    there = int(Rows.from_json(session.ask(counting).body()).rows[0][0].value)
    assert (most, there > 0) == (999, True)
    assert session.cut(question.name, needed(question) | {limit: [str(there)]}) is None
    if there > 1:
        cut = session.cut(question.name, needed(question) | {limit: [str(there - 1)]})
        assert (cut.name, cut.example) == (limit, str(there - 1))


@EVERY
def test_line_one_is_the_question(question):
    assert re.fullmatch(r"[A-Z].{10,100}\?", question.words)


@EVERY
def test_the_order_of_the_answer_is_fixed(question):
    assert "ORDER BY" in question.sparql


@EVERY
def test_it_is_sparql_as_it_stands_in_the_file(question, session):
    assert inspect(question.sparql).form == "select"
    Rows.from_json(session.ask(question.sparql).body())


@EVERY
def test_it_declares_the_prefixes_that_it_uses_and_no_other(question):
    found = tokens(question.sparql)
    declared = prologue(found)
    names = [token.text.partition(":")[0] for token in found if token.kind == "name"]
    assert all(names.count(prefix) > 1 for prefix in declared), "a prefix is declared for nothing"
    assert set(names) == set(declared)
    assert all(PREFIXES[prefix] == iri for prefix, iri in declared.items())


@EVERY
def test_another_engine_gives_the_same_answer(question, small, session):
    """What rdflib understands too is what any endpoint understands."""
    other = _rdflib(small)
    ours = Rows.from_json(session.ask(question.name, needed(question)).body())
    theirs = Rows.from_json(other.query(bind(question, needed(question))).serialize(format="json"))
    assert _plain(theirs) == _plain(ours)


def _plain(rows):
    """The rows in no order, and so the pieces of GROUP_CONCAT: SPARQL leaves both to the engine."""
    return sorted([sorted(term.value.split(", ")) if term else [""] for term in row] for row in rows.rows)


_LOADED: dict[Path, rdflib.Dataset] = {}


def _rdflib(path):
    if path not in _LOADED:
        _LOADED[path] = rdflib.Dataset(default_union=True)
        _LOADED[path].parse(path, format="nquads")
    return _LOADED[path]


def test_the_ontology_knows_every_term_that_the_questions_use():
    declared = set()
    for name in ("news.ttl", "events.ttl"):
        text = (TESTS.parent / "ontology" / name).read_text(encoding="utf-8")
        declared |= set(re.findall(r"^(kg:\w+) a ", text, re.MULTILINE))
    used = {token.text for question in QUESTIONS for token in tokens(question.sparql) if token.text.startswith("kg:")}
    assert used - {"kg:"} <= declared, "declare it in ontology/news.ttl, or mend the question"
