"""The second reader: against the formulas written plainly, one sentence at a time, and that a batch changes nothing."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import DEPTH, encoder_sizes

from kg.recognise.encoder import HEADS, Encoder, Sentence
from kg.recognise.pieces import Vectors

WIDTH, TAGS, PLACES = 24, 5, 30


@pytest.fixture(scope="module")
def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    sizes = encoder_sizes(WIDTH, 40, TAGS, PLACES)
    made = {name: rng.normal(scale=0.5, size=size).astype(np.float16) for name, size in sizes.items()}
    return made | {"pieces": rng.integers(0, 8, (9, WIDTH)).astype(np.uint8)}


@pytest.fixture(scope="module")
def encoder(arrays) -> Encoder:
    return Encoder(arrays, Vectors(arrays["pieces"]))


def plainly(arrays, sentence: Sentence) -> np.ndarray:
    """Scores [words, tags] in double precision, as the papers write it."""
    a = {name.removeprefix("encoder/"): one.astype(float) for name, one in arrays.items()}

    def norm(x, name):
        spread = x.std(axis=-1, keepdims=True)
        return (x - x.mean(axis=-1, keepdims=True)) / spread * a[f"{name}/weight"] + a[f"{name}/bias"]

    def product(x, name):
        return x @ (a[f"{name}/weight"] * a[f"{name}/scale"]) + a[f"{name}/bias"]

    rows, ends = [a["lang"][sentence.lang]], []
    for word in sentence.words:
        first = len(rows)
        rows += [Vectors.LEVELS[arrays["pieces"][one]] @ a["basis"] + a["mean"] for one in word] or [a["unknown"]]
        ends.append((first, len(rows) - 1))
    x = norm(np.stack(rows) + a["where"][: len(rows)], "norm")
    for depth in range(DEPTH):
        query, key, value = np.split(product(x, f"{depth}/seen"), 3, axis=1)
        heads = []
        for one in np.split(np.arange(WIDTH), HEADS):
            weight = np.exp(query[:, one] @ key[:, one].T)
            heads.append(weight / weight.sum(axis=1, keepdims=True) @ value[:, one])
        x = norm(x + product(np.concatenate(heads, axis=1), f"{depth}/heard"), f"{depth}/norm")
        inner = product(x, f"{depth}/inner")
        inner = inner / 2 * (1 + np.tanh(sqrt(2 / pi) * (inner + 0.044715 * inner**3)))
        x = norm(x + product(inner, f"{depth}/outer"), f"{depth}/norm2")
    both = np.stack([np.concatenate([x[first], x[last]]) for first, last in ends])
    return both @ a["out/weight"] + a["out/bias"]


WORDS = st.lists(st.lists(st.integers(0, 8), max_size=3), min_size=1, max_size=8)
SENTENCES = st.builds(Sentence, WORDS, st.integers(0, 2))


@settings(max_examples=30, deadline=None)
@given(sentence=SENTENCES)
def test_it_computes_what_the_formulas_say(arrays, encoder, sentence):
    [found] = encoder.scores([sentence])
    assert found == pytest.approx(plainly(arrays, sentence), rel=1e-3, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(sentences=st.lists(SENTENCES, max_size=30))
def test_a_sentence_reads_the_same_alone_and_among_others_bit_for_bit(encoder, sentences):
    together = encoder.scores(sentences)
    alone = [encoder.scores([one])[0] for one in sentences]
    assert all(np.array_equal(one, two) for one, two in zip(together, alone, strict=True))


def test_what_is_too_long_is_not_read_and_the_rest_is(encoder, monkeypatch):
    monkeypatch.setattr("kg.recognise.encoder.TOGETHER", 40)
    some = [Sentence([[1]] * PLACES, 0), *(Sentence([[1], [], [2, 3]], n % 3) for n in range(40)), Sentence([], 0)]
    found = encoder.scores(some)
    assert found[0] is None
    assert found[-1] is None
    assert {one.shape for one in found[1:-1]} == {(3, TAGS)}
    assert encoder.scores([]) == []
