"""The SPARQL 1.1 Protocol at /sparql: a request to a question, its answer in the format that the client likes."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from kg.errors import GraphError, KgError
from kg.graph.sparql import Ask
from kg.query import Answer, BusyError, TimedOutError, inspect, inspect_update
from kg.serve.asked import Wanted, read_request
from kg.serve.description import service
from kg.serve.negotiation import ROWS, TRIPLES, ProtocolError, negotiate, wants_page
from kg.serve.state import State

RETRY_AFTER = 5  # seconds: by then a query that was stopped has made room


def routes(state: State) -> list[BaseRoute]:
    """The endpoint."""

    async def sparql(http: Request) -> Response:
        try:
            if http.method != "POST" and not http.query_params:
                return await _described(state, http)
            wanted = await read_request(http)
            if wanted.kind == "update":
                return await _changed(state, wanted, http)
            ask, media, volatile = _prepared(state, wanted, http.headers.get("accept", ""))
            return await answered(state, ask, media, http, volatile=volatile)
        except (ProtocolError, KgError) as error:
            return refused(error)

    return [Route(path, sparql, methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")]


async def _described(state: State, http: Request) -> Response:
    """Without a query: the service description for programs, the editor for people."""
    if wants_page(http.headers.get("accept", "")):
        return RedirectResponse(f"{http.base_url}query", 303, {"Vary": "Accept"})
    ask, media = service(state, http)
    return await answered(state, ask, media, http)


async def answered(state: State, ask: Ask, media: str, http: Request, *, volatile: bool = False) -> Response:
    """The answer to a question, or 304 where the client has it. QueryError, GraphError.

    `volatile`: it may be another one the next time, so nobody remembers it.
    """
    if volatile:
        return _sent(await state.ask(ask), media, {"Cache-Control": "no-store"})
    etag = state.etag(ask)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}  # keep it, and ask whether it still holds
    known = {tag.strip() for tag in http.headers.get("if-none-match", "").split(",")}
    if http.method in {"GET", "HEAD"} and ("*" in known or etag in known):
        return Response(status_code=304, headers={**headers, "Vary": "Accept"})
    return _sent(await state.answer(ask, etag), media, headers)


def refused(error: ProtocolError | KgError) -> Response:
    """What went wrong, as an answer: 503 where asking again may help, 400 where the question is at fault."""
    if isinstance(error, ProtocolError):
        return PlainTextResponse(f"{error.message}\n", error.status, error.headers)
    if isinstance(error, (TimedOutError, BusyError, GraphError)):
        return PlainTextResponse(f"{error}\n", 503, {"Retry-After": str(RETRY_AFTER)})
    return PlainTextResponse(f"{error}\n", 400)


def _sent(answer: Answer, media: str, headers: Mapping[str, str]) -> Response:
    """A whole answer on its way: its length is known before the first byte goes out."""
    every = {"Content-Length": str(answer.size), "Vary": "Accept", **headers}
    return StreamingResponse(iterate_in_threadpool(_pieces(answer)), headers=every, media_type=media)


def _pieces(answer: Answer) -> Iterator[bytes]:
    with answer:
        yield from answer.chunks()


def _prepared(state: State, wanted: Wanted, accept: str) -> tuple[Ask, str, bool]:
    """What the engine is asked, the media type of the answer, whether it is volatile. QueryError, ProtocolError 406."""
    inspected = inspect(wanted.sparql, state.services)
    if inspected.form in {"select", "ask"}:
        media, rows = negotiate(accept, ROWS)
        ask = state.prepared(wanted.sparql, inspected, rows=rows)
    else:
        media, triples = negotiate(accept, TRIPLES)
        ask = state.prepared(wanted.sparql, inspected, triples=triples)
    return ask.over(wanted.default_graphs, wanted.named_graphs), media, inspected.volatile


async def _changed(state: State, wanted: Wanted, http: Request) -> Response:
    authorise(state, http)
    update = inspect_update(wanted.sparql, wanted.default_graphs, wanted.named_graphs, state.services)
    await state.change(update)
    return Response(status_code=204)


def authorise(state: State, http: Request) -> None:
    """ProtocolError 403: nobody may change the graph, or it is a folder; 401: no token, or a wrong one."""
    if state.token is None:
        raise ProtocolError(403, "Nothing can be changed here: this endpoint is read-only.")
    scheme, _, given = http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), state.token.encode()):
        raise ProtocolError(
            401,
            "Send the token with which the server was started: Authorization: Bearer ...",
            {"WWW-Authenticate": 'Bearer realm="update"'},
        )
    if state.source.is_dir():
        raise ProtocolError(
            403, "A graph folder holds what its articles say: correct readings in its overrides, or serve a file."
        )
