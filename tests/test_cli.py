"""The commands as people type them: what they print, where, and with which exit status."""

import json
import os
import runpy
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import VERBS, main
from kg.rdf import load

ROOT = Path(__file__).parents[1]
SMALL = runpy.run_path(str(ROOT / "tests" / "data" / "small.py"))
MEETING = "date 2025-10-10 Giorgia Meloni met Edi Rama in Tirana on Thursday.\n\nThe two spoke of energy.\n"
FIRE = "date 2025-10-11 A fire on a ferry near Varna killed 12 people on Friday, officials said.\n"


def kg(*words, stdin=None):
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def process(*words, **options):
    """kg in a process of its own."""
    command = [sys.executable, "-m", "kg.cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **options)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return SMALL["write"](tmp_path_factory.mktemp("small") / "small.nq")


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    (folder / "meeting.txt").write_text(MEETING, encoding="utf-8")
    (folder / "fire.txt").write_text(FIRE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path, articles):
    """A graph folder with both articles."""
    assert kg("build", articles, "--graph", tmp_path / "graph").exit_code == 0
    return tmp_path / "graph"


def two_lines(result):
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("kg: ")
    return result.stderr


# --- help ------------------------------------------------------------------------------------------------


def test_every_verb_of_the_contract_is_there():
    promised = "build annotate remove query queries explain export merge check ontology serve kb reconcile score"
    assert list(VERBS) == promised.split()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb):
    shown = kg(verb, "--help")
    assert shown.exit_code == 0
    assert f"  kg {verb} " in shown.output.replace("  kg queries\n", "  kg queries \n")


@pytest.mark.parametrize("verb", ["build", "info", "search", "add"])
def test_every_verb_of_kb_has_help_with_an_example(verb):
    assert f"  kg kb {verb} " in kg("kb", verb, "--help").output.replace("  kg kb info\n", "  kg kb info \n")


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_of_verbs_says_what_the_verbs_say(verb):
    assert main.get_command(None, verb).get_short_help_str(200) == VERBS[verb][1]


def test_help_is_quick_because_it_loads_nothing():
    code = "import sys; from kg.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"spacy", "numpy", "rdflib", "pyoxigraph", "starlette", "requests", "kg.pipeline"} & set(loaded.split())


def test_asking_loads_no_pipeline(small):
    code = "import sys; from kg.cli import main\ntry: main(sys.argv[1:])\nfinally: print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "query", "ASK {}", "--graph", str(small)]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    assert not {"spacy", "numpy", "rdflib", "starlette", "trafilatura", "kg.pipeline"} & set(loaded.split())


def test_a_wrong_verb_and_a_wrong_option_are_two():
    assert kg("biuld").exit_code == 2
    assert kg("build", "x", "--colour").exit_code == 2
    assert kg("build", "x").exit_code == 2
    assert kg("build", "x", "-o", "a.ttl", "--graph", "b").exit_code == 2
    assert kg("query", "timeline", "--graph", "x", "--param", "entity").exit_code == 2


# --- build, annotate, remove -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".ttl", ".nq", ".trig", ".nt", ".jsonld", ".ttl.gz"])
def test_build_of_a_file(tmp_path, articles, ending):
    out = tmp_path / f"news{ending}"
    result = kg("build", articles, "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"2 articles in {out}, described in news.void.ttl\n"
    assert "void:documents 2 ;" in (tmp_path / "news.void.ttl").read_text()
    subjects = {quad.s for quad in load(out)}
    assert "<http://www.wikidata.org/entity/Q316901>" in subjects


def test_build_twice_and_in_another_order_gives_the_same_bytes(tmp_path, articles):
    meeting, fire = articles / "meeting.txt", articles / "fire.txt"
    kg("build", meeting, fire, "-o", tmp_path / "a.trig")
    kg("build", fire, meeting, fire, "-o", tmp_path / "b.trig")
    assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()


def test_build_of_a_folder_exports_what_build_of_a_file_writes(tmp_path, articles, folder):
    kg("build", articles, "-o", tmp_path / "a.trig")
    kg("export", "--graph", folder, "-o", tmp_path / "b.trig")
    assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()


def test_build_of_the_same_again_changes_nothing(articles, folder):
    result = kg("build", articles, "--graph", folder)
    assert result.stdout == f"2 articles read, 0 new or changed; {folder} now holds 2\n"


def test_a_base_is_used_and_kept(tmp_path, articles):
    graph = tmp_path / "graph"
    kg("build", articles / "fire.txt", "--graph", graph, "--base", "https://my.example/")
    shown = kg("export", "--graph", graph, "-o", "-", "--format", "nq").stdout
    assert "<https://my.example/article/" in shown
    assert "newskg.example/article" not in shown
    two_lines(kg("build", articles, "--graph", graph, "--base", "https://other.example/"))


def test_build_takes_standard_input(tmp_path):
    result = kg("build", "-", "-o", tmp_path / "a.nt", stdin=MEETING)
    assert result.exit_code == 0, result.stderr


@pytest.fixture
def mixed(tmp_path):
    """A folder with one good article and three that are none."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(MEETING, encoding="utf-8")
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "broken.jsonl").write_text('{"id": "a", "text": \n')
    return folder


def test_what_is_broken_stops_nothing_and_is_listed(tmp_path, mixed):
    graph = tmp_path / "graph"
    result = kg("build", mixed, "--graph", graph)
    assert result.exit_code == 0
    assert "1 articles read" in result.stdout
    assert "Rejected 3 of 4" in result.stderr
    listed = [json.loads(line) for line in (graph / "rejected.jsonl").read_text().splitlines()]
    assert {Path(row["source"].removesuffix(" line 1")).name for row in listed} == {
        "empty.txt",
        "binary.txt",
        "broken.jsonl",
    }
    assert all(row["what"] and row["do"] for row in listed)


@pytest.mark.parametrize(
    "verb", [("build", "-o", "out.ttl"), ("build", "--graph", "out"), ("annotate", "-o", "out.jsonl")]
)
def test_nothing_but_broken_is_one(tmp_path, monkeypatch, verb):
    (tmp_path / "empty.txt").write_text("")
    monkeypatch.chdir(tmp_path)
    result = kg(verb[0], "empty.txt", *verb[1:])
    assert result.exit_code == 1
    assert "Rejected 1 of 1" in result.stderr
    assert not [one.name for one in tmp_path.iterdir() if one.suffix in {".ttl", ".jsonl", ".part"}]


@pytest.mark.parametrize("words", [
    ("build", "missing.txt", "-o", "a.ttl"),
    ("build", "none-*.txt", "-o", "a.ttl"),
    ("build", "good.txt", "-o", "a.docx"),
    ("build", "good.txt", "-o", "nowhere/a.ttl"),
    ("build", "good.txt", "--graph", "good.txt"),
    ("build", "good.txt", "-o", "a.ttl", "--kb", "missing.kb"),
    ("annotate", "missing.txt"),
    ("annotate", "good.txt", "-o", "nowhere/a.jsonl"),
    ("remove", "x", "--graph", "missing"),
    ("query", "timeline", "--graph", "missing"),
    ("query", "SELECT {", "--graph", "small.nq"),
    ("query", "no-such-question", "--graph", "small.nq"),
    ("query", "missing.rq", "--graph", "small.nq"),
    ("query", "what-happened-to", "--graph", "small.nq"),
    ("query", "timeline", "--graph", "small.nq", "--param", "form=2025"),
    ("query", "timeline", "--graph", "small.nq", "--param", "from=soon"),
    ("query", "ASK {}", "--graph", "good.txt"),
    ("queries", "no-such-question"),
    ("explain", "Q42", "--graph", "small.nq"),
    ("explain", "Q42", "--graph", "missing"),
    ("export", "--graph", "missing", "-o", "a.ttl"),
    ("check", "--graph", "missing"),
    ("serve", "--graph", "missing"),
    ("kb", "info", "--kb", "missing.kb"),
    ("kb", "info", "--kb", "good.txt"),
    ("kb", "search", "qqqq zzzz xxxx"),
    ("kb", "build", "missing", "-o", "a.kb"),
    ("score", "missing.jsonl"),
    ("score", "good.txt"),
])  # fmt: skip
def test_what_a_person_can_mend_is_told_in_two_lines(tmp_path, monkeypatch, small, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.txt").write_text(MEETING, encoding="utf-8")
    (tmp_path / "small.nq").write_bytes(small.read_bytes())
    two_lines(kg(*words))


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    result = kg("build", tmp_path / "empty", "-o", tmp_path / "a.ttl")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path, articles):
    tmp_path.chmod(0o500)
    two_lines(kg("build", articles, "--graph", tmp_path / "graph"))


def test_annotate_writes_one_row_an_article(tmp_path, articles):
    result = kg("annotate", articles)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 2
    for row in rows:
        assert {"id", "url", "lang", "published", "text", "mentions", "events", "claims"} <= row.keys()
        assert all(row["text"][m["start"] : m["end"]] == m["surface"] for m in row["mentions"])
    assert {"Q451791", "Q316901"} <= {mention["qid"] for row in rows for mention in row["mentions"]}
    kg("annotate", articles, "-o", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == result.stdout


def test_remove_takes_an_article_back_and_exactly_its_facts(tmp_path, articles, folder):
    meeting = articles / "meeting.txt"
    assert kg("remove", meeting, "--graph", folder).exit_code == 0
    kg("build", articles / "fire.txt", "-o", tmp_path / "only.nq")
    kg("export", "--graph", folder, "-o", tmp_path / "left.nq")
    assert (tmp_path / "left.nq").read_bytes() == (tmp_path / "only.nq").read_bytes()
    two_lines(kg("remove", meeting, "--graph", folder))


# --- asking ----------------------------------------------------------------------------------------------


def test_a_question_about_what_was_built(folder):
    shown = kg("query", "who-met-whom", "--graph", folder).stdout
    assert "Edi Rama" in shown
    assert "Giorgia Meloni met Edi Rama in Tirana on Thursday." in shown
    assert "2025-10-09" in shown


def test_a_question_from_a_file(tmp_path, small):
    path = tmp_path / "mine.rq"
    path.write_text("# Which?\n# param one: entity = Q1 -- it\nSELECT ?o { VALUES ?one { wd:Q1 } ?one kg:metWith ?o }")
    shown = kg("query", path, "--graph", small, "--param", "one=Giorgia Meloni", "--format", "csv").stdout
    assert shown.splitlines() == ["o", "http://www.wikidata.org/entity/Q316901"]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_data_goes_to_standard_output_and_nothing_else(small, form):
    result = process("query", "SELECT ?o { wd:Q451791 kg:metWith ?o }", "--graph", small, "--format", form)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Q316901" in result.stdout


def test_a_limit_that_was_met_is_told_beside_the_table(small):
    shown = kg("query", "timeline", "--graph", small, "--param", "limit=2")
    assert "Only part of the answer: 2 reports at most, the newest first. For more: --param limit=20" in shown.stderr
    assert "Only part" not in shown.stdout
    assert kg("query", "timeline", "--graph", small).stderr == ""
    assert kg("query", "timeline", "--graph", small, "--param", "limit=2", "--format", "csv").stderr == ""


def test_a_query_that_takes_too_long_is_told(small):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?d && ?g != ?l) }"
    assert "--timeout" in two_lines(kg("query", endless, "--graph", small, "--timeout", "0.5"))


def test_the_list_of_questions():
    shown = kg("queries").stdout
    assert "who-met-whom" in shown
    assert "Who met whom" in shown
    assert "SELECT" in kg("queries", "who-met-whom").stdout


def test_explain_as_text_and_as_json(small):
    assert "“Τίρανα”" in kg("explain", "Q19689", "--graph", small).stdout
    assert json.loads(kg("explain", "Q19689", "--graph", small, "--format", "json").stdout)["kind"] == "entity"


def test_a_pipe_that_closes_early_is_no_error(small):
    query = "SELECT * { ?a a ?b . ?c a ?d }"
    command = f'"{sys.executable}" -m kg.cli query "{query}" --graph "{small}" --format csv | head -1'
    shown = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (shown.stdout, shown.stderr) == ("a,b,c,d\n", "")


# --- export, check ---------------------------------------------------------------------------------------


def test_export_to_the_screen_needs_a_format(folder):
    assert kg("export", "--graph", folder, "-o", "-").exit_code == 2
    assert "wd:Q316901" in kg("export", "--graph", folder, "-o", "-", "--format", "ttl").stdout


def test_what_we_build_is_sound(folder, small):
    for graph in (folder, small):
        result = kg("check", "--graph", graph)
        assert (result.exit_code, result.stdout) == (0, "the graph is sound\n")


CLAIM = "<https://newskg.example/claim/{}>"
KG = "https://newskg.example/ontology#"


@pytest.mark.parametrize(("change", "rule"), [
    (lambda text: _without(text, "#evidence>"), "every claim has evidence"),
    (lambda text: _without(text, "#modality>"), "a subject, a predicate, an object and a modality"),
    (lambda text: _without(text, "/NewsArticle>"), "evidence is a stretch of an article"),
    (lambda text: text.replace('"Edi Rama"@en', '"Edi R"@en'), "offsets fit the words"),
    (lambda text: text.replace('"0.96"', '"9.6"'), "confidences are between 0 and 1"),
    (lambda text: text.replace("entity/Q316901>", "entity/Q0316901>"), "Wikidata items are Q and a number"),
    (lambda text: text.replace("#metWith>", "#metwith>"), "every predicate of ours is declared"),
    (lambda text: text.replace("#Reading>", "#Readings>"), "every class of ours is declared"),
    (lambda text: _without(text, "#eventType>"), "every event has a type"),
    (lambda text: text.replace("#asserted>", "#planned>"), "stated outright has an asserted claim"),
    (lambda text: _without(text, "#Person>"), "every mention names an entity that has a class"),
])  # fmt: skip
def test_what_is_broken_is_found(tmp_path, small, change, rule):
    path = tmp_path / "broken.nq"
    path.write_text(change(small.read_text(encoding="utf-8")), encoding="utf-8")
    result = kg("check", "--graph", path)
    assert result.exit_code == 1
    assert rule in result.stdout


def _without(text, part):
    return "".join(line for line in text.splitlines(keepends=True) if part not in line)


# --- knowledge bases -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "qid"), [("Əliyevlə", "Q57371"), ("Πούτιν", "Q7747"), ("Russian president", "Q7747")])
def test_kb_search(text, qid):
    shown = kg("kb", "search", text).stdout.splitlines()
    assert qid in [line.split()[0] for line in shown[:3]]


def test_kb_info_shows_licences():
    shown = kg("kb", "info").stdout
    assert "entities" in shown
    assert "CC0" in shown


def test_kb_add_and_search(tmp_path):
    mine = tmp_path / "mine.kb"
    added = kg(
        "kb", "add", mine, "Q999999999", "ORG", "--name", "en=Example Ferry Lines", "--name", "bg=Пример Фериботи"
    )
    assert added.exit_code == 0, added.stderr
    assert kg("kb", "search", "Пример Фериботи", "--kb", mine).stdout.split()[0] == "Q999999999"


# --- score -----------------------------------------------------------------------------------------------


@pytest.fixture
def gold(tmp_path):
    surface = "Giorgia Meloni"
    text = MEETING.partition("\n")[0]
    start = text.index(surface)
    row = {"id": "a", "lang": "en", "text": text,
           "entities": [{"start": start, "end": start + len(surface), "label": "PER", "qid": "Q451791"}]}  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row) + "\n")
    return path


@pytest.mark.parametrize("split", ["all", "lang", "kind"])
def test_score(gold, split):
    result = kg("score", gold, "--split", split)
    assert result.exit_code == 0, result.stderr
    assert "accuracy" in result.stdout


def test_score_of_given_spans(gold):
    result = kg("score", gold, "--given-spans")
    assert result.exit_code == 0, result.stderr
    assert "accuracy in base" in result.stdout


def test_score_of_rows_made_before(tmp_path, gold):
    row = json.loads(gold.read_text()) | {"mentions": [], "events": [], "claims": []}
    (tmp_path / "mine.jsonl").write_text(json.dumps(row) + "\n")
    result = kg("score", gold, "--predicted", tmp_path / "mine.jsonl", "--mistakes")
    assert result.exit_code == 0, result.stderr
    assert "Giorgia Meloni" in result.stdout


# --- all of it, in a process of its own ------------------------------------------------------------------


def test_from_an_article_to_an_answer(tmp_path, articles):
    graph = tmp_path / "graph"
    built = process("build", articles, "--graph", graph, "--workers", 2)
    assert (built.returncode, built.stderr) == (0, "")
    asked = process("query", "entities-by-articles", "--graph", graph)
    assert "Edi Rama" in asked.stdout
    assert process("query", "nonsense", "--graph", graph).returncode == 1


def test_help_starts_in_a_blink():
    process("--help")
    began = time.perf_counter()
    assert process("--help").returncode == 0
    assert time.perf_counter() - began < 1.0  # 0.1 s on an idle machine


def test_two_folders_are_merged_into_a_third_or_into_a_file(tmp_path, articles):
    for name in ("meeting", "fire"):
        assert kg("build", articles / f"{name}.txt", "--graph", tmp_path / name).exit_code == 0
    done = kg("merge", tmp_path / "meeting", tmp_path / "fire", "--graph", tmp_path / "both")
    assert (done.exit_code, done.output) == (0, f"2 articles new or changed; {tmp_path / 'both'} now holds 2\n")
    assert kg("merge", tmp_path / "fire", tmp_path / "meeting", "-o", tmp_path / "merged.nq").exit_code == 0
    assert kg("build", articles, "-o", tmp_path / "built.nq").exit_code == 0
    assert (tmp_path / "merged.nq").read_bytes() == (tmp_path / "built.nq").read_bytes()
    assert kg("merge", tmp_path / "meeting", tmp_path / "fire").exit_code == 2
    assert "holds no graph" in kg("merge", tmp_path / "nowhere", "-o", tmp_path / "x.nq").output


def test_a_run_that_reads_nothing_leaves_the_graph_of_the_last_one(tmp_path, articles):
    out, empty = tmp_path / "out.ttl", tmp_path / "empty.txt"
    empty.touch()
    assert kg("build", articles, "-o", out).exit_code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert kg("build", empty, "-o", out).exit_code == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
