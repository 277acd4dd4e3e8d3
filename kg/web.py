"""One polite, cached, bounded HTTP GET: the only door to requests.

`Web.get` follows at most five redirects, never from the open internet to a private address, waits between two
requests to one host, tries again after 429 and 503 as long as the server asks for, stops at a number of bytes, of
seconds and, if wanted, of requests, and keeps what it got on disk, where it asks with ETag or Last-Modified whether
that still holds. The cache is our own sixty lines and not requests-cache: we need one method and no database.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import json
import os
import random
import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from kg import __version__
from kg.errors import InputError

if TYPE_CHECKING:
    import requests  # 0.1 s to import: only who asks the web pays for it

# As the Wikimedia Foundation asks for: name, version, and how to reach whoever runs it.
CONTACT = "NEWSKG_CONTACT"  # the environment variable with an e-mail or web address
USER_AGENT = f"newskg/{__version__} ({os.environ.get(CONTACT) or 'news knowledge graph; one request at a time'})"
ARTICLES = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom", "application/rdf")
DATA = ("application/json", "application/ld+json", "application/x-ndjson", "application/jsonl", "application/warc")
PACKED = ("application/gzip", "application/x-gzip", "application/octet-stream", "binary/octet-stream")

_RETRY = {429, 502, 503, 504}
_MOVED = {301, 302, 303, 307, 308}
_REDIRECTS = 5
_CHUNK = 1 << 16
_ENTRIES = 2000  # answers kept on disk; the oldest go first


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one GET brought."""

    url: str  # after redirects
    status: int  # 200..299
    content_type: str  # lower case, without parameters; "" where the server names none
    body: bytes
    encoding: str | None  # as the server declares it, never guessed


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer on disk: when it was asked for, how long it holds, and what to ask with."""

    answer: Fetched
    asked: float  # seconds since 1970
    fresh: float  # seconds
    etag: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long, of one GET."""

    max_bytes: int = 20_000_000  # of the decompressed body
    seconds: float = 30.0  # for the whole answer
    tries: int = 4
    pause: float = 1.0  # seconds between two requests to one host
    wait: float = 60.0  # the longest, in seconds, that a server may ask us to wait before another try
    fresh: float = 600.0  # seconds that an answer holds where the server says nothing
    at_least: float = 0.0  # seconds that it holds whatever the server says
    stale: bool = False  # whether an old answer is better than none where the network is gone
    requests: int | None = None  # how many one Web may make in all; None: any number


class Web:
    """HTTP GET with one set of limits and one cache folder (None: no cache)."""

    def __init__(
        self, folder: Path | None = None, limits: Limits = Limits(), sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._folder, self._limits, self._sleep = folder, limits, sleep
        self._session: requests.Session | None = None
        self.made = 0  # requests so far; what the cache answered is none
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        accept: tuple[str, ...] = ARTICLES + DATA + PACKED,
        usable: Callable[[Fetched], bool] = lambda _: True,
    ) -> Fetched:
        """The answer to a GET of `url`, from the cache where that still holds.

        accept: how its content type may begin. usable: whether an answer is one; what is not is neither kept nor
        taken, and asked for again like a 503 (an API's "come back later" inside of a 200). Raises InputError where
        the address is not http(s), can't be reached, answers with an error, redirects for ever, is too large, too
        slow or of another type.
        """
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise InputError(f"{url} is not a web address that can be read.", "Give one that starts with https://.")
        kept = self._read(url)
        if kept and time.time() - kept.asked < kept.fresh:
            return _accepted(kept.answer, accept)
        try:
            return self._fetched(url, kept, accept, usable)
        except InputError:
            if kept and self._limits.stale:
                return _accepted(kept.answer, accept)
            raise

    def _fetched(
        self, url: str, kept: _Kept | None, accept: tuple[str, ...], usable: Callable[[Fetched], bool]
    ) -> Fetched:
        for attempt in range(self._limits.tries):
            response = self._ask(url, kept)
            with contextlib.closing(response):
                if response.status_code == 304 and kept:
                    answer = kept.answer
                else:
                    _check(response.status_code, url)
                    _accepted(Fetched(response.url, 200, _type(response.headers), b"", None), accept)
                    body = b"".join(self._chunks(response, url))
                    encoding = _encoding(response.headers)
                    answer = Fetched(response.url, response.status_code, _type(response.headers), body, encoding)
                if usable(answer):
                    self._keep(url, answer, response.headers, kept)
                    return _accepted(answer, accept)
                if attempt + 1 < self._limits.tries:
                    self._sleep(self._delay(response.headers.get("Retry-After"), attempt, url))
        raise InputError(f"{url} gave no answer that can be used.", "Try again later.")

    def _ask(self, url: str, kept: _Kept | None) -> requests.Response:
        """The response at the end of the redirects."""
        conditions = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified} if kept else {}
        headers = {name: value for name, value in conditions.items() if value}
        address = url
        for _ in range(_REDIRECTS + 1):
            response = self._once(address, headers)
            target = response.headers.get("Location")
            if response.status_code not in _MOVED or not target:
                return response
            response.close()
            address = urljoin(address, target)
            _check_way(url, address)
        raise _lost(url, "too many redirects")

    def _once(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        import requests  # noqa: PLC0415 - see TYPE_CHECKING above

        if self._session is None:
            self._session = requests.Session()
            self._session.headers["User-Agent"] = USER_AGENT
        limits = (min(10.0, self._limits.seconds), self._limits.seconds)
        for attempt in range(self._limits.tries):
            self._count(url)
            self._be_polite(urlsplit(url).hostname or "")
            try:
                response = self._session.get(url, headers=headers, stream=True, timeout=limits, allow_redirects=False)
            except (requests.ConnectionError, requests.Timeout) as error:
                if attempt + 1 == self._limits.tries:
                    raise _unreachable(url, error) from error
                self._sleep(self._delay(None, attempt, url))
                continue
            except requests.RequestException as error:
                raise _lost(url, _reason(error)) from error
            if response.status_code not in _RETRY or attempt + 1 == self._limits.tries:
                return response
            response.close()
            self._sleep(self._delay(response.headers.get("Retry-After"), attempt, url))
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _count(self, url: str) -> None:
        if self._limits.requests is not None and self.made >= self._limits.requests:
            what = f"The {self._limits.requests} requests that this run may make are used up before {url}."
            raise InputError(what, "Run it again: what was answered is kept.")
        self.made += 1

    def _be_polite(self, host: str) -> None:
        """Waits until the pause since the last request to the host is over."""
        with self._lock:
            now = time.monotonic()
            rest = max(0.0, self._last.get(host, -self._limits.pause) + self._limits.pause - now)
            self._last[host] = now + rest
        if rest > 0:
            self._sleep(rest)

    def _delay(self, header: str | None, attempt: int, url: str) -> float:
        """Seconds to wait: what Retry-After says (seconds or a date), else some 1, 2, 4 ..., never twice the same."""
        delay = min(2.0**attempt, self._limits.wait) * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
        if header and header.strip().isdigit():
            delay = float(header)
        elif header:
            with contextlib.suppress(ValueError, TypeError):  # no date, or one without a zone
                delay = max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
        if delay > self._limits.wait:
            raise InputError(f"{url} asks to come back in {delay:.0f} seconds.", "Try again then.")
        return delay

    def _chunks(self, response: requests.Response, url: str) -> Iterator[bytes]:
        """The body, decompressed, as it comes in. Raises InputError past the limits of bytes and of seconds."""
        import requests  # noqa: PLC0415 - see TYPE_CHECKING above
        import urllib3  # noqa: PLC0415 - requests' own transport: its errors come through read1 unwrapped

        end, size = time.monotonic() + self._limits.seconds, 0
        try:
            # read1 gives what has arrived; iter_content would wait for a whole chunk from a server that drips.
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                size += len(chunk)
                if size > self._limits.max_bytes:
                    what = f"{url} is larger than {self._limits.max_bytes:,} bytes."
                    raise InputError(what, "Download it yourself and give the file.")
                if time.monotonic() > end:
                    raise InputError(f"{url} took longer than {self._limits.seconds:g} seconds.", "Try again later.")
                yield chunk
        except (urllib3.exceptions.HTTPError, requests.RequestException, OSError) as error:
            raise _unreachable(url, error) from error

    def _path(self, url: str) -> Path | None:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:32] if self._folder else None

    def _read(self, url: str) -> _Kept | None:
        """What is kept of the url; None where there is nothing, or nothing whole."""
        path = self._path(url)
        try:
            head, _, body = path.read_bytes().partition(b"\n") if path else (b"", b"", b"")
            row = json.loads(head)
            answer = Fetched(row["url"], row["status"], row["type"], body, row["encoding"])
            return _Kept(answer, row["asked"], row["fresh"], row["etag"], row["modified"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, url: str, answer: Fetched, headers: Mapping[str, str], kept: _Kept | None) -> None:
        """Writes the answer to disk, whole or not at all; a disk that can't be written costs only the cache."""
        control = headers.get("Cache-Control", "").lower()
        path = self._path(url)
        if path is None or ("no-store" in control and not self._limits.at_least):
            return
        age = re.search(r"max-age=(\d+)", control)
        holds = float(age[1]) if age else self._limits.fresh
        row = {
            "url": answer.url,
            "status": answer.status,
            "type": answer.content_type,
            "encoding": answer.encoding,
            "asked": time.time(),
            "fresh": max(0.0 if "no-cache" in control else holds, self._limits.at_least),
            "etag": headers.get("ETag") or (kept.etag if kept else None),
            "modified": headers.get("Last-Modified") or (kept.modified if kept else None),
        }
        with contextlib.suppress(OSError):
            _write(path, json.dumps(row).encode() + b"\n" + answer.body)


def cache_folder() -> Path:
    """Where this user's answers are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newskg" / "web"


@cache
def _default() -> Web:
    return Web(cache_folder())


def fetch(url: str) -> Fetched:
    """One GET with the usual limits and the user's cache folder. Raises InputError as `Web.get` does."""
    return _default().get(url)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    entries = list(path.parent.iterdir())
    if len(entries) > _ENTRIES:
        for old in sorted(entries, key=lambda entry: entry.stat().st_mtime)[: len(entries) - _ENTRIES]:
            old.unlink(missing_ok=True)


def _accepted(answer: Fetched, accept: tuple[str, ...]) -> Fetched:
    if answer.content_type and not answer.content_type.startswith(accept):
        what = f"{answer.url} is of type {answer.content_type}, not an article."
        raise InputError(what, "Give the address of a page, a feed or a text.")
    return answer


def _check(status: int, url: str) -> None:
    if 200 <= status < 300:
        return
    advice = {
        401: "It wants a login: save the page in your browser and give the file.",
        403: "It refuses programs: save the page in your browser and give the file.",
        404: "Check the address.",
        410: "The page is gone: give a saved copy.",
    }
    raise InputError(f"{url} answered {status}.", advice.get(status, "Try again later, or give a saved copy."))


def _unreachable(url: str, error: Exception) -> InputError:
    what = f"{url} can't be reached: {_reason(error)}."
    return InputError(what, "Check the address and your network, or give a saved copy.")


def _lost(url: str, why: str) -> InputError:
    return InputError(f"{url} could not be followed: {why}.", "Open it in a browser and give the address it ends at.")


def _check_way(start: str, target: str) -> None:
    """Raises InputError where a redirect leaves the web, or leads from the open internet into a private network."""
    if urlsplit(target).scheme not in {"http", "https"} or not urlsplit(target).hostname:
        raise _lost(start, f"it leads to {target}, which is no web address")
    if _private(target) and not _private(start):
        raise _lost(start, f"it leads to {target}, an address of a private network")


def _private(url: str) -> bool:
    """Whether a host has an address that the open internet does not reach; False where nobody knows the host."""
    try:
        found = socket.getaddrinfo(urlsplit(url).hostname, None)
        return any(not ipaddress.ip_address(address[4][0]).is_global for address in found)
    except (OSError, ValueError):
        return False


def _reason(error: Exception) -> str:
    """What a library's error says, in a few words: its class name as words."""
    name = type(error).__name__.removesuffix("Error").removesuffix("Exception")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() or "error"


def _type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _encoding(headers: Mapping[str, str]) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers.get("Content-Type", ""), re.IGNORECASE)
    return found[1] if found else None
