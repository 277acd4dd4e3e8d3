"""Scores as a text table, and the mistakes as a list."""

from __future__ import annotations

from collections.abc import Iterable

from kg.score.counts import Mistake, Scores, Split, Tally

# Every measure there is, in the order of printing, and whether it has precision beside recall.
MEASURES = {
    "recognition": True,
    "typed": True,
    "linking": True,
    "confident": True,
    "clusters": True,
    "ner": True,
    "found": True,
    "elevant": True,
    "spans": True,
    "base": False,
    "offered": False,
    "accuracy": False,
    "accuracy in base": False,
    "lost: not in base": False,
    "lost: not found": False,
    "lost: not offered": False,
    "lost: left local": False,
    "lost: another item": False,
    "event type": False,
    "event day": False,
    "event core": False,
    "core participants": False,
    "participants": True,
    "place": False,
    "quantity": False,
    "comparator": False,
    "modality": False,
    "attribution": False,
}
NOTES = {
    "confident": "share of answers with score >= 0.9 that are right",
    "found": "names seen, linked or not",
    "spans": "names seen and linked to some item",
    "base": "gold items that the knowledge base holds",
    "offered": "of names found and held: the item is among the candidates",
}


def render(scores: Scores, split: Split = "all", *, mistakes: bool = False) -> str:
    """A table, one line a group and measure; with `mistakes`, every wrong answer after it."""
    lines = [f"{'':<14} {'measure':<18} {'P':>6} {'R':>6} {'F1':>6}  {'right':>6} {'given':>6} {'gold':>6}"]
    for group, row in scores.table(split).items():
        lines += [_line(group, measure, row[measure]) for measure in MEASURES if measure in row]
    if mistakes:
        lines += ["", *_list(scores.mistakes)]
    return "\n".join(lines) + "\n"


def _line(group: str, measure: str, tally: Tally) -> str:
    both = MEASURES[measure]
    if measure.startswith("lost: "):  # a plain number: how many of the gold mentions with an item
        return f"{group:<14} {measure:<18} {'-':>6} {'-':>6} {'-':>6}  {tally.right:>6}"
    precision = f"{tally.precision:.3f}" if both else "-"
    recall = f"{tally.recall:.3f}" if tally.gold else "-"
    f1 = f"{tally.f1:.3f}" if both and tally.gold else "-"
    given = str(tally.predicted) if both else "-"
    numbers = f"{precision:>6} {recall:>6} {f1:>6}  {tally.right:>6} {given:>6} {tally.gold:>6}"
    note = f"  ({NOTES[measure]})" if measure in NOTES else ""
    return f"{group:<14} {measure:<18} {numbers}{note}"


def _list(mistakes: Iterable[Mistake]) -> list[str]:
    return [
        f"{one.document} {one.start}-{one.end} {one.measure} {one.fault}: {one.surface!r} ({one.kind}) "
        f"gold {one.gold or '-'}, predicted {one.predicted or '-'}" + (f" at {one.score:.2f}" if one.score else "")
        for one in mistakes
    ]
