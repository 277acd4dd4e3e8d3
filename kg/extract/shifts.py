"""Times counted from an event: "five days after the quake", "zəlzələdən üç gün sonra".

Such a time is as far from the event as it says, and from nothing else. Where the article does not tell when the event
was, no point in time is known: the rules of kg/when, which see a number, a unit and "after", counted from the day of
publication, so their reading is taken out of the scene.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kg import edtf
from kg.extract.scene import Scene
from kg.extract.triggers import Trigger

_YEARS = 1000  # from here on a number beside "after" is a year
_MONTHS = 12
_NAMED = 4  # words between "after" and the noun of the event, at most
_UNITS = {"days": 1, "weeks": 7, "months": 0, "years": 0}  # days of a unit; months and years have none


@dataclass(frozen=True, slots=True)
class Shift:
    """A length of time before or after an event."""

    start: int  # first word: the number
    end: int  # after the last word: "after"
    unit: str  # days, weeks, months, years
    count: int  # negative: before the event
    event: Trigger | None  # the noun of the event; None: it has no trigger

    @property
    def text(self) -> str:
        """The length as in ISO 8601, with its sign: "P5D", "-P2W"."""
        return f"{'-' if self.count < 0 else ''}P{abs(self.count)}{self.unit[0].upper()}"


def shifts_in(scene: Scene, triggers: Sequence[Trigger]) -> tuple[Shift, ...]:
    """The lengths of time that a sentence counts from an event, in its order."""
    words = scene.words.folded
    found: list[Shift] = []
    for name in _UNITS:
        for start, end in scene.found.cues.get(f"unit:{name}", ()):
            count = _number(scene, words[start - 1]) if start else None
            if count:
                found += _shift(scene, triggers, (start - 1, end, name, count))
    return tuple(sorted(found, key=lambda one: one.start))


def without_shifts(scene: Scene, shifts: Sequence[Shift]) -> Scene:
    """The scene without the times that are only parts of such lengths."""
    if not shifts:
        return scene
    kept = [one for one in scene.times if not any(one[0] < two.end and two.start < one[1] for two in shifts)]
    return replace(scene, times=tuple(kept))


def shift_of(scene: Scene, trigger: Trigger, triggers: Sequence[Trigger], shifts: Sequence[Shift]) -> Shift | None:
    """The length that says when a verb's event was: the nearest in its clause whose event is not its own."""
    if trigger.form == "noun":
        return None
    for one in shifts:
        if one.event is None or one.event is trigger:
            continue
        first, last = (one.end, trigger.start) if one.end <= trigger.start else (trigger.end, one.start)
        verbs = [two for two in triggers if two.form != "noun" and two is not trigger and first <= two.start < last]
        breaks = any(scene.tags[i] in {"stop", "that", "clause", "relative"} for i in range(first, last))
        if not verbs and not breaks:
            return one
    return None


def shifted(value: str, shift: str) -> str | None:
    """The EDTF value that lies so far from another; None: it is not told exactly enough, or lies in no year.

    >>> shifted("2026-02-02", "P5D"), shifted("2026-02-02", "-P2M"), shifted("2026-02", "P5D"), shifted("2025", "P1Y")
    ('2026-02-07', '2025-12', None, '2026')
    >>> shifted("2026-22", "P2M"), shifted("9999-12-31", "P1D")  # 22 is summer, not a month
    (None, None)
    """
    plain, sign = edtf.strip_qualifier(value), -1 if shift.startswith("-") else 1
    count, unit = sign * int(shift.strip("-P")[:-1]), shift[-1]
    parts = plain.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > len("ymd"):
        return None
    if unit in "DW":
        day = date.fromisoformat(plain).toordinal() if len(parts) == len("ymd") else 0
        moved = day + count * (7 if unit == "W" else 1)
        return date.fromordinal(moved).isoformat() if day and 0 < moved <= date.max.toordinal() else None
    if unit == "Y":
        year = int(parts[0]) + count
        return f"{year:04d}" if 0 < year <= date.max.year else None
    if len(parts) == 1 or int(parts[1]) > _MONTHS:
        return None
    year, month = divmod(int(parts[0]) * _MONTHS + int(parts[1]) - 1 + count, _MONTHS)
    return f"{year:04d}-{month + 1:02d}" if 0 < year <= date.max.year else None


def _number(scene: Scene, word: str) -> int | None:
    value = int(word) if word.isdigit() else int(scene.lexicon.numbers.get(word, 0))
    return value if 0 < value < _YEARS else None


def _shift(scene: Scene, triggers: Sequence[Trigger], length: tuple[int, int, str, int]) -> Iterator[Shift]:
    start, end, unit, count = length
    for category, sign in (("after_event", 1), ("before_event", -1)):
        for first, last in scene.found.cues.get(category, ()):
            if first != end:
                continue
            before = scene.lexicon.cues.verb_last
            named, event = _before(scene, triggers, start) if before else _behind(scene, triggers, last)
            if named:
                yield Shift(start, last, unit, sign * count, event)
                return


def _behind(scene: Scene, triggers: Sequence[Trigger], last: int) -> tuple[bool, Trigger | None]:
    """Whether something is named behind "after", and its event; None: it has no trigger."""
    if last >= len(scene.tags) or scene.tags[last] in {"comma", "mark", "stop", "pronouns", "time", "quote"}:
        return False, None
    nouns = (one for one in triggers if last <= one.start <= last + _NAMED and one.form == "noun")
    event = next(nouns, None)
    clear = event and not any(scene.tags[i] in {"comma", "stop", "verb", "that"} for i in range(last, event.start))
    return True, event if clear else None


def _before(scene: Scene, triggers: Sequence[Trigger], start: int) -> tuple[bool, Trigger | None]:
    """The same where verbs stand last: the event's noun, in the ablative, stands before the number."""
    event = next((one for one in triggers if one.end == start and one.form == "noun"), None)
    return event is not None or start - 1 in scene.covered("ablative"), event
