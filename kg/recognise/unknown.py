"""Names that neither base nor model tells of: runs of capitalised words, with a guess at their kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.ontology.languages import match_demonym
from kg.recognise import shapes
from kg.recognise.lines import Line
from kg.recognise.proposals import DICTIONARY, SHAPE, Proposal


def with_unknown(line: Line, chosen: list[Proposal]) -> list[Proposal]:
    """The chosen names and the runs of capitalised words that nothing has claimed: names that no base knows."""
    # German writes every noun with a capital: there a capital alone is no sign of a name.
    if line.title_case or line.language.code == "de":
        return chosen
    kept = {p.first: p for p in chosen}
    taken = {place for p in chosen for place in range(p.first, p.last + 1)}
    for first, last in _runs(line, taken):
        only_kind = all(shapes.tells_kind(t, line.language.code) for t in line.tokens[first : last + 1])
        start = first - 1 if _belongs(line, first, last, kept) else first
        if only_kind and start == first:
            continue  # "the Commission": a kind of thing, not a name
        if start < first:
            kept.pop(start, None)
        kept[start] = _guess(line, start, last)
    return [kept[place] for place in sorted(kept)]


def _belongs(line: Line, first: int, last: int, kept: Mapping[int, Proposal]) -> bool:
    """Whether the country before an organisation's words is part of its name: Turkish Airlines, Azerbaijan Airlines."""
    if first == 0 or not shapes.tells_kind(line.tokens[last], line.language.code):
        return False
    before, token = kept.get(first - 1), line.tokens[first - 1]
    if before:
        return before.last == first - 1 and before.kind == "LOC" and before.rank == DICTIONARY
    return token.is_capital and match_demonym(token.text, line.language.code) is not None


def _runs(line: Line, taken: set[int]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for place in range(len(line.tokens) + 1):
        inside = place < len(line.tokens) and place not in taken and _may_name(line, place)
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            yield start, place - 1
            start = None


def _may_name(line: Line, place: int) -> bool:
    token = line.tokens[place]
    if not token.is_capital or not token.text[0].isalpha():
        return False
    if line.words.is_word(token) or place in line.roles:
        return False
    if len(token.text) < 3 and not token.is_acronym:
        return False
    if match_demonym(token.text, line.language.code):
        return False
    # The capital of a sentence's first word is a name's only when another capital follows.
    follows = place + 1 < len(line.tokens) and line.tokens[place + 1].is_capital
    return not line.opens(place) or token.is_acronym or follows


def _guess(line: Line, first: int, last: int) -> Proposal:
    before = line.tokens[first - 1] if first else None
    kind, score = shapes.kind_of(line.tokens[first : last + 1], line.language.code, before)
    return Proposal(first, last, kind, score, "shape", SHAPE)
