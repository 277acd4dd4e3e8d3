"""What linking adds to an article: processor milliseconds for 500 words, beside the whole pipeline in the same run.

    python benchmarks/linking_speed.py [INPUT...]      # default: examples/articles

Cold: a new linker for every article, nothing remembered (the base's pages are mapped). Warm: one linker for all.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from kg.language import sentences
from kg.link import Linker
from kg.model import Document
from kg.pipeline import ready
from kg.read import read

EXAMPLES = Path(__file__).parents[1] / "examples" / "articles"
RUNS = 5


def main() -> None:
    """Print milliseconds of processor time for 500 words: median and worst of the articles, best of RUNS."""
    documents = [d for d in read(sys.argv[1:] or [str(EXAMPLES)]) if isinstance(d, Document)]
    pipeline = ready()
    work = []
    for document in documents:
        _, lines = sentences(document)
        work.append((document, lines, pipeline.recogniser.mentions(document, lines)))
    cold, warm, whole = [], [], []
    shared = Linker(pipeline.base)
    for document, lines, mentions in work:
        scale = 500 / max(1, len(document.text.split()))
        fresh = [_timed(Linker(pipeline.base), document, lines, mentions) for _ in range(RUNS)]
        cold.append(min(fresh) * scale)
        warm.append(min(_timed(shared, document, lines, mentions) for _ in range(RUNS)) * scale)
        start = time.process_time()
        pipeline.annotate(document)
        whole.append((time.process_time() - start) * 1000 * scale)
    print(f"{len(documents)} articles, {sum(len(d.text.split()) for d in documents)} words")
    for name, found in (("linking, cold", cold), ("linking, warm", warm), ("whole pipeline, warm", whole)):
        print(f"{name:<22} median {statistics.median(found):6.1f} ms  worst {max(found):6.1f} ms for 500 words")


def _timed(linker: Linker, document: Document, lines: object, mentions: object) -> float:
    start = time.process_time()
    linker.link(document, lines, mentions)  # type: ignore[arg-type]
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
