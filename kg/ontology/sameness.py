"""What makes two reports one event, and two names one local entity: the weights of `identity.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.errors import DataError
from kg.shipped import shipped

_FIX = "See the comments in ontology/identity.toml."


@dataclass(frozen=True, slots=True)
class Sameness:
    """Weights and thresholds. Scores add up; what contradicts outright is no matter of weight."""

    events: Mapping[str, float]
    locals: Mapping[str, float]


@cache
def sameness() -> Sameness:
    """The weights that ship, read once. Raises DataError where a table or a number is missing."""
    try:
        tables = tomllib.loads(shipped("ontology/identity.toml").read_text(encoding="utf-8"))
        return Sameness(_numbers(tables["events"]), _numbers(tables["locals"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"ontology/identity.toml can't be used: {error!r}", _FIX) from error


def _numbers(table: Mapping[str, object]) -> Mapping[str, float]:
    return {name: float(str(value)) for name, value in table.items()}
