"""The best row of tags of each sentence, and how likely its tags are: a linear-chain conditional random field.

Tags say where a word stands in a name: B first, I inside, E last, S alone; O is no name. Rows of several sentences lie
side by side, longest first, as `network.py` lays them: `active[t]` sentences have a word t.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
NEVER = -1e4  # the score of a step that is not allowed
DIGITS = 4  # of a probability: what is finer is noise of the machine


class Tags:
    """The tags of some kinds of names: O, then B I E S of each kind, and the scores of steps from tag to tag."""

    def __init__(self, kinds: Sequence[str], steps: NDArray[np.float32]) -> None:
        self.kinds = tuple(kinds)
        places = np.array([0, *([1, 2, 3, 4] * len(kinds))])  # O B I E S
        kind = np.array([0, *(k for k in range(len(kinds)) for _ in "BIES")])
        opens = np.isin(places, (1, 2))  # the name goes on
        goes_on = np.isin(places, (2, 3))
        allowed = np.where(opens[:, None], goes_on[None] & (kind[:, None] == kind[None]), ~goes_on[None])
        self._steps: Doubles = np.where(allowed, steps.astype(np.float64), NEVER)
        self._first: Doubles = np.where(goes_on, NEVER, 0.0)
        self._last: Doubles = np.where(opens, NEVER, 0.0)
        self._kind = np.array([0, *(k + 1 for k in range(len(kinds)) for _ in "BIES")])

    def spans(self, scores: NDArray[np.float32], active: Sequence[int]) -> list[list[tuple[int, int, str, float]]]:
        """(first word, word after the last, kind, probability of its least likely tag) of each sentence's names."""
        emitted = scores.astype(np.float64)
        starts = _starts(active)
        tags = self._best(emitted, active, starts)
        sure = self._likely(emitted, active, starts)[np.arange(len(tags)), tags]
        found: list[list[tuple[int, int, str, float]]] = [[] for _ in range(active[0])]
        begun = [0] * active[0]
        for t, n in enumerate(active):
            for s in range(n):
                tag = int(tags[starts[t] + s])
                place = (tag - 1) % 4 if tag else -1
                if place in (0, 3):
                    begun[s] = t
                if place in (2, 3):
                    least = min(float(sure[starts[i] + s]) for i in range(begun[s], t + 1))
                    found[s].append((begun[s], t + 1, self.kinds[(tag - 1) // 4], round(least, DIGITS)))
        return found

    def likely(self, scores: NDArray[np.float32], active: Sequence[int]) -> Doubles:
        """How likely each tag of each word is: [words, tags]."""
        return self._likely(scores.astype(np.float64), active, _starts(active))

    def kinds_of(self, likely: Doubles) -> Doubles:
        """How likely each word is no name, or of each kind: [words, 1 + kinds]."""
        return np.stack([likely[:, self._kind == kind].sum(axis=1) for kind in range(len(self.kinds) + 1)], axis=1)

    def with_kinds(self, scores: NDArray[np.float32], added: Doubles) -> NDArray[np.float32]:
        """Scores of tags, with something added to all of a kind: [words, 1 + kinds]."""
        return scores + added.astype(np.float32)[:, self._kind]

    def _best(self, emitted: Doubles, active: Sequence[int], starts: Ints) -> Ints:
        """Viterbi: the tag of every word in the likeliest row of its sentence."""
        reached = emitted.copy()
        came = np.zeros(emitted.shape, dtype=np.int64)
        reached[: active[0]] += self._first
        for t in range(1, len(active)):
            before, here = starts[t - 1], slice(starts[t], starts[t] + active[t])
            ways = reached[before : before + active[t], :, None] + self._steps
            came[here] = ways.argmax(axis=1)
            reached[here] += ways.max(axis=1)
        tags = np.zeros(len(emitted), dtype=np.int64)
        go_on = 0
        for t in reversed(range(len(active))):
            here = slice(starts[t], starts[t] + active[t])
            tags[here] = (reached[here] + self._last).argmax(axis=1)
            if go_on:
                behind = slice(starts[t + 1], starts[t + 1] + go_on)
                tags[starts[t] : starts[t] + go_on] = came[behind][np.arange(go_on), tags[behind]]
            go_on = active[t]
        return tags

    def _likely(self, emitted: Doubles, active: Sequence[int], starts: Ints) -> Doubles:
        """Forward and backward sums: the probability of every tag of every word."""
        weight = np.exp(emitted - emitted.max(axis=1, keepdims=True))
        steps = np.exp(self._steps)
        ahead = weight.copy()
        ahead[: active[0]] *= np.exp(self._first)
        for t in range(len(active)):
            here = slice(starts[t], starts[t] + active[t])
            if t:
                ahead[here] *= ahead[starts[t - 1] : starts[t - 1] + active[t]] @ steps
            ahead[here] /= ahead[here].sum(axis=1, keepdims=True)
        back = np.tile(np.exp(self._last), (len(emitted), 1))
        for t in range(len(active) - 2, -1, -1):
            n = active[t + 1]
            behind = slice(starts[t + 1], starts[t + 1] + n)
            sums = (back[behind] * weight[behind]) @ steps.T
            back[starts[t] : starts[t] + n] = sums / sums.sum(axis=1, keepdims=True)
        likely = ahead * back
        total: Doubles = likely / likely.sum(axis=1, keepdims=True)
        return total


def _starts(active: Sequence[int]) -> Ints:
    """The first row of each place of a word in its sentence."""
    starts: Ints = np.concatenate([[0], np.cumsum(active)[:-1]]).astype(np.int64)
    return starts
