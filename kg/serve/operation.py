"""For whoever runs it: whether all is well, numbers for Prometheus, a log of JSON lines."""

from __future__ import annotations

import json
import sys
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import KgError
from kg.serve.protocol import RETRY_AFTER
from kg.serve.state import State

_ROOMS = frozenset(  # first parts of addresses that numbers are kept for; all others are "other", however many
    {"", "sparql", "graphs", "reconcile", "annotate", "health", "metrics", "article", "entity", "event", "claim", "run"}
    | {"search", "suggest", "questions", "query", "review", "static", "ontology", "openapi.json"}
)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The numbers of one server, in a registry of its own: two servers in one process don't mix them."""

    def __init__(self, state: State) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "room", "status")
        self._answers = Counter("kg_http_responses", "Answers sent.", labels, registry=self._registry)
        self._seconds = Histogram(
            "kg_http_seconds", "Time to the end of an answer.", ("room",), buckets=_SECONDS, registry=self._registry
        )
        self._bytes = Counter("kg_http_bytes", "Bytes of bodies sent.", ("room",), registry=self._registry)
        pool = state.pool
        for name, what, value in (
            ("kg_query_workers_busy", "Workers that answer a query now.", lambda: pool.busy),
            ("kg_query_workers_replaced", "Workers that were stopped or ended, and replaced.", lambda: pool.replaced),
            ("kg_query_places", "Queries that may be answered or wait at once.", lambda: pool.places),
        ):
            Gauge(name, what, registry=self._registry).set_function(value)

    def count(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """One answer."""
        room = path.strip("/").partition("/")[0]
        room = room if room in _ROOMS else "other"
        self._answers.labels(method if method in _METHODS else "other", room, status).inc()
        self._seconds.labels(room).observe(seconds)
        self._bytes.labels(room).inc(size)

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self._registry)


@dataclass(slots=True)
class Watched:
    """Around the application: counts every answer, writes a line about it, and lets no error go unsaid."""

    app: ASGIApp
    metrics: Metrics
    log: TextIO | None  # None: only errors of ours are written, to standard error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI asks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 500, 0

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        failure = None
        try:
            await self.app(scope, receive, noted)
        except Exception:
            failure = traceback.format_exc()
            raise
        finally:
            seconds = time.monotonic() - began
            self.metrics.count(scope["method"], scope["path"], status, seconds, size)
            self._write(scope, status, seconds, size, failure)

    def _write(self, scope: Scope, status: int, seconds: float, size: int, failure: str | None) -> None:
        if self.log is None and failure is None:
            return
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": "error" if failure else "warning" if status >= 500 else "info",
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "seconds": round(seconds, 4),
            "bytes": size,
            "client": (scope.get("client") or [None])[0],
        }
        line |= {"error": failure} if failure else {}
        print(json.dumps(line, ensure_ascii=False), file=self.log or sys.stderr, flush=True)


def routes(state: State, metrics: Metrics) -> list[BaseRoute]:
    """/health, /metrics."""

    async def health(_: Request) -> Response:
        try:
            await state.rows("ASK {}")
        except KgError as error:
            return JSONResponse({"status": "failing", "what": error.what}, 503, {"Retry-After": str(RETRY_AFTER)})
        return JSONResponse({"status": "ok"})

    async def numbers(_: Request) -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/health", health), Route("/metrics", numbers)]
