"""The vector of a word by itself: what tables know of its form, and what its pieces say. Kept for the next time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.recognise.blocks import Floats, dot, widest
from kg.recognise.features import SLOTS, key, values
from kg.recognise.pieces import Pieces, Vectors

KEPT = 100_000  # word types whose vectors are remembered; then memory starts anew
TOGETHER = 1024  # words whose vectors are made at once


class WordVectors:
    """Word types seen so far, a row each in `table`; `names`: the word list's classes of names."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], coded: Vectors, names: Mapping[str, str]) -> None:
        self._known, self._coded = names, coded
        self._keys = [arrays[f"keys/{slot}"] for slot in SLOTS]
        self._slots = [(arrays[f"slots/{i}"], arrays[f"slots/{i}/scale"]) for i in range(len(SLOTS))]
        text = arrays["pieces/text"].tobytes().decode("utf-8")
        self._pieces = Pieces(text.split("\n"), arrays["pieces/scores"].tolist())
        self._seen = np.asfortranarray(arrays["pieces/seen"], dtype=np.float32)
        self._mix = np.asfortranarray(arrays["mix/weight"], dtype=np.float32), arrays["mix/bias"].astype(np.float32)
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[str, int] = {}
        self._cut: dict[str, list[int]] = {}
        self.table: Floats = np.zeros((TOGETHER, self._mix[1].size // 2), dtype=np.float32)

    def pieces(self, word: str) -> Sequence[int]:
        """The pieces of a word of the last `rows`."""
        return self._cut[word]

    def rows(self, words: Iterable[str]) -> Mapping[str, int]:
        """The row of every word in `table`."""
        words = list(dict.fromkeys(words))
        new = [word for word in words if word not in self._rows]
        if len(self._rows) + len(new) > KEPT:
            self._forget()
            new = words
        start = len(self._rows)
        room = self.table
        if start + len(new) > len(room):
            self.table = np.zeros((max(2 * len(room), start + len(new)), room.shape[1]), dtype=np.float32)
            self.table[: len(room)] = room
        for first in range(0, len(new), TOGETHER):
            some = new[first : first + TOGETHER]
            self.table[start + first : start + first + len(some)] = self._made(some)
        self._rows.update((word, start + place) for place, word in enumerate(new))
        return self._rows

    def _made(self, words: Sequence[str]) -> Floats:
        keys = np.array([[key(one) for one in values(word, self._known)] for word in words], dtype=np.uint32)
        parts = []
        for slot, (table, scale) in enumerate(self._slots):
            known = self._keys[slot]
            place = np.minimum(np.searchsorted(known, keys[:, slot]), len(known) - 1)
            row = np.where(known[place] == keys[:, slot], place + 1, 0)
            parts.append(table[row] * scale[row].astype(np.float32)[:, None])
        shapes = dot(np.concatenate([self._shape(word) for word in words]), self._seen)
        parts.append(shapes.reshape(len(words), -1))
        weight, bias = self._mix
        return widest(dot(np.concatenate(parts, axis=1), weight) + bias)

    def _shape(self, word: str) -> Floats:
        """The word's pieces: their mean, the first, the last, and the mean of the word in lower case, [4, width]."""
        ids = self._cut[word] = self._pieces.split(word)
        low = word.lower()
        small = ids if low == word else self._pieces.split(low)
        out = np.zeros((4, self._seen.shape[0]), dtype=np.float32)
        if ids:
            rows = self._coded[ids]
            out[:3] = rows.mean(axis=0), rows[0], rows[-1]
        if small:
            out[3] = self._coded[small].mean(axis=0)
        return out
