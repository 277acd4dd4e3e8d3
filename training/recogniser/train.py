"""Trains the recogniser's network with PyTorch; the program itself runs it with numpy.

    python training/recogniser/train.py work work/model.npz [--minutes 60] [--epochs 6] [--set width=192 ...]

Reads `train/*.spacy`, `dev/*.spacy`, `names.txt.gz` of `prepare.py` and `pieces.npz` of `e5.py`. The learning rate
rises for 300 steps and falls to zero; dense weights are the mean of the last thousand steps (exponential). Each look
at the dev texts writes the weights, `model-1500.npz` and so on; `ship.py` may average some. `--limit`, `--set e5=0`
and `--set rules=1` are for ablations.
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
from encode import LANGUAGES, SEED, Texts, batches, collate, opening, shapes, tables
from tagger import Tagger
from torch import nn
from watch import EVER, F1, Mean, mixed, save, texts

from kg.recognise.features import SLOTS
from kg.recognise.pieces import Pieces
from kg.recognise.words import read_names

WARM = 300
# least: how often a value must be seen to be known; unknown, nolang, drop: shares dropped; silver: texts of SILVER.
DEFAULTS = {
    "width": 256,
    "hidden": 192,
    "slot": 32,
    "piece": 128,
    "batch": 2500,
    "rate": 0.002,
    "least": 5,
    "drop": 0.3,
    "unknown": 0.15,
    "nolang": 0.15,
    "decay": 0.01,
    "mean": 0.999,
    "e5": 1,
    "silver": 4000,
    "rules": 0,
    "tables": 4,
    "headed": 0.1,
}


@dataclass(slots=True)
class Data:
    """What is trained on and what is watched."""

    train: Texts
    dev: Texts
    keys: list[np.ndarray]
    rows: torch.Tensor
    vectors: torch.Tensor | None
    pieces: int  # width of a piece's vector


def read(options: argparse.Namespace, o: dict[str, float]) -> Data:
    """Everything in memory: some 3 GB."""
    vocabulary: dict[str, int] = {}
    train, dev = texts(options, vocabulary, int(o["silver"]))
    names = read_names((options.work / "names.txt.gz").read_bytes())
    keys, rows = tables(vocabulary, names, train, int(o["least"]))
    stored = np.load(options.work / "pieces.npz")
    pieces = Pieces(str(stored["pieces"]).split("\n"), stored["scores"].tolist())
    vectors = shapes(vocabulary, pieces, stored["vectors"]) if o["e5"] else None
    print(len(train.types), "texts,", len(vocabulary), "word types, tables", [len(one) for one in keys], flush=True)
    return Data(train, dev, keys, rows, vectors, stored["vectors"].shape[1])


@torch.no_grad()
def score(net: Tagger, data: Data) -> str:
    """F1 of the watched texts, demonyms aside: the mean over the languages, then each."""
    net.eval()
    f1 = F1()
    order = sorted(range(len(data.dev.types)), key=lambda i: len(data.dev.types[i]))
    for first in range(0, len(order), 100):
        group = order[first : first + 100]
        types, lengths, where, tags = collate(data.dev, group, [0] * len(group), EVER)
        with mixed():
            emitted, mask = net(types, lengths, where, data.rows, data.vectors)
        found = net.decode(emitted.float(), mask)
        for row, i in enumerate(group):
            n = lengths[row]
            f1.add(data.dev.where[i][0], tags[row, :n].tolist(), found[row, :n].tolist())
    net.train()
    return str(f1)


class Training:
    """One run: a network, what moves its weights, and their mean."""

    def __init__(self, data: Data, o: dict[str, float], start: Path | None) -> None:
        self.data, self.o, self.rng = data, o, random.Random(SEED)
        self.net = Tagger([len(one) for one in data.keys], o, data.pieces)
        if start:
            go_on(self.net, data.keys, start)
        self.rest = [one for name, one in self.net.named_parameters() if not name.startswith("slots")]
        betas = (0.9, 0.99)
        self.optimizers = (
            torch.optim.AdamW(self.rest, lr=o["rate"], betas=betas, weight_decay=o["decay"], fused=True),
            # Touches the rows of the batch alone: whole tables cost more than the network.
            # A rare row then moves once, not on and on: its steps must be longer.
            torch.optim.SparseAdam(list(self.net.slots.parameters()), lr=o["rate"], betas=betas),
        )
        self.mean = Mean(self.rest, o["mean"])

    def step(self, group: Sequence[int], number: int, rate: float) -> tuple[float, int]:
        """Learns from a batch: its loss and its words."""
        for optimizer, times in zip(self.optimizers, (1, self.o["tables"]), strict=True):
            optimizer.param_groups[0]["lr"] = rate * times
        starts = [opening(self.data.train.tags[i], self.o["headed"], self.rng) for i in group]
        types, lengths, where, tags = collate(self.data.train, group, starts)
        with mixed():
            emitted, mask = self.net(types, lengths, where, self.data.rows, self.data.vectors)
        loss = self.net.loss(emitted.float(), mask, tags)
        self.net.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.rest, 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.mean.add(number)
        return loss.item(), int(mask.sum())

    def look(self, out: Path, what: str) -> None:
        """Scores and saves the mean of the weights."""
        with self.mean.instead():
            print(what, score(self.net, self.data), flush=True)
            keys = {f"keys/{slot}": one for slot, one in zip(SLOTS, self.data.keys, strict=True)}
            save(out, self.net, options=np.array(str(self.o)), **keys)


def go_on(net: Tagger, keys: Sequence[np.ndarray], start: Path) -> None:
    """Takes over the weights of an earlier training; of its tables, the rows whose keys are known here too."""
    old = dict(np.load(start))
    with torch.no_grad():
        for name, one in net.named_parameters():
            values = torch.from_numpy(old[name.replace(".", "/")])
            if not name.startswith("slots"):
                one.copy_(values)
                continue
            slot = int(name.split(".")[1])
            _, here, there = np.intersect1d(keys[slot], old[f"keys/{SLOTS[slot]}"], return_indices=True)
            one[torch.from_numpy(here + 1)] = values[torch.from_numpy(there + 1)]
            one[0] = values[0]


def run(options: argparse.Namespace, o: dict[str, float]) -> None:
    """Trains until the epochs or the minutes are over."""
    training = Training(read(options, o), o, options.start)
    rng = random.Random(SEED)
    sizes, most = {i: len(text) for i, text in enumerate(training.data.train.types)}, int(o["batch"])
    total = int(len(batches(sizes, most, rng)) * options.epochs)
    number, words, began = 0, 0, time.time()
    while True:
        for group in batches(sizes, most, rng):
            share = max(number / total, (time.time() - began) / 60 / options.minutes)
            if share >= 1:
                training.look(options.out, f"end, {number} steps, {words} words, {time.time() - began:.0f} s:")
                return
            rate = o["rate"] * min(1, (number + 1) / WARM) * (1 - share)
            loss, seen = training.step(group, number, rate)
            number, words = number + 1, words + seen
            if number % options.every == 0:
                speed = words / (time.time() - began)
                out = options.out.with_stem(f"{options.out.stem}-{number}")
                training.look(out, f"{number}/{total} steps, {speed:.0f} words/s, loss {loss:.3f}:")


def main() -> None:
    """Reads the options, trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="the weights of an earlier training to go on from")
    parser.add_argument("--minutes", type=float, default=EVER)
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--limit", type=int, help="at most so many texts a language")
    parser.add_argument("--devlimit", type=int, default=200)
    parser.add_argument("--every", type=int, default=1000, help="steps between looks at the dev texts")
    parser.add_argument("--langs", nargs="*", default=LANGUAGES[1:])
    parser.add_argument("--set", nargs="*", default=[], metavar="OPTION=NUMBER")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    run(options, DEFAULTS | {name: float(value) for name, value in (one.split("=") for one in options.set)})


if __name__ == "__main__":
    main()
