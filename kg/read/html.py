"""A saved or fetched web page: trafilatura finds the article in it.

`Document.text` is the headline and the paragraphs, an empty line between two; offsets fit that text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import trafilatura
from lxml import etree

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.names import fold
from kg.read.article import day, finished, language
from kg.read.decode import decode
from kg.read.markup import declared_encoding, page
from kg.read.sources import Source, whole

_LANGUAGE = (
    "string(/html/@lang)",
    "string(/html/@*[local-name()='lang'])",
    "string(//meta[translate(@http-equiv,'ACEGLNOTU','aceglnotu')='content-language']/@content)",
    "string(//meta[@property='og:locale']/@content)",
)
_SHORTEST = 80  # characters: less is a menu, a log-in form or a notice, not an article


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """The one article of a page. Raises InputError where none can be found in it."""
    data = whole(source, stream)
    yield article(decode(data, source.name, source.encoding or declared_encoding(data)), source.name, source.key)


def article(text: str, name: str, key: str | None) -> Document:
    """The article in a page. `key`: its address, or its file's name; the page's canonical address goes before
    the latter, and before the former where both are of one host.

    Raises InputError where there is no article in it.
    """
    root = page(text)
    nothing = InputError(
        f"{name} has no article in it that can be told from the page around it.", "Save the text alone."
    )
    if root is None:
        raise nothing
    lang = next((code for path in _LANGUAGE if (code := language(root.xpath(path)))), None)
    found = _extracted(root, key)
    if found is None or len(found.text or "") < _SHORTEST:
        raise nothing
    paragraphs = [line.strip() for line in found.text.split("\n") if line.strip()]
    if found.title and fold(found.title) not in {fold(line) for line in paragraphs[:3]}:
        paragraphs.insert(0, found.title.strip())
    url = _address(found.url, key)
    draft = Document("", url, found.title, lang, day(found.date), "\n\n".join(paragraphs), found.sitename)
    return finished(draft, name)


def _extracted(root: etree._Element, key: str | None) -> Any:
    """What trafilatura makes of the page: text, title, date, sitename, url; None where it finds no article."""
    try:
        return trafilatura.bare_extraction(
            root,
            url=key if _host(key) else None,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            # Only a date that the page declares or prints in a usual place: a guess would date every event wrong.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception:  # noqa: BLE001 - whatever breaks the library on a page, the page is what is rejected
        return None


def _address(canonical: str | None, key: str | None) -> str | None:
    if not _host(canonical) or (_host(key) and _host(key) != _host(canonical)):
        return key
    return canonical


def _host(url: str | None) -> str | None:
    parts = urlsplit(url or "")
    return parts.hostname if parts.scheme in {"http", "https"} else None
