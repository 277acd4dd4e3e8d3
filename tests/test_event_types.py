"""The event types as data: no holes, and a type or a language added with no Python."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from marked import DAY, parse, told

from kg.extract import Extractor
from kg.ontology import load_ontology
from kg.shipped import shipped

LANGUAGES = frozenset(["az", "bg", "de", "el", "en", "es", "fr", "it", "pl", "ro", "ru", "tr", "uk"])
TYPES = load_ontology().event_types
LEAVES = [one for one in TYPES if one.triggers]
BRANCHES = {"Diplomacy", "Speech", "Conflict", "Disaster", "Justice", "Politics", "Economy", "Life"}
# CAMEO codes what states and bodies do to each other; it has no code for what befalls people or happens inside a state.
WITHOUT_CAMEO = {"Disaster", "Life", "Politics", "Economy"}


def branch(one) -> str:
    return next(up.removeprefix("kg:") for up in (one.iri, *one.parents) if up.removeprefix("kg:") in BRANCHES)


@pytest.mark.parametrize("one", LEAVES, ids=lambda one: one.notation)
def test_a_type_is_whole(one):
    told_by = {trigger.lang for trigger in one.triggers if trigger.form != "not"}
    assert told_by >= LANGUAGES, f"{one.iri} has no words in {sorted(LANGUAGES - told_by)}"
    assert one.roles
    assert all(role.kinds and role.slots and role.noun_slots for role in one.roles)
    assert one.needs_quantity or any(role.core for role in one.roles)
    assert dict(one.labels)["en"]
    assert one.definition
    assert one.parents[-1] == "kg:Event"


@pytest.mark.parametrize("one", LEAVES, ids=lambda one: one.notation)
def test_a_type_is_aligned(one):
    assert all(re.fullmatch(r"wd:Q\d+|schema:\w+", match) for match in one.matches)
    if branch(one) not in WITHOUT_CAMEO:
        assert re.fullmatch(r"\d{3}", one.cameo or ""), f"{one.iri} has no kg:cameo"


def test_the_tree_hangs_from_an_event_that_others_know():
    ttl = shipped("ontology/events.ttl").read_text(encoding="utf-8")
    assert "kg:Event a owl:Class ; rdfs:subClassOf sem:Event" in ttl
    assert {branch(one) for one in LEAVES} == BRANCHES
    assert len(LEAVES) >= 30


def test_wikidata_classes_come_from_data():
    known = Path(__file__).parents[2] / "shared" / "facts" / "classes.tsv.gz"
    if not known.exists():
        pytest.skip("needs the table of classes")
    import gzip  # noqa: PLC0415 - for this test alone

    with gzip.open(known, "rt", encoding="utf-8") as file:
        classes = {line.split("\t", 1)[0] for line in file}
    named = {match.removeprefix("wd:") for one in TYPES for match in one.matches if match.startswith("wd:")}
    assert named <= classes


def test_a_type_and_a_language_are_added_without_python(tmp_path: Path):
    folder = Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))
    with (folder / "events.ttl").open("a", encoding="utf-8") as file:
        file.write(
            '\nkg:Eclipse a kg:EventType ; rdfs:subClassOf kg:Disaster ; skos:notation "eclipse" ;\n'
            '    rdfs:label "eclipse"@en ; skos:definition "The sun goes dark."@en ; kg:frame kg:Happening ;\n'
            '    kg:noun "eclipse"@en ; kg:noun "sólmyrkvi"@is .\n'
        )
    with (folder / "extract.toml").open("a", encoding="utf-8") as file:
        file.write('\n[is]\norder = "SVO"\n[is.before]\nin = "í|á"\n')
    extractor = Extractor(load_ontology(folder))
    for lang, line in (("en", "An eclipse darkened [Oslo|LOC]."), ("is", "Sólmyrkvi varð á [Íslandi|LOC].")):
        document, sentences, links, times = parse((line,), lang, DAY)
        (report,) = extractor.extract(document, sentences, links, times).reports
        assert report.type == "kg:Eclipse"
        assert report.place is not None


def test_the_readers_of_told_know_every_type():
    document, sentences, links, times = parse(("[Chile|LOC] and [Peru|LOC] signed a ceasefire.",), "en", DAY)
    assert all(told(report) for report in Extractor(load_ontology()).extract(document, sentences, links, times).reports)
