"""POST /annotate: an article in, what was found in it out.

In: text (`text/plain`), a row or a list of rows (`application/json`), or NIF 2.0. Out: the rows of `kg annotate`
as JSON or JSON lines, or NIF where the client likes it better; who sends NIF gets NIF unless it says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import InputError, KgError
from kg.model import Document
from kg.read.rows import document
from kg.serve import nif
from kg.serve.asked import content_type, read_body
from kg.serve.negotiation import ProtocolError, negotiate
from kg.serve.protocol import refused
from kg.serve.state import State

MOST_BYTES = 2 << 20  # of a request
MOST_ARTICLES = 50  # in one request; more are `kg annotate`'s to read
_JSON = {"application/json": "json", "application/x-ndjson": "lines", "application/jsonl": "lines"}
_DECLARED = ("lang", "published", "title", "url", "publisher")

Sent = list[tuple[str, Document]]  # (IRI of its context, "" outside NIF), the article


def routes(state: State) -> list[BaseRoute]:
    """/annotate."""

    async def annotate(http: Request) -> Response:
        try:
            body = await read_body(http, MOST_BYTES)
            media, charset = content_type(http)
            read = _reader(media)
            accept = http.headers.get("accept", "")
            offered = {**nif.OUT, **_JSON} if media in nif.MEDIA else {**_JSON, **nif.OUT}
            wanted, form = negotiate(accept, offered)
            sent = read(body, charset, dict(http.query_params))
            rows = [await run_in_threadpool(state.annotator.annotate, article) for _, article in sent]
            if form != "json":
                return Response(_written(sent, rows, form, state.base), media_type=wanted)
            listed = media == "application/json" and body.lstrip().startswith(b"[")
            return JSONResponse(rows if listed else rows[0] if len(rows) == 1 else rows)
        except (ProtocolError, KgError) as error:
            return refused(error)

    return [Route("/annotate", annotate, methods=["POST"])]


def _reader(media: str) -> Callable[[bytes, str, dict[str, str]], Sent]:
    if media in nif.MEDIA:
        return partial(_from_nif, media)
    readers = {"text/plain": _from_text, "application/json": _from_json}
    if media not in readers:
        raise ProtocolError(415, f"Send {', '.join([*readers, *nif.MEDIA])}, not {media or 'nothing in particular'}.")
    return readers[media]


def _from_text(body: bytes, charset: str, declared: dict[str, str]) -> Sent:
    try:
        text = body.decode(charset)
    except (LookupError, UnicodeDecodeError) as error:
        raise ProtocolError(400, f"The text is not {charset}.") from error
    fields = {name: declared[name] for name in _DECLARED if name in declared}
    return [("", document({"text": text, **fields}, "the text", None))]


def _from_json(body: bytes, _: str, __: dict[str, str]) -> Sent:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(400, f"This is no JSON: {error}.") from error
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise ProtocolError(400, 'Send {"text": "...", "published": "2025-10-09"}, or a list of such rows.')
    return _some([("", document(row, f"row {number}", None)) for number, row in enumerate(rows, 1)])


def _from_nif(media: str, body: bytes, _: str, __: dict[str, str]) -> Sent:
    try:
        found = nif.contexts(body, media)
    except (SyntaxError, ValueError) as error:
        raise ProtocolError(400, f"The NIF can't be read: {error}.") from error
    if not found:
        raise ProtocolError(400, "No nif:Context here has a nif:isString.")
    return _some([(iri, document({"text": text, "lang": lang}, iri, None)) for iri, text, lang in found])


def _some(sent: Sent) -> Sent:
    if len(sent) > MOST_ARTICLES:
        raise ProtocolError(413, f"Send {MOST_ARTICLES} articles at most; kg annotate reads any number.")
    if not sent:
        raise InputError("there is no article in this request", "send at least one row")
    return sent


def _written(sent: Sent, rows: list[dict[str, Any]], form: str, base: str) -> str:
    """The rows as JSON lines or as NIF."""
    if form == "lines":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    pieces: list[str] = []
    for (iri, _), row in zip(sent, rows, strict=True):
        context = iri or f"{base}article/{row['id']}#char=0,{len(row['text'])}"
        pieces += nif.written(context, row, base)
    return "".join(pieces)
