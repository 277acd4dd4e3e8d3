"""Relations of things: the words of relations.toml, offices, nationalities; and what domain and range refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from marked import DAY, extract, parse

from kg.errors import DataError
from kg.extract import Extractor
from kg.extract.phrases import Phrases
from kg.ontology import load_ontology
from kg.shipped import shipped

LANGUAGES = frozenset(["az", "bg", "de", "el", "en", "es", "fr", "it", "pl", "ro", "ru", "tr", "uk"])
RELATIONS = load_ontology().relations


def triples(*marked: str, lang: str = "en") -> set[tuple[str, str, str]]:
    _, claims = extract(*marked, lang=lang)
    names = ((one.subject, one.predicate, one.object) for one in claims if one.subject.startswith("entity/"))
    return {(s.removeprefix("entity/"), p, str(o).removeprefix("entity/")) for s, p, o in names}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_every_relation_has_words_in_every_language(relation):
    assert relation.words.keys() >= LANGUAGES
    for words in relation.words.values():
        Phrases((phrase, None) for _, phrase in words)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("az", "[Ruandanın|LOC|Ruanda] paytaxtı [Kiqali|LOC] sakitdir."),
        ("bg", "Столицата на [Руанда|LOC|Rwanda], [Кигали|LOC|Kigali], е спокойна."),
        ("de", "[Rwandas|LOC|Rwanda] Hauptstadt [Kigali|LOC] ist ruhig."),
        ("el", "Η πρωτεύουσα της [Ρουάντας|LOC|Rwanda], το [Κιγκάλι|LOC|Kigali], είναι ήσυχη."),
        ("en", "[Kigali|LOC], the capital of [Rwanda|LOC], is calm."),
        ("en", "[Rwanda|LOC]'s capital [Kigali|LOC] is calm."),
        ("en", "The [Rwandan|NORP|Rwanda] capital [Kigali|LOC] is calm."),
        ("es", "La capital de [Ruanda|LOC|Rwanda], [Kigali|LOC], está tranquila."),
        ("fr", "[Kigali|LOC], la capitale du [Rwanda|LOC], est calme."),
        ("it", "[Kigali|LOC], la capitale del [Ruanda|LOC|Rwanda], è calma."),
        ("pl", "[Kigali|LOC], stolica [Rwandy|LOC|Rwanda], jest spokojne."),
        ("ro", "Capitala [Rwandei|LOC|Rwanda], [Kigali|LOC], este liniștită."),
        ("ru", "Столица [Руанды|LOC|Руанда] [Кигали|LOC] спокойна."),
        ("tr", "[Ruanda|LOC|Rwanda]'nın başkenti [Kigali|LOC] sakin."),
        ("uk", "[Кігалі|LOC], столиця [Руанди|LOC|Руанда], спокійна."),
    ],
)
def test_a_capital_in_every_language(lang: str, sentence: str):
    ((town, predicate, country),) = triples(sentence, lang=lang) - {("Kiqali", "kg:locatedIn", "Ruanda")}
    assert predicate == "kg:capitalOf"
    assert (town[0], country[:1]) in {("K", "R"), ("К", "Р")}


@pytest.mark.parametrize(
    ("lang", "sentence", "triple"),
    [
        ("en", "[Luis Vega|PER]'s wife [Ana Ruiz|PER] spoke.", ("Ana Ruiz", "kg:spouse", "Luis Vega")),
        ("ru", "Жена [Веги|PER|Вега] [Ана Руис|PER] выступила.", ("Вега", "kg:spouse", "Ана Руис")),
        ("ro", "Soția lui [Vega|PER], [Ana Ruiz|PER], a vorbit.", ("Vega", "kg:spouse", "Ana Ruiz")),
        ("en", "[Luis Vega|PER]'s son [Juan|PER] spoke.", ("Luis Vega", "kg:child", "Juan")),
        ("en", "[Juan|PER]'s father [Luis Vega|PER] spoke.", ("Luis Vega", "kg:child", "Juan")),
        ("en", "[Sweden|LOC] joined [NATO|ORG].", ("Sweden", "kg:memberOf", "NATO")),
        ("de", "[Schweden|LOC] ist Mitglied der [NATO|ORG].", ("Schweden", "kg:memberOf", "NATO")),
        ("en", "[Kia|ORG] is based in [Seoul|LOC].", ("Kia", "kg:headquarters", "Seoul")),
        ("it", "[Kia|ORG] ha sede a [Seul|LOC].", ("Kia", "kg:headquarters", "Seul")),
        ("en", "[Opel|ORG], a subsidiary of [Fiat|ORG], fell.", ("Opel", "kg:parentOrganisation", "Fiat")),
        ("bg", "[Опел|ORG] е собственост на [Фиат|ORG].", ("Опел", "kg:parentOrganisation", "Фиат")),
        ("fr", "[Opel|ORG] appartient à [Fiat|ORG].", ("Opel", "kg:parentOrganisation", "Fiat")),
        (
            "en",
            "[Flight 12|EVT], operated by [Kenya Airways|ORG], is late.",
            ("Flight 12", "kg:operator", "Kenya Airways"),
        ),
        ("es", "El [C-27|PROD], fabricado por [Leonardo|ORG], cayó.", ("C-27", "kg:manufacturer", "Leonardo")),
        ("el", "Το [Κισούμου|LOC] βρίσκεται στην [Κένυα|LOC].", ("Κισούμου", "kg:locatedIn", "Κένυα")),
        ("en", "They met in [Dushanbe|LOC], [Tajikistan|LOC].", ("Dushanbe", "kg:locatedIn", "Tajikistan")),
        ("en", "[Zanzibar|LOC] is part of [Tanzania|LOC].", ("Zanzibar", "kg:partOf", "Tanzania")),
        ("en", "[Chilean|NORP|Chile] singer [Ana Ruiz|PER] sang.", ("Ana Ruiz", "kg:citizenOf", "Chile")),
        ("el", "Η [Χιλιανή|NORP|Χιλή] τραγουδίστρια [Άννα Ρουίς|PER] μίλησε.", ("Άννα Ρουίς", "kg:citizenOf", "Χιλή")),
        ("en", "[Kia|ORG] President [Ho Song|PER] spoke.", ("Ho Song", "kg:headOf", "Kia")),
    ],
)
def test_what_is_said_in_passing(lang: str, sentence: str, triple: tuple[str, str, str]):
    assert triple in triples(sentence, lang=lang)


@pytest.mark.parametrize(
    "sentence",
    [
        "[Kigali|LOC] is large. The capital of [Rwanda|LOC] is calm.",
        "[Ana Ruiz|PER] left the capital of [Rwanda|LOC].",
        "[Luis Vega|PER] said his wife met [Ana Ruiz|PER].",
        "[Chilean|NORP|Chile] Foreign Minister [Ana Ruiz|PER] spoke.",
    ],
)
def test_what_is_not_said(sentence: str):
    wrong = {"kg:capitalOf", "kg:spouse", "kg:citizenOf"}
    assert not wrong & {predicate for _, predicate, _ in triples(sentence)}


def test_domain_and_range_refuse_and_count():
    document, sentences, links, times = parse(("[Kigali|LOC], the capital of [Opel|ORG], is calm.",), "en", DAY)
    found = Extractor(load_ontology()).extract(document, sentences, links, times)
    assert found.claims == ()
    assert found.refused == {"kg:capitalOf": 1}


def test_the_claim_names_its_rule_and_sentence():
    _, claims = extract("[Sweden|LOC] joined [NATO|ORG].")
    (evidence,) = claims[0].evidence
    assert (evidence.method, evidence.quote) == ("relation:member", "Sweden joined NATO.")


def test_a_relation_is_added_without_python(tmp_path: Path):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "relations.toml").open("a", encoding="utf-8") as file:
        file.write('\n[ally]\npredicate = "kg:partOf"\n[ally.verb]\nen = "forms a union with"\n')
    document, sentences, links, times = parse(("[Chad|LOC] forms a union with [Mali|LOC].",), "en", DAY)
    claims = Extractor(load_ontology(folder)).extract(document, sentences, links, times).claims
    assert [(one.subject, one.predicate) for one in claims] == [("entity/Chad", "kg:partOf")]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [('predicate = "kg:none"', "no predicate"), ('predicate = "kg:partOf"\nadverb = 1', "unknown")],
)
def test_a_wrong_row_says_what_is_wrong(tmp_path: Path, row: str, wrong: str):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "relations.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[odd]\n{row}\n")
    with pytest.raises(DataError, match=wrong):
        load_ontology(folder)
