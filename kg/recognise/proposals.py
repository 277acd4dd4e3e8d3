"""What may be a name, and which of those that overlap is one."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Kind
from kg.recognise import institutions
from kg.recognise.lines import Line

PATTERN, MODEL, DICTIONARY, SHAPE = 0, 1, 2, 3  # who proposes, the first before the last


@dataclass(frozen=True, slots=True)
class Proposal:
    """Tokens first..last of a line as a name of a kind, with a score of 0..1; `rank`: who proposes it."""

    first: int
    last: int
    kind: Kind
    score: float
    method: str
    rank: int
    hint: str | None = None
    prior: float = 0.0  # the prominence of what the dictionary knows
    country: bool = False  # whether the dictionary knows a country

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Patterns before names (they would be cut), then longest, then model, dictionary, shape, then first."""
        return (self.rank != PATTERN, self.first - self.last, self.rank, self.first)


def with_seats(line: Line, proposals: list[Proposal]) -> list[Proposal]:
    """The proposals, and the bodies that are named by the places among them."""
    seats = []
    for place in proposals:
        first = institutions.seated(line.tokens, place.first, line.language.code) if place.kind == "LOC" else None
        if first is not None:
            seats.append(Proposal(first, place.last, "ORG", 0.85, "seat", PATTERN))
    return [*proposals, *seats]


def join(proposals: list[Proposal]) -> list[Proposal]:
    """One set of spans that do not overlap, by the order of `Proposal`."""
    taken: set[int] = set()
    chosen = []
    for proposal in sorted(proposals, key=lambda p: p.order):
        places = range(proposal.first, proposal.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(proposal)
    return chosen
