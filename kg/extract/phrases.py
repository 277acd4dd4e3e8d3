"""The pattern language of the word lists: phrases compiled once, found in one pass over a sentence's words.

A pattern is words; `*` begins or ends a word that may go on, `a/b` are two words for one place, `w?` need not
be written, `...` is up to four words. Finding costs a few dictionary look-ups a word however many there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.errors import DataError
from kg.extract.words import fold

T = TypeVar("T")
_WORD = r"[\w*]+(?:'[а-яіїєґ][\w*]*)*"
_PIECE = re.compile(rf"\.\.\.|{_WORD}(?:/{_WORD})*\??|[^\w\s]")
_MEMORY = 50_000  # words whose patterns are remembered
_GAP = 4  # words that "..." stands for, at most
_STOPS = frozenset(".,;:!?—–()")


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of a pattern."""

    exact: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False

    def fits(self, word: str) -> bool:
        return (
            word in self.exact
            or word.startswith(self.starts)
            or word.endswith(self.ends)
            or any(part in word for part in self.inside)
        )


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    """A compiled pattern and what it stands for."""

    places: tuple[_Place, ...]
    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found: words[start:end]."""

    start: int
    end: int
    item: T


class Phrases(Generic[T]):
    """Patterns, each with what it stands for."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        """Compiles (pattern, item) rows. Raises DataError where a pattern is none."""
        items: defaultdict[str, list[T]] = defaultdict(list)
        for pattern, item in rows:
            items[fold(pattern)].append(item)
        self._exact: dict[str, list[_Entry[T]]] = {}
        self._starts: dict[str, list[_Entry[T]]] = {}
        self._ends: dict[str, list[_Entry[T]]] = {}
        self._inside: dict[str, list[_Entry[T]]] = {}
        for pattern, found in items.items():
            places = _compile(pattern)
            entry = _Entry(places, tuple(found))
            tables = (self._exact, self._starts, self._ends, self._inside)
            first = (places[0].exact, places[0].starts, places[0].ends, places[0].inside)
            for table, keys in zip(tables, first, strict=True):
                for key in keys:
                    table.setdefault(key, []).append(entry)
        self._known: dict[str, tuple[_Entry[T], ...]] = {}  # word -> the patterns that may begin with it
        self._start_lengths = sorted({len(key) for key in self._starts})
        self._end_lengths = sorted({len(key) for key in self._ends})

    def find(self, words: Sequence[str]) -> Iterator[Hit[T]]:
        """Every hit, by its first word; several patterns may begin at one."""
        for start, word in enumerate(words):
            entries = self._known.get(word)
            if entries is None:
                entries = self._remember(word)
            for entry in entries:
                end = _match(entry.places, words, start)
                if end:
                    for item in entry.items:
                        yield Hit(start, end, item)

    def _remember(self, word: str) -> tuple[_Entry[T], ...]:
        if len(self._known) >= _MEMORY:
            self._known.clear()
        entries = tuple(self._candidates(word))
        self._known[word] = entries
        return entries

    def _candidates(self, word: str) -> Iterator[_Entry[T]]:
        yield from self._exact.get(word, ())
        for length in self._start_lengths:
            if length > len(word):
                break
            yield from self._starts.get(word[:length], ())
        for length in self._end_lengths:
            if length >= len(word):  # "*əcək" is an ending: the bare word is another
                break
            yield from self._ends.get(word[-length:], ())
        for part, entries in self._inside.items():
            if part in word:
                yield from entries


def _compile(pattern: str) -> tuple[_Place, ...]:
    places = tuple(_place(piece) for piece in _PIECE.findall(pattern))
    if not places or places[0].gap or places[-1].gap or places[0].optional:
        raise DataError(
            f"The pattern {pattern!r} begins or ends with nothing certain.", "Begin and end it with a word."
        )
    return places


def _place(piece: str) -> _Place:
    if piece == "...":
        return _Place(gap=True)
    optional = piece.endswith("?") and len(piece) > 1
    words = piece.rstrip("?").split("/") if len(piece) > 1 else [piece]

    def stems(test: Callable[[str], bool]) -> tuple[str, ...]:
        return tuple(word.strip("*") for word in words if test(word))

    return _Place(
        exact=frozenset(stems(lambda word: "*" not in word)),
        starts=stems(lambda word: word.endswith("*") and not word.startswith("*")),
        ends=stems(lambda word: word.startswith("*") and not word.endswith("*")),
        inside=stems(lambda word: len(word) > 1 and word.startswith("*") and word.endswith("*")),
        optional=optional,
    )


def _match(places: tuple[_Place, ...], words: Sequence[str], at: int) -> int:
    """Where the pattern ends that begins at `at`; 0: it does not."""
    if not places:
        return at
    place, rest = places[0], places[1:]
    if place.gap:
        return _gap(rest, words, at)
    if at < len(words) and place.fits(words[at]):
        end = _match(rest, words, at + 1)
        if end:
            return end
    return _match(rest, words, at) if place.optional else 0


def _gap(rest: tuple[_Place, ...], words: Sequence[str], at: int) -> int:
    left = _GAP
    while at < len(words):
        end = _match(rest, words, at)
        if end:
            return end
        if words[at] in _STOPS:
            return 0
        left -= words[at][0].isalnum()
        if left < 0:
            return 0
        at += 1
    return 0
