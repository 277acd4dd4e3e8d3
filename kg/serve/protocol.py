"""The SPARQL 1.1 Protocol at /sparql: a request to a question, its answer in the format that the client likes."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from kg.errors import GraphError, KgError
from kg.graph.sparql import Ask
from kg.query import Answer, BusyError, TimedOutError, inspect
from kg.serve.asked import Wanted, read_request
from kg.serve.negotiation import ROWS, TRIPLES, ProtocolError, negotiate
from kg.serve.state import State

RETRY_AFTER = 5  # seconds: by then a query that was stopped has made room


def routes(state: State) -> list[BaseRoute]:
    """The endpoint."""

    async def sparql(http: Request) -> Response:
        try:
            wanted = await read_request(http)
            ask, media = _prepared(state, wanted, http.headers.get("accept", ""))
            return sent(await state.ask(ask), media)
        except (ProtocolError, KgError) as error:
            return refused(error)

    return [Route(path, sparql, methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")]


def refused(error: ProtocolError | KgError) -> Response:
    """What went wrong, as an answer: 503 where asking again may help, 400 where the question is at fault."""
    if isinstance(error, ProtocolError):
        return PlainTextResponse(f"{error.message}\n", error.status, error.headers)
    if isinstance(error, (TimedOutError, BusyError, GraphError)):
        return PlainTextResponse(f"{error}\n", 503, {"Retry-After": str(RETRY_AFTER)})
    return PlainTextResponse(f"{error}\n", 400)


def sent(answer: Answer, media: str) -> Response:
    """A whole answer on its way: its length is known before the first byte goes out."""
    headers = {"Content-Length": str(answer.size), "Vary": "Accept"}
    return StreamingResponse(iterate_in_threadpool(_pieces(answer)), headers=headers, media_type=media)


def _pieces(answer: Answer) -> Iterator[bytes]:
    with answer:
        yield from answer.chunks()


def _prepared(state: State, wanted: Wanted, accept: str) -> tuple[Ask, str]:
    """What the engine is asked, and the media type of the answer. QueryError, ProtocolError 406."""
    inspected = inspect(wanted.query)
    if inspected.form in {"select", "ask"}:
        media, rows = negotiate(accept, ROWS)
        ask = state.prepared(wanted.query, inspected, rows=rows)
    else:
        media, triples = negotiate(accept, TRIPLES)
        ask = state.prepared(wanted.query, inspected, triples=triples)
    return ask.over(wanted.default_graphs, wanted.named_graphs), media
