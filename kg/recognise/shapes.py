"""Patterns of `patterns.toml` (spaCy's Matcher) and the kind of a name that no base knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.matcher import Matcher
from spacy.tokens import Doc

from kg import names
from kg.model import Kind
from kg.ontology.patterns import kind_words, patterns
from kg.recognise.tokens import Token, matches, tokenizer

_DIGITS = re.compile(r"\d+")
_QUOTES = frozenset('"“”„«»‟')
_INITIAL = re.compile(r"^\w{1,2}\.\w?\.?-?\w*")


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern met in a sentence: tokens first..last."""

    first: int
    last: int
    name: str
    kind: Kind
    hint: str | None


@cache
def _matcher() -> Matcher:
    matcher = Matcher(tokenizer().vocab)
    for row in patterns():
        matcher.add(row.name, [[dict(token) for token in tokens] for tokens in row.alternatives], greedy="LONGEST")
    return matcher


def find(doc: Doc) -> Iterator[Shape]:
    """Every pattern in the sentence."""
    rows = {row.name: row for row in patterns()}
    for name_id, start, end in _matcher()(doc):
        row = rows[doc.vocab.strings[name_id]]
        digits = _DIGITS.findall(doc[start:end].text)
        hint = row.hint.format(digits=digits[-1]) if row.hint and digits else None
        yield Shape(start, end - 1, row.name, row.kind, hint)


@cache
def _rules(lang: str) -> tuple[tuple[Kind, tuple[str, ...]], ...]:
    words = kind_words().inside
    return tuple(
        (kind, tuple(names.fold(w.rstrip("*")) + ("*" if w.endswith("*") else "") for w in rows.get(lang, ())))
        for kind, rows in words.items()
    )


def tells_kind(token: Token, lang: str) -> bool:
    """Whether a word says what kind of thing a name is: bank, airport, cape."""
    return any(_tells(token, rules) for _, rules in _rules(lang))


def kind_beside_quotes(tokens: Sequence[Token], first: int, last: int, lang: str) -> Kind | None:
    """The kind that a word tells beside a quoted name: компанията "Евксин", "Evksin" şirkəti, the stadium "Hope"."""
    quoted = first > 0 and last + 1 < len(tokens) and {tokens[first - 1].text, tokens[last + 1].text} <= _QUOTES
    if not quoted:
        return None
    beside = [*tokens[max(first - 2, 0) : first - 1], *tokens[last + 2 : last + 3]]
    return next((kind for token in beside for kind, rules in _rules(lang) if _tells(token, rules)), None)


def _tells(token: Token, rules: Sequence[str]) -> bool:
    return any(matches(token.folded, rule) for rule in rules)


def kind_of(tokens: Sequence[Token], lang: str, before: Token | None) -> tuple[Kind, float]:
    """The likeliest kind of an unknown name, with a confidence 0..1: words inside, then form, then what precedes."""
    for kind, rules in _rules(lang):
        if any(_tells(token, rules) for token in tokens):
            return kind, 0.8
    if len(tokens) == 1 and tokens[0].is_acronym:
        return "ORG", 0.7
    if any(_INITIAL.match(token.text) for token in tokens):
        return "PER", 0.8
    if before and before.folded in kind_words().before_place.get(lang, ()):
        return "LOC", 0.5
    return "PER", (0.6 if len(tokens) in {2, 3} else 0.4)
