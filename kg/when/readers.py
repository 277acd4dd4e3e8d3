"""What the rows of `ontology/time/` mean: each reader turns the slots of one match into an EDTF value.

A reader returns None where the words say no date after all, and raises `NoAnchor` where it would need to know
when the text was written. A stretch of time without a date is returned as an ISO 8601 period, "P6M"; "PXM" is
some months.
"""
# ruff: noqa: ARG001 - all readers have one signature

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from kg.edtf import bounds, qualify
from kg.when import combining, dates
from kg.when.context import HOURS, Context, NoAnchor, Slots, number, unit_in, year_in

_PERIODS = {"day": "D", "week": "W", "fortnight": "W", "weekend": "WE", "month": "M", "quarter": "Q", "year": "Y"}
_LONG = {"decade": 10, "century": 100}  # years


def read_date(slots: Slots, context: Context) -> str | None:
    """A day or month, with or without its year."""
    if "date" in slots:
        return str(slots["date"])
    if "pair" in slots:
        return _pair(str(slots["pair"]), context)
    month, day = number(slots, "month") or number(slots, "month_short"), number(slots, "day")
    if month is None:
        return read_day_of_month(slots, context)
    year = year_in(slots, context)
    if year is None and "which" in slots and day is not None:
        year = _year_of_which(int(slots["which"]), month, day, context)
    if year is None:
        year = _year_of_weekday(slots, month, day, context.year(month, day or 1))
    return dates.month_value(year, month) if day is None else date(year, month, day).isoformat()


def _year_of_weekday(slots: Slots, month: int, day: int | None, year: int) -> int:
    """The year nearest to the given one in which the date falls on the weekday that is told with it."""
    weekday = number(slots, "weekday") or number(slots, "weekday_short")
    if day is None or weekday is None or (month, day) == (2, 29):
        return year
    return next((y for y in (year, year - 1, year + 1) if date(y, month, day).isoweekday() == weekday), year)


def _year_of_which(which: int, month: int, day: int, context: Context) -> int:
    """The year of "last 27 September": the nearest such day before (or after) today."""
    today = context.today
    if which == 0:
        return today.year
    passed = (month, day) < (today.month, today.day)
    return today.year - (not passed) if which < 0 else today.year + passed


def _pair(pair: str, context: Context) -> str | None:
    one, two = (int(part) for part in pair.split("."))
    for day, month in ((one, two), (two, one)):
        try:
            return date(context.year(month, day), month, day).isoformat()
        except ValueError:
            continue
    return None


def read_day_of_month(slots: Slots, context: Context) -> str | None:
    """The 5th: the first one after the time that the text spoke of last, else the one nearest to publication."""
    day = int(slots["day"])
    if not context.knows("month"):
        return None
    if "which" in slots:
        return dates.add_months(context.today, int(slots["which"])).replace(day=day).isoformat()
    told = bounds(context.narrative)[0] if context.narrative else None
    if told:
        start = told if told.day <= day else dates.add_months(told.replace(day=1), 1)
        return start.replace(day=day).isoformat()
    today = context.today
    start = today if today.day >= day or context.future else dates.add_months(today.replace(day=1), -1)
    return start.replace(day=day).isoformat()


def read_days(slots: Slots, context: Context) -> str | None:
    """3-5 May, May 3 to 5."""
    last = read_date({**slots, "day": slots["day2"]}, context)
    if last is None or int(slots["day"]) >= int(slots["day2"]):
        return None
    return f"{last[:8]}{int(slots['day']):02}/{last}"


def read_month(slots: Slots, context: Context) -> str:
    """Last October, next May."""
    month, which = int(slots["month"]), int(slots["which"])
    return dates.month_value(dates.month_near(context.today, month, which), month)


def read_year(slots: Slots, context: Context) -> str | None:
    """In 2020, '98."""
    return f"{year_in(slots, context):04}"


def read_years(slots: Slots, context: Context) -> str | None:
    """2019-2021, 1957-58."""
    first, last = int(slots["year"]), int(slots["year2"])
    last = first // 100 * 100 + last if last < 100 else last
    return f"{first:04}/{last:04}" if first < last <= first + 300 else None


def read_decade(slots: Slots, context: Context) -> str | None:
    """The 1990s, the 90s, '90."""
    year = int(slots["decade"])
    year = year + (1900 if year >= 30 else 2000) if year < 100 else year
    return f"{year // 10}X" if year % 10 == 0 else None


def read_century(slots: Slots, context: Context) -> str | None:
    """20th century, XX век."""
    return f"{int(slots['number']) - 1:02}XX"


def read_weekday(slots: Slots, context: Context) -> str | None:
    """Friday, last Friday, next Friday."""
    day = dates.weekday(context.today, int(slots["weekday"]), number(slots, "which"), future=context.future)
    return context.day(day)


def read_weekday_of_week(slots: Slots, context: Context) -> str | None:
    """Friday of next week."""
    week = context.today + timedelta(days=7 * int(slots["which"]))
    return context.day(dates.weekday(week, int(slots["weekday"]), 0, future=False))


def read_day(slots: Slots, context: Context) -> str | None:
    """Yesterday, today, this morning; in a quotation, told from the day on which it was said."""
    shift = number(slots, "days") or 0
    told = bounds(context.scene) if context.scene else (None, None)
    if told[0] and told[0] == told[1]:
        return (told[0] + timedelta(days=shift)).isoformat()
    return context.scene if context.scene and not shift else context.day(context.today + timedelta(days=shift))


def read_night(slots: Slots, context: Context) -> str | None:
    """Overnight: from the day before into the day of publication."""
    first, last = context.day(context.today - timedelta(days=1)), context.day(context.today)
    return last if first == last or first is None else f"{first}/{last}"


def read_unit(slots: Slots, context: Context) -> str | None:
    """Last week, this month, next year."""
    which, unit = next(number(slots, name) or 0 for name in ("which", "relyear") if name in slots), unit_in(slots)
    if unit in HOURS or not context.knows(unit):
        return None
    if unit == "decade" and which:  # the ten years before, rather than the tens of a century
        return read_span({**slots, "which": which, "num": 1}, context)
    if unit == "day" and which:  # "the next day" is told from the day that the text spoke of
        return read_later({**slots, "sign": which, "num": 1}, context)
    return dates.unit_of(dates.add(context.today, which, unit), unit)


def read_weekend(slots: Slots, context: Context) -> str | None:
    """The weekend: the one that has begun or is near, early in the week the last one."""
    if context.grain != "day":
        return None
    early = context.today.isoweekday() < 4 and not context.future
    return dates.unit_of(context.today - timedelta(days=7 * early), "weekend")


def read_shift(slots: Slots, context: Context) -> str | None:
    """Six years ago, in two weeks: as exact as the unit."""
    count = int(slots["sign"]) * int(slots.get("num", 1))
    unit = unit_in(slots)
    if not context.knows(unit):
        return None
    return dates.unit_of(dates.add(context.today, count, unit), unit if unit != "decade" else "year")


def read_later(slots: Slots, context: Context) -> str | None:
    """Three days later, the next day: told from the time that the text spoke of last."""
    count = int(slots["sign"]) * int(slots.get("num", 1))
    unit = unit_in(slots)
    told = bounds(context.narrative) if context.narrative else (context.anchor, context.anchor)
    start = told[1] if count > 0 else told[0]
    if start is None:
        raise NoAnchor
    exact = told[0] == told[1]
    if unit in HOURS or (not exact and unit in ("day", "week", "weekend")):
        return context.narrative and qualify(context.narrative, "~")
    return dates.unit_of(dates.add(start, count, unit), unit if unit != "week" else "day")


def read_hence(slots: Slots, context: Context) -> str | None:
    """Через две недели, след два дни: from publication where the clause is about the future, else as read_later.

    With `maybe` the words alone do not say that they are about the future.
    """
    slots = {**slots, "sign": 1}
    if context.future:
        return read_shift(slots, context)
    if "maybe" in slots:
        return None
    return read_later(slots, context) if context.narrative else read_shift(slots, context)


def read_span(slots: Slots, context: Context) -> str | None:
    """The past six months, the next two years: the stretch that ends, or begins, with the publication."""
    which, unit = int(slots["which"]), unit_in(slots)
    if not which or unit in HOURS or not context.knows(dates.finest(unit)):
        return read_period(slots, context)
    other = dates.add(context.today, which * int(slots["num"]), unit)
    first, last = sorted((other, context.today))
    return dates.span(first, last, unit)


def read_period(slots: Slots, context: Context) -> str | None:
    """Six months: a length, P6M."""
    unit, count = unit_in(slots), slots.get("num", "X")
    if unit in _LONG:
        return f"P{int(count) * _LONG[unit]}Y" if count != "X" else "PXY"
    if unit in HOURS:
        return f"PT{count}{HOURS[unit]}"
    return f"P{2 if unit == 'fortnight' and count == 1 else count}{_PERIODS.get(unit, 'D')}"


def read_vague_span(slots: Slots, context: Context) -> str | None:
    """The past few weeks: some time before; the next few weeks: some time after."""
    which = int(slots["which"])
    if not which:  # "these years"
        return None
    return read_vague(slots, context) if which < 0 else read_someday(slots, context)


def read_vague(slots: Slots, context: Context) -> str | None:
    """Recently, in recent weeks, several days ago."""
    today = context.day(context.today)
    return today and f"../{today}"


def read_someday(slots: Slots, context: Context) -> str | None:
    """In the future."""
    today = context.day(context.today)
    return today and f"{today}/.."


def read_now(slots: Slots, context: Context) -> str | None:
    """Now, currently."""
    return context.day(context.today)


def read_scene(slots: Slots, context: Context) -> str | None:
    """That day: the time that the text spoke of last; not a plan's, where the clause tells of what was."""
    first = bounds(context.narrative)[0] if context.narrative else None
    ahead = first is not None and first > context.today and not context.future
    return None if ahead else context.narrative


def read_same_year(slots: Slots, context: Context) -> str | None:
    """That year, or a day or month of it: the year that the text spoke of last."""
    told = bounds(context.narrative)[0] if context.narrative else None
    if told is None:
        return None
    return read_date({**slots, "year": told.year}, context) if "month" in slots else f"{told.year:04}"


def read_thereafter(slots: Slots, context: Context) -> str | None:
    """After that: open from the time that the text spoke of last to the publication."""
    first = bounds(context.narrative)[0] if context.narrative else None
    if first is None or context.narrative is None:
        return None
    start = context.narrative.split("/")[0]
    until = context.day(context.anchor) if context.anchor and first <= context.anchor else None
    return f"{start}/{until or '..'}"


def read_season(slots: Slots, context: Context) -> str | None:
    """Last summer, the summer of 2019."""
    season, year = int(slots["season"]), year_in(slots, context)
    if year is None:
        year = dates.season_year(context.today, season, int(slots.get("which", 0)))
    return f"{year:04}-{season}"


def read_part_of_year(slots: Slots, context: Context) -> str | None:
    """The third quarter of 2024, the first half of last year."""
    year, number = year_in(slots, context), int(slots["number"])
    length = {"quarter": 3, "half": 6, "month": 1}[str(slots["part_of_year"])]
    if year is None or not 1 <= number <= 12 // length:
        return None
    return dates.months(year, (number - 1) * length + 1, length)


def read_holiday(slots: Slots, context: Context) -> str | None:
    """Christmas, Christmas last year: holidays that keep their day."""
    month, _, day = str(slots["holiday"]).partition("-")
    return read_date({**slots, "month": int(month), "day": int(day)}, context)


def read_nothing(slots: Slots, context: Context) -> str | None:
    """A name that looks like a time."""
    return "PXX"


READERS: Mapping[str, Callable[[Slots, Context], str | None]] = {
    name.removeprefix("read_"): function
    for module in (globals(), vars(combining))
    for name, function in module.items()
    if name.startswith("read_")
}
