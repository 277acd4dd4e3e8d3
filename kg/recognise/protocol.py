"""The seam behind which a trained recogniser slots in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kg.model import Document, Mention, Sentence
from kg.recognise.trained import Found


class Recogniser(Protocol):
    """Anything that finds names in a document."""

    def mentions(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Mentions sorted by span; named ones never overlap each other."""


class Model(Protocol):
    """A trained recogniser of names."""

    version: str

    def names(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[Found, ...]]:
        """The names of each (sentence, language) of one document, offsets in the sentence."""
