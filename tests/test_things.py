"""What news describes without naming: the data, and what becomes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from marked import DAY, extract, parse, told

from kg.errors import DataError
from kg.extract import Extractor
from kg.extract.phrases import Phrases
from kg.ontology import load_ontology
from kg.shipped import shipped

LANGUAGES = frozenset(["az", "bg", "de", "el", "en", "es", "fr", "it", "pl", "ro", "ru", "tr", "uk"])
THINGS = load_ontology().things


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_every_thing_has_words_in_every_language(thing):
    assert thing.words.keys() >= LANGUAGES
    assert not (thing.acts and thing.group)
    for words in thing.words.values():
        Phrases((word, None) for word in words)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_no_word_means_two_things(lang: str):
    seen: dict[str, str] = {}
    for thing in THINGS:
        for word in thing.words[lang]:
            assert seen.setdefault(word, thing.name) == thing.name, word


def test_a_thing_is_added_without_python(tmp_path: Path):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "things.toml").open("a", encoding="utf-8") as file:
        file.write('\n[satellite]\nkind = "PROD"\nen = "satellite|satellites"\n')
    document, sentences, links, times = parse(("A satellite crashed in [Peru|LOC].",), "en", DAY)
    found = Extractor(load_ontology(folder)).extract(document, sentences, links, times)
    assert [told(report) for report in found.reports] == ["crash patient=satellite place=Peru"]


@pytest.mark.parametrize(("row", "wrong"), [('kind = "X"', "no kind"), ('kind = "PER"\nen = 3', "no list of words")])
def test_a_wrong_row_says_what_is_wrong(tmp_path: Path, row: str, wrong: str):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "things.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[odd]\n{row}\n")
    with pytest.raises(DataError, match=wrong):
        load_ontology(folder)


def test_the_plane_stays_the_plane_and_workers_are_others():
    first, second = "A plane crashed in [Peru|LOC].", "Police found the plane; the plane was damaged."
    reports, _ = extract(first, second)
    planes = {one.entity.iri for report in reports for one in report.participants if one.role == "patient"}
    assert len(planes) == 1
    reports, _ = extract("Police arrested workers in [Lima|LOC].", "Police arrested workers in [Quito|LOC].")
    workers = {one.entity.iri for report in reports for one in report.participants if one.role == "patient"}
    assert len(workers) == 2


def test_descriptions_do_not_meet_across_articles():
    (one,), _ = extract("Police arrested [Carlos Vega|PER].")
    (other,), _ = extract("Police arrested [Carlos Vega|PER].", "It rained.")
    assert one.participants[0].entity.iri == other.participants[0].entity.iri  # marked documents share their id
    assert one.participants[0].described
    assert not one.participants[1].described


def test_what_is_described_is_a_link_only_where_it_takes_part():
    document, sentences, links, times = parse(("The plane was old. Police arrested [Carlos Vega|PER].",), "en", DAY)
    found = Extractor(load_ontology()).extract(document, sentences, links, times)
    assert [link.mention.surface for link in found.described] == ["Police"]
    assert found.described[0].mention.nominal


@pytest.mark.parametrize(
    ("lang", "sentence", "wanted"),
    [
        ("en", "[Kenyan|NORP|Kenya] forces attacked [Kismayo|LOC].", "attack agent=Kenya patient=Kismayo"),
        ("ru", "Войска [Кении|LOC|Кения] атаковали [Кисмайо|LOC].", "attack agent=Кения patient=Кисмайо"),
        ("az", "[Keniya|LOC] ordusu [Kismayoya|LOC|Kismayo] hücum edib.", "attack agent=Keniya patient=Kismayo"),
        ("ro", "Armata [Kenyei|LOC|Kenya] a atacat [Kismayo|LOC].", "attack agent=Kenya patient=Kismayo"),
        (
            "en",
            "A court in [Lima|LOC] acquitted [Ana Ruiz|PER].",
            "court_decision agent=court_in_Lima patient=Ana_Ruiz",
        ),
    ],
)
def test_bodies_act_for_their_country_and_courts_for_themselves(lang: str, sentence: str, wanted: str):
    reports, _ = extract(sentence, lang=lang)
    assert wanted in {told(report).replace(" place=Lima", "") for report in reports}
