from __future__ import annotations

import itertools

import pytest
from fake_base import FakeBase

from kg.model import Document, Mention, Sentence, Span
from kg.recognise import RuleRecogniser


def read(text: str, lang: str = "en", zone: str = "body") -> dict[str, Mention]:
    document = Document("d", None, None, lang, None, text)
    sentence = Sentence(Span(0, len(text)), lang, zone)
    found = RuleRecogniser(FakeBase()).mentions(document, [sentence])
    assert all(m.span.of(text) == m.surface for m in found)
    return {m.surface: m for m in found}


def test_dictionary_names_in_any_case():
    assert read("Самолетът кацна в Стрелсау, съобщи Руритания.", "bg").keys() >= {"Стрелсау", "Руритания"}
    assert read("Nazirlər Strelsauda görüşdülər.", "az")["Strelsauda"].kind == "LOC"


def test_an_obscure_single_word_is_no_name():
    assert "Orange" not in read("Orange juice was served.")


def test_unknown_runs_of_capitals_are_names():
    found = read("The engineer Anna Lindqvist joined Varberg Shipping Company in June.")
    assert found["Anna Lindqvist"].kind == "PER"
    assert found["Varberg Shipping Company"].kind == "ORG"
    assert "June" not in found
    assert "The" not in found


def test_a_country_before_an_organisations_word_is_part_of_its_name():
    assert read("Passengers of Turkish Airlines and Ruritania Airways waited.").keys() >= {
        "Turkish Airlines",
        "Ruritania Airways",
    }
    assert read("He told the Commission so.") == {}


def test_the_word_for_a_kind_is_not_the_town_of_that_name():
    assert "Strelsau" in read("They sailed past Strelsau.")
    assert read("They sailed past Cape Lindqvist.")["Cape Lindqvist"].kind == "LOC"


def test_elided_words_are_no_part_of_a_name():
    assert "Autriche" in read("Le ministre a quitté l'Autriche hier.", "fr")
    assert read("The chef D'Angelo Lindqvist cooked.").keys() == {"D'Angelo Lindqvist"}


def test_a_title_case_headline_proves_no_name():
    assert read("New Ferry Sinks After Storm Hits Harbour", zone="headline") == {}


@pytest.mark.parametrize(
    ("lang", "text", "surface", "hint"),
    [
        ("en", "Rescuers found flight 417 near the coast.", "flight 417", "flight=417"),
        ("ru", "Рейс 417 вылетел вечером.", "Рейс 417", "flight=417"),
        ("el", "Η πτήση 417 προσγειώθηκε.", "πτήση 417", "flight=417"),
        ("tr", "Dün 417 sayılı uçuş ertelendi.", "417 sayılı uçuş", "flight=417"),
    ],
)
def test_flights_meet_across_languages(lang, text, surface, hint):
    mention = read(text, lang)[surface]
    assert (mention.kind, mention.hint) == ("EVT", hint)


def test_years_are_no_flights():
    assert not any(m.hint for m in read("The flight left in 2019 with 140 people.").values())


@pytest.mark.parametrize("surface", ["Boeing 737-800", "Ту-154", "Airbus A320neo"])
def test_aircraft_types(surface):
    assert read(f"A {surface} landed safely.")[surface].kind == "PROD"


def test_institutions_keep_their_country_and_their_adjective():
    found = read("Ministerul francez al Apărării a confirmat.", "ro")
    assert found["Ministerul francez al Apărării"].hint == "institution=defence_ministry"
    assert found["francez"].hint == "iso3166_1=FR"


def test_lower_case_institution_words_alone_are_left_out():
    assert not read("Работниците от посолството протестираха.", "bg")


@pytest.mark.parametrize(
    ("lang", "text", "surface"),
    [
        ("en", "The French president flew home.", "French president"),
        ("bg", "Френският президент отпътува.", "Френският президент"),
        ("de", "Der französische Präsident reiste ab.", "französische Präsident"),
    ],
)
def test_offices_describe_people(lang, text, surface):
    mention = read(text, lang)[surface]
    assert mention.nominal
    assert mention.kind == "PER"
    assert (mention.hint or "").startswith("office=president")


def test_an_office_beside_its_name_is_no_mention_of_its_own():
    assert not any(m.nominal for m in read("French President Rudolf Elphberg flew home.").values())


def test_named_mentions_never_overlap():
    text = "Rudolf Elphberg of Zenda Airlines met Boeing 737-800 crews in Strelsau, Ruritania."
    named = sorted(m.span for m in read(text).values() if not m.nominal and m.kind != "NORP")
    assert all(a.end <= b.start for a, b in itertools.pairwise(named))
