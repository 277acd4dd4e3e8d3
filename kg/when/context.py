"""What the readers of time expressions know beside the words: slots and context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kg.when import dates
from kg.when.words import Value

Slots = Mapping[str, Value]
Grain = Literal["day", "month", "year"]

HOURS = {"hour": "H", "minute": "M", "second": "S"}
_COARSENESS = {"month": 1, "year": 2, "decade": 2, "century": 2}
_LENGTHS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


class NoAnchor(Exception):  # noqa: N818 - no error: an answer that a later pass can give
    """The value depends on the day of publication, which is not known."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know beside the words themselves."""

    anchor: date | None = None  # the day of publication; the last of the month or year if no more is known
    grain: Grain = "day"  # how exactly the anchor is known
    narrative: str | None = None  # the time that the text spoke of last, EDTF
    scene: str | None = None  # inside a quotation: when it was said, if the text has just told
    future: bool = False  # the clause is about what is to come
    years: Mapping[int, int] = field(default_factory=dict)  # month -> the year last told with it

    @property
    def today(self) -> date:
        """The day of publication. NoAnchor if not known."""
        if self.anchor is None:
            raise NoAnchor
        return self.anchor

    def day(self, day: date) -> str | None:
        """A day near the publication, as exact as the anchor allows."""
        if self.grain == "day":
            return day.isoformat()
        return dates.month_value(day.year, day.month) if self.grain == "month" else None

    def year(self, month: int, day: int = 1) -> int:
        """The year of a month named without one."""
        year = dates.year_of(self.today, month, future=self.future, day=day)
        told = self.years.get(month)
        ahead = (year, month) > (self.today.year, self.today.month)
        return told if told is not None and ahead and not self.future else year

    def knows(self, unit: str) -> bool:
        """Whether the anchor is exact enough to count in this unit from it."""
        coarse = {"day": 0, "month": 1, "year": 2}[self.grain]
        return _COARSENESS.get(unit, 0) >= coarse


def number(slots: Slots, name: str) -> int | None:
    """The slot as a number, if it is there."""
    value = slots.get(name)
    return None if value is None else int(value)


def unit_in(slots: Slots) -> str:
    """The unit that the words name; a day if none."""
    return next((str(slots[name]) for name in ("unit", "unit_year", "unit_month") if name in slots), "day")


def year_in(slots: Slots, context: Context) -> int | None:
    """The year that the words give: 2024, '98, last year; None: no word of a year."""
    if "short" in slots:
        return short_year(int(slots["short"]))
    year, shift = number(slots, "year"), number(slots, "relyear")
    if year is None and shift is None and "unit_year" in slots:
        shift = number(slots, "which")
    return year if shift is None else context.today.year + shift


def short_year(year: int) -> int:
    """'98 and '25: years of two digits, up to 29 of this century."""
    return year + (2000 if year < 30 else 1900)


def period_of(period: str) -> tuple[int | None, str]:
    """The count and unit of an ISO period: "P6M" is (6, "month"); no count where it has none or is told in hours."""
    digits = period[1:-1]
    return (int(digits), _LENGTHS.get(period[-1], "day")) if digits.isdigit() else (None, "day")
