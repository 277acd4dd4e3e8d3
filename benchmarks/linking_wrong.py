"""What scores are worth, and the answers that are surest and wrong, by cause.

    python benchmarks/linking_wrong.py [--shared DIR] [--least 0.9] [NAME...]     # names of corpora, or parts of them

A line an error from --least on: corpus and document, the name in its surroundings, what gold says and what was
answered. `absent`: the base lacks the right item, so that nothing of it could be right; `nil`: gold knows the name and
has no item for it; `other`: the base holds the right item. Then how often answers of each score are right: of names,
and of what rules link (nationalities and offices, where corpora differ: a Frenchman is here of France, in NEREL one of
the French). Spans are the recogniser's; only those that gold has too are judged.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from linking_table import SHARED, linked

from kg.pipeline import Pipeline, ready
from kg.score import gold_documents, load_gold
from kg.score.mentions import span_of

AROUND = 40  # characters shown on each side
Answer = tuple[bool, float, str, str]  # by a rule; score; cause of the error or "right"; report


def main() -> None:
    """Print the errors, their causes and the reliability of scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["news-fair", "msnbc", "reuters", "nerel"])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--least", type=float, default=0.9)
    arguments = parser.parse_args()
    pipeline = ready()
    every: list[Answer] = []
    for path in sorted((arguments.shared / "corpora" / "linking").glob("*.jsonl.gz")):
        if any(name in path.name for name in arguments.names):
            found = list(answers(pipeline, path))
            every += found
            sure = [one for one in found if one[1] >= arguments.least]
            print("\n".join(report for _, _, cause, report in sure if cause != "right"))
            for rule, what in ((False, "names"), (True, "by rule")):
                causes = Counter(cause for by_rule, _, cause, _ in sure if by_rule == rule)
                share = causes["right"] / max(1, causes.total())
                print(f"{path.name}, {what}: {share:.3f} right of {causes.total()}, {dict(causes.most_common())}")
    for rule, what in ((False, "names"), (True, "by rule")):
        print(f"score, all corpora, {what}")
        for tenth in range(10):
            right = [one[2] == "right" for one in every if one[0] == rule and min(9, int(one[1] * 10)) == tenth]
            if right:
                print(f"  {tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {sum(right) / len(right):.3f} of {len(right)}")


def answers(pipeline: Pipeline, path: Path) -> Iterator[Answer]:
    """What was answered in a corpus where gold has the same span."""
    for gold, document in zip(load_gold(path), gold_documents(path), strict=True):
        items = {span_of(one): one for one in gold["entities"] if one.get("qid") or one.get("nil")}
        low, high = gold.get("evaluation_span", (0, len(document.text)))
        for one in linked(pipeline, document)["mentions"]:
            right = items.get(span_of(one))
            if not one["qid"] or right is None or right.get("optional") or not low <= one["start"] < one["end"] <= high:
                continue
            cause = judged(pipeline.base.row, right.get("qid"), one["qid"])
            by_rule = one["nominal"] or one["type"] == "NORP"
            yield by_rule, one["score"], cause, told(document.id, document.text, one, right, cause)


def told(name: str, text: str, one: Mapping[str, Any], right: Mapping[str, Any], cause: str) -> str:
    """Two lines about an answer."""
    before, after = text[max(0, one["start"] - AROUND) : one["start"]], text[one["end"] : one["end"] + AROUND]
    context = f"{before}[{one['surface']}]{after}".replace("\n", " ")
    first = f"{name} {cause:<6} {one['score']:.3f} {one['type']} {context}"
    return f"{first}\n    gold {right.get('qid')}, answer {one['qid']} {one['label']}"


def judged(row: Callable[[str], int | None], gold: str | None, answer: str) -> str:
    """The cause of an error, or "right"."""
    if gold == answer:
        return "right"
    if not str(gold).startswith("Q"):
        return "nil"
    return "absent" if row(str(gold)) is None else "other"


if __name__ == "__main__":
    main()
