"""The scorer on small gold of our own: every rule is met once, kept and broken."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError, InputError
from kg.model import Document, Mention, Sentence, Span
from kg.ontology import load_ontology
from kg.score import GivenSpans, Tally, gold_documents, load_gold, render, score, score_corpus, score_gold
from kg.score.events import names_of

TEXT = "Chile's President Gabriel Boric met Lula da Silva in Lima on 3 May. Boric phoned the Andean Court of Arica."


def at(surface, *, nth=0, text=TEXT):
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return {"start": start, "end": start + len(surface), "surface": surface}


def gold_mention(surface, kind, qid, entity, *, nth=0, **more):
    return {**at(surface, nth=nth), "type": kind, "qid": qid, "entity": entity, **more}


def mention(surface, kind, qid, *, nth=0, score=0.8, nominal=False, iri=None, text=TEXT, **more):
    iri = iri or (f"wd:{qid}" if qid else f"entity/{surface.lower()}")
    return {
        **at(surface, nth=nth, text=text),
        "type": kind,
        "qid": qid,
        "iri": iri,
        "score": score,
        "nominal": nominal,
        **more,
    }


MEETING = {
    "id": "e1",
    "type": "meeting",
    "trigger": at("met"),
    "participants": [
        {"role": "agent", "entity": "boric", "qid": "Q11"},
        {"role": "agent", "entity": "lula", "qid": "Q12"},
        {"role": "place", "entity": "lima", "qid": "Q13", "alt": ["Q14"]},
    ],
    "time": {**at("3 May"), "value": "2024-05-03"},
    "place": "lima",
    "quantity": None,
    "modality": "asserted",
    "attributed_to": None,
}
CALL = {
    "id": "e2",
    "type": "phone_call",
    "trigger": at("phoned"),
    "participants": [
        {"role": "agent", "entity": "boric", "qid": "Q11"},
        {"role": "addressee", "entity": "court", "qid": None},
        {"role": "patient", "entity": "nobody_named", "qid": None},
    ],
    "time": None,
    "place": None,
    "quantity": {"value": 30, "comparator": ">", "unit": "dead"},
    "modality": "asserted",
    "attributed_to": "boric",
}


def gold_row(**more):
    mentions = [
        gold_mention("Chile", "LOC", "Q10", "chile", optional=True, nested=True),
        gold_mention("Chile's President", "PER", "Q11", "boric", optional=True, nominal=True),
        gold_mention("Gabriel Boric", "PER", "Q11", "boric"),
        gold_mention("Lula da Silva", "PER", "Q12", "lula", alt_spans=[[at("Lula")["start"], at("Lula")["end"]]]),
        gold_mention("Lima", "LOC", "Q13", "lima", alt=["Q14"], alt_types=["ORG"]),
        gold_mention("Boric", "PER", "Q11", "boric", nth=1),
        gold_mention("Andean Court of Arica", "ORG", None, "court"),
    ]
    row = {"id": "d1", "lang": "en", "text": TEXT, "published": "2024-05-04", "mentions": mentions, "events": []}
    return {**row, **more}


RIGHT = (
    mention("Gabriel Boric", "PER", "Q11", score=0.95),
    mention("Lula", "PER", "Q12"),
    mention("Lima", "ORG", "Q14"),
    mention("Boric", "PER", "Q11", nth=1),
    mention("Andean Court of Arica", "ORG", None, iri="entity/court"),
)


def predicted(*mentions, events=(), name="d1", text=TEXT):
    return {"id": name, "text": text, "mentions": list(mentions), "events": list(events), "claims": []}


def report(iri, kind, trigger, participants, **more):
    row = {"iri": iri, "type": kind, "trigger": at(trigger), "time": None, "place": None, "quantity": None}
    people = [{"role": role, "iri": who, "qid": who[3:] if who[:3] == "wd:" else None} for role, who in participants]
    return {**row, "modality": "asserted", "attributed_to": None, "score": 0.7, "participants": people, **more}


def linking(*mentions, gold=None):
    return score_gold([gold or gold_row()], [predicted(*mentions)]).tally("linking")


def test_all_right_is_one():
    scores = score_gold([gold_row()], [predicted(*RIGHT)])
    assert scores.tally("linking") == Tally(4, 4, 4)
    assert scores.tally("recognition") == scores.tally("typed") == Tally(5, 5, 5)
    assert scores.mistakes == ()


def test_a_wrong_qid_costs_precision_and_recall():
    wrong = mention("Gabriel Boric", "PER", "Q99")
    assert linking(wrong, *RIGHT[1:]) == Tally(3, 4, 4)
    [mistake] = score_gold([gold_row()], [predicted(wrong, *RIGHT[1:])]).mistakes
    assert (mistake.fault, mistake.gold, mistake.predicted, mistake.score) == ("wrong", "Q11", "Q99", 0.8)


def test_a_mention_without_qid_costs_recall_only():
    assert linking(mention("Gabriel Boric", "PER", None), *RIGHT[1:]) == Tally(3, 3, 4)


def test_a_miss_tells_what_stood_there_instead():
    mistakes = score_gold([gold_row()], [predicted(mention("Gabriel", "PER", "Q7"), *RIGHT[1:])]).mistakes
    assert [(one.fault, one.predicted) for one in mistakes] == [("spurious", "Q7"), ("miss", "Q7 on 'Gabriel'")]


def test_a_name_that_gold_lacks_is_a_false_positive_only_with_a_qid():
    assert linking(*RIGHT, mention("May", "PER", "Q20")) == Tally(4, 5, 4)
    assert linking(*RIGHT, mention("May", "PER", None)) == Tally(4, 4, 4)
    assert (
        score_gold([gold_row()], [predicted(*RIGHT, mention("May", "PER", None))]).tally("recognition").predicted == 6
    )


def test_optional_mentions_are_neither_hits_nor_false_alarms_but_are_listed_when_wrong():
    wrong = mention("Chile", "LOC", "Q99")
    assert linking(*RIGHT, wrong) == Tally(4, 4, 4)
    [mistake] = score_gold([gold_row()], [predicted(*RIGHT, wrong)]).mistakes
    assert mistake.fault == "wrong-optional"


def test_a_span_that_swallows_a_required_name_is_not_excused_by_an_optional_one():
    long = mention("Chile's President Gabriel Boric", "PER", "Q11")
    assert linking(long, *RIGHT[1:]) == Tally(3, 4, 4)


def test_nominal_predictions_are_not_scored():
    assert linking(*RIGHT, mention("Court", "ORG", "Q50", nominal=True)) == Tally(4, 4, 4)


def test_where_gold_has_no_qid_linking_is_not_scored():
    assert linking(*RIGHT[:-1], mention("Andean Court of Arica", "ORG", "Q50")) == Tally(4, 4, 4)


def test_types_may_be_alternative_but_not_any():
    scores = score_gold([gold_row()], [predicted(mention("Lima", "PER", "Q13"), *RIGHT[:2])])
    assert (scores.tally("recognition").right, scores.tally("typed").right) == (3, 2)


def test_confident_answers_are_counted_apart():
    rows = [predicted(mention("Gabriel Boric", "PER", "Q99", score=0.95), mention("Lima", "LOC", "Q13", score=0.9))]
    assert score_gold([gold_row()], rows).tally("confident") == Tally(1, 2, 0)


def test_clusters_are_pairs_of_names_without_a_qid():
    text = "Arden and Belmor met. Arden left."
    gold = [
        {**at(name, nth=nth, text=text), "type": "PER", "qid": None, "entity": name}
        for name, nth in (("Arden", 0), ("Belmor", 0), ("Arden", 1))
    ]
    names = [
        mention(name, "PER", None, nth=nth, text=text) for name, nth in (("Arden", 0), ("Belmor", 0), ("Arden", 1))
    ]
    row = gold_row(text=text, mentions=gold)
    assert score_gold([row], [predicted(*names)]).tally("clusters") == Tally(1, 1, 1)
    merged = [{**name, "iri": "entity/one"} for name in names]
    assert score_gold([row], [predicted(*merged)]).tally("clusters") == Tally(1, 3, 1)


def met(**more):
    people = [("agent", "wd:Q11"), ("agent", "wd:Q12")]
    return report("event/1", "kg:Meeting", "met", people, **{"time": {"value": "2024-05-03"}, **more})


def events(*reports, gold=(MEETING,), types=None):
    return score_gold([gold_row(events=list(gold))], [predicted(*RIGHT, events=reports)], types)


def test_an_event_is_found_with_its_day_and_core_participants():
    scores = events(met(place="wd:Q14"))
    assert [scores.tally(name).recall for name in ("event type", "event day", "event core", "place")] == [1, 1, 1, 1]


def test_another_day_is_found_by_type_only_and_listed():
    scores = events(met(time={"value": "2024-05-04"}))
    assert [scores.tally(name).right for name in ("event type", "event day", "event core")] == [1, 0, 0]
    [mistake] = scores.mistakes
    assert (mistake.measure, mistake.gold, mistake.predicted) == ("event day", "2024-05-03", "2024-05-04")


@pytest.mark.parametrize(
    ("value", "right"),
    [("2024-05-03", True), ("2024-05-03?", True), ("2024-05-03/2024-05-03", True), ("2024-05", False), ("2024", False)],
)
def test_days_are_the_same_when_their_bounds_are(value, right):
    assert bool(events(met(time={"value": value})).tally("event day").right) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [("2024-05", True), ("2024-05-10", True), ("[2024-05-03,2024-05-10]", True), ("2024-05-04", False)],
)
def test_candidates_of_an_open_weekday_are_accepted(value, right):
    time = {**at("3 May"), "value": "2024-05", "candidates": ["2024-05-03", "2024-05-10"]}
    assert bool(events(met(time={"value": value}), gold=[{**MEETING, "time": time}]).tally("event day").right) is right


def test_the_type_is_needed_and_so_is_a_foothold():
    assert events({**met(), "type": "kg:Visit"}).tally("event type").right == 0
    elsewhere = report("event/2", "kg:Meeting", "phoned", [("agent", "wd:Q77")])
    assert events(elsewhere).tally("event type").right == 0


def test_narrower_types_count_when_the_ontology_says_so():
    narrower = {**met(), "type": "kg:Summit"}
    assert events(narrower).tally("event type").right == 0
    assert events(narrower, types={"kg:Summit": frozenset({"meeting"})}).tally("event type").right == 1


def test_type_names_come_from_the_ontology_with_their_broader_types():
    names = load_ontology().type_names()
    assert {"phone_call", "diplomacy"} <= names["kg:PhoneCall"]
    assert "phone_call" not in names["kg:Meeting"]


@pytest.mark.parametrize("curie", ["kg:PhoneCall", "https://newskg.example/ontology#PhoneCall"])
def test_type_names_become_lower_snake_case(curie):
    assert names_of(curie, {}) == {"phone_call"}


def test_a_report_serves_one_gold_event_but_lends_its_slots_to_its_event():
    twin = {**MEETING, "id": "e3", "trigger": at("phoned")}
    assert events(met(), gold=[MEETING, twin]).tally("event type") == Tally(1, 0, 2)
    second = report("event/1", "kg:Meeting", "phoned", [])
    assert events(met(), second, gold=[MEETING, twin]).tally("event core") == Tally(2, 0, 2)


def test_entities_without_a_qid_are_the_same_when_their_mentions_overlap():
    call = report("event/2", "kg:PhoneCall", "phoned", [("agent", "wd:Q11"), ("addressee", "entity/court")])
    scores = events(call, gold=[CALL])
    assert scores.tally("event core") == Tally(1, 0, 1)  # the patient is named nowhere: nobody is asked for it
    other = report("event/2", "kg:PhoneCall", "phoned", [("agent", "wd:Q11"), ("addressee", "entity/other")])
    assert events(other, gold=[CALL]).tally("event core") == Tally(0, 0, 1)
    assert events(other, gold=[CALL]).tally("core participants") == Tally(1, 0, 2)


def test_the_role_counts():
    call = report("event/2", "kg:PhoneCall", "phoned", [("addressee", "wd:Q11"), ("addressee", "entity/court")])
    assert events(call, gold=[CALL]).tally("core participants") == Tally(1, 0, 2)


@pytest.mark.parametrize(
    ("value", "comparator", "unit", "expected"),
    [(30, ">", "dead", (1, 1)), (30, "=", "dead", (1, 0)), (31, ">", "dead", (0, 0)), (30, ">", "injured", (0, 0))],
)
def test_counts_keep_value_unit_and_comparator(value, comparator, unit, expected):
    quantity = {"value": value, "comparator": comparator, "unit": unit}
    scores = events(report("event/2", "kg:PhoneCall", "phoned", [], quantity=quantity), gold=[CALL])
    assert (scores.tally("quantity").right, scores.tally("comparator").right) == expected


def test_modality_and_attribution():
    said = report("event/2", "kg:PhoneCall", "phoned", [], modality="denied", attributed_to="wd:Q11")
    scores = events(said, gold=[CALL])
    assert (scores.tally("modality"), scores.tally("attribution")) == (Tally(0, 0, 1), Tally(1, 0, 1))


CORPUS_TEXT = "Norsk Hydro of Oslo sold Hydro Kuban; Oslo-born Kari Moe left on Friday."


def corpus_row(*entities, **more):
    spans = [{**at(surface, text=CORPUS_TEXT), "label": label, **extra} for surface, label, extra in entities]
    return {"id": "d1", "lang": "en", "text": CORPUS_TEXT, "entities": spans, **more}


def corpus(gold, *mentions, in_base=None):
    return score_corpus([gold], [predicted(*mentions, text=CORPUS_TEXT)], in_base)


def found(surface, qid="Q1", kind="ORG", **more):
    return mention(surface, kind, qid, text=CORPUS_TEXT, **more)


def test_recognition_on_corpora_needs_span_and_label():
    gold = corpus_row(("Norsk Hydro", "ORG", {}), ("Oslo", "LOC", {}), ("Kari Moe", "PER", {}))
    scores = corpus(gold, found("Norsk Hydro"), found("Oslo", kind="ORG"), found("Kari", kind="PER"))
    assert scores.tally("ner") == Tally(1, 3, 3)
    assert scores.tally("ner", kind="ORG") == Tally(1, 2, 1)
    assert corpus(gold, found("Friday", kind="EVT")).tally("ner").predicted == 0
    assert scores.tally("elevant") == Tally()  # no QIDs: no linking


def test_elevant_counts_span_and_item():
    gold = corpus_row(
        ("Norsk Hydro", "X", {"qid": "Q1"}), ("Oslo", "X", {"qid": "Q2"}), ("Kari Moe", "X", {"qid": "Q3"})
    )
    scores = corpus(gold, found("Norsk Hydro"), found("Oslo", "Q9"), found("Friday", "Q8"), in_base=frozenset({"Q1"}))
    assert scores.tally("elevant") == Tally(1, 3, 3)
    assert scores.tally("spans") == Tally(2, 3, 3)
    assert (scores.tally("accuracy").recall, scores.tally("accuracy in base").recall) == (0.5, 1.0)
    assert [mistake.fault for mistake in scores.mistakes] == ["wrong", "miss", "spurious"]


def test_every_lost_item_is_counted_where_it_was_lost():
    names = ("Norsk Hydro", "Oslo", "Hydro Kuban", "Kari Moe", "Friday", "Oslo-born")
    gold = corpus_row(*((name, "PERSON", {"qid": f"Q{at}"}) for at, name in enumerate(names, 1)))
    scores = corpus(
        gold,
        found("Norsk Hydro", "Q1"),
        found("Oslo", None, candidates=[{"qid": "Q7"}]),
        found("Hydro Kuban", None, candidates=[{"qid": "Q7"}, {"qid": "Q3"}]),
        found("Kari Moe", "Q8", candidates=[{"qid": "Q8"}, {"qid": "Q4"}]),
        in_base=frozenset({"Q1", "Q2", "Q3", "Q4", "Q5"}),
    )
    reasons = ("not in base", "not found", "not offered", "left local", "another item")
    assert [scores.tally(f"lost: {reason}", kind="PER").right for reason in reasons] == [1, 1, 1, 1, 1]
    assert (scores.tally("base"), scores.tally("offered")) == (Tally(5, 6, 6), Tally(3, 4, 4))
    assert scores.tally("found") == Tally(4, 4, 6)
    assert "lost: not found" in render(scores)


def test_given_spans_keep_what_the_recogniser_read_and_make_up_what_it_missed():
    class Sees:
        def mentions(self, *_):
            return (
                Mention(Span(0, 11), "Norsk Hydro", "ORG", "en", score=0.7),
                Mention(Span(15, 19), "Oslo", "LOC", "en"),
            )

    gold = corpus_row(
        ("Norsk Hydro", "X", {"qid": "Q1"}),
        ("Kari Moe", "PERSON", {"qid": "NIL"}),
        ("Friday", "DATETIME", {"qid": "Q3"}),
    )
    document = Document("d1", None, None, "en", None, CORPUS_TEXT)
    given = GivenSpans(Sees(), [gold]).mentions(document, [Sentence(Span(0, len(CORPUS_TEXT)), "en")])
    assert [(m.surface, m.kind, m.score) for m in given] == [("Norsk Hydro", "ORG", 0.7), ("Kari Moe", "PER", 1.0)]


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"qid": "NIL"}, Tally(0, 1, 0)),  # known to have no item: a QID is a false alarm
        ({"qid": "Q5", "nil": True}, Tally(0, 1, 0)),
        ({}, Tally(0, 0, 0)),  # never judged
        ({"qid": "Q1", "optional": True}, Tally(0, 0, 0)),
    ],
)
def test_elevant_and_gold_that_asks_for_nothing(extra, expected):
    gold = corpus_row(("Hydro Kuban", "X", extra), ("Kari Moe", "X", {"qid": "NIL"}))
    assert corpus(gold, found("Hydro Kuban")).tally("elevant") == expected


def test_a_prediction_is_widened_to_word_boundaries():
    gold = corpus_row(("Hydro Kuban", "X", {"qid": "Q1"}))
    assert corpus(gold, found("Hydro Kub")).tally("elevant") == Tally(1, 1, 1)
    assert corpus(gold, found("Hydro")).tally("elevant") == Tally(0, 1, 1)


def test_nested_alternatives_count_once():
    gold = corpus_row(
        ("Norsk Hydro of Oslo", "X", {"qid": "Q1", "gid": 1, "children": [2, 3]}),
        ("Norsk Hydro", "X", {"qid": "Q2", "gid": 2, "parent": 1}),
        ("Oslo", "X", {"qid": "Q3", "gid": 3, "parent": 1}),
    )
    assert corpus(gold).tally("elevant") == Tally(0, 0, 1)
    assert corpus(gold, found("Norsk Hydro of Oslo")).tally("elevant") == Tally(1, 1, 1)
    assert corpus(gold, found("Norsk Hydro of Oslo"), found("Oslo", "Q3")).tally("elevant") == Tally(1, 1, 1)
    assert corpus(gold, found("Norsk Hydro", "Q2")).tally("elevant") == Tally(1, 1, 2)


def test_only_the_evaluation_span_counts():
    gold = corpus_row(("Norsk Hydro", "X", {"qid": "Q1"}), ("Kari Moe", "X", {"qid": "Q3"}), evaluation_span=[0, 20])
    assert corpus(gold, found("Norsk Hydro"), found("Friday")).tally("elevant") == Tally(1, 1, 1)


def test_a_gold_document_without_prediction_is_an_error_not_a_zero():
    with pytest.raises(DataError, match="No prediction for the gold document d1"):
        score([gold_row()], [])


def test_both_formats_go_into_one_table_split_by_language():
    greek = {**corpus_row(("Oslo", "LOC", {})), "id": "d2", "lang": "el"}
    rows = [predicted(*RIGHT), predicted(found("Oslo", kind="LOC"), name="d2", text=CORPUS_TEXT)]
    scores = score([gold_row(), greek], rows)
    assert list(scores.table("language")) == ["el", "en", "all"]
    assert scores.table("kind")["LOC"]["ner"] == Tally(1, 1, 1)
    text = render(scores, "language")
    assert "en             linking             1.000  1.000  1.000       4      4      4" in text
    assert "el             linking" not in text


def test_mistakes_are_printed_one_a_line():
    text = render(
        score([gold_row()], [predicted(mention("Lima", "LOC", "Q99"), *RIGHT[:2], *RIGHT[3:])]), mistakes=True
    )
    assert "d1 53-57 linking wrong: 'Lima' (LOC) gold Q13|Q14, predicted Q99 at 0.80" in text


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3)))
def test_tallies_add_up_in_any_order_and_stay_in_range(numbers):
    tallies = [Tally(min(right, given, gold), given, gold) for right, given, gold in numbers]
    total = sum(tallies, Tally())
    assert total == sum(reversed(tallies), Tally())
    assert 0 <= total.f1 <= 1
    assert min(total.precision, total.recall) <= total.f1 <= max(total.precision, total.recall) or not total.right


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_texts_come_from_the_row_and_ids_stay(tmp_path):
    [document] = gold_documents(write(tmp_path / "gold.jsonl", gold_row()))
    assert (document.id, document.text, document.lang) == ("d1", TEXT, "en")
    assert document.published.isoformat() == "2024-05-04"


def test_texts_come_from_the_articles_beside_the_gold_folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "gold").mkdir()
    text = "date 2024-05-04 Boric met Lula in Lima.\r\nThey agreed on trade between both countries.\n"
    (tmp_path / "articles" / "a.txt").write_bytes(text.encode())
    row = {"id": "d7", "lang": "en", "file": "a.txt", "mentions": [], "events": []}
    path = write(tmp_path / "gold" / "gold.jsonl", row)
    [document] = gold_documents(path)
    assert (document.id, document.text) == ("d7", text)
    (tmp_path / "articles" / "a.txt").unlink()
    with pytest.raises(InputError):
        gold_documents(path)


def test_gzipped_gold_is_read_and_bad_gold_is_refused(tmp_path):
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(gold_row()).encode()))
    assert load_gold(path)[0]["id"] == "d1"
    with pytest.raises(DataError, match="Line 2"):
        load_gold(write(tmp_path / "half.jsonl", gold_row(), {"id": "d2"}))
    (tmp_path / "broken.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="no JSON"):
        load_gold(tmp_path / "broken.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match="no rows"):
        load_gold(tmp_path / "empty.jsonl")
    with pytest.raises(InputError, match="can't be read"):
        load_gold(tmp_path / "absent.jsonl")


def test_a_publication_day_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="YYYY-MM-DD"):
        gold_documents(write(tmp_path / "gold.jsonl", gold_row(published="May 2024")))


SHARED = Path(__file__).parents[2] / "shared"


def parrot(gold):
    """The row of a pipeline that says exactly what gold says."""
    mentions = [{**one, "iri": iri(one), "score": 1.0, "nominal": bool(one.get("nominal"))} for one in gold["mentions"]]
    reports = [
        {
            **event,
            "iri": f"event/{event['id']}",
            "type": f"kg:{event['type']}",
            "participants": [{**one, "iri": iri(one)} for one in event["participants"]],
            "place": event["place"] and named(gold, event["place"]),
            "attributed_to": event["attributed_to"] and named(gold, event["attributed_to"]),
            "score": 1.0,
        }
        for event in gold["events"]
    ]
    return {"id": gold["id"], "text": "", "mentions": mentions, "events": reports, "claims": []}


def iri(one):
    return f"wd:{one['qid']}" if one["qid"] else f"entity/{one['entity']}"


def named(gold, entity):
    participants = [one for event in gold["events"] for one in event["participants"]]
    return next(iri(one) for one in [*gold["mentions"], *participants] if one["entity"] == entity)


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="needs ../shared")
def test_gold_agrees_with_itself():
    gold = load_gold(SHARED / "gold" / "gold.jsonl")
    scores = score_gold(gold, [parrot(row) for row in gold])
    sums = scores.table()["all"]
    assert scores.mistakes == ()
    assert sums["linking"] == Tally(157, 157, 157)  # the gold's own README says 155; its rows hold 157
    assert sums["recognition"] == sums["typed"] == Tally(175, 175, 175)
    assert sums["event day"] == Tally(61, 0, 61)
    assert {event["type"] for row in gold for event in row["events"]} <= set().union(
        *load_ontology().type_names().values()
    )
    imperfect = {name for name, tally in sums.items() if name != "confident" and tally.recall != 1}
    assert imperfect == set()
