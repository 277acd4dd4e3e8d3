"""A sentence as words: folded for comparison, each with its place in the document.

Folding keeps one character for one character (lower case, Greek accents off, dotted and dotless i together,
cedilla and comma below together, one apostrophe), so that the places of words are those of the text. Other
accents stay: in Italian or French they tell words apart. Hyphens and apostrophes are words of their own, so
that "s-a întâlnit", "Putin's" and "30-dan" fall into parts that patterns can name; only in Cyrillic does an
apostrophe stand inside a word ("п'ять").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(r"[^\W_]+(?:'[а-яіїєґ][^\W_]*)*|[^\w\s]")
_ALIKE = {"ı": "i", "İ": "i", "ё": "е", "Ё": "е", "ş": "ș", "ţ": "ț", "ς": "σ"} | dict.fromkeys("’‘ʼ`´", "'")
_GREEK = ("Ͱ", "Ͽ", "ἀ", "῿")


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a stretch of text."""

    folded: tuple[str, ...]
    starts: tuple[int, ...]  # code points of the document
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.folded)


def fold(text: str) -> str:
    """The text for comparison, character for character. Marks that combine must have been composed before.

    >>> fold("Ο Ρώσος πρόεδρος İlham’ın"), len(fold("Ştefan")) == 6
    ("ο ρωσοσ προεδροσ ilham'in", True)
    """
    return text.translate(_table())


def words_of(text: str, start: int, end: int) -> Words:
    """The words of `text[start:end]`."""
    part = text[start:end]
    if part.isascii() or unicodedata.is_normalized("NFC", part):
        found = list(_TOKEN.finditer(fold(part)))
        return Words(
            tuple(token.group() for token in found),
            tuple(start + token.start() for token in found),
            tuple(start + token.end() for token in found),
        )
    return _composed(part, start)


def _composed(part: str, start: int) -> Words:
    """The same for text with combining marks: composed first, with the place of every character kept."""
    clusters = [match.span() for match in re.finditer(r".[\u0300-\u036f]*", part, re.DOTALL)]
    composed, places = "", []
    for first, last in clusters:
        piece = unicodedata.normalize("NFC", part[first:last])
        composed += piece
        places += [(start + first, start + last)] * len(piece)
    found = list(_TOKEN.finditer(fold(composed)))
    return Words(
        tuple(token.group() for token in found),
        tuple(places[token.start()][0] for token in found),
        tuple(places[token.end() - 1][1] for token in found),
    )


@cache
def _table() -> dict[int, str]:
    """Code point -> its folded character, for the letters of our languages."""
    table = {}
    for code in (*range(0x41, 0x530), *range(0x1E00, 0x2000)):
        letter = chr(code)
        plain = letter.lower() if len(letter.lower()) == 1 else letter
        if _GREEK[0] <= plain <= _GREEK[1] or _GREEK[2] <= plain <= _GREEK[3]:
            plain = unicodedata.normalize("NFD", plain)[0]
        plain = _ALIKE.get(letter, _ALIKE.get(plain, plain))
        if plain != letter:
            table[code] = plain
    return table | {ord(letter): plain for letter, plain in _ALIKE.items()}
