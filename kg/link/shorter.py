"""A name without what is no part of it: an article or title before it, a company's legal form or a region behind it.

What these words are is data: `ontology/linking.toml` and the titles of `ontology/languages.toml`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg.link.rules import rules
from kg.model import Language

_MOST = 3  # words before a name
_TAIL = re.compile(r"\s*[,(].*$")


@lru_cache(50_000)
def _forms(name: str, lang: str, titles: frozenset[str]) -> tuple[str, ...]:
    words = rules()
    full = words.short.get(lang, {}).get(name)
    found = [name, full] if full else [name]
    plain = _without_lead(name, words.articles | titles)
    found += [plain, _TAIL.sub("", plain), _without_form(plain)]
    return tuple(dict.fromkeys(form for form in found if form))


def forms(name: str, language: Language) -> tuple[str, ...]:
    """The name first, then what it may be without words that are no part of it, the shortest last; 1 to 5.

    >>> forms("Mr Shorten", Language("en", "English", "Latin", titles=frozenset({"mr"})))
    ('Mr Shorten', 'Shorten')
    """
    return _forms(name, language.code, language.titles)


def _without_lead(name: str, lead: frozenset[str]) -> str:
    words = name.split()
    for _ in range(_MOST):
        if len(words) > 1 and words[0].lower().rstrip(".") in lead:
            words = words[1:]
    return " ".join(words)


def _without_form(name: str) -> str:
    words = name.split()
    while len(words) > 1 and _letters(words[-1]) in rules().companies:
        words.pop()
    while len(words) > 1 and _letters(words[0]) in rules().companies_before:
        words.pop(0)
    return " ".join(words).strip(" ,\"«»“”„'")


@cache
def _letters(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalpha())
