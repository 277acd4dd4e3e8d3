"""A small Wikidata on the loopback address: wbsearchentities and wbgetentities, with faults on demand."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from test_wikidata import item, qid_snak, said

from kg import names

FAULTS = ("429", "503", "maxlag", "truncated", "html", "dropped")


def subclass(number: int, above: int) -> dict[str, Any]:
    return item(number, None, claims={"P279": [said(qid_snak("P279", above))]}, labels={})


def named(number: int, of: int, wikis: int = 5, **labels: str) -> dict[str, Any]:
    return item(number, of, wikis, labels={lang: {"language": lang, "value": text} for lang, text in labels.items()})


ITEMS = {
    one["id"]: one
    for one in (
        named(900101, 900201, en="Zendana Airlines", bg="Зендана Еърлайнс", az="Zendana Hava Yolları"),
        named(900102, 5, en="Korvina Zelmandova", bg="Корвина Зелмандова"),
        named(900103, 4167410, en="Zendana Airlines"),
        named(900104, 900201, wikis=1, en="Zendana Airlines Cargo"),
        subclass(900201, 900202),
        subclass(900202, 783794),
    )
}
REDIRECTS = {"Q900199": "Q900102"}


class FakeWikidata(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.faults: list[str] = []  # each is the answer to one request, then things go well
        self.delay = 0.0  # seconds before an answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/w/api.php"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that waits no longer is no fault: what is printed here would stand in the next test's output."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: FakeWikidata

    def do_GET(self) -> None:
        params = dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append(params)
        self.server.agents.add(self.headers["User-Agent"])
        time.sleep(self.server.delay)
        body = json.dumps(ACTIONS[params["action"]](params)).encode()
        if not self.server.faults:
            self.answer(200, body)
            return
        match self.server.faults.pop(0):
            case "429" | "503" as code:
                self.answer(int(code), b"busy", Retry_After="3")
            case "maxlag":
                lag = {"error": {"code": "maxlag", "info": "Waiting for a database server: 6 seconds lagged"}}
                self.answer(200, json.dumps(lag).encode(), Retry_After="5")
            case "truncated":
                self.answer(200, body[: len(body) // 2])
            case "html":
                self.answer(200, b"<html>Our servers are under maintenance</html>", Content_Type="text/html")
            case "dropped":
                self.close_connection = True
            case "unknown":
                self.answer(200, b'{"error": {"code": "unknown_action", "info": "Unrecognized value"}}')

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        named_ = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))}
        private = {"Cache-Control": "private, must-revalidate, max-age=0"}  # as Wikidata answers
        for name, value in (named_ | private | {n.replace("_", "-"): v for n, v in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


def _search(params: dict[str, str]) -> dict[str, Any]:
    """Items with a name in the language, or in English, that begins so."""
    wanted = names.fold(params["search"])
    found = []
    for qid, one in ITEMS.items():
        texts = [one["labels"][lang]["value"] for lang in (params["language"], "en") if lang in one["labels"]]
        if any(names.fold(text).startswith(wanted) for text in texts):
            found.append({"id": qid, "label": texts[0], "match": {"type": "label", "text": texts[0]}})
    if wanted == names.fold("Korvina Old"):
        found.append({"id": "Q900199"})
    return {"searchinfo": {"search": params["search"]}, "search": found[: int(params["limit"])], "success": 1}


def _get(params: dict[str, str]) -> dict[str, Any]:
    entities: dict[str, Any] = {}
    for qid in params["ids"].split("|"):
        target = REDIRECTS.get(qid, qid)
        if target not in ITEMS:
            entities[qid] = {"id": qid, "missing": ""}
        elif target != qid:
            entities[qid] = {**ITEMS[target], "redirects": {"from": qid, "to": target}}
        else:
            entities[qid] = ITEMS[qid]
    return {"entities": entities, "success": 1}


ACTIONS = {"wbsearchentities": _search, "wbgetentities": _get}


@contextmanager
def wikidata() -> Iterator[FakeWikidata]:
    with FakeWikidata() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
