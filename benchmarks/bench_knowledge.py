"""What the starter knowledge base costs: size, opening, look-ups, memory. A path may follow the command."""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kg import names
from kg.knowledge import STARTER, KnowledgeBase
from kg.knowledge.layout import Container

LOOKUPS = 1000


def resident() -> float:
    """Resident memory now, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def timed(name: str, act: Callable[[object], object], values: list[object]) -> None:
    """Print the mean and the 95th percentile of one call, in microseconds."""
    times = []
    for value in values:
        start = time.perf_counter()
        act(value)
        times.append(time.perf_counter() - start)
    times.sort()
    print(f"  {name:34}{sum(times) / len(times) * 1e6:8.1f} us{times[int(len(times) * 0.95)] * 1e6:8.1f} us (p95)")


def cold(path: Path) -> None:
    """Opening in a process of its own."""
    code = (
        "import time; a = time.perf_counter(); from kg.knowledge import KnowledgeBase; from pathlib import Path;"
        f"b = time.perf_counter(); base = KnowledgeBase.open(Path({str(path)!r})); c = time.perf_counter();"
        "print(f'  import {(b - a) * 1e3:.0f} ms, open {(c - b) * 1e3:.1f} ms')"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], check=True)


def main() -> None:
    """Print the figures."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    sections = Container.open(path).header["sections"]
    for name, (_, _, length) in sorted(sections.items(), key=lambda item: -item[1][2])[:12]:
        print(f"  {name:24}{length / 1e6:8.2f} MB")
    print("In a new process:")
    cold(path)
    before = resident()
    base = KnowledgeBase.open(path)
    print(f"Memory: {before:.1f} MB before, {resident():.1f} MB open")
    rows = random.Random(1).sample(range(len(base)), LOOKUPS)
    texts = [base.label(row) for row in rows]
    keys = [names.key(text) for text in texts]
    people = [key.split()[-1] for row, key in zip(rows, keys, strict=True) if base.kind(row) == "PER" and key]
    base = KnowledgeBase.open(path)
    print("Look-ups (random rows, nothing cached):")
    timed("record", base.record, rows)
    timed("record, again", base.record, rows)
    timed("exact, a known key", base.exact, keys)
    timed("exact, an unknown key", base.exact, [f"{key} x" for key in keys])
    timed("exact, a code", lambda key: base.exact(key, "ro"), keys)
    timed("has_prefix", base.has_prefix, [key.split()[0] if key else "" for key in keys])
    timed("similar", base.similar, [names.skeleton(text) for text in texts])
    timed("surname", base.surname, people)
    timed("row", base.row, [base.qid(row) for row in rows])
    timed("kind and prior", lambda row: (base.kind(row), base.prior(row)), rows)
    timed("countries", base.countries, rows)
    timed("related", base.related, rows)
    print(f"Memory: {resident():.1f} MB after them")
    timed("search, a label", base.search, texts[:100])


if __name__ == "__main__":
    main()
