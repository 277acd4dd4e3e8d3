"""The starter base that ships."""

import random
import subprocess
import sys
import time
from datetime import date

import pytest

from kg import names
from kg.knowledge import STARTER, KnowledgeBase, load_profile, spelling
from kg.ontology import languages

REBUILD = "the starter base no longer fits: kg kb build ../shared/facts -o kg/knowledge/starter.kb"


@pytest.fixture(scope="module")
def base():
    return KnowledgeBase.open()


def first(base, text, lang=None):
    return [hit.label for hit in base.search(text, lang)][:1]


def country(base, iso):
    row = base.by_external("iso3166_1", iso)
    assert row is not None
    return row


# --- it ships and it fits -------------------------------------------------------------------------------------------


def test_it_is_small_and_opens_at_once():
    assert STARTER.stat().st_size < 40_000_000
    start = time.perf_counter()
    KnowledgeBase.open()
    assert time.perf_counter() - start < 0.3


def test_it_opens_in_little_memory():
    code = (
        "import resource; from kg.knowledge import KnowledgeBase;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; base = KnowledgeBase.open();"
        "base.exact('berlin'); print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    grown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=STARTER.parents[2]
    )
    assert int(grown.stdout) < 15  # MB


def test_it_was_built_with_the_spelling_rules_of_today(base):
    assert base.info()["spelling"] == spelling(), REBUILD


def test_names_are_found_by_the_keys_of_today(base):
    missed, cut = [], load_profile().names.cut
    for row in random.Random(7).sample(range(len(base)), 1500):
        for lang, label in base.record(row).labels.items():
            code = None if lang == "mul" else lang
            key = names.key(cut.sub("", label), code)
            if len(key) > 3 and row not in base.exact(key, words=True):
                missed.append((label, lang))
    assert not missed, REBUILD


def test_its_sources_and_licences_are_inside(base):
    info = base.info()
    assert info["entities"] == len(base) > 300_000
    assert set(languages()) <= set(info["languages"])
    used = {key.partition(":")[0] for key in info["source_keys"]}
    assert {row["key"] for row in info["sources"]} == used
    assert all(row["what"] and row["licence"] and row["entities"] > 0 for row in info["sources"])
    assert any("CC BY-SA" in row["licence"] for row in info["sources"])


# --- free search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Əliyevlə", "Ilham Aliyev"),
        ("Πούτιν", "Vladimir Putin"),
        ("Russian president", "Vladimir Putin"),
        ("president of Azerbaijan", "Ilham Aliyev"),
        ("Azərbaycan prezidenti", "Ilham Aliyev"),
        ("Зеленського", "Volodymyr Zelenskyy"),
        ("Ζελένσκι", "Volodymyr Zelenskyy"),
        ("Эмманюэлю Макрону", "Emmanuel Macron"),
        ("Bundeskanzlerin Merkel", "Angela Merkel"),
        ("ministrul rus de externe", "Sergey Lavrov"),
        ("италианският президент", "Sergio Mattarella"),
        ("генсек ООН", "António Guterres"),
        ("Vladmir Puttin", "Vladimir Putin"),
        ("Barak Obbama", "Barack Obama"),
        ("SUA", "United States"),
        ("Βερολίνο", "Berlin"),
        ("Londrada", "London"),
        ("Лионеля Месси", "Lionel Messi"),
        ("Рио де Жанейро", "Rio de Janeiro"),
    ],
)
def test_search(base, text, label):
    assert first(base, text) == [label]


def test_hits_are_sorted_and_say_why(base):
    hits = base.search("Obama", limit=5)
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.why and 0 < hit.score <= 1 for hit in hits)
    assert base.search(hits[0].qid)[0].why == "its QID"
    assert base.search("Αθήνα", "el")[0].label == "Αθήνα"


@pytest.mark.parametrize("text", ["", "   ", "!?", "ьъ", "x" * 500, "🙂", "\ud800", "the", "president", "of of of"])
def test_search_never_fails(base, text):
    assert len(base.search(text)) <= 10


# --- look-ups -------------------------------------------------------------------------------------------------------


def test_rows_and_identifiers(base):
    athens = base.exact(names.key("Αθήνα", "el"))[0]
    assert base.label(athens, "el") == "Αθήνα"
    assert base.row(base.qid(athens)) == athens
    assert base.kind(athens) == "LOC"
    assert base.label(country(base, "GR"), "el") == "Ελλάδα"
    assert country(base, "GR") in base.countries(athens)
    assert base.kind(base.by_external("iata", "SOF") or 0) == "FAC"
    assert base.by_external("iata", "sof") is None
    assert base.row("Q0") is None


def test_prominence_comes_first(base):
    paris = base.exact("paris")
    assert base.label(paris[0]) == "Paris"
    assert base.prior(paris[0]) > 0.8
    assert len(paris) > 3
    assert [base.prior(row) for row in paris] == sorted((base.prior(row) for row in paris), reverse=True)


def test_codes_are_kept_apart_from_words(base):
    america = country(base, "US")
    assert base.exact(names.key("ABŞ", "az"), "az")[0] == america
    assert america not in base.exact(names.key("ABS", "en"), "en")
    assert america not in base.exact("us")
    assert america in base.exact("us", "de")
    assert base.exact(names.key("НАТО", "bg")) == base.exact("nato")


def test_brands_are_flagged(base):
    flagged = [row for row in base.exact("flop", words=True) if "brand" in base.flags(row)]
    assert flagged
    assert "brand" not in base.flags(country(base, "FR"))


@pytest.mark.parametrize(
    ("text", "lang", "label"),
    [
        ("Зеленски", "bg", "Volodymyr Zelenskyy"),
        ("Ζελένσκι", "el", "Volodymyr Zelenskyy"),
        ("Эрдоган", "ru", "Recep Tayyip Erdoğan"),
        ("Vučić", "sr", "Aleksandar Vučić"),
        ("Вучић", "sr", "Aleksandar Vučić"),
        ("Van der Bellen", "de", "Alexander Van der Bellen"),
        ("Xi", "en", "Xi Jinping"),
    ],
)
def test_surnames_across_scripts(base, text, lang, label):
    people = base.surname(text, 8) or base.surname(names.key(text, lang), 8)
    assert label in [base.label(row) for row in people][:3]


def test_prefixes_are_of_whole_words(base):
    assert base.has_prefix("vladimir")
    assert base.has_prefix("rio de")
    assert not base.has_prefix("vladimi")
    assert "rio de janeiro" in set(base.starting("rio de jan"))


def test_related_joins_people_with_offices_and_countries(base):
    macron = base.exact("emmanuel macron")[0]
    france = country(base, "FR")
    related = base.related(macron)
    assert related[france] == "P27"
    assert {base.label(row) for row, name in related.items() if name == "P39"} >= {"President of the French Republic"}
    assert related is base.related(macron)


# --- offices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "role", "on", "label"),
    [
        ("US", "president", date(2010, 5, 1), "Barack Obama"),
        ("US", "president", date(2018, 5, 1), "Donald Trump"),
        ("US", "head_of_government", date(2018, 5, 1), "Donald Trump"),
        ("RU", "head_of_state", date(2010, 5, 1), "Dmitry Medvedev"),
        ("RU", "head_of_government", date(2010, 5, 1), "Vladimir Putin"),
        ("GB", "head_of_government", date(2009, 5, 1), "Gordon Brown"),
        ("GB", "head_of_state", date(2019, 5, 1), "Elizabeth II"),
        ("TR", "head_of_government", date(2022, 5, 1), "Recep Tayyip Erdoğan"),
        ("GR", "foreign_minister", date(2020, 5, 1), "Nikos Dendias"),
        ("DK", "head_of_state", date(2021, 5, 1), "Margrethe II of Denmark"),
        ("FR", "leader", date(2021, 5, 1), "Emmanuel Macron"),
        ("IN", "leader", date(2021, 5, 1), "Narendra Modi"),
    ],
)
def test_who_held_which_office_on_a_day(base, iso, role, on, label):
    assert [base.label(term.person) for term in base.incumbents(country(base, iso), role, on)][:1] == [label]


def test_holders_by_day(base):
    (president,) = base.offices(country(base, "US"), "president")
    assert [base.label(row) for row in base.holders(president, date(2010, 5, 1))] == ["Barack Obama"]
    assert [base.label(row) for row in base.holders(president)][1:3] == ["Donald Trump", "Barack Obama"]
    assert all(term.certainty == 1 for term in base.terms(president, date(2010, 5, 1)))
    assert 0.3 < base.terms(president, date(2025, 10, 1))[0].certainty < 0.7


def test_most_countries_have_a_head(base):
    isos = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    rows = [row for iso in isos if (row := base.by_external("iso3166_1", iso)) is not None]
    for role, least in (("head_of_state", 175), ("head_of_government", 175), ("foreign_minister", 38)):
        known = sum(bool(base.incumbents(row, role, date(2021, 6, 1))) for row in rows)
        assert known >= least, role


# --- names in running text ------------------------------------------------------------------------------------------


def walk(base, text, lang):
    """The longest names that begin with a capital letter, as a recogniser with nothing but the base would find them."""
    words, found, at = text.rstrip(".").split(), [], 0
    while at < len(words):
        for end in range(min(len(words), at + 5), at, -1):
            forms = names.bases(" ".join(words[at:end]), languages()[lang]) if words[at][0].isupper() else ()
            row = next((rows[0] for form in forms if (rows := base.exact(names.key(form, lang)))), None)
            if row is not None and base.prior(row) > 0.2:
                found.append(base.label(row))
                break
        at = end if words[at][0].isupper() else at + 1
    return found


@pytest.mark.parametrize(
    ("lang", "text", "labels"),
    [
        ("en", "yesterday Lionel Messi flew from Rio de Janeiro to Paris", ["Lionel Messi", "Rio de Janeiro", "Paris"]),
        ("ro", "săptămâna aceasta Universitatea din Viena și Torino au semnat un acord", ["Vienna", "Turin"]),
        ("el", "το φεστιβάλ στη Θεσσαλονίκη τίμησε τον Μάρτιν Σκορσέζε", ["Thessaloniki", "Martin Scorsese"]),
        ("bg", "наводнения удариха Пловдив и Истанбул", ["Plovdiv", "Istanbul"]),
        ("az", "dünən Londonda Britaniya nazirləri görüşdü", ["London", "United Kingdom"]),
        ("ru", "матч в Мадриде посмотрели жители Барселоны", ["Madrid", "Barcelona"]),
        ("pl", "trzęsienie ziemi w Japonii odczuto w Tokio", ["Japan", "Tokyo"]),
        ("de", "der Film von Steven Spielberg lief in Berlin", ["Steven Spielberg", "Berlin"]),
    ],
)
def test_names_in_sentences_about_other_things(base, lang, text, labels):
    assert [label for label in walk(base, text, lang) if label in labels] == labels
