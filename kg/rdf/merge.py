"""What several articles say together: the union of their quads, of which some can stand only once.

Two articles that support one claim give it two confidences; two that name one local entity may give it two
preferred labels. One of them stands, and which one depends on nothing but the values: the greatest. So the
order of articles does not matter, and taking one away leaves what the others say (`slot`, `rank`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from kg.rdf.terms import node, split_line, split_literal

_CONFIDENCE = node("kg:confidence")
_LABEL = node("skos:prefLabel")
_NAME = node("rdfs:label")
_HINTS = (_CONFIDENCE[-12:], _LABEL[-11:], _NAME[-7:])  # cheaper to look for than to split every line

UNIQUE = frozenset((_CONFIDENCE, _LABEL, _NAME))  # predicates of which a subject has one, or one a language

Rank = tuple[Decimal, str]


def slot(line: str) -> tuple[str, str, str] | None:
    """The place that only one of several lines can take.

    A claim, like any reading of one, has one confidence; an entity one name to show (rdfs:label) and one
    preferred label a language (SKOS asks for that). None: the line stands whatever else is said.
    """
    if not any(hint in line for hint in _HINTS):
        return None
    s, p, o, _ = split_line(line)
    if p in (_CONFIDENCE, _NAME):
        return s, p, ""
    return (s, p, split_literal(o)[1] or "") if p == _LABEL else None


def rank(line: str) -> Rank:
    """What decides between lines of one slot: the highest number; between texts, English, then the last by code points.

    Small letters come after capitals there: "Azerbaijan Airlines" wins over "AZERBAIJAN AIRLINES".
    """
    _, p, o, _ = split_line(line)
    said, lang, _ = split_literal(o)
    return (Decimal(said), o) if p == _CONFIDENCE else (Decimal(lang == "en"), o)


def settled(lines: Iterable[str]) -> Iterator[str]:
    """Sorted lines without those that a better line of the same slot outdoes; the order stays.

    Lines of one slot share subject and predicate, so they stand together in sorted lines.
    """
    for (_, predicate), group in groupby(lines, _subject_and_predicate):
        if predicate not in UNIQUE:
            yield from group
            continue
        together = list(group)
        best: dict[tuple[str, str, str] | None, str] = {}
        for line in together:
            key = slot(line)
            if key not in best or rank(line) > rank(best[key]):
                best[key] = line
        yield from (line for line in together if line in best.values())


def _subject_and_predicate(line: str) -> list[str]:
    return line.split(" ", 2)[:2]
