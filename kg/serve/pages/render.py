"""Values to HTML: the templates, what they may call, and the headers that every page carries."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg.serve.pages import words

FOLDER = Path(__file__).parent
# Nothing from anywhere else, and nothing inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # not no-referrer: a browser then sends a form of ours with the origin "null"
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept",
}


@cache
def environment() -> Environment:
    """The templates; everything that they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
    )
    made.filters["day"] = words.day
    made.filters["language"] = words.language
    made.filters["direction"] = words.direction
    made.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    made.globals["count"] = words.count
    made.globals["KINDS"] = words.KINDS
    made.globals["MODALITIES"] = words.MODALITIES
    made.globals["version"] = _version()
    return made


def _version() -> str:
    """Changes when a static file does: browsers may keep them for good."""
    digest = hashlib.sha256()
    for file in sorted((FOLDER / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file.name}{file.stat().st_size}{file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()[:8]


def page(request: Request, template: str, code: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, with an HTTP status."""
    root = request.scope.get("root_path", "").rstrip("/")
    text = environment().get_template(template).render(root=root, path=request.url.path, **values)
    return HTMLResponse(text, code, HEADERS)
