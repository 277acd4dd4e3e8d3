"""Where in an article a mention stands: looked up, because an article may have ten thousand sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kg.model import Link, Sentence, Span


class Lines:
    """An article's sentences, which follow each other and never overlap."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sorted(sentences, key=lambda s: s.span)
        self._starts = [s.span.start for s in self._sentences]

    def at(self, span: Span) -> Span | None:
        """The sentence that covers the span; None where it crosses a border or stands in none."""
        place = bisect_right(self._starts, span.start) - 1
        found = self._sentences[place].span if place >= 0 else None
        return found if found and found.covers(span) else None


class Placed:
    """Links by where they stand."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._links = sorted(links, key=lambda link: link.mention.span)
        self._starts = [link.mention.span.start for link in self._links]

    def inside(self, span: Span) -> Iterator[Link]:
        """The links whose mentions the span covers, by place."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return (link for link in self._links[first:last] if span.covers(link.mention.span))
