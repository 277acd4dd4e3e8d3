"""What tells languages apart and where their full stops end no sentence: `ontology/profiles.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.errors import DataError
from kg.ontology.languages import parse
from kg.shipped import shipped

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_LISTS = ("words", "abbreviations", "numbers")


@dataclass(frozen=True, slots=True)
class Profile:
    """One table of `ontology/profiles.toml`. All words are lower case."""

    code: str  # ISO 639-1
    letters: frozenset[str]  # its whole alphabet, lower case; a-z included for Latin ones
    words: frozenset[str]  # small words that stand in nearly every sentence
    abbreviations: frozenset[str]  # without the last full stop; a capital letter may follow inside the sentence
    numbers: frozenset[str]  # the same, before or after a number
    frequent: frozenset[str] = frozenset()  # letters of which no thirty letters of it have none
    ordinals: bool = False  # "3. Oktober": a number's full stop makes it an ordinal


@cache
def profiles() -> Mapping[str, Profile]:
    """The profiles by language code, in the file's order.

    Raises DataError where the file is not as its head says.
    """
    tables = dict(parse(shipped("ontology/profiles.toml")))
    general = frozenset(tables.pop("general", {}).get("abbreviations", ()))
    return {code: _profile(code, table, general) for code, table in tables.items()}


def _profile(code: str, table: Mapping[str, object], general: frozenset[str]) -> Profile:
    lists = {}
    for name in _LISTS:
        values = table.get(name, [])
        if not isinstance(values, list) or any(not isinstance(v, str) or v != v.lower() for v in values):
            what = f"ontology/profiles.toml: [{code}] {name} is not a list of lower-case words"
            raise DataError(what, "Write it as the head of that file says.")
        lists[name] = frozenset(values)
    letters = frozenset(str(table.get("letters", "")))
    # A Latin alphabet is given by its own letters alone; Serbian is written in both scripts.
    if not letters or min(letters) < "Ͱ":
        letters |= _LATIN
    return Profile(
        code,
        letters,
        lists["words"],
        lists["abbreviations"] | general,
        lists["numbers"],
        frozenset(str(table.get("frequent", ""))),
        ordinals=bool(table.get("ordinals", False)),
    )
