"""Sources: what a person names, what comes out, and what he is told when nothing does."""

import gzip
import io
import os
import re
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read import read
from kg.web import Fetched

STORM = "date 2024-03-05 Бурята отнесе покрива на училището в Шумен. Няма пострадали.\n"
VOTE = "Der Stadtrat hat am Montag den Haushalt beschlossen. Drei Mitglieder stimmten dagegen.\n"


def write(folder: Path, **files: str | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def documents(*inputs: object, **options: object) -> list[Document]:
    found = list(read([str(item) for item in inputs], **options))
    assert all(isinstance(item, Document) for item in found), found
    return found


def rejected(*inputs: object, **options: object) -> Rejected:
    (found,) = read([str(item) for item in inputs], **options)
    assert isinstance(found, Rejected), found
    assert found.what
    assert found.do
    assert "\n" not in found.what + found.do
    return found


def test_a_file_is_one_document_with_its_text_unaltered(tmp_path):
    write(tmp_path, storm__txt=" " + STORM)
    (document,) = documents(tmp_path / "storm.txt")
    assert document.text == " " + STORM
    assert document.published == date(2024, 3, 5)
    assert document.url == "storm.txt"
    assert [(row.reason, row.span.of(document.text)) for row in document.skipped] == [("dateline", "date 2024-03-05")]


@pytest.mark.parametrize(
    "opening", ["date 2024-13-05 ", "date 2024-03-051 ", "dated 2024-03-05 ", "x date 2024-03-05 "]
)
def test_what_only_looks_like_a_dateline_is_text(tmp_path, opening):
    write(tmp_path, a__txt=opening + VOTE)
    (document,) = documents(tmp_path / "a.txt")
    assert document.published is None
    assert document.skipped == ()


def test_carriage_returns_and_no_break_spaces_stay_and_a_byte_order_mark_goes(tmp_path):
    text = "Първи ред.\r\n\u00a0Втори ред.\r\n"
    write(tmp_path, a__txt=b"\xef\xbb\xbf" + text.encode(), b__txt=b"\xff\xfe" + text.encode("utf-16-le"))
    assert [document.text for document in documents(tmp_path)] == [text, text]


def test_a_folder_is_read_whole_and_sorted_and_what_is_no_article_is_passed_over(tmp_path):
    write(tmp_path / "b", x__txt=VOTE)
    write(tmp_path / "a" / "deep", y__txt=STORM, README__md="# Notes", photo__jpg=b"\xff\xd8\xff")
    write(tmp_path, z__txt=VOTE + "1", _hidden="")
    (tmp_path / ".hidden.txt").write_text(VOTE)
    assert [document.url for document in documents(tmp_path)] == ["y.txt", "x.txt", "z.txt"]


def test_a_glob_is_sorted(tmp_path):
    write(tmp_path, b__txt=VOTE, a__txt=STORM, c__md="# no")
    assert [document.url for document in documents(f"{tmp_path}/*.txt")] == ["a.txt", "b.txt"]


def test_ids_do_not_depend_on_the_folder_the_order_or_the_packing(tmp_path, monkeypatch):
    write(tmp_path / "one", a__txt=STORM, b__txt=VOTE)
    write(tmp_path / "two", a__txt__gz=gzip.compress(STORM.encode()))
    first = {document.id for document in documents(tmp_path / "one")}
    monkeypatch.chdir(tmp_path / "one")
    again = {document.id for document in documents("b.txt", "./a.txt")}
    (packed,) = documents("../two/a.txt.gz")
    assert first == again
    assert packed.id in first
    assert len(first) == 2
    assert not any(str(tmp_path) in (document.url or "") for document in documents(tmp_path / "one"))


def test_another_text_or_another_name_is_another_id(tmp_path):
    write(tmp_path, a__txt=STORM, b__txt=STORM, c__txt=VOTE)
    assert len({document.id for document in documents(tmp_path)}) == 3


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STORM.encode())))
    (document,) = documents("-")
    assert document.url is None
    assert document.published == date(2024, 3, 5)


def test_standard_input_may_be_of_any_format(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b'{"text": "Snow fell.", "id": 7}\n'))))
    (document,) = documents("-")
    assert (document.text, document.url) == ("Snow fell.", "7")


def test_an_address_is_fetched_and_its_declared_type_and_encoding_hold():
    asked = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(url, 200, "text/plain", "Снег валя цяла нощ.".encode("koi8-r"), "koi8-r")

    (document,) = documents("https://example.org/snow?id=1", fetch=fetch)
    assert document.text == "Снег валя цяла нощ."
    assert document.url == "https://example.org/snow?id=1"
    assert asked == ["https://example.org/snow?id=1"]


def test_an_address_that_fails_is_rejected_and_the_rest_goes_on(tmp_path):
    def fetch(url: str) -> Fetched:
        raise InputError(f"{url} answered 404.", "Check the address.")

    write(tmp_path, a__txt=VOTE)
    found = list(read(["https://example.org/gone", str(tmp_path)], fetch=fetch))
    assert found[0] == Rejected(
        "https://example.org/gone", "https://example.org/gone answered 404.", "Check the address."
    )
    assert isinstance(found[1], Document)


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.txt", "does not exist"), ("*.none", "Nothing matches"), ("hollow", "has no articles")],
)
def test_an_input_that_names_nothing_is_an_error_before_anything_is_read(tmp_path, name, said):
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "notes.md").write_text("# no article")
    with pytest.raises(InputError, match=said) as error:
        read([str(tmp_path / name)])
    assert error.value.do


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"date 2024-03-05\n", "has no article"),
        (b"\x00\x01\x02\x03" * 50, "not UTF-8|binary"),
        (b"%PDF-1.7 stuff", "a PDF file"),
        (b"PK\x03\x04 stuff", "a ZIP or Office file"),
        (b"\x89PNG\r\n", "a picture"),
        (bytes(range(128, 255)) * 3, "no other encoding"),
        ("Ελλάδα".encode("utf-16-be"), "not UTF-8|binary"),
        (b"\x1f\x8b\x08\x00 broken", "can't be read"),
        (b"a" * 20_000_001, "larger than"),
    ],
)
def test_a_file_that_is_no_article_is_rejected(tmp_path, content, said):
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        problem = rejected("a.txt")
    assert re.search(said, problem.what), problem
    assert "a.txt" in problem.what


def test_a_broken_file_does_not_stop_the_rest(tmp_path):
    write(tmp_path, a__txt=b"", b__txt=VOTE, c__txt=b"\xff\xfe\xfd" * 3)
    kinds = [type(item) for item in read([str(tmp_path)])]
    assert kinds == [Rejected, Document, Rejected]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_rejected(tmp_path):
    write(tmp_path, a__txt=VOTE)
    (tmp_path / "a.txt").chmod(0)
    assert "can't be read" in rejected(tmp_path / "a.txt").what


OLD = {
    "cp1251": "В понедельник утром в Казани открыли новый мост, сообщил мэр. "
    "Его строили три года, и он уже был нужен городу.",
    "koi8_u": "У понеділок у Львові відкрили новий міст, повідомив мер. "
    "Його будували три роки, і він був потрібен місту.",
    "cp1253": "Το νέο γεφύρι άνοιξε τη Δευτέρα στην Πάτρα, είπε ο δήμαρχος. "
    "Οι εργασίες κράτησαν τρία χρόνια και θα συνεχιστούν.",
    "cp1254": "Belediye başkanı pazartesi günü yeni köprüyü açtı ve şöyle dedi: Bu iş çok uzun sürdü, ancak bitti.",
    "cp1250": "Starosta v pondělí otevřel nový most a řekl, že se na něj čekalo tři roky. "
    "Také podle něj bude ještě jeden.",
    "cp1252": "Le maire a ouvert lundi le nouveau pont et a déclaré que la ville l’attendait depuis trois ans, "
    "après bien des retards.",
}


@pytest.mark.parametrize("encoding", OLD)
def test_an_old_encoding_is_told_by_the_words_it_makes(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(OLD[encoding].encode(encoding))
    (document,) = documents(tmp_path / "a.txt")
    assert document.text == OLD[encoding]


def test_an_encoding_that_can_not_be_told_is_rejected_rather_than_guessed(tmp_path):
    (tmp_path / "a.txt").write_bytes("Jiří Šťáva, Łódź".encode("cp1250"))
    assert "iconv" in rejected(tmp_path / "a.txt").do


def test_documents_come_one_at_a_time(tmp_path):
    write(tmp_path, rows__jsonl="".join(f'{{"text": "Row {number} is here."}}\n' for number in range(1000)))
    stream = read([str(tmp_path)])
    assert next(iter(stream)).text == "Row 0 is here."
    (tmp_path / "rows.jsonl").write_text("")  # what is not read yet is not held: at most a buffer of it
    assert sum(1 for _ in stream) < 999


@given(st.text(max_size=300))
def test_any_text_is_a_document_unaltered_or_rejected(text):
    raw = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogatepass")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", raw)
        (found,) = read(["-"])
    if isinstance(found, Document) and not text.lstrip().startswith(("{", "[", "<")):
        assert found.text == text.removeprefix("\ufeff")
        ends = [0, *(row.span.end for row in found.skipped)]
        starts = [*(row.span.start for row in found.skipped), len(found.text)]
        assert all(end <= start for end, start in zip(ends, starts, strict=True))


def test_the_examples_are_read_with_their_dates():
    folder = Path(__file__).parents[1] / "examples" / "articles"
    found = {document.url: document.published for document in documents(folder)}
    assert len(found) == 5
    assert sum(1 for published in found.values() if published) == 4
    assert found["en-ferry.txt"] is None
