"""Quads a second of every writer, and of rdflib's on a part of the same graph.

python benchmarks/bench_export.py [ARTICLES]     (500 articles: about 600,000 quads)
"""

from __future__ import annotations

import io
import resource
import sys
import time

from synthetic import articles

from kg.export import FORMATS, export
from kg.rdf import parse_line

_SMALL = 20_000  # quads for rdflib, whose writers take more than linear time


def main() -> None:
    """Prints a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    lines = sorted({str(quad) for _, quads in articles(count) for quad in quads})
    quads = [parse_line(line) for line in lines]
    print(f"{len(lines):,} quads of {count:,} articles")
    print(f"{'format':16} {'from lines/s':>14} {'from quads/s':>14} {'bytes/quad':>11}")
    for kind in [name for name, form in FORMATS.items() if form.writer]:
        from_lines, size = _measure(lines, kind)
        from_quads, _ = _measure(quads, kind)
        print(f"{kind:16} {len(lines) / from_lines:14,.0f} {len(lines) / from_quads:14,.0f} {size / len(lines):11.1f}")
    _rdflib(lines[:_SMALL])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, the quads included")


def _measure(statements: list, kind: str) -> tuple[float, int]:  # type: ignore[type-arg]
    best, size = float("inf"), 0
    for _ in range(3):  # the best of three: the machine has other work
        buffer = io.BytesIO()
        start = time.process_time()  # other work on the machine changes it less than the clock
        export(statements, buffer, kind)
        best, size = min(best, time.process_time() - start), buffer.tell()
    return best, size


def _rdflib(lines: list[str]) -> None:
    import rdflib  # noqa: PLC0415 - only the comparison needs it

    buffer = io.BytesIO()
    export(lines, buffer, "ttl")
    graph = rdflib.Graph()
    start = time.perf_counter()
    graph.parse(data=buffer.getvalue(), format="turtle")
    read = time.perf_counter()
    graph.serialize(format="turtle")
    print(f"rdflib on {len(graph):,} triples: reads {len(graph) / (read - start):,.0f}/s, ", end="")
    print(f"writes Turtle {len(graph) / (time.perf_counter() - read):,.0f}/s")


if __name__ == "__main__":
    main()
