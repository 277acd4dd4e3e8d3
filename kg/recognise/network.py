"""The network that finds names, run by numpy alone: words -> vectors -> two readers -> tags.

    slots and pieces of a word  -> one vector a word type (vectors.py)
    the first reader            -> neighbours and LSTMs, a score for every tag (reader.py)
    a CRF                       -> the best row of tags, and how likely each is (crf.py)
    the second reader           -> layers of a language model, around doubtful words (doubt.py, encoder.py)
    the document                -> what a word was taken for elsewhere in it (repeats.py)

After either of the last two the CRF judges anew. An article reads the same alone and among others (blocks.py).
`training/recogniser` makes the weights.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from kg.recognise import crf, doubt, repeats
from kg.recognise.blocks import Floats
from kg.recognise.encoder import Encoder, Sentence
from kg.recognise.pieces import Vectors
from kg.recognise.reader import Layout, Reader, lay
from kg.recognise.vectors import WordVectors

SECOND = 0.5  # how much the second reader's scores count beside the first's, chosen on held-out texts
LONGEST = 256  # words read at once: what is longer is no sentence, and is cut


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


class Network:
    """The weights of a model's file and what they compute; `names`: the word list's classes of names."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], names: Mapping[str, str]) -> None:
        pieces = Vectors(arrays["pieces"])
        self._vectors = WordVectors(arrays, pieces, names)
        self._reader, self._encoder = Reader(arrays), Encoder(arrays, pieces)
        codes = arrays["languages"].tobytes().decode("ascii").split(" ")
        self._langs = {code: place for place, code in enumerate(("", *codes))}
        kinds = arrays["kinds"].tobytes().decode("ascii").split(" ")
        self._tags = crf.Tags(kinds, arrays["trans"].astype(np.float32))
        # Blocks are small: more threads of a BLAS wait for each other, on a busy machine without end.
        self._threads = ThreadpoolController()

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
        layout = lay([len(text.words) for text in texts])
        rows = self._vectors.rows(word for text in texts for word in text.words)
        where = [(s, t) for t, n in enumerate(layout.active) for s in layout.order[:n]]
        vectors = self._vectors.table[[rows[texts[s].words[t]] for s, t in where]]
        langs = [self._langs.get(text.lang, 0) for text in texts]
        scores = self._reader.scores(vectors, [langs[s] for s, _ in where], layout)
        likely = self._tags.likely(scores, layout.active)
        if self._read_again(texts, layout, scores, likely.max(axis=1)):
            likely = self._tags.likely(scores, layout.active)
        lone = [_lone(text.words) for text in texts]
        words = [repeats.Word(texts[s].document, texts[s].words[t], lone[s][t]) for s, t in where]
        scores = self._tags.with_kinds(scores, repeats.heard(words, self._tags.kinds_of(likely)))
        found = self._tags.spans(scores, layout.active)
        back = dict(zip(layout.order, found, strict=True))
        return [back[number] for number in range(len(texts))]

    def _read_again(self, texts: Sequence[Text], layout: Layout, scores: Floats, sure: NDArray[np.float64]) -> bool:
        """Adds the second reader's opinion to `scores` around doubtful words; whether there was one."""
        found = list(doubt.passages(sure, layout.starts, layout.active))
        told = self._encoder.scores([self._sentence(texts[layout.order[one.sentence]], one) for one in found])
        for one, opinion in zip(found, told, strict=True):
            if opinion is not None:
                rows = np.array(layout.starts[one.first : one.last]) + one.sentence
                scores[rows] += np.float32(SECOND) * (opinion - scores[rows])
        return bool(found)

    def _sentence(self, text: Text, passage: doubt.Passage) -> Sentence:
        words = text.words[passage.first : passage.last]
        return Sentence([self._vectors.pieces(word) for word in words], self._langs.get(text.lang, 0))


def _lone(words: Sequence[str]) -> list[bool]:
    """Whether neither neighbour of each word begins with a capital."""
    capital = [False, *(word[:1].isupper() for word in words), False]
    return [not (before or behind) for before, behind in zip(capital, capital[2:], strict=False)]
