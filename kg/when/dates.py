"""Days, weeks, months and years as EDTF values, and how far one is from another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from kg.edtf import bounds

_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}  # first month, as kg.edtf has it
_SOON = 4  # days ahead in which "this Friday" is the one to come, whatever the clause says
AHEAD = 2  # months: a month or day named without a year, without a word of the future, is at most so far ahead


def month_value(year: int, month: int) -> str:
    """2025, 10 -> "2025-10"."""
    return f"{year:04}-{month:02}"


def add_months(day: date, months: int) -> date:
    """The day so many months later, the last of its month where that month is shorter. OverflowError past 9999."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("no such year")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add(day: date, count: int, unit: str) -> date:
    """The day `count` units later; hours and minutes stay within the day."""
    if unit in _MONTHS:
        return add_months(day, count * _MONTHS[unit])
    return day + timedelta(days=count * (7 if unit == "weekend" else _DAYS.get(unit, 0)))


def unit_of(day: date, unit: str) -> str:
    """The week, month, year ... that holds the day.

    >>> unit_of(date(2025, 10, 9), "week"), unit_of(date(2025, 10, 9), "decade")
    ('2025-10-06/2025-10-12', '202X')
    """
    sunday = day + timedelta(days=7 - day.isoweekday())
    match unit:
        case "week" | "fortnight":
            value = f"{sunday - timedelta(days=6)}/{sunday}"
        case "weekend":
            value = f"{sunday - timedelta(days=1)}/{sunday}"
        case "month":
            value = month_value(day.year, day.month)
        case "quarter":
            value = months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case "year" | "decade" | "century":
            value = {"year": f"{day.year:04}", "decade": f"{day.year // 10:03}X"}.get(unit, f"{day.year // 100:02}XX")
        case _:
            value = day.isoformat()
    return value


def months(year: int, first: int, count: int) -> str:
    """An interval of months of one year: 2024, 7, 3 -> "2024-07/2024-09"."""
    return f"{month_value(year, first)}/{month_value(year, first + count - 1)}"


def finest(unit: str) -> str:
    """The unit in which a stretch of years, months or weeks is bounded: years by months, weeks by days."""
    return "month" if unit in _MONTHS else "day"


def span(start: date, end: date, unit: str) -> str:
    """The interval between two days, as exact as the unit it was told in."""
    exact = finest(unit)
    return f"{unit_of(start, exact)}/{unit_of(end, exact)}"


def weekday(today: date, day: int, which: int | None, *, future: bool) -> date:
    """The Monday (1) .. Sunday (7) that is meant: by news convention the nearest past one, today included.

    which: -1 the last before today, 0 that of this week (told on Monday, "this Sunday" is yesterday, unless the clause
    is about the future), +1 the next after today; None: by `future`.
    """
    back = (today.isoweekday() - day) % 7
    if which == 0:
        ahead = day - today.isoweekday()
        return today + timedelta(days=ahead - 7 if ahead > _SOON and not future else ahead)
    if which == 1:
        return today + timedelta(days=7 - back)
    if which == -1:
        return today - timedelta(days=back or 7)
    return today + timedelta(days=(7 - back) % 7 if future else -back)


def year_of(today: date, month: int, *, future: bool, day: int = 1) -> int:
    """The year of a month (or of its day) that is named without one, told on `today`."""
    now, then = (today.month, today.day), (month, day)
    if future:
        return today.year if then >= now or month == today.month else today.year + 1
    ahead = (month - today.month) % 12
    if ahead <= AHEAD:
        return today.year if month >= today.month else today.year + 1
    return today.year if month < today.month else today.year - 1


def month_near(today: date, month: int, which: int) -> int:
    """The year of "last October" (-1: before this month), "this October" (0), "next October" (+1)."""
    if which == 0:
        return today.year
    if which < 0:
        return today.year if month < today.month else today.year - 1
    return today.year if month > today.month else today.year + 1


def season_year(today: date, season: int, which: int) -> int:
    """The year of last summer (-1: over by today), this summer (0) or next summer (+1: begins after today)."""
    if which == 0:
        return today.year if season != 24 or today.month > 2 else today.year - 1
    if which > 0:
        return today.year if (today.month, today.day) < (_SEASONS[season], 1) else today.year + 1
    year = today.year
    while (bounds(f"{year:04}-{season}")[1] or today) >= today:
        year -= 1
    return year
