"""Gold files: reading their rows, and finding the text of each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import DataError, InputError
from kg.model import Document
from kg.read import read

Row = Mapping[str, Any]


def load_gold(path: Path) -> list[Row]:
    """The rows of a gold file (.jsonl or .jsonl.gz), in order, with `id` and `mentions` or `entities`.

    Raises InputError when the file can't be read, DataError when a line is no such row.
    """
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        what = f"The gold file {path} can't be read: {error}"
        raise InputError(what, "Give the path of a .jsonl file in UTF-8, plain or gzipped.") from error
    rows = [_row(path, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not rows:
        raise DataError(f"The gold file {path} holds no rows.", "Give a file with one JSON object a line.")
    return rows


def gold_documents(path: Path) -> list[Document]:
    """The documents of a gold file, ids as in its rows: what to annotate before scoring.

    A row's text is its `text`, else the file `../articles/<file>` beside the gold file's folder, unmodified.
    Raises InputError or DataError as `load_gold`, and InputError when an article is missing.
    """
    return [_document(path, row) for row in load_gold(path)]


def _row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        what = f"Line {number} of {path} is no JSON: {error}"
        raise DataError(what, "Mend the line; each is one JSON object.") from error
    if not (isinstance(row, dict) and "id" in row and ("mentions" in row or "entities" in row)):
        what = f"Line {number} of {path} is no gold row."
        raise DataError(what, 'Give it an "id" and "mentions" (full gold) or "entities" (corpus).')
    return row


def _document(path: Path, row: Row) -> Document:
    if "text" not in row:
        return _article(path.resolve().parent.parent / "articles" / str(row.get("file")), str(row["id"]))
    return Document(
        id=str(row["id"]),
        url=None,
        title=None,
        lang=row.get("lang"),
        published=_day(row),
        text=str(row["text"]),
    )


def _article(source: Path, name: str) -> Document:
    for document in read([str(source)]):  # as `kg build` reads it: dateline and boilerplate included
        if isinstance(document, Document):
            return replace(document, id=name)
    what = f"The article {source} that the gold speaks of can't be read."
    raise InputError(what, "Put the articles beside the gold's folder, or a `text` into each row.")


def _day(row: Row) -> date | None:
    value = row.get("published")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        what = f"The gold document {row['id']} is published on {value!r}."
        raise DataError(what, "Write the day as YYYY-MM-DD, or null.") from error
