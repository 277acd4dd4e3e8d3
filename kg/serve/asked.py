"""A request of the SPARQL 1.1 Protocol, read: the query or update with its graphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Literal
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.serve.negotiation import ProtocolError

MOST_BYTES = 1 << 20  # of a query; nobody writes a longer one
_FORM = "application/x-www-form-urlencoded"
_DIRECT: dict[str, Literal["query", "update"]] = {
    "application/sparql-query": "query",
    "application/sparql-update": "update",
}
_GRAPHS = {  # the parameters that name the default graph's parts and the named graphs
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks, or what it would change."""

    kind: Literal["query", "update"]
    sparql: str
    default_graphs: tuple[str, ...]  # IRIs
    named_graphs: tuple[str, ...]  # IRIs


async def read_request(request: Request) -> Wanted:
    """The query of a GET, a form POST or a direct POST; the update of a POST. ProtocolError 400, 413, 415."""
    fields = request.query_params.multi_items()
    if request.method != "POST":
        if any(name == "update" for name, _ in fields):
            raise ProtocolError(400, "An update is sent by POST, never by GET.")
        return _wanted(fields)
    media, charset = content_type(request)
    if media != _FORM and media not in _DIRECT:
        raise ProtocolError(415, f"Send {' or '.join([*_DIRECT, _FORM])}, not {media or 'nothing in particular'}.")
    body = _decoded(await read_body(request, MOST_BYTES), charset)
    if media == _FORM:
        graphs = [pair for pair in fields if pair[0] not in {"query", "update"}]
        return _wanted([*graphs, *parse_qsl(body, keep_blank_values=True)])
    if any(name in {"query", "update"} for name, _ in fields):
        raise ProtocolError(400, "It stands in the body: leave ?query= and ?update= out of the address.")
    return _wanted([*fields, (_DIRECT[media], body)])


def _wanted(fields: Sequence[tuple[str, str]]) -> Wanted:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    queries, updates = all_of("query"), all_of("update")
    if len(queries) + len(updates) != 1:
        raise ProtocolError(
            400,
            "Give one query, as ?query=... or in a POST, or one update in a POST; "
            f"there are {len(queries)} and {len(updates)} in this request.",
        )
    kind: Literal["query", "update"] = "query" if queries else "update"
    default, named = _GRAPHS[kind]
    return Wanted(kind, (*queries, *updates)[0], all_of(default), all_of(named))


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request. ProtocolError 413: it has more than `most` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise ProtocolError(413, f"A request may have {most:,} bytes at most.")
    return bytes(body)


def content_type(request: Request) -> tuple[str, str]:
    """Media type in lower case ("" if the request names none) and charset."""
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
