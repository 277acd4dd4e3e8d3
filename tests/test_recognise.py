from __future__ import annotations

import itertools

import pytest
from fake_base import FakeBase, Item

from kg.model import Document, Mention, Sentence, Span
from kg.recognise import RuleRecogniser
from kg.recognise.trained import Found


class Says:
    """A model that finds these names and no others."""

    version = "says-1"

    def __init__(self, **kinds: str) -> None:
        self._kinds = {surface.replace("_", " "): kind for surface, kind in kinds.items()}

    def names(self, texts):
        for text, _ in texts:
            found = [(text.find(name), name, kind) for name, kind in self._kinds.items()]
            yield tuple(Found(at, at + len(name), kind, 0.9) for at, name, kind in sorted(found) if at >= 0)


def read(text: str, lang: str = "en", zone: str = "body", base=None, model=None) -> dict[str, Mention]:
    document = Document("d", None, None, lang, None, text)
    sentence = Sentence(Span(0, len(text)), lang, zone)
    found = RuleRecogniser(base or FakeBase(), model).mentions(document, [sentence])
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


def test_an_elided_article_alone_is_no_name():
    letter = FakeBase((Item("Q9020", "PER", 0.9, {"en": "L'", "it": "L"}),))
    assert read("L'inverno è lungo.", "it", base=letter, model=Says()) == {}


def test_a_name_known_with_its_article_is_read_without():
    both = FakeBase((Item("Q9021", "ORG", 0.4, {"fr": "Diète de Strelsau", "en": "La Diète de Strelsau"}),))
    assert read("La Diète de Strelsau siège.", "fr", base=both).keys() == {"Diète de Strelsau"}
    only = FakeBase((Item("Q9022", "LOC", 0.4, {"es": "La Zenda"}), Item("Q9023", "LOC", 0.3, {"es": "Zenda"})))
    assert read("La Zenda duerme.", "es", base=only).keys() == {"La Zenda"}


@pytest.mark.parametrize(
    ("lang", "text", "body"),
    [
        ("de", "Das Landgericht Strelsau vertagte den Streit um Fischereirechte.", "Landgericht Strelsau"),
        ("fr", "La cour d'appel de Strelsau examine le bail.", "cour d'appel de Strelsau"),
        ("cs", "Krajský soud v Strelsau odročil spor o les.", "Krajský soud v Strelsau"),
        ("sl", "Okrožno sodišče v Strelsau je zavrnilo tožbo.", "Okrožno sodišče v Strelsau"),
        ("nl", "De rechtbank Strelsau doet morgen uitspraak.", "rechtbank Strelsau"),
        ("sr", "Viši sud u Strelsau odbacio je žalbu.", "Viši sud u Strelsau"),
    ],
)
def test_courts_are_named_by_their_place(lang, text, body):
    found = read(text, lang)
    assert (found[body].kind, found[body].hint) == ("ORG", None)  # no hint: the country has many such
    assert "Strelsau" not in found


def test_a_court_far_from_a_place_is_no_name():
    found = read("Das Landgericht tagte, während es in ganz Strelsau regnete.", "de")
    assert found["Strelsau"].kind == "LOC"
    assert not any("Landgericht" in surface for surface in found)


@pytest.mark.parametrize(
    ("lang", "text", "given", "name"),
    [
        ("de", "Dann sprach Dr. Uta Lang frei.", "Dr. Uta Lang", "Uta Lang"),
        ("it", "Il ministro degli Esteri Ugo Lenti tace.", "Esteri Ugo Lenti", "Ugo Lenti"),
        ("ro", "Soprana Ana Lupescu a cântat la Strelsau.", "Soprana Ana Lupescu", "Ana Lupescu"),
        ("el", "Έτσι έγραψε ο Κ. Π. Λάμπρου.", "Κ. Π. Λάμπρου", "Κ. Π. Λάμπρου"),
    ],
)
def test_a_persons_name_is_read_without_title_and_office(lang, text, given, name):
    found = read(text, lang, model=Says(**{given: "PER"}))
    assert [m.surface for m in found.values() if m.kind == "PER" and not m.nominal] == [name]


def test_a_country_of_several_words_is_no_body():
    base = FakeBase((Item("Q9024", "LOC", 0.6, {"en": "United Zenda Isles"}),))
    found = read("The United Zenda Isles signed.", base=base, model=Says(United_Zenda_Isles="ORG"))
    assert found["United Zenda Isles"].kind == "LOC"


def test_a_country_that_acts_is_a_country_and_a_city_may_be_its_club():
    found = read("Η πρόεδρος της Ρουριτανία μίλησε.", "el", model=Says(Ρουριτανία="ORG"))
    assert found["Ρουριτανία"].kind == "LOC"
    assert read("Strelsau won.", model=Says(Strelsau="ORG"))["Strelsau"].kind == "ORG"


def test_a_day_is_no_place():
    said = read("Der Minister trat am Montag in Strelsau zurück.", "de", model=Says(Montag="LOC", Strelsau="LOC"))
    assert said.keys() == {"Strelsau"}


def test_a_full_name_is_cut_by_no_pattern_and_ends_before_a_linking_word():
    said = read("Minister Alparslan Bayraktar spoke.", model=Says(Alparslan_Bayraktar="PER"))
    assert {name: m.kind for name, m in said.items()} == {"Alparslan Bayraktar": "PER"}
    said = read("Femke Vos van Strelsau sprak.", "nl", model=Says(Femke_Vos_van_Strelsau="PER"))
    assert {name: m.kind for name, m in said.items()} == {"Femke Vos": "PER", "Strelsau": "LOC"}


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("bg", "Компанията „Ада Лайнс“ мълчи.", "ORG"),
        ("az", '"Ada Layns" şirkəti susur.', "ORG"),
        ("bg", "Мачът е на стадион „Ада Лайнс“.", "FAC"),
        ("bg", "Според „Ада Лайнс“ това е грешка.", "PER"),
        ("bg", "Компанията на Ада Лайнс мълчи.", "PER"),
    ],
)
def test_a_word_beside_quotation_marks_tells_the_kind_of_the_name_in_them(lang, text, kind):
    name = "Ada Layns" if "Ada" in text else "Ада Лайнс"
    assert read(text, lang, model=Says(**{name.replace(" ", "_"): "PER"}))[name].kind == kind


def test_a_title_alone_is_nobodys_name():
    assert read("Pompierii au stins focul.", "ro", model=Says(Pompierii="PER")) == {}


def test_a_known_body_of_several_words_is_no_place():
    found = read("Zenda Airlines waited.", model=Says(Zenda_Airlines="LOC"))
    assert found["Zenda Airlines"].kind == "ORG"


def test_what_a_place_is_stays_outside_its_name():
    found = read("Barcos subiram o rio Lindo.", "pt", model=Says(rio_Lindo="LOC"))
    assert found.keys() == {"Lindo"}


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
