"""Pages for people: server-rendered, with small scripts, everything from here and nothing from elsewhere."""

from __future__ import annotations

from kg.serve.pages.routes import routes

__all__ = ["routes"]
