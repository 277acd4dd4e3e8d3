"""Words around doubtful ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.recognise import doubt
from kg.recognise.doubt import AROUND, SURE, Passage, passages


def table(sentences: list[list[float]]) -> tuple[np.ndarray, list[int], list[int]]:
    """Sentences side by side, longest first."""
    longest = max(len(one) for one in sentences)
    active = [sum(len(one) > t for one in sentences) for t in range(longest)]
    starts = [0, *np.cumsum(active)[:-1].tolist()]
    return np.array([one[t] for t in range(longest) for one in sentences if len(one) > t]), starts, active


def test_words_around_doubtful_ones_and_what_touches_is_one(monkeypatch):
    monkeypatch.setattr(doubt, "AROUND", 1)
    sentences = [[1, 1, 0.1, 1, 1, 0.2, 1, 1, 1, 0.3], [1, 1, 1, 1], [0.5, 1, 1]]
    assert list(passages(*table(sentences))) == [Passage(0, 1, 7), Passage(0, 8, 10), Passage(2, 0, 2)]


def test_nothing_is_read_again_where_all_is_sure():
    assert not list(passages(*table([[1.0, SURE], [0.99]])))


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=60), min_size=1, max_size=8))
def test_every_doubtful_word_is_in_one_passage_of_its_sentence(sentences):
    sentences = sorted(sentences, key=len, reverse=True)
    found = list(passages(*table(sentences)))
    for number, sentence in enumerate(sentences):
        ours = [range(one.first, one.last) for one in found if one.sentence == number]
        read = [place for one in ours for place in one]
        near = {
            place
            for place in range(len(sentence))
            if any(sure < SURE for sure in sentence[max(place - AROUND, 0) : place + AROUND + 1])
        }
        assert read == sorted(near)
        assert all(one.stop < other.start for one, other in pairwise(ours))
