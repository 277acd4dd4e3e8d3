"""What the arrays of a small second reader are called, and their sizes."""

from __future__ import annotations

DEPTH = 2


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
