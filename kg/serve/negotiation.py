"""What a client would like to have, against what there is: the Accept header, and refusals with a status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ROWS: Mapping[str, str] = {  # media type -> format of an answer with rows; the first is the default
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
TRIPLES: Mapping[str, str] = {  # media type -> format of an answer with triples
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json",
    "application/json": "json",
    "application/xml": "xml",
    "text/plain": "nt",
}
RDF: Mapping[str, str] = {  # the same without the names that say nothing of RDF: for addresses that are pages too
    media: form for media, form in TRIPLES.items() if media not in {"application/xml", "text/plain"}
}
HTML = ("text/html", "application/xhtml+xml")


class ProtocolError(Exception):
    """A request that breaks the protocol: an HTTP status and a sentence for people."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def negotiate(accept: str, offered: Mapping[str, str]) -> tuple[str, str]:
    """(media type, format) that the Accept header likes best among those offered; the first wins a tie.

    ProtocolError 406 if it likes none.

    >>> negotiate("text/csv;q=0.5, application/sparql-results+xml", ROWS)
    ('application/sparql-results+xml', 'xml')
    >>> negotiate("", ROWS)[0]
    'application/sparql-results+json'
    """
    ranges = _ranges(accept) or [("*/*", 1.0)]
    best, best_quality = "", 0.0
    for media in offered:
        quality = _quality(media, ranges)
        if quality > best_quality:
            best, best_quality = media, quality
    if best:
        return best, offered[best]
    raise ProtocolError(406, f"This can be answered as {', '.join(offered)}.", {"Vary": "Accept"})


def wants_data(accept: str) -> bool:
    """Whether a client would rather have RDF than a page. Who doesn't say gets the page.

    >>> wants_data("text/turtle"), wants_data("text/html,*/*;q=0.8"), wants_data("*/*"), wants_data("")
    (True, False, False, False)
    >>> wants_data("application/ld+json, text/html;q=0.9")
    True
    """
    ranges = _ranges(accept)
    page = max((_quality(media, ranges) for media in HTML), default=0.0)
    return max((_quality(media, ranges) for media in RDF), default=0.0) > page


def wants_page(accept: str) -> bool:
    """Whether a client names HTML and likes it no less than RDF: a browser does, curl doesn't.

    >>> wants_page("text/html,*/*;q=0.8"), wants_page("*/*"), wants_page("text/turtle, text/html;q=0.5")
    (True, False, False)
    """
    return any(media in HTML for media, _ in _ranges(accept)) and not wants_data(accept)


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = min(1.0, max(0.0, float(parameter[2:])))
                except ValueError:
                    quality = 0.0
        if media:
            ranges.append((media, quality))
    return ranges


def _quality(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most exact range that covers the media type."""
    family = media.partition("/")[0] + "/*"
    for range_ in (media, family, "*/*"):
        for name, quality in ranges:
            if name == range_:
                return quality
    return 0.0
