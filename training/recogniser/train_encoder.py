"""Trains the second reader with PyTorch: layers of multilingual-e5-small, in `work/encoder.npz`.

    python training/recogniser/train_encoder.py work E5/e5-small-q4.bin work/encoder.npz --steps work/model.npz

Reads what `train.py` reads. For the share `--teach` of the minutes all twelve layers learn, with the scores after the
last counting as much as those after layer `--layers`; then these alone. The rate rises for WARM steps and falls to
zero with the minutes.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from e5 import LEVELS
from encode import LANGUAGES, SEED, Texts, batches, opening
from encoder import Encoder, begin
from torch import nn
from watch import F1, Mean, mixed, save, texts

from kg.recognise.pieces import Pieces

WARM = 300
ALL = 12  # layers of the package
LONGEST = 160  # words of a text that are trained on
DEPTH = 400  # pieces
BATCH = 4096  # pieces
HIDDEN = 0.03  # share of the pieces that cannot be seen
NOLANG = 0.15
RATE, HEAD_RATE, DECAY = 0.00015, 0.001, 0.01
MEAN = 0.998
SILVER_TEXTS = 4000


@dataclass(slots=True)
class Data:
    """What is trained on and watched, and the pieces of every word type."""

    train: Texts
    dev: Texts
    pieces: list[np.ndarray]
    vectors: torch.Tensor


@dataclass(slots=True)
class Batch:
    """Pieces [texts, pieces] (-1: none), languages [texts]; words' first and last piece, mask, tags [texts, words]."""

    pieces: torch.Tensor
    lang: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    mask: torch.Tensor
    tags: torch.Tensor


def read(options: argparse.Namespace) -> Data:
    """Everything in memory."""
    vocabulary: dict[str, int] = {}
    train, dev = texts(options, vocabulary, SILVER_TEXTS)
    stored = np.load(options.work / "pieces.npz")
    cut = Pieces(str(stored["pieces"]).split("\n"), stored["scores"].tolist())
    unknown = len(stored["codes"])
    pieces = [np.array(cut.split(word) or [unknown], dtype=np.int64) for word in vocabulary]
    vectors = LEVELS[stored["codes"]] @ stored["basis"] + stored["mean"]
    vectors = torch.from_numpy(np.concatenate([vectors, stored["unknown"][None]]).astype(np.float32))
    print(len(train.types), "texts,", sum(len(pieces[i]) for one in train.types for i in one), "pieces", flush=True)
    return Data(train, dev, pieces, vectors)


def collate(data: Data, texts: Texts, group: Sequence[int], starts: Sequence[int]) -> Batch:
    """Texts side by side; a text is cut at LONGEST words."""
    words = [texts.types[i][start : start + LONGEST] for i, start in zip(group, starts, strict=True)]
    parts = [[data.pieces[one] for one in text] for text in words]
    rows = [np.concatenate(one) for one in parts]
    longest = max(len(one) for one in words)
    pieces = torch.full((len(group), max(len(one) for one in rows)), -1)
    first, last, tags = (torch.zeros(len(group), longest, dtype=torch.long) for _ in range(3))
    mask = torch.zeros(len(group), longest, dtype=torch.bool)
    for row, (i, start) in enumerate(zip(group, starts, strict=True)):
        n = len(words[row])
        ends = np.cumsum([len(one) for one in parts[row]])
        pieces[row, : len(rows[row])] = torch.from_numpy(rows[row])
        last[row, :n] = torch.from_numpy(ends)
        first[row, 0] = 1
        first[row, 1:n] = torch.from_numpy(ends[:-1] + 1)
        mask[row, :n] = True
        tags[row, :n] = torch.from_numpy(texts.tags[i][start : start + n])
    return Batch(pieces, torch.tensor([texts.where[i][0] for i in group]), first, last, mask, tags)


def sizes(data: Data, texts: Texts) -> dict[int, int]:
    """How many pieces each text has; without those that are too long."""
    found = (sum(len(data.pieces[one]) for one in text[:LONGEST]) + 1 for text in texts.types)
    return {i: size for i, size in enumerate(found) if size <= DEPTH}


@torch.no_grad()
def score(net: Encoder, data: Data, depth: int) -> str:
    """F1 of the watched texts, demonyms aside: the mean over the languages, then each."""
    net.eval()
    f1 = F1()
    for group in batches(sizes(data, data.dev), BATCH, random.Random(SEED)):
        batch = collate(data, data.dev, group, [0] * len(group))
        with mixed():
            emitted = net(batch.pieces, batch.lang, batch.first, batch.last, depth)[depth]
        found = net.decode(emitted, batch.mask)
        for row, i in enumerate(group):
            n = int(batch.mask[row].sum())
            f1.add(data.dev.where[i][0], batch.tags[row, :n].tolist(), found[row, :n].tolist())
    net.train()
    return str(f1)


class Training:
    """One run: a network, what moves its weights, and their mean."""

    def __init__(self, data: Data, options: argparse.Namespace) -> None:
        self.data, self.layers, self.rng = data, options.layers, random.Random(SEED)
        depth = ALL if options.teach else options.layers
        self.net = Encoder(data.vectors, depth, tuple({options.layers, depth}), 0.1)
        begin(self.net, options.package, np.load(options.work / "pieces.npz")["start"])
        self.net.trans.copy_(torch.from_numpy(np.load(options.steps)["trans"].astype(np.float32)))
        named = list(self.net.named_parameters())
        heads = [one for name, one in named if name.startswith(("out", "lang"))]
        self.body = [one for name, one in named if not name.startswith(("out", "lang"))]
        self.all = heads + self.body
        groups = [{"params": self.body, "top": RATE}, {"params": heads, "top": HEAD_RATE}]
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=DECAY, fused=True)
        self.mean = Mean(self.all, MEAN)

    def step(self, group: Sequence[int], number: int, share: float, depth: int) -> tuple[float, int]:
        """Learns from a batch: its loss at the depth that is shipped, and its pieces."""
        for one in self.optimizer.param_groups:
            one["lr"] = one["top"] * min(1, (number + 1) / WARM) * (1 - share)
        starts = [opening(self.data.train.tags[i], 0.1, self.rng) for i in group]
        batch = collate(self.data, self.data.train, group, starts)
        seen = int((batch.pieces >= 0).sum())
        hidden = (torch.rand(batch.pieces.shape) < HIDDEN) & (batch.pieces >= 0)
        batch.pieces.masked_fill_(hidden, len(self.data.vectors) - 1)
        batch.lang.masked_fill_(torch.rand(batch.lang.shape) < NOLANG, 0)
        with mixed():
            scores = self.net(batch.pieces, batch.lang, batch.first, batch.last, depth)
        losses = {at: self.net.loss(one, batch.mask, batch.tags) for at, one in scores.items()}
        self.net.zero_grad(set_to_none=True)
        (sum(losses.values()) / len(losses)).backward()
        nn.utils.clip_grad_norm_(self.all, 1.0)
        self.optimizer.step()
        self.mean.add(number)
        return losses[self.layers].item(), seen

    def look(self, out: Path, what: str, depth: int) -> None:
        """Scores and saves the mean of the weights."""
        with self.mean.instead():
            for at in sorted({self.layers, depth}):
                print(what, f"layer {at}:", score(self.net, self.data, at), flush=True)
            save(out, self.net)


def run(options: argparse.Namespace) -> None:
    """Trains until the minutes are over."""
    training = Training(read(options), options)
    rng = random.Random(SEED)
    number, pieces, began, looks, loss = 0, 0, time.time(), 1, 0.0
    known = sizes(training.data, training.data.train)
    while True:
        for group in batches(known, BATCH, rng):
            share = (time.time() - began) / 60 / options.minutes
            depth = ALL if share < options.teach else options.layers
            if share * options.looks >= looks:
                out = options.out.with_stem(f"{options.out.stem}-{looks}") if share < 1 else options.out
                what = f"{number} steps, {pieces} pieces, {time.time() - began:.0f} s, loss {loss:.3f},"
                training.look(out, what, depth)
                looks += 1
            if share >= 1:
                return
            now, seen = training.step(group, number, share, depth)
            loss = now if not loss else 0.98 * loss + 0.02 * now
            number, pieces = number + 1, pieces + seen
            if number in (20, 100):
                print(number, "steps", f"{pieces / (time.time() - began):.0f} pieces/s, loss {loss:.3f}", flush=True)


def main() -> None:
    """Reads the options, trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=Path, required=True, help="weights of the first reader, whose steps count")
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--teach", type=float, default=0.5)
    parser.add_argument("--looks", type=int, default=8)
    parser.add_argument("--limit", type=int, help="at most so many texts a language")
    parser.add_argument("--devlimit", type=int, default=100)
    parser.add_argument("--langs", nargs="*", default=LANGUAGES[1:])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    run(options)


if __name__ == "__main__":
    main()
