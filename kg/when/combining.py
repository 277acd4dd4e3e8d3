"""What the [[combine]] rows of `ontology/time/` mean: readers over times that the first rules found.

Their slots `time`, `a` and `b` hold EDTF values, `period` an ISO 8601 period.
"""
# ruff: noqa: ARG001 - all readers have one signature

from __future__ import annotations

from datetime import date, timedelta

from kg.edtf import bounds, qualify, strip_qualifier
from kg.when import dates
from kg.when.context import Context, Slots, period_of, unit_in

_WEEK = 7  # days
_PARTS = {  # (part, what it is a part of): the month of it
    ("begin", "year"): "01",
    ("middle", "year"): "06~",
    ("end", "year"): "12",
}


def read_range(slots: Slots, context: Context) -> str | None:
    """From T to T; the first takes the year of the second where it has none of its own."""
    first, last = bounds(str(slots["a"]))[0], bounds(str(slots["b"]))[1]
    if first is None or last is None:
        return None
    start, end = str(slots["a"]).split("/")[0], str(slots["b"]).split("/")[-1]
    if first > last and (first - last).days < _WEEK and len(end) == len("2025-10-09"):  # from Monday to Friday
        end = (last + timedelta(days=_WEEK)).isoformat()
    elif first > last and start[:4] != end[:4]:
        start = end[:4] + start[4:]
    return f"{start}/{end}"


def read_since(slots: Slots, context: Context) -> str | None:
    """Since T: open at its end."""
    start = str(slots["time"]).split("/")[0]
    return None if start == ".." else f"{start}/.."


def read_until(slots: Slots, context: Context) -> str | None:
    """Until T: open at its beginning."""
    end = str(slots["time"]).split("/")[-1]
    return None if end == ".." else f"../{end}"


def read_same(slots: Slots, context: Context) -> str | None:
    """Early in T, later in T: T."""
    return str(slots["time"])


def read_about(slots: Slots, context: Context) -> str | None:
    """Around 2010."""
    return qualify(str(slots["time"]), "~")


def read_part(slots: Slots, context: Context) -> str | None:
    """The beginning, middle or end of a year is its month; of a month, that month."""
    time = slots.get("time")
    if time is None and not context.knows(unit_in(slots)):
        return None
    if time is None:
        time = dates.unit_of(_told_year(context), unit_in(slots))
    bare = strip_qualifier(str(time))
    month = _PARTS.get((str(slots["part"]), "year")) if len(bare) == 4 and bare.isdigit() else None
    return str(time) if month is None else f"{bare}-{month}"


def _told_year(context: Context) -> date:
    """In "the end of the year", this one, unless the text is in the middle of telling of an earlier one."""
    told = bounds(context.narrative)[0] if context.narrative else None
    return told if told and told < context.today and not context.future else context.today


def read_period_after(slots: Slots, context: Context) -> str | None:
    """Two weeks after T, two weeks before T."""
    sign = int(slots["ago_from"])
    count, unit = period_of(str(slots["period"]))
    start = bounds(str(slots["time"]))[1 if sign > 0 else 0]
    if start is None or count is None:
        return None
    return dates.unit_of(dates.add(start, sign * count, unit), "day" if unit == "week" else unit)


def read_period_from(slots: Slots, context: Context) -> str | None:
    """Three months starting T."""
    count, unit = period_of(str(slots["period"]))
    start = bounds(str(slots["time"]))[0]
    if start is None or count is None:
        return None
    value = f"{slots['time']}/{dates.add(start, count, unit) - timedelta(days=1)}"
    return qualify(value, "?") if "?" in value else value


def read_period_until(slots: Slots, context: Context) -> str | None:
    """A silence of six months, ended by what the text has just dated."""
    count, unit = period_of(str(slots["period"]))
    end = bounds(context.narrative)[1] if context.narrative else None
    if end is None or count is None:
        return None
    return dates.span(dates.add(end, -count, unit), end, unit)


def read_period_to_now(slots: Slots, context: Context) -> str | None:
    """For six months, up to the publication."""
    count, unit = period_of(str(slots["period"]))
    if count is None or not context.knows(dates.finest(unit)):
        return None
    return dates.span(dates.add(context.today, -count, unit), context.today, unit)
