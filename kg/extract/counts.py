"""Numbers with their comparator and what they count: "30-dan çox insan" is more than 30 persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.extract.scene import Scene
from kg.extract.triggers import Trigger
from kg.model import Comparator, Quantity

_FIGURE = re.compile(r"\d+")
_COMPARATORS: tuple[tuple[str, Comparator], ...] = (
    ("count:most", "<="),
    ("count:least", ">="),
    ("count:more", ">"),
    ("count:less", "<"),
    ("count:about", "~"),
)
_AFTER: tuple[tuple[str, Comparator], ...] = (("count:ending_more", ">"), ("count:ending_about", "~"))
_UNIT_REACH = 3  # words between a number and what it counts: "38 other people"
_REACH = 9  # words between a number and the trigger that it belongs to
_LONG = 24  # the same for durations: "ordered that he be placed under house arrest for three months"
_DURATIONS = frozenset({"months", "years"})
_BEFORE_UNIT = frozenset({"word", "articles", "marker", "adverbs", "mark", "chunk"})  # "38 other people"
_BREAKS = frozenset({"stop", "clause", "relative", "and"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a scene: words[start:end], its unit's word included."""

    value: float
    comparator: Comparator
    unit: str | None
    start: int
    end: int


def numbers_in(scene: Scene) -> tuple[Number, ...]:
    """The numbers that count something or may; dates and parts of names are none."""
    figures = [one for one in _figures(scene) if not _part(scene, one)]
    found = [*_ranges(scene, list(_months(figures))), *_nobody(scene)]
    return tuple(sorted(found, key=lambda number: number.start))


def _months(numbers: list[Number]) -> Iterator[Number]:
    """The numbers, with "a year and five months" as 17 months."""
    taken = None
    for first, second in pairwise([*numbers, None]):
        if first is None or first is taken:
            continue
        if second and (first.unit, second.unit) == ("years", "months") and 0 <= second.start - first.end <= 1:
            taken = second
            yield replace(first, value=first.value * 12 + second.value, unit="months", end=second.end)
        else:
            yield first


def _part(scene: Scene, number: Number) -> bool:
    """Whether a number only tells of what is in another: "29 people, including | two children"."""
    return any(0 <= number.start - end <= 1 for _, end in scene.found.cues.get("count:part", ()))


def _ranges(scene: Scene, numbers: list[Number]) -> Iterator[Number]:
    """The numbers, with "200 to 1000 people" and "20-30 people" read as at least the lower one."""
    upper = None
    for first, second in pairwise([*numbers, None]):
        if first is upper or first is None:
            continue
        joints = scene.found.cues.get("count:range", ())
        joined = second and any(
            first.end <= a and b <= second.start and second.start - first.end <= 2 for a, b in joints
        )
        if second and joined and first.unit in (None, second.unit) and first.value < second.value:
            upper = second
            yield replace(first, comparator=">=", unit=second.unit, end=second.end)
        else:
            yield first


def _figures(scene: Scene) -> Iterator[Number]:
    i, words = 0, scene.words.folded
    while i < len(words):
        read = _read(scene, i) if scene.tags[i] not in {"time", "chunk"} else None
        if read is None:
            i += 1
            continue
        value, end = read
        if _compound(scene, end):
            i = end
            continue
        comparator, end = _comparator(scene, i, end)
        unit, unit_end = _unit(scene, end)
        yield Number(value, comparator, unit, i, unit_end)
        i = max(end, i + 1)


def _compound(scene: Scene, end: int) -> bool:
    """Whether a number only begins a word that counts nothing: "60-летняя", "60-year-old"."""
    words = scene.words
    if end + 1 >= len(words) or words.folded[end] != "-" or words.starts[end] != words.ends[end - 1]:
        return False
    units = {
        a for name, spans in scene.found.cues.items() if name.startswith(("unit:", "count:ending")) for a, _ in spans
    }
    joined = words.starts[end + 1] == words.ends[end] and words.folded[end + 1].isalpha()
    return joined and not units & {end, end + 1} and not scene.lexicon.cues.verb_last


def _read(scene: Scene, i: int) -> tuple[float, int] | None:
    """(value, word after it) of the number that begins here."""
    words, lexicon = scene.words.folded, scene.lexicon
    if _FIGURE.fullmatch(words[i]):
        if _numbers_something(scene, i):
            return None
        value, end = _thousands(scene, i)
    elif words[i] in lexicon.numbers:
        value, end = lexicon.numbers[words[i]], i + 1
        # "twenty two", "iyirmi iki": tens take ones
        if end < len(words) and value >= 20 and value % 10 == 0 and 0 < lexicon.numbers.get(words[end], 0) < 10:
            value, end = value + lexicon.numbers[words[end]], end + 1
    else:
        return None
    while end < len(words) and words[end] in lexicon.scale:
        value, end = value * lexicon.scale[words[end]], end + 1
        if end < len(words) and words[end] == ".":  # "тыс."
            end += 1
    return value, end


def _numbers_something(scene: Scene, i: int) -> bool:
    """Whether a figure is a name's: E-190, No. 8, № 5."""
    words = scene.words.folded
    if not i or words[i - 1] not in {"-", "№", "#"} or scene.words.ends[i - 1] != scene.words.starts[i]:
        return False
    return words[i - 1] != "-" or i < 2 or not words[i - 2].isdigit()


def _thousands(scene: Scene, i: int) -> tuple[float, int]:
    """1,200 and 1.200 and 1 200 are thousands; 1.5 and 1,5 are fractions."""
    words = scene.words
    text, end = words.folded[i], i + 1
    while end + 1 < len(words) and words.folded[end] in ".," and words.folded[end + 1].isdigit():
        if words.starts[end + 1] != words.ends[end] or words.starts[end] != words.ends[end - 1]:
            break
        if len(words.folded[end + 1]) != 3:
            return float(f"{text}.{words.folded[end + 1]}"), end + 2
        text, end = text + words.folded[end + 1], end + 2
    while end < len(words) and len(text) <= 3 and len(words.folded[end]) == 3 and words.folded[end].isdigit():
        text, end = text + words.folded[end], end + 1
    return float(text), end


def _comparator(scene: Scene, start: int, end: int) -> tuple[Comparator, int]:
    """The comparator beside the number, and where the number now ends."""
    for name, comparator in _COMPARATORS:
        if any(
            b == start or (b == start - 1 and scene.tags[b] == "articles") for _, b in scene.found.cues.get(name, ())
        ):
            return comparator, end
    for name, comparator in _AFTER:
        for a, b in scene.found.cues.get(name, ()):
            if end <= a <= end + 1 and (a == end or scene.tags[end] == "word"):
                return comparator, b
    return "=", end


def _unit(scene: Scene, end: int) -> tuple[str | None, int]:
    """What the number counts, among the next words; None: no noun that we know. Any group of people is persons."""
    units = [(a, b, name) for name, spans in scene.found.cues.items() if name.startswith("unit:") for a, b in spans]
    units += ((hit.start, hit.end, "unit:persons") for hit in scene.found.things if hit.item.group)
    near = [one for one in units if end <= one[0] <= end + _UNIT_REACH]
    for a, b, name in sorted(near):
        if all(
            (scene.tags[i] in _BEFORE_UNIT or scene.words.folded[i] == "-") and not scene.words.folded[i].isdigit()
            for i in range(end, a)
        ):
            return name.removeprefix("unit:"), b
    return None, end


def _nobody(scene: Scene) -> Iterator[Number]:
    for start, end in scene.found.cues.get("count:nobody", ()):
        yield Number(0.0, "=", "persons", start, end)


def assign(scene: Scene, triggers: Sequence[Trigger], numbers: Sequence[Number]) -> dict[Trigger, Quantity]:
    """Each number to the nearest trigger that counts its unit, and to each trigger one number."""
    pairs = sorted(
        (_distance(scene, trigger, number), n, t)
        for t, trigger in enumerate(triggers)
        for n, number in enumerate(numbers)
        if _countable(trigger, number)
    )
    taken: set[int] = set()
    given: dict[Trigger, Quantity] = {}
    for distance, n, t in pairs:
        trigger, number = triggers[t], numbers[n]
        if trigger in given or n in taken or distance > (_LONG if number.unit in _DURATIONS else _REACH):
            continue
        taken.add(n)
        given[trigger] = _quantity(scene, trigger, number)
        for other in triggers:  # one word may stand for two types: "killed" counts for both
            same = (other.start, other.end) == (trigger.start, trigger.end)
            if same and _countable(other, number):
                given.setdefault(other, _quantity(scene, other, number))
    return given


def _countable(trigger: Trigger, number: Number) -> bool:
    kind = trigger.type
    if not kind.units or (number.unit is not None and number.unit not in kind.units):
        return False
    if number.unit != "money" and number.value % 1:
        return False  # nobody dies by halves
    if number.unit is None:
        after = 0 <= number.start - trigger.end <= 2 and trigger.form != "noun"  # no "death at 87"
        bare = 0 <= trigger.start - number.end <= 1 or after
        return bare and kind.needs_quantity
    # "149 morts": the trigger is itself what is counted; "12 killed people" would be another number.
    inside = number.start < trigger.start < number.end
    unit_itself = trigger.start >= number.end - 1 and (kind.needs_quantity or number.unit not in {"years", "months"})
    return not inside or unit_itself or number.value == 0


def _distance(scene: Scene, trigger: Trigger, number: Number) -> int:
    if number.start < trigger.end and trigger.start < number.end:
        return 0
    first, last = (number.end, trigger.start) if number.end <= trigger.start else (trigger.end, number.start)
    breaks = sum(6 if scene.tags[i] != "and" else 4 for i in range(first, last) if scene.tags[i] in _BREAKS)
    before = number.end <= trigger.start  # "two killed and ten injured": the number stands before its noun
    return last - first + breaks + (0 if before else 1)


def _quantity(scene: Scene, trigger: Trigger, number: Number) -> Quantity:
    unit = trigger.type.unit or number.unit or "persons"
    return Quantity(number.value, number.comparator, unit, scene.span(number.start, number.end))


def zero(quantity: Quantity | None) -> bool:
    """Whether the count says that nobody was concerned: an assertion, not a denial."""
    return quantity is not None and quantity.value == 0
