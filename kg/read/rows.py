"""A row of JSONL or CSV to a document: `id text lang title published url publisher`, all but text optional."""

from __future__ import annotations

from collections.abc import Mapping

from kg.errors import InputError
from kg.model import Document
from kg.read.article import day, finished, language

COLUMNS = ("id", "text", "lang", "title", "published", "url", "publisher")


def document(row: Mapping[str, object], name: str, key: str | None) -> Document:
    """The document of a row. Its url is the row's url, or its id, or else `key`; other columns do not count.

    Raises InputError where the row has no text, or a value of another form.
    """
    values = {column: _value(row, column, name) for column in COLUMNS}
    text = values["text"]
    if not text:
        raise InputError(f"{name} has no text.", 'A row needs at least "text".')
    published = day(values["published"])
    if values["published"] and published is None:
        raise InputError(f"{name} was published on {values['published']!r}, which is no date.", "Write YYYY-MM-DD.")
    url = values["url"] or values["id"] or key
    draft = Document("", url, values["title"], language(values["lang"]), published, text, values["publisher"])
    return finished(draft, name)


def _value(row: Mapping[str, object], column: str, name: str) -> str | None:
    """The string in a column; None where it is empty. Text keeps its blanks, the others lose theirs."""
    value = row.get(column)
    if value is None:
        return None
    if column == "id" and isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        raise InputError(f"{name}: {column} is not a string.", f'Write it as "{column}": "...".')
    stripped = value.strip()
    return (value if column == "text" else stripped) if stripped else None
