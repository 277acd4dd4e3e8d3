"""How a server bears many clients: library questions at a million triples, with and without a hostile query among them.

    python benchmarks/bench_serve.py [ARTICLES] [CLIENTS] [PAUSE]      (default: 1000 articles, 50 clients, 1 second)

Each client asks a question about an entity, reads the answer, waits PAUSE seconds (people read), and asks again; with
0 they ask as fast as they are answered. Entities are drawn as news mention them: a few often, most seldom. The hostile
query is a cross product; the server must stop it, say 503, and go on. Clients and server share this machine.
"""

from __future__ import annotations

import http.client
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from synthetic import articles

from kg.graph import Graph
from kg.query import Question, bind, questions

SECONDS = 20.0  # of each run
TIMEOUT = 10.0  # seconds the server gives a query
HOSTILE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?g != ?d) }"


@dataclass
class Run:
    """What the clients saw."""

    times: list[float] = field(default_factory=list)  # seconds
    statuses: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, status: int, seconds: float) -> None:
        """One answer."""
        with self.lock:
            self.statuses[status] += 1
            self.times.append(seconds)


def main() -> None:
    """Builds the graph, serves it, asks it."""
    count, clients, pause = (
        float(given) if given else default
        for given, default in zip([*sys.argv[1:], "", "", ""], (1000.0, 50.0, 1.0), strict=False)
    )
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        graph = Graph.open(Path(folder) / "graph", create=True)
        graph.add(articles(int(count)))
        options = ["--port", "0", "--timeout", str(TIMEOUT), "--memory", "2048"]
        command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(graph.folder), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = (server.stdout.readline() if server.stdout else "").split()[2]
                measure(urlsplit(address).netloc, int(clients), pause)
            finally:
                server.terminate()


def measure(host: str, clients: int, pause: float) -> None:
    """Three runs: one client, all of them, all of them and the hostile one."""
    print(f"{'run':<26}{'answers/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}  statuses")
    report("one client", load(host, 1, pause, 1))
    report(f"{clients} clients", load(host, clients, pause, 2))
    hostile: list[tuple[int, float]] = []
    thread = threading.Thread(target=lambda: hostile.append(asked(http.client.HTTPConnection(host), HOSTILE)))
    thread.start()
    report(f"{clients} and a hostile one", load(host, clients, pause, 3))
    thread.join()
    print(f"\nthe hostile query: {hostile[0][0]} after {hostile[0][1]:.1f} s (the server gives {TIMEOUT:g})")


def load(host: str, clients: int, pause: float, seed: int) -> Run:
    """All clients for SECONDS."""
    run, until = Run(), time.monotonic() + SECONDS
    threads = [threading.Thread(target=client, args=(host, run, until, pause, (seed, n))) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return run


def client(host: str, run: Run, until: float, pause: float, seed: tuple[int, int]) -> None:
    """One client."""
    chance = random.Random(hash(seed))
    about = [q for q in questions() if any(p.type == "entity" for p in q.params)]
    connection = http.client.HTTPConnection(host, timeout=120)
    time.sleep(chance.random() * pause)  # they don't begin all at once
    while time.monotonic() < until:
        run.add(*asked(connection, drawn(chance, about)))
        time.sleep(pause * (0.5 + chance.random()))


def drawn(chance: random.Random, about: Sequence[Question]) -> str:
    """A question about an entity."""
    question = chance.choice(about)
    names = [p.name for p in question.params if p.type == "entity"]
    entities = {name: [f"Q{1 + int(chance.paretovariate(0.7)) % 1000}"] for name in names}
    return bind(question, entities)


def asked(connection: http.client.HTTPConnection, query: str) -> tuple[int, float]:
    """(status, seconds); a body that is shorter than promised raises."""
    began = time.monotonic()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
    connection.request("POST", "/sparql", urlencode({"query": query}), form)
    answer = connection.getresponse()
    answer.read()
    connection.close()  # the next question comes after a pause in which the server may have closed it
    return answer.status, time.monotonic() - began


def report(name: str, run: Run) -> None:
    """One line."""
    p50, p95 = (statistics.quantiles(run.times, n=100, method="inclusive")[q - 1] * 1000 for q in (50, 95))
    rate = len(run.times) / SECONDS
    told = ", ".join(f"{status}: {number}" for status, number in sorted(run.statuses.items()))
    print(f"{name:<26}{rate:>10.1f}{p50:>9.0f}{p95:>9.0f}{max(run.times) * 1000:>9.0f}  {told}", flush=True)


if __name__ == "__main__":
    main()
