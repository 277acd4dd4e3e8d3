"""One polite, cached, bounded GET, against a server of our own on the loopback address that misbehaves on demand."""

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from kg.errors import InputError
from kg.web import USER_AGENT, Fetched, Limits, Web, _check_way

PAGE = "<html><p>Γεια</p></html>".encode("iso-8859-7")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        self.server.headers.append(dict(self.headers))
        self.PATHS[self.path.split("?")[0]](self)

    def answer(self, status: int = 200, body: bytes = PAGE, **headers: str) -> None:
        self.send_response(status)
        named = {"Content-Type": "text/html; charset=ISO-8859-7", "Content-Length": str(len(body))}
        for name, value in (named | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def busy(self) -> None:
        first = self.server.asked[self.path] == 1
        self.answer(503, b"", Retry_After="7") if first else self.answer()

    def busy_until(self) -> None:
        first = self.server.asked[self.path] == 1
        self.answer(429, b"", Retry_After=formatdate(time.time() + 20, usegmt=True)) if first else self.answer()

    def kept(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(304, b"", ETag='"v1"', Cache_Control="max-age=0")
        else:
            self.answer(ETag='"v1"', Cache_Control="max-age=0")

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.close_connection = True
        for _ in range(100):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    PATHS: ClassVar[dict[str, Callable[["Handler"], None]]] = {
        "/page": answer,
        "/packed": lambda self: self.answer(body=gzip.compress(PAGE), Content_Encoding="gzip"),
        "/busy": busy,
        "/busy-until": busy_until,
        "/always-busy": lambda self: self.answer(503, b""),
        "/next-week": lambda self: self.answer(429, b"", Retry_After="600000"),
        "/kept": kept,
        "/private": lambda self: self.answer(Cache_Control="no-store"),
        "/hour": lambda self: self.answer(Cache_Control="public, max-age=3600"),
        "/gone": lambda self: self.answer(404, b"no"),
        "/moved": lambda self: self.answer(301, b"", Location="/page"),
        "/round": lambda self: self.answer(302, b"", Location="/round"),
        "/to-file": lambda self: self.answer(302, b"", Location="file:///etc/hostname"),
        "/large": lambda self: self.answer(body=b"x" * 5000),
        "/bomb": lambda self: self.answer(body=gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip"),
        "/picture": lambda self: self.answer(Content_Type="image/png"),
        "/drip": drip,
        "/cut": cut,
    }

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def fresh(server: Server) -> None:
    server.asked.clear()
    server.headers.clear()


def web(folder=None, sleeps: list[float] | None = None, **limits: float) -> Web:
    chosen = Limits(**({"pause": 0.0, "max_bytes": 4000} | limits))
    return Web(folder, chosen, sleep=(sleeps if sleeps is not None else []).append)


def test_a_page_and_what_the_server_says_of_it(server):
    found = web().get(server.address("/page"))
    assert found == Fetched(server.address("/page"), 200, "text/html", PAGE, "ISO-8859-7")
    assert server.headers[0]["User-Agent"] == USER_AGENT


def test_a_packed_page_is_unpacked(server):
    assert web().get(server.address("/packed")).body == PAGE


def test_a_redirect_is_followed(server):
    assert web().get(server.address("/moved")).url == server.address("/page")


@pytest.mark.parametrize(("path", "least", "most"), [("/busy", 7, 7), ("/busy-until", 15, 21)])
def test_it_comes_back_when_the_server_asks_for_it(server, path, least, most):
    sleeps: list[float] = []
    assert web(sleeps=sleeps).get(server.address(path)).body == PAGE
    assert server.asked[path] == 2
    assert len(sleeps) == 1
    assert least <= sleeps[0] <= most


def test_it_gives_up_after_some_tries(server):
    sleeps: list[float] = []
    with pytest.raises(InputError, match="answered 503"):
        web(sleeps=sleeps, tries=3).get(server.address("/always-busy"))
    assert server.asked["/always-busy"] == 3
    assert len(sleeps) == 2
    assert 0.75 <= sleeps[0] <= 1.25  # twice as long each time, never quite the same
    assert 1.5 <= sleeps[1] <= 2.5


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/next-week", "asks to come back in 600000 seconds"),
        ("/gone", "answered 404"),
        ("/round", "too many redirects"),
        ("/to-file", "could not be followed"),
        ("/large", "larger than 4,000 bytes"),
        ("/bomb", "larger than 4,000 bytes"),
        ("/picture", "of type image/png"),
        ("/cut", "can't be reached"),
    ],
)
def test_what_goes_wrong_is_said_with_what_to_do(server, path, said):
    with pytest.raises(InputError, match=said) as error:
        web().get(server.address(path))
    assert error.value.do
    assert server.address(path).split("?")[0] in error.value.what


def test_a_server_that_drips_is_left(server):
    began = time.monotonic()
    with pytest.raises(InputError, match="took longer than"):
        web(seconds=0.3).get(server.address("/drip"))
    assert time.monotonic() - began < 3


def test_nobody_there():
    with pytest.raises(InputError, match="can't be reached"):
        web(tries=2).get("http://127.0.0.1:9/")  # the discard port: nothing listens


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/x", "example.org", "http://", "javascript:alert(1)", ""]
)
def test_only_the_web(url):
    with pytest.raises(InputError, match="is not a web address"):
        web().get(url)


def test_an_answer_is_kept_as_long_as_it_holds(server, tmp_path):
    for _ in range(3):
        assert web(tmp_path).get(server.address("/page")).encoding == "ISO-8859-7"
        assert web(tmp_path, fresh=0.0).get(server.address("/hour")).body == PAGE
    assert server.asked == {"/page": 1, "/hour": 1}


def test_an_old_answer_is_asked_about_and_not_sent_again(server, tmp_path):
    for _ in range(3):
        assert web(tmp_path).get(server.address("/kept")).body == PAGE
    assert server.asked["/kept"] == 3
    assert [headers.get("If-None-Match") for headers in server.headers] == [None, '"v1"', '"v1"']


def test_what_must_not_be_kept_is_not(server, tmp_path):
    web(tmp_path).get(server.address("/private"))
    assert list(tmp_path.iterdir()) == []


def test_a_cache_cut_in_half_or_not_writable_costs_only_the_cache(server, tmp_path):
    web(tmp_path).get(server.address("/page"))
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:20])
    assert web(tmp_path).get(server.address("/page")).body == PAGE
    (tmp_path / "file").write_text("")
    assert web(tmp_path / "file" / "below").get(server.address("/page")).body == PAGE


def test_a_kept_answer_of_the_wrong_type_is_refused_as_well(server, tmp_path):
    web(tmp_path).get(server.address("/page"))
    with pytest.raises(InputError, match="of type text/html"):
        web(tmp_path).get(server.address("/page"), accept=("application/json",))


def test_two_requests_to_one_host_are_a_pause_apart(server):
    sleeps: list[float] = []
    polite = web(sleeps=sleeps, pause=5.0)
    polite.get(server.address("/page"))
    polite.get(server.address("/page"))
    assert len(sleeps) == 1
    assert 4 < sleeps[0] <= 5


def test_an_answer_that_is_none_is_asked_for_again_and_not_kept(server, tmp_path):
    sleeps: list[float] = []
    answers = iter([False, True])
    web(tmp_path, sleeps).get(server.address("/page"), usable=lambda _: next(answers))
    assert (server.asked["/page"], len(sleeps)) == (2, 1)
    with pytest.raises(InputError, match="no answer that can be used"):
        web(tmp_path, tries=2).get(server.address("/hour"), usable=lambda _: False)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_old_answer_is_better_than_none_if_that_is_wanted(server, tmp_path):
    web(tmp_path, fresh=0.0).get(server.address("/page"))
    address = server.address("/page")
    gone = {"folder": tmp_path, "fresh": 0.0, "tries": 1, "requests": 0}
    assert web(**gone, stale=True).get(address).body == PAGE
    with pytest.raises(InputError):
        web(**gone).get(address)


def test_a_budget_of_requests(server):
    thrifty = web(requests=2)
    for _ in range(2):
        thrifty.get(server.address("/page"))
    with pytest.raises(InputError, match="2 requests"):
        thrifty.get(server.address("/page"))
    assert server.asked["/page"] == thrifty.made == 2


def test_an_answer_may_be_kept_longer_than_its_server_says(server, tmp_path):
    for _ in range(2):
        web(tmp_path, at_least=1000.0).get(server.address("/private"))
    assert server.asked["/private"] == 1


@pytest.mark.parametrize("address", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "192.168.1.1"])
def test_a_redirect_never_leads_from_the_open_internet_into_a_private_network(monkeypatch, address):
    hosts = {"news.example": "93.184.216.34", "inside.example": address}
    monkeypatch.setattr("socket.getaddrinfo", lambda host, _port: [(0, 0, 0, "", (hosts[host], 0))])
    with pytest.raises(InputError, match="private network"):
        _check_way("https://news.example/a", "http://inside.example/latest/meta-data")
    _check_way("https://news.example/a", "https://news.example/b")
    _check_way("http://inside.example/a", "http://inside.example/b")  # asked for by name, it is meant
    with pytest.raises(InputError, match="no web address"):
        _check_way("https://news.example/a", "file:///etc/passwd")
