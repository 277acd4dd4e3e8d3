import gzip
import json
import pickle
from typing import Any

import pytest
from tiny_facts import RURITANIA, entity, facts, found, made

from kg.errors import KnowledgeError
from kg.knowledge import KnowledgeBase, Layers, add, build
from kg.knowledge.layout import Container
from kg.knowledge.records import KINDS

# --- what can go wrong ----------------------------------------------------------------------------------------------


def test_facts_that_cannot_be_read_say_so(tmp_path):
    out = tmp_path / "out" / "x.kb"
    with pytest.raises(KnowledgeError, match="There is no folder"):
        build(tmp_path / "nowhere", out)
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnowledgeError, match=r"has no entities\.jsonl\.gz"):
        build(tmp_path / "empty", out)
    with pytest.raises(KnowledgeError, match="No entity"):
        build(facts(tmp_path / "none", []), out)
    bad = facts(tmp_path / "bad", [entity(1)])
    for line in ('{"qid": "Q2"', '{"qid": "2", "prior": 1}', "[]", json.dumps(entity(1) | {"prior": None})):
        (bad / "entities.jsonl.gz").write_bytes(gzip.compress((json.dumps(entity(1)) + "\n" + line).encode()))
        with pytest.raises(KnowledgeError, match="line 2 is no entity"):
            build(bad, out)
    shapes: dict[str, Any] = {"labels": [], "country": ["RU"], "positions": [["Q1", None]], "qid": "Q5000000000"}
    for field, value in (shapes | {"aliases": {"en": [1]}, "occupations": [None]}).items():
        with pytest.raises(KnowledgeError, match="line 1 is no entity"):
            build(facts(tmp_path / "shape", [entity(5) | {field: value}]), out)
    for field, value in (("type", "CITY"), ("prior", 2)):
        with pytest.raises(KnowledgeError, match="Q5 has no type"):
            build(facts(tmp_path / "wrong", [entity(5) | {field: value}]), out)
    with pytest.raises(KnowledgeError, match="have Q5 twice"):
        build(facts(tmp_path / "twice", [entity(5), entity(5)]), out)
    with pytest.raises(KnowledgeError, match="does not name blogs"):
        build(facts(tmp_path / "sources", [entity(5, sources=["blogs:x"])]), out)
    with pytest.raises(KnowledgeError, match="line 1 is no relation"):
        build(facts(tmp_path / "relations", [entity(5)], "Q5 P1 Q5\n"), out)
    (bad / "entities.jsonl.gz").write_bytes(gzip.compress(json.dumps([entity(n) for n in range(99)]).encode())[:-40])
    with pytest.raises(KnowledgeError, match="can't be read"):
        build(bad, out)
    (bad / "SOURCES.md").unlink()
    (bad / "entities.jsonl.gz").write_bytes(gzip.compress(json.dumps(entity(1)).encode()))
    with pytest.raises(KnowledgeError, match=r"has no SOURCES\.md"):
        build(bad, out)
    assert not list((tmp_path / "out").glob("*"))


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KnowledgeError, match="can't be written"):
        build(facts(tmp_path / "facts", [entity(1)]), tmp_path / "file" / "x.kb")


def test_files_that_are_no_base_say_so(tmp_path):
    base = made(tmp_path, entity(1))
    whole = base.path.read_bytes()
    path = tmp_path / "bad.kb"
    with pytest.raises(KnowledgeError, match="There is no knowledge base"):
        KnowledgeBase.open(path)
    with pytest.raises(KnowledgeError, match="can't be opened"):
        KnowledgeBase.open(tmp_path)
    cases = {
        "nearly empty": b"",
        "is no knowledge base": b"PK" + whole[2:],
        "cut short or damaged": whole[:-7],
        "of version 2": whole[:8] + b"\x02" + whole[9:],
    }
    for words, content in cases.items():
        path.write_bytes(content)
        with pytest.raises(KnowledgeError, match=words) as error:
            KnowledgeBase.open(path)
        assert error.value.do
    path.write_bytes(whole[: len(whole) // 2] + b"\0" * (len(whole) - len(whole) // 2))
    with pytest.raises(KnowledgeError, match="cut short or damaged"):
        KnowledgeBase.open(path)


def test_progress_is_told(tmp_path):
    told = []
    build(facts(tmp_path / "facts", [entity(1)]), tmp_path / "x.kb", None, lambda what, done: told.append((what, done)))
    steps = list(dict.fromkeys(what for what, _ in told))
    assert steps == ["reading entities", "reading names", "reading relations", "writing"]


def test_a_base_travels_to_other_processes(tmp_path):
    base = made(tmp_path, entity(1))
    other = pickle.loads(pickle.dumps(base))
    assert (other.id, other.label(0)) == (base.id, "Name 1")


def test_sections_are_aligned(tmp_path):
    container = Container.open(made(tmp_path, *(entity(n) for n in range(1, 40))).path)
    assert all(offset % 64 == 0 for _, offset, _ in container.header["sections"].values())
    assert set(KINDS) >= set(container.header["info"]["kinds"])


# --- a base of one's own --------------------------------------------------------------------------------------------


def test_what_a_user_adds_lies_over_the_other_base(tmp_path):
    base = made(tmp_path, *RURITANIA)
    mine = tmp_path / "mine.kb"
    add(mine, [{"qid": "Q50", "kind": "ORG", "labels": {"en": "Strelsau Airlines"}, "country": ["Q1"]}])
    add(mine, [{"qid": "Q11", "type": "PER", "labels": {"el": "Φλαβία"}, "aliases": {"en": ["Queen Flavia"]}}])
    add(mine, [{"qid": "Q50", "type": "ORG", "labels": {"en": "Strelsau Air"}}])
    both = Layers.open(base.path, mine)
    assert len(both) == len(base) + 2
    assert found(both, "Strelsau Airlines") == found(both, "Strelsau Air") == ["Q50"]
    assert [both.label(row) for row in both.exact("queen flavia")] == ["Flavia Elphberg"]
    row = both.row("Q11")
    assert row == base.row("Q11")
    assert row is not None
    assert both.record(row).labels == {"en": "Flavia Elphberg", "el": "Φλαβία"}
    assert both.record(row).positions == base.record(row).positions
    own = both.row("Q50")
    assert own is not None
    assert own >= len(base)
    assert (both.kind(own), both.prior(own), both.label(own)) == ("ORG", 0.5, "Strelsau Air")
    assert both.search("president of Ruritania")[0].qid == "Q11"
    assert both.search("Φλαβία")[0].qid == "Q11"
    assert both.id not in {base.id, KnowledgeBase.open(mine).id}
    assert [layer["entities"] for layer in both.info()["layers"]] == [len(base), 2]
    assert pickle.loads(pickle.dumps(both)).id == both.id
    assert both.has_prefix("strelsau")
    assert both.related(base.row("Q11") or 0) == base.related(base.row("Q11") or 0)


def test_an_entry_must_say_what_it_is(tmp_path):
    with pytest.raises(KnowledgeError, match="Entry 2 has no labels"):
        add(tmp_path / "mine.kb", [{"qid": "Q1", "kind": "PER", "labels": {"en": "A B"}}, {"qid": "Q2", "kind": "PER"}])
    with pytest.raises(KnowledgeError, match="Entry 1 is malformed"):
        add(tmp_path / "mine.kb", [{"qid": "X1", "kind": "PER", "labels": {"en": "A B"}}])
    with pytest.raises(KnowledgeError, match="No entity"):
        add(tmp_path / "mine.kb", [{"qid": "Q1", "kind": "PER", "labels": {"ja": "安倍"}}])
    assert not list(tmp_path.glob("**/*.jsonl"))
    assert not (tmp_path / "mine.kb").exists()
