"""How fast the whole pipeline reads, beside one spaCy pipeline on the same text in the same run.

    OMP_NUM_THREADS=1 python benchmarks/bench_pipeline.py INPUT... [--against en_core_web_sm]

INPUT is what `kg build` takes. Tokens are those of spaCy's multilingual tokenizer, a second of processor time. "first"
is the first reading of the texts (each new word costs a little), "again" the second, "quads" the second with its RDF.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import spacy

from kg.model import Document
from kg.pipeline import Pipeline
from kg.read import read


def seconds(work: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """Processor time of the work on all documents."""
    began = time.process_time()
    for document in documents:
        work(document)
    return time.process_time() - began


def main() -> None:
    """Prints a row a measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--against", help="an installed spaCy pipeline")
    options = parser.parse_args()
    documents = [one for one in read(options.inputs) if isinstance(one, Document)]
    tokenizer = spacy.blank("xx")
    tokens = sum(len(tokenizer(one.text)) for one in documents)
    pipeline = Pipeline.create()
    pipeline.annotate(Document("warm", None, None, "en", None, "Rumen Radev met Klaus Iohannis in Varna."))
    print(f"{len(documents)} articles, {tokens} tokens")
    works: dict[str, Callable[[Document], object]] = {
        "first": pipeline.annotate,
        "again": pipeline.annotate,
        "quads": lambda one: pipeline.quads(pipeline.annotate(one)),
    }
    if options.against:
        other = spacy.load(options.against)
        works[options.against] = lambda one: other(one.text)
    for name, work in works.items():
        print(f"{name:<24} {tokens / seconds(work, documents):>8.0f} tokens/s")


if __name__ == "__main__":
    main()
