"""Tokens of a sentence, by spaCy's multilingual tokenizer with hyphens kept inside words (Ту-154, SOCAR-ın)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, LIST_ELLIPSES, LIST_ICONS
from spacy.language import Language as Pipeline
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # Cython, no stubs
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from kg import names
from kg.model import Language, Sentence, Span
from kg.ontology.patterns import elided

# spaCy's own infixes without the one that cuts at hyphens between letters: case endings, aircraft types and
# double names hang on them.
_INFIXES = [
    *LIST_ELLIPSES,
    *LIST_ICONS,
    rf"(?<=[{ALPHA_LOWER}])\.(?=[{ALPHA_UPPER}]{{2,}})",
    rf"(?<=[{ALPHA}]),(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])(?:—|–|--|/|\(|\)|“|”|„|«|»|:)(?=[{ALPHA}])",
]


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its place in the document's text."""

    text: str
    start: int  # code point of Document.text
    end: int
    folded: str  # names.fold(text)
    lower: str  # lower case with its marks: ro "puțin" is a word, "Putin" a name

    @property
    def span(self) -> Span:
        """Its place as a Span."""
        return Span(self.start, self.end)

    @property
    def is_word(self) -> bool:
        """Whether it opens with a letter or digit."""
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it opens with an upper-case letter: a name, or the first word of a sentence."""
        return self.text[0].isupper()

    @property
    def is_acronym(self) -> bool:
        """Whether it is written in two or more capitals, endings aside: NATO, SOCAR-ın, ΚΑΚ."""
        head = self.text.split("-")[0].split("'")[0].split("’")[0]
        return len(head) > 1 and head.isupper() and head.isalpha()


@cache
def tokenizer() -> Pipeline:
    """The shared blank pipeline: its tokenizer and vocabulary."""
    nlp = spacy.blank("xx")
    cutter = cast("Any", nlp.tokenizer)  # typed as a callable; it is a spacy.tokenizer.Tokenizer
    cutter.infix_finditer = compile_infix_regex(_INFIXES).finditer
    return nlp


@cache
def _cutter(lang: str) -> Callable[[str], Doc]:
    """The tokenizer of a language: the shared one, or one that also cuts elided words off (l'Afghanistan)."""
    words = elided().get(lang)
    if not words:
        return tokenizer().make_doc
    rule = rf"(?i:(?:{'|'.join(words)})['’](?=[{ALPHA}]))"
    prefixes = compile_prefix_regex([rule, *(tokenizer().Defaults.prefixes or ())])
    suffixes = compile_suffix_regex(list(tokenizer().Defaults.suffixes or ()))
    infixes = compile_infix_regex(_INFIXES)
    rules = (prefixes.search, suffixes.search, infixes.finditer)
    cutter: Callable[[str], Doc] = Tokenizer(tokenizer().vocab, None, *rules)
    return cutter


def tokens(text: str, sentence: Sentence) -> tuple[Doc, tuple[Token, ...]]:
    """The spaCy Doc of a sentence and our tokens, one for one. White space tokens are left out of neither."""
    doc = _cutter(sentence.lang)(sentence.span.of(text))
    offset = sentence.span.start
    found = tuple(
        Token(t.text, offset + t.idx, offset + t.idx + len(t.text), _fold(t.text), lowered(t.text)) for t in doc
    )
    return doc, found


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    return names.fold(text)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word lists of a language in the form of `Token.lower`."""

    language: Language
    particles: frozenset[str]
    titles: frozenset[str]
    stopwords: frozenset[str]

    def is_word(self, token: Token) -> bool:
        """Whether a token is a title or a common word, in whatever case it stands (az "Oktyabrın")."""
        return any(base in self.stopwords or base in self.titles for base in _bases(token.lower, self.language))


@lru_cache(maxsize=65536)
def _bases(word: str, language: Language) -> tuple[str, ...]:
    return names.bases(word, language)


@lru_cache(maxsize=256)
def vocabulary(language: Language) -> Vocabulary:
    """A language's words in the form of `Token.lower`."""
    rows = (language.particles, language.titles, language.stopwords)
    return Vocabulary(language, *(frozenset(lowered(word) for word in words) for words in rows))


def lowered(text: str) -> str:
    """Lower case in which the Turkish dotted capital is a plain i."""
    return text.replace("İ", "i").lower()


def matches(word: str, rule: str) -> bool:
    """Whether a folded word is what a rule's word asks for: "nazirliy*" is a stem, anything else the word."""
    return word.startswith(rule[:-1]) if rule.endswith("*") else word == rule


def pick(found: Sequence[Token], first: int, last: int) -> Span:
    """The span from the first to the last token, both included."""
    return Span(found[first].start, found[last].end)
