"""Was a LIMIT met? An answer does not tell, least of all where the LIMIT stands in a sub-SELECT."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.query.guard import Token, tokens


def beyond(sparql: str) -> Iterator[tuple[int, str]]:
    """(limit, a query for the number of rows that there are, counted up to one beyond it), for each LIMIT of a SELECT.

    >>> list(beyond("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 5 } ?s a ?c }"))
    [(5, 'SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s ?p ?o } LIMIT 6 } }')]
    """
    found = tokens(sparql)
    start = next((token.start for token in found if token.kind == "word" and token.lower == "select"), None)
    if start is None:
        return
    prologue = sparql[:start]
    opened: list[Token] = []
    for word, number in pairwise(found):
        if word.text == "{":
            opened.append(word)
        elif word.text == "}" and opened:
            opened.pop()
        elif word.kind == "word" and word.lower == "limit" and number.text.isdecimal():
            first = opened[-1].end if opened else start
            rest = sparql[number.end : _closing(found, number.end)]
            limited = f"{sparql[first : word.start].strip()} LIMIT {int(number.text) + 1}{rest.rstrip()}"
            yield int(number.text), f"{prologue}SELECT (COUNT(*) AS ?n) {{ {{ {limited} }} }}"


def _closing(found: tuple[Token, ...], after: int) -> int | None:
    """Where the group ends that is open there; None: none is."""
    depth = 0
    for token in found:
        if token.start < after:
            continue
        depth += (token.text == "{") - (token.text == "}")
        if depth < 0:
            return token.start
    return None
