"""The SPARQL 1.1 Protocol: a request to a query with its data set, and an Accept header to a format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_BYTES = 1 << 20  # of a query; nobody writes a longer one

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


class ProtocolError(Exception):
    """A request that breaks the protocol: an HTTP status and a sentence for people."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks."""

    query: str
    default_graphs: tuple[str, ...]  # IRIs
    named_graphs: tuple[str, ...]  # IRIs


async def read_request(request: Request) -> Wanted:
    """The query of a GET, a form POST or a direct POST. ProtocolError 400, 413, 415."""
    fields = request.query_params.multi_items()
    if request.method == "POST":
        body = await _body(request)
        media, charset = _content_type(request)
        if media == "application/x-www-form-urlencoded":
            fields = parse_qsl(_decoded(body, charset), keep_blank_values=True)
        elif media == "application/sparql-query":
            if any(name == "query" for name, _ in fields):
                raise ProtocolError(400, "The query stands in the body: leave ?query= out of the address.")
            fields = [*fields, ("query", _decoded(body, charset))]
        elif media == "application/sparql-update":
            raise ProtocolError(403, "Nothing can be changed here: this endpoint is read-only.")
        else:
            kinds = "application/sparql-query or application/x-www-form-urlencoded"
            raise ProtocolError(415, f"Send the query as {kinds}, not as {media or 'nothing in particular'}.")
    return _wanted(fields)


def _wanted(fields: Sequence[tuple[str, str]]) -> Wanted:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    if all_of("update"):
        raise ProtocolError(403, "Nothing can be changed here: this endpoint is read-only.")
    queries = all_of("query")
    if len(queries) != 1:
        raise ProtocolError(
            400, f"Give one query, as ?query=... or in a POST; there are {len(queries)} in this request."
        )
    return Wanted(queries[0], all_of("default-graph-uri"), all_of("named-graph-uri"))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise ProtocolError(413, f"A query may have {MOST_BYTES:,} bytes at most.")
    return bytes(body)


def _content_type(request: Request) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "")
    media = message.get_content_type() if request.headers.get("content-type") else ""
    return media, message.get_content_charset("utf-8")


def _decoded(body: bytes, charset: str) -> str:
    if charset.lower().replace("_", "-") not in {"utf-8", "utf8", "us-ascii"}:
        raise ProtocolError(415, f"A query is sent in UTF-8, not in {charset}.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"The query is not UTF-8 (byte {error.start}).") from error


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
    raise ProtocolError(406, f"This query can be answered as {', '.join(offered)}.")


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
