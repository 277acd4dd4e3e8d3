"""The article's words and those of an item's names: football beside a name speaks for the club over the city."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from kg import names
from kg.link.base import Facts
from kg.link.rules import rules, stem

_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Words:
    """The keys of an article's words of four letters and more."""

    keys: frozenset[str]
    sport: float = 0.0  # how much of it is about sport: 0 no word of it, .5 one, .75 two ..., below 1

    @classmethod
    def of(cls, said: Mapping[str, Iterable[frozenset[str]]]) -> Self:
        """From the stems of the sentences of each language."""
        by_lang = {lang: frozenset[str]().union(*rows) for lang, rows in said.items()}
        sport = [met(found, rules().sport.get(lang, frozenset())) for lang, found in by_lang.items()]
        return cls(frozenset().union(*by_lang.values()), max(sport, default=0.0))

    def met(self, own: frozenset[str]) -> float:
        """How much of an item's other words the article uses: 0 none, .5 one, .75 two ..., below 1."""
        return met(own, self.keys)


def met(own: frozenset[str], said: frozenset[str]) -> float:
    """1 - 1 / 2**n for n words in common."""
    return 1.0 - 0.5 ** len(own & said)


def keys_of(text: str, lang: str) -> frozenset[str]:
    """The stems of the keys of a text's longer words."""
    return frozenset(stem(names.key(word, lang)) for word in _WORD.findall(text))


def words_of(record: Facts, lang: str) -> frozenset[str]:
    """The words of an item's names in a language and in English."""
    found: set[str] = set()
    for code in dict.fromkeys((lang, "en")):
        texts = [record.labels[code]] if code in record.labels else []
        for text in (*texts, *record.aliases.get(code, ())):
            found |= keys_of(text, code)
    return frozenset(found)
