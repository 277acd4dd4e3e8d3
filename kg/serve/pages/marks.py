"""An article's words cut where something begins or ends: paragraphs of sentences of marked and plain stretches."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from kg.model import Skipped, Span

T = TypeVar("T")
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Marked(Generic[T]):
    """Something that stands at a stretch of the text."""

    span: Span
    what: T


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that have everything in common."""

    text: str
    start: int  # code points of the article's text
    trigger: bool  # they tell an event


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Words of one mention, or of none."""

    mention: T | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """A sentence that says something, or what stands between such sentences."""

    sentence: Span | None
    skipped: str  # why this is no news; "" if it is
    stretches: tuple[Stretch[T], ...]


Block = tuple[Line[T], ...]


def blocks(
    text: str,
    skipped: Sequence[Skipped],
    sentences: Iterable[Span],
    mentions: Iterable[Marked[T]],
    triggers: Iterable[Span],
) -> list[Block[T]]:
    """The paragraphs of a text, empty ones left out. Where spans of one kind overlap, the first and longest counts."""
    layers = _Layers(
        _Cover((s.span, s.reason) for s in skipped),
        _Cover((span, span) for span in sentences),
        _Cover((mark.span, mark.what) for mark in mentions),
        _Cover((span, True) for span in triggers),
    )
    cuts = sorted({cut for cover in layers.all for cut in cover.cuts})
    found = (tuple(_lines(text, Span(*m.span()), cuts, layers)) for m in _PARAGRAPH.finditer(text) if m[0].strip())
    return list(found)


class _Cover(Generic[T]):
    """Which of some spans covers a place."""

    def __init__(self, spans: Iterable[tuple[Span, T]]) -> None:
        self._spans: list[Span] = []
        self._whats: list[T] = []
        for span, what in sorted(spans, key=lambda one: (one[0].start, -one[0].end)):
            if not self._spans or span.start >= self._spans[-1].end:
                self._spans.append(span)
                self._whats.append(what)
        self._starts = [span.start for span in self._spans]

    @property
    def cuts(self) -> Iterator[int]:
        for span in self._spans:
            yield from (span.start, span.end)

    def at(self, place: int) -> T | None:
        index = bisect_right(self._starts, place) - 1
        return self._whats[index] if index >= 0 and place < self._spans[index].end else None


@dataclass(frozen=True, slots=True)
class _Layers(Generic[T]):
    skipped: _Cover[str]
    sentences: _Cover[Span]
    mentions: _Cover[T]
    triggers: _Cover[bool]

    @property
    def all(self) -> tuple[_Cover[str], _Cover[Span], _Cover[T], _Cover[bool]]:
        return self.skipped, self.sentences, self.mentions, self.triggers


def _lines(text: str, paragraph: Span, cuts: Sequence[int], layers: _Layers[T]) -> Iterator[Line[T]]:
    pieces = list(_pieces(text, paragraph, cuts, layers.triggers))
    for (sentence, skipped), group in groupby(
        pieces, key=lambda piece: (layers.sentences.at(piece.start), layers.skipped.at(piece.start) or "")
    ):
        stretches = []
        for mention, inner in groupby(group, key=lambda piece: layers.mentions.at(piece.start)):
            stretches.append(Stretch(mention, tuple(inner)))
        yield Line(sentence, skipped, tuple(stretches))


def _pieces(text: str, paragraph: Span, cuts: Sequence[int], triggers: _Cover[bool]) -> Iterator[Piece]:
    inside = cuts[bisect_right(cuts, paragraph.start) : bisect_right(cuts, paragraph.end - 1)]
    edges = [paragraph.start, *inside, paragraph.end]
    for start, end in pairwise(edges):
        if start < end:
            yield Piece(text[start:end], start, bool(triggers.at(start)))
