"""Matrix products and normalisation whose rows do not depend on each other, bit for bit.

A BLAS adds in an order that depends on how many rows a matrix has, and on where in it a row stands: OpenBLAS on
processors without AVX-512 does. Products are therefore made in blocks of sixteen rows, which every kernel computes
side by side, in the lanes of its vectors. A word then reads the same alone and in any batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
ROWS = 16  # of a block
NEAR = 8  # blocks whose products are turned round while they are near the processor


def dot(rows: Floats, weight: Floats) -> Floats:
    """[rows, in] times [in, out]."""
    blocks = -(-len(rows) // ROWS)
    if blocks * ROWS == len(rows):
        filled = rows
    else:
        filled = np.zeros((blocks * ROWS, rows.shape[1]), dtype=np.float32)
        filled[: len(rows)] = rows
    out = np.empty((blocks, ROWS, weight.shape[1]), dtype=np.float32)
    columns = filled.reshape(blocks, ROWS, -1).transpose(0, 2, 1)
    for start in range(0, blocks, NEAR):
        # The weights on the left: rows on the left would stand along the kernels' narrow side, a few at a time.
        some = np.matmul(weight.T, columns[start : start + NEAR])
        out[start : start + NEAR] = some.transpose(0, 2, 1)
    return out.reshape(blocks * ROWS, -1)[: len(rows)]


def normal(rows: Floats, weight: Floats, bias: Floats, tiny: float = 1e-5) -> Floats:
    """Layer normalisation of each row; `tiny` is added to its variance."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    out: Floats = centred / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(tiny)) * weight + bias
    return out
