"""Local IRIs answer: data for programs; people get the pages."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.state import State


def routes(_: State) -> list[BaseRoute]:
    """None yet."""
    return []
