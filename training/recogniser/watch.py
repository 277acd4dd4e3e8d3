"""What both trainings do: read the texts, keep the mean of the weights, count F1 on texts that are watched."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from encode import LANGUAGES, SILVER, Texts, load, spans
from torch import nn

EVER = 10**9


def texts(options: argparse.Namespace, vocabulary: dict[str, int], silver: int) -> tuple[Texts, Texts]:
    """Those of `prepare.py` to train on and to watch; at most `silver` of each silver language."""
    most = options.limit or EVER
    limit = {"": most, **dict.fromkeys(SILVER, min(silver, most))}
    train = load(options.work / "train", vocabulary, options.langs, limit, ruled=False)
    return train, load(options.work / "dev", vocabulary, options.langs, {"": options.devlimit}, ruled=True)


def mixed() -> torch.autocast:
    """Matrix products in bfloat16: more than twice as fast where the processor has them, and no worse."""
    return torch.autocast("cpu", torch.bfloat16)


def save(path: Path, net: nn.Module, **others: np.ndarray) -> None:
    """Everything that a network is, in full precision; `ship.py` makes it small."""
    spare = path.with_suffix(".part.npz")
    np.savez(spare, **others, **{name.replace(".", "/"): one.numpy() for name, one in net.state_dict().items()})
    spare.replace(path)


class F1:
    """F1 a language, demonyms aside."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, lang: int, gold: Sequence[int], given: Sequence[int]) -> None:
        """Adds one text: the number of its language, its tags."""
        demonyms = {one for one in spans(gold) if one[2] == 3}
        names = spans(gold) - demonyms
        found = {
            one for one in spans(given) if one[2] != 3 and not any(one[0] < d[1] and d[0] < one[1] for d in demonyms)
        }
        self._counts[LANGUAGES[lang], "right"] += len(names & found)
        self._counts[LANGUAGES[lang], "both"] += len(names) + len(found)

    def __str__(self) -> str:
        """The mean over the languages, then each."""
        both = {lang: count for (lang, what), count in sorted(self._counts.items()) if what == "both"}
        f1 = {lang: 2 * self._counts[lang, "right"] / count for lang, count in both.items()}
        return f"mean {sum(f1.values()) / len(f1):.4f} " + " ".join(f"{lang} {one:.3f}" for lang, one in f1.items())


class Mean:
    """The exponential mean of weights; `most` is the share of the old mean in the new, smaller for the first steps."""

    def __init__(self, weights: Sequence[nn.Parameter], most: float) -> None:
        self._weights, self._most = weights, most
        self._mean = [one.detach().clone() for one in weights]

    @torch.no_grad()
    def add(self, number: int) -> None:
        """After step `number`."""
        keep = min(self._most, number / (number + 12))
        for kept, one in zip(self._mean, self._weights, strict=True):
            kept.lerp_(one, 1 - keep)

    @contextmanager
    def instead(self) -> Iterator[None]:
        """The network has the mean for its weights."""
        live = [one.detach().clone() for one in self._weights]
        self._put(self._mean)
        yield
        self._put(live)

    @torch.no_grad()
    def _put(self, values: Sequence[torch.Tensor]) -> None:
        for one, value in zip(self._weights, values, strict=True):
            one.copy_(value)
