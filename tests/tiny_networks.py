"""Small networks with weights of chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kg.recognise.features import SLOTS, key

DEPTH = 2
WIDTH, HIDDEN, SLOT, PIECE = 12, 5, 4, 3


def encoder_sizes(width: int, inner: int, tags: int, places: int) -> dict[str, tuple[int, ...]]:
    """Of two layers, for three languages."""
    found: dict[str, tuple[int, ...]] = {"basis": (width, width), "mean": (width,), "unknown": (width,)}
    found |= {"where": (places, width), "lang": (3, width), "out/weight": (2 * width, tags), "out/bias": (tags,)}
    products = {"seen": (width, 3 * width), "heard": (width, width), "inner": (width, inner), "outer": (inner, width)}
    norms = ["norm"]
    for depth in range(DEPTH):
        norms += [f"{depth}/norm", f"{depth}/norm2"]
        for name, size in products.items():
            found |= {f"{depth}/{name}/weight": size, f"{depth}/{name}/scale": size[1:]}
            found[f"{depth}/{name}/bias"] = size[1:]
    found |= {f"{name}/{what}": (width,) for name in norms for what in ("weight", "bias")}
    return {f"encoder/{name}": size for name, size in found.items()}


def network_arrays(tags: Sequence[str]) -> dict[str, Any]:
    """All arrays of a model's file; languages en and tr, kinds PER and LOC."""
    rng = np.random.default_rng(9)
    width, hidden, slot, piece = WIDTH, HIDDEN, SLOT, PIECE
    known = sorted(key(value) for value in ("ada", "turin", "Xxx", "xxx"))
    arrays = {f"keys/{one}": np.array(known, dtype=np.uint32) for one in SLOTS}
    for place in range(len(SLOTS)):
        arrays[f"slots/{place}"] = rng.integers(-100, 100, (len(known) + 1, slot)).astype(np.int8)
        arrays[f"slots/{place}/scale"] = np.full(len(known) + 1, 0.02, dtype=np.float16)
    text = "▁Ada\n▁to\n▁T\nu\nrin\n▁"
    arrays |= {"pieces/text": np.frombuffer(text.encode(), np.uint8), "pieces/scores": -np.arange(1.0, 7.0)}
    arrays |= {"pieces": rng.integers(0, 8, (6, width)).astype(np.uint8)}
    sizes = {
        "lang": (3, width),
        "mix/weight": (len(SLOTS) * slot + 4 * piece, 2 * width),
        "mix/bias": (2 * width,),
        "norm/weight": (width,),
        "norm/bias": (width,),
        "norm2/weight": (width,),
        "norm2/bias": (width,),
        "conv/weight": (3 * width, 2 * width),
        "conv/bias": (2 * width,),
        "top/weight": (2 * hidden + width, width),
        **{
            f"{way}/{part}": size
            for way in ("ahead", "back")
            for part, size in {"in": (width, 4 * hidden), "again": (hidden, 4 * hidden), "bias": (4 * hidden,)}.items()
        },
        "top/bias": (width,),
        "out/weight": (width, len(tags)),
        "out/bias": (len(tags),),
        "trans": (len(tags), len(tags)),
        "pieces/seen": (width, piece),
        **encoder_sizes(width, 20, len(tags), 99),
    }
    arrays |= {name: rng.normal(size=size).astype(np.float16) for name, size in sizes.items()}
    arrays |= {"languages": np.frombuffer(b"en tr", np.uint8), "kinds": np.frombuffer(b"PER LOC", np.uint8)}
    return arrays
