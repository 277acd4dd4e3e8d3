"""Which case a name stands in, told from its plain form: Əliyevlə beside Əliyev is "with"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kg.extract.words import fold
from kg.names import similarity
from kg.ontology import Cues, Ending

NOMINATIVE = "nom"
_VOWELS = frozenset("aeiouəöüыаеиоуэюяіїєąęóâăîаъ")
_SURE = 2  # letters of an ending that is believed without a plain form beside it
_STEM = 4  # letters that must be left of a name then
_NEAR = 0.8  # how like a plain form a word without its ending must be
_SURE_MARKERS = frozenset({"with", "in", "from"})


def markers_of_case(surface: str, plain_forms: Iterable[str], cues: Cues, *, described: bool = False) -> frozenset[str]:
    """The markers (with, to, of, ... or "nom") that a name's ending may carry; empty: nothing is known.

    `plain_forms` are the entity's labels and its other surfaces; those that share no beginning are passed over.
    A description ("Rusiya prezidentini", `described`) has none and is judged by its longest ending alone.
    """
    if not cues.endings:
        return frozenset()
    word = _last(surface)
    if described:
        return _by_ending(word, cues)
    stem, apostrophe, suffix = word.partition("'")
    if apostrophe and suffix and len(stem) >= _SURE:
        return _by_suffix(stem, suffix, cues)  # "Sarıyer'de"
    stems = [form for form in map(_last, plain_forms) if _akin(form, word)]
    if word in stems:
        return frozenset({NOMINATIVE})
    found = {
        marker
        for marker, endings in cues.endings.items()
        for ending in endings
        if any(_apply(ending, stem) == word for stem in stems)
    }
    if found or stems:
        return frozenset(found)
    return frozenset(
        marker
        for marker in _SURE_MARKERS & cues.endings.keys()
        for ending in cues.endings[marker]
        if not ending.old and len(ending.new) >= _SURE and len(word) - len(ending.new) >= _STEM
        if word.endswith(ending.new)
    )


def markers_by_sound(surface: str, plain_forms: Iterable[str], cues: Cues) -> frozenset[str]:
    """The same of a name whose plain forms are spelled otherwise: Zurabişviliyə beside Zurabishvili is "to".

    "nom" where the whole word is nearest to a plain form, but does not begin as it does: then it may have an ending
    that nobody has listed. Empty where nothing is near.
    """
    word, forms = _last(surface), [_last(form) for form in plain_forms]
    nearest = max((similarity(word, form) for form in forms), default=0.0)
    whole = nearest > _NEAR and not any(_akin(form, word) for form in forms)
    best = frozenset({NOMINATIVE}) if whole else frozenset()
    nearest = max(nearest, _NEAR)
    for marker, endings in cues.endings.items():
        for ending in endings:
            stem = _taken(ending, word)
            near = max((similarity(stem, form) for form in forms), default=0.0) if stem else 0.0
            if near > nearest:
                best, nearest = frozenset({marker}), near
            elif near == nearest and best and best != {NOMINATIVE}:
                best |= {marker}
    return best


def _taken(ending: Ending, word: str) -> str | None:
    """The word that stood before its ending: the other way round than `_apply`."""
    new = fold(ending.new)
    stem = word.removesuffix(new) + ending.old
    return stem if new and len(stem) >= _SURE and _apply(ending, stem) == word else None


def _by_suffix(stem: str, suffix: str, cues: Cues) -> frozenset[str]:
    return frozenset(
        marker
        for marker, endings in cues.endings.items()
        for ending in endings
        if not ending.old and fold(ending.new) == suffix
        if not ending.after or (stem[-1] in _VOWELS) == (ending.after == "V")
    )


def _by_ending(word: str, cues: Cues) -> frozenset[str]:
    found = [
        (len(ending.new), marker)
        for marker, endings in cues.endings.items()
        for ending in endings
        if not ending.old and len(ending.new) >= _SURE and word.endswith(ending.new)
        if not ending.after or (word[-len(ending.new) - 1 : -len(ending.new)] in _VOWELS) == (ending.after == "V")
    ]
    longest = max((length for length, _ in found), default=0)
    return frozenset(marker for length, marker in found if length == longest)


@lru_cache(maxsize=65536)
def _last(name: str) -> str:
    parts = fold(name).replace("-", " ").split()
    return parts[-1] if parts else ""


def _akin(stem: str, word: str) -> bool:
    """Whether one may be a form of the other: they begin alike, but for the last letters."""
    keep = max(2, len(stem) - 2)
    return stem[:keep] == word[:keep] and len(stem) >= 2


def _apply(ending: Ending, stem: str) -> str | None:
    if not stem.endswith(ending.old):
        return None
    if ending.after and (stem[-1] in _VOWELS) != (ending.after == "V"):
        return None
    return stem[: len(stem) - len(ending.old)] + fold(ending.new)
