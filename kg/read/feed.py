"""RSS 0.9 to 2.0 and Atom: a document each entry, made of what the feed itself carries.

Read with lxml, entities unexpanded, and not with feedparser: we need six fields of an entry, and feedparser
brings a second, laxer HTML cleaner and an SGML parser for them. The pages that entries link to are not fetched;
give their addresses for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read.article import day, finished, language
from kg.read.decode import decode
from kg.read.markup import declared_encoding, plain, xml
from kg.read.sources import Source, whole

_ENTRIES = {"item", "entry"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """A document each entry; an entry without text is rejected. Raises InputError where it is no feed."""
    data = whole(source, stream)
    text = decode(data, source.name, source.encoding or declared_encoding(data))
    root = xml(text)
    entries = [] if root is None else [node for node in root.iter() if _name(node) in _ENTRIES]
    if root is None or not entries:
        raise InputError(
            f"{source.name} is no RSS or Atom feed, or one without entries.", "Check the file or the address."
        )
    channel = next((node for node in root.iter() if _name(node) == "channel"), root)
    lang = language(_text(channel, "language") or root.get(_LANG))
    publisher = _text(channel, "title")
    for number, entry in enumerate(entries, 1):
        name = f"{source.name} entry {number}"
        draft = _draft(entry, source.key)
        try:
            draft = replace(draft, lang=language(entry.get(_LANG)) or lang, publisher=publisher)
            yield finished(draft, name)
        except InputError as error:
            yield Rejected(name, error.what, error.do)


def _draft(entry: etree._Element, key: str | None) -> Document:
    title = plain(_text(entry, "title") or "") or None
    bodies = [plain(_text(entry, tag) or "") for tag in ("encoded", "content", "description", "summary")]
    body = max(bodies, key=len)  # the fullest: feeds put a teaser into one of them and the article into another
    text = body if title is None or body.startswith(title) else f"{title}\n\n{body}"
    published = next(
        (day(_text(entry, tag)) for tag in ("pubDate", "published", "date", "updated") if _text(entry, tag)), None
    )
    return Document("", _link(entry) or key, title, None, published, text if body else "")


def _link(entry: etree._Element) -> str | None:
    """The address of the article: the link, Atom's alternate one, or a guid that is an address."""
    for node in entry:
        if _name(node) == "link" and node.get("rel", "alternate") == "alternate":
            link = (node.get("href") or node.text or "").strip()
            if link:
                return link
    guid = (_text(entry, "guid") or _text(entry, "id") or "").strip()
    return guid if guid.startswith(("http://", "https://")) else None


def _text(parent: etree._Element, tag: str) -> str | None:
    """All text of the first child of that name, with the markup of an Atom xhtml body."""
    node = next((child for child in parent if _name(child) == tag), None)
    if node is None:
        return None
    if len(node):
        return str(etree.tostring(node, encoding="unicode", with_tail=False))
    return str(node.text) if node.text else None


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
