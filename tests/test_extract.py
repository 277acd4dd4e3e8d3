"""The extractor beyond one sentence, and its parts one by one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import DAY, extract, parse, told

from kg.errors import DataError
from kg.extract import Extractor
from kg.extract.counts import numbers_in
from kg.extract.endings import markers_by_sound, markers_of_case
from kg.extract.lexicon import Lexicon
from kg.extract.phrases import Phrases
from kg.extract.scene import Clock, Scene, base_scene
from kg.extract.words import fold, words_of
from kg.model import Document, Quantity, Sentence, Span
from kg.ontology import load_ontology
from kg.shipped import shipped


def triples(claims) -> set[tuple[str, str, str]]:
    return {(c.subject, c.predicate, c.object) for c in claims if isinstance(c.object, str)}


# --- Documents ---------------------------------------------------------------------------------------


def test_a_pronoun_means_the_subject_before():
    reports, _ = extract("[Maria Lopez|PER] visited [Quito|LOC].", "She accused [Carlos Vega|PER] of fraud.")
    assert told(reports[1]) == "accusation addressee=Carlos_Vega agent=Maria_Lopez"
    assert reports[1].score < reports[0].score


def test_the_two_leaders_are_those_who_met():
    reports, _ = extract(
        "[Modi|PER] met [Macron|PER] in [Delhi|LOC] {2026-03-02|on Monday}.",
        "The talks between the two leaders lasted three hours.",
    )
    assert {report.event for report in reports} == {reports[0].event}


def test_two_meetings_on_two_days_stay_two():
    reports, _ = extract(
        "[Modi|PER] met [Macron|PER] in [Delhi|LOC] {2026-03-02|on Monday}.",
        "[Modi|PER] and [Macron|PER] met in [Paris|LOC] {2025-02-11|last year}.",
    )
    assert len({report.event for report in reports}) == 2


def test_one_meeting_in_two_languages_is_one_event_and_one_claim():
    english = extract("[Modi|PER] met [Macron|PER] in [Delhi|LOC] {2026-03-02|on Monday}.")
    bulgarian = extract("[Макрон|PER|Macron] се срещна с [Моди|PER|Modi] {2026-03-02|в понеделник}.", lang="bg")
    assert english[0][0].event == bulgarian[0][0].event
    met = [next(c for c in claims if c.predicate == "kg:metWith") for _, claims in (english, bulgarian)]
    assert met[0].id == met[1].id
    assert met[0].time == "2026-03-02"


def test_a_planned_meeting_and_the_one_that_was_held_are_one_event_with_two_claims():
    before = extract("[Modi|PER] will meet [Macron|PER] {2026-03-02|on Monday}.", published=date(2026, 3, 1))
    after = extract("[Modi|PER] met [Macron|PER] {2026-03-02|on Monday}.")
    assert before[0][0].event == after[0][0].event
    claims = [next(c for c in found if c.predicate == "kg:metWith") for _, found in (before, after)]
    assert [claim.modality for claim in claims] == ["planned", "asserted"]
    assert claims[0].id != claims[1].id


def test_a_day_that_nobody_can_date_is_no_number_of_dead():
    text = "Two men died Dec. 26 in Reno."
    whole = Sentence(Span(0, len(text)), "en", "body")
    at = text.index("Dec. 26")
    reports = (
        Extractor(load_ontology())
        .extract(Document("d", None, None, "en", None, text), [whole], (), (), [Span(at, at + 7)])
        .reports
    )
    assert [one.quantity and one.quantity.value for one in reports] == [2]


def test_what_lies_after_publication_is_planned_whatever_the_tense():
    reports, _ = extract("[Modi|PER] meets [Macron|PER] {2026-03-20|on Friday}.")
    assert reports[0].modality == "planned"
    reports, _ = extract("[Modi|PER] meets [Macron|PER] {2026-03-20|on Friday}.", published=None)
    assert reports[0].modality == "asserted"


def test_attacks_of_one_state_on_unsaid_things_are_not_one_event():
    reports, _ = extract("[Iran|LOC] attacked {2026-01|in January}.", "Later [Iran|LOC] attacked again.")
    assert len({report.event for report in reports}) == 2


def test_the_dead_are_those_of_the_crash_before():
    reports, claims = extract(
        "[The ferry Aurora|prod|Aurora] sank off [Bergen|LOC] {2026-03-01|on Sunday}.", "At least 12 people died."
    )
    crash, deaths = reports
    assert told(deaths) == "deaths count=>=12_dead place=Bergen theme=Aurora time=2026-03-01"
    counts = {c.subject for c in claims if c.object == Quantity(12.0, ">=", "dead", deaths.quantity.span)}
    assert counts == {crash.event, deaths.event}


def test_a_denied_or_planned_event_keeps_its_modality_on_every_claim():
    _, claims = extract("[Modi|PER] will not meet [Macron|PER] in [Delhi|LOC].")
    assert claims
    assert {claim.modality for claim in claims} == {"denied"}


def test_directed_claims_go_from_who_did_it():
    _, claims = extract("[Angela Weber|PER] apologised to [Carlos Vega|PER].")
    assert ("entity/Angela Weber", "kg:apologisedTo", "entity/Carlos Vega") in triples(claims)
    _, claims = extract("[Carlos Vega|PER] was arrested by [Interpol|ORG].")
    assert ("entity/Interpol", "kg:detained", "entity/Carlos Vega") in triples(claims)


def test_an_event_says_its_type_roles_place_time_and_count():
    reports, claims = extract("[Interpol|ORG] arrested five men in [Porto|LOC] {2026-03-03|on Tuesday}.")
    event = reports[0].event
    assert event.startswith("event/")
    (patient,) = (one.entity.iri for one in reports[0].participants if one.described)
    said = {(c.predicate, c.object if isinstance(c.object, str) else type(c.object).__name__) for c in claims}
    assert said == {
        ("rdf:type", "kg:Arrest"),
        ("kg:agent", "entity/Interpol"),
        ("kg:patient", patient),
        ("sem:hasPlace", "entity/Porto"),
        ("kg:time", "When"),
        ("kg:count", "Quantity"),
        ("kg:detained", patient),
    }
    assert {claim.subject for claim in claims} == {event, "entity/Interpol"}


def test_every_claim_quotes_the_sentence_that_says_it():
    first, second = "[Modi|PER] visited [Delhi|LOC].", "[Macron|PER] resigned."
    document, sentences, links, times = parse((first, second), "en", DAY)
    _, claims, *_ = Extractor(load_ontology()).extract(document, sentences, links, times)
    for claim in claims:
        (evidence,) = claim.evidence
        assert evidence.quote == evidence.span.of(document.text)
        assert evidence.span in {sentence.span for sentence in sentences}
        assert evidence.method.startswith("event:")
        assert 0 < evidence.score <= 1


@pytest.mark.parametrize(
    ("lang", "sentence", "predicate"),
    [
        ("en", "[Chile|LOC]'s President [Ana Ruiz|PER] spoke.", "kg:headOfStateOf"),
        ("en", "[Chilean|NORP|Chile] Prime Minister [Ana Ruiz|PER] spoke.", "kg:headOfGovernmentOf"),
        ("bg", "президентът на [Чили|LOC|Chile] [Ана Руис|PER|Ana Ruiz] говори", "kg:headOfStateOf"),
        ("el", "ο πρωθυπουργός της [Χιλής|LOC|Chile] [Άννα Ρουίς|PER|Ana Ruiz] μίλησε", "kg:headOfGovernmentOf"),
        ("az", "[Çili|LOC|Chile] prezidenti [Ana Ruis|PER|Ana Ruiz] çıxış edib", "kg:headOfStateOf"),
        ("ro", "președintele [chilian|NORP|Chile] [Ana Ruiz|PER] a vorbit", "kg:headOfStateOf"),
        ("ru", "министр иностранных дел [Чили|LOC|Chile] [Ана Руис|PER|Ana Ruiz] выступила", "kg:foreignMinisterOf"),
        ("tr", "[Şili|LOC|Chile] Cumhurbaşkanı [Ana Ruiz|PER] konuştu", "kg:headOfStateOf"),
        ("de", "[Chiles|LOC|Chile] Präsidentin [Ana Ruiz|PER] sprach", "kg:headOfStateOf"),
    ],
)
def test_an_office_before_a_name_is_a_relation(lang: str, sentence: str, predicate: str):
    _, claims = extract(sentence, lang=lang)
    assert ("entity/Ana Ruiz", predicate, "entity/Chile") in triples(claims)


def test_no_office_no_relation():
    _, claims = extract("[Chilean|NORP|Chile] singer [Ana Ruiz|PER] spoke.")
    offices = {p for _, p, _ in triples(claims) if p.endswith("Of")} - {"kg:citizenOf"}
    assert not offices


def test_a_language_without_words_is_read_as_nothing():
    assert extract("[Modi|PER] hitti [Macron|PER].", lang="is") == ((), ())


def test_an_empty_document_is_read_as_nothing():
    assert extract() == ((), ())


def test_a_new_language_needs_no_python(tmp_path: Path):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "extract.toml").open("a", encoding="utf-8") as file:
        file.write('\n[is]\norder = "SVO"\n[is.words]\nand = "og"\nnegation = "ekki"\n[is.before]\nin = "í"\n')
    events = (folder / "events.ttl").read_text(encoding="utf-8")
    (folder / "events.ttl").write_text(events.replace('kg:noun "meeting|', 'kg:verb "hitti"@is ; kg:noun "meeting|', 1))
    document, sentences, links, times = parse(("[Modi|PER] hitti ekki [Macron|PER] í [Delhi|LOC].",), "is", DAY)
    reports, *_ = Extractor(load_ontology(folder)).extract(document, sentences, links, times)
    assert told(reports[0]) == "meeting agent=Macron agent=Modi place=Delhi"


def test_other_words_are_another_version(tmp_path: Path):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    same = Extractor(load_ontology(folder)).version
    assert same == Extractor(load_ontology()).version
    with (folder / "extract.toml").open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert Extractor(load_ontology(folder)).version != same


def test_the_same_document_twice_gives_the_same():
    lines = ("[Modi|PER] met [Macron|PER] in [Delhi|LOC].", "He then visited [Agra|LOC].")
    assert extract(*lines) == extract(*lines)


_NAMES = ["[Modi|PER]", "[Iran|LOC]", "[Reuters|ORG]", "[Russian|NORP|Russia]", "{2026-03-02|on Monday}"]
_SMALL = ["met", "said", "attacked", "12", "people", "killed", "and", ",", "“", "”", "that", "not", "in", "with", "by"]
_MORE = ["was", "'s", "—", "he", "denied", ";", "(", ")", "talks"]
_PIECES = [*_NAMES, *_SMALL, *_MORE, "the two leaders", "according to", "talks between", "more than"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(_PIECES), max_size=14), max_size=4),
    st.sampled_from(["en", "az", "de", "el", "xx"]),
)
def test_any_order_of_words_gives_sound_reports(lines: list[list[str]], lang: str):
    marked = tuple(" ".join(line) for line in lines)
    document, sentences, _, _ = parse(marked, lang, DAY)
    reports, claims = extract(*marked, lang=lang)
    whole = Span(0, len(document.text))
    for report in reports:
        assert 0 < report.score <= 1
        assert whole.covers(report.trigger)
        assert any(sentence.span == report.sentence for sentence in sentences)
        assert len({(one.role, one.entity.iri) for one in report.participants}) == len(report.participants)
    assert all(claim.evidence for claim in claims)


# --- Words and phrases -------------------------------------------------------------------------------


def test_folding_keeps_every_character_in_its_place():
    text = "Η Ştefan’ın ΣΥΝΑΝΤΗΣΗ, İstanbul Ё"
    assert len(fold(text)) == len(text)
    assert fold(text) == "η ștefan'in συναντηση, istanbul е"


def test_words_know_their_places_also_where_marks_combine():
    text = "x Pasinya\u0301n spoke"
    words = words_of(text, 2, len(text))
    assert words.folded == ("pasinyán", "spoke")
    assert text[words.starts[0] : words.ends[0]] == "Pasinya\u0301n"
    assert words.starts[1] == text.index("spoke")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("met with", "they met with us", True),
        ("met with", "they met us", False),
        ("συναντήθηκ*", "ΣΥΝΑΝΤΗΘΗΚΑΝ χθες", True),
        ("*beben", "das Seebeben war", True),
        ("*beben", "beben", False),
        ("held ... talks", "held long and difficult talks", True),
        ("held ... talks", "held one. Then talks", False),
        ("held ... talks", "held a b c d e talks", False),
        ("a/au fost? semnat", "au semnat", True),
        ("a/au fost? semnat", "a fost semnat", True),
        ("s-a/au întâlnit", "s-au întâlnit ieri", True),
        ("п'ять", "п’ять людей", True),
        ("görüş*", "GÖRÜŞÜB", True),
    ],
)
def test_the_pattern_language(pattern: str, text: str, found: bool):
    hits = list(Phrases([(pattern, "x")]).find(words_of(text, 0, len(text)).folded))
    assert bool(hits) is found


@pytest.mark.parametrize("pattern", ["", "... talks", "held ...", "w? met"])
def test_a_pattern_that_begins_or_ends_with_nothing_is_refused(pattern: str):
    with pytest.raises(DataError):
        Phrases([(pattern, "x")])


# --- Counts and cases ---------------------------------------------------------------------------------


def scene(text: str, lang: str) -> Scene:
    document, sentences, links, times = parse((text,), lang, DAY)
    words = words_of(document.text, 0, len(text))
    return base_scene(sentences[0], words, Lexicon.build(load_ontology(), lang), links, Clock(times))[0]


@pytest.mark.parametrize(
    ("lang", "text", "value", "comparator", "unit"),
    [
        ("en", "more than 30 people", 30, ">", "persons"),
        ("en", "at least twenty two soldiers", 22, ">=", "persons"),
        ("en", "1,200 residents", 1200, "=", "persons"),
        ("en", "2.5 million dollars", 2_500_000, "=", "money"),
        ("en", "20-30 people", 20, ">=", "persons"),
        ("en", "a 53-page report", 53, "=", "pages"),
        ("az", "30-dan çox insan", 30, ">", "persons"),
        ("az", "10-a yaxın şəxs", 10, "~", "persons"),
        ("bg", "повече от двадесет души", 20, ">", "persons"),
        ("el", "πάνω από 100 άτομα", 100, ">", "persons"),
        ("ro", "peste două mii de persoane", 2000, ">", "persons"),
        ("ru", "около 15 тыс. человек", 15_000, "~", "persons"),
        ("uk", "щонайменше п'ять осіб", 5, ">=", "persons"),
        ("tr", "200'den fazla kişi", 200, ">", "persons"),
        ("de", "rund 1.500 Menschen", 1500, "~", "persons"),
        ("fr", "plus de 1 200 personnes", 1200, ">", "persons"),
        ("es", "al menos cuatro meses", 4, ">=", "months"),
        ("pl", "ponad trzydzieści osób", 30, ">", "persons"),
        ("it", "circa 40 persone", 40, "~", "persons"),
        ("en", "nobody was hurt", 0, "=", "persons"),
    ],
)
def test_counts_keep_their_comparator(lang: str, text: str, value: float, comparator: str, unit: str):
    (number,) = numbers_in(scene(text, lang))
    assert (number.value, number.comparator, number.unit) == (value, comparator, unit)


def test_dates_and_names_are_no_counts():
    assert not numbers_in(scene("[flight 8243|EVT] left {2025-10-09|on October 9}", "en"))


@pytest.mark.parametrize(
    ("lang", "surface", "plain", "marker"),
    [
        ("az", "Əliyevlə", "Əliyev", "with"),
        ("az", "Tacikistana", "Tacikistan", "to"),
        ("az", "Düşənbədə", "Düşənbə", "in"),
        ("az", "Rusiya", "Rusiya", "nom"),
        ("az", "Rusiyanın", "Rusiya", "of"),
        ("ru", "Путиным", "Путин", "by"),
        ("ru", "Россией", "Россия", "by"),
        ("ru", "Путин", "Путин", "nom"),
        ("uk", "Зеленському", "Зеленський", "to"),
        ("pl", "Tuskiem", "Tusk", "by"),
        ("ro", "Azerbaidjanului", "Azerbaidjan", "of"),
    ],
)
def test_endings_tell_the_case(lang: str, surface: str, plain: str, marker: str):
    assert marker in markers_of_case(surface, [plain], load_ontology().cues[lang])


@pytest.mark.parametrize(
    ("lang", "surface", "plain", "markers"),
    [
        ("az", "Zelenskiyə", "Volodymyr Zelenskyy", {"to"}),
        ("az", "Makronla", "Emmanuel Macron", {"with"}),
        ("az", "Makron", "Emmanuel Macron", {"nom"}),
        ("az", "Əliyeva", "Leyla Aliyeva", {"nom"}),
        ("az", "Tusk", "Warsaw", set()),
        ("uk", "Січі", "Січ", set()),  # not "nom": an ending that is not listed
    ],
)
def test_endings_tell_the_case_beside_another_spelling(lang: str, surface: str, plain: str, markers: set[str]):
    assert markers_by_sound(surface, [plain], load_ontology().cues[lang]) == markers


def test_a_call_goes_to_the_dative_whatever_the_spelling():
    text = "[Emmanuel Makron|PER|Emmanuel Macron] [Volodimir Zelenskiyə|PER|Volodymyr Zelenskyy] zəng edib."
    reports, _ = extract(text, lang="az")
    assert told(reports[0]) == "phone_call addressee=Volodymyr_Zelenskyy agent=Emmanuel_Macron"


def test_a_language_without_cases_has_no_endings():
    assert markers_of_case("Londons", ["London"], load_ontology().cues["en"]) == frozenset()
