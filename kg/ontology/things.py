"""What news speaks of without a name, "the police", "a plane", "eight soldiers": `things.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from kg.errors import DataError
from kg.model import Kind

_FIX = "See the comment at the top of things.toml."
_SETTINGS = frozenset({"kind", "group", "acts", "local", "weapon"})


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that is described and not named."""

    name: str  # "aircraft"
    kind: Kind
    group: bool  # people who are others in the next sentence
    acts: bool  # with a country beside it, the country acts
    local: bool  # what happens to it or by it happens where it stands
    weapon: bool  # inside the name of an event it is what it is done with: "drone attack"
    words: Mapping[str, tuple[str, ...]]  # language -> words in the pattern language of events.ttl, plain form first


def load_things(path: Path) -> tuple[Thing, ...]:
    """The rows of a file in the format of `things.toml`, in their order. Raises DataError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} can't be read: {error}", "Mend the file, or install anew.") from error
    return tuple(_thing(name, row) for name, row in tables.items())


def _thing(name: str, row: Any) -> Thing:
    if not isinstance(row, dict) or row.get("kind") not in get_args(Kind):
        raise DataError(f"things.toml: [{name}] has no kind, or one that is unknown.", _FIX)
    words = {key: value for key, value in row.items() if key not in _SETTINGS}
    wrong = next((lang for lang, text in words.items() if not isinstance(text, str) or not text.strip(" |")), None)
    if wrong:
        raise DataError(f"things.toml: [{name}] {wrong} is no list of words.", _FIX)
    return Thing(
        name=name,
        kind=cast("Kind", row["kind"]),
        group=bool(row.get("group", False)),
        acts=bool(row.get("acts", False)),
        local=bool(row.get("local", False)),
        weapon=bool(row.get("weapon", False)),
        words={lang: tuple(one.strip() for one in text.split("|") if one.strip()) for lang, text in words.items()},
    )
