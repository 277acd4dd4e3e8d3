"""The web application: the endpoint, the landing page, and whether all is well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from kg.errors import GraphError, KgError
from kg.graph.sparql import Ask
from kg.query import Answer, BusyError, Pool, Rows, TimedOutError, inspect, questions, request
from kg.serve.page import landing
from kg.serve.protocol import ROWS, TRIPLES, ProtocolError, Wanted, negotiate, read_request

RETRY_AFTER = 5  # seconds: by then a query that was stopped has made room
_SIZE = """SELECT ?articles ?claims {
  { SELECT (COUNT(*) AS ?articles) { ?article a schema:NewsArticle } }
  { SELECT (COUNT(*) AS ?claims) { ?claim a kg:Claim } }
}"""


def create_app(source: Path, pool: Pool) -> Starlette:
    """The application for a graph folder or file, whose questions the pool answers."""
    return Starlette(
        routes=[
            Route("/", partial(_home, source, pool)),
            Route("/sparql", partial(_sparql, source, pool), methods=["GET", "POST"]),
            Route("/health", partial(_health, source, pool)),
        ],
        middleware=[
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
    )


async def _sparql(source: Path, pool: Pool, http: Request) -> Response:
    try:
        wanted = await read_request(http)
        ask, media = _prepared(wanted, http.headers.get("accept", ""))
        answer = await _asked(source, pool, ask)
    except ProtocolError as error:
        return PlainTextResponse(f"{error.message}\n", error.status)
    except (TimedOutError, BusyError, GraphError) as error:
        return PlainTextResponse(f"{error}\n", 503, {"Retry-After": str(RETRY_AFTER)})
    except KgError as error:
        return PlainTextResponse(f"{error}\n", 400)
    headers = {"Content-Length": str(answer.size), "Vary": "Accept"}
    return StreamingResponse(iterate_in_threadpool(_sent(answer)), headers=headers, media_type=media)


def _prepared(wanted: Wanted, accept: str) -> tuple[Ask, str]:
    """What the engine is asked, and the media type of the answer. QueryError, ProtocolError 406."""
    inspected = inspect(wanted.query)
    if inspected.form in {"select", "ask"}:
        media, rows = negotiate(accept, ROWS)
        ask = request(wanted.query, inspected, rows=rows)
    else:
        media, triples = negotiate(accept, TRIPLES)
        ask = request(wanted.query, inspected, triples=triples)
    return ask.over(wanted.default_graphs, wanted.named_graphs), media


async def _asked(source: Path, pool: Pool, ask: Ask) -> Answer:
    # As many threads as may ask or wait: the pool itself says when the line is full.
    limiter = CapacityLimiter(pool.places + 1)
    return await to_thread.run_sync(pool.ask, source, ask, limiter=limiter)


def _sent(answer: Answer) -> Iterator[bytes]:
    with answer:
        yield from answer.chunks()


async def _home(source: Path, pool: Pool, http: Request) -> Response:
    try:
        answer = await _asked(source, pool, request(_SIZE, inspect(_SIZE)))
        articles, claims = (int(term.value) for term in Rows.from_json(answer.body()).rows[0] if term)
        facts = f"{articles:,} articles and {claims:,} claims."
    except KgError as error:
        facts = f"The graph can't be asked now: {error.what}."
    return HTMLResponse(landing(source.name, facts, questions(), f"{http.base_url}sparql"))


async def _health(source: Path, pool: Pool, _: Request) -> Response:
    try:
        (await _asked(source, pool, request("ASK {}", inspect("ASK {}")))).close()
    except KgError as error:
        return JSONResponse({"status": "failing", "what": error.what}, 503, {"Retry-After": str(RETRY_AFTER)})
    return JSONResponse({"status": "ok"})
