"""Which items a name may be: by its key, by a shorter form of it, by its sound, by its last word, by its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from rapidfuzz.distance import Levenshtein

from kg import names
from kg.link import shorter
from kg.link.base import Base
from kg.model import Kind, Language

How = Literal["name", "sound", "surname", "part"]
MAX_EXACT, MAX_SIMILAR, MAX_SURNAME, MAX_BEARERS, MAX_PART = 12, 8, 6, 48, 12
# A form that only fits after an ending or a word is cut off is a little less sure than the name as it stands.
STRIPPED = 0.97
# Sound alone collides: what it finds is weighed by letters too, and stands back where the very name is known.
MIN_SIMILARITY, BESIDE_EXACT = 0.66, 0.85
MIN_BEARER = 0.85  # a given name that agrees: James Comey for J. Comey
# Where the very name is that of something known, no other spelling is looked for.
KNOWN = 0.15
_BASES, _PREFIXES, _PLACES, _CODE = 6, 240, 2, 2


@dataclass(frozen=True, slots=True)
class Found:
    """A row that a name may stand for, and how it was found."""

    row: int
    similarity: float  # of the name and the nearest of the row's names, 0..1
    how: How
    key: str  # of the name's form that found it


class Finder:
    """Candidates of a name from one knowledge base; what it once found it remembers."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self.rows = lru_cache(maxsize=50_000)(self._rows)
        self.part = lru_cache(maxsize=10_000)(self._part)

    def _rows(self, name: str, person: bool, language: Language) -> tuple[Found, ...]:
        """Rows that the name may be by its letters and sounds, those of its very form first."""
        found: dict[int, Found] = {}
        for place, form in enumerate(shorter.forms(name, language)):
            self._exact(found, form, language, 1.0 if place == 0 else STRIPPED)
            if any(self._base.prior(row) >= KNOWN for row in found):
                return tuple(found.values())
        if person:
            for one in self._bearers(name, language):
                found.setdefault(one.row, one)
        weight = BESIDE_EXACT if found else STRIPPED
        form = shorter.forms(name, language)[-1]
        bases = names.bases(form, language)[:_BASES]
        keys = [names.key(base, language.code) for base in bases]
        for row, how in self._by_sound(bases, language).items():
            if row not in found:
                others = self._base.names(row)
                similarity, key = max((best(key, others), key) for key in keys)
                if similarity >= MIN_SIMILARITY:
                    found[row] = Found(row, similarity * weight, how, key)
        return tuple(found.values())

    def _exact(self, found: dict[int, Found], form: str, language: Language, sure: float) -> None:
        for place, base in enumerate(names.bases(form, language)):
            code = language.code if base.isupper() else None
            # Two capitals of another script are no code by their sound: УК is a Russian book of laws, not the UK.
            foreign = code is not None and len(base) <= _CODE and not base.isascii()
            for key in names.keys(base, language.code):
                for row in self._base.exact(key, code)[:MAX_EXACT]:
                    if row not in found and not (foreign and base not in self._own_names(row, language.code)):
                        found[row] = Found(row, sure * (1.0 if place == 0 else STRIPPED), "name", key)

    def _own_names(self, row: int, lang: str) -> tuple[str, ...]:
        record = self._base.record(row)
        return (record.labels.get(lang, ""), *record.aliases.get(lang, ()))

    def _bearers(self, name: str, language: Language) -> Iterator[Found]:
        """People of this surname whose given name agrees with what is said of it: S. Waugh, Martin Ginsburg."""
        words = shorter.forms(name, language)[-1].replace(".", ". ").split()
        if len(words) < 2:
            return
        for base in names.bases(words[-1], language)[:_BASES]:
            for row in self._base.surname(base, MAX_BEARERS):
                full = names.key(" ".join([*words[:-1], base]), language.code)
                similarity = best(full, self._base.names(row))
                if similarity >= MIN_BEARER:
                    yield Found(row, similarity, "sound", full)

    def _by_sound(self, bases: Sequence[str], language: Language) -> Mapping[int, How]:
        rows: dict[int, How] = {}
        for base in bases:
            sound = names.skeleton(base, language.code)
            for row in self._base.similar(sound, MAX_SIMILAR):
                rows.setdefault(row, "sound")
            if len(base.split()) == 1:
                for row in self._base.surname(base, MAX_SURNAME):
                    rows.setdefault(row, "surname")
        return rows

    def _part(self, name: str, kind: Kind, language: Language) -> tuple[Found, ...]:
        """Organisations whose names begin with this one or with the place it names: teams, parliaments, universities.

        "Boston" may stand for the Boston Red Sox, "Αγγλία" for the England national football team.
        """
        if kind not in {"LOC", "ORG"}:
            return ()
        keys: dict[str, None] = {}
        places = 0
        for one in self.rows(name, False, language):  # noqa: FBT003
            if one.how == "name" and self._base.kind(one.row) == "LOC" and places < _PLACES:
                places += 1
                label = self._base.record(one.row).labels.get("en")
                keys.update(dict.fromkeys([one.key, *([names.key(label, "en")] if label else [])]))
        if not places:
            keys[names.key(shorter.forms(name, language)[-1], language.code)] = None
        rows: dict[int, str] = {}
        for key in filter(None, keys):
            for full in islice(self._base.starting(f"{key} "), _PREFIXES):
                for row in self._base.exact(full)[:2]:
                    if self._base.kind(row) == "ORG":
                        rows.setdefault(row, key)
        ranked = sorted(rows, key=lambda row: (-self._base.prior(row), row))[: MAX_PART * 4]
        return tuple(Found(row, MIN_SIMILARITY, "part", rows[row]) for row in ranked)


def best(key: str, others: Iterable[str]) -> float:
    """The similarity of a name's key to the nearest of other names, 0..1: by words and sounds, times by letters."""
    return max((_similarity(key, other) for other in others), default=0.0)


def _similarity(key: str, other: str) -> float:
    by_words = names.similarity(key, other)
    if by_words < MIN_SIMILARITY or len(key.split()) != len(other.split()):
        return by_words
    letters = Levenshtein.normalized_similarity(key, names.key(other))
    return by_words * (0.5 + letters / 2)
