"""The network's parts: pieces, features, the CRF against counting every way, and that a batch changes nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import network_arrays

from kg.recognise.crf import Tags
from kg.recognise.features import SLOTS, key, shape, values
from kg.recognise.network import LONGEST, Network, Text
from kg.recognise.pieces import Pieces

KINDS = ("PER", "LOC")
TAGS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BIES"))


def follows(one: str | None, two: str | None) -> bool:
    """Whether tag two may stand behind tag one; None: the sentence's border."""
    if one and one[0] in "BI":
        return two is not None and two[0] in "IE" and two[2:] == one[2:]
    return two is None or two[0] in "OBS"


def every_way(scores, steps):
    """(sum of scores, tags) of every allowed row of tags."""
    for row in itertools.product(range(len(TAGS)), repeat=len(scores)):
        named = [None, *(TAGS[tag] for tag in row), None]
        if all(follows(one, two) for one, two in itertools.pairwise(named)):
            total = sum(scores[place, tag] for place, tag in enumerate(row))
            yield total + sum(steps[one, two] for one, two in itertools.pairwise(row)), row


@pytest.mark.parametrize("seed", range(5))
def test_the_best_tags_and_their_likelihood_are_those_of_counting_every_way(seed):
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(len(TAGS), len(TAGS))).astype(np.float32)
    lengths, active = [4, 3, 1], [3, 2, 2, 1]
    each = [rng.normal(scale=2, size=(n, len(TAGS))).astype(np.float32) for n in lengths]
    rows = np.stack([each[s][t] for t, n in enumerate(active) for s in range(n)])
    found = Tags(KINDS, steps).spans(rows, active)
    for scores, spans in zip(each, found, strict=True):
        ways = list(every_way(scores, steps))
        _, best = max(ways)
        weights = np.exp([total for total, _ in ways])
        likely = [
            sum(w for w, (_, row) in zip(weights, ways, strict=True) if row[t] == best[t]) / weights.sum()
            for t in range(len(scores))
        ]
        expected = []
        for t, tag in enumerate(best):
            if TAGS[tag][0] in "BS":
                start = t
            if TAGS[tag][0] in "ES":
                expected.append((start, t + 1, TAGS[tag][2:], pytest.approx(min(likely[start : t + 1]), abs=1e-4)))
        assert spans == expected


def test_a_word_is_cut_where_its_pieces_are_likeliest():
    pieces = Pieces(["▁Baku", "▁Ba", "ku", "▁", "B", "lı"], [-5.0, -4.0, -4.0, -2.0, -6.0, -3.0])
    assert pieces.split("Baku") == [0]
    assert pieces.split("Bakulı") == [0, 5]
    assert pieces.split("Ba") == [1]
    assert pieces.split("☂") == [3]  # the sign itself is in no piece
    assert Pieces([], []).split("Baku") == []


def test_features_that_the_model_was_trained_with():
    names = {"alief": "S", "ilham": "F"}
    assert dict(zip(SLOTS, values("Əliyevə", names), strict=True)) == {
        "lower": "əliyevə",
        "skeleton": "aliefa",
        "stem5": "alief",
        "stem3": "ali",
        "end2": "və",
        "end3": "evə",
        "end4": "yevə",
        "shape": "Xxxxx",
        "names": "S1",
    }
    assert values("—", names)[-1] == "-"
    assert key("əliyevə") == 0xFFFFFFFF & key("əliyevə")


@pytest.mark.parametrize(
    ("word", "expected"), [("USA", "XXX"), ("McDonald", "XxXxxxx"), ("2024", "dddd"), ("\n\n", "  ")]
)
def test_shapes_are_short(word, expected):
    assert shape(word) == expected


@pytest.fixture(scope="module")
def network() -> Network:
    """A small one with weights of chance."""
    return Network(network_arrays(TAGS), {})


WORDS = st.lists(st.sampled_from(["Ada", "came", "to", "Turin", ".", "Ω", "1815", "\n"]), max_size=12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["en", "tr", "", "xx"])), max_size=40))
def test_a_text_reads_the_same_alone_and_among_others(network, texts):
    some = [Text(words, lang, number) for number, (words, lang) in enumerate(texts)]
    assert network.names(some) == [network.names([one])[0] for one in some]


@settings(max_examples=20, deadline=None)
@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_a_document_reads_the_same_alone_and_among_others(network, one, other):
    ours = [Text(words, "en", "ours") for words in one]
    mixed = network.names([*ours, *(Text(words, "tr", "theirs") for words in other)])
    assert mixed[: len(ours)] == network.names(ours)


def test_a_sentence_is_read_again_with_what_its_document_says(network, monkeypatch):
    def nothing_is_a_name(words, likely):
        asked.extend(words)
        return np.where(np.arange(likely.shape[1]) == 0, 1000.0, 0.0) + np.zeros_like(likely)

    asked: list = []
    texts = [Text(["Ada", "came"], "en", "one"), Text(["Turin"], "en", "two")]
    assert all(network.names(texts))
    monkeypatch.setattr("kg.recognise.repeats.heard", nothing_is_a_name)
    assert not any(network.names(texts))
    told = sorted((one.document, one.text, one.lone) for one in asked)
    assert told == [("one", "Ada", True), ("one", "came", False), ("two", "Turin", True)]


def test_only_what_is_doubtful_is_read_by_the_second_reader(network, monkeypatch):
    asked: list = []

    def told(sentences):
        asked.extend(sentences)
        return [np.eye(len(TAGS), dtype=np.float32)[[4] * len(one.words)] * 1000 for one in sentences]  # S-PER

    texts = [Text(["Ada", "came"], "en", 1), Text(["Turin", "Ω", "."], "xx", 2)]
    monkeypatch.setattr(network._encoder, "scores", told)
    monkeypatch.setattr("kg.recognise.doubt.SURE", 0.0)
    before = network.names(texts)
    assert not asked
    monkeypatch.setattr("kg.recognise.doubt.SURE", 1.1)
    after = network.names(texts)
    assert sorted((len(one.words), one.lang) for one in asked) == [(2, 1), (3, 0)]
    assert before != after
    assert [(one.first, one.last, one.kind) for one in after[1]] == [(n, n + 1, "PER") for n in range(3)]


def test_what_the_second_reader_can_not_read_stays_as_it_was(network, monkeypatch):
    texts = [Text(["Ada", "came"], "en", 1)]
    monkeypatch.setattr("kg.recognise.doubt.SURE", 0.0)
    before = network.names(texts)
    monkeypatch.setattr("kg.recognise.doubt.SURE", 1.1)
    monkeypatch.setattr(network._encoder, "scores", lambda some: [None] * len(some))
    assert network.names(texts) == before


def test_the_second_readers_words_are_those_it_was_asked_for(network, monkeypatch):
    monkeypatch.setattr("kg.recognise.doubt.SURE", 1.1)
    monkeypatch.setattr("kg.recognise.doubt.AROUND", 0)
    tags = {"Ada": 4, "came": 0, "Turin": 8}  # S-PER, none, S-LOC
    words = {tuple(network._vectors._pieces.split(word)): word for word in tags}

    def told(sentences):
        return [
            np.stack([np.eye(len(TAGS), dtype=np.float32)[tags[words[tuple(word)]]] * 1000 for word in one.words])
            for one in sentences
        ]

    monkeypatch.setattr(network._encoder, "scores", told)
    one, other = network.names([Text(["Turin", "came"], "en", 1), Text(["Ada", "came", "Turin", "came"], "en", 2)])
    assert [(name.first, name.kind) for name in one] == [(0, "LOC")]
    assert [(name.first, name.kind) for name in other] == [(0, "PER"), (2, "LOC")]


def test_a_text_without_end_is_read_in_parts(network):
    words = ["Ada", "came", "to", "Turin", "."] * LONGEST
    [found] = network.names([Text(words, "en", 0)])
    assert found
    assert max(one.last for one in found) > LONGEST
    assert all(0 <= one.first < one.last <= len(words) and 0 < one.sure <= 1 for one in found)


def test_memory_starts_anew_when_it_is_full(network, monkeypatch):
    texts = [Text(["Ada", "came", "to", "Turin"], "en", 0)]
    before = network.names(texts)
    monkeypatch.setattr("kg.recognise.vectors.KEPT", 3)
    assert network.names([Text(["1815", "Ω"], "en", 1), *texts])[1] == before[0]
