"""Plain text: one article a file. Its first line may open with `date YYYY-MM-DD`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Document, Rejected
from kg.read.article import finished
from kg.read.decode import decode
from kg.read.sources import Source, whole


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """The one article of the stream. Raises InputError where it is empty, binary or in an unknown encoding."""
    text = decode(whole(source, stream), source.name, source.encoding)
    yield finished(Document("", source.key, None, None, None, text), source.name)
