"""The SPARQL 1.1 Graph Store HTTP Protocol, for reading: one graph at one address."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.state import State


def routes(_: State) -> list[BaseRoute]:
    """None yet."""
    return []
