"""The pages: each shows what the graph says, escapes what others wrote, and helps where there is nothing."""

import re
import runpy
import shutil
import tomllib
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from strategies import RUN, full_annotation

from kg.graph import Graph
from kg.graph.identity.assigned import Assigned
from kg.model import Skipped, Span
from kg.query import Limits, Pool
from kg.rdf import quads
from kg.serve.app import create_app
from kg.serve.pages.charts import Place, histogram, world
from kg.serve.pages.event import Telling, _apart
from kg.serve.pages.marks import Marked, blocks
from kg.serve.state import State

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "kg" / "serve" / "pages" / "static"
SMALL = runpy.run_path(str(ROOT / "tests" / "data" / "small.py"))
RAMA, TIRANA = "Q316901", "Q19689"
FIRE, MEETING = (f"/event/{SMALL[name].rpartition('/')[2]}" for name in ("FIRE", "MEETING"))
EVIL = '<script>alert("1")</script>'


def folder_of(path, annotations):
    graph = Graph.open(path, create=True)
    graph.add([(one.document, quads(one, RUN, records=SMALL["RECORDS"])) for one in annotations])
    return path


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return folder_of(tmp_path_factory.mktemp("pages") / "graph", SMALL["annotations"]())


def opened(path, **state):
    """A client at home: 127.0.0.1 by that name."""
    return TestClient(
        create_app(State(path, Pool(1, Limits(seconds=20)), **state)),
        base_url="http://127.0.0.1:8000",
        client=("127.0.0.1", 5000),
    )


@pytest.fixture(scope="module")
def client(graph):
    return opened(graph)


def text_of(answer):
    """What a reader sees."""
    return " ".join(
        unescape(re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)).split()
    )


def article_of(client, lang):
    links = re.findall(rf'href="(/article/\w+)" lang="{lang}"', client.get("/").text)
    return links[0]


# --- every page ------------------------------------------------------------------------------------------


def test_every_page_that_a_page_links_to_is_there(client):
    seen, todo = set(), ["/", "/search?q=rama", "/query", "/review", "/review?tab=claims", "/review?tab=decided"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<h1" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        todo += [
            unescape(link)
            for link in re.findall(r'href="(/(?:article|entity|event|claim|questions)[^"#.]*)"', answer.text)
        ]
    rooms = {path.split("/")[1].partition("?")[0] for path in seen}
    assert rooms == {"", "search", "query", "review", "article", "entity", "event", "claim", "questions"}


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(client):
    for path in ("/", article_of(client, "el"), f"/entity/{RAMA}", FIRE, "/questions/timeline", "/query", "/review"):
        page = client.get(path).text
        loaded = re.findall(r'<(?:script|link|img|use|iframe)[^>]*(?:src|href)="([^"]+)"', page)
        assert loaded
        assert all(address.startswith("/") for address in loaded), path
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(src|application/json))", page), path


def test_home_tells_the_size_and_the_newest(client):
    page = client.get("/")
    assert "4 articles in 4 languages" in text_of(page)
    order = [page.text.index(lang) for lang in ('lang="ro" dir', 'lang="en" dir', 'lang="el" dir', 'lang="bg" dir')]
    assert order == sorted(order)
    assert "9 October 2025" in text_of(page)


def test_an_article_marks_its_mentions_and_says_what_it_tells(client):
    page = client.get(article_of(client, "el"))
    assert 'class="text" lang="el" dir="ltr"' in page.text
    assert re.search(rf'class="m PER"\s+href="/entity/{RAMA}"[^>]*>Έντι Ράμα</a>', page.text)
    assert "<mark>συναντήθηκε</mark>" in re.sub(r'<mark data-s="\d+">', "<mark>", page.text)
    assert "name 0.60, context 0.35" in page.text
    assert "says Reuters" in text_of(page)


def test_rejected_candidates_stand_in_the_card(client):
    page = text_of(client.get(article_of(client, "en")))
    assert "Not taken for Rome wd:Q6580 0.04" in page


def test_an_article_whose_text_is_not_kept_shows_its_quotes(tmp_path, graph):
    folder = shutil.copytree(graph, tmp_path / "g")
    with_text = opened(folder)
    path = article_of(with_text, "bg")
    for file in folder.glob("texts/*/*"):
        file.unlink()
    page = opened(folder).get(path)
    assert "not kept here" in text_of(page)
    assert "отрече" in page.text


def test_boilerplate_is_shown_as_such(tmp_path):
    one = full_annotation()
    document = replace(
        one.document, text=f"{one.document.text}\n\nRead also: more", skipped=(Skipped(Span(93, 108), "related"),)
    )
    client = opened(folder_of(tmp_path / "g", [replace(one, document=document)]))
    page = client.get(f"/article/{document.id}").text
    assert re.search(r'<span class="skipped" title="Not read as news: related">.*Read also', page)


def test_an_entity_has_names_events_facts_and_neighbours(client):
    page = client.get(f"/entity/{RAMA}")
    seen = text_of(page)
    for words in ("Έντι Ράμα", "Еди Рама", "Meeting", "Giorgia Meloni met with Edi Rama", "the chain of evidence"):
        assert words in seen
    assert f'"href": "/entity/{TIRANA}"' in page.text
    assert 'href="https://www.wikidata.org/wiki/Q316901"' in page.text


def test_what_was_joined_with_another_leads_there(reviewed):
    name = SMALL["FERRIES"].iri.rpartition("/")[2]
    assert opened(reviewed).get(f"/entity/{name}").status_code == 200
    Graph.open(reviewed).identify([Assigned(f"entity/{name}", "Q99", "Adria Ferries", "by its name", 0.9)])
    client = opened(reviewed)
    answer = client.get(f"/entity/{name}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/entity/Q99")
    seen = text_of(client.get("/entity/Q99"))
    assert re.search(r"Joined from [23]", seen)  # the Romanian name of the same company may have been joined too
    assert "by its name" in seen


def test_an_event_sets_reports_side_by_side(client):
    page = client.get(FIRE)
    seen = text_of(page)
    assert re.search(r"Dead differs 12 .*more than 10", seen) or re.search(r"Dead differs more than 10 .*12", seen)
    assert page.text.count('class="report"') == 3
    assert "How differs" in seen  # two say that it burnt, one denies it
    meeting = text_of(client.get(MEETING))
    assert "planned, then held" in meeting
    assert meeting.index("ще се срещне с") < meeting.index("met Edi Rama in")  # planned before held


def test_a_claim_shows_the_whole_chain(client):
    link = re.search(r'href="(/claim/\w+)"', client.get(f"/entity/{RAMA}").text)[1]
    seen = text_of(client.get(link))
    for words in ("Read by rule by hand", "Names in it", "Made by", "characters "):
        assert words in seen


@pytest.mark.parametrize("path", [
    "/article/0000000000000000", "/entity/Q1", "/entity/Q7747", "/entity/nobody", "/event/none", "/claim/none",
    "/questions/none", "/entity/a%22b%3E", "/questions/timeline.exe", "/event/a%20b",
])  # fmt: skip
def test_what_is_not_here_is_a_404_with_help(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert len(text_of(answer)) > 80
    assert 'class="find"' in answer.text


def test_a_graph_that_is_gone_is_told_on_the_page(tmp_path):
    path = SMALL["write"](tmp_path / "small.nq")
    client = opened(path)
    assert client.get("/").status_code == 200
    path.unlink()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "can't be read" in unescape(answer.text)


# --- hostile words ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    one = full_annotation(
        "two",
        title=EVIL,
        publisher=EVIL,
        url=f"javascript:{EVIL}://x",
        text=f"{EVIL} {full_annotation().document.text}",
    )
    links = tuple(
        replace(link, entity=replace(link.entity, labels=(("en", EVIL),)), mention=replace(link.mention, surface=EVIL))
        for link in one.links
    )
    claims = tuple(
        replace(c, evidence=tuple(replace(e, quote=EVIL, method=EVIL) for e in c.evidence)) for c in one.claims
    )
    path = tmp_path_factory.mktemp("hostile") / "graph"
    return opened(folder_of(path, [replace(one, links=links, claims=claims)])), one


def test_what_others_wrote_stays_text(hostile):
    client, one = hostile
    paths = ["/", f"/article/{one.document.id}", "/entity/Q5929028", "/event/77aa77aa77aa77aa", "/review",
             "/review?tab=claims", f"/search?q={EVIL}", f"/questions/timeline?entity={EVIL}&from={EVIL}&ask=1",
             "/questions/articles", f"/query?query={EVIL}", f"/review?missing={EVIL}&by={EVIL}"]  # fmt: skip
    for path in paths:
        page = client.get(path).text
        assert "<script>" not in page, path
        assert 'href="javascript' not in page, path
    for link in set(re.findall(r'href="(/claim/\w+)"', client.get("/entity/Q5929028").text)):
        assert "<script>" not in client.get(link).text
    assert "&lt;script&gt;alert" in client.get(f"/article/{one.document.id}").text


# --- search ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["rama", "Еди Рама", "Ράμα", "еди р", "EDI", "Ramanın", RAMA])
def test_a_name_is_found_in_any_script(client, text):
    rows = client.get("/suggest", params={"q": text}).json()
    assert rows[0]["id"] == RAMA
    assert rows[0]["href"] == f"/entity/{RAMA}"
    assert f'href="/entity/{RAMA}"' in client.get("/search", params={"q": text}).text


def test_the_knowledge_base_comes_after_the_graph(client):
    rows = client.get("/suggest", params={"q": "Путин"}).json()
    assert rows
    assert all(row["href"] == "" and row["about"] == "not in these articles" for row in rows)


@pytest.mark.parametrize("text", ["", "   ", "qqqqxxzz", "\u200f", '"', "\\", "a" * 5000])
def test_any_text_may_be_looked_for(client, text):
    found = client.get("/suggest", params={"q": text}).json()
    assert not any(row["href"] for row in found)  # nothing here is called that; the knowledge base may know a likeness
    assert client.get("/search", params={"q": text}).status_code == 200


# --- questions -------------------------------------------------------------------------------------------


def test_a_question_is_a_form_an_answer_and_its_sparql(client):
    page = client.get("/questions/what-happened-to", params={"entity": "Ράμα", "ask": "1"})
    assert "Meeting" in text_of(page)
    assert f"wikidata.org/entity/{RAMA}" in page.text  # bound in the SPARQL
    assert 'class="timeline"' in page.text


def test_numbers_come_as_bars(client):
    page = client.get("/questions/entities-by-articles", params={"kind": "PER", "ask": "1"})
    assert 'class="bars"' in page.text
    assert "Edi Rama" in text_of(page)


@pytest.mark.parametrize(
    ("form", "holds"),
    [("csv", "published,"), ("tsv", "?published\t"), ("json", '"bindings"'), ("xml", "<sparql")],
)
def test_an_answer_can_be_taken_along(client, form, holds):
    answer = client.get(f"/questions/articles.{form}")
    assert holds in answer.text
    assert f'filename="articles.{form}"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(("given", "says"), [
    ({"entity": "Nobody At All", "ask": "1"}, "nothing in this graph is called"),
    ({"entity": RAMA, "from": "soon", "ask": "1"}, "is no date"),
    ({"ask": "1"}, "needs to know"),
])  # fmt: skip
def test_a_question_that_cannot_be_asked_says_why(client, given, says):
    assert says in text_of(client.get("/questions/what-happened-to", params=given)).lower()


# --- review ----------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(tmp_path, graph):
    return shutil.copytree(graph, tmp_path / "g")


def form_on(client, **more):
    token = re.search(r'name="token" value="(\w+)"', client.get("/review").text)[1]
    return {"token": token, "table": "link", "name": "Рама", "lang": "bg", "kind": "PER", "choice": RAMA, **more}


def decisions(folder):
    file = folder / "overrides.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def test_the_least_sure_comes_first(reviewed):
    page = text_of(opened(reviewed).get("/review"))
    assert page.index("Адрия Ферис") < page.index("Reuters")


def test_decisions_are_written_with_who_and_when(reviewed):
    client = opened(reviewed)
    client.get("/review", params={"by": "Ада Л."})
    posts = [
        form_on(client, by="Ада Л.", article="0123", where="article"),
        form_on(client, choice="local", where="everywhere"),
        form_on(client, choice=f"not:{RAMA}"),
        form_on(client, choice="other", other="Q19689"),
        form_on(client, table="claim", id="0123456789abcdef", verdict="reject"),
        form_on(client, table="missing", article="0123", name="Durrës", kind="LOC"),
    ]
    for post in posts:
        answer = client.post("/review", data=post, follow_redirects=False)
        assert answer.status_code == 303, answer.text
    found = decisions(reviewed)
    assert [(one.get("qid"), one.get("local"), one.get("never")) for one in found["link"]] == [
        (RAMA, None, None), (None, True, None), (None, None, [RAMA]), ("Q19689", None, None),
    ]  # fmt: skip
    assert (found["link"][0]["by"], found["link"][0]["article"], found["link"][0]["when"].year > 2000) == (
        "Ада Л.",
        "0123",
        True,
    )
    assert "article" not in found["link"][1]
    assert found["claim"][0]["verdict"] == "reject"
    assert found["missing"][0]["name"] == "Durrës"
    assert "Decided (6)" in text_of(client.get("/review?tab=decided"))
    assert 'value="Ада Л."' in client.get("/review").text


@pytest.mark.parametrize("wrong", [
    {"choice": "Tirana"}, {"table": "drop"}, {"table": "claim", "id": "x", "verdict": "maybe"}, {"table": "missing"},
    {"kind": "GOD"}, {"name": ""},
])  # fmt: skip
def test_what_decides_nothing_is_refused_with_a_reason(reviewed, wrong):
    client = opened(reviewed)
    answer = client.post("/review", data=form_on(client, **wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert decisions(reviewed) == {}


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Host": "evil.example"},  # a name of theirs that leads to this machine
], ids=str)  # fmt: skip
def test_a_page_from_elsewhere_cannot_decide(reviewed, headers):
    client = opened(reviewed)
    assert client.post("/review", data=form_on(client), headers=headers).status_code == 403
    assert decisions(reviewed) == {}


def test_another_sites_script_may_read_data_but_no_page(client):
    afar = {"Origin": "http://evil.example"}
    for path in (
        "/",
        article_of(client, "el"),
        "/review",
        "/suggest?q=rama",
        "/entity/nobody",
        "/questions/articles.csv",
    ):
        answer = client.get(path, headers={"Accept": "text/html", **afar})
        assert "access-control-allow-origin" not in answer.headers, path
    for path in ("/sparql?query=ASK%20%7B%7D", f"/entity/{RAMA}.ttl"):
        assert client.get(path, headers=afar).headers["access-control-allow-origin"] == "*", path


def test_without_the_form_of_this_page_nothing_is_decided(reviewed):
    client = opened(reviewed)
    form = form_on(client)
    assert client.post("/review", data=form | {"token": "0" * 64}).status_code == 403
    assert opened(reviewed).post("/review", data=form).status_code == 403  # another browser: without the cookie
    assert decisions(reviewed) == {}


def test_another_machine_needs_the_token(reviewed):
    def afar(**state):
        app = create_app(State(reviewed, Pool(1, Limits()), **state))
        return TestClient(app, base_url="http://news.example", client=("192.0.2.7", 5000))

    client = afar()
    assert client.post("/review", data=form_on(client, key="secret")).status_code == 403
    client = afar(token="secret")
    assert client.post("/review", data=form_on(client, key="guess")).status_code == 403
    assert client.post("/review", data=form_on(client, key="secret"), follow_redirects=False).status_code == 303


def test_a_file_takes_no_decisions(tmp_path):
    client = opened(SMALL["write"](tmp_path / "small.nq"))
    answer = client.post("/review", data=form_on(client))
    assert answer.status_code == 400
    assert "graph folder" in answer.text


def test_a_broken_overrides_file_is_told_and_kept(reviewed):
    (reviewed / "overrides.toml").write_text("[[link", encoding="utf-8")
    client = opened(reviewed)
    assert "by hand" in text_of(client.get("/review"))
    assert client.post("/review", data=form_on(client)).status_code == 400
    assert (reviewed / "overrides.toml").read_text() == "[[link"


# --- the editor, and what is vendored --------------------------------------------------------------------


def test_the_editor_knows_only_us(client):
    page = client.get("/query").text
    assert '"endpoint": "/sparql"' in page
    assert "kg:metWith" in page
    script = (STATIC / "vendor" / "yasgui.min.js").read_text(encoding="utf-8")
    for address in ("dbpedia.org/sparql", "lov.linkeddata.es", "query.wikidata.org"):
        assert address not in script


def test_vendored_files_are_small_licensed_and_served(client):
    vendored = list((STATIC / "vendor").iterdir())
    assert sum(file.stat().st_size for file in vendored) < 3_000_000
    readme = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    for package in ("@zazuko/yasgui", "cytoscape", "world-atlas", "source-serif-4", "source-sans-3"):
        assert re.search(rf"\| \S*{package} \| [\d.]+ \| (MIT|ISC|OFL)", readme)
    answer = client.get("/static/vendor/world.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/%2e%2e/routes.py").status_code == 404


def test_the_map_has_no_line_across_the_world():
    paths = re.findall(r' d="([^"]+)"', (STATIC / "vendor" / "world.svg").read_text(encoding="utf-8"))
    steps = [
        int(x) for path in paths for line in re.findall(r"l([^Mz]+)", path) for x in re.findall(r"-?\d+", line)[::2]
    ]
    assert len(steps) > 10_000
    assert max(map(abs, steps)) < 3600 / 2


# --- words cut, and pictures -----------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: Span(p[0], p[0] + p[1])), max_size=6)


@given(st.text(alphabet="ab .\n\u2028я", max_size=60), SPANS, SPANS, SPANS, SPANS)
def test_no_character_is_lost_or_shown_twice(text, skipped, sentences, mentions, triggers):
    found = blocks(text, [Skipped(s, "x") for s in skipped], sentences, [Marked(s, s) for s in mentions], triggers)
    pieces = [piece for block in found for line in block for stretch in line.stretches for piece in stretch.pieces]
    assert all(text[p.start : p.start + len(p.text)] == p.text for p in pieces)
    shown = "".join(piece.text for piece in pieces)
    assert "".join(shown.split()) == "".join(text.split())


def test_a_name_across_two_sentences_is_marked_in_both():
    (block,) = blocks("one two three", [], [Span(0, 7), Span(7, 13)], [Marked(Span(4, 9), "m")], [])
    marked = [(line.sentence.start, s.pieces[0].text) for line in block for s in line.stretches if s.mention]
    assert marked == [(0, "two"), (7, " t")]


def test_a_map_holds_its_places():
    places = [Place("A", "/a", 41.7, 44.8), Place("B", "/b", 43.2, 27.9, 5), Place("C", "/c", -33.4, -70.6)]
    for some in (places, places[:1], places[:2]):
        found = world(some)
        assert len(found.marks) == len(some)
        assert all(0 < mark.x < 100 and 0 < mark.y < 100 for mark in found.marks)
    assert world([]) is None


@pytest.mark.parametrize("day", [(-90, 180), (90, -180), (0, 0)])
def test_a_map_of_the_edge_of_the_world(day):
    assert world([Place("x", "/x", *day)]).marks[0].place.label == "x"


def test_a_histogram_has_no_gaps():
    assert [bar.number for bar in histogram(["2025-01-03", "2025-03-01", "2025-03-02"])] == [1, 0, 2]
    assert [bar.label for bar in histogram(["2019", "2021-05"])] == ["2019", "2020", "2021"]
    assert histogram(["", "../2025", "soon"]) == ()


@pytest.mark.parametrize(
    ("times", "apart"),
    [
        (["2024-12-25", "2024-12", ""], False),
        (["2024-12-25?", "2024-12-25"], False),
        (["2024-12-25", "2024-12-26"], True),
        (["2024-12", "2024-11/2024-12", "2025"], True),
        (["2024-12-25", "soon"], True),
    ],
)
def test_a_vaguer_time_does_not_differ(times, apart):
    said = [(Telling(None, "fire", "fire", "asserted", time, None), None) for time in times]
    assert _apart(said) is apart
