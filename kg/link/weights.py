"""The linker's weights from `ontology/linking.toml`, and the score they give."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.errors import DataError
from kg.link.base import Item
from kg.shipped import shipped

FEATURES = ("similarity", "prior", "agreement", "nearness", "standing")


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a feature, and the limits of decisions."""

    bias: float
    words: float
    features: tuple[float, ...]  # in the order of FEATURES
    accept: float
    anchor: float
    candidates: int

    def z(self, item: Item, words: int) -> float:
        """The item's log-odds against "no item of the base"."""
        return self.bias + sum(value for _, value in self.parts(item, words))

    def parts(self, item: Item, words: int) -> tuple[tuple[str, float], ...]:
        """What each feature adds to z: the reasons that `kg explain` shows."""
        values = (item.similarity, item.prior, item.agreement, item.nearness, item.standing)
        rows = [(name, w * v) for name, w, v in zip(FEATURES, self.features, values, strict=True)]
        return (*rows, ("words", self.words if words > 1 else 0.0))


def shares(zs: Sequence[float]) -> tuple[float, ...]:
    """Probabilities of the candidates, 0..1; what is missing to 1 is "none of them"."""
    top = max((0.0, *zs))
    powers = [math.exp(z - top) for z in zs]
    total = sum(powers) + math.exp(-top)
    return tuple(power / total for power in powers)


@cache
def weights() -> Weights:
    """The shipped weights. Raises DataError naming what is missing."""
    path = shipped("ontology/linking.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rows, limits = data["weights"], data["limits"]
        features = tuple(float(rows[name]) for name in FEATURES)
        return Weights(rows["bias"], rows["words"], features, limits["accept"], limits["anchor"], limits["candidates"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"ontology/linking.toml can't be used: {error}.", "Mend the file, or install anew.") from error
