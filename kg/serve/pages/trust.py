"""Who may write: a person at this machine, through a page that came from here; nobody through a page from elsewhere.

And who may read: any site's script may ask for data, as an endpoint must allow; but a page holds what only this
machine keeps (texts, a form's token), and no other site's script may read it.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Send

COOKIE = "kg-review"
_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_BYTES = 64 << 10  # of a form
_SECRET = secrets.token_bytes(32)  # of this process: an old page's form must be loaded again


class OpenData(CORSMiddleware):
    """Cross-origin reading of everything but pages, which are known by their policy."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """As the parent's, for data."""
        names = {name.lower() for name, _ in message.get("headers", ())}
        if message["type"] == "http.response.start" and b"content-security-policy" in names:
            await send(message)
        else:
            await super().send(message, send, request_headers)


def token_of(request: Request) -> tuple[str, str]:
    """(cookie, token of the form that goes with it); the cookie is new where there is none."""
    cookie = request.cookies.get(COOKIE) or secrets.token_hex(16)
    return cookie, hmac.new(_SECRET, cookie.encode(), "sha256").hexdigest()


def remember(response: Response, cookie: str) -> Response:
    """Sets the cookie that the form's token goes with: sent with nothing that another site starts."""
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
    response.headers["Cache-Control"] = "no-store"
    return response


def at_home(request: Request) -> bool:
    """Whether browser and server are one machine. The name counts too: a foreign name may lead to our address."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return request.client is not None and request.client.host in _NAMES and host in _NAMES


def refusal(request: Request, form: dict[str, str], key: str | None) -> str:
    """Why the form is not taken; "" if it is. `key`: the token that lets other machines write; None: none may."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return "It was sent from a page of another site"
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return "It was sent from a page of another site"
    cookie, token = token_of(request)
    if COOKIE not in request.cookies or not hmac.compare_digest(token, form.get("token", "")) or not cookie:
        return "The page that it was sent from is too old"
    if not at_home(request) and not (key and hmac.compare_digest(key, form.get("key", ""))):
        return "From another machine, a decision needs the server's token" if key else "Only this machine may decide"
    return ""


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was posted; a form that is too large is cut and will not do."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            break
    return dict(parse_qsl(body[:_MOST_BYTES].decode("utf-8", "replace"), keep_blank_values=True))
