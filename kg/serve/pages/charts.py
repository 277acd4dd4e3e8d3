"""Pictures as SVG, made here: they need no script, scale, print, and are read out as their table is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log, pi, radians, tan

SCALE = 20  # map units a degree, as in vendoring/pages.py
_LEAST = 700  # map units that a map shows at least: 35 degrees, so that coasts and neighbours can be made out
_SHAPE = 0.46  # height of a map by its width; pages.css has it too
_LETTER, _LINE = 7.0, 16.0  # pixels that a label's letter is wide, and a label high
_NARROW, _WIDE_PAGE = 340, 700  # pixels of a map on a phone and beside a desktop page's text
_NORTH, _SOUTH = -2640.0, 1760.0  # as far as the outlines reach
_WIDE = 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point on a map, with what stands beside it."""

    label: str
    href: str
    lat: float  # degrees
    long: float
    weight: int = 1  # how often, for its size


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a map: where, how large, and whether there is room for its name."""

    place: Place
    x: float  # percent of the map's width
    y: float  # percent of its height
    size: float  # radius in pixels
    left: bool  # its label stands left of it
    room: str  # "always", "wide" (not on a phone), or "" (only when pointed at)


@dataclass(frozen=True, slots=True)
class Map:
    """A stretch of the world with marks on it."""

    box: str  # viewBox of the outlines
    line: float  # map units that are about a pixel
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram."""

    label: str
    number: int
    share: float  # of the highest, 0..100


def miller(lat: float, long: float) -> tuple[float, float]:
    """A place in map units.

    >>> miller(0, 10)
    (200.0, -0.0)
    """
    lat = max(-85.0, min(85.0, lat))
    return float(long * SCALE), round(-1.25 * log(tan(pi / 4 + 0.4 * radians(lat))) * 180 / pi * SCALE, 1)


def world(places: Iterable[Place]) -> Map | None:
    """A map that shows all of the places with some land around them; None if there are none."""
    best: dict[tuple[float, float], Place] = {}
    for place in sorted(places, key=lambda one: one.weight):
        best[place.lat, place.long] = place  # the weightier of two that stand on one point
    points = [(place, *miller(place.lat, place.long)) for place in best.values()]
    if not points:
        return None
    x, y, width, height = _box([(x, y) for _, x, y in points])
    top = max(place.weight for place, _, _ in points)
    points.sort(key=lambda point: (-point[0].weight, point[0].label))
    spots = [
        Mark(place, round(100 * (px - x) / width, 2), round(100 * (py - y) / height, 2),
             round(3.5 + 4.5 * (place.weight / top) ** 0.5, 1), px > x + width * 0.72, "")
        for place, px, py in points
    ]  # fmt: skip
    always, wide = _with_room(spots, _NARROW), _with_room(spots, _WIDE_PAGE)
    marks = [
        replace(mark, room="always" if at in always and at in wide else "wide" if at in wide else "")
        for at, mark in enumerate(spots)
    ]
    return Map(f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}", round(width / 900, 2), tuple(marks))


def _with_room(marks: Sequence[Mark], width: int) -> set[int]:
    """Which labels fit beside those before them on a map of that many pixels."""
    taken: list[tuple[float, float, float, float]] = []
    fitting = set()
    for at, mark in enumerate(marks):
        x, y = mark.x / 100 * width, mark.y / 100 * width * _SHAPE
        long = _LETTER * len(mark.place.label) + mark.size + 4
        box = (x - long if mark.left else x, y - _LINE / 2, x if mark.left else x + long, y + _LINE / 2)
        if box[2] <= width and all(
            box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1] for other in taken
        ):
            fitting.add(at)
            taken.append(box)
    return fitting


def _box(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width = max((right - left) * 1.5, (bottom - top) * 1.6 / _SHAPE, _LEAST)
    width = min(width, 2 * _WIDE, (_SOUTH - _NORTH) / _SHAPE)
    height = width * _SHAPE
    x = min(max((left + right - width) / 2, -_WIDE), _WIDE - width)
    y = min(max((top + bottom - height) / 2, _NORTH), _SOUTH - height)
    return x, y, width, height


def histogram(days: Iterable[str], most: int = 24) -> tuple[Bar, ...]:
    """How many of the days (ISO, also of only a month or year) fall into each day, month or year, gaps included.

    The finest of the three that needs no more than `most` bars.

    >>> [(bar.label, bar.number) for bar in histogram(["2025-10-01", "2025-12-24", "2025-12-25"], most=5)]
    [('2025-10', 1), ('2025-11', 0), ('2025-12', 2)]
    """
    known = sorted(day[:10] for day in days if day[:4].isdigit())
    if not known:
        return ()
    whole = [day for day in known if len(day) >= 7 and day[5:7].isdigit()]
    months = _months(whole[0], whole[-1]) if whole else []
    if len(whole) == len(known) and 1 < len(months) <= most:
        found = Counter(day[:7] for day in whole)
        return _bars([(month, found[month]) for month in months])
    found = Counter(day[:4] for day in known)
    years = range(int(known[0][:4]), int(known[-1][:4]) + 1)
    return _bars([(str(year), found[str(year)]) for year in years][-most:]) if len(years) > 1 else ()


def _months(first: str, last: str) -> list[str]:
    start, end = (int(day[:4]) * 12 + int(day[5:7]) - 1 for day in (first, last))
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(start, min(end, start + 600) + 1)]


def _bars(counted: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    top = max(number for _, number in counted) or 1
    return tuple(Bar(label, number, round(100 * number / top, 1)) for label, number in counted)


def bars(rows: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    """Named numbers as bars, in their order."""
    counted = list(rows)
    return _bars(counted) if counted else ()
