"""Knowledge bases and decisions of people, as the commands take them."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_wikidata import item, written

from kg.cli import main

ROOT = Path(__file__).parents[1]
SMALL = runpy.run_path(str(ROOT / "tests" / "data" / "small.py"))
TEXT = (
    "date 2025-10-10 Giorgia Meloni met Edi Rama in Tirana on Thursday.\n\n"
    "The two spoke of energy with the engineer Zendina Korovska, officials said.\n"
)


def kg(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "meeting.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def annotated(*words):
    result = kg("annotate", *words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def qids(row):
    return {mention["surface"]: mention["qid"] for mention in row["mentions"]}


def test_a_dump_and_a_csv_become_bases_that_lie_on_the_starter(tmp_path, article):
    dump = written(tmp_path / "dump.json.gz", [item(999_000_001, labels={"en": {"value": "Zendina Korovska"}})])
    built = kg("kb", "build", dump, "-o", tmp_path / "dump.kb")
    assert built.exit_code == 0, built.stderr
    assert "read 1" in built.stdout
    assert built.stderr == ""  # in a pipe nothing is told on the way
    assert "CC0 1.0" in kg("kb", "info", "--kb", tmp_path / "dump.kb").stdout
    table = tmp_path / "mine.csv"
    table.write_text("qid,kind,name,lang\nQ999000002,PER,Zendina Korovska,en\n", encoding="utf-8")
    assert kg("kb", "add", tmp_path / "mine.kb", table).exit_code == 0
    assert qids(annotated(article))["Zendina Korovska"] is None
    both = ("--kb", tmp_path / "dump.kb", "--kb", "starter")
    found = qids(annotated(article, *both))
    assert found["Zendina Korovska"] == "Q999000001"
    assert found["Giorgia Meloni"] == qids(annotated(article))["Giorgia Meloni"]
    assert kg("kb", "search", "Zendina Korovska", *both).stdout.split()[0] == "Q999000001"


def test_a_query_to_an_endpoint_becomes_a_base(tmp_path):
    graph = SMALL["write"](tmp_path / "small.nq")
    query = tmp_path / "people.rq"
    query.write_text(
        'SELECT ?item ?kind ?label { ?item a kg:Person ; rdfs:label ?label . BIND("PER" AS ?kind) '
        'FILTER(STRSTARTS(STR(?item), "http://www.wikidata.org/entity/Q")) }',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(graph), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        address = re.search(r"http://\S+/", process.stdout.readline())[0]
        out = tmp_path / "people.kb"
        built = kg("kb", "build", "--query", query, "--endpoint", f"{address}sparql", "-o", out)
        process.kill()
    assert built.exit_code == 0, built.stderr
    assert kg("kb", "search", "Μελόνι", "--kb", out).stdout.split()[0] == "Q451791"
    gone = kg("kb", "build", "--query", query, "--endpoint", f"{address}sparql", "-o", out)
    assert (gone.exit_code, len(gone.stderr.splitlines())) == (1, 2)


def test_a_graph_folder_obeys_its_own_overrides_and_those_given(tmp_path, article):
    graph = tmp_path / "graph"
    assert kg("build", article, "--graph", graph).exit_code == 0
    asked = ("query", "SELECT ?c ?p { ?c a kg:Claim ; kg:predicate ?p }", "--graph", graph, "--format", "json")
    claims = json.loads(kg(*asked).stdout)["results"]["bindings"]
    met = [row["c"]["value"] for row in claims if row["p"]["value"].endswith("metWith")]
    assert met
    (graph / "overrides.toml").write_text(
        '[[link]]\nname = "Zendina Korovska"\nqid = "Q999000003"\nby = "ada"\n'
        + "".join(f'[[claim]]\nid = "{iri}"\nverdict = "reject"\n' for iri in met),
        encoding="utf-8",
    )
    assert kg("build", article, "--graph", graph).exit_code == 0
    nodes = kg("query", "ASK { wd:Q999000003 ?p ?o }", "--graph", graph).stdout
    assert nodes == "yes\n"
    more = tmp_path / "more.toml"
    more.write_text('[[link]]\nname = "Zendina Korovska"\nlocal = true\n', encoding="utf-8")
    assert kg("build", article, "--graph", graph, "--overrides", more).exit_code == 0
    assert kg("query", "ASK { wd:Q999000003 ?p ?o }", "--graph", graph).stdout == "no\n"
    again = json.loads(kg(*asked).stdout)["results"]["bindings"]
    assert not {row["c"]["value"] for row in again} & set(met)
    found = annotated(article, "--overrides", graph / "overrides.toml")
    assert qids(found)["Zendina Korovska"] == "Q999000003"


@pytest.mark.parametrize(
    "words",
    [
        ("kb", "build", "-o", "a.kb"),
        ("kb", "build", "dump.json", "--query", "q.rq", "-o", "a.kb"),
        ("kb", "add", "a.kb", "Q1"),
    ],
)
def test_wrong_options(words):
    assert kg(*words).exit_code == 2


def test_overrides_that_are_none_are_two_lines(tmp_path, article):
    bad = tmp_path / "bad.toml"
    bad.write_text("[[link]]\nname = 'Ada'\n", encoding="utf-8")
    result = kg("annotate", article, "--overrides", bad)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 2)


def test_a_rejected_claim_of_an_event_that_two_articles_share_is_gone_and_stays_gone(tmp_path):
    texts = {
        "en": "date 2025-10-10 Giorgia Meloni met Edi Rama in Tirana on Thursday.\n\nThe two spoke of energy.\n",
        "el": "date 2025-10-10 Η Τζόρτζια Μελόνι συναντήθηκε με τον Έντι Ράμα στα Τίρανα την Πέμπτη.\n\n"
        "Οι δύο μίλησαν για την ενέργεια.\n",
    }
    for lang, text in texts.items():
        (tmp_path / f"{lang}.txt").write_text(text, encoding="utf-8")
    files = [tmp_path / f"{lang}.txt" for lang in texts]
    graph = tmp_path / "graph"
    assert kg("build", *files, "--graph", graph).exit_code == 0
    query = (
        "SELECT DISTINCT ?c { ?c kg:subject ?event ; kg:predicate ?p ; kg:object wd:Q316901 ; kg:evidence ?e, ?f . "
        "?event a sem:Event . FILTER(?e != ?f) }"
    )
    asked = ("query", query, "--graph", graph, "--format", "json")
    (shared,) = [row["c"]["value"] for row in json.loads(kg(*asked).stdout)["results"]["bindings"]]
    (graph / "overrides.toml").write_text(f'[[claim]]\nid = "{shared}"\nverdict = "reject"\n', encoding="utf-8")
    for _ in range(2):
        assert kg("build", *files, "--graph", graph).exit_code == 0
        assert kg("query", f"ASK {{ <{shared}> ?p ?o }}", "--graph", graph).stdout == "no\n"
        assert json.loads(kg(*asked).stdout)["results"]["bindings"] == []
