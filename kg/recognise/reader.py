"""The first reader: a look at the neighbours, two LSTMs, and a score for every tag of every word.

Sentences are laid side by side (`Layout`), so that the LSTMs step through all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.recognise.blocks import FEW, Floats, dot, normal, widest

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Sentences side by side, longest first: word t of sentence s stands in row starts[t] + s."""

    order: list[int]  # sentences by length
    active: list[int]  # how many sentences have a word t
    starts: list[int]
    before: Ints  # the row of each word's neighbour; the last row, which is zero, where there is none
    behind: Ints
    turned: Ints  # the row of the word as far from the sentence's end as this one from its start


def lay(lengths: Sequence[int]) -> Layout:
    """The layout of sentences of so many words, one at least."""
    order = sorted(range(len(lengths)), key=lambda s: -lengths[s])
    active = [sum(n > t for n in lengths) for t in range(max(lengths))]
    starts = [0, *np.cumsum(active).tolist()[:-1]]
    size = sum(active)
    before, behind, turned = (np.full(size, size, dtype=np.int64) for _ in range(3))
    for rank, sentence in enumerate(order):
        rows = np.array(starts[: lengths[sentence]], dtype=np.int64) + rank
        before[rows[1:]] = rows[:-1]
        behind[rows[:-1]] = rows[1:]
        turned[rows] = rows[::-1]
    return Layout(order, active, starts, before, behind, turned)


class Reader:
    """Weights and what they compute; `arrays` are those of the model's file."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._dense = _halved({name: np.asfortranarray(arrays[name], dtype=np.float32) for name in _DENSE})

    def scores(self, words: Floats, langs: Sequence[int], layout: Layout) -> Floats:
        """The score of every tag for every word, [words, tags], in the layout's order; `langs`: 0 if unknown."""
        dense = self._dense
        words = normal(words + dense["lang"][langs], dense["norm/weight"], dense["norm/bias"])
        padded = np.concatenate([words, np.zeros_like(words[:1])])
        window = np.concatenate([padded[layout.before], words, padded[layout.behind]], axis=1)
        near = words + widest(dot(window, dense["conv/weight"]) + dense["conv/bias"])
        near = normal(near, dense["norm2/weight"], dense["norm2/bias"])
        gates = np.empty((2, len(near), dense["ahead/bias"].size), dtype=np.float32)
        np.add(dot(near, dense["ahead/in"]), dense["ahead/bias"], out=gates[0])
        np.add(dot(near, dense["back/in"])[layout.turned], dense["back/bias"], out=gates[1])
        read = self._lstms(gates, layout)
        both = np.concatenate([read[0], read[1][layout.turned], near], axis=1)
        top = np.maximum(dot(both, dense["top/weight"]) + dense["top/bias"], 0)
        return dot(top, dense["out/weight"]) + dense["out/bias"]

    def _lstms(self, gates: Floats, layout: Layout) -> Floats:
        """Both LSTMs at once: gates [2, words, 4 * hidden] of the words alone -> states [2, words, hidden]."""
        again = np.stack([self._dense["ahead/again"].T, self._dense["back/again"].T])[:, None]
        hidden = again.shape[3]
        rows = -(-layout.active[0] // FEW) * FEW
        state = np.zeros((2, rows, hidden), dtype=np.float32)
        cell = np.zeros_like(state)
        out = np.empty((2, gates.shape[1], hidden), dtype=np.float32)
        for start, n in zip(layout.starts, layout.active, strict=True):
            blocks = -(-n // FEW)
            known = np.matmul(again, state[:, : blocks * FEW].reshape(2, blocks, FEW, hidden).transpose(0, 1, 3, 2))
            sums = known.transpose(0, 1, 3, 2).reshape(2, -1, 4 * hidden)[:, :n]
            sums += gates[:, start : start + n]
            np.tanh(sums, out=sums)
            _halves(sums[..., : 2 * hidden])
            _halves(sums[..., 3 * hidden :])
            kept = cell[:, :n]
            kept *= sums[..., hidden : 2 * hidden]
            kept += sums[..., :hidden] * sums[..., 2 * hidden : 3 * hidden]
            np.multiply(sums[..., 3 * hidden :], np.tanh(kept), out=state[:, :n])
            out[:, start : start + n] = state[:, :n]
        return out


_DENSE = (
    *("lang", "norm/weight", "norm/bias", "conv/weight", "conv/bias", "norm2/weight", "norm2/bias"),
    *("ahead/in", "ahead/again", "ahead/bias", "back/in", "back/again", "back/bias"),
    *("top/weight", "top/bias", "out/weight", "out/bias"),
)


def _halved(dense: dict[str, Floats]) -> dict[str, Floats]:
    """The LSTMs' weights of what goes through a sigmoid, halved: sigmoid(x) is tanh(x / 2) / 2 + 1 / 2, bit for bit."""
    for side in ("ahead", "back"):
        for part in ("in", "again", "bias"):
            weights = dense[f"{side}/{part}"]
            hidden = weights.shape[-1] // 4
            weights[..., : 2 * hidden] *= 0.5
            weights[..., 3 * hidden :] *= 0.5
    return dense


def _halves(x: Floats) -> None:
    """Half of each number and a half more, in place: the other end of `_halved`."""
    x *= 0.5
    x += 0.5
