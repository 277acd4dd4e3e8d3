"""A graph folder of many articles: building, one article more, one less, reading it all, memory.

    python benchmarks/bench_graph.py [ARTICLES [FOLDER]]     (2,000 articles unless told: about 2.4 million quads)

100,000 articles need 30 GB of disk.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from synthetic import article, articles

from kg.export import export
from kg.graph import Graph

_QUERY = """
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX kg: <https://newskg.example/ontology#>
SELECT ?who (COUNT(?claim) AS ?times) { ?claim kg:subject wd:Q2 ; kg:predicate kg:metWith ; kg:object ?who }
GROUP BY ?who ORDER BY DESC(?times) LIMIT 10
"""


def main() -> None:
    """Prints what each step takes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        graph = Graph.open(Path(folder) / "graph", create=True)
        took = _timed("making the articles alone", lambda: sum(len(quads) for _, quads in articles(count)))
        quads = sum(len(quads) for _, quads in articles(min(count, 200))) / min(count, 200)
        built = _timed(f"building {count:,} articles", lambda: graph.add(articles(count)))
        print(f"  {(built - took) / count * 1000:.1f} ms an article without making it, {quads:,.0f} quads each")
        for number in range(count, count + 8):
            _timed("one article more", partial(graph.add, articles(1, number)))
        _timed("100 articles more", lambda: graph.add(articles(100, count + 8)))
        _timed("one article less", lambda: graph.remove(article(count // 2).document.id))
        _timed("the same article again", lambda: graph.add(articles(1, 0)))
        lines = 0

        def read() -> None:
            nonlocal lines
            lines = sum(1 for _ in graph.lines())

        took = _timed("reading all lines, merged", read)
        print(f"  {lines:,} quads, {lines / took:,.0f}/s")
        took = _timed("exporting Turtle", lambda: export(graph.lines(), Path(folder) / "all.ttl"))
        print(f"  {lines / took:,.0f}/s from the packed files to the disk")
        _timed("a question", partial(_ask, graph))
        _sizes(graph.folder)


def _ask(graph: Graph) -> None:
    answer = graph.store().query(_QUERY, use_default_graph_as_union=True)
    sum(1 for _ in answer)  # type: ignore[union-attr, misc] # rows: the question is a SELECT


def _timed(what: str, work: Callable[[], object]) -> float:
    """Seconds of processor time, which other work on the machine does not change as much as the clock."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:32} {took:9.2f} s by the clock {cpu:9.2f} s of processor   peak {peak:,.0f} MB", flush=True)
    return cpu


def _sizes(folder: Path) -> None:
    for part in sorted(folder.iterdir()):
        size = sum(p.stat().st_size for p in part.rglob("*") if p.is_file()) if part.is_dir() else part.stat().st_size
        print(f"  {part.name:20} {size / 1e6:10,.1f} MB")


if __name__ == "__main__":
    main()
