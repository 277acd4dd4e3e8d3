"""Which item a local entity is, and that its claims follow."""

import json

import pytest
from click.testing import CliRunner
from fake_wikidata import wikidata
from tiny_facts import entity, made

from kg.cli import main
from kg.graph import Graph
from kg.reconcile import Local, match_all


def local(*names, kind="ORG", near=()):
    return Local("entity/0123456789abcdef", kind, tuple(sorted(names)), frozenset(near))


def named(number, kind, country=(), **labels):
    return entity(number, kind, labels=labels, country=[f"Q{one}" for one in country])


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return made(
        tmp_path_factory.mktemp("base"),
        named(41, "LOC", en="Ruritania"),
        named(42, "LOC", en="Freedonia"),
        named(101, "ORG", [41], en="Zenda Airlines", bg="Зенда Еърлайнс", el="Αερογραμμές Ζέντα"),
        named(102, "PER", [41], en="Rudolf Elphberg"),
        named(103, "PER", [42], en="Anna Lindqvist"),
        named(104, "PER", [41], en="Anna Lindqvist"),
        named(105, "LOC", [41], en="Strelsau Bay"),
    )


def found(base, one, **how):
    (match,) = match_all([one], base, **how)
    return match.qid


def test_all_names_in_all_languages_must_agree(base):
    assert found(base, local(("en", "Zenda Airlines"), ("bg", "Зенда Еърлайнс")), least=0.85) == "Q101"
    assert found(base, local(("en", "Zenda Airlines"), ("bg", "Пратеник на доброто")), least=0.85) is None
    assert found(base, local(("en", "Zendavia Airlines"))) is None


def test_case_endings_and_scripts_do_not_matter(base):
    assert found(base, local(("ru", "Рудольфа Эльфберга"), kind="PER"), least=0.8) == "Q102"


def test_a_kind_that_does_not_agree_is_another_thing(base):
    assert found(base, local(("en", "Rudolf Elphberg"), kind="ORG")) is None
    assert found(base, local(("en", "Strelsau Bay"), kind="PER")) is None


def test_company_tells_namesakes_apart_and_without_it_nobody_is_chosen(base):
    (match,) = match_all([local(("en", "Anna Lindqvist"), kind="PER")], base)
    assert (match.qid, "Q103" in match.why, "Q104" in match.why) == (None, True, True)
    assert found(base, local(("en", "Anna Lindqvist"), kind="PER", near=["Q42"])) == "Q103"
    assert found(base, local(("en", "Anna Lindqvist"), kind="PER", near=["Q41", "Q42"])) is None


def test_a_surname_alone_is_too_little(base):
    assert found(base, local(("en", "Elphberg"), kind="PER")) is None


# --- the command ----------------------------------------------------------------------------------------------------

TEXTS = {
    "en": "date 2025-10-10 The president of Albania, Bajram Begaj, met Korvina Zelmandova in Tirana on Thursday.\n\n"
    "Talks about the port went on until the evening, officials said.\n",
    "bg": "date 2025-10-11 Президентът на Албания Байрам Бегай се срещна с Корвина Зелмандова в Тирана в четвъртък.\n\n"
    "Разговорите за пристанището продължиха до вечерта, съобщиха официални лица.\n",
}


def kg(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def graph(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for lang, text in TEXTS.items():
        (tmp_path / f"{lang}.txt").write_text(text, encoding="utf-8")
        assert kg("build", tmp_path / f"{lang}.txt", "--graph", tmp_path / "graph").exit_code == 0
    return tmp_path / "graph"


def asked(graph, query):
    rows = json.loads(kg("query", query, "--graph", graph, "--format", "json").stdout)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_a_dry_run_changes_nothing_and_a_real_one_takes_every_claim_along(graph):
    before = asked(graph, "SELECT ?e { ?e a kg:LocalEntity ; rdfs:label ?l . FILTER(CONTAINS(?l, 'elmandov')) }")
    assert before
    lines = list(Graph.open(graph).lines())
    with wikidata() as server:
        words = ("reconcile", "--graph", graph, "--online", "--api", server.url)
        dry = kg(*words, "--dry-run")
        assert dry.exit_code == 0, dry.stderr
        assert "Q900102" in dry.stdout
        assert list(Graph.open(graph).lines()) == lines
        assert kg(*words).stdout.splitlines()[-1].endswith("got an item")
        assert kg(*words).stdout.splitlines()[-1].startswith("0 of")  # nothing is left to be found
    after = asked(graph, "SELECT ?m ?alias { ?m itsrdf:taIdentRef wd:Q900102 . ?alias owl:sameAs wd:Q900102 }")
    assert len({row["m"] for row in after}) == 2
    assert before[0]["e"] in {row["alias"] for row in after}
    assert asked(graph, "SELECT ?claim { ?claim a kg:Claim ; kg:subject|kg:object wd:Q900102 }")
    assert not asked(graph, f"SELECT ?s {{ ?s ?p <{before[0]['e']}> }}")


def test_without_a_network_two_lines(graph):
    failed = kg("reconcile", "--graph", graph, "--online", "--api", "http://127.0.0.1:9/w/api.php", "--budget", "1")
    assert (failed.exit_code, len(failed.stderr.splitlines())) == (1, 2)


def test_another_base_may_be_asked_but_somebody_must_be(graph):
    assert kg("reconcile", "--graph", graph).exit_code == 2
    assert kg("reconcile", "--graph", graph, "--kb", "starter").exit_code == 0
