"""WARC, as crawlers write it: a document each page (`response`, `resource`) or extracted text (`conversion`).

Read with warcio: it is small, kept up by the people who write most WARCs, and knows the old ARC as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read.article import finished
from kg.read.decode import decode
from kg.read.html import article
from kg.read.markup import declared_encoding
from kg.read.sources import LARGEST, Source, broken

_KINDS = {"response", "resource", "conversion"}


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """A document each HTML page that was answered with 200 and each text; other records do not count."""
    count = 0
    try:
        for record in ArchiveIterator(stream):
            document = _document(record) if record.rec_type in _KINDS else None
            if document:
                count += 1
                yield document
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise broken(source, error) from error
    if not count:
        raise InputError(
            f"{source.name} has no pages in it.", "Give a WARC file with HTML responses or extracted text."
        )


def _document(record: Any) -> Document | Rejected | None:
    http = record.http_headers
    headers = http or record.rec_headers
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    if http and http.get_statuscode() != "200":
        return None
    url = record.rec_headers.get_header("WARC-Target-URI")
    name = url or "a page without an address"
    data = record.content_stream().read(LARGEST)
    declared = parameters.partition("charset=")[2].strip(" \"'") or declared_encoding(data)
    try:
        if kind.strip().lower() in {"text/html", "application/xhtml+xml"}:
            return article(decode(data, name, declared), name, url)
        if kind.strip().lower() == "text/plain":
            return finished(Document("", url, None, None, None, decode(data, name, declared)), name)
    except InputError as error:
        return Rejected(name, error.what, error.do)
    return None
