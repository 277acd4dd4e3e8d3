"""The gold sentences are well-formed, plenty, varied, and none is twice; the parser refuses what is not markup."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import gold_sentences as gold
import pytest

WIDE = ("az", "bg", "el", "en", "ro", "ru", "tr", "uk")
OTHERS = ("cs", "de", "es", "fr", "it", "nl", "pl", "pt", "sl", "sr")
QUOTES = "\"'„“”«»‘’"
SCRIPTS = {"bg": "CYRILLIC", "ru": "CYRILLIC", "uk": "CYRILLIC", "el": "GREEK"}

every_language = pytest.mark.parametrize("language", [*WIDE, *OTHERS])


def test_the_languages_are_the_eighteen() -> None:
    assert set(gold.languages()) == {*WIDE, *OTHERS}


@every_language
def test_there_are_enough_sentences(language: str) -> None:
    assert len(gold.sentences(language)) >= (60 if language in WIDE else 20)


@every_language
def test_some_sentences_name_nobody(language: str) -> None:
    rows = gold.sentences(language)
    without = sum(not row.entities for row in rows)
    assert 0.08 <= without / len(rows) <= 0.2


@every_language
def test_every_label_is_frequent(language: str) -> None:
    counts: Counter[str] = Counter(label for row in gold.sentences(language) for _, _, label in row.entities)
    least = 25 if language in WIDE else 9
    assert {label: counts[label] for label in gold.LABELS if counts[label] < least} == {}


@every_language
def test_headlines_stand_among_the_sentences_and_one_shouts(language: str) -> None:
    headlines = [row for row in gold.sentences(language) if row.headline]
    assert len(headlines) >= 2
    assert any(row.text == row.text.upper() for row in headlines)


@every_language
def test_text_is_nfc_trimmed_and_has_single_spaces(language: str) -> None:
    for row in gold.sentences(language):
        assert row.text == unicodedata.normalize("NFC", row.text)
        assert row.text == " ".join(row.text.split(" ")).strip()
        assert row.text
        assert "  " not in row.text


@every_language
def test_spans_are_whole_words_without_quotes_around(language: str) -> None:
    for row in gold.sentences(language):
        for start, end, _ in row.entities:
            name = row.text[start:end]
            assert name
            assert name == name.strip()
            assert name[0] not in QUOTES or name.startswith("'s-"), name
            # a closing quotation mark only with its partner inside: Университет „Св. Климент Охридски“
            assert name[-1] not in QUOTES or any(mark in name[:-1] for mark in QUOTES), name
            assert name[-1] not in ",;:", name
            assert start == 0 or not row.text[start - 1].isalnum(), row.text
            assert end == len(row.text) or not row.text[end].isalnum(), row.text


@every_language
def test_spans_ascend_and_do_not_overlap(language: str) -> None:
    for row in gold.sentences(language):
        assert all(left[1] < right[0] for left, right in zip(row.entities, row.entities[1:], strict=False))


@every_language
def test_letters_of_two_scripts_do_not_mix_in_a_word(language: str) -> None:
    for row in gold.sentences(language):
        for word in row.text.replace("-", " ").split():
            scripts = {unicodedata.name(char).split()[0] for char in word if char.isalpha()}
            assert len(scripts - {"FEMININE", "MASCULINE"}) <= 1, word


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
def test_a_language_is_written_in_its_script(language: str, script: str) -> None:
    letters = [char for row in gold.sentences(language) for char in row.text if char.isalpha()]
    assert sum(unicodedata.name(char).startswith(script) for char in letters) / len(letters) > 0.95


def test_no_sentence_is_twice() -> None:
    texts = Counter(row.text.casefold() for language in gold.languages() for row in gold.sentences(language))
    assert [text for text, count in texts.items() if count > 1] == []


def test_parse_gives_offsets_of_the_bare_text() -> None:
    text, entities = gold.parse("В [LOC София] с [PER И. Иванов].")
    assert text == "В София с И. Иванов."
    assert [(text[start:end], label) for start, end, label in entities] == [("София", "LOC"), ("И. Иванов", "PER")]


@pytest.mark.parametrize(
    "line",
    [
        "[PER Ada",
        "Ada] came",
        "[EVT Easter] came",
        "[PER  Ada] came",
        "[PER Ada ] came",
        "[PER ] came",
        "[ORG [LOC X] Y]",
    ],
)
def test_parse_refuses_broken_markup(line: str) -> None:
    with pytest.raises(gold.MarkupError):
        gold.parse(line)


def test_a_mistyped_headline_mark_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.txt").write_text("# headlin: [LOC Turin]\n", encoding="utf-8")
    with pytest.raises(gold.MarkupError):
        gold.sentences("xx", tmp_path)


def test_the_digest_changes_with_a_label_and_not_with_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "xx.txt"
    path.write_bytes(b"[LOC Turin] wins\n")
    first = gold.digest(folder=tmp_path)
    path.write_bytes(b"[LOC Turin] wins\r\n")
    assert gold.digest(folder=tmp_path) == first
    path.write_bytes(b"[ORG Turin] wins\n")
    assert gold.digest(folder=tmp_path) != first
    assert gold.digest(["xx"], tmp_path) == gold.digest(folder=tmp_path)
