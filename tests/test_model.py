"""The nouns: ids are hashes of content, so different content needs different keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Quantity, object_key


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_two_counts_have_one_key_only_when_they_are_one_number(first, second):
    keys = {object_key(Quantity(float(value), "=", "persons")) for value in (first, first, second)}
    assert len(keys) == len({first, second})


@pytest.mark.parametrize(("value", "key"), [(38.0, "=38 dead"), (1.5, "=1.5 dead"), (1_000_001.0, "=1000001 dead")])
def test_a_count_reads_as_the_source_words_it(value, key):
    assert object_key(Quantity(value, "=", "dead")) == key
