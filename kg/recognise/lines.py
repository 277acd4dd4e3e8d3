"""A sentence while it is read, and what its words tell about names before any lexicon or model is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Language
from kg.ontology.languages import match_demonym
from kg.ontology.offices import match_roles
from kg.ontology.patterns import kind_words
from kg.recognise import shapes
from kg.recognise.tokens import Token, Vocabulary

_STOPS = frozenset(".!?…")
_OPENERS = frozenset("\"'“”„«»:—–-(…‘’•")
# A headline whose words nearly all open with capitals says nothing about which of them are names.
_TITLE_CASE = 0.75


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence being read."""

    tokens: tuple[Token, ...]
    language: Language
    words: Vocabulary
    title_case: bool
    roles: frozenset[int]  # places of words that call somebody by office: "Prime Minister" is no name

    def opens(self, position: int) -> bool:
        """Whether a token opens the sentence or a quotation: its capital then proves nothing."""
        return position == 0 or self.tokens[position - 1].text in _OPENERS


def is_title_case(words: Sequence[Token], own: Vocabulary) -> bool:
    """Whether nearly all words of a line without a full stop open with capitals."""
    if words[-1].text in _STOPS:
        return False
    letters = [t for t in words if t.text[0].isalpha() and t.lower not in own.stopwords and len(t.text) > 2]
    return len(letters) > 4 and sum(t.is_capital for t in letters) / len(letters) > _TITLE_CASE


def role_places(words: Sequence[Token], language: Language) -> frozenset[int]:
    """The places of the words of offices: foreign minister, ministro degli Esteri."""

    def gap(word: str) -> bool:
        return match_demonym(word, language.code) is not None

    found = match_roles([word.folded for word in words], language.code, gap)
    return frozenset(place for match in found for place in range(match.first, match.end))


def heads(line: Line, place: int) -> bool:
    """Whether a word only says what the name behind it is: the Cape of "Cape Kaliakra" is no town."""
    follows = place + 1 < len(line.tokens) and line.tokens[place + 1].is_capital
    return follows and shapes.tells_kind(line.tokens[place], line.language.code)


def is_elided(token: Token) -> bool:
    """Whether a token is an article or preposition without its vowel: the "L'" of "L'Etna" is no name."""
    return len(token.text) > 1 and token.text.endswith(("'", "’"))


def begins(line: Line, first: int, last: int, kind: str) -> int:
    """Where a model's name begins without a title, an office's words or what a place is: "Dr. ", "rio "."""
    while first < last and (_is_title(line, first) if kind == "PER" else kind == "LOC" and _is_common(line, first)):
        first += 1
    return first


def _is_title(line: Line, place: int) -> bool:
    token = line.tokens[place]
    if token.text == "." or place in line.roles:
        return True
    initial = len(token.text.rstrip(".")) == 1 and token.is_capital  # Κ. Π. Καβάφης, where "κ." is Mr
    return not initial and not line.words.titles.isdisjoint((token.lower, token.lower.rstrip(".")))


def _is_common(line: Line, place: int) -> bool:
    token = line.tokens[place]
    return token.text in kind_words().outside_place.get(line.language.code, ())
