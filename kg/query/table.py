"""Rows of an answer, and the aligned table that people read."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kg.rdf import compact

_GAP = "  "
_NARROWEST = 12  # columns that a cell keeps on a terminal that is too narrow for its row


@dataclass(frozen=True, slots=True)
class Term:
    """One value of an answer."""

    kind: Literal["uri", "literal", "bnode"]
    value: str
    lang: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: names of the variables, and what each row binds (None: nothing)."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    @classmethod
    def from_json(cls, body: bytes) -> Rows:
        """Reads SPARQL 1.1 JSON results. ValueError or KeyError if they are none."""
        read = json.loads(body)
        variables = tuple(read["head"]["vars"])
        return cls(variables, tuple(tuple(_term(b.get(v)) for v in variables) for b in read["results"]["bindings"]))

    def as_table(self, width: int | None = None) -> str:
        """Aligned columns with a heading; no line is longer than `width` columns unless that is None."""
        head = [name.replace("_", " ") for name in self.variables]
        cells = [[_shown(term) for term in row] for row in self.rows]
        widths = [max(columns(row[i]) for row in [head, *cells]) for i in range(len(head))]
        if width is not None:
            widths = _fitted(widths, width)
        rule = ["-" * w for w in widths]
        lines = [_line(row, widths) for row in [head, rule, *cells]]
        count = len(self.rows)
        return "\n".join([*lines, f"({count:,} row{'s' if count != 1 else ''})", ""])


def columns(text: str) -> int:
    """How many terminal columns a text takes: wide characters two, combining marks none."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _term(binding: Mapping[str, Any] | None) -> Term | None:
    if binding is None:
        return None
    kind = binding["type"]
    if kind not in {"uri", "bnode"}:
        kind = "literal"  # old endpoints write typed-literal
    return Term(kind, binding["value"], binding.get("xml:lang"), binding.get("datatype"))


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    text = compact(term.value) if term.kind == "uri" else term.value
    # A control character of some article must not reach the terminal.
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def _fitted(widths: Sequence[int], most: int) -> list[int]:
    """Takes columns from the widest cells until the row fits, down to _NARROWEST each."""
    fitted = list(widths)
    room = most - len(_GAP) * (len(fitted) - 1)
    while sum(fitted) > room and max(fitted) > _NARROWEST:
        widest = fitted.index(max(fitted))
        fitted[widest] -= 1
    return fitted


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _padded(cell: str, width: int) -> str:
    taken = columns(cell)
    if taken <= width:
        return cell + " " * (width - taken)
    kept, used = [], 0
    for character in cell:
        used += _columns_of(character)
        if used > width - 1:
            break
        kept.append(character)
    text = "".join(kept) + "…"
    return text + " " * (width - columns(text))
