"""Which words are read a second time: those of which the first reader is not sure, and some on either side.

The second reader costs ten times what the first does. Whole sentences of the same doubtful words are a third more to
read than these passages, and gain less than the words that could be read instead (training/recogniser/README.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

# Chosen on held-out texts: how likely the tag of a word must be that is not read again; how many words around it are.
SURE, AROUND = 0.8, 6


@dataclass(frozen=True, slots=True)
class Passage:
    """Words first..last-1 of a sentence, which is numbered by its length, longest first."""

    sentence: int
    first: int
    last: int


def passages(sure: NDArray[np.float64], starts: Sequence[int], active: Sequence[int]) -> Iterator[Passage]:
    """What to read again. `sure`: how likely each word's tag is; word t of sentence s stands in row starts[t] + s, for
    s < active[t].
    """
    places = np.repeat(np.arange(len(active)), active)
    sentences = np.arange(len(sure)) - np.repeat(starts, active)
    lengths = np.bincount(sentences).tolist()
    rows = np.flatnonzero(sure < SURE)
    doubtful = sorted(zip(sentences[rows].tolist(), places[rows].tolist(), strict=True))
    for sentence, group in groupby(doubtful, key=itemgetter(0)):
        for first, last in _around([place for _, place in group], lengths[sentence]):
            yield Passage(sentence, first, last)


def _around(places: Sequence[int], length: int) -> list[tuple[int, int]]:
    """First word and word after the last around each of the places, which rise; what touches is one."""
    found: list[tuple[int, int]] = []
    for place in places:
        first, last = max(place - AROUND, 0), min(place + AROUND + 1, length)
        if found and first <= found[-1][1]:
            first, _ = found.pop()
        found.append((first, last))
    return found
