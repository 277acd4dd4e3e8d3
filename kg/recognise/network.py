"""The network that finds names, run by numpy alone: words -> vectors -> a look at the neighbours -> tags.

    slots and pieces of a word  -> one vector a word type (features.py, pieces.py), kept for the next time
    a convolution               -> sees one neighbour on either side
    two LSTMs                   -> read the sentence forwards and backwards
    a CRF                       -> the best row of tags, and how likely each is (crf.py)
    a second reader             -> layers of a language model, around doubtful words (doubt.py, encoder.py); and the CRF
    the document                -> what a word was taken for elsewhere in it; and the CRF (repeats.py)

An article reads the same alone and among others (blocks.py). `training/recogniser/train.py` makes the weights.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from kg.recognise import crf, doubt, repeats
from kg.recognise.blocks import FEW, Floats, dot, normal
from kg.recognise.encoder import Encoder, Sentence
from kg.recognise.features import SLOTS, key, values
from kg.recognise.pieces import Pieces, Vectors

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
SECOND = 0.5  # how much the second reader's scores count beside the first's, chosen on held-out texts
LONGEST = 256  # words read at once: what is longer is no sentence, and is cut
KEPT = 100_000  # word types whose vectors are remembered; then memory starts anew


@dataclass(frozen=True, slots=True)
class Text:
    """Words, the code of their language ("" if unknown), and whatever tells the document that they are from."""

    words: Sequence[str]
    lang: str
    document: Hashable


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: its words first..last-1, its kind, and how likely each of its tags is at least, 0..1."""

    first: int
    last: int
    kind: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sentences side by side, longest first: word t of sentence s stands in row starts[t] + s."""

    order: list[int]  # sentences by length
    active: list[int]  # how many sentences have a word t
    starts: list[int]
    before: Ints  # the row of each word's neighbour; the last row, which is zero, where there is none
    behind: Ints
    turned: Ints  # the row of the word as far from the sentence's end as this one from its start


class Network:
    """Weights and what they compute."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], names: Mapping[str, str]) -> None:
        self._known = names
        self._keys = [arrays[f"keys/{slot}"] for slot in SLOTS]
        self._tables = [(arrays[f"slots/{i}"], arrays[f"slots/{i}/scale"]) for i in range(len(SLOTS))]
        self._pieces = Pieces(
            arrays["pieces/text"].tobytes().decode("utf-8").split("\n"), arrays["pieces/scores"].tolist()
        )
        self._coded = Vectors(arrays["pieces"])
        self._encoder = Encoder(arrays, self._coded)
        self._dense = _halved({name: np.asfortranarray(arrays[name], dtype=np.float32) for name in _DENSE})
        codes = arrays["languages"].tobytes().decode("ascii").split(" ")
        self._langs = {code: place for place, code in enumerate(("", *codes))}
        self._tags = crf.Tags(arrays["kinds"].tobytes().decode("ascii").split(" "), self._dense["trans"])
        # Blocks are small: more threads of a BLAS wait for each other, on a busy machine without end.
        self._threads = ThreadpoolController()
        self._forget()

    def _forget(self) -> None:
        self._places: dict[str, int] = {}
        self._cut: dict[str, list[int]] = {}
        self._vectors = np.zeros((1024, self._dense["norm/weight"].size), dtype=np.float32)

    def names(self, texts: Sequence[Text]) -> list[tuple[Name, ...]]:
        """The names of each text, in the order of its words."""
        with self._threads.limit(limits=1, user_api="blas"):
            return self._names_of(texts)

    def _names_of(self, texts: Sequence[Text]) -> list[tuple[Name, ...]]:
        parts = [
            (number, start, Text(text.words[start : start + LONGEST], text.lang, text.document))
            for number, text in enumerate(texts)
            for start in range(0, len(text.words), LONGEST)
        ]
        found: list[list[Name]] = [[] for _ in texts]
        read = self._read([part for _, _, part in parts])
        for (number, start, _), spans in zip(parts, read, strict=True):
            found[number] += [Name(start + first, start + last, kind, sure) for first, last, kind, sure in spans]
        return [tuple(one) for one in found]

    def _read(self, texts: Sequence[Text]) -> list[list[tuple[int, int, str, float]]]:
        if not texts:
            return []
        layout = _layout([len(text.words) for text in texts])
        types = self._types([text.words for text in texts])
        where = [(texts[s], t) for t, n in enumerate(layout.active) for s in layout.order[:n]]
        by = [self._langs.get(text.lang, 0) for text, _ in where]
        rows = [types[text.words[t]] for text, t in where]
        emitted = self._emitted(self._vectors[rows] + self._dense["lang"][by], layout)
        likely = self._tags.likely(emitted, layout.active)
        if self._read_again(texts, layout, emitted, likely):
            likely = self._tags.likely(emitted, layout.active)
        words = [repeats.Word(text.document, text.words[t], _lone(text.words, t)) for text, t in where]
        emitted = self._tags.with_kinds(emitted, repeats.heard(words, self._tags.kinds_of(likely)))
        found = self._tags.spans(emitted, layout.active)
        back = dict(zip(layout.order, found, strict=True))
        return [back[number] for number in range(len(texts))]

    def _read_again(self, texts: Sequence[Text], layout: _Layout, emitted: Floats, likely: Doubles) -> bool:
        """Adds the second reader's scores to `emitted` around doubtful words; whether there was one."""
        sure = likely.max(axis=1)
        found = list(doubt.passages(sure, layout.starts, layout.active))
        told = self._encoder.scores([self._sentence(texts[layout.order[one.sentence]], one) for one in found])
        for one, scores in zip(found, told, strict=True):
            if scores is not None:
                rows = np.array(layout.starts[one.first : one.last]) + one.sentence
                emitted[rows] += np.float32(SECOND) * (scores - emitted[rows])
        return bool(found)

    def _sentence(self, text: Text, passage: doubt.Passage) -> Sentence:
        words = text.words[passage.first : passage.last]
        return Sentence([self._cut[word] for word in words], self._langs.get(text.lang, 0))

    def _types(self, texts: Sequence[Sequence[str]]) -> Mapping[str, int]:
        """The row of `_vectors` of every word type."""
        new = [word for word in dict.fromkeys(word for words in texts for word in words) if word not in self._places]
        if len(self._places) + len(new) > KEPT:
            self._forget()
            new = list(dict.fromkeys(word for words in texts for word in words))
        start = len(self._places)
        room = self._vectors
        if start + len(new) > len(room):
            self._vectors = np.zeros((max(2 * len(room), start + len(new)), room.shape[1]), dtype=np.float32)
            self._vectors[: len(room)] = room
        for first in range(0, len(new), 1024):
            some = new[first : first + 1024]
            self._vectors[start + first : start + first + len(some)] = self._vectors_of(some)
        self._places.update((word, start + place) for place, word in enumerate(new))
        return self._places

    def _vectors_of(self, words: Sequence[str]) -> Floats:
        keys = np.array([[key(one) for one in values(word, self._known)] for word in words], dtype=np.uint32)
        parts = []
        for slot, (table, scale) in enumerate(self._tables):
            known = self._keys[slot]
            place = np.minimum(np.searchsorted(known, keys[:, slot]), len(known) - 1)
            row = np.where(known[place] == keys[:, slot], place + 1, 0)
            parts.append(table[row] * scale[row].astype(np.float32)[:, None])
        shapes = dot(np.concatenate([self._shape(word) for word in words]), self._dense["pieces/seen"])
        parts.append(shapes.reshape(len(words), -1))
        mixed = dot(np.concatenate(parts, axis=1), self._dense["mix/weight"]) + self._dense["mix/bias"]
        return _widest(mixed)

    def _shape(self, word: str) -> Floats:
        """The word's pieces: their mean, the first, the last, and the mean of the word in lower case, [4, width]."""
        ids = self._cut[word] = self._pieces.split(word)
        low = word.lower()
        small = ids if low == word else self._pieces.split(low)
        out = np.zeros((4, self._dense["pieces/seen"].shape[0]), dtype=np.float32)
        if ids:
            rows = self._coded[ids]
            out[:3] = rows.mean(axis=0), rows[0], rows[-1]
        if small:
            out[3] = self._coded[small].mean(axis=0)
        return out

    def _emitted(self, words: Floats, layout: _Layout) -> Floats:
        """The score of every tag for every word, [words, tags], in the layout's order."""
        dense = self._dense
        words = normal(words, dense["norm/weight"], dense["norm/bias"])
        padded = np.concatenate([words, np.zeros_like(words[:1])])
        window = np.concatenate([padded[layout.before], words, padded[layout.behind]], axis=1)
        near = words + _widest(dot(window, dense["conv/weight"]) + dense["conv/bias"])
        near = normal(near, dense["norm2/weight"], dense["norm2/bias"])
        gates = np.empty((2, len(near), dense["ahead/bias"].size), dtype=np.float32)
        np.add(dot(near, dense["ahead/in"]), dense["ahead/bias"], out=gates[0])
        np.add(dot(near, dense["back/in"])[layout.turned], dense["back/bias"], out=gates[1])
        read = self._lstms(gates, layout)
        both = np.concatenate([read[0], read[1][layout.turned], near], axis=1)
        top = np.maximum(dot(both, dense["top/weight"]) + dense["top/bias"], 0)
        return dot(top, dense["out/weight"]) + dense["out/bias"]

    def _lstms(self, gates: Floats, layout: _Layout) -> Floats:
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
    *("lang", "mix/weight", "mix/bias", "norm/weight", "norm/bias", "conv/weight", "conv/bias", "norm2/weight"),
    *("norm2/bias", "ahead/in", "ahead/again", "ahead/bias", "back/in", "back/again", "back/bias"),
    *("top/weight", "top/bias", "out/weight", "out/bias", "trans", "pieces/seen"),
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


def _lone(words: Sequence[str], t: int) -> bool:
    """Whether neither neighbour of a word begins with a capital."""
    return not any(word[:1].isupper() for word in (*words[max(t - 1, 0) : t], *words[t + 1 : t + 2]))


def _layout(lengths: Sequence[int]) -> _Layout:
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
    return _Layout(order, active, starts, before, behind, turned)


def _widest(mixed: Floats) -> Floats:
    """Maxout of two: the greater of the first half and the second."""
    half = mixed.shape[1] // 2
    out: Floats = np.maximum(mixed[:, :half], mixed[:, half:])
    return out
