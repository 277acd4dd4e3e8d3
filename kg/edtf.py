"""EDTF (ISO 8601-2, level 0 and the part of level 1 that news needs) as ranges of days.

    2025-10-09  2025-10  2025          a day, a month, a year
    198X  19XX  2025-XX  2025-10-XX    a decade, a century, digits left open
    2025-21 .. 2025-24                 spring, summer, autumn, winter (of the north; winter ends in the next year)
    2025-10-07/2025-10-09              an interval; `..` is an open end, nothing an unknown one: ../2025, 2025-10/
    2025?  2025-10~  2025-10-09%       uncertain, approximate, both

Years run from 0001 to 9999, as Python's dates do. The library `edtf` reads more of the standard; it takes
2-7 ms a value and 200 ms to import, where every claim of every article needs its days, so it is the judge
in the tests (`tests/test_edtf.py`) and these hundred lines are what runs.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

Days = tuple[date | None, date | None]  # earliest and latest day, both included; None: no bound known

_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}  # first and last month
_POINT = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?[?~%]?", re.ASCII)
_OPEN = frozenset(("", ".."))


def is_valid(value: str) -> bool:
    """Whether the value is EDTF of the kind this module reads.

    >>> is_valid("2025-10-07/.."), is_valid("198X"), is_valid("2025-02-30"), is_valid("last Friday")
    (True, True, False, False)
    """
    return _read(value) is not None


def bounds(value: str) -> Days:
    """The earliest and the latest day that the value may mean; None where it has no bound.

    Qualifiers do not widen a value. ValueError if it is not valid.

    >>> bounds("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> bounds("../2025-09-03")
    (None, datetime.date(2025, 9, 3))
    """
    days = _read(value)
    if days is None:
        raise ValueError(f"{value!r} is not an EDTF value")
    return days


def contains(outer: str, inner: str) -> bool:
    """Whether every day that `inner` may mean is one that `outer` may mean. ValueError if either is not valid.

    >>> contains("2025-10", "2025-10-09"), contains("2025-10-09", "2025-10"), contains("../2025", "2024")
    (True, False, True)
    """
    first, last = bounds(outer)
    inner_first, inner_last = bounds(inner)
    starts = first is None or (inner_first is not None and first <= inner_first)
    ends = last is None or (inner_last is not None and inner_last <= last)
    return starts and ends


def most_exact(values: Iterable[str]) -> str:
    """The value that leaves the fewest days open, a certain one before an uncertain; "" where there is none.

    >>> most_exact(["2024-12", "2024-12-25?", "2024-12-25", "../2025"])
    '2024-12-25'
    """
    return min((value for value in values if is_valid(value)), key=_openness, default="")


def _openness(value: str) -> tuple[int, bool, str]:
    first, last = bounds(value)
    days = (last - first).days if first and last else date.max.toordinal()
    return days, strip_qualifier(value) != value, value


def strip_qualifier(value: str) -> str:
    """The value without `?`, `~` and `%`, at both ends of an interval.

    >>> strip_qualifier("2025-10?/2025-11~")
    '2025-10/2025-11'
    """
    return value.translate({ord(mark): None for mark in "?~%"})


def qualify(value: str, mark: str) -> str:
    """The value with `mark` ("?" uncertain, "~" approximate) at every end that is a date; ? and ~ make %.

    >>> qualify("../2025-10", "?"), qualify("2025~", "?"), qualify("2025?", "?")
    ('../2025-10?', '2025%', '2025?')
    """
    return "/".join(_mark(end, mark) for end in value.split("/"))


def _mark(end: str, mark: str) -> str:
    if end in _OPEN:
        return end
    if end[-1] not in "?~%":
        return end + mark
    return end if end[-1] in (mark, "%") else end[:-1] + "%"


@lru_cache(maxsize=65536)  # values repeat: an archive of ten years has 3,650 days
def _read(value: str) -> Days | None:
    start, slash, end = value.partition("/")
    if not slash:
        return _point(start)
    first = (None, None) if start in _OPEN else _point(start)
    last = (None, None) if end in _OPEN else _point(end)
    if first is None or last is None or not start + end:
        return None
    if first[0] and last[1] and first[0] > last[1]:
        return None
    return first[0], last[1]


def _point(text: str) -> Days | None:
    match = _POINT.fullmatch(text)
    if not match:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    try:
        return _days(year, month, day)
    except ValueError:  # no such month, no such day, or a year that Python's dates do not reach
        return None


def _days(year: str, month: str | None, day: str | None) -> Days | None:
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if month is None:
        return date(max(low, 1), 1, 1), date(high, 12, 31)
    if low != high:  # 198X-10 says too little to be of use
        return None
    if month == "XX":
        return (date(low, 1, 1), date(low, 12, 31)) if day in (None, "XX") else None
    if int(month) in _SEASONS:
        return _season(low, int(month)) if day is None else None
    if day is None or day == "XX":
        return date(low, int(month), 1), date(low, int(month), monthrange(low, int(month))[1])
    return date(low, int(month), int(day)), date(low, int(month), int(day))


def _season(year: int, season: int) -> Days:
    first, last = _SEASONS[season]
    ends = year if last > first else year + 1
    return date(year, first, 1), date(ends, last, monthrange(ends, last)[1])
