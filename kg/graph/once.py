"""A graph that goes straight into one file: no index, no counts, flat memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.graph.files import QuadFiles, encode
from kg.graph.merged import merged
from kg.model import Document, Quad


def lines_of(articles: Iterable[tuple[Document, Sequence[Quad]]], base: str) -> Iterator[str]:
    """The canonical lines of the graph that the articles make together, as `Graph.lines` would give them."""
    with tempfile.TemporaryDirectory(prefix="kg-build-") as folder:
        files = QuadFiles(Path(folder), lasting=False)
        for document, quads in articles:
            files.write({document.id: encode(sorted({str(quad) for quad in quads}))})
        yield from merged(files, base)
