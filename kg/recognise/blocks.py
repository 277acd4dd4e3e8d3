"""Matrix products and normalisation whose rows do not depend on each other, bit for bit.

A BLAS adds in an order that depends on how many rows a matrix has, and on where in it a row stands: OpenBLAS's kernels
for Haswell and Zen do. Products are therefore made in blocks of as many rows as every kernel, or the one that runs,
computes side by side, in the lanes of its vectors. A word then reads the same alone and in any batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

Floats = NDArray[np.float32]
FEW = 16  # rows of a block that no kernel tells apart: measured for all of OpenBLAS's for x86-64
# Kernels that do not tell 64 rows apart either (names of `threadpoolctl`), 1.4 times as fast.
_MORE = frozenset({"SkylakeX", "Sandybridge", "Nehalem"})
NEAR = 128  # rows whose products are turned round while they are near the processor


def rows_of_a_block() -> int:
    """FEW, or more where the kernel of every BLAS in this process is known to allow it."""
    kernels = {one.get("architecture") for one in threadpool_info() if one.get("user_api") == "blas"}
    return 4 * FEW if kernels and kernels <= _MORE else FEW


ROWS = rows_of_a_block()


def dot(rows: Floats, weight: Floats) -> Floats:
    """[rows, in] times [in, out]."""
    out = np.empty((-(-len(rows) // ROWS), ROWS, weight.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), NEAR):
        some = _filled(rows[start : start + NEAR])
        # The weights on the left: rows on the left would stand along the kernels' narrow side, a few at a time.
        turned = np.matmul(weight.T, some.transpose(0, 2, 1))
        out[start // ROWS : start // ROWS + len(turned)] = turned.transpose(0, 2, 1)
    return out.reshape(-1, weight.shape[1])[: len(rows)]


def _filled(rows: Floats) -> Floats:
    """[blocks, ROWS, in]; where rows are missing in the last block, they are zero."""
    if missing := -len(rows) % ROWS:
        rows = np.concatenate([rows, np.zeros((missing, rows.shape[1]), dtype=np.float32)])
    return rows.reshape(-1, ROWS, rows.shape[1])


def normal(rows: Floats, weight: Floats, bias: Floats, tiny: float = 1e-5) -> Floats:
    """Layer normalisation of each row; `tiny` is added to its variance."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    out: Floats = centred / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(tiny)) * weight + bias
    return out


def widest(mixed: Floats) -> Floats:
    """Maxout of two: the greater of the first half of each row and the second (Goodfellow et al. 2013)."""
    half = mixed.shape[1] // 2
    out: Floats = np.maximum(mixed[:, :half], mixed[:, half:])
    return out
