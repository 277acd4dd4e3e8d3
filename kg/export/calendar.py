"""Events in time: iCalendar (RFC 5545), and the JSON of TimelineJS. Only events whose time has bounds are in them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import date, timedelta

from kg.export.format import Row, Settings
from kg.export.happening import Happening, address, happenings, type_label
from kg.export.shelf import Shelf, shelved

_STATUS = {"asserted": "CONFIRMED", "denied": "CANCELLED"}  # all else is TENTATIVE
_LINE = 75  # octets of a line of iCalendar, its fold included
_QUOTES = 5  # sentences shown of one event


def _dated(shelf: Shelf) -> Iterator[Happening]:
    return (event for event in happenings(shelf) if event.first and event.last)


# --- iCalendar -------------------------------------------------------------------------------------------


def calendar(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """All-day events; one of unknown day lasts as long as its time may mean."""
    yield "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//newskg//kg export//EN\r\nCALSCALE:GREGORIAN\r\n"
    with shelved(rows) as shelf:
        for event in _dated(shelf):
            yield "".join(_folded(line) for line in _entry(event, shelf))
    yield "END:VCALENDAR\r\n"


def _entry(event: Happening, shelf: Shelf) -> Iterator[str]:
    after = date.fromisoformat(event.last)
    after = after if after == date.max else after + timedelta(days=1)  # DTEND is not part of the event
    told = sorted(quote.article.one("schema:datePublished") for quote in event.quotes)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.iri}"
    # When it was told, not when it was exported: the same graph gives the same bytes.
    yield f"DTSTAMP:{(told[-1] if told and told[-1] else event.first).replace('-', '')}T000000Z"
    yield f"DTSTART;VALUE=DATE:{event.first.replace('-', '')}"
    yield f"DTEND;VALUE=DATE:{after.isoformat().replace('-', '')}"
    yield f"SUMMARY:{_text(event.title(shelf))}"
    if event.place:
        yield f"LOCATION:{_text(shelf.label(event.place))}"
        place = shelf.node(event.place)
        if place.terms("geo:lat"):
            yield f"GEO:{place.one('geo:lat')};{place.one('geo:long')}"
    yield f"DESCRIPTION:{_text(_description(event))}"
    if event.types:
        yield f"CATEGORIES:{_text(type_label(event.types[0]))}"
    yield f"STATUS:{_STATUS.get(event.modality, 'TENTATIVE')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(event: Happening) -> str:
    head = f"{event.modality}, {event.time}"
    return "\n".join([head, *(f"“{quote.words}” ({address(quote.article)})" for quote in event.quotes[:_QUOTES])])


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = "\n".join(escaped.splitlines())  # every kind of line end, and no stray carriage return
    return "".join(c if c >= " " or c in "\n\t" else " " for c in plain).replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never through a character."""
    pieces, held, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE:
            pieces.append(held)
            held, size = " ", 1
        held += character
        size += octets
    return "\r\n".join([*pieces, held]) + "\r\n"


# --- TimelineJS ------------------------------------------------------------------------------------------


def timeline(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """The JSON of TimelineJS: a slide an event, grouped by type."""
    yield '{"events": ['
    comma = ""
    with shelved(rows) as shelf:
        for event in _dated(shelf):
            yield f"{comma}\n{json.dumps(_slide(event, shelf), ensure_ascii=False)}"
            comma = ","
    yield "\n]}\n"


def _slide(event: Happening, shelf: Shelf) -> dict[str, object]:
    text = "".join(
        f"<p lang='{quote.lang}'>{html.escape(quote.words)} <small>{html.escape(address(quote.article))}</small></p>"
        for quote in event.quotes[:_QUOTES]
    )
    return {
        "unique_id": event.iri,
        "start_date": _day(event.first),
        "end_date": _day(event.last),
        "display_date": event.time,
        "group": type_label(event.types[0]) if event.types else "Event",
        "text": {"headline": html.escape(event.title(shelf)), "text": text},
        "modality": event.modality,
        "place": shelf.label(event.place) if event.place else None,
    }


def _day(iso: str) -> dict[str, int]:
    day = date.fromisoformat(iso)
    return {"year": day.year, "month": day.month, "day": day.day}
