"""The web application, put together from its parts. Each part gives its routes for one State."""

from __future__ import annotations

from typing import TextIO

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from kg.serve import annotate, description, graphstore, operation, pages, protocol, reconciliation, resources
from kg.serve.pages.trust import OpenData
from kg.serve.state import State


def create_app(state: State, log: TextIO | None = None) -> Starlette:
    """The application for what `state` holds; `log`: where a JSON line about each answer goes."""
    metrics = operation.Metrics(state)
    routes: list[BaseRoute] = [
        *description.routes(state),  # before the endpoint: /sparql without a query is the service description
        *protocol.routes(state),
        *graphstore.routes(state),
        *reconciliation.routes(state),
        *annotate.routes(state),
        *operation.routes(state, metrics),
        *resources.routes(state),  # before the pages: who would rather have data gets it at the same address
        *pages.routes(state),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(operation.Watched, metrics=metrics, log=log),
            Middleware(OpenData, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(resources.Alternates),
        ],
    )
