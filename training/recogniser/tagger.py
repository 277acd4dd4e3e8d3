"""The network in PyTorch, as it is trained. `vectors.py` and `reader.py` of kg/recognise compute it with numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from encode import CORPORA, LANGUAGES, TAGS
from torch import Tensor, nn

NEVER = -1e4
TINY = 1e-20  # a chance that is none, so that it has a logarithm
_FIRST = torch.tensor([NEVER if tag[0] in "IE" else 0.0 for tag in TAGS])
_LAST = torch.tensor([NEVER if tag[0] in "BI" else 0.0 for tag in TAGS])


def allowed() -> np.ndarray:
    """Which tag may follow which: [from, to]."""

    def may(one: str, two: str) -> bool:
        return (two[0] in "IE" and two[2:] == one[2:]) if one[0] in "BI" else two[0] in "OBS"

    return np.array([[may(one, two) for two in TAGS] for one in TAGS])


class Drop(nn.Module):
    """Dropout whose masks are cut out of one long random row: drawing them anew took half of the training's time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        drawn = torch.rand(1 << 24, generator=torch.Generator().manual_seed(1)) >= share
        self.masks = drawn.to(torch.bfloat16) / (1 - share)

    def forward(self, x: Tensor) -> Tensor:
        """Values of any shape, some of them zero."""
        if not self.training:
            return x
        start = int(torch.randint(len(self.masks) - x.numel(), ()))
        return x * self.masks[start : start + x.numel()].view_as(x)


class Tagger(nn.Module):
    """Words -> a convolution -> two LSTMs -> the scores of a CRF. `o`: the options of `train.py`."""

    def __init__(self, sizes: Sequence[int], o: Mapping[str, float], pieces: int) -> None:
        super().__init__()
        self.o = o
        slot, piece, width, hidden = (int(o[name]) for name in ("slot", "piece", "width", "hidden"))
        self.slots = nn.ModuleList([nn.Embedding(n + 1, slot, sparse=True) for n in sizes])
        for one in self.slots:
            nn.init.normal_(one.weight, std=0.3)
        self.pieces = nn.Linear(pieces, piece, bias=False)
        self.mix = nn.Linear(len(sizes) * slot + (4 * piece if o["e5"] else 0), width * 2)
        self.lang = nn.Embedding(len(LANGUAGES), width)
        nn.init.normal_(self.lang.weight, std=0.1)
        self.corpus = nn.Embedding(len(CORPORA), width)
        nn.init.normal_(self.corpus.weight, std=0.1)
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Linear(3 * width, width * 2)
        self.norm2 = nn.LayerNorm(width)
        self.ahead = nn.LSTM(width, hidden, batch_first=True)
        self.back = nn.LSTM(width, hidden, batch_first=True)
        self.top = nn.Linear(2 * hidden + width, width)
        self.out = nn.Linear(width, len(TAGS))
        self.trans = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.drop = Drop(o["drop"])
        self.register_buffer("allowed", torch.from_numpy(allowed()))

    def words(self, rows: Tensor, vectors: Tensor | None) -> Tensor:
        """[types, width] of word types; while training, values of slots are unknown at random."""
        if self.training:
            gone = torch.rand(rows.shape) < self.o["unknown"]
            gone[:, -2] &= torch.rand(rows.shape[0]) < 0.3  # a shape is never unknown in truth
            rows = rows.masked_fill(gone, 0)
        parts = [table(rows[:, i]) for i, table in enumerate(self.slots)]
        if vectors is not None:
            parts.append(self.pieces(vectors).flatten(1))
        return torch.maximum(*self.mix(self.drop(torch.cat(parts, 1))).chunk(2, 1))

    def forward(
        self, types: Tensor, lengths: Tensor, where: Tensor, rows: Tensor, vectors: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Scores [texts, words, tags], which words there are [texts, words]; `where`: language, corpus [texts, 2]."""
        uniques, inverse = torch.unique(types, return_inverse=True)
        x = self.words(rows[uniques], vectors[uniques] if vectors is not None else None)[inverse]
        if self.training:
            where = where.masked_fill(torch.rand(where.shape) < self.o["nolang"], 0)
        x = x + (self.lang(where[:, 0]) + self.corpus(where[:, 1] * int(self.o["rules"])))[:, None, :]
        length = types.shape[1]
        mask = torch.arange(length)[None] < lengths[:, None]
        x = self.drop(self.norm(x)) * mask[..., None]
        padded = nn.functional.pad(x, (0, 0, 1, 1))
        window = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], 2)
        x = self.drop(self.norm2(x + torch.maximum(*self.conv(window).chunk(2, 2)))) * mask[..., None]
        turn = torch.arange(length)[None].expand(len(lengths), -1)
        turn = torch.where(mask, lengths[:, None] - 1 - turn, turn)[..., None]
        one, _ = self.ahead(x)
        two, _ = self.back(x.gather(1, turn.expand_as(x)))
        two = two.gather(1, turn.expand_as(two))
        top = torch.relu(self.top(self.drop(torch.cat([one, two, x], 2))))
        return self.out(self.drop(top)), mask

    def steps(self) -> Tensor:
        """Scores of one tag after another."""
        return self.trans.masked_fill(~self.allowed, NEVER)

    def loss(self, emitted: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """Negative log likelihood of the gold tags, by word."""
        steps = self.steps()
        gold = (emitted.gather(2, tags[..., None])[..., 0] * mask).sum(1)
        gold = gold + (steps[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
        alpha, chances = emitted[:, 0] + _FIRST, steps.exp()
        for t in range(1, emitted.shape[1]):
            top = alpha.detach().max(1, keepdim=True).values
            new = top + torch.log((alpha - top).exp() @ chances + TINY) + emitted[:, t]
            alpha = torch.where(mask[:, t, None], new, alpha)
        return (torch.logsumexp(alpha + _LAST, 1) - gold).sum() / mask.sum()

    @torch.no_grad()
    def decode(self, emitted: Tensor, mask: Tensor) -> Tensor:
        """The likeliest tags [texts, words]."""
        steps = self.steps()
        alpha = emitted[:, 0] + _FIRST
        backs = []
        for t in range(1, emitted.shape[1]):
            best, where = (alpha[:, :, None] + steps[None]).max(1)
            alpha = torch.where(mask[:, t, None], best + emitted[:, t], alpha)
            backs.append(torch.where(mask[:, t, None], where, torch.arange(len(TAGS))[None]))
        tags = [(alpha + _LAST).argmax(1)]
        for where in reversed(backs):
            tags.append(where.gather(1, tags[-1][:, None])[:, 0])
        return torch.stack(tags[::-1], 1)
