"""Entries from tables: CSV files and the rows of queries."""

import pytest

from kg.errors import KnowledgeError
from kg.knowledge import KnowledgeBase, add, build_entries, load_profile
from kg.knowledge.table import entries, read_csv
from kg.knowledge.wikidata import load_rules

RULES = load_rules()
HEAD = "qid,kind,name,lang,alias,country,position,from,to,iata,prior\n"


def csv(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_rows_of_one_item_join_in_any_order(tmp_path):
    text = HEAD + (
        'Q900001,ORG,Zenda Airlines,en,"Zenda Air|ZA",Q41,,,,ZNA,0.4\n'
        "Q900002,PER,Rudolf Elphberg,en,,Q41|Q42,Q900003,2020-01-01,,,\n"
        "https://www.wikidata.org/entity/Q900001,,Ζέντα,el,,,,,,,\n"
    )
    found = read_csv(csv(tmp_path, text), RULES)
    assert [one["qid"] for one in found] == ["Q900001", "Q900002"]
    assert found[0]["labels"] == {"en": "Zenda Airlines", "el": "Ζέντα"}
    assert found[0]["aliases"] == {"en": ["Zenda Air", "ZA"]}
    assert (found[0]["external"], found[0]["prior"]) == ({"iata": "ZNA"}, 0.4)
    assert (found[1]["country"], found[1]["positions"]) == (["Q41", "Q42"], [["Q900003", "2020-01-01", None]])
    add(tmp_path / "mine.kb", found)
    base = KnowledgeBase.open(tmp_path / "mine.kb")
    assert [hit.qid for hit in base.search("ΖΕΝΤΑ", "el")][:1] == ["Q900001"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("qid,kind,nmae\nQ1,ORG,A b\n", "line 1: no column is called 'nmae'"),
        ("qid,kind,name\nQ1,ORG,A b\n900001,ORG,C d\n", "line 3: '900001' is no QID"),
        ("qid,kind,name\nQ1,MAN,A b\n", "line 2: kind 'MAN'"),
        ("qid,kind,name\nQ1,ORG,A b\nQ1,PER,A b\n", "line 3: Q1 is ORG in an earlier row"),
        ("kind,name\nORG,A b\n", "line 2 has no qid"),
        ("qid,name\nQ1,A b\n", "Q1 has no kind"),
        ("qid,kind\nQ1,ORG\n", "Q1 has no name"),
        ("qid,kind,name,birth\nQ1,PER,A b,1.5.1970\n", "line 2: birth '1.5.1970'"),
        ("qid,kind,name,prior\nQ1,PER,A b,7\n", "line 2: prior 7.0"),
        ("qid,kind,name\nQ1,ORG,A, b\n", "line 2 has more cells"),
    ],
)
def test_an_error_names_its_line(tmp_path, text, told):
    with pytest.raises(KnowledgeError) as error:
        read_csv(csv(tmp_path, text), RULES)
    assert told in error.value.what


def test_what_is_no_csv_is_told(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"qid,kind,name\nQ1,ORG,\xff\xfe\n")
    for one in (path, tmp_path / "none.csv"):
        with pytest.raises(KnowledgeError, match="can't be read"):
            read_csv(one, RULES)


def test_rows_of_a_query_know_their_languages_and_classes(tmp_path):
    iri = "http://www.wikidata.org/entity/Q900001"
    rows = [
        {"item": (iri, None), "class": ("http://www.wikidata.org/entity/Q783794", None), "itemLabel": ("Zenda", "en")},
        {"item": (iri, None), "label": ("Зенда", "bg"), "sitelinks": ("300", None), "other": ("x", None)},
        {"item": (iri, None), "altLabel": ("Zenda Inc", "en"), "birth": ("1970-05-01T00:00:00Z", None)},
    ]
    found = entries(enumerate(rows, 1), RULES, "row ")
    assert found[0] == {
        "qid": "Q900001",
        "type": "ORG",
        "labels": {"en": "Zenda", "bg": "Зенда"},
        "aliases": {"en": ["Zenda Inc"]},
        "prior": 1.0,
        "birth": "1970-05-01",
    }
    origin = {"key": "query", "what": "a query", "from": "somewhere", "licence": "CC0"}
    info = build_entries(found, tmp_path / "x.kb", origin, load_profile(), lambda _what, _done: None)
    assert info["entities"] == 1
    assert info["sources"][0]["licence"] == "CC0"
