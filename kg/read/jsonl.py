"""JSON lines, an article a row; a JSON file that is one object or one list of them counts as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read.rows import document
from kg.read.sources import Source, lines, rest

_FORM = 'A row is one line such as {"text": "...", "published": "2025-10-09"}.'


def documents(source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
    """A document each row, in their order; a broken row is rejected by its number and the rest goes on."""
    numbered = enumerate(lines(source, stream), 1)
    first = next(((number, line) for number, line in numbered if line.strip(b"\xef\xbb\xbf \t\r\n")), None)
    if first is None:
        raise InputError(f"{source.name} is empty.", _FORM)
    if _opens_more(first[1]):
        yield from _one_value(source, first[1] + rest(source, stream))
        return
    for number, line in chain([first], numbered):
        if line.strip():
            yield _row(source, f"{source.name} line {number}", line)


def _opens_more(line: bytes) -> bool:
    """Whether the first line only begins a value: `[`, `{`, or a list whole on one line."""
    start = line.removeprefix(b"\xef\xbb\xbf").strip()
    return start.startswith(b"[") or start == b"{"


def _one_value(source: Source, data: bytes) -> Iterator[Document | Rejected]:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source.name} is no JSON: {error}.", _FORM) from error
    for number, row in enumerate(value if isinstance(value, list) else [value], 1):
        yield _parsed(source, f"{source.name} row {number}", row)


def _row(source: Source, name: str, line: bytes) -> Document | Rejected:
    try:
        return _parsed(source, name, json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return Rejected(name, f"{name} is not UTF-8.", "Write the file out again as UTF-8.")
    except (ValueError, RecursionError) as error:
        return Rejected(name, f"{name} is no JSON: {str(error).partition(':')[0]}.", _FORM)


def _parsed(source: Source, name: str, value: object) -> Document | Rejected:
    if not isinstance(value, dict):
        return Rejected(name, f"{name} is no JSON object.", _FORM)
    try:
        return document(value, name, source.key)
    except InputError as error:
        return Rejected(name, error.what, error.do)
