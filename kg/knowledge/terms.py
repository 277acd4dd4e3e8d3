"""Who held which office when: terms with partly known dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch in an office."""

    person: int  # row
    office: int  # row; -1: the base only says that the person leads the country
    start: str | None  # YYYY[-MM[-DD]]
    end: str | None  # None: open or unknown
    certainty: float  # that the person held the office on the day asked for, 0..1


OPEN = 0.95  # certainty of a term without an end while the base was made
HALF = 0.5  # what is left of it for each later comer
VAGUE = 0.6  # ... of a day that may lie before the start or behind the end
Dates = tuple[int, int]  # start, end as YYYYMMDD with 00 for what is unknown; 0: none


def packed(day: str | None) -> int:
    """YYYY[-MM[-DD]] as YYYYMMDD, unknown parts 00; 0 for None and for anything else."""
    parts = (day or "").split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return 0
    year, month, dom = (int(part) for part in (*parts, "0", "0")[:3])
    return year * 10000 + month * 100 + dom


def unpacked(day: int) -> str | None:
    """YYYY[-MM[-DD]] of a packed day."""
    if not day:
        return None
    year, month, dom = day // 10000, day // 100 % 100, day % 100
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{dom:02}" if month and dom else "")


def merge(terms: Iterable[Dates]) -> list[Dates]:
    """One person's terms in one office; of those that may be one, the exacter start and a known end. By start."""
    found: list[Dates] = []
    for start, end in sorted(set(terms), key=lambda term: (-_precision(term[0]), -_precision(term[1]), term)):
        twin = next((at for at, other in enumerate(found) if _same(start, other[0]) and _joins(end, other[1])), None)
        if twin is None:
            found.append((start, end))
        elif not found[twin][1]:
            found[twin] = (found[twin][0], end)
    return sorted(found)


def _joins(end: int, other: int) -> bool:
    return not end or not other or _same(end, other)


def certainty(term: Dates, on: date, later: Sequence[Dates], known_until: date, yearly: float) -> float:
    """How surely a term covers a day, 0..1; 0: it does not.

    An open end is worth less for every year after the base was made, and half where somebody else came `later`.
    """
    start, end = term
    day = on.year * 10000 + on.month * 100 + on.day
    if not start or _first(start) > day or (end and _last(end) < day):
        return 0.0
    vague = VAGUE if day < _last(start) != start or (end and day > _first(end) != end) else 1.0
    if end:
        return vague
    sure: float = vague * OPEN * yearly ** max(0.0, (on - known_until).days / 365.25)
    return sure * float(HALF ** sum(start < other <= day for other, _ in later))


def _precision(day: int) -> int:
    return 0 if not day else 1 + bool(day // 100 % 100) + bool(day % 100)


def _same(day: int, other: int) -> bool:
    """Whether one may be the other, known less exactly; nothing is the same as no day."""
    unit = 10000 if not (day // 100 % 100 and other // 100 % 100) else 100 if not (day % 100 and other % 100) else 1
    return day // unit == other // unit


def _first(day: int) -> int:
    """The first day that a packed day may be."""
    return day + (0 if day // 100 % 100 else 100) + (0 if day % 100 else 1)


def _last(day: int) -> int:
    """The last day that a packed day may be; every month may have 31."""
    return day + (0 if day // 100 % 100 else 1200) + (0 if day % 100 else 31)
