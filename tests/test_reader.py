"""The first reader beside what its definition says, a sentence and a word at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import HIDDEN, WIDTH, network_arrays

from kg.recognise.reader import Reader, lay

TAGS = ["O", *(f"{part}-{kind}" for kind in ("PER", "LOC") for part in "BIES")]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def maxout(x):
    return np.maximum(*np.split(x, 2))


def normal(x, weight, bias):
    return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * weight + bias


def lstm(words, inner, again, bias):
    """Hochreiter and Schmidhuber 1997, with forget gates; the gates stand as PyTorch has them: i, f, g, o."""
    state, cell, out = np.zeros(HIDDEN), np.zeros(HIDDEN), []
    for word in words:
        i, f, g, o = np.split(word @ inner + state @ again + bias, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        state = sigmoid(o) * np.tanh(cell)
        out.append(state)
    return out


def plain(words, lang, w):
    """The scores of one sentence."""
    words = [normal(word + w["lang"][lang], w["norm/weight"], w["norm/bias"]) for word in words]
    zero = np.zeros(WIDTH)
    around = zip([zero, *words[:-1]], words, [*words[1:], zero], strict=True)
    seen = [np.concatenate(three) @ w["conv/weight"] + w["conv/bias"] for three in around]
    near = [normal(a + maxout(b), w["norm2/weight"], w["norm2/bias"]) for a, b in zip(words, seen, strict=True)]
    ahead, back = (
        lstm(way, *(w[f"{name}/{part}"] for part in ("in", "again", "bias")))
        for name, way in (("ahead", near), ("back", near[::-1]))
    )
    both = np.concatenate([ahead, back[::-1], near], axis=1)
    return np.maximum(both @ w["top/weight"] + w["top/bias"], 0) @ w["out/weight"] + w["out/bias"]


@pytest.mark.parametrize("lengths", [[1], [3, 7, 7, 1, 4], [2] * 40])
def test_the_scores_are_those_of_the_definition(lengths):
    arrays = network_arrays(TAGS)
    weights = {name: one.astype(float) for name, one in arrays.items() if one.dtype == np.float16}
    rng = np.random.default_rng(3)
    sentences = [rng.normal(size=(n, WIDTH)).astype(np.float32) for n in lengths]
    langs = [int(one) for one in rng.integers(0, 3, len(lengths))]
    layout = lay(lengths)
    where = [(s, t) for t, n in enumerate(layout.active) for s in layout.order[:n]]
    found = Reader(arrays).scores(np.stack([sentences[s][t] for s, t in where]), [langs[s] for s, _ in where], layout)
    told = [plain(one, lang, weights) for one, lang in zip(sentences, langs, strict=True)]
    assert found == pytest.approx(np.stack([told[s][t] for s, t in where]), rel=1e-3, abs=1e-3)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_every_word_has_a_row_and_knows_its_neighbours(lengths):
    layout = lay(lengths)
    rows = {(s, t): layout.starts[t] + rank for rank, s in enumerate(layout.order) for t in range(lengths[s])}
    assert sorted(rows.values()) == list(range(sum(lengths)))
    nobody = sum(lengths)
    for (s, t), row in rows.items():
        assert layout.before[row] == rows.get((s, t - 1), nobody)
        assert layout.behind[row] == rows.get((s, t + 1), nobody)
        assert layout.turned[row] == rows[s, lengths[s] - 1 - t]
