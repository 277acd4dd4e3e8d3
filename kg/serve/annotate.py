"""POST /annotate: an article in, what was found in it out."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.state import State


def routes(_: State) -> list[BaseRoute]:
    """None yet."""
    return []
