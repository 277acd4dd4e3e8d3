"""The second reader in PyTorch, as it is trained: layers of multilingual-e5-small that read word pieces.

`kg/recognise/encoder.py` computes the same without PyTorch. A text is a vector of its language and then its words'
pieces; a word's tags are scored by its first and its last piece. The steps from tag to tag are those of the first
reader, so that the scores of both can be added.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from e5 import tensors
from encode import LANGUAGES, TAGS
from tagger import NEVER, Drop, Tagger, allowed
from torch import Tensor, nn
from torch.nn import functional

WIDTH, INNER, HEADS, POSITIONS = 384, 1536, 12, 512
PARTS = ("q", "k", "v", "ao", "fi", "fo")


class Layer(nn.Module):
    """Attention and a network of one hidden layer, each followed by a normalisation (Devlin et al. 2019)."""

    def __init__(self, drop: Drop) -> None:
        super().__init__()
        self.q, self.k, self.v, self.ao = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.fi, self.fo = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.aln, self.oln = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = drop

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[texts, pieces, WIDTH]; mask [texts, 1, 1, pieces]: 0, or NEVER where there is no piece."""
        query, key, value = (one(x).unflatten(2, (HEADS, -1)).transpose(1, 2) for one in (self.q, self.k, self.v))
        # By hand: on texts this short PyTorch's own attention takes twice as long.
        looks = torch.softmax(query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + mask, 3)
        seen = (looks.to(value.dtype) @ value).transpose(1, 2).flatten(2)
        x = self.aln(x + self.drop(self.ao(seen)))
        inner = functional.gelu(self.fi(x), approximate="tanh")
        return self.oln(x + self.drop(self.fo(inner)))


class Encoder(nn.Module):
    """Pieces -> layers -> scores of tags, after each of the depths `heads`."""

    steps, loss, decode = Tagger.steps, Tagger.loss, Tagger.decode

    def __init__(self, vectors: Tensor, layers: int, heads: tuple[int, ...], drop: float) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors, persistent=False)
        self.drop = Drop(drop)
        self.where = nn.Embedding(POSITIONS, WIDTH)
        self.lang = nn.Embedding(len(LANGUAGES), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList([Layer(self.drop) for _ in range(layers)])
        self.out = nn.ModuleDict({str(depth): nn.Linear(2 * WIDTH, len(TAGS)) for depth in heads})
        self.register_buffer("trans", torch.zeros(len(TAGS), len(TAGS)))
        self.register_buffer("allowed", torch.from_numpy(allowed()))

    def forward(self, pieces: Tensor, lang: Tensor, first: Tensor, last: Tensor, depth: int) -> dict[int, Tensor]:
        """Scores [texts, words, tags] by depth up to `depth`; pieces [texts, pieces] (-1: none), where each word's
        first and last piece stand [texts, words], counted with the language's vector before them.
        """
        start = self.lang(lang)[:, None]
        x = torch.cat([start, self.vectors[pieces.clamp(min=0)].to(start.dtype)], 1)
        x = self.drop(self.norm(x + self.where.weight[: x.shape[1]]))
        there = functional.pad(pieces >= 0, (1, 0), value=True)
        kind = torch.bfloat16 if torch.is_autocast_enabled("cpu") else x.dtype
        mask, x = torch.where(there, 0.0, NEVER).to(kind)[:, None, None], x.to(kind)
        scores = {}
        for number, layer in enumerate(self.layers[:depth], 1):
            x = layer(x, mask)
            if str(number) in self.out:
                ends = [x.gather(1, at[..., None].expand(-1, -1, WIDTH)) for at in (first, last)]
                scores[number] = self.out[str(number)](self.drop(torch.cat(ends, 2))).float()
        return scores


def begin(net: Encoder, path: Path, start: np.ndarray) -> None:
    """Takes over the package's positions, normalisation and layers; `start`: the vector of the text's start."""
    read = tensors(path)

    def values(name: str, *shape: int) -> Tensor:
        return torch.from_numpy(read(name).reshape(shape).copy())

    with torch.no_grad():
        net.where.weight.copy_(values("emb.pos", POSITIONS, WIDTH) + values("emb.type", 2, WIDTH)[0])
        net.lang.weight.copy_(torch.from_numpy(start)[None] + torch.randn(net.lang.weight.shape) * 0.02)
        net.norm.weight.copy_(values("emb.ln.w", WIDTH))
        net.norm.bias.copy_(values("emb.ln.b", WIDTH))
        for number, layer in enumerate(net.layers):
            for part in PARTS:
                one = getattr(layer, part)
                one.weight.copy_(values(f"l{number}.{part}.w", *one.weight.shape))
                one.bias.copy_(values(f"l{number}.{part}.b", *one.bias.shape))
            for part in ("aln", "oln"):
                one = getattr(layer, part)
                one.weight.copy_(values(f"l{number}.{part}.w", WIDTH))
                one.bias.copy_(values(f"l{number}.{part}.b", WIDTH))
