"""One document's times, sentence by sentence: what the rules find, read in the light of what was read before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.edtf import is_valid, qualify, strip_qualifier
from kg.model import Document, Sentence, Span
from kg.when.context import Context, Grain, NoAnchor
from kg.when.grammar import Grammar, Match, Rule, grammar
from kg.when.readers import READERS
from kg.when.words import Token, Value

_FORGET = 4  # sentences after which "the next day" no longer means the day after the time told last
_ELSEWHEN = timedelta(days=1100)  # farther than any rule looks for the year of a date told without one
_UNSURE = 0.6  # times a rule's score, where the day of publication is a guess
_QUOTE = re.compile(r"“[^“”]{1,1500}”|„[^„“”]{1,1500}[“”]|«[^«»]{1,1500}»|\"[^\"\n]{1,1500}\"")
_SPEAKS = frozenset(("unit", "weekday", "day", "date", "month"))  # readers that tell when somebody spoke
_NO_STORY = frozenset(("now", "vague", "vague_span", "since", "until", "thereafter", "period_until", "hence"))
_RANGES = frozenset(("days", "years", "span", "range"))
_LENGTHS = {4: "of_year", 7: "of_month", 10: "of_day"}  # characters of an EDTF value


@dataclass(frozen=True, slots=True)
class Reading:
    """A time expression as understood; not all are times of events."""

    span: Span
    value: str | None  # EDTF; a period of ISO 8601 ("P6M") for a mere length; None: the day of publication is needed
    score: float  # 0..1
    rule: Rule
    slots: tuple[tuple[str, Value], ...] = ()
    future: bool = False  # told in a clause about what is to come

    @property
    def is_time(self) -> bool:
        """Whether an event may take its time from it."""
        return self.rule.report and self.value is not None and self.value[0] != "P"


Chosen = tuple[Match, Reading]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of the day on which the text was written."""

    day: date | None  # the last one possible
    grain: Grain = "day"
    sure: bool = True  # False: inferred


class Walk:
    """Reads a document from its first sentence to its last, and remembers what it needs on the way."""

    def __init__(self, document: Document, anchor: Anchor) -> None:
        self._text = document.text
        self._anchor = anchor
        self._quotes = [match.span() for match in _QUOTE.finditer(document.text)]
        self._story: Reading | None = None  # the time told last
        self._story_at = 0  # its sentence
        self._count = 0
        self._years: dict[int, int] = {}  # month -> the year last told with it

    def sentence(self, sentence: Sentence, given: Sequence[Span] = ()) -> list[Reading]:
        """The times of the next sentence; `given`: stretches that somebody else says are times."""
        self._count += 1
        language = grammar(sentence.lang)
        tokens = language.scanner.tokens(self._text, sentence.span.start, sentence.span.end)
        if not any(token.classes for token in tokens):  # no word of time
            return []
        chosen = self._choose(language, tokens, language.matches(tokens, language.rules))
        readings = self._combine(language, tokens, chosen)
        missed = [span for span in given if not any(span.overlaps(reading.span) for reading in readings)]
        return sorted([*readings, *self._bare(language, tokens, missed)], key=lambda reading: reading.span)

    def _choose(self, language: Grammar, tokens: Sequence[Token], matches: Sequence[Match]) -> list[Chosen]:
        chosen: list[Chosen] = []
        free = 0
        for match in matches:
            if match.start < free:
                continue
            reading = self._read(language, tokens, match)
            if reading is not None:
                chosen.append((match, reading))
                free = match.end
                self._remember(reading)
        return chosen

    def _bare(self, language: Grammar, tokens: Sequence[Token], given: Sequence[Span]) -> Iterator[Reading]:
        """What stretches mean that somebody else says are times, and that no rule found by itself."""
        for span in given:
            inside = [n for n, token in enumerate(tokens) if span.start <= token.start and token.end <= span.end]
            if inside:
                found = language.matches(tokens[: inside[-1] + 1], language.bare)
                yield from (r for _, r in self._choose(language, tokens, [m for m in found if m.start in inside]))

    def _combine(self, language: Grammar, tokens: Sequence[Token], chosen: Sequence[Chosen]) -> list[Reading]:
        """Reads the rows over times; what they take in, they replace."""
        merged = list(_merge(language, tokens, chosen))
        readings = [reading for _, reading in chosen]
        for _, reading in self._choose(language, merged, language.matches(merged, language.combine)):
            inner = [old for old in readings if old.span.overlaps(reading.span)]
            readings = [old for old in readings if old not in inner]
            score = min([reading.score, *(old.score for old in inner)])
            readings.append(replace(reading, score=score, future=any(old.future for old in inner)))
        return sorted(readings, key=lambda reading: reading.span)

    # ---- one match

    def _read(self, language: Grammar, tokens: Sequence[Token], match: Match) -> Reading | None:
        span = Span(tokens[match.start].start, tokens[match.end - 1].end)
        context = self._context(span, "future" in match.slots or _future(language, self._text, tokens, match))
        slots = tuple(match.slots.items())
        try:
            value = _value(match, context)
        except NoAnchor:
            return Reading(span, None, 0.0, match.rule, slots, context.future)
        if value is None:
            return None
        if self._anchor.sure or value[0] == "P" or not self._is_guess(match, context, value):
            return Reading(span, value, match.rule.score, match.rule, slots, context.future)
        return Reading(span, qualify(value, "?"), match.rule.score * _UNSURE, match.rule, slots, context.future)

    def _context(self, span: Span, future: bool) -> Context:
        story = self._story.value if self._story and self._count - self._story_at < _FORGET else None
        scene = story if story and self._in_quote(span) else None
        story = strip_qualifier(story) if story else None
        return Context(self._anchor.day, self._anchor.grain, story, scene, future, self._years)

    def _is_guess(self, match: Match, context: Context, value: str) -> bool:
        """Whether the value rests on the inferred day of publication, or on a time told that does."""
        if self._anchor.day is None:  # nothing is inferred
            return False
        if value != _value(match, replace(context, anchor=self._anchor.day - _ELSEWHEN)):
            return True
        told = self._story.value if self._story else None
        guessed = told is not None and told != strip_qualifier(told)
        return guessed and value != _value(match, replace(context, narrative=None, scene=None))

    def _in_quote(self, span: Span) -> bool:
        """Whether the words stand in a quotation that began after the time told last, by which somebody spoke."""
        story = self._story
        if story is None or story.rule.read not in _SPEAKS:
            return False
        first = bisect_left(self._quotes, (story.span.end, 0))
        last = bisect_left(self._quotes, (span.start + 1, 0))
        return any(span.start < end for _, end in self._quotes[first:last])

    def _remember(self, reading: Reading) -> None:
        slots = dict(reading.slots)
        if not reading.is_time or reading.value is None or reading.rule.read in _NO_STORY:
            return
        self._story, self._story_at = reading, self._count
        if "year" in slots and "month" in slots:
            self._years = {**self._years, int(slots["month"]): int(slots["year"])}


def _value(match: Match, context: Context) -> str | None:
    try:
        value = READERS[match.rule.read](match.slots, context)
    except (ValueError, OverflowError):  # 31 April, the year 0, a million years ago
        return None
    return value if value is None or value[0] == "P" or is_valid(value) else None


def _merge(language: Grammar, tokens: Sequence[Token], chosen: Sequence[Chosen]) -> Iterator[Token]:
    at = 0
    for match, reading in chosen:
        yield from tokens[at : match.start]
        at = match.end
        yield language.time_token(reading.span, _classes(reading))
    yield from tokens[at:]


def _classes(reading: Reading) -> dict[str, Value]:
    value, slots = reading.value, dict(reading.slots)
    if value is None and "month" in slots and not slots.keys() & {"day", "which", "unit_year"}:
        return {"unread": slots["month"]}
    if value is None or value == "PXX":
        return {}
    if value[0] == "P":
        return {"period": value}
    if reading.rule.read in _RANGES:  # "from 3 to 5 May" is not open because it begins with "from"
        return {"range": value}
    return {"time": value, _LENGTHS.get(len(strip_qualifier(value)), "of_other"): value}


def _future(language: Grammar, text: str, tokens: Sequence[Token], match: Match) -> bool:
    """Whether the clause speaks of what is to come: a word of the data near by, with no "said" between."""
    before = range(match.start - 1, max(-1, match.start - 1 - language.future_before), -1)
    after = range(match.end, min(len(tokens), match.end + language.future_after))
    if any("said" in tokens[n].classes for n in before[:2]):  # "said on Monday that they will meet"
        return False
    for window in (before, after):
        for n in window:
            token = tokens[n]
            if "future" in token.classes or language.is_future(text[token.start : token.end]):
                return True
            if "said" in token.classes or token.type in ';:"\n' or (token.type == "," and n not in before[:1]):
                break
    return False
