"""The ontology files are data that people edit: these tests are their compiler, and say what to mend."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
import rdflib

from kg.errors import DataError
from kg.extract.phrases import Phrases
from kg.ontology import load_ontology, page
from kg.ontology import turtle as turtle_module
from kg.ontology.events import ROLE_NAMES
from kg.shipped import shipped

HOUSE = Path(__file__).parents[1]
SHARED = HOUSE.parent / "shared"
LANGUAGES = {"az", "bg", "de", "el", "en", "es", "fr", "it", "pl", "ro", "ru", "tr", "uk"}
GOLD_TYPES = {  # the short names of the gold annotations
    "statement", "attack", "casualty", "meeting", "apology", "crash", "detention", "damage", "summit", "phone_call",
    "accusation", "demand", "investigation_report", "congratulation", "agreement", "visit", "court_decision",
    "condolence", "birth", "release", "protest_note", "promise",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the ontology to break, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(shipped("ontology"), tmp_path / "ontology"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_gold_type_and_at_least_thirty_types_are_there():
    types = load_ontology().event_types
    names = {one.notation for one in types}
    assert names >= GOLD_TYPES
    assert len([one for one in types if one.triggers]) >= 30
    assert len(names) == len(types), "two types share a short name"


def test_every_type_with_words_has_words_in_every_language():
    verbal = {  # types that only some languages need a word of their own for; the rest say it by the broader type
        "kg:Arrest", "kg:Transfer", "kg:Recognition", "kg:Threat", "kg:Law", "kg:Layoff", "kg:Birth",
    }  # fmt: skip
    for one in load_ontology().event_types:
        missing = LANGUAGES - {trigger.lang for trigger in one.triggers if trigger.form != "not"}
        if one.triggers and one.iri not in verbal:
            assert not missing, (
                f"{one.iri} has no trigger word in {sorted(missing)}: add kg:verb or kg:noun in events.ttl"
            )


def test_every_trigger_and_cue_compiles():
    ontology = load_ontology()
    Phrases((trigger.pattern, trigger) for one in ontology.event_types for trigger in one.triggers)
    for cues in ontology.cues.values():
        for table in (cues.words, cues.before, cues.after, cues.counts, cues.units):
            Phrases((pattern, name) for name, patterns in table.items() for pattern in patterns)


def test_a_type_names_all_that_it_is():
    names = load_ontology().type_names()
    assert names["kg:DroneStrike"] == {"drone_strike", "attack", "conflict"}
    assert "detention" in names["kg:Arrest"]
    assert "casualty" in names["kg:Deaths"]


def test_roles_and_direct_predicates_fit():
    ontology = load_ontology()
    for one in ontology.event_types:
        roles = {role.name for role in one.roles}
        if one.direct:
            assert set(one.direct_roles) <= roles, f"{one.iri}: kg:directRoles names a role that its frame lacks"
        for role in one.roles:
            assert role.name == "source" or f"kg:{role.name}" in ontology.predicates


def test_symmetric_and_equivalent_properties():
    predicates = load_ontology().predicates
    assert predicates["kg:metWith"].symmetric
    assert not predicates["kg:called"].symmetric
    assert predicates["kg:positionHeld"].equivalents == ("wdt:P39",)
    assert load_ontology().predicate_for("head_of_state") == "kg:headOfStateOf"


def test_prefixes_are_those_of_the_design():
    prefixes = load_ontology().prefixes
    assert prefixes["kg"] == "https://newskg.example/ontology#"
    assert prefixes["wd"] == "http://www.wikidata.org/entity/"
    assert prefixes["sem"] == "http://semanticweb.cs.vu.nl/2009/11/sem/"


def test_domains_and_ranges_are_declared():
    ontology = load_ontology()
    known = {*ontology.classes, *(one.iri for one in ontology.event_types)}
    for one in ontology.predicates.values():
        for end in (one.domain, one.range):
            assert end is None or not end.startswith("kg:") or end in known, f"{one.iri}: {end} is no class of news.ttl"


def test_every_term_that_code_and_questions_use_is_declared():
    ontology = load_ontology()
    turtle = " ".join((shipped("ontology") / name).read_text(encoding="utf-8") for name in ("news.ttl", "events.ttl"))
    declared = {*ontology.classes, *ontology.predicates, *(one.iri for one in ontology.event_types)}
    declared |= set(re.findall(r"^(kg:\w+) a kg:Modality", turtle, re.MULTILINE))
    files = [*HOUSE.glob("kg/**/*.py"), *HOUSE.glob("queries/*.rq")]
    room = HOUSE / "kg" / "ontology"  # its terms describe types and frames to the loader, not the world to readers
    for path in files:
        if room not in path.parents:
            used = set(re.findall(r"(?<![\w/<])kg:[A-Za-z]\w*", path.read_text(encoding="utf-8")))
            used -= {
                "kg:unnamed",
                "kg:EventType",
                "kg:someThingNew",
            }  # examples in docstrings, and what only the loader reads
            assert used <= declared, f"{path.name}: declare {sorted(used - declared)} in ontology/news.ttl"


def test_no_declared_term_is_unused():
    """Used: named by code, a question, a page, a shape or another file of the ontology; a role; above what is used."""
    ontology = load_ontology()
    files = [path for kind in ("kg/**/*.py", "kg/**/*.html", "queries/**/*.rq") for path in HOUSE.glob(kind)]
    files += [path for path in shipped("ontology").rglob("*") if path.is_file() and path.name != "news.ttl"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    used = set(re.findall(r"(?<![\w/<])kg:[A-Za-z]\w*", text))
    used |= {f"kg:{role}" for role in ROLE_NAMES}
    terms = {**ontology.classes, **ontology.predicates}
    for one in ontology.predicates.values():
        used |= {end for end in (one.domain, one.range) if end}
        counted = one.iri.removeprefix("kg:")
        if "kg:count" in one.parents and re.search(rf"^{counted} = ", text, re.MULTILINE):  # a unit of extract.toml
            used.add(one.iri)
    for one in terms.values():
        used |= set(one.parents)
    assert {iri for iri in terms if iri.startswith("kg:")} - used == set(), (
        "use it, or take it out of ontology/news.ttl"
    )


def test_external_identifiers_become_iris():
    external = load_ontology().external
    assert external["geonames"].linked("2988507") == "https://sws.geonames.org/2988507/"
    assert external["geonames"].linked("29 OR 1") is None
    assert external["iata"].linked("VAR") is None
    assert (
        external["wikipedia"].linked("Qu'est-ce_que_%?", "fr") == "https://fr.wikipedia.org/wiki/Qu'est-ce_que_%25%3F"
    )
    assert external["wikipedia"].linked("Баку", "bg") == "https://bg.wikipedia.org/wiki/Баку"
    assert external["gnd"].linked("118540238")
    assert external["osm_relation"].link == "skos:closeMatch"
    assert all(one.reason for one in external.values() if one.link), "say why the link is of its kind: rdfs:comment"
    assert all(re.compile(one.value_pattern) for one in external.values() if one.value_pattern)


@pytest.mark.skipif(not SHARED.exists(), reason="the facts are not beside this checkout")
def test_items_in_the_ontology_are_items_of_the_data():
    with gzip.open(SHARED / "facts" / "classes.tsv.gz", "rt", encoding="utf-8") as file:
        known = {line.split("\t")[0] for line in file}
    for name in ("news.ttl", "events.ttl"):
        used = set(re.findall(r"\bwd:(Q\d+)", (shipped("ontology") / name).read_text(encoding="utf-8")))
        assert used <= known, f"{name}: {sorted(used - known)} come from no data: take them out"


def test_a_new_type_and_a_new_word_need_no_python(folder: Path):
    path = folder / "events.ttl"
    row = """
kg:Eruption a kg:EventType ; rdfs:subClassOf kg:Disaster ; skos:notation "eruption" ; rdfs:label "eruption"@en ;
    skos:definition "A volcano erupts."@en ; kg:frame kg:Happening ; kg:verb "erupted"@en ; kg:noun "gos*"@is .
"""
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    added = load_ontology(folder).event_type("eruption")
    assert added
    assert added.parents == ("kg:Disaster", "kg:Event")
    assert added.harms
    assert {(trigger.lang, trigger.pattern) for trigger in added.triggers} == {("en", "erupted"), ("is", "gos*")}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("events.ttl", 'skos:notation "meeting" ;', "", "kg:Meeting has no skos:notation"),
        ("events.ttl", 'Diplomacy ; skos:notation "meeting"', 'No ; skos:notation "meeting"', "one place in the tree"),
        ("events.ttl", "kg:TwoParty ; kg:direct kg:metWith", "kg:Nothing ; kg:direct kg:metWith", "kg:Nothing"),
        ("events.ttl", "kg:direct kg:metWith", "kg:direct kg:unheardOf", "kg:unheardOf"),
        ("events.ttl", 'kg:slots "subject with between object"', 'kg:slots "subject nearby"', "nearby"),
        ("events.ttl", '"met|meets', '"met||meets', "empty alternative"),
        ("events.ttl", "kg:Meeting a", "kg:Meeting a a", "events.ttl is no Turtle"),
        ("news.ttl", 'rdfs:label "met with"@en', 'rdfs:label "met with"', "kg:metWith has no English label"),
        ("external.ttl", "org/$1/", "org/", "without $1"),
        ("extract.toml", 'order = "SVO"', 'order = "random"', "[en] has no order"),
        ("extract.toml", 'with = "with|alongside"', 'beside = "with|alongside"', "'beside'"),
        ("extract.toml", "one=1", "one=first", "[en.numbers]"),
    ],
)  # fmt: skip
def test_a_slip_is_named(folder: Path, file: str, old: str, new: str, said: str):
    change(folder / file, old, new)
    with pytest.raises(DataError) as error:
        load_ontology(folder)
    assert said in error.value.what
    assert error.value.do


def test_a_missing_file_is_named(folder: Path):
    (folder / "news.ttl").unlink()
    with pytest.raises(DataError, match=r"news\.ttl can't be read"):
        load_ontology(folder)


def test_the_cache_gives_what_parsing_gives_and_a_change_is_seen(folder: Path, tmp_path: Path):
    first = load_ontology(folder)
    (cached,) = (tmp_path / "cache" / "newskg").glob("ontology-*.json")
    assert load_ontology(folder) == first
    cached.write_text("{", encoding="utf-8")  # cut short by a full disk
    assert load_ontology(folder) == first
    assert json.loads(cached.read_text(encoding="utf-8"))["prefixes"]
    change(folder / "events.ttl", 'rdfs:label "meeting"@en', 'rdfs:label "get-together"@en')
    meeting = load_ontology(folder).event_type("kg:Meeting")
    assert meeting
    assert dict(meeting.labels)["en"] == "get-together"


def test_an_unwritable_cache_costs_only_time(folder: Path, monkeypatch: pytest.MonkeyPatch):
    blocked = folder / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setattr(turtle_module, "_cache_folder", lambda: blocked / "under")
    assert load_ontology(folder).event_type("meeting")


def test_the_shapes_are_shacl_and_find_faults():
    pyshacl = pytest.importorskip("pyshacl")
    shapes = rdflib.Graph().parse(shipped("ontology/shapes.ttl"))
    data = rdflib.Graph().parse(
        data="@prefix kg: <https://newskg.example/ontology#> . <http://x/c> a kg:Claim ; kg:confidence 2.0 ."
    )
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes)
    assert not conforms
    assert "A claim has evidence." in text
    assert "between 0 and 1" in text


@pytest.mark.parametrize("start", ["sem:", "prov:", "schema:", "nif:", "wdt:", "http://www.w3.org/2006/time#"])
def test_the_vocabulary_is_aligned_with_those_that_others_use(start: str):
    ontology = load_ontology()
    said = [iri for one in ontology.classes.values() for iri in (*one.parents, *one.matches)]
    for term in ontology.predicates.values():
        said += [*term.equivalents, *term.inverses, *term.parents, *term.matches]
    assert any(iri.startswith(start) for iri in said)
    assert any(iri in "\n".join(page(ontology)) for iri in said if iri.startswith(start))


def test_the_page_tells_every_term():
    ontology = load_ontology()
    text = "\n".join(page(ontology))
    for iri in (*ontology.classes, *ontology.predicates, *(one.iri for one in ontology.event_types)):
        assert f"\n| {iri} | " in text
    assert all(f"\n| {one.label} | {one.notation} | " in text for one in ontology.external.values())
    widths = {line.replace("\\\\|", "").count("|") for line in text.splitlines() if line.startswith("|")}
    assert widths == {6, 7}
