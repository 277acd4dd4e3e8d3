"""Looking up where a mention stands gives what looking at everything gives."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kg.link.lines import Lines, Placed
from kg.model import Entity, Link, Mention, Sentence, Span

spans = st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda pair: Span(pair[0], sum(pair)))
borders = st.lists(st.integers(0, 60), min_size=2, unique=True).map(sorted)


@given(borders, spans)
def test_the_sentence_of_a_span_is_the_one_that_covers_it(cuts, span):
    sentences = [Sentence(Span(a, b), "en") for a, b in pairwise(cuts)]
    covering = [s.span for s in sentences if s.span.covers(span)]
    found = Lines(sentences).at(span)
    assert found in covering if covering else found is None


@given(st.lists(spans), spans)
def test_what_stands_inside_a_span_is_found_by_place(places, around):
    links = [Link(Mention(span, "x", "LOC", "en"), Entity("entity/x", None, "LOC"), 1.0) for span in places]
    expected = sorted(span for span in places if around.covers(span) and span.start < around.end)
    assert [link.mention.span for link in Placed(links).inside(around)] == expected
