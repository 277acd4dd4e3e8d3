"""A request of the SPARQL 1.1 Protocol, read: the query with its data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.serve.negotiation import ProtocolError

MOST_BYTES = 1 << 20  # of a query; nobody writes a longer one


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
