"""A graph that goes straight into one file: no index, no counts, flat memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from kg.graph.files import QuadFiles, encode
from kg.graph.identity import SCHEMA, Assigned, Ledger, kinds, resolved, said, settle_all
from kg.graph.merged import merged
from kg.model import Document, Quad


def lines_from(files: QuadFiles, base: str, items: Iterable[Assigned] = ()) -> Iterator[str]:
    """The canonical lines of the graph that the files make together, where no counts tell what is one in them."""
    with tempfile.TemporaryDirectory(prefix="kg-read-") as folder, _opened(Path(folder)) as ledger:
        ledger.assign(items)
        for article in files.ids():
            ledger.learn(article, said.said(files.lines(article), base, ledger.kinds))
        yield from _decided(files, base, ledger)


def lines_of(articles: Iterable[tuple[Document, Sequence[Quad]]], base: str) -> Iterator[str]:
    """The canonical lines of the graph that the articles make together, as `Graph.lines` would give them."""
    with tempfile.TemporaryDirectory(prefix="kg-build-") as folder, _opened(Path(folder)) as ledger:
        files = QuadFiles(Path(folder) / "quads", lasting=False)
        for document, quads in articles:
            lines = sorted({str(quad) for quad in quads})
            files.write({document.id: encode(lines)})
            ledger.learn(document.id, said.said(lines, base, ledger.kinds))
        yield from _decided(files, base, ledger)


@contextmanager
def _opened(folder: Path) -> Iterator[Ledger]:
    with closing(sqlite3.connect(folder / "identity.db", isolation_level=None)) as db:
        db.executescript(SCHEMA)
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        yield Ledger(db, kinds())


def _decided(files: QuadFiles, base: str, ledger: Ledger) -> Iterator[str]:
    settle_all(ledger)
    symmetric = ledger.kinds.symmetric
    yield from merged(files, base, lambda one, lines: resolved(lines, ledger.same(one), base, symmetric))
