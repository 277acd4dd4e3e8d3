"""Terms, canonical lines, one article's quads, and what several articles say together."""

import random
import re
from dataclasses import dataclass, field
from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    BORIC,
    CHILE,
    COURT,
    EVENT,
    FIRST,
    LIMA,
    RUN,
    TEXT,
    a_document,
    annotate,
    annotations,
    evidence,
    full_annotation,
    link,
    runs,
)

from kg import rdf
from kg.errors import DataError, GraphError
from kg.model import Candidate, Claim, Entity, Link, Mention, Quad, Quantity, Span, When
from kg.rdf import decimal, expand, node, number, parse_line, quads, split_literal, text, value
from kg.shipped import shipped

G = node("graph/claims")


def triples(annotation, **more):
    return {(q.s, q.p, q.o) for q in quads(annotation, RUN, **more)}


def objects(annotation, s, p, **more):
    wanted = node(s), node(p)
    return sorted(o for s, p, o in triples(annotation, **more) if (s, p) == wanted)


def claim_iri(claim):
    return f"claim/{claim.id}"


# --- terms -----------------------------------------------------------------------------------------------


def test_expand_knows_curies_paths_and_whole_iris():
    assert expand("kg:metWith") == "https://newskg.example/ontology#metWith"
    assert expand("entity/9f", "https://a.example/") == "https://a.example/entity/9f"
    assert expand("https://b.example/x:y", "https://a.example/") == "https://b.example/x:y"
    assert expand("urn:isbn:1", "https://a.example/") == "urn:isbn:1"


def test_expand_refuses_a_prefix_nobody_declares():
    with pytest.raises(DataError, match="nope:x"):
        expand("nope:x")


@given(st.text(max_size=20))
def test_expand_always_makes_an_iri_that_parsers_take(path):
    iri = expand("entity/" + re.sub(r"[%#\[\]:/?]", "", path))
    assert ox.NamedNode(iri).value == iri


def test_compact_is_the_way_back():
    for iri in ("wd:Q7747", "kg:metWith", "claim/9f", "schema:headline"):
        assert rdf.compact(expand(iri)) == iri
    assert rdf.compact("http://else.example/x") == "http://else.example/x"


def test_every_character_is_escaped_as_the_standard_parser_writes_it():
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert text(everything) == str(ox.Literal(everything))


@given(st.text(), st.sampled_from([None, "en", "sr-Latn", "mul"]))
def test_literals_come_back(words, lang):
    term = text(words, lang)
    assert split_literal(term) == (words, lang and lang.lower(), None)
    assert value(term) == words


def test_half_a_character_becomes_the_replacement_sign():
    assert text("a\ud83d") == '"a\ufffd"'


def test_a_malformed_language_leaves_a_plain_literal():
    assert text("x", "not a tag") == text("x", "") == '"x"'


@pytest.mark.parametrize(
    ("number_", "written"),
    [
        (38.0, "38"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (1e-7, "0.0000001"),
        (1e21, "1" + "0" * 21),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_counts_are_never_rounded(number_, written):
    assert split_literal(number(number_))[0] == written


def test_no_number_is_an_error():
    with pytest.raises(DataError):
        number(float("nan"))


@pytest.mark.parametrize(
    ("score", "written"), [(0.93, "0.93"), (1.0, "1"), (0.0, "0"), (0.12345, "0.1235"), (-0.00001, "0")]
)
def test_scores_are_short(score, written):
    assert split_literal(decimal(score))[0] == written


@given(st.text(), st.sampled_from(["en", None]))
def test_a_line_is_read_as_it_was_written(words, lang):
    quad = Quad(node("wd:Q1"), node("kg:p"), text(words, lang), G)
    assert parse_line(str(quad)) == parse_line(f"{quad}\n") == quad


# --- one article -----------------------------------------------------------------------------------------


def test_an_event_is_told_as_design_says():
    said = {(p, o) for s, p, o in triples(full_annotation()) if s == node(EVENT)}
    assert said == {
        (node("rdf:type"), node("sem:Event")),
        (node("rdf:type"), node("kg:Meeting")),
        (node("sem:hasPlace"), node(LIMA.iri)),
        (node("kg:time"), text("2024-05-03")),
        (node("kg:earliest"), rdf.day(date(2024, 5, 3))),
        (node("kg:latest"), rdf.day(date(2024, 5, 3))),
        (node("kg:deaths"), rdf.integer(38)),
    }


def test_a_claim_is_told_as_design_says():
    annotation = full_annotation()
    claim = annotation.claims[0]
    article = f"article/{annotation.document.id}"
    said = {(p, o) for s, p, o in triples(annotation) if s == node(claim_iri(claim))}
    assert said == {
        (node("rdf:type"), node("kg:Claim")),
        (node("kg:subject"), node(BORIC.iri)),
        (node("kg:predicate"), node("kg:metWith")),
        (node("kg:object"), node(COURT.iri)),
        (node("kg:time"), text("2024-05-03")),
        (node("kg:earliest"), rdf.day(date(2024, 5, 3))),
        (node("kg:latest"), rdf.day(date(2024, 5, 3))),
        (node("kg:modality"), node("kg:asserted")),
        (node("kg:attributedTo"), node(CHILE.iri)),
        (node("kg:confidence"), decimal(0.9)),
        (node("kg:evidence"), node(f"{article}#char=0,57")),
        (node("kg:evidence"), node(f"{article}#char=58,91")),
    }


def test_the_direct_triple_stands_only_when_asserted_and_accepted():
    said = triples(full_annotation())
    assert (node(BORIC.iri), node("kg:metWith"), node(COURT.iri)) in said
    assert (node(BORIC.iri), node("kg:visited"), node(CHILE.iri)) not in said, "only planned"
    assert (node(BORIC.iri), node("kg:visited"), node(LIMA.iri)) not in said, "below the threshold"


def test_a_count_keeps_its_comparator_and_only_exact_ones_become_triples():
    annotation = full_annotation()
    more_than = next(c for c in annotation.claims if isinstance(c.object, Quantity) and c.object.comparator == ">")
    iri = claim_iri(more_than)
    assert objects(annotation, iri, "kg:object") == [rdf.integer(30)]
    assert objects(annotation, iri, "kg:comparator") == ['">"']
    assert objects(annotation, iri, "kg:unit") == ['"dead"']
    assert objects(annotation, EVENT, "kg:deaths") == [rdf.integer(38)]


def test_open_ended_times_have_one_day_and_unreadable_ones_none():
    claims = [Claim("wd:Q1", "kg:p", "wd:Q2", t, "planned", None, (evidence("x"),)) for t in ("../2024", "some day")]
    annotation = annotate(a_document(), claims=claims)
    first, second = map(claim_iri, claims)
    assert objects(annotation, first, "kg:earliest") == []
    assert objects(annotation, first, "kg:latest") == [rdf.day(date(2024, 12, 31))]
    assert objects(annotation, second, "kg:time") == ['"some day"']
    assert objects(annotation, second, "kg:latest") == []


def test_evidence_says_where_and_what_and_by_which_run():
    annotation = full_annotation()
    iri = f"article/{annotation.document.id}#char=0,57"
    assert objects(annotation, iri, "rdf:type") == sorted([node("kg:Evidence"), node("nif:RFC5147String")])
    assert objects(annotation, iri, "nif:beginIndex") == [rdf.integer(0)]
    assert objects(annotation, iri, "nif:endIndex") == [rdf.integer(57)]
    assert objects(annotation, iri, "nif:anchorOf") == [text(FIRST.of(TEXT), "en")]
    assert objects(annotation, iri, "nif:referenceContext") == [node(f"article/{annotation.document.id}")]
    assert objects(annotation, iri, "prov:wasGeneratedBy") == [node(f"run/{RUN.id}")]


def test_each_reading_keeps_its_own_score_rule_and_speaker():
    annotation = full_annotation()
    claim = annotation.claims[0]
    for span, score in (("0,57", 0.9), ("58,91", 0.7)):
        reading = f"article/{annotation.document.id}#char={span}&claim={claim.id}"
        assert objects(annotation, reading, "kg:claim") == [node(claim_iri(claim))]
        assert objects(annotation, reading, "kg:confidence") == [decimal(score)]
        assert objects(annotation, reading, "kg:method") == ['"rule:met"']
        assert objects(annotation, reading, "kg:attributedTo") == [node(CHILE.iri)]


def test_a_mention_keeps_three_rejected_candidates_and_the_reasons_of_the_chosen():
    many = (BORIC, CHILE, LIMA, COURT, Entity("wd:Q1", "Q1", "LOC"))
    candidates = tuple(Candidate(e, e.iri, 1 - i / 10, (("name", 0.5),)) for i, e in enumerate(many))
    annotation = annotate(a_document(), [link(BORIC, 0, 13, candidates=candidates)])
    mention = f"article/{annotation.document.id}#char=0,13"
    kept = objects(annotation, mention, "kg:candidate")
    assert kept == sorted(node(f"{mention}&candidate={name}") for name in ("Q298", "Q2868", "2c0de5f3a1b2c3d4"))
    assert objects(annotation, mention, "kg:reason") == ['"name 0.50"']
    assert objects(annotation, f"{mention}&candidate=Q298", "kg:entity") == [node(CHILE.iri)]
    assert objects(annotation, f"{mention}&candidate=Q298", "kg:confidence") == [decimal(0.9)]


def test_a_report_says_which_words_reported_which_event():
    annotation = full_annotation()
    report = f"article/{annotation.document.id}#char=14,17&event=77aa77aa77aa77aa"
    assert objects(annotation, report, "kg:event") == [node(EVENT)]
    assert objects(annotation, report, "kg:eventType") == [node("kg:Meeting")]
    assert objects(annotation, report, "nif:anchorOf") == ['"met"@en']
    assert objects(annotation, report, "kg:evidence") == [node(f"article/{annotation.document.id}#char=0,57")]


def test_entities_carry_the_names_that_readers_of_the_article_need():
    annotation = full_annotation()
    assert objects(annotation, LIMA.iri, "skos:prefLabel") == ['"Lima"@en', '"Lima"@mul']
    assert objects(annotation, COURT.iri, "rdf:type") == sorted([node("kg:LocalEntity"), node("kg:Organisation")])
    greek = annotate(a_document(lang="el"), annotation.links, lang="el")
    assert objects(greek, LIMA.iri, "skos:prefLabel") == ['"Lima"@en', '"Lima"@mul', '"Λίμα"@el']


def test_forms_of_a_name_are_other_labels_but_descriptions_and_adjectives_are_not():
    mentions = [
        Mention(Span(0, 1), "Λίμας", "LOC", "el"),
        Mention(Span(2, 3), "Lima", "LOC", "en"),
        Mention(Span(4, 5), "the city", "LOC", "en", nominal=True),
        Mention(Span(6, 7), "Peruvian", "NORP", "en"),
    ]
    annotation = annotate(a_document(), [Link(m, LIMA, 0.9) for m in mentions])
    assert objects(annotation, LIMA.iri, "skos:altLabel") == ['"Λίμας"@el']


@dataclass
class Known:
    labels: dict = field(default_factory=dict)
    coords: tuple | None = None
    countries: tuple = ()
    external: dict = field(default_factory=dict)
    wikipedia: dict = field(default_factory=dict)


def test_records_add_places_on_the_map_and_names_of_what_only_claims_speak_about():
    claim = Claim(BORIC.iri, "kg:positionHeld", "wd:Q466956", None, "asserted", None, (evidence("x"),))
    annotation = annotate(a_document(), [link(LIMA, 38, 42)], [claim])
    records = {
        LIMA.iri: Known({"bg": "Лима"}, (-12.06, -77.0375), ("Q419",)),
        "wd:Q466956": Known({"en": "President of Chile", "bg": "…"}),
    }
    assert objects(annotation, LIMA.iri, "geo:lat", records=records) == [decimal(-12.06)]
    assert objects(annotation, LIMA.iri, "kg:country", records=records) == [node("wd:Q419")]
    assert objects(annotation, "wd:Q466956", "skos:prefLabel", records=records) == ['"President of Chile"@en']


def test_the_text_itself_is_not_stored():
    annotation = full_annotation()
    assert not any(value(o) == TEXT for _, _, o in triples(annotation))


def test_urls_are_links_paths_are_not_and_what_is_no_url_keeps_its_characters():
    for url, p, o in [
        ("https://news.example/1", "schema:url", "<https://news.example/1>"),
        ("https://news.example/a b", "schema:url", '"https://news.example/a b"'),
        ("papers/one.txt", "dcterms:source", '"papers/one.txt"'),
    ]:
        annotation = annotate(a_document(url=url))
        assert objects(annotation, f"article/{annotation.document.id}", p) == [o]


def test_a_run_has_no_clock():
    said = {o for s, p, o in triples(full_annotation()) if s == node(f"run/{RUN.id}")}
    assert said == {node("prov:Activity"), node("kg:Run"), '"0.1.0"', '"rules-1"', '"kb-1"', '"extract-1"'}


def test_the_order_of_findings_does_not_matter():
    annotation = full_annotation()
    mixed = annotate(
        annotation.document,
        random.Random(1).sample(annotation.links, len(annotation.links)),
        random.Random(2).sample(annotation.claims, len(annotation.claims)),
        annotation.reports,
    )
    assert quads(mixed, RUN) == quads(annotation, RUN)


def test_one_claim_read_twice_in_an_article_has_its_best_confidence():
    claims = [
        Claim("wd:Q1", "kg:p", "wd:Q2", None, "asserted", None, (evidence("x", score=s),)) for s in (0.31, 0.9, 0.55)
    ]
    annotation = annotate(a_document(), claims=claims)
    assert objects(annotation, claim_iri(claims[0]), "kg:confidence") == [decimal(0.9)]


@settings(max_examples=60, deadline=None)
@given(annotations(), runs)
def test_quads_are_canonical(annotation, run):
    made = quads(annotation, run)
    lines = [str(quad) for quad in made]
    assert lines == sorted(set(lines))
    stored = ox.Store()
    stored.extend(ox.parse("\n".join(lines), ox.RdfFormat.N_QUADS))
    kept = [f"{q.subject} {q.predicate} {q.object} {q.graph_name} ." for q in stored]
    assert sorted(kept) == lines, "a store must give back the very letters"
    assert [parse_line(line) for line in lines] == made


@settings(max_examples=40, deadline=None)
@given(annotations())
def test_the_articles_own_graph_speaks_of_the_article_alone(annotation):
    article = node(f"article/{annotation.document.id}")
    for quad in quads(annotation, RUN):
        assert (quad.g == article) == quad.s.startswith((article, f"{article[:-1]}#"))


# --- together --------------------------------------------------------------------------------------------


def test_of_several_confidences_the_highest_stands():
    lines = [str(Quad(node("claim/1"), node("kg:confidence"), decimal(x), G)) for x in (0.31, 0.9, 0.55)]
    assert list(rdf.settled(sorted(lines))) == [lines[1]]


def test_an_entity_has_one_preferred_label_a_language():
    entities = node("graph/entities")
    lines = [
        str(Quad(node("entity/1"), node("skos:prefLabel"), text(name, lang), entities))
        for name, lang in [("ANDEAN COURT", "en"), ("Andean Court", "en"), ("Андски съд", "bg")]
    ]
    assert list(rdf.settled(sorted(lines))) == sorted(lines[1:])


def test_words_that_look_like_a_slot_are_only_words():
    line = str(Quad(node("wd:Q1"), node("kg:p"), text("ontology#confidence> core#prefLabel>"), G))
    assert rdf.slot(line) is None
    assert list(rdf.settled([line])) == [line]


# --- the vocabulary --------------------------------------------------------------------------------------


def test_prefixes_agree_with_the_ontology():
    declared = dict(re.findall(r"@prefix (\w+): <([^>]+)>", shipped("ontology/news.ttl").read_text(encoding="utf-8")))
    assert declared.items() <= rdf.PREFIXES.items() | {("", "")}


def test_classes_of_kinds_are_those_of_the_ontology():
    store = ox.Store()
    store.load(path=str(shipped("ontology/news.ttl")), format=ox.RdfFormat.TURTLE)
    notation = ox.NamedNode(expand("skos:notation"))
    for kind, iri in rdf.CLASSES.items():
        found = [q.subject.value for q in store.quads_for_pattern(None, notation, ox.Literal(kind))]
        assert found == [expand(iri)]


def test_what_we_write_is_declared():
    written = {term for quad in quads(full_annotation(), RUN) for term in (quad.p, quad.o) if "ontology#" in term}
    store = ox.Store()
    for name in ("news", "events"):
        store.load(path=str(shipped(f"ontology/{name}.ttl")), format=ox.RdfFormat.TURTLE)
    declared = {str(q.subject) for q in store}
    assert sorted(written - declared) == []


def test_load_says_what_is_wrong(tmp_path):
    with pytest.raises(GraphError, match="extension"):
        list(rdf.load(tmp_path / "x.txt"))
    with pytest.raises(GraphError, match="can't be read"):
        list(rdf.load(tmp_path / "x.ttl"))
    (tmp_path / "x.ttl").write_text("<a> <b> .")
    with pytest.raises(GraphError, match="not valid"):
        list(rdf.load(tmp_path / "x.ttl"))
    (tmp_path / "x.nq.gz").write_bytes(b"\x1f\x8b no")
    with pytest.raises(GraphError, match="can't be read"):
        list(rdf.load(tmp_path / "x.nq.gz"))


def test_when_is_a_time_as_object():
    when = When(FIRST, "in May", "2024-05")
    claim = Claim("wd:Q1", "kg:time", when, None, "planned", None, (evidence("x"),))
    annotation = annotate(a_document(), claims=[claim])
    assert objects(annotation, claim_iri(claim), "kg:object") == ['"2024-05"']
