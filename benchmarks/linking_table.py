"""How good linking is: every corpus in one table, with our spans and with those of the gold, beside other linkers.

    python benchmarks/linking_table.py [--shared DIR] [NAME...]        # names of corpora, or parts of them

`cover`: gold items that the base holds. `found`: gold names seen. `offer`: of those held and seen, the item is among
the candidates. `inbase`: right answers of those given where the base holds the gold item (`of`: how many). `acc`: the
same over all. `F1`, `spans`: ELEVANT's. `>=.9`: answers with a score of .9 or more, and the share of them that is
right where the gold names an item. The losses count gold mentions by the first reason why they are not right.

"same.en" are the English sentences that the projected corpora translate, cut out of aida-dev with their gold: what a
projected language should reach.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.language import sentences
from kg.model import Annotation, Document
from kg.pipeline import Pipeline, ready, row
from kg.score import GivenSpans, gold_documents, load_gold, score_corpus
from kg.score.mentions import span_of

Row = Mapping[str, Any]
SHARED = Path(__file__).parents[2] / "shared"
LOSSES = ("not in base", "not found", "not offered", "left local", "another item")
PEERS = (
    "ReFinED (AIDA)",
    "REL (2014)",
    "GENRE (YAGO)",
    "SpEL (large)",
    "WAT",
    "Ambiverse",
    "DBpedia Spotlight",
    "Baseline",
)
PEER_CORPORA = {"news-fair-v1": "news-fair-no-coref", "msnbc-updated": "msnbc-updated", "reuters-128": "reuters-128"}


def linked(pipeline: Pipeline, document: Document) -> Row:
    """The document's row with its links and nothing else."""
    lang, lines = sentences(document)
    links = pipeline.linker.link(document, lines, pipeline.recogniser.mentions(document, lines))
    return row(Annotation(document, lang, lines, links, (), (), ()))


def line(name: str, gold: Sequence[Row], documents: Sequence[Document], pipeline: Pipeline) -> Iterator[str]:
    """Two lines of the table: our spans, the gold's."""
    wanted = {one["qid"] for r in gold for one in r["entities"] if str(one.get("qid") or "").startswith("Q")}
    held = frozenset(qid for qid in wanted if pipeline.base.row(qid) is not None)
    for mode in ("own", "given"):
        reader = pipeline if mode == "own" else replace(pipeline, recogniser=GivenSpans(pipeline.recogniser, gold))
        rows = [linked(reader, document) for document in documents]
        tally = score_corpus(gold, rows, held).tally
        sure, right = confident(gold, rows)
        lost = " ".join(f"{tally(f'lost: {reason}').right:>6}" for reason in LOSSES)
        yield (
            f"{name:<26} {mode:<5} {tally('base').recall:5.3f} {tally('found').recall:5.3f} "
            f"{tally('offered').recall:5.3f} {tally('accuracy in base').recall:6.3f} "
            f"{tally('accuracy in base').gold:>5} {tally('accuracy').recall:5.3f} {tally('elevant').f1:5.3f} "
            f"{tally('spans').f1:5.3f} {right / max(1, sure):5.3f} of {sure:<5}| {lost}"
        )


def confident(gold: Sequence[Row], rows: Sequence[Row]) -> tuple[int, int]:
    """Answers with a score of .9 or more where the gold names an item, and how many are right."""
    sure = right = 0
    for one, given in zip(gold, rows, strict=True):
        items = {span_of(e): e["qid"] for e in one["entities"] if str(e.get("qid") or "").startswith("Q")}
        answers = [m for m in given["mentions"] if m["qid"] and m["score"] >= 0.9 and span_of(m) in items]
        sure += len(answers)
        right += sum(m["qid"] == items[span_of(m)] for m in answers)
    return sure, right


def same_sentences(folder: Path) -> list[Row]:
    """The English sentences behind the projected corpora as rows of their own, with the gold of aida-dev."""
    pages = load_gold(folder / "aida-dev.en.jsonl.gz")
    plain = [[(at, letter.lower()) for at, letter in enumerate(page["text"]) if letter.isalnum()] for page in pages]
    found = []
    sources = {r["id"].split("/")[-1]: r["src"] for p in folder.glob("aida-projected-*.gz") for r in load_gold(p)}
    at = after = 0
    for name, source in sorted(sources.items(), key=lambda pair: int(pair[0].split("-")[-1])):
        wanted = "".join(letter.lower() for letter in source if letter.isalnum())
        for number in range(at, len(pages)):
            place = "".join(letter for _, letter in plain[number]).find(wanted, after if number == at else 0)
            if place >= 0:
                at, after = number, place + len(wanted)
                found.append(_cut(f"same/{name}", pages[at], plain[at][place][0], plain[at][after - 1][0] + 1))
                break
    return found


def _cut(name: str, page: Row, start: int, end: int) -> Row:
    inside = [e for e in page["entities"] if e["start"] >= start and e["end"] <= end]
    entities = [{**e, "start": e["start"] - start, "end": e["end"] - start} for e in inside]
    return {"id": name, "lang": "en", "text": page["text"][start:end], "entities": entities}


def peers(path: Path) -> Iterator[str]:
    """What published linkers reach by the same rules (their figures, not ours)."""
    with path.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["mode"] == "IGNORED" and r["system"] in PEERS]
    for corpus, name in PEER_CORPORA.items():
        for one in sorted((r for r in rows if r["benchmark"] == name), key=lambda r: -float(r["all_f1"])):
            yield f"{corpus:<15} {one['system']:<18} F1 {one['all_f1'][:5]} accuracy {one['disamb_accuracy'][:5]}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--shared", type=Path, default=SHARED)
    arguments = parser.parse_args()
    folder = arguments.shared / "corpora" / "linking"
    pipeline = ready()
    head = " ".join(f"{reason.replace('another item', 'other'):>6.6}" for reason in LOSSES)
    print(f"{'corpus':<26} spans cover found offer inbase    of   acc    F1 spans  >=.9         | {head}")
    for path in sorted(folder.glob("*.jsonl.gz")):
        if not arguments.names or any(name in path.name for name in arguments.names):
            for text in line(path.name.removesuffix(".jsonl.gz"), load_gold(path), gold_documents(path), pipeline):
                print(text)
                sys.stdout.flush()
    if not arguments.names or "same" in arguments.names:
        rows = same_sentences(folder)
        documents = [Document(r["id"], None, None, "en", None, r["text"]) for r in rows]
        print("\n".join(line("same.en", rows, documents, pipeline)))
    print("\n".join(peers(arguments.shared / "corpora" / "peers" / "elevant_scores.csv")))


if __name__ == "__main__":
    main()
