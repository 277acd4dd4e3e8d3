"""CSV with the columns of a JSONL row; commas, semicolons or tabs, told from the first line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read.rows import COLUMNS, document
from kg.read.sources import LARGEST, Source, lines

_FORM = f"The first line names the columns: text, and any of {', '.join(c for c in COLUMNS if c != 'text')}."


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """A document each row, in their order; a broken row is rejected by its line. Raises InputError without a head."""
    # Bytes that are no UTF-8 come through as lone surrogates: they cost the row that has them and no other.
    decoded = (line.decode("utf-8", "surrogateescape") for line in lines(source, stream))
    head = next(decoded, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=head.count)
    columns = [column.strip().lower() for column in next(csv.reader([head], delimiter=delimiter), [])]
    if "text" not in columns:
        raise InputError(f"{source.name} has no column named text.", _FORM)
    csv.field_size_limit(LARGEST)
    reader = csv.reader(decoded, delimiter=delimiter)
    while True:
        name = f"{source.name} line {reader.line_num + 2}"
        try:
            values = next(reader)
            if values:
                yield document(dict(zip(columns, values, strict=False)), name, source.key)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(name, f"{name} is no CSV: {error}.", _FORM)
        except InputError as error:
            yield Rejected(name, error.what, error.do)
