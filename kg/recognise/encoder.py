"""The second reader: six layers of a language model, for words of which the first reader is not sure (doubt.py).

A transformer (Vaswani et al. 2017; Devlin et al. 2019) over word pieces, behind a vector of the language. A word's tags
are scored by the states of its first and its last piece. Its scores mean what the first reader's do: the steps from
tag to tag are the same, so that both can be averaged. Weights are whole numbers with a scale a column, in float32 from
loading on. `training/recogniser/train_encoder.py` makes them.

Only sentences of the same length look at themselves together, and every other product is made in blocks (blocks.py):
a sentence reads the same alone and in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.recognise.blocks import Floats, dot, normal
from kg.recognise.pieces import Vectors

HEADS = 12
TINY = 1e-12  # in normalisations: the language model's
NEAR = 64  # rows whose hidden layer fits into its nearer memory
TOGETHER = 4096  # pieces read at once, so that memory stays small


@dataclass(frozen=True, slots=True)
class Sentence:
    """Each word's pieces (none: a word that no piece holds), and the number of the language, 0 if unknown."""

    words: Sequence[Sequence[int]]
    lang: int

    def __len__(self) -> int:
        """Pieces, and one for the language."""
        return 1 + sum(max(len(one), 1) for one in self.words)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights [in, out] and biases of one layer."""

    seen: tuple[Floats, Floats]  # queries, keys and values side by side; queries are scaled
    heard: tuple[Floats, Floats]
    norm: tuple[Floats, Floats]
    inner: tuple[Floats, Floats]
    outer: tuple[Floats, Floats]
    norm2: tuple[Floats, Floats]


class Encoder:
    """Weights and what they compute; `arrays` are those of the model's file."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], vectors: Vectors) -> None:
        self._vectors = vectors

        def plain(name: str) -> Floats:
            return arrays[f"encoder/{name}"].astype(np.float32)

        def pair(name: str) -> tuple[Floats, Floats]:
            return np.asfortranarray(plain(f"{name}/weight")), plain(f"{name}/bias")

        def product(name: str) -> tuple[Floats, Floats]:
            return np.asfortranarray(plain(f"{name}/weight") * plain(f"{name}/scale")), plain(f"{name}/bias")

        self._basis, self._mean, self._unknown = np.asfortranarray(plain("basis")), plain("mean"), plain("unknown")
        self._where, self._lang, self._norm, self._out = plain("where"), plain("lang"), pair("norm"), pair("out")
        self._layers: list[_Layer] = []
        while f"encoder/{(n := len(self._layers))}/seen/weight" in arrays:
            seen, heard, inner, outer = (product(f"{n}/{one}") for one in ("seen", "heard", "inner", "outer"))
            self._layers.append(_Layer(seen, heard, pair(f"{n}/norm"), inner, outer, pair(f"{n}/norm2")))

    def scores(self, sentences: Sequence[Sentence]) -> list[Floats | None]:
        """[words, tags] of each sentence; None for one of more pieces than places were learnt."""
        found: list[Floats | None] = [None] * len(sentences)
        short = [n for n, one in enumerate(sentences) if one.words and len(one) <= len(self._where)]
        for some in _together(sorted(short, key=lambda n: len(sentences[n])), [len(one) for one in sentences]):
            read = self._read([sentences[n] for n in some])
            for n, scores in zip(some, read, strict=True):
                found[n] = scores
        return found

    def _read(self, sentences: Sequence[Sentence]) -> list[Floats]:
        """Sentences in the order of their lengths."""
        lengths = [len(one) for one in sentences]
        x = self._begun(sentences, lengths)
        for layer in self._layers:
            seen = dot(x, layer.seen[0])
            seen += layer.seen[1]
            looked = np.concatenate(list(_looks(seen, lengths)))
            x = normal(x + (dot(looked, layer.heard[0]) + layer.heard[1]), *layer.norm, TINY)
            x = normal(x + _inner(x, layer), *layer.norm2, TINY)
        first, last = _ends(sentences, lengths)
        scores = dot(np.concatenate([x[first], x[last]], axis=1), self._out[0]) + self._out[1]
        return np.split(scores, np.cumsum([len(one.words) for one in sentences])[:-1])

    def _begun(self, sentences: Sequence[Sentence], lengths: Sequence[int]) -> Floats:
        """The vectors of pieces and languages at their places, normalised: [rows, width]."""
        none = len(self._vectors)
        ids = np.array(
            [piece for one in sentences for piece in (0, *(p for word in one.words for p in (word or (none,))))]
        )
        rows = dot(self._vectors[np.minimum(ids, none - 1)], self._basis) + self._mean
        rows[ids == none] = self._unknown
        starts = np.cumsum([0, *lengths[:-1]])
        rows[starts] = self._lang[[one.lang for one in sentences]]
        place = np.arange(len(rows)) - np.repeat(starts, lengths)
        return normal(rows + self._where[place], *self._norm, TINY)


def _together(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Parts of `order` of at most TOGETHER pieces, or of one sentence."""
    some: list[int] = []
    room = TOGETHER
    for n in order:
        if some and lengths[n] > room:
            yield some
            some, room = [], TOGETHER
        some.append(n)
        room -= lengths[n]
    if some:
        yield some


def _looks(seen: Floats, lengths: Sequence[int]) -> Iterator[Floats]:
    """Attention: what each piece takes from those of its sentence, [rows, width], sentences of one length at a time."""
    start = 0
    for length, group in groupby(lengths):
        count = sum(1 for _ in group)
        here = seen[start : start + count * length].reshape(count, length, 3, HEADS, -1)
        start += count * length
        query, key, value = np.ascontiguousarray(here.transpose(2, 0, 3, 1, 4))  # else numpy's ways differ by count
        weights = query @ key.transpose(0, 1, 3, 2)
        weights -= weights.max(axis=3, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=3, keepdims=True)
        yield (weights @ value).transpose(0, 2, 1, 3).reshape(count * length, -1)


def _inner(x: Floats, layer: _Layer) -> Floats:
    """The hidden layer, some rows at a time, while their numbers are near the processor."""
    out = np.empty_like(x)
    for start in range(0, len(x), NEAR):
        here = slice(start, start + NEAR)
        hidden = dot(x[here], layer.inner[0])
        hidden += layer.inner[1]
        out[here] = dot(_gelu(hidden), layer.outer[0])
    out += layer.outer[1]
    return out


def _gelu(x: Floats) -> Floats:
    """Each number times the chance of a normal one to be less, nearly, with tanh (Hendrycks and Gimpel 2016)."""
    bent = x * x
    bent *= np.float32(0.044715 * 0.7978845608)
    bent += np.float32(0.7978845608)
    bent *= x
    np.tanh(bent, out=bent)
    bent += 1
    bent *= x
    bent *= np.float32(0.5)
    return bent


def _ends(sentences: Sequence[Sentence], lengths: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of the first and of the last piece of every word."""
    sizes = [np.array([max(len(word), 1) for word in one.words]) for one in sentences]
    starts = np.cumsum([0, *lengths[:-1]])
    last = np.concatenate([start + np.cumsum(size) for start, size in zip(starts, sizes, strict=True)])
    return last - np.concatenate(sizes) + 1, last
