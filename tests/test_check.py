"""Shapes: what we build keeps them, and each breach is told with its article and sentence."""

import runpy
from pathlib import Path

import pytest
import rdflib

from kg.check.shacl import violations
from kg.check.shapes import shapes
from kg.errors import GraphError
from kg.model import Claim, Entity, Evidence, Link, Mention, Quantity, Span
from kg.ontology import load_ontology
from kg.rdf import DEFAULT_BASE, PREFIXES, fitting

SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
KG = PREFIXES["kg"]


@pytest.fixture(scope="module")
def lines():
    return SMALL["lines"]()


def test_what_we_write_keeps_every_shape(lines):
    assert [str(one) for one in violations(lines, DEFAULT_BASE)] == []


BREACHES = {
    "a claim without modality": (
        lambda line: "" if "/claim/" in line[:40] and "#modality>" in line else line,
        "one modality",
    ),
    "a subject of the wrong class": (
        lambda line: line.replace(f"{KG}Person>", f"{KG}Product>"),
        "subject of this claim is not of the class",
    ),
    "a confidence above one": (lambda line: line.replace('"0.96"', '"1.96"'), "confidence between 0 and 1"),
    "an article without language": (lambda line: "" if "inLanguage" in line else line, "one language"),
    "a place off the map": (lambda line: line.replace('"41.3178"', '"141.3178"'), "latitude"),
    "a value of the wrong type": (
        lambda line: line.replace('"2025-10-09"^^<http://www.w3.org/2001/XMLSchema#date>', '"soon"'),
        "kg:earliest is a date",
    ),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_told_as_people_read_it(lines, name):
    change, message = BREACHES[name]
    found = list(violations(filter(None, map(change, lines)), DEFAULT_BASE))
    assert any(any(part in one.message for part in (message,)) for one in found), [str(one) for one in found]


def test_a_breach_names_article_and_sentence(lines):
    change, _ = BREACHES["a claim without modality"]
    one = next(iter(violations(filter(None, map(change, lines)), DEFAULT_BASE)))
    assert one.article.startswith("https://news.example/")
    assert one.sentence
    assert f"“{one.sentence}”" in str(one)


def test_every_predicate_of_ours_has_a_shape():
    read = rdflib.Graph().parse(data=shapes(), format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    held = {str(iri) for iri in read.objects(predicate=sh.targetSubjectsOf)}
    ours = {f"{KG}{iri[3:]}" for iri in load_ontology().predicates if iri.startswith("kg:")}
    assert ours <= held


def test_without_pyshacl_it_says_so(lines, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyshacl", None)
    with pytest.raises(GraphError, match="pySHACL"):
        list(violations(lines, DEFAULT_BASE))


# --- refused before they are written ---------------------------------------------------------------------

ROSSI = Entity("wd:Q1", "Q1", "PER")
JET = Entity("wd:Q2", "Q2", "PROD")
OSLO = Entity("wd:Q3", "Q3", "LOC")


def claim(subject, predicate, value):
    evidence = Evidence("d", Span(0, 3), "abc", "en", "rule", 0.9)
    return Claim(subject, predicate, value, None, "asserted", None, (evidence,))


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "fits"),
    [
        ("wd:Q1", "kg:metWith", "wd:Q3", True),  # a state acts
        ("wd:Q1", "kg:metWith", "wd:Q2", False),  # an aircraft does not
        ("wd:Q2", "kg:headOfStateOf", "wd:Q3", False),
        ("wd:Q1", "kg:headOfStateOf", "wd:Q9", True),  # of Q9 no class is known
        ("event/1", "kg:agent", "wd:Q1", True),
        ("wd:Q1", "kg:agent", "wd:Q3", False),  # only events have agents
        ("event/1", "kg:deaths", Quantity(3, "=", "dead"), True),
        ("event/1", "kg:agent", Quantity(3, "=", "dead"), False),
        ("event/1", "rdf:type", "kg:Meeting", True),
    ],
)
def test_a_claim_that_breaks_domain_or_range_is_refused(subject, predicate, value, fits):
    links = [Link(Mention(Span(0, 1), "x", e.kind, "en"), e, 0.9) for e in (ROSSI, JET, OSLO)]
    kept, refused = fitting([claim(subject, predicate, value)], links, [])
    assert (len(kept), len(refused)) == ((1, 0) if fits else (0, 1))
