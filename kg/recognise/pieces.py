"""Words cut into pieces, the likeliest segmentation by a unigram language model, as SentencePiece does it; and the
vectors of pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

START = "\u2581"  # what SentencePiece puts before a word
LONGEST = 16  # code points of the longest piece worth a look
UNKNOWN = -30.0  # score of a letter that no piece holds; less than any piece's


class Pieces:
    """A vocabulary of pieces with their log probabilities."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._ids: Mapping[str, int] = {piece: number for number, piece in enumerate(pieces)}
        self._scores = list(scores)

    def split(self, word: str) -> list[int]:
        """Numbers of the pieces of one word, from left to right; what no piece holds is left out."""
        text = START + unicodedata.normalize("NFKC", word)
        ids, scores = self._ids, self._scores
        end = len(text)
        best = [0.0] + [-1e9] * end
        back: list[tuple[int, int]] = [(0, -1)] * (end + 1)
        for first in range(end):
            here = best[first]
            for last in range(first + 1, min(first + LONGEST, end) + 1):
                number = ids.get(text[first:last])
                score = here + (UNKNOWN if number is None else scores[number])
                if (number is not None or last == first + 1) and score > best[last]:
                    best[last] = score
                    back[last] = (first, -1 if number is None else number)
        found: list[int] = []
        while end:
            end, number = back[end]
            if number >= 0:
                found.append(number)
        return found[::-1]


class Vectors:
    """The pieces' vectors, eight steps a component: what a quantiser makes of a normal variable at the least loss
    (Lloyd 1982, Max 1960). They stand in a basis of their own; whoever reads them has its own way out of it.
    """

    LEVELS = np.array([-2.152, -1.344, -0.756, -0.245, 0.245, 0.756, 1.344, 2.152], dtype=np.float32)

    def __init__(self, codes: NDArray[np.uint8]) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """[ids, width]."""
        rows: NDArray[np.float32] = self.LEVELS[self._codes[ids]]
        return rows
