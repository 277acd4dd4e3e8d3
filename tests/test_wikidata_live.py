"""Live Wikidata, against a small one of our own that has bad days."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from fake_wikidata import FAULTS, FakeWikidata, wikidata
from tiny_facts import entity, made

from kg import names
from kg.cli import main
from kg.errors import KnowledgeError
from kg.knowledge import KnowledgeBase
from kg.knowledge.wikidata import Api, Asked, Learner, Live
from kg.web import Limits, Web

TEXT = (
    "date 2025-10-10 The airline Zendana Airlines cancelled ten flights on Thursday.\n\n"
    "The company was sorry, said Korvina Zelmandova in Tirana.\n"
)


@pytest.fixture
def server() -> Iterator[FakeWikidata]:
    with wikidata() as server:
        yield server


def api(server, folder=None, sleeps: list[float] | None = None, **limits) -> Api:
    chosen = Limits(**({"pause": 0.0, "fresh": 1000.0, "at_least": 1000.0, "stale": True, "tries": 3} | limits))
    return Api(Web(folder, chosen, sleep=(sleeps if sleeps is not None else []).append), server.url)


def test_search_and_get(server):
    asked = api(server)
    assert asked.search("Zendana Airlines", "en") == ["Q900101", "Q900103", "Q900104"]
    assert set(asked.items(["Q900101", "Q7"])) == {"Q900101"}  # Q7 is missing
    assert all(one["maxlag"] == "5" and one["format"] == "json" for one in server.asked)
    assert all(agent.startswith("newskg/") for agent in server.agents)


def test_fifty_items_go_into_one_request(server):
    api(server).items([f"Q{number}" for number in range(1, 121)])
    assert [len(one["ids"].split("|")) for one in server.asked] == [50, 50, 20]


def test_a_merged_item_comes_under_the_name_that_was_asked_for(server):
    assert api(server).items(["Q900199"])["Q900199"]["id"] == "Q900102"


@pytest.mark.parametrize("fault", FAULTS[:4])
def test_a_server_that_is_busy_or_breaks_off_is_asked_again(server, tmp_path, fault):
    sleeps: list[float] = []
    server.faults = [fault]
    assert api(server, tmp_path, sleeps).search("Korvina", "en") == ["Q900102"]
    assert len(sleeps) == 1
    if fault in {"429", "503", "maxlag"}:
        assert sleeps[0] in {3.0, 5.0}  # as Retry-After says
    assert api(server, tmp_path).search("Korvina", "en") == ["Q900102"]
    assert len(server.asked) == 2  # the fault was not kept, the answer was


@pytest.mark.parametrize("faults", [["html"], ["maxlag"] * 3, ["dropped"] * 3, ["truncated"] * 3, ["unknown"]])
def test_what_does_not_get_better_is_told(server, faults):
    server.faults = faults
    with pytest.raises(KnowledgeError) as told:
        api(server).search("Korvina", "en")
    assert server.url in told.value.what
    assert "search=" not in told.value.what
    assert told.value.do


def test_a_slow_server_is_left(server):
    server.delay = 1.0
    with pytest.raises(KnowledgeError):
        api(server, seconds=0.1, tries=1).search("Korvina", "en")


def test_without_a_network_old_answers_serve(server, tmp_path):
    fresh = {"folder": tmp_path, "fresh": 0.0, "at_least": 0.0}
    assert api(server, **fresh).search("Korvina", "en") == ["Q900102"]
    server.faults = ["dropped"] * 3
    assert api(server, **fresh).search("Korvina", "en") == ["Q900102"]
    with pytest.raises(KnowledgeError):
        api(server, requests=0, **fresh).search("Zendana", "en")


def live(server, tmp_path, **limits) -> Live:
    return Live(api(server, tmp_path / "cache", **limits))


def test_items_called_so_are_found_with_their_kind_however_high_its_class(server, tmp_path):
    found = live(server, tmp_path).entries([Asked("Zendana Airlines", "en"), Asked("Корвина Зелмандова", "bg")])
    assert {one["qid"]: one["type"] for one in found} == {"Q900101": "ORG", "Q900102": "PER"}
    assert (
        found[0]["labels"]["az"] == "Zendana Hava Yolları"
    )  # Q900103, a disambiguation page, is no entity; Q900104 is called otherwise


def test_case_endings_do_not_hide_a_name(server, tmp_path):
    assert [one["qid"] for one in live(server, tmp_path).entries([Asked("Zendana Hava Yollarından", "az")])] in (
        [],
        ["Q900101"],
    )
    assert [one["qid"] for one in live(server, tmp_path).entries([Asked("Zelmandova", "en")])] == []


def test_a_merged_item_is_recorded(server, tmp_path):
    (found,) = live(server, tmp_path).entries([Asked("Korvina Old", "en"), Asked("Korvina Zelmandova", "en")])
    assert (found["qid"], found.get("external")) == ("Q900102", {"merged": "Q900199"})


def test_what_is_learned_stays_learned_and_is_asked_once(server, tmp_path):
    base = made(tmp_path, entity(1))
    learner = Learner(base, live(server, tmp_path), tmp_path / "learned.kb")
    assert learner.learn([Asked("Zendana Airlines", "en")])
    asked = len(server.asked)
    assert not learner.learn([Asked("Zendana Airlines", "en"), Asked("Zendana Airlines", "en")])
    assert not learner.learn([Asked("Nobody At All", "en")])
    assert len(server.asked) <= asked + 2
    again = Learner(base, live(server, tmp_path), tmp_path / "learned.kb").base()
    assert "Q900101" in [again.qid(row) for row in again.exact(names.key("Zendana Airlines"))]
    assert again.qid(0) == "Q1"
    assert KnowledgeBase.open(tmp_path / "learned.kb").info()["sources"][0]["key"] == "wikidata"


# --- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def kg(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def linked(result):
    assert result.exit_code == 0, result.stderr
    return {one["surface"]: one["qid"] for one in json.loads(result.stdout)["mentions"]}


def test_annotate_asks_learns_and_then_knows_without_asking(home, server):
    before = linked(kg("annotate", home / "a.txt"))
    assert before["Korvina Zelmandova"] is None
    assert not server.asked
    found = linked(kg("annotate", home / "a.txt", "--online", "--api", server.url))
    assert found["Korvina Zelmandova"] == "Q900102"
    assert found["Zendana Airlines"] == "Q900101"
    learned = home / "data" / "newskg" / "learned.kb"
    assert linked(kg("annotate", home / "a.txt", "--kb", "starter", "--kb", learned)) == found


def test_without_a_network_articles_are_read_and_two_lines_say_why_not_all_was_asked(home):
    result = kg("annotate", home / "a.txt", "--online", "--api", "http://127.0.0.1:9/w/api.php", "--budget", "1")
    assert linked(result)["Korvina Zelmandova"] is None
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.usefixtures("home")
def test_search_online(server):
    found = kg("kb", "search", "Zendana Airlines", "--online", "--api", server.url)
    assert found.stdout.split()[0] == "Q900101"
    server.faults = ["unknown"]
    failed = kg("kb", "search", "Korvina Nobody", "--online", "--api", server.url)
    assert (failed.exit_code, len(failed.stderr.splitlines())) == (1, 2)


def test_several_workers_would_ask_at_once(home, server):
    assert kg("annotate", home / "a.txt", "--online", "--api", server.url, "--workers", "2").exit_code == 2
