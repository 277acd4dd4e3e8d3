"""Whole texts by document id, on disk: what NIF needs and no graph holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from kg.model import Document


class _Texts(Mapping[str, str]):
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __getitem__(self, key: str) -> str:
        row = self._db.execute("SELECT text FROM text WHERE id = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return str(row[0])

    def __iter__(self) -> Iterator[str]:
        yield from (row[0] for row in self._db.execute("SELECT id FROM text ORDER BY id"))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM text").fetchone()[0])


@contextmanager
def texts(documents: Iterable[Document]) -> Iterator[Mapping[str, str]]:
    """The documents' texts by id, in a temporary file that is gone when done."""
    db = sqlite3.connect("")  # SQLite's own temporary database: it spills to disk and leaves nothing
    try:
        db.execute("CREATE TABLE text (id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")
        db.executemany("INSERT OR REPLACE INTO text VALUES (?, ?)", ((one.id, one.text) for one in documents))
        yield _Texts(db)
    finally:
        db.close()
