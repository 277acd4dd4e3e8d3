"""The graph over HTTP: a SPARQL endpoint, services for other tools, pages. The only door to starlette and uvicorn."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from socket import socket
from typing import TextIO

import uvicorn
from starlette.applications import Starlette

from kg.errors import GraphError
from kg.graph.sparql import stamp
from kg.pipeline import Setup
from kg.query import Limits, Pool
from kg.serve.app import create_app
from kg.serve.state import SHIPPED, State

__all__ = ["Options", "State", "create_app", "serve"]

GRACE = 5  # seconds that answers under way may take when the server is told to stop


@dataclass(frozen=True, slots=True)
class Options:
    """How a graph is served; the fields that State has too are explained there."""

    workers: int = 2  # questions answered at once
    waiting: int = 64  # questions that may wait for a worker; more are told to come back (503)
    limits: Limits = field(default_factory=lambda: Limits(seconds=30.0, memory=4 << 30))  # of one question
    base: str = ""
    setup: Setup = SHIPPED
    token: str | None = None
    services: frozenset[str] = frozenset()
    union: bool = True
    log: TextIO | None = None  # where a JSON line about each answer goes
    path: str = ""  # under which a proxy shows the server: /news


def serve(
    source: Path,
    address: tuple[str, int] = ("127.0.0.1", 8000),
    options: Options = Options(),
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves a graph folder or file until SIGINT or SIGTERM; tells `ready` the address once it answers.

    `address`: host and port; port 0 takes any that is free. Raises GraphError: no graph, or the port is taken.
    """
    stamp(source)
    # Before anything starts a thread: the workers are forked, and fork copies one thread only.
    limits = replace(options.limits, network=bool(options.services))
    pool = Pool(options.workers, limits, options.waiting)
    more = {name: getattr(options, name) for name in ("base", "setup", "token", "services", "union")}
    try:
        state = State(source, pool, **more)
        try:
            _run(create_app(state, options.log), address, options.path, ready)
        finally:
            state.close()
    finally:
        pool.close()


def _run(app: Starlette, address: tuple[str, int], path: str, ready: Callable[[str], None]) -> None:
    host, port = address
    config = uvicorn.Config(
        app, host=host, port=port, log_level="critical", timeout_graceful_shutdown=GRACE, root_path=path
    )
    # uvicorn ends what is under way, then raises the signal once more: as an exception it lets us clean up.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _Server(config, ready).run()


class _Server(uvicorn.Server):
    """Says when it listens, and where; turns a taken port into an error of ours."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """As uvicorn's, with the two differences."""
        try:
            await super().startup(sockets)
        except SystemExit as error:
            raise GraphError(
                f"port {self.config.port} of {self.config.host} can't be opened", "another program may hold it: --port"
            ) from error
        if self.started and self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
