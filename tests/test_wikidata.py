"""Wikidata's JSON as facts: items, class trees, and dumps with everything that dumps have."""

import bz2
import gzip
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest

from kg import names
from kg.errors import DataError, KnowledgeError
from kg.knowledge import KnowledgeBase, load_profile
from kg.knowledge.wikidata import build_from_dump, load_rules
from kg.knowledge.wikidata import dump as dump_module
from kg.knowledge.wikidata.items import Reader, day
from kg.knowledge.wikidata.kinds import Kinds, Tree

LANGUAGES = frozenset({"en", "sr", "az", "el", "mul"})


def qid_snak(prop: str, number: int | None) -> dict[str, Any]:
    if number is None:
        return {"snaktype": "somevalue", "property": prop}
    value = {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}
    return {"snaktype": "value", "property": prop, "datavalue": {"value": value, "type": "wikibase-entityid"}}


def time_snak(prop: str, time: str, precision: int = 11) -> dict[str, Any]:
    value = {"time": time, "precision": precision}
    return {"snaktype": "value", "property": prop, "datavalue": {"value": value, "type": "time"}}


def value_snak(prop: str, value: Any) -> dict[str, Any]:
    return {"snaktype": "value", "property": prop, "datavalue": {"value": value}}


def said(main: dict[str, Any], rank: str = "normal", **qualifiers: dict[str, Any]) -> dict[str, Any]:
    held = {"qualifiers": {prop: [snak] for prop, snak in qualifiers.items()}} if qualifiers else {}
    return {"mainsnak": main, "type": "statement", "rank": rank, **held}


def item(number: int, of: int | None = 5, wikis: int = 5, **fields: Any) -> dict[str, Any]:
    claims = {"P31": [said(qid_snak("P31", of))]} if of else {}
    claims |= fields.pop("claims", {})
    sites = [f"{code}wiki" for code in ("en", "el", "sr", "de", "fr", "it", "es")][:wikis]
    made = {
        "type": "item",
        "id": f"Q{number}",
        "labels": {"en": {"language": "en", "value": f"Name {number}"}},
        "aliases": {},
        "claims": claims,
        "sitelinks": {site: {"site": site, "title": f"Name {number}", "badges": []} for site in sites},
        "modified": "2024-05-02T10:00:00Z",
    }
    return made | fields


def written(path: Path, items: Iterable[Any]) -> Path:
    lines = [one if isinstance(one, bytes) else orjson.dumps(one) for one in items]
    text = b"[\n" + b",\n".join(lines) + b"\n]\n"
    with {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)(path, "wb") as file:
        file.write(text)
    return path


def built(tmp_path: Path, items: Iterable[Any], name: str = "dump.json") -> tuple[KnowledgeBase, dict[str, int]]:
    out = tmp_path / f"{name}.kb"
    profile = load_profile()
    info = build_from_dump(written(tmp_path / name, items), out, profile, load_rules(), lambda _what, _done: None)
    return KnowledgeBase.open(out), dict(info["dump"])


# --- one item -------------------------------------------------------------------------------------------------------


def row(one: dict[str, Any]) -> dict[str, Any]:
    found = Reader(load_rules(), LANGUAGES).row(one)
    assert found
    return found


def test_a_name_of_a_variant_counts_for_its_language_and_both_are_kept():
    labels = {code: {"language": code, "value": text} for code, text in (("sr-el", "Beograd"), ("sr-ec", "Београд"))}
    found = row(item(1, labels=labels))
    assert found["labels"] == {"sr": "Београд"}
    assert found["aliases"] == {"sr": ["Beograd"]}


def test_preferred_statements_hide_normal_ones_and_deprecated_ones_say_nothing():
    claims = {
        "P27": [
            said(qid_snak("P27", 7)),
            said(qid_snak("P27", 8), "preferred"),
            said(qid_snak("P27", 9), "deprecated"),
        ],
        "P106": [said(qid_snak("P106", 3)), said(qid_snak("P106", None))],
    }
    found = row(item(1, claims=claims))
    assert found["country"] == ["Q8"]
    assert found["occupations"] == ["Q3"]


def test_offices_keep_their_terms_whatever_their_rank():
    first = said(
        qid_snak("P39", 4),
        P580=time_snak("P580", "+2010-03-01T00:00:00Z"),
        P582=time_snak("P582", "+2015-00-00T00:00:00Z", 9),
    )
    now = said(qid_snak("P39", 5), "preferred", P580=time_snak("P580", "+2015-07-00T00:00:00Z", 10))
    gone = said(qid_snak("P39", 6), "deprecated")
    assert row(item(1, claims={"P39": [first, now, gone]}))["positions"] == [
        ("Q4", "2010-03-01", "2015"),
        ("Q5", "2015-07", None),
    ]


@pytest.mark.parametrize(
    ("time", "precision", "meant"),
    [
        ("+1952-10-07T00:00:00Z", 11, "1952-10-07"),
        ("+1952-10-00T00:00:00Z", 10, "1952-10"),
        ("+1952-00-00T00:00:00Z", 9, "1952"),
        ("+1950-00-00T00:00:00Z", 8, None),
        ("-0044-03-15T00:00:00Z", 11, None),
        ("+12024-01-01T00:00:00Z", 11, None),
    ],
)
def test_a_day_is_as_exact_as_wikidata_knows_it(time, precision, meant):
    assert day({"time": time, "precision": precision}) == meant


def test_places_and_numbers():
    here = value_snak("P625", {"latitude": 43.2167, "longitude": 27.9167, "globe": "http://www.wikidata.org/entity/Q2"})
    moon = value_snak("P625", {"latitude": 1.0, "longitude": 2.0, "globe": "http://www.wikidata.org/entity/Q405"})
    claims = {
        "P625": [said(here)],
        "P1082": [said(value_snak("P1082", {"amount": "+334870"}))],
        "P238": [said(value_snak("P238", "VAR"))],
    }
    found = row(item(1, 515, claims=claims))
    assert (found["coords"], found["population"], found["external"]) == ([43.2167, 27.9167], 334870, {"iata": "VAR"})
    assert "coords" not in row(item(1, claims={"P625": [said(moon)]}))


def test_an_item_named_in_none_of_our_languages_is_none():
    assert Reader(load_rules(), LANGUAGES).row(item(1, labels={"ja": {"language": "ja", "value": "名"}})) is None


# --- class trees ----------------------------------------------------------------------------------------------------


def test_classes_lie_under_one_another_at_any_depth_and_in_circles():
    tree = Tree([(2, 1), (3, 2), (4, 3), (2, 4), (9, 8)])
    assert tree.under([1]) == {1, 2, 3, 4}
    assert tree.under([8]) == {8, 9}
    assert Tree([]).under([8]) == {8}


def test_the_first_kind_that_fits_is_taken_and_what_is_excluded_is_nothing():
    kinds = Kinds(load_rules(), Tree([(100, 515), (515, 486972), (100, 43229), (200, 4167410), (300, 294414)]))
    assert kinds.of({"classes": ["Q100"]}) == "LOC"
    assert kinds.of({"classes": ["Q5", "Q100"]}) == "PER"
    assert kinds.of({"classes": ["Q200", "Q5"]}) is None
    assert kinds.of({"classes": [], "parents": ["Q300"]}) == "POS"
    assert kinds.of({"classes": [], "parents": ["Q100"]}) is None  # a kind of city is no city
    assert kinds.of({"classes": ["Q999"]}) is None


# --- dumps ----------------------------------------------------------------------------------------------------------

CITY = {
    "type": "item",
    "id": "Q700",
    "labels": {},
    "claims": {"P279": [said(qid_snak("P279", 486972))]},
    "sitelinks": {},
}
ITEMS = [
    item(1, 6256, labels={"en": {"language": "en", "value": "Ruritania"}}),
    item(10, claims={"P27": [said(qid_snak("P27", 1))], "P26": [said(qid_snak("P26", 11))]}),
    item(11, wikis=2),
    CITY,  # its class comes after items of it, as in a dump
    item(20, 700, claims={"P17": [said(qid_snak("P17", 1))]}),
    item(30, 4167410),
    item(31, 999_999),
    item(40, 294414, wikis=0, claims={"P1001": [said(qid_snak("P1001", 1))]}),
    {"type": "property", "id": "P31", "labels": {}, "sitelinks": {s: {"site": s, "title": s} for s in "abc"}},
    {"entity": "Q50", "redirect": "Q10"},
    item(60, labels={"ja": {"language": "ja", "value": "名"}}),
    orjson.dumps(item(70))[:-40],
    b'{"id": "Q71", "type": "item", "labels": 7, "x": {"site":1,"y":{"site":1,"z":{"site":1}}}}',
]


@pytest.mark.parametrize("name", ["dump.json", "dump.json.gz", "dump.json.bz2"])
def test_a_dump_becomes_a_base_and_every_line_is_accounted_for(tmp_path, name):
    base, counts = built(tmp_path, ITEMS, name)
    kinds = {base.qid(at): base.kind(at) for at in range(len(base))}
    assert kinds == {"Q1": "LOC", "Q10": "PER", "Q20": "LOC", "Q40": "POS"}
    assert counts == {
        "entities": 13,
        "read": 6,
        "little known": 2,
        "no items": 1,
        "redirects": 1,
        "nameless": 1,
        "malformed": 2,
        "of no kind": 2,
        "twice": 0,
    }
    country = base.row("Q1")
    assert (
        base.countries(base.row("Q10"))
        == base.countries(base.row("Q20"))
        == base.countries(base.row("Q40"))
        == (country,)
    )
    assert [base.qid(at) for at in base.exact(names.key("Ruritania"))] == ["Q1"]
    assert base.info()["known_until"] == "2024-05-02"
    assert base.info()["sources"][0]["licence"] == "CC0 1.0"
    assert not (tmp_path / f"{name}.kb.work").exists()


def test_relations_and_an_excerpt_put_together_twice(tmp_path):
    base, counts = built(tmp_path, [item(10, claims={"P26": [said(qid_snak("P26", 11))]}), item(11), item(10)])
    assert counts["twice"] == 1
    assert base.related(base.row("Q10")) == {base.row("Q11"): "P26"}


@pytest.mark.parametrize("name", ["dump.json", "dump.json.gz"])
def test_a_build_that_was_stopped_goes_on_and_ends_with_the_same_base(tmp_path, monkeypatch, name):
    monkeypatch.setattr(dump_module, "_CHECKPOINT", 4)
    monkeypatch.setattr(dump_module, "_TELL", 1)
    items = [CITY, *(item(n, 700 if n % 2 else 5) for n in range(1, 31))]
    whole, counts = built(tmp_path, items, "whole.json")
    path, out = written(tmp_path / name, items), tmp_path / "stopped.kb"
    read: list[int] = []

    def stop(what: str, done: int) -> None:
        read.append(done)
        if what == "reading the dump" and done == 15 and len(read) < 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_from_dump(path, out, load_profile(), load_rules(), stop)
    assert not out.exists()
    read.clear()
    again = build_from_dump(path, out, load_profile(), load_rules(), lambda _what, done: read.append(done))
    assert read[0] == 11 or read[0] == 12  # from the checkpoint behind line 12 (the first is "["), not from line 1
    assert again["dump"] == counts
    assert out.read_bytes() == Path(whole.path).read_bytes()


def test_another_dump_or_other_rules_begin_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(dump_module, "_CHECKPOINT", 2)
    out = tmp_path / "x.kb"

    def stop(what: str, _done: int) -> None:
        if what == "finding kinds":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_from_dump(written(tmp_path / "a.json", [item(1)]), out, load_profile(), load_rules(), stop)
    other = written(tmp_path / "b.json", [item(2)])
    info = build_from_dump(other, out, load_profile(), load_rules(), lambda _what, _done: None)
    assert (info["entities"], KnowledgeBase.open(out).row("Q1")) == (1, None)


@pytest.mark.parametrize("extras", [True, False])
@pytest.mark.parametrize("name", ["dump.json.gz", "dump.json.bz2"])
def test_a_dump_that_is_cut_short_says_so_and_goes_on_when_the_rest_has_come(tmp_path, monkeypatch, name, extras):
    if not extras:  # isal and indexed_bzip2 may be missing
        monkeypatch.setitem(sys.modules, "isal", None)
        monkeypatch.setitem(sys.modules, "indexed_bzip2", None)
    items = [item(n) for n in range(1, 3000)]
    path = written(tmp_path / name, items)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KnowledgeError, match="cut short"):
        build_from_dump(path, tmp_path / "x.kb", load_profile(), load_rules(), lambda _what, _done: None)
    path.write_bytes(whole)
    info = build_from_dump(path, tmp_path / "x.kb", load_profile(), load_rules(), lambda _what, _done: None)
    assert info["entities"] == 2999


@pytest.mark.parametrize("content", [b"", b"no json at all\n", b"[\n]\n"])
def test_what_is_no_dump_is_told(tmp_path, content):
    path = tmp_path / "dump.json"
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match="has no item that could be kept"):
        build_from_dump(path, tmp_path / "x.kb", load_profile(), load_rules(), lambda _what, _done: None)
    assert [one.name for one in tmp_path.iterdir()] == ["dump.json"]
    with pytest.raises(KnowledgeError, match="can't be read"):
        build_from_dump(tmp_path / "none.json", tmp_path / "x.kb", load_profile(), load_rules(), lambda _w, _d: None)


def test_rules_of_ones_own_are_checked(tmp_path):
    shipped = load_rules().text
    for old, new in (
        ('type = "PER"', 'type = "MAN"'),
        ('"P31"', '"31"'),
        ('key = "wikidata"', 'key = "A B"'),
        ("[codes]", "[codes"),
    ):
        path = tmp_path / f"{len(new)}.toml"
        path.write_text(shipped.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError, match="malformed"):
            load_rules(path)
