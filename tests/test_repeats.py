"""What a document says of a word elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.recognise.repeats import Word, heard


def words_of(*pairs):
    return [Word(document, text, lone=True) for document, text in pairs]


CLEAR, UNCLEAR, OTHER = [0.02, 0.96, 0.02], [0.5, 0.3, 0.2], [0.02, 0.02, 0.96]


def test_an_unclear_name_hears_the_clear_one_and_its_inflected_form():
    words = words_of((1, "Orlova"), (1, "řekl"), (1, "Orlovu"))
    added = heard(words, np.array([CLEAR, UNCLEAR, UNCLEAR]))
    assert added[2].argmax() == 1
    assert not added[1].any()


def test_what_stands_once_or_in_another_document_or_small_hears_nothing():
    words = words_of((1, "Quill"), (2, "Quill"), (1, "orlo"), (1, "orlo"), (1, "A"), (1, "A"))
    assert not heard(words, np.array([CLEAR, UNCLEAR] * 3)).any()


def test_the_sure_ones_are_heard_most():
    words = words_of((1, "Vesna")) * 3
    added = heard(words, np.array([UNCLEAR, CLEAR, [0.4, 0.2, 0.4]]))
    assert added[0].argmax() == 1
    assert heard([*words, words[0]], np.array([UNCLEAR, CLEAR, OTHER, OTHER]))[0].argmax() == 2


def test_that_a_word_is_no_name_elsewhere_says_nothing_against_a_name():
    added = heard(words_of((1, "Bahn")) * 3, np.array([[0.4, 0.5, 0.1], [0.98, 0.01, 0.01], [0.98, 0.01, 0.01]]))
    assert added[0][0] <= added[0][1:].max()


def test_a_name_of_several_words_says_itself_what_it_is():
    words = [Word(1, "Georgia", lone=True), Word(1, "Georgia", lone=False)]
    added = heard(words, np.array([CLEAR, OTHER]))
    assert added[0].any()
    assert not added[1].any()


@pytest.mark.parametrize("size", [0, 1])
def test_little_is_no_error(size):
    assert heard(words_of((1, "Vesna")) * size, np.array([CLEAR] * size).reshape(size, 3)).shape == (size, 3)


ROWS = st.lists(st.sampled_from(["Ada", "Adam", "Turin", "to"]), max_size=9)


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_other_documents_change_no_bit(one, other, rng):
    ours = words_of(*(("ours", word) for word in one))
    both = [*ours, *words_of(*(("theirs", word) for word in other))]
    likely = np.array([[rng.random() for _ in range(3)] for _ in both]).reshape(-1, 3)
    alone = heard(ours, likely[: len(ours)])
    assert (heard(both, likely)[: len(ours)] == alone).all()
    assert (alone <= 0.1).all()
