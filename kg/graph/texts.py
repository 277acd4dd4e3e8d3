"""The articles' full texts, kept beside the graph on this machine for whoever reads its pages.

They are no part of the graph: no quad holds one, no export takes one along, and `kg build --no-texts` leaves
them out. Taking an article back takes its text away.
"""

from __future__ import annotations

import gzip
import json
import shutil
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kg.graph.files import encode, put_file
from kg.model import Document, Skipped, Span


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says, exactly as it came in, and which stretches of it are no news."""

    text: str
    skipped: tuple[Skipped, ...] = ()

    @classmethod
    def of(cls, document: Document) -> Self:
        """The text of a document."""
        return cls(document.text, document.skipped)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a decoded row."""
        return cls(row["text"], tuple(Skipped(Span(start, end), reason) for start, end, reason in row["skipped"]))

    def to_json(self) -> str:
        """One line of JSON, in ASCII: half a character, which UTF-8 can't hold, stays what it is."""
        return json.dumps({"text": self.text, "skipped": [[s.span.start, s.span.end, s.reason] for s in self.skipped]})


class Texts:
    """`texts/ab/<article>.json.gz`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, article: str) -> Text | None:
        """The text of an article by its id; None: none is kept, or what is kept is damaged."""
        try:
            return Text.from_row(json.loads(gzip.decompress(self.path(article).read_bytes())))
        except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def put(self, document: Document) -> None:
        """Keeps a document's text. An equal one is left as it is."""
        text = Text.of(document)
        if self.get(document.id) != text:
            put_file(self.path(document.id), encode([text.to_json()]))

    def take(self, article: str, others: Iterable[Texts]) -> None:
        """Keeps a text that any of the others keeps, if there is none yet."""
        for other in others:
            if not self.path(article).exists() and other.path(article).exists():
                put_file(self.path(article), other.path(article).read_bytes())

    def remove(self, article: str) -> None:
        """Takes a text away, if there is one."""
        self.path(article).unlink(missing_ok=True)

    def clear(self) -> None:
        """Takes all texts away."""
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, article: str) -> Path:
        """Where an article's text stands, kept or not."""
        return self.root / article[:2] / f"{article}.json.gz"
