"""What a comparison yields: counts that add up, and the mistakes behind them, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Split = Literal["all", "language", "kind", "document"]
Fault = Literal["miss", "wrong", "spurious", "wrong-optional"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Right answers, answers given, answers wanted. Where nothing was to be had, the ratios are 0.0."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the answers given that are right, 0..1."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the answers wanted that were given, 0..1."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1."""
        total = self.predicted + self.gold
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Count:
    """One tally and where it belongs, so that any split is a sum."""

    measure: str  # a name of MEASURES
    document: str
    lang: str
    kind: str  # a mention's kind, an event's type; "" where the measure has none
    tally: Tally


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong or missing answer, to be printed and read."""

    fault: Fault  # "wrong-optional" is shown but not counted
    measure: str
    document: str
    lang: str
    kind: str
    start: int  # code points of the document's text
    end: int
    surface: str
    gold: str | None  # the QID (or type, day ...) wanted
    predicted: str | None  # the one given
    score: float | None  # confidence of the answer given, 0..1


@dataclass(frozen=True, slots=True)
class Scores:
    """The outcome of one scoring run: sums are made on demand, along any split."""

    counts: tuple[Count, ...]
    mistakes: tuple[Mistake, ...] = field(default=())

    def __add__(self, other: Scores) -> Scores:
        return Scores(self.counts + other.counts, self.mistakes + other.mistakes)

    def tally(self, measure: str, *, lang: str | None = None, kind: str | None = None) -> Tally:
        """The sum of one measure, over everything or over one language or kind; an empty Tally if unknown."""
        return _sum(
            count.tally
            for count in self.counts
            if count.measure == measure and lang in (None, count.lang) and kind in (None, count.kind)
        )

    def table(self, split: Split = "all") -> Mapping[str, Mapping[str, Tally]]:
        """Group -> measure -> tally, groups sorted; the group "all" always comes last."""
        sums: dict[str, dict[str, Tally]] = {}
        for count in self.counts:
            for group in sorted({_group(count, split), "all"}):
                row = sums.setdefault(group, {})
                row[count.measure] = row.get(count.measure, Tally()) + count.tally
        return {group: sums[group] for group in sorted(sums, key=lambda name: (name == "all", name))}


def _group(count: Count, split: Split) -> str:
    return {"all": "all", "language": count.lang, "kind": count.kind or "-", "document": count.document}[split]


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())
