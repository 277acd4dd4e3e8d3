"""Institutions by their head words: "Ministerul rus al Apărării", "Azərbaycan Prezidentinin Mətbuat xidməti", and
bodies by the place behind them: "Landgericht Hamburg".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg import names
from kg.model import Kind
from kg.ontology.patterns import institutions, seats
from kg.recognise.tokens import Token, matches

SHORT = 3  # letters of a word between a body and its place: de, di, w, v, u
Gap = Callable[[Token], bool]  # whether a token may stand inside a phrase without being written in it


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to name an institution in a language."""

    type: str
    kind: Kind
    words: tuple[str, ...]  # folded; "*" ends a stem


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase met in a sentence: tokens first..last."""

    first: int
    last: int
    phrase: Phrase


def find(tokens: Sequence[Token], lang: str, gap: Gap) -> Iterator[Found]:
    """The longest institution phrase at each token; after one, the search goes on behind it."""
    index = _index(lang)
    position = 0
    while position < len(tokens):
        found = _longest(tokens, position, index.get(tokens[position].folded[:3], ()), gap)
        if found:
            yield found
            position = found.last
        position += 1


def seated(tokens: Sequence[Token], place: int, lang: str) -> int | None:
    """Where a body begins that is named by the place at `place`: "cour d'appel de Lyon", "Landgericht Hamburg"."""
    between = tokens[place - 1].text if place else ""
    ends = (place, place - 1) if len(between) <= SHORT and between.islower() else (place,)
    for words in _seats(lang):
        for end in ends:
            first = end - len(words)
            fits = zip(tokens[max(first, 0) : end], words, strict=False)
            if first >= 0 and all(matches(token.folded, word) for token, word in fits):
                return first
    return None


def _longest(tokens: Sequence[Token], first: int, phrases: Sequence[Phrase], gap: Gap) -> Found | None:
    best: Found | None = None
    for phrase in phrases:
        last = _match(tokens, first, phrase.words, gap)
        if last is not None and (best is None or last > best.last):
            best = Found(first, last, phrase)
    return best


def _match(tokens: Sequence[Token], first: int, words: Sequence[str], gap: Gap) -> int | None:
    if not matches(tokens[first].folded, words[0]):
        return None
    position = first
    for word in words[1:]:
        position += 1
        if position + 1 < len(tokens) and not matches(tokens[position].folded, word) and gap(tokens[position]):
            position += 1
        if position >= len(tokens) or not matches(tokens[position].folded, word):
            return None
    return position


@cache
def _seats(lang: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(_fold(word) for word in words) for words in seats(lang)), key=len, reverse=True))


@cache
def _index(lang: str) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by the first three letters of their first word: acronyms and stems have at least three."""
    index: defaultdict[str, list[Phrase]] = defaultdict(list)
    for row in institutions():
        for words in row.phrases.get(lang, ()):
            folded = tuple(_fold(word) for word in words)
            index[folded[0].rstrip("*")[:3]].append(Phrase(row.type, row.kind, folded))
    return {start: tuple(phrases) for start, phrases in index.items()}


def _fold(word: str) -> str:
    return names.fold(word.rstrip("*")) + ("*" if word.endswith("*") else "")
