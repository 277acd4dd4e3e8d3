"""Training texts as numbers: word types, tags, tables' rows and pieces' vectors."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from kg.recognise.features import SLOTS, key, values
from kg.recognise.pieces import Pieces

SEED = 20261122
KINDS = ("PER", "LOC", "ORG", "NORP")
TAGS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BIES"))
LANGUAGES = (
    *("", "az", "bg", "cs", "de", "el", "en", "es", "fr", "it"),
    *("nl", "pl", "pt", "ro", "ru", "sl", "sr", "tr", "uk"),
)
SILVER = ("de", "es", "fr", "it", "nl", "pt")  # languages that have nothing but machine-made labels
CHUNK = 6000  # texts that are sorted by length together
LONGEST = 200  # words of a text that are trained on


@dataclass(slots=True)
class Texts:
    """Word types [words], tags [words] and the number of the language of each text."""

    types: list[np.ndarray] = field(default_factory=list)
    tags: list[np.ndarray] = field(default_factory=list)
    langs: list[int] = field(default_factory=list)


def load(folder: Path, vocabulary: dict[str, int], langs: Sequence[str], limit: Mapping[str, int]) -> Texts:
    """The texts of the languages, at most `limit` of each (under "": of the others); new words get a number."""
    texts, rng = Texts(), random.Random(SEED)
    for lang in langs:
        docs = list(DocBin().from_disk(folder / f"{lang}.spacy").get_docs(Vocab()))
        docs = rng.sample(docs, min(limit.get(lang, limit[""]), len(docs)))
        for doc in docs:
            ids = [vocabulary.setdefault(token.text, len(vocabulary)) for token in doc]
            texts.types.append(np.array(ids, dtype=np.int32))
            texts.tags.append(np.array(bioes(doc), dtype=np.int64))
            texts.langs.append(LANGUAGES.index(lang))
    return texts


def bioes(doc: Doc) -> list[int]:
    """The number of each word's tag."""
    tags = [0] * len(doc)
    for one in doc.ents:
        base = 1 + KINDS.index(one.label_) * 4
        for place in range(one.start, one.end):
            tags[place] = base + (place > one.start) + (place == one.end - 1 and len(one) > 1)
        if len(one) == 1:
            tags[one.start] = base + 3
    return tags


def spans(tags: Sequence[int]) -> set[tuple[int, int, int]]:
    """(first word, word after the last, kind) of the names that the tags tell."""
    found, start = set(), 0
    for i, tag in enumerate(tags):
        place, kind = (tag - 1) % 4, (tag - 1) // 4
        if tag and place in (0, 3):
            start = i
        if tag and place in (2, 3):
            found.add((start, i + 1, kind))
    return found


def tables(
    vocabulary: Mapping[str, int], names: Mapping[str, str], texts: Texts, least: int
) -> tuple[list[np.ndarray], torch.Tensor]:
    """Keys of each slot that the texts have `least` times; the rows [types, slots] of each word type (0: unknown)."""
    counts = Counter(one for ids in texts.types for one in ids.tolist())
    found = [[key(one) for one in values(word, names)] for word in vocabulary]
    known = []
    rows = np.zeros((len(found), len(SLOTS)), dtype=np.int64)
    for slot in range(len(SLOTS)):
        seen: Counter[int] = Counter()
        for number, row in enumerate(found):
            seen[row[slot]] += counts[number]
        keys = sorted(one for one, n in seen.items() if n >= least)
        place = {one: i + 1 for i, one in enumerate(keys)}
        rows[:, slot] = [place.get(row[slot], 0) for row in found]
        known.append(np.array(keys, dtype=np.uint32))
    return known, torch.from_numpy(rows)


def shapes(vocabulary: Mapping[str, int], pieces: Pieces, vectors: np.ndarray) -> torch.Tensor:
    """[types, 4, width] in half precision: a word's pieces' mean, the first, the last, the mean in lower case."""
    out = np.zeros((len(vocabulary), 4, vectors.shape[1]), dtype=np.float16)
    for number, word in enumerate(vocabulary):
        ids, low = pieces.split(word), word.lower()
        small = ids if low == word else pieces.split(low)
        if ids:
            out[number, :3] = [vectors[ids].astype(np.float32).mean(0), vectors[ids[0]], vectors[ids[-1]]]
        if small:
            out[number, 3] = vectors[small].astype(np.float32).mean(0)
    return torch.from_numpy(out)


def batches(texts: Texts, words: int, rng: random.Random) -> list[list[int]]:
    """Texts of like length together, at most `words` words with what fills them up, in a random order."""
    order = rng.sample(range(len(texts.types)), len(texts.types))
    made: list[list[int]] = []
    for first in range(0, len(order), CHUNK):
        group: list[int] = []
        for one in sorted(order[first : first + CHUNK], key=lambda i: len(texts.types[i])):
            if group and len(texts.types[one]) * (len(group) + 1) > words:
                made.append(group)
                group = []
            group.append(one)
        made.append(group)
    rng.shuffle(made)
    return made


def collate(texts: Texts, group: Sequence[int], longest: int = LONGEST) -> Iterator[torch.Tensor]:
    """Types [texts, words], lengths [texts], languages [texts], tags [texts, words]."""
    lengths = torch.tensor([min(len(texts.types[i]), longest) for i in group])
    types = torch.zeros(len(group), int(lengths.max()), dtype=torch.long)
    tags = torch.zeros_like(types)
    for row, (i, n) in enumerate(zip(group, lengths.tolist(), strict=True)):
        types[row, :n] = torch.from_numpy(texts.types[i][:n].astype(np.int64))
        tags[row, :n] = torch.from_numpy(texts.tags[i][:n])
    yield from (types, lengths, torch.tensor([texts.langs[i] for i in group]), tags)
