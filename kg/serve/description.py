"""The service description: what the endpoint can do, in RDF; and the HTTP API in OpenAPI."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.state import State


def routes(_: State) -> list[BaseRoute]:
    """None yet."""
    return []
