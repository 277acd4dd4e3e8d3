"""The Reconciliation Service API, over the knowledge base."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.state import State


def routes(_: State) -> list[BaseRoute]:
    """None yet."""
    return []
