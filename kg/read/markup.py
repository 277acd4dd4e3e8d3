"""HTML to plain text, and the parsers for it and for XML, set up so that no document can do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

_SILENT = {"script", "style", "noscript", "template", "head", "iframe", "svg", "figure", "button", "form", "nav"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_BREAK = "\x00"


_DECLARED = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a page or an XML document names at its top."""
    found = _DECLARED.search(data[:4096])
    return found[1].decode("ascii") if found else None


def page(text: str) -> html.HtmlElement | None:
    """The parsed page; None where there is no element in it."""
    try:
        # From bytes: lxml refuses a text that declares its own encoding.
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def xml(text: str) -> etree._Element | None:
    """The root of an XML document; None where it is none.

    Entities are not expanded, nothing is loaded from elsewhere: the standard library's parser would do the first.
    """
    # encoding: the text is decoded already, whatever its first line says; recover: a bare & is common in feeds.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, encoding="utf-8")
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError):
        return None


def plain(fragment: str) -> str:
    r"""The text of a piece of HTML: a paragraph each block, an empty line between two; plain text stays.

    >>> plain("<p>One <b>bold</b> word.</p><p>Two.</p>")
    'One bold word.\n\nTwo.'
    """
    root = page(fragment) if "<" in fragment or "&" in fragment else None
    raw = "".join(_pieces(root)) if root is not None else fragment
    blocks = (re.sub(r"\s+", " ", block).strip() for block in re.split(rf"{_BREAK}+|\n\s*\n", raw))
    return "\n\n".join(block for block in blocks if block)


def _pieces(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT:  # comments have no tag name
        return
    block = element.tag not in _INLINE
    yield _BREAK if block else ""
    yield (element.text or "").replace(_BREAK, "")
    for child in element:
        yield from _pieces(child)
        yield (child.tail or "").replace(_BREAK, "")
    yield _BREAK if block else ""
