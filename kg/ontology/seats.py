"""Palaces that stand for a state's leaders, and what a capital is: `seats.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError


@dataclass(frozen=True, slots=True)
class Seats:
    """Names as the file writes them."""

    palaces: Mapping[str, str]  # name of a palace -> ISO 3166-1 code of its state
    capital: str  # QID of the class of capitals


def load_seats(path: Path) -> Seats:
    """The rows of a file in the format of `seats.toml`. Raises DataError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        palaces = {name.strip(): code for code, called in data["palaces"].items() for name in called.split("|")}
        return Seats(palaces, str(data["classes"]["capital"]))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise DataError(
            f"{path} can't be used: {error!r}.", "See the comments in seats.toml, or install anew."
        ) from error
