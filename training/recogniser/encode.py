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
# What a corpus calls a name is an input of the network: "" is any.
CORPORA = (
    *("", "slavicner", "nerel", "factrueval", "neruk2", "elner4", "ronec1", "azmn"),
    *("trwikiner", "uner_set", "conll", "wikineural", "own"),
)
# The corpus by whose rules news of a language are read: the largest of news where there are several.
RULES = {
    **dict.fromkeys(("bg", "cs", "pl", "ru", "sl", "uk"), "slavicner"),
    **dict.fromkeys(("de", "es", "fr", "it", "nl", "pt"), "wikineural"),
    "az": "azmn",
    "el": "elner4",
    "en": "conll",
    "ro": "ronec1",
    "sr": "uner_set",
    "tr": "trwikiner",
}
CHUNK = 6000  # texts that are sorted by length together
LONGEST = 200  # words of a text that are trained on


@dataclass(slots=True)
class Texts:
    """Word types [words], tags [words] and the numbers of the language and of the corpus of each text."""

    types: list[np.ndarray] = field(default_factory=list)
    tags: list[np.ndarray] = field(default_factory=list)
    where: list[tuple[int, int]] = field(default_factory=list)


def load(
    folder: Path, vocabulary: dict[str, int], langs: Sequence[str], limit: Mapping[str, int], *, ruled: bool
) -> Texts:
    """The texts of the languages, at most `limit` of each (under "": of the others); new words get a number.

    `ruled`: to be read by the RULES of their language, as news will be, not by those of their corpus.
    """
    texts, rng = Texts(), random.Random(SEED)
    for lang in langs:
        docs = list(DocBin().from_disk(folder / f"{lang}.spacy").get_docs(Vocab()))
        docs = rng.sample(docs, min(limit.get(lang, limit[""]), len(docs)))
        for doc in docs:
            ids = [vocabulary.setdefault(token.text, len(vocabulary)) for token in doc]
            texts.types.append(np.array(ids, dtype=np.int32))
            texts.tags.append(np.array(bioes(doc), dtype=np.int64))
            corpus = RULES[lang] if ruled else next(iter(doc.cats))
            texts.where.append((LANGUAGES.index(lang), CORPORA.index(corpus)))
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
    return torch.from_numpy(out).to(torch.bfloat16)


def batches(sizes: Mapping[int, int], most: int, rng: random.Random) -> list[list[int]]:
    """Texts of like size together, at most `most` with what fills them up, in a random order; `sizes`: by number."""
    order = rng.sample(list(sizes), len(sizes))
    made: list[list[int]] = []
    for first in range(0, len(order), CHUNK):
        group: list[int] = []
        for one in sorted(order[first : first + CHUNK], key=sizes.__getitem__):
            if group and sizes[one] * (len(group) + 1) > most:
                made.append(group)
                group = []
            group.append(one)
        made.append(group)
    rng.shuffle(made)
    return made


def opening(tags: np.ndarray, share: float, rng: random.Random) -> int:
    """Where a training text begins: mostly at its start, in `share` of the cases at one of its names. Headlines open
    with names, of which nothing but a capital tells; the corpora have few such sentences.
    """
    if rng.random() >= share:
        return 0
    return int(rng.choice([0, *np.flatnonzero((tags > 0) & np.isin((tags - 1) % 4, (0, 3)))]))


def collate(
    texts: Texts, group: Sequence[int], starts: Sequence[int], longest: int = LONGEST
) -> Iterator[torch.Tensor]:
    """Types [texts, words], lengths [texts], language and corpus [texts, 2], tags [texts, words], from `starts` on."""
    lengths = torch.tensor([min(len(texts.types[i]) - start, longest) for i, start in zip(group, starts, strict=True)])
    types = torch.zeros(len(group), int(lengths.max()), dtype=torch.long)
    tags = torch.zeros_like(types)
    for row, (i, start, n) in enumerate(zip(group, starts, lengths.tolist(), strict=True)):
        types[row, :n] = torch.from_numpy(texts.types[i][start : start + n].astype(np.int64))
        tags[row, :n] = torch.from_numpy(texts.tags[i][start : start + n])
    yield from (types, lengths, torch.tensor([texts.where[i] for i in group]), tags)
