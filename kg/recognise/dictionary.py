"""Names that the knowledge base knows, in whatever case they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from kg import names
from kg.model import Kind, Language
from kg.recognise.tokens import Token

MAX_WORDS = 7
# A single word that names only something obscure is more often a word than that thing.
MIN_PRIOR_ONE_WORD = 0.18
MIN_PRIOR_SENTENCE_START = 0.22

# What a kind of the knowledge base is called as a mention; the rest (offices, languages, works) is not named so.
KINDS: dict[str, Kind] = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "EVT": "EVT", "PROD": "PROD", "FAC": "FAC"}


class Known(Protocol):
    """What the recogniser asks of an item's record."""

    @property
    def external(self) -> Mapping[str, str]:
        """Identifiers elsewhere, by scheme."""


class Lexicon(Protocol):
    """What the recogniser asks of a knowledge base."""

    def exact(self, key: str, code: str | None = None) -> Sequence[int]:
        """Rows that have a name with this key, most prominent first; `code`: short codes of that language too."""

    def kind(self, row: int) -> str:
        """The row's kind."""

    def prior(self, row: int) -> float:
        """The row's prominence, 0..1."""

    def record(self, row: int) -> Known:
        """All that is known of the row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The best thing that a name may be."""

    kind: Kind
    prior: float
    words: int
    country: bool = False  # it has a code of ISO 3166-1, and the name is not such a code


class Dictionary:
    """Looks names up in a knowledge base, stripping case endings as the language has them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._find = lru_cache(maxsize=100_000)(self._look_up)

    def find(self, tokens: Sequence[Token], language: Language) -> Entry | None:
        """The entry for these tokens read as one name, or None."""
        text = tokens[0].text
        for before, token in pairwise(tokens):
            text += token.text if before.end == token.start else f" {token.text}"
        entry = self._find(text, language)
        if entry and len(tokens) == 1 and len(text) < 3 and not text.isupper():
            return None
        return entry

    def _look_up(self, text: str, language: Language) -> Entry | None:
        for base in names.bases(text, language):
            code = language.code if base.isupper() else None
            for key in names.keys(base, language.code):
                entry = self._entry(key, code, len(text.split()))
                if entry:
                    return entry
        return None

    def _entry(self, key: str, code: str | None, words: int) -> Entry | None:
        for row in self._lexicon.exact(key, code)[:4]:
            kind = KINDS.get(self._lexicon.kind(row))
            if kind:
                country = kind == "LOC" and code is None and "iso3166_1" in self._lexicon.record(row).external
                return Entry(kind, self._lexicon.prior(row), words, country)
        return None


def is_name(entry: Entry, *, sentence_start: bool) -> bool:
    """Whether a dictionary match is trusted where it stands: one obscure word is not."""
    if entry.words > 1:
        return True
    return entry.prior >= (MIN_PRIOR_SENTENCE_START if sentence_start else MIN_PRIOR_ONE_WORD)
