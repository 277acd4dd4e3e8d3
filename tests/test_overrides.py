"""What a person decided: read, checked, appended, and which entry holds."""

from datetime import date
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.model import Document, Mention, Ruling, Sentence, Span
from kg.overrides import Overrides, append

TEXT = "Georgia won in Atlanta. Ruritania did not."


def document(text: str = TEXT, url: str = "https://example.org/1") -> Document:
    return Document("0123456789abcdef", url, None, "en", date(2024, 5, 4), text)


def item(qid: str | None, *never: str) -> Ruling:
    return Ruling(qid, local=False, never=frozenset(never))


def read(tmp_path: Path, *texts: str) -> Overrides:
    paths = [tmp_path / f"{at}.toml" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return Overrides.read(*paths)


def test_a_name_means_its_item_in_every_script_and_case_form(tmp_path):
    found = read(tmp_path, '[[link]]\nname = "Rudolf Elphberg"\nqid = "Q9003"\n')
    assert found.ruling(document(), "Rudolf Elphberg", "en", "PER") == item("Q9003")
    assert found.ruling(document(), "Рудольфом Элфбергом", "ru", "PER") == item("Q9003")
    assert found.ruling(document(), "Rudolf Elphbergson", "en", "PER") is None
    greek = read(tmp_path, '[[link]]\nname = "Ρούντολφ Έλφμπεργκ"\nlang = "el"\nqid = "Q9003"\n')
    assert greek.ruling(document(), "ΡΟΥΝΤΟΛΦ ΕΛΦΜΠΕΡΓΚ", "el", "PER") == item("Q9003")
    cased = read(tmp_path, '[[link]]\nname = "Varberg"\nqid = "Q9003"\n')
    assert cased.ruling(document(), "Varbergdə", "az", "LOC") == item("Q9003")


@pytest.mark.parametrize(
    "condition",
    ['lang = "bg"', 'kind = "PER"', 'article = "https://example.org/2"', 'words = ["Tbilisi", "Batumi"]'],
)
def test_a_condition_that_does_not_hold_keeps_the_entry_out(tmp_path, condition):
    found = read(tmp_path, f'[[link]]\nname = "Georgia"\nqid = "Q9009"\n{condition}\n')
    assert found.ruling(document(), "Georgia", "en", "LOC") is None


@pytest.mark.parametrize(
    "condition",
    [
        'lang = "en"',
        'kind = "LOC"',
        'article = "https://example.org/1"',
        'article = "0123456789abcdef"',
        'words = ["atlanta"]',
    ],
)
def test_a_condition_that_holds_lets_it_in(tmp_path, condition):
    found = read(tmp_path, f'[[link]]\nname = "Georgia"\nqid = "Q9009"\n{condition}\n')
    assert found.ruling(document(), "Georgia", "en", "LOC") == item("Q9009")


def test_the_later_entry_holds_and_what_is_never_meant_adds_up(tmp_path):
    first = '[[link]]\nname = "Georgia"\nnever = ["Q1", "Q2"]\n[[link]]\nname = "Georgia"\nqid = "Q3"\n'
    assert read(tmp_path, first).ruling(document(), "Georgia", "en", "LOC") == item("Q3", "Q1", "Q2")
    after = '[[link]]\nname = "Georgia"\nqid = "Q2"\nnever = ["Q3"]\n'
    assert read(tmp_path, first, after).ruling(document(), "Georgia", "en", "LOC") == item("Q2", "Q1", "Q3")
    local = '[[link]]\nname = "Georgia"\nlocal = true\n'
    assert read(tmp_path, first, local).ruling(document(), "Georgia", "en", "LOC") == Ruling(
        None, local=True, never=frozenset({"Q1", "Q2"})
    )
    taken_back = '[[link]]\nname = "Georgia"\nnever = ["Q3"]\n'
    assert read(tmp_path, first, taken_back).ruling(document(), "Georgia", "en", "LOC") == item(None, "Q1", "Q2", "Q3")


def test_a_claim_is_judged_everywhere_or_in_one_article(tmp_path):
    found = read(
        tmp_path,
        '[[claim]]\nid = "https://example.org/claim/aa"\nverdict = "reject"\n'
        '[[claim]]\nid = "bb"\nverdict = "accept"\narticle = "https://example.org/2"\n',
    )
    assert found.verdict("aa", document()) == "reject"
    assert found.verdict("bb", document()) is None
    assert found.verdict("bb", document(url="https://example.org/2")) == "accept"
    assert found.verdict("cc", document()) is None


def test_a_missing_name_is_told_for_its_article_only(tmp_path):
    found = read(
        tmp_path,
        '[[missing]]\narticle = "https://example.org/1"\nname = "Zenda"\nkind = "LOC"\n'
        '[[missing]]\narticle = "https://example.org/1"\nquote = "They met."\nnote = "no meeting was found"\n',
    )
    text = "Zenda saw rain. Zendans and New Zenda did not."
    sentences = [Sentence(Span(0, 15), "en"), Sentence(Span(16, len(text)), "en")]
    known = Mention(Span(28, 37), "New Zenda", "LOC", "en")
    mentions = found.with_left_out(document(text), sentences, [known])
    assert [(m.surface, m.kind, m.method) for m in mentions] == [
        ("Zenda", "LOC", "override"),
        ("New Zenda", "LOC", "dictionary"),
    ]
    assert list(found.with_left_out(document(text, "https://example.org/2"), sentences, [known])) == [known]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[link]]\nqid = 'Q1'\n", "'name'"),
        ("[[link]]\nname = 'A1'\n", "none of qid, local, never"),
        ("[[link]]\nname = '?!'\nqid = 'Q1'\n", "no letters"),
        ("[[link]]\nname = 'Ada'\nqid = '1'\n", "'1' is no QID"),
        ("[[link]]\nname = 'Ada'\nqid = 'Q1'\nlocal = true\n", "both"),
        ("[[link]]\nname = 'Ada'\nnever = 'Q1'\n", "never is no list"),
        ("[[link]]\nname = 'Ada'\nqid = 'Q1'\nlanguage = 'en'\n", "it has language"),
        ("[[link]]\nname = 'Ada'\nqid = 'Q1'\nkind = 'MAN'\n", "kind 'MAN'"),
        ("[[claim]]\nid = 'aa'\nverdict = 'maybe'\n", "'maybe'"),
        ("[[missing]]\narticle = 'x'\n", "neither name nor quote"),
        ("[[links]]\nname = 'Ada'\n", "[[links]]"),
        ("[[link]\n", "no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_number(tmp_path, text, told):
    with pytest.raises(DataError) as error:
        read(tmp_path, text)
    assert "0.toml" in error.value.what
    assert told in error.value.what


def test_an_appended_entry_is_read_back_whatever_it_holds(tmp_path):
    path = tmp_path / "overrides.toml"
    append(path, "link", {"name": 'Ελ "Ν"\\\x7f\n', "qid": "Q5", "lang": None, "by": "ada", "when": date(2026, 11, 26)})
    append(path, "claim", {"id": "aa", "verdict": "reject", "when": "2026-11-26T10:00:00Z"})
    found = Overrides.read(path)
    assert (found.links[0].name, found.links[0].qid) == ('Ελ "Ν"\\\x7f\n', "Q5")
    assert found.claims[0].verdict == "reject"
    assert not list(tmp_path.glob("tmp*"))


def test_an_entry_that_means_nothing_is_not_appended(tmp_path):
    path = tmp_path / "overrides.toml"
    append(path, "claim", {"id": "aa", "verdict": "reject"})
    before = path.read_text(encoding="utf-8")
    for table, entry in (("claim", {"id": "bb", "verdict": "?"}), ("link", {"name": "Ada"}), ("fact", {"id": "cc"})):
        with pytest.raises(DataError):
            append(path, table, entry)
    assert path.read_text(encoding="utf-8") == before


def test_notes_and_dates_change_no_graph(tmp_path):
    plain = read(tmp_path, '[[claim]]\nid = "aa"\nverdict = "reject"\n')
    noted = read(tmp_path, '[[claim]]\nid = "aa"\nverdict = "reject"\nby = "ada"\nnote = "no"\n')
    assert plain.id == noted.id != Overrides().id
    assert not Overrides()


def test_a_claim_judged_as_the_graph_has_it_is_met_as_articles_have_it(tmp_path):
    text = '[[claim]]\nid = "shown"\nverdict = "reject"\n'
    found = read(tmp_path, text)
    (new,) = found.unmet(lambda claim: {"raw"} if claim == "shown" else {claim})
    assert (new.id, new.verdict, new.of) == ("raw", "reject", "shown")
    known = text + '[[claim]]\nid = "raw"\nverdict = "reject"\nof = "shown"\n'
    assert read(tmp_path, known).unmet(lambda _: {"raw"}) == []
    assert read(tmp_path, known).verdict("raw", document()) == "reject"
    taken_back = known + '[[claim]]\nid = "shown"\nverdict = "accept"\n'
    assert read(tmp_path, taken_back).verdict("raw", document()) == "accept"
