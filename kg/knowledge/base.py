"""The knowledge base as the other rooms see it: the index of a file, and free search."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from kg.knowledge.index import Index
from kg.knowledge.layout import Container
from kg.knowledge.search import Hit, search

STARTER = Path(__file__).with_name("starter.kb")


class KnowledgeBase(Index):
    """One opened base. Safe to share between threads; the workers of a pool map the same pages."""

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """The base of a file (None: the starter base that ships). Raises KnowledgeError."""
        return cls(Container.open(path or STARTER))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).open, (self.path,)

    def search(self, text: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """What a text may mean, best first: a name in any script, case or spelling, a QID, or an office of a country.

        `language`: ISO 639-1 of the text, None: any that is written in its script.
        """
        return search(self, text, language, limit)
