"""`DIR/identities.jsonl`: what somebody found local entities to be. Like `quads/` it is truth, and it lasts.

One JSON object a line, sorted by alias: {"alias": "entity/9f2c...", "qid": "Q42", "label": "...", "why": "...",
"score": 0.97, "when": "2025-10-09"}. The alias is a local entity's iri as it stood when it was found; whatever
it is one with follows it. A person may edit the file: the next `kg` command that writes follows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import GraphError

NAME = "identities.jsonl"
_QID = re.compile(r"Q[1-9]\d*", re.ASCII)
_ALIAS = re.compile(r"entity/[0-9a-f]+", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Assigned:
    """One row. ValueError: the alias is no local entity, or the QID is none."""

    alias: str  # "entity/9f2c..."
    qid: str  # "Q42"
    label: str | None = None  # the item's English name, shown until an article links to the item itself
    why: str = ""
    score: float = 1.0  # 0..1
    when: str | None = None  # ISO 8601 day

    def __post_init__(self) -> None:
        if not (_ALIAS.fullmatch(self.alias) and _QID.fullmatch(self.qid)):
            raise ValueError(f"{self.alias!r} is no local entity, or {self.qid!r} no item")

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Assigned:
        """A row read back. ValueError, TypeError: it is none."""
        return cls(**json.loads(line))


def read(folder: Path) -> list[Assigned]:
    """The rows of a graph folder, by alias; [] if there is no file. GraphError: a line that is none."""
    path = folder / NAME
    if not path.exists():
        return []
    rows: dict[str, Assigned] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                row = Assigned.from_json(line)
            except (ValueError, TypeError) as error:
                what = f"{path}, line {number} is no identity: {error}"
                raise GraphError(what, "Mend or delete the line.") from error
            rows[row.alias] = row
    return sorted(rows.values())


def lines(rows: Iterable[Assigned]) -> Iterator[str]:
    """The file's lines, by alias."""
    yield from (row.to_json() for row in sorted(rows))
