"""How long the library's questions take on a graph of about a million triples.

    python benchmarks/bench_queries.py [ARTICLES]          (default: 1000, about 1.1 million triples)

Each question is asked through the worker process, as `kg query` and `kg serve` ask it, about entities from very often
named to named once. "open" is a question without what may be left out: its answer is as long as the graph is large.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from synthetic import articles

from kg.graph import Graph
from kg.query import Limits, Question, Rows, Session, questions

ENTITIES = ("Q2", "Q3", "Q7", "Q11", "Q23", "Q41", "Q52", "Q101", "Q203", "Q1003")  # by falling number of mentions
TRIES = 3


def main() -> None:
    """Builds the graph, asks every question, prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        graph = Graph.open(Path(folder) / "graph", create=True)
        graph.add(articles(count))
        with Session(str(graph.folder), Limits(seconds=120)) as session:
            size = Rows.from_json(session.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body()).rows[0][0]
            print(f"{count:,} articles, {int(size.value if size else 0):,} triples\n")
            print(f"{'question':<28}{'p50 ms':>9}{'p95 ms':>9}{'rows':>8}{'open ms':>10}{'rows':>9}")
            every = [time_ for question in questions() for time_ in report(session, question)]
        print(f"\nall questions about an entity: p50 {_quantile(every, 50):.1f} ms, p95 {_quantile(every, 95):.1f} ms")


def report(session: Session, question: Question) -> list[float]:
    """Prints one line; gives the times about entities in milliseconds."""
    times, rows = [], 0
    about = [p for p in question.params if p.type == "entity"]
    for entity in ENTITIES if about else ():
        given = {p.name: ["Q1" if p.name in {"other", "object"} and entity != "Q1" else entity] for p in about}
        best, found = timed(session, question, given)
        times.append(best)
        rows = max(rows, found)
    needs = any(not p.optional for p in question.params)
    open_, all_rows = (0.0, 0) if needs else timed(session, question, {})
    told = f"{_quantile(times, 50):>9.1f}{_quantile(times, 95):>9.1f}{rows:>8,}" if times else f"{'':>26}"
    print(f"{question.name:<28}{told}" + ("" if needs else f"{open_:>10.1f}{all_rows:>9,}"), flush=True)
    return times


def timed(session: Session, question: Question, given: Mapping[str, Sequence[str]]) -> tuple[float, int]:
    """The best of some tries in milliseconds, and the number of rows."""
    times, body = [], b""
    for _ in range(TRIES):
        began = time.perf_counter()
        body = session.ask(question.name, given).body()
        times.append((time.perf_counter() - began) * 1000)
    return min(times), len(Rows.from_json(body).rows)


def _quantile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else sum(times)


if __name__ == "__main__":
    main()
