"""Time expressions -> EDTF values.

    words.py     a language's words and the types of tokens          scan.py      text -> tokens
    grammar.py   ontology/time/*.toml -> rules over types            dates.py     days, weeks, months, years
    readers.py   what a rule that matched means                      resolve.py   one sentence after the other
    anchor.py    when a text was written that does not say so

What is read: dates in any order and inflection, months, years, weekdays, "yesterday", "last month", "six years
ago", seasons, decades, quarters, holidays that keep their day, parts of months and years, ranges; "since" and
"until" make open intervals, "the next day" counts from the time that the text told last. Where the words leave
the year or the week open, news conventions decide: the nearest past day, unless the clause speaks of the future.

Without `Document.published` the day of writing is inferred (anchor.py says how): such values carry EDTF's "?"
and 0.6 of their rule's score, weekdays shrink to the month if that is known, or are left out.

Lengths ("six months") are times only where they are anchored: "the past six months", "three months from
November 1", "ending a silence of six months" (which ends at the time told last). Others are read, so that nothing
else misreads them, but not handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.model import Document, Sentence, Span, When
from kg.when.anchor import anchor_of
from kg.when.resolve import Reading, Walk

__all__ = ["Reading", "dated", "readings", "times", "undated"]


def times(document: Document, sentences: Sequence[Sentence]) -> tuple[When, ...]:
    """The time expressions of the sentences, sorted by span, none overlapping.

    A language that ontology/time/ has no file for gives its numeric dates only. DataError if a file of
    ontology/time/ breaks its format.
    """
    return dated(document, readings(document, sentences))


def dated(document: Document, found: Iterable[Reading]) -> tuple[When, ...]:
    """Those readings that are times, with their value."""
    return tuple(
        When(reading.span, reading.span.of(document.text), reading.value or "", reading.score, reading.rule.id)
        for reading in found
        if reading.is_time
    )


def undated(found: Iterable[Reading]) -> tuple[Span, ...]:
    """Where the words name a time, but nobody can tell which: "Dec. 26" of no known year."""
    return tuple(reading.span for reading in found if reading.rule.report and reading.value is None)


def readings(document: Document, sentences: Sequence[Sentence], given: Sequence[Span] = ()) -> list[Reading]:
    """All that is understood, lengths and "now" too, sorted by span.

    `given`: stretches that somebody else says are times, so that "2010" alone is a year.
    """
    walk = Walk(document, anchor_of(document, sentences))
    found = (
        reading
        for sentence in sorted(sentences, key=lambda sentence: sentence.span)
        for reading in walk.sentence(sentence, [span for span in given if sentence.span.covers(span)])
    )
    return sorted(found, key=lambda reading: reading.span)
