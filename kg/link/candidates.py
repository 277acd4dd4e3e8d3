"""Which items a name may be: by its key, by its sound, by its last word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from kg import names
from kg.link.base import Base, Item, agreement
from kg.model import Kind, Language

MAX_EXACT, MAX_SIMILAR, MAX_SURNAME = 12, 8, 6
# A form that only fits after an ending is cut off is a little less sure than the word as it stands.
STRIPPED = 0.97
# Sound alone collides: what it finds is weighed by letters too, and stands back where the very name is known.
MIN_SIMILARITY, BESIDE_EXACT = 0.66, 0.85
# Where the very name is that of something known, no other spelling is looked for.
KNOWN = 0.15
# A brand is often a common word: its name alone says half as much.
BRAND = 0.5


class Finder:
    """Candidates of a name from one knowledge base; what it once found it remembers."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._rows = lru_cache(maxsize=50_000)(self._find_rows)

    def items(self, name: str, kind: Kind, language: Language) -> tuple[Item, ...]:
        """Items that the name may be, each with name similarity, prominence and kind agreement."""
        return tuple(self._item(row, similarity, kind) for row, similarity in self._rows(name, language))

    def _item(self, row: int, similarity: float, kind: Kind) -> Item:
        agreed = agreement(kind, self._base.kind(row)) * (BRAND if "brand" in self._base.flags(row) else 1.0)
        return Item(row, similarity, self._base.prior(row), agreed)

    def _find_rows(self, name: str, language: Language) -> tuple[tuple[int, float], ...]:
        bases = names.bases(name, language)
        found: dict[int, float] = {}
        for place, base in enumerate(bases):
            code = language.code if base.isupper() else None
            for key in names.keys(base, language.code):
                for row in self._base.exact(key, code)[:MAX_EXACT]:
                    found.setdefault(row, 1.0 if place == 0 else STRIPPED)
        if any(self._base.prior(row) >= KNOWN for row in found):
            return tuple(found.items())
        weight = BESIDE_EXACT if found else STRIPPED
        for row in self._by_sound(bases[:6], language):
            if row not in found:
                others = self._base.names(row)
                similarity = max(best(names.key(base, language.code), others) for base in bases[:6])
                if similarity >= MIN_SIMILARITY:
                    found[row] = similarity * weight
        return tuple(found.items())

    def _by_sound(self, bases: Sequence[str], language: Language) -> Iterable[int]:
        rows: dict[int, None] = {}
        for base in bases:
            sound = names.skeleton(base, language.code)
            rows.update(dict.fromkeys(self._base.similar(sound, MAX_SIMILAR)))
            if len(base.split()) == 1:
                rows.update(dict.fromkeys(self._base.surname(base, MAX_SURNAME)))
        return rows


def best(key: str, others: Iterable[str]) -> float:
    """The similarity of a name's key to the nearest of other names, 0..1: by words and sounds, times by letters."""
    return max((_similarity(key, other) for other in others), default=0.0)


def _similarity(key: str, other: str) -> float:
    by_words = names.similarity(key, other)
    if by_words < MIN_SIMILARITY or len(key.split()) != len(other.split()):
        return by_words
    letters = Levenshtein.normalized_similarity(key, names.key(other))
    return by_words * (0.5 + letters / 2)
