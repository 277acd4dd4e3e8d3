"""A language's words of time: what they are worth, and the one-character types of the sets they belong to.

A token's *type* is one character that stands for the set of classes its word belongs to ("may" is a month
and a weak word, "second" an ordinal and a unit), so that a sentence becomes a short string and the rules of
`ontology/time/` become regular expressions over that string. The text itself is never lower-cased or
stripped: offsets stay what they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

Value = int | str
Classes = Mapping[str, Value]

WORD, NAME, BREAK = "x", "X", "\n"  # types of an unknown word, an unknown capitalised word, the end of a line
_FIRST_TYPE = 0x4E00  # types of known words start here, far from every sign that is its own type


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: where it stands, its type, and what it is worth in each of its classes."""

    start: int
    end: int
    type: str  # one character
    classes: Classes = field(default_factory=dict)  # {"month": 5}, {"unit": "day"}, {"of": 1}


def forms(text: str, endings: Mapping[str, str]) -> Iterator[str]:
    """The words that a line of data lists, `_` for a space; {@case} takes the endings of that name, and none.

    >>> list(forms("ма{й,я} new_year", {}))
    ['май', 'мая', 'new year']
    >>> list(forms("iyun{@case}", {"case": "da ın"}))
    ['iyun', 'iyunda', 'iyunın']
    """
    for item in text.split():
        parts = re.split(r"\{([^}]*)\}", item)
        options = [_options(part, endings) if n % 2 else [part] for n, part in enumerate(parts)]
        for chosen in product(*options):
            yield "".join(chosen).replace("_", " ")


def _options(part: str, endings: Mapping[str, str]) -> list[str]:
    return ["", *endings[part[1:]].split()] if part.startswith("@") else part.split(",")


class Types:
    """The characters that stand for sets of classes."""

    def __init__(self) -> None:
        self._signs: dict[frozenset[str], str] = {frozenset(): WORD}

    def sign(self, classes: Iterable[str]) -> str:
        """The character of a set of classes."""
        held = frozenset(classes)
        return self._signs.setdefault(held, chr(_FIRST_TYPE + len(self._signs)))

    def having(self, wanted: Iterable[str], unwanted: Iterable[str] = ()) -> str:
        """The characters of all sets known so far with a wanted class and no unwanted one."""
        yes, no = set(wanted), set(unwanted)
        return "".join(sign for held, sign in self._signs.items() if yes & held and not no & held)


class Lexicon:
    """The words and phrases of one language, and what they are worth."""

    def __init__(self, capital: str = "", *, lower: bool = False) -> None:
        self.types = Types()
        self.phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}  # first word -> all words, key; longest first
        self._capital = frozenset(capital.split())  # classes whose words open with a capital, or are not meant
        self._lower = lower  # months have no capital: one that has may be a name, and is weak
        self._words: dict[str, dict[str, Value]] = {}
        self._known: dict[tuple[str, bool], tuple[str, Classes]] = {}

    def add(self, name: str, words: tuple[str, ...], value: Value = 1) -> None:
        """Put a folded word, or a phrase of several, into a class; the first value given to a class stays."""
        key = " ".join(words)
        if len(words) > 1:
            known = self.phrases.setdefault(words[0], [])
            if (words, key) not in known:
                known.append((words, key))
                known.sort(key=lambda phrase: -len(phrase[0]))  # the longest phrase claims its words first
        self._words.setdefault(key, {}).setdefault(name, value)

    def close(self) -> None:
        """Give every set of classes that occurs its type; no word is added after this."""
        for key, classes in self._words.items():
            lower = {name: value for name, value in classes.items() if name not in self._capital}
            upper = {**classes, "weak": 1} if self._lower and "month" in classes else classes
            self._known[key, True] = (self.types.sign(upper), upper)
            self._known[key, False] = (self.types.sign(lower), lower)

    def look_up(self, key: str, *, capital: bool) -> tuple[str, Classes]:
        """Type and classes of a folded word; `capital`: whether it opens with one in the text."""
        return self._known.get((key, capital)) or ((NAME if capital else WORD), {})
