"""How alike two names are by their letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from kg.names.reading import CACHED, key, sounds, tables

# (distance of two words, likeness), joined by straight lines. Measured on 11,000 pairs of differently spelt words of
# one item's labels, against 11,700 pairs of different names picked for looking alike: within .23 lie 70% of the one
# and 3% of the other, within .45 92% and 50%, within .6 nearly all of both.
_CURVE = ((0.0, 0.97), (0.23, 0.85), (0.45, 0.35), (0.6, 0.0))
_ALIKE = 0.85  # from here on two words are likely one name
_INITIAL = 0.9  # V. for Vladimir
_SURNAME = 2.0  # weight of a last word; another has 1
_LIGHT = 0.3  # weight of de, van, al
_MISSING = 0.95  # for each word that only the longer name has: a middle name, a patronymic
_NO_LAST = 0.85  # if that is its last word: "Ministry of Foreign Affairs of Georgia"
_ALONE = (0.82, 0.62)  # one word against the last word of several, against another of them
_ROMAN = re.compile("[ivx]+")  # Pius VI is not Pius VII
_VOWELS = str.maketrans("", "", "a")


def similarity(a: str, b: str) -> float:
    """How likely two names are of one bearer by their letters alone: 0..1, symmetric, 1 for equal keys.

    Words may stand in any order, an initial meets its name, a missing middle name costs little. The surname (the last
    word of either) weighs most, but a given name that contradicts ruins the score: Ilham Aliyev is not Heydar Aliyev.
    From .85 on two names are likely one.
    """
    left, right = sorted((key(a), key(b)))
    return _similarity(left, right)


@lru_cache(CACHED)
def _similarity(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    short, long = sorted((a.split(), b.split()), key=len)
    if len(short) == 1 < len(long):
        return _alone(short[0], long)
    return _aligned(short, long)


def _alone(word: str, words: Sequence[str]) -> float:
    """One word against several: mostly a surname, or the first word of a place."""
    last = _ALONE[0] * _words(word, words[-1])
    return max(last, _ALONE[1] * max(_words(word, other) for other in words[:-1]))


def _aligned(short: Sequence[str], long: Sequence[str]) -> float:
    """The best pairs first, then what the pairs are worth together, less what stands alone."""
    ranked = sorted(((_words(a, b), i, j) for i, a in enumerate(short) for j, b in enumerate(long)), reverse=True)
    open_short, open_long = set(range(len(short))), set(range(len(long)))
    total = weight = 0.0
    worst = 1.0
    for likeness, i, j in ranked:
        if i not in open_short or j not in open_long:
            continue
        open_short.remove(i)
        open_long.remove(j)
        share = _share(short[i], last=i == len(short) - 1 or j == len(long) - 1)
        total += share * likeness
        weight += share
        if share > _LIGHT:
            worst = min(worst, likeness)
    lone = sum(long[j] not in _light() for j in open_long)
    missing = _MISSING**lone * (_NO_LAST if len(long) - 1 in open_long else 1.0)
    return total / weight * (0.55 + 0.45 * min(1.0, worst / _ALIKE)) * missing


def _share(word: str, *, last: bool) -> float:
    if word in _light():
        return _LIGHT
    return _SURNAME if last else 1.0


@cache
def _light() -> frozenset[str]:
    return frozenset(tables()["similarity"]["light"].split())


@lru_cache(CACHED)
def _words(a: str, b: str) -> float:
    """How likely two romanised words are one name, 0..1."""
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        return _INITIAL if a[0] == b[0] else 0.0
    if _tells(a) or _tells(b):
        return 0.0
    heard, other = sounds(a).translate(_VOWELS), sounds(b).translate(_VOWELS)
    consonants = Levenshtein.distance(heard, other) / max(len(heard), len(other), 1)
    return _likeness((consonants + Levenshtein.normalized_distance(a, b)) / 2)


def _likeness(distance: float) -> float:
    for (near, high), (far, low) in pairwise(_CURVE):
        if distance <= far:
            return high - (high - low) * (distance - near) / (far - near)
    return 0.0


def _tells(word: str) -> bool:
    """Whether a word must be met exactly: a number, Roman or not."""
    return not word.isalpha() or _ROMAN.fullmatch(word) is not None
