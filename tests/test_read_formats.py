"""HTML, feeds, JSON lines, CSV and WARC, each as found in the wild and each broken."""

import csv
import gzip
import io
import json
from datetime import date

import pytest

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read import read
from kg.web import Fetched

PAGE = """<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8">
<title>Le vieux phare rallumé | Gazette du Port</title>
<meta property="og:title" content="Le vieux phare rallumé"><meta property="og:site_name" content="Gazette du Port">
<meta property="article:published_time" content="2024-05-17T08:30:00+02:00">
<link rel="canonical" href="https://gazette.example/phare"></head>
<body><nav><a href="/">Accueil</a> <a href="/sport">Sport</a></nav><article><h1>Le vieux phare rallumé</h1>
<p>Le phare de la pointe, éteint depuis onze ans, a été rallumé vendredi soir devant plusieurs centaines
de personnes.</p>
<p>La maire a remercié les bénévoles qui ont réparé la lanterne pendant trois hivers, avec l’aide d’un horloger.</p>
<h2>Une visite en juin</h2><p>Le public pourra monter les deux cents marches le dimanche à partir du mois de juin.</p>
</article><footer>© 2024 Gazette du Port</footer></body></html>"""


def answers(url: str, kind: str, body: bytes, encoding: str | None = None):
    return list(read([url], fetch=lambda asked: Fetched(asked, 200, kind, body, encoding)))


def from_file(tmp_path, name: str, content: str | bytes) -> list[Document | Rejected]:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read([str(tmp_path / name)]))


def test_a_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    (document,) = from_file(tmp_path, "page.html", PAGE)
    assert document.title == "Le vieux phare rallumé"
    assert (document.lang, document.published, document.publisher) == ("fr", date(2024, 5, 17), "Gazette du Port")
    assert document.url == "https://gazette.example/phare"
    assert document.text.startswith("Le vieux phare rallumé\n\nLe phare de la pointe, éteint")
    assert "horloger.\n\nUne visite en juin\n\nLe public" in document.text
    assert "Accueil" not in document.text


def test_a_fetched_page_keeps_its_address_when_the_canonical_one_is_of_another_host():
    (document,) = answers("https://mirror.example/x", "text/html", PAGE.encode())
    assert document.url == "https://mirror.example/x"
    (document,) = answers("https://gazette.example/phare?utm=1", "text/html", PAGE.encode())
    assert document.url == "https://gazette.example/phare"


def test_a_page_in_the_encoding_that_it_declares(tmp_path):
    page = PAGE.replace("utf-8", "windows-1252").replace("’", "'")
    (document,) = from_file(tmp_path, "page.html", page.encode("cp1252"))
    assert "éteint depuis onze ans" in document.text


def test_a_page_without_a_date_has_none(tmp_path):
    page = PAGE.replace('<meta property="article:published_time" content="2024-05-17T08:30:00+02:00">', "")
    (document,) = from_file(tmp_path, "page.html", page)
    assert document.published is None


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><nav><a href='/'>Home</a></nav></body></html>", "<"])
def test_a_page_without_an_article_is_rejected(tmp_path, page):
    (problem,) = from_file(tmp_path, "page.html", page)
    assert isinstance(problem, Rejected)
    assert "no article" in problem.what


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour Herald</title><language>en-gb</language>
<item><title>Bridge &amp; tunnel reopen</title><link>https://herald.example/1</link>
<pubDate>Fri, 17 May 2024 06:00:00 GMT</pubDate>
<description>Both are open.</description>
<content:encoded><![CDATA[<p>The bridge and the tunnel are <b>open</b> again.</p>
<script>x()</script><p>Tolls stay.</p>]]></content:encoded></item>
<item><title>Nothing in it</title><link>https://herald.example/2</link></item>
<item><guid>https://herald.example/3</guid><description>Only a line &lt;i&gt;here&lt;/i&gt;.</description></item>
</channel></rss>"""


def test_a_feed_gives_a_document_each_entry(tmp_path):
    first, second, third = from_file(tmp_path, "news.rss", RSS)
    assert first.text == "Bridge & tunnel reopen\n\nThe bridge and the tunnel are open again.\n\nTolls stay."
    assert (first.url, first.title) == ("https://herald.example/1", "Bridge & tunnel reopen")
    assert (first.lang, first.published, first.publisher) == ("en", date(2024, 5, 17), "Harbour Herald")
    assert isinstance(second, Rejected)
    assert "entry 2" in second.what
    assert (third.url, third.text) == ("https://herald.example/3", "Only a line here.")


def test_atom(tmp_path):
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafenblatt</title><entry>
    <title>Deich hält</title><link rel="edit" href="https://h.example/edit"/><link href="https://h.example/deich"/>
    <updated>2024-02-01T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p>Der Deich hat gehalten.</p><p>Das Wasser fällt.</p></div></content></entry></feed>"""
    (document,) = from_file(tmp_path, "news.atom", atom)
    assert document.text == "Deich hält\n\nDer Deich hat gehalten.\n\nDas Wasser fällt."
    assert (document.url, document.lang) == ("https://h.example/deich", "de")
    assert (document.published, document.publisher) == (date(2024, 2, 1), "Hafenblatt")


def test_entities_of_a_feed_are_not_expanded_and_files_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("the secret")
    bomb = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"x" * 1000}"><!ENTITY b "{"&a;" * 1000}">
    <!ENTITY c SYSTEM "file://{tmp_path}/secret">]><rss><channel><item><title>A title of an item</title>
    <description>before &b; &c; after</description></item></channel></rss>"""
    (found,) = from_file(tmp_path, "bomb.rss", bomb)
    assert isinstance(found, Rejected) or len(found.text) < 200
    assert "secret" not in getattr(found, "text", "")


@pytest.mark.parametrize(
    "content", ["no xml at all", "<rss><channel><title>Empty</title></channel></rss>", "<a><b></a>"]
)
def test_what_is_no_feed_is_rejected(tmp_path, content):
    (problem,) = from_file(tmp_path, "x.rss", content)
    assert "no RSS or Atom feed" in problem.what


def test_a_feed_declared_by_its_server_or_by_its_first_bytes():
    assert len(answers("https://herald.example/feed", "application/rss+xml", RSS.encode())) == 3
    assert len(answers("https://herald.example/feed", "", RSS.encode())) == 3


ROW = {
    "id": "n-17",
    "text": "Na trgu je zagorelo. Nihče ni bil ranjen.",
    "lang": "sl-SI",
    "title": "Požar na trgu",
    "published": "2024-01-09T07:00:00Z",
    "url": "https://novice.example/17",
    "publisher": "Novice",
    "extra": 1,
}


def test_a_json_row(tmp_path):
    (document,) = from_file(tmp_path, "a.jsonl", json.dumps(ROW))
    assert document.text == ROW["text"]
    assert (document.lang, document.title, document.published) == ("sl", "Požar na trgu", date(2024, 1, 9))
    assert (document.url, document.publisher) == ("https://novice.example/17", "Novice")


def test_a_row_is_known_by_its_url_or_its_id_or_else_the_file(tmp_path):
    rows = [
        {"text": "One row."},
        {"text": "One row.", "id": "a"},
        {"text": "One row.", "id": "a", "url": "https://x.example"},
    ]
    found = from_file(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [document.url for document in found] == ["a.jsonl", "a", "https://x.example"]
    assert len({document.id for document in found}) == 3


def test_broken_rows_are_rejected_by_their_line_and_the_rest_goes_on(tmp_path):
    lines = [
        json.dumps({"text": "The first row is good."}).encode(),
        b'{"text": "cut off',
        b"",
        b'"no object"',
        b'{"text": 5}',
        b'{"title": "no text"}',
        b'{"text": "x", "published": "soon"}',
        b'{"text": "half \\ud83d"}',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        json.dumps({"text": "The last row is good."}).encode(),
    ]
    found = from_file(tmp_path, "a.jsonl", b"\n".join(lines))
    assert [item.text for item in found if isinstance(item, Document)] == [
        "The first row is good.",
        "The last row is good.",
    ]
    numbers = [item.what.split("line ")[1].split()[0].rstrip(":.") for item in found if isinstance(item, Rejected)]
    assert numbers == ["2", "4", "5", "6", "7", "8", "9", "10"]


@pytest.mark.parametrize(
    "content", ['[{"text": "One."}, {"text": "Two."}]', '[\n{"text": "One."},\n{"text": "Two."}\n]']
)
def test_a_json_list_counts_as_rows(tmp_path, content):
    assert [document.text for document in from_file(tmp_path, "a.json", content)] == ["One.", "Two."]


def test_one_pretty_printed_json_object(tmp_path):
    (document,) = from_file(tmp_path, "a.json", json.dumps(ROW, indent=2))
    assert document.title == "Požar na trgu"


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("[1, 2", "no JSON"), ("\n\n", "is empty")])
def test_a_json_file_without_rows_is_rejected(tmp_path, content, said):
    (problem,) = from_file(tmp_path, "a.json", content)
    assert said in problem.what


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(tmp_path, delimiter):
    out = io.StringIO()
    writer = csv.DictWriter(
        out, [column for column in ROW if column != "extra"], delimiter=delimiter, extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerow(ROW | {"text": 'Linija, ena; "dve"\nin\ttri.'})
    (document,) = from_file(tmp_path, "a.csv", b"\xef\xbb\xbf" + out.getvalue().encode())
    assert document.text == 'Linija, ena; "dve"\nin\ttri.'
    assert (document.lang, document.url) == ("sl", "https://novice.example/17")


def test_broken_csv_rows_are_rejected_and_the_rest_goes_on(tmp_path):
    content = b"text,published\nThe first is good.,2024-01-01\nBad date.,soon\n\n,2024-01-01\nBytes \xff here.,\n"
    content += b"The last is good.,\n"
    found = from_file(tmp_path, "a.csv", content)
    assert [type(item) for item in found] == [Document, Rejected, Rejected, Rejected, Document]
    assert [item.source.split("line ")[1] for item in found if isinstance(item, Rejected)] == ["3", "5", "6"]


def test_csv_without_a_text_column_is_rejected(tmp_path):
    (problem,) = from_file(tmp_path, "a.csv", "body,date\nx,y\n")
    assert "no column named text" in problem.what


def warc(*records: tuple[str, str, bytes]) -> bytes:
    """Each record (type, status line, body) packed on its own, as crawlers do."""
    out = b""
    for kind, status, body in records:
        http = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode()
            if kind == "response"
            else b""
        )
        declared = "application/http; msgtype=response" if http else "text/plain"
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://w.example/a\r\nContent-Type: {declared}\r\n"
        head += "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        head += f"Content-Length: {len(http + body)}\r\n\r\n"
        out += gzip.compress(head.encode() + http + body + b"\r\n\r\n")
    return out


def test_warc_pages_and_texts(tmp_path):
    content = warc(
        ("response", "200 OK", PAGE.encode()),
        ("response", "404 Not Found", PAGE.encode()),
        ("conversion", "", "Текст, извлечён заранее.".encode()),
        ("response", "200 OK", b"<html></html>"),
    )
    page, text, problem = from_file(tmp_path, "crawl.warc.gz", content)
    assert page.title == "Le vieux phare rallumé"
    assert page.url == "https://w.example/a"
    assert text.text == "Текст, извлечён заранее."
    assert isinstance(problem, Rejected)


@pytest.mark.parametrize("content", [b"no archive", b"WARC/1.0\r\n", warc(("response", "200 OK", PAGE.encode()))[:400]])
def test_a_broken_warc_is_rejected(tmp_path, content):
    found = from_file(tmp_path, "a.warc", content)
    assert isinstance(found[-1], Rejected)


def test_a_cut_gzip_gives_what_came_before_and_then_says_so(tmp_path):
    rows = "".join(json.dumps({"text": f"Row number {number} of the file."}) + "\n" for number in range(4_000))
    packed = gzip.compress(rows.encode())
    found = from_file(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2])
    assert isinstance(found[0], Document)
    assert isinstance(found[-1], Rejected)
    assert "damaged or cut off" in found[-1].what


def test_a_format_that_is_declared_wins_over_the_name():
    (document,) = answers("https://x.example/data.html", "text/plain", b"A plain line of text.")
    assert document.text == "A plain line of text."
    (document,) = answers("https://x.example/data.jsonl", "text/plain", b'{"text": "A row."}')
    assert document.text == "A row."


def test_an_unknown_suffix_is_told_by_the_first_bytes(tmp_path):
    assert from_file(tmp_path, "page.aspx", PAGE)[0].title == "Le vieux phare rallumé"
    assert from_file(tmp_path, "rows.dump", json.dumps(ROW))[0].title == "Požar na trgu"
    assert from_file(tmp_path, "note", "Just a line of text.")[0].text == "Just a line of text."


def test_reading_asks_the_web_only_for_addresses(tmp_path):
    def refuse(url: str) -> Fetched:
        raise InputError(url, "never")

    (tmp_path / "a.txt").write_text("A line of text.")
    assert isinstance(next(read([str(tmp_path / "a.txt")], fetch=refuse)), Document)
