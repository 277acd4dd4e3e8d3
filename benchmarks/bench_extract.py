"""Milliseconds for times and extraction of an article of 500 words, beside the whole pipeline, in one run.

    python benchmarks/bench_extract.py [FOLDER] [--rounds 5]

Each article is read once to warm caches; then every round reads all of them, and the best round counts (other work on
the machine only adds). The time is processor time, scaled to 500 words by the article's own length.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kg.model import Annotation, Document
from kg.pipeline import ready
from kg.read import read
from kg.when import times

HERE = Path(__file__).parents[1]
WORDS = 500


def main() -> None:
    """Prints the median, the slowest, and the share of the whole."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, default=HERE / "tests" / "golden" / "articles")
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    pipeline = ready()
    documents = [one for one in read([str(options.folder)]) if isinstance(one, Document)]
    annotations = [pipeline.annotate(one) for one in documents]

    def extraction(index: int) -> None:
        document, lines = documents[index], annotations[index].sentences
        named = [link for link in annotations[index].links if link.method != "described"]
        pipeline.extractor.extract(document, lines, named, times(document, lines))

    def whole(index: int) -> None:
        pipeline.annotate(documents[index])

    own = [_best(extraction, i, options.rounds) * _scale(one) for i, one in enumerate(annotations)]
    all_of_it = [_best(whole, i, options.rounds) * _scale(one) for i, one in enumerate(annotations)]
    print(f"{len(documents)} articles, {sum(len(one.text.split()) for one in documents)} words")
    print(f"times and extraction, 500 words: median {median(own):.1f} ms, slowest {max(own):.1f} ms")
    share = sum(own) / sum(all_of_it)
    print(f"whole pipeline, 500 words:       median {median(all_of_it):.1f} ms ({share:.0%} of it extraction)")


def _best(work: Callable[[int], None], index: int, rounds: int) -> float:
    """Milliseconds of processor time, the best of some rounds."""
    found = []
    for _ in range(rounds):
        begun = time.process_time()
        work(index)
        found.append(time.process_time() - begun)
    return min(found) * 1000


def _scale(annotation: Annotation) -> float:
    return WORDS / len(annotation.document.text.split())


if __name__ == "__main__":
    main()
