"""When was a text written that does not say so? An honest guess, from how it tells its dates.

Writers give the year only where it is not the current one: a text that says "in December 2024" and, bare,
"on October 9" was written after 2024, most likely in the next year. Three things say more:

- a bare date with its weekday ("Friday, October 10") fits one year in five to eleven;
- a date that is told both bare and with its year was told in that year;
- "earlier in October" was written in October; so was a text whose bare days are all October's.

A year alone ("in 2019") is no such sign: histories are told at any time. If no month can be told, years are all
that is known; if no year can, nothing is, and what needs the day of publication stays unread. All values that
rest on such a guess carry EDTF's "?".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from kg.model import Document, Sentence
from kg.when.resolve import Anchor, Reading, Walk

_FIT = 6  # years after the last one told in which a date and its weekday are looked for


def anchor_of(document: Document, sentences: Sequence[Sentence]) -> Anchor:
    """The day of publication; where the document has none, what its text says of it."""
    if document.published is not None:
        return Anchor(document.published)
    walk = Walk(document, Anchor(None))
    return infer([reading for sentence in sentences for reading in walk.sentence(sentence)])


def infer(readings: Sequence[Reading]) -> Anchor:
    """The anchor that the readings of a text without one speak for."""
    bare = [reading for reading in readings if reading.value is None]
    told = [reading for reading in readings if reading.is_time and _is_past(reading)]
    month = _month(readings, bare)
    year = _year(month, told, bare)
    if year is None:
        return Anchor(None)
    if month is None:
        return Anchor(date(year, 12, 31), "year", sure=False)
    return Anchor(date(year, month, monthrange(year, month)[1]), "month", sure=False)


def _is_past(reading: Reading) -> bool:
    return not reading.future and not (reading.value or "").startswith("..")


def _month(readings: Sequence[Reading], bare: Sequence[Reading]) -> int | None:
    """The month of writing: as the text says it, or the only one of its bare days."""
    for reading in readings:
        if reading.rule.read == "nothing" and (month := _slot(reading, "month")):
            return month
    months = {month for reading in bare if not reading.future and (month := _slot(reading, "month"))}
    return months.pop() if len(months) == 1 else None


def _year(month: int | None, told: Sequence[Reading], bare: Sequence[Reading]) -> int | None:
    """The latest year told, or the next: by weekdays, by a date told in both ways, else because it was told."""
    values = [reading.value for reading in told if reading.value and reading.value[:4].isdigit()]
    if not values or not bare:
        return None
    by_weekday = _by_weekday(int(max(values)[:4]), bare)
    dated = [value for value in values if len(value) > len("2025") and value[4] == "-"]
    if by_weekday is not None or not dated:
        return by_weekday
    latest = max(dated)[:4]
    full = {_date(reading) for reading in told if (reading.value or "").startswith(latest)}
    both = any(_date(reading) in full for reading in bare if _slot(reading, "day"))
    now = any(value[:7] == f"{latest}-{month or 0:02}" for value in dated)
    return int(latest) if both or now else int(latest) + 1


def _by_weekday(latest: int, bare: Sequence[Reading]) -> int | None:
    """The first year from the latest told on in which a bare date falls on the weekday told with it."""
    for reading in bare:
        weekday, (month, day) = _slot(reading, "weekday"), _date(reading)
        if weekday and month and day and day <= 28:  # every month has so many days
            fits = (year for year in range(latest, latest + _FIT + 1) if date(year, month, day).isoweekday() == weekday)
            return next(fits, None)
    return None


def _date(reading: Reading) -> tuple[int | None, int | None]:
    return _slot(reading, "month"), _slot(reading, "day")


def _slot(reading: Reading, name: str) -> int | None:
    value = dict(reading.slots).get(name)
    return value if isinstance(value, int) else None
