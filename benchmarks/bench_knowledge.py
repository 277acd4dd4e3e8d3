"""What a knowledge base costs: size, opening, look-ups, memory; and what a dump costs that becomes one.

python benchmarks/bench_knowledge.py [BASE.kb]              the starter base, or another
python benchmarks/bench_knowledge.py --dump 40000           made-up items, 14 kB each, plain, .gz and .bz2
python benchmarks/bench_knowledge.py --scale 1000000        short made-up items: the base that they become
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import wikidata_dump

from kg import names
from kg.knowledge import STARTER, KnowledgeBase, load_profile
from kg.knowledge.layout import Container
from kg.knowledge.wikidata import build_from_dump, load_rules
from kg.knowledge.wikidata.dump import _Reading
from kg.link.candidates import Finder
from kg.ontology.languages import languages

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


def dumps(total: int) -> None:
    """How fast a dump is read, by how it is packed; twice each, the second after the first."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("dump.json", "dump.json.gz", "dump.json.bz2"):
            path = Path(folder) / name
            size = wikidata_dump.write(path, total)
            print(f"{name}: {total:,} items, {path.stat().st_size / 1e6:,.0f} MB, {size / 1e6:,.0f} MB unpacked")
            for run in range(2):
                work = Path(folder) / f"{name}.{run}"
                work.mkdir()
                wall, processor = time.perf_counter(), time.process_time()
                with ExitStack() as stack:
                    reading = _Reading(path, work, load_profile(), load_rules(), stack)
                    counts, _ = reading.read(lambda _what, _done: None)
                wall, processor = time.perf_counter() - wall, time.process_time() - processor
                per_second = counts["entities"] / processor, counts["entities"] / wall
                print(f"  {per_second[0]:,.0f} items a second of processor time, {per_second[1]:,.0f} of the clock")
            path.unlink()


def scale(total: int) -> None:
    """The base that a dump of short items becomes: time, memory while it is built, then what it costs."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "dump.json", Path(folder) / "large.kb"
        wikidata_dump.write(path, total, lean=True)
        print(f"{total:,} items, a dump of {path.stat().st_size / 1e6:,.0f} MB", flush=True)
        wall, processor = time.perf_counter(), time.process_time()
        info = build_from_dump(path, out, load_profile(), load_rules(), lambda _what, _done: None)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        took, wall = time.process_time() - processor, time.perf_counter() - wall
        print(
            f"{info['entities']:,} items built in {took:,.0f} s of processor time, {wall:,.0f} by the clock,", end=" "
        )
        print(f"{most:,.0f} MB at most", flush=True)
        subprocess.run([sys.executable, __file__, str(out)], check=True)  # a process of its own: memory anew


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["--dump"]:
        dumps(int(sys.argv[2]))
        return
    if sys.argv[1:2] == ["--scale"]:
        scale(int(sys.argv[2]))
        return
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    sections = Container.open(path).header["sections"]
    keys_ = {name: sections[f"{name}.first"][2] // 4 for name in ("names", "sounds", "surnames")}
    print("  different keys:", ", ".join(f"{count:,} of {name}" for name, count in keys_.items()))
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
    timed("search, a label", base.search, texts[:100])
    print("The linker's candidates (nothing cached but words):")
    finder, english = Finder(base), languages()["en"]
    every = [(text, base.kind(row) == "PER") for row, text in zip(rows, texts, strict=True)]
    timed("a label", lambda one: finder.rows(*one, english), every)
    misspelt = [(f"{text[:2]}{text[1:]}", person) for text, person in every]
    timed("a label, misspelt", lambda one: finder.rows(*one, english), misspelt)
    timed("a label, again", lambda one: finder.rows(*one, english), every)
    print(f"Memory: {resident():.1f} MB after them")


if __name__ == "__main__":
    main()
