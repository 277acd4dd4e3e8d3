"""Where a capital or palace stands for its state: other states, other quarrels than those of the examples."""

from __future__ import annotations

import pytest
from fake_base import ITEMS, FakeBase, Item
from marked import DAY, parse

from kg.extract import Extractor
from kg.link import Seats
from kg.model import Entity, Link, Mention, Span
from kg.ontology import load_ontology

# In each language: the marked sentence, and the places that stand for a state in it.
SENTENCES = [
    ("en", "[Lima|LOC] has yet to respond to the proposal.", {"Lima"}),
    ("en", "Relations between [Lima|LOC] and [Quito|LOC] have cooled.", {"Lima", "Quito"}),
    ("en", "Talks with [Quito|LOC] go on.", {"Quito"}),
    ("en", "[Lima|LOC]'s demands were rejected.", {"Lima"}),
    ("en", "[Lima|LOC] denied that it had closed the border.", {"Lima"}),
    ("en", "The authorities in [Lima|LOC] closed two airports.", {"Lima"}),
    ("en", "The [White House|FAC] declined to comment.", {"White House"}),
    ("en", "Two people were arrested in [Lima|LOC].", set()),
    ("en", "A [Lima|LOC] court sentenced the banker to six years.", set()),
    ("en", "[LIMA|LOC] {2026-03-12|12 March} Farmers blocked two roads, police said.", set()),
    ("en", "[Lima|LOC] radio said the mine was closed.", set()),
    ("en", "She flew to [Lima|LOC] and met her sister near the [White House|FAC].", set()),
    ("en", "Tourists were photographed in the [White House|FAC].", set()),
    ("bg", "Отношенията между [Прага|LOC] и [Варшава|LOC] се подобриха.", {"Прага", "Варшава"}),
    ("bg", "[Прага|LOC] отхвърля исканията на [Варшава|LOC].", {"Прага", "Варшава"}),
    ("bg", "Официална [Прага|LOC] не коментира.", {"Прага"}),
    ("bg", "В [Прага|LOC] започна филмов фестивал.", set()),
    ("bg", "Кметът на [Прага|LOC] откри моста.", set()),
    ("el", "Η [Λισαβόνα|LOC] απέρριψε την πρόταση.", {"Λισαβόνα"}),
    ("el", "Οι σχέσεις ανάμεσα στη [Λισαβόνα|LOC] και τη [Μαδρίτη|LOC] είναι καλές.", {"Λισαβόνα", "Μαδρίτη"}),
    ("el", "Στη [Λισαβόνα|LOC] άνοιξε ένα μουσείο.", set()),
    ("az", "Rəsmi [Ankara|LOC] bu təklifi qəbul etməyib.", {"Ankara"}),
    ("az", "[Ankara|LOC] ilə [Afina|LOC] arasında danışıqlar başlayıb.", {"Ankara", "Afina"}),
    ("az", "[Ankarada|LOC|Ankara] yeni teatr açılıb.", set()),
    ("tr", "[Paris|LOC] ile [Berlin|LOC] arasındaki ilişkiler gerildi.", {"Paris", "Berlin"}),
    ("tr", "[Paris'te|LOC|Paris] bir müze açıldı.", set()),
    ("ro", "[Varșovia|LOC] a respins cererea.", {"Varșovia"}),
    ("ro", "Guvernul de la [Varșovia|LOC] pregătește bugetul.", {"Varșovia"}),
    ("ro", "Relațiile dintre [Varșovia|LOC] și [Vilnius|LOC] sunt bune.", {"Varșovia", "Vilnius"}),
    ("ro", "Trenul de la [Varșovia|LOC] a întârziat.", set()),
    ("ru", "[Лима|LOC] отвергла предложение о перемирии.", {"Лима"}),
    ("ru", "По словам [Лимы|LOC|Лима], граница закрыта.", {"Лимы"}),
    ("ru", "В [Лиме|LOC|Лима] открылась выставка.", set()),
    ("uk", "Офіційний [Мадрид|LOC] підтримав угоду.", {"Мадрид"}),
    ("uk", "У [Мадриді|LOC|Мадрид] пройшов концерт.", set()),
    ("de", "[Wien|LOC] lehnt den Vorschlag ab.", {"Wien"}),
    ("de", "Die Beziehungen zwischen [Wien|LOC] und [Budapest|LOC] sind gut.", {"Wien", "Budapest"}),
    ("de", "In [Wien|LOC] wurde ein Kind geboren.", set()),
    ("fr", "[Rabat|LOC] a rejeté cette demande.", {"Rabat"}),
    ("fr", "Les relations entre [Rabat|LOC] et [Alger|LOC] se tendent.", {"Rabat", "Alger"}),
    ("fr", "Le marathon de [Rabat|LOC] a réuni dix mille coureurs.", set()),
    ("es", "[Bogotá|LOC] respondió con dureza.", {"Bogotá"}),
    ("es", "La respuesta de [Bogotá|LOC] llegó tarde.", {"Bogotá"}),
    ("es", "El aeropuerto de [Bogotá|LOC] cerró por la niebla.", set()),
    ("it", "[Tunisi|LOC] ha respinto la proposta.", {"Tunisi"}),
    ("it", "A [Tunisi|LOC] è nata una bambina.", set()),
    ("pl", "[Oslo|LOC] odrzuciło propozycję.", {"Oslo"}),
    ("pl", "Stosunki między [Oslo|LOC] a [Moskwą|LOC|Moskwa] są napięte.", {"Oslo", "Moskwą"}),
    ("pl", "W [Oslo|LOC] otwarto muzeum.", set()),
]


@pytest.mark.parametrize(("lang", "sentence", "stand"), SENTENCES)
def test_a_city_stands_for_its_state_where_it_acts_and_is_a_place_elsewhere(lang, sentence, stand):
    document, lines, links, times = parse((sentence,), lang, DAY)
    state = Entity("entity/state", None, "LOC")
    found = (
        Extractor(load_ontology(), lambda link: state if link in links else None)
        .extract(document, lines, links, times)
        .standing
    )
    assert {span.of(document.text) for span in found} == stand
    assert set(found.values()) <= {state}


def test_without_knowledge_nothing_stands_for_a_state():
    document, lines, links, times = parse(("Talks with [Quito|LOC] go on.",), "en", DAY)
    assert not Extractor(load_ontology()).extract(document, lines, links, times).standing


# --- which state ------------------------------------------------------------------------------------

PALACE = Item("Q9101", "FAC", 0.3, {"en": "White House"})
FORMER = Item("Q9102", "LOC", 0.5, {"en": "Old Strelsau"}, country="Q9001")
CAPITAL = Item("Q9103", "LOC", 0.5, {"en": "Hentzau"}, country="Q9001", classes=(load_ontology().seats.capital,))
VILLAGE = Item("Q9104", "LOC", 0.2, {"en": "Tarlenheim"}, country="Q9001")


def state(surface: str, kind: str, qid: str | None = None, lang: str = "en") -> str | None:
    base = FakeBase((*ITEMS, PALACE, FORMER, CAPITAL, VILLAGE), (("Q9001", "Q9102"), ("Q9001", "Q9103")))
    entity = Entity(f"wd:{qid}" if qid else "entity/x", qid, kind)
    link = Link(Mention(Span(0, len(surface)), surface, kind, lang), entity, 0.9)
    found = Seats(base).state(link)
    return found.qid if found else None


def test_the_capital_stands_for_its_state_and_no_other_town_does():
    assert state("Hentzau", "LOC", "Q9103") == "Q9001"
    assert state("Tarlenheim", "LOC", "Q9104") is None


def test_a_former_capital_is_none_where_the_base_knows_one_of_today():
    assert state("Old Strelsau", "LOC", "Q9102") is None


def test_a_palace_stands_for_its_state_known_or_not():
    assert state("White House", "FAC", "Q9101") == "Q9008"
    assert state("Белия дом", "FAC", lang="bg") == "Q9008"
    assert state("Λευκό Οίκο", "FAC", lang="el") == "Q9008"
    assert state("Blue Lagoon Hotel", "FAC") is None


def test_a_person_called_like_a_palace_stands_for_nobody():
    assert state("Elphberg", "PER", "Q9003") is None
