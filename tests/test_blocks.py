"""Rows do not depend on each other, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.recognise import blocks
from kg.recognise.blocks import ROWS, dot, normal, rows_of_a_block


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 100), st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_a_row_is_the_same_at_any_place_among_any_others(count, size, out, seed):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, size)).astype(np.float32)
    weight = rng.normal(size=(size, out)).astype(np.float32)
    place = int(rng.integers(count))
    together = dot(rows, weight)
    assert np.array_equal(together[place], dot(rows[place : place + 1], weight)[0])
    assert together == pytest.approx(rows.astype(float) @ weight, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize(("size", "out"), [(384, 1152), (1536, 384), (768, 17)])
def test_so_it_is_with_matrices_of_the_models_sizes(size, out):
    rng = np.random.default_rng(size)
    row, weight = rng.normal(size=size).astype(np.float32), rng.normal(size=(size, out)).astype(np.float32)
    many = dot(np.tile(row, (5 * ROWS + 3, 1)), np.asfortranarray(weight))
    assert (many == many[0]).all()
    assert np.array_equal(many[0], dot(row[None], np.asfortranarray(weight))[0])


@pytest.mark.parametrize(
    ("kernels", "rows"),
    [(["SkylakeX"], 64), (["SkylakeX", "Haswell"], 16), (["neoversen1"], 16), ([None], 16), ([], 16)],
)
def test_blocks_are_as_great_as_every_kernel_at_work_allows(kernels, rows, monkeypatch):
    found = [{"user_api": "openmp"}, *({"user_api": "blas", "architecture": one} for one in kernels)]
    monkeypatch.setattr(blocks, "threadpool_info", lambda: found)
    assert rows_of_a_block() == rows


def test_a_normal_row_has_no_mean_and_a_spread_of_one():
    rows = np.random.default_rng(1).normal(3, 2, size=(4, 500)).astype(np.float32)
    found = normal(rows, np.ones(500, dtype=np.float32), np.zeros(500, dtype=np.float32))
    assert found.mean(axis=1) == pytest.approx([0] * 4, abs=1e-5)
    assert found.std(axis=1) == pytest.approx([1] * 4, abs=1e-4)
    assert normal(np.ones((1, 3), dtype=np.float32), np.ones(3), np.ones(3)).tolist() == [[1, 1, 1]]
