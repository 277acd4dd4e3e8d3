"""The last step of every format: a text and what its source says of it become a Document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime

from kg.errors import InputError
from kg.model import Document, content_id
from kg.read.boilerplate import dateline, mark

_CODE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)


def finished(draft: Document, name: str) -> Document:
    """The draft with its id, the date of its dateline, its headline and its boilerplate marked.

    id = content_id(url, text). `url` is the address of the article, or else the row's own id or the file's
    name without folders, so the same file has the same id wherever it lies and in whatever order it comes.
    `name` is for messages. Raises InputError where nothing is left to read.
    """
    if re.search(r"[\ud800-\udfff]", draft.text):
        what = f"{name} has halves of characters in it (lone surrogates)."
        raise InputError(what, "Write it out again as UTF-8.")
    opening = dateline(draft.text)
    title, skipped = mark(draft.text, draft.title)
    left, end = 0, 0
    for span in (row.span for row in skipped):
        left += len(draft.text[end : span.start].strip())
        end = span.end
    if not left + len(draft.text[end:].strip()):
        raise InputError(f"{name} has no article in it.", "Give one with text, or leave it out.")
    return replace(
        draft,
        id=content_id(draft.url, draft.text),
        title=title,
        published=draft.published or (opening[1] if opening else None),
        skipped=skipped,
    )


def language(value: object) -> str | None:
    """The ISO 639 code of what a source declares: "en-US" -> "en"; None where it declares none."""
    found = _CODE.match(value.strip()) if isinstance(value, str) else None
    return found[0].lower() if found else None


def day(value: object) -> date | None:
    """The day of an ISO 8601 or RFC 5322 date; None where it is neither.

    >>> day("2025-10-09T21:30:00+03:00"), day("Thu, 09 Oct 2025 08:00:00 GMT"), day("soon")
    (datetime.date(2025, 10, 9), datetime.date(2025, 10, 9), None)
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass  # not ISO 8601: the other form is tried
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None
