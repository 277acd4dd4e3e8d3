"""Base forms: a name without its case endings, by the rows of `ontology/languages.toml`."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from kg.model import Language
from kg.names.reading import APOSTROPHES, CACHED

_MOST = 12  # bases
# (a name of fewer words + 1 than this, forms of each word that are tried): their combinations grow with their product
_WAYS = ((3, 4), (5, 2), (sys.maxsize, 1))
_COMPOUND_WAYS = 2
_JOINTS = "'-"  # they stand before an ending and go with it: SOCAR-ın
_SAME_LENGTH = str.maketrans({"İ": "i"} | dict.fromkeys(APOSTROPHES, "'"))
_VOWELS = frozenset("aeiouyıəöüăâîаеёиоуыэюяіїєъαεηιουωάέήίόύώϊϋáéíóúàèìòùäąęůě")
_CONDITION = re.compile(r"V|C|\[\w+\]")  # what may stand before an ending, as in ontology/languages.toml
_AFTER_JOINT = 2  # letters that an ending leaves before an apostrophe or hyphen: AB-yə
_SHORTEST, _SHORTEST_PART = 3, 2  # letters of a base form, elsewhere and in a name of several words: Уфу, Ким Чен Ына


@dataclass(frozen=True, slots=True)
class _Ending:
    """One ending and what the base form has instead of it."""

    old: str
    new: str
    follows: str  # "V", "C", or letters one of which must stand before it; "": anything

    @classmethod
    def of(cls, old: str, new: str) -> _Ending:
        """From the fields of a Language, where a condition may stand before the ending."""
        found = _CONDITION.match(old)
        return cls(old[found.end() :] if found else old, new, found.group().strip("[]") if found else "")

    def fits(self, stem: str) -> bool:
        """Whether a lower-case stem may take this ending."""
        last = stem[-1]
        if not self.follows or not last.isalpha():
            return True
        return (last in _VOWELS) == (self.follows == "V") if self.follows in {"V", "C"} else last in self.follows


class _Inflection:
    """The endings of one language, compiled."""

    def __init__(self, language: Language) -> None:
        self.language = language
        # A language that never replaces an ending adds them to the whole name, that is to its last word.
        self.every_word = bool(language.replacements)
        rows = [*language.replacements, *((ending, "") for ending in language.endings)]
        self.by_ending: dict[str, list[_Ending]] = {}
        for old, new in rows:
            ending = _Ending.of(old, new)
            self.by_ending.setdefault(ending.old, []).append(ending)
        self.sizes = sorted({len(ending) for ending in self.by_ending}, reverse=True)
        self.word = lru_cache(CACHED)(self._word)
        self.phrase = lru_cache(CACHED)(self._phrase)

    def _word(self, word: str, shortest: int) -> tuple[str, ...]:
        """The word, then its base forms of `shortest` letters or more, the longest ending first."""
        # One for one, so that places fit: İ would become two letters, a curly apostrophe is an apostrophe.
        lower = word.translate(_SAME_LENGTH).lower()
        if len(lower) != len(word):
            return (word,)
        found = [word]
        for size in self.sizes:
            for ending in self.by_ending.get(lower[-size:], ()) if size < len(word) else ():
                stem = lower[:-size].rstrip(_JOINTS)
                least = _AFTER_JOINT if len(stem) < len(word) - size else shortest - len(ending.new)
                if len(stem) >= max(1, least) and ending.fits(lower[:-size]):
                    found.append(word[: len(stem)] + (ending.new.upper() if word.isupper() else ending.new))
        if self.every_word and "-" in word:
            found += self._compound(*word.split("-", 1))
        return tuple(dict.fromkeys(found))

    def _compound(self, head: str, tail: str) -> list[str]:
        """Ростова-на-Дону, Буша-младшего: the first word of a compound inflects too."""
        heads = self.word(head, _SHORTEST)[1:_COMPOUND_WAYS]
        tails = self.word(tail, _SHORTEST)[1 : 1 + _COMPOUND_WAYS] if len(tail) > _SHORTEST else ()
        return [f"{first}-{other}" for first in heads for other in (tail, *tails)]

    def _phrase(self, text: str) -> tuple[str, ...]:
        """The bases of a name of several words, by which words inflect and which of their forms they take."""
        words = text.split()
        last = len(words) - 1
        ways = next(ways for most, ways in _WAYS if last < most)
        forms = [self.word(word, _SHORTEST_PART)[1 : 1 + ways] for word in words]
        ranked: list[tuple[float, str]] = []
        for cost, inflected in _patterns(last) if self.every_word else ((0.0, {last}),):
            options = [
                list(enumerate(forms[place])) if place in inflected and forms[place] else [(0, word)]
                for place, word in enumerate(words)
            ]
            ranked += [
                (cost + sum(rank for rank, _ in chosen), " ".join([form for _, form in chosen]))
                for chosen in product(*options)
            ]
        ranked.sort(key=lambda found: found[0])
        return tuple(dict.fromkeys([text, *(base for _, base in ranked)]))[:_MOST]


_INFLECTIONS: dict[int, _Inflection] = {}


def _inflection(language: Language) -> _Inflection:
    # By identity: hashing a Language goes through its hundreds of words. The entry keeps it alive, so ids stay unique.
    found = _INFLECTIONS.get(id(language))
    if found is None:
        found = _INFLECTIONS[id(language)] = _Inflection(language)
    return found


def bases(text: str, language: Language | None) -> tuple[str, ...]:
    """The text first, then what it may be without case endings, likelier first; 1 to 12 texts, none twice.

    Where a language inflects every word of a name, so does this: "Владимира Путина" gives "Владимир Путин". Nothing
    says that a base form exists: look it up.
    """
    words = text.split()
    if language is None or not words:
        return (text,)
    inflection = _inflection(language)
    if len(words) == 1:
        forms = inflection.word(words[0], _SHORTEST)
        return (forms if forms[0] == text else (text, *forms))[:_MOST]
    return inflection.phrase(text)


def _patterns(last: int) -> tuple[tuple[float, set[int]], ...]:
    """(how unlikely, which words are inflected): all of them (Владимира Путина), or the head alone before a genitive
    that never changes (Совета Безопасности), or an adjective and its head (Европейского центрального банка развития).
    """
    every = set(range(last + 1))
    return ((0.0, every), (0.3, {0}), (0.5, {last}), (0.6, {0, 1}))
