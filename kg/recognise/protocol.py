"""The seam behind which a trained recogniser slots in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kg.model import Document, Mention, Sentence


class Recogniser(Protocol):
    """Anything that finds names in a document."""

    def mentions(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Mentions sorted by span; named ones never overlap each other."""
