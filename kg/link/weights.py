"""The learned weights of `ontology/linking.json`, and the beliefs they give. `training/linker` makes them."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.errors import DataError
from kg.link.features import ALONE, AROUND
from kg.link.trees import Trees
from kg.shipped import shipped


@dataclass(frozen=True, slots=True)
class Weights:
    """The trees of each pass, and what a belief is worth."""

    first: Trees  # over ALONE
    second: Trees  # over ALONE and AROUND
    curve: tuple[tuple[float, float], ...]  # (belief, how often it is right), rising, joined by straight lines

    def calibrated(self, belief: float) -> float:
        """How often an answer with this belief is right on held-out articles, 0..1."""
        at = bisect_right(self.curve, (belief, math.inf))
        if at == 0:
            return self.curve[0][1]
        if at == len(self.curve):
            return self.curve[-1][1]
        (x, y), (x2, y2) = self.curve[at - 1], self.curve[at]
        return y + (y2 - y) * (belief - x) / (x2 - x)


def shares(odds: Sequence[float]) -> tuple[float, ...]:
    """Beliefs in the candidates of one name from the log-odds of each, 0..1; they share one belief between them."""
    alone = [1 / (1 + math.exp(-z)) for z in odds]
    total = max(1.0, sum(alone))
    return tuple(belief / total for belief in alone)


@cache
def weights() -> Weights:
    """The shipped weights. Raises DataError naming what is missing."""
    path = shipped("ontology/linking.json")
    do = "Train the linker as training/linker tells, or install anew."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != ALONE + AROUND:
            raise DataError(f"{path} was learned for other features than this program has.", do)
        curve = tuple((float(x), float(y)) for x, y in data["curve"])
        return Weights(Trees.of(data["first"]), Trees.of(data["second"]), curve)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"ontology/linking.json can't be used: {error}.", do) from error
