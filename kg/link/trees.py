"""Boosted trees as data: the sum of what each tree says of a row of features, and which features made it say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """All nodes of all trees in one row of arrays; a leaf leads to itself."""

    bias: float
    roots: NDArray[np.int32]  # trees
    feature: NDArray[np.int32]  # nodes, like the rest
    limit: NDArray[np.float64]  # at or below it the left child is next
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]  # log-odds; of an inner node: the mean of what is below it
    depth: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From the JSON of training/linker. Raises KeyError or ValueError where it is none."""

        def whole(name: str) -> NDArray[np.int32]:
            return np.array(data[name], dtype=np.int32)

        def real(name: str) -> NDArray[np.float64]:
            return np.array(data[name], dtype=np.float64)

        return cls(
            float(data["bias"]), whole("roots"), whole("feature"), real("limit"), whole("left"), whole("right"),
            real("value"), int(data["depth"]),
        )  # fmt: skip

    def odds(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """The log-odds of each row of features."""
        if not len(rows):
            return np.zeros(0)
        x = np.array(rows, dtype=np.float64)
        at = np.broadcast_to(self.roots, (len(x), len(self.roots)))
        line = np.arange(len(x))[:, None]
        for _ in range(self.depth):
            at = np.where(x[line, self.feature[at]] <= self.limit[at], self.left[at], self.right[at])
        return np.asarray(self.bias + self.value[at].sum(axis=1))

    def parts(self, rows: Sequence[Sequence[float]], features: int) -> NDArray[np.float64]:
        """What each feature adds to the log-odds of each row: rows x features, by the steps down the trees."""
        found = np.zeros((len(rows), features))
        if not len(rows):
            return found
        x = np.array(rows, dtype=np.float64)
        at = np.broadcast_to(self.roots, (len(x), len(self.roots)))
        line = np.arange(len(x))[:, None]
        for _ in range(self.depth):
            split = self.feature[at]
            below = np.where(x[line, split] <= self.limit[at], self.left[at], self.right[at])
            np.add.at(found, (np.broadcast_to(line, split.shape), split), self.value[below] - self.value[at])
            at = below
        return found
