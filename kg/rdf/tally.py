"""How much of what a graph holds: triples a predicate, things a class, links a data set. It adds up, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kg.rdf.links import LINKS, data_set
from kg.rdf.terms import node, split_line, value

_TYPE = node("rdf:type")
_LANGUAGE = node("schema:inLanguage")
_DAY = node("schema:datePublished")
_RUN = node("prov:Activity")

Tally = Mapping[str, int]  # "p <IRI>" predicate, "c <IRI>" class, "l <IRI> <data set>" links, "s el" articles, ...


def tally(lines: Iterable[str]) -> Counter[str]:
    """The counts of canonical lines. Keys: `p` predicate, `c` class, `l` link, `s` language, `d` day, `r` run."""
    found: Counter[str] = Counter()
    for _ in tallied(lines, found):
        pass
    return found


def tallied(lines: Iterable[str], found: Counter[str]) -> Iterator[str]:
    """Hands canonical lines on, and counts them into `found` as they pass."""
    for line in lines:
        s, p, o, _ = split_line(line)
        found[f"p {p[1:-1]}"] += 1
        if p == _TYPE:
            found[f"c {o[1:-1]}"] += 1
            if o == _RUN:
                found[f"r {s[1:-1]}"] += 1
        elif p in LINKS:
            known = data_set(o[1:-1])
            found[f"l {p[1:-1]} {known.iri if known else ''}"] += 1
        elif p == _LANGUAGE:
            found[f"s {value(o)}"] += 1
        elif p == _DAY:
            found[f"d {value(o)}"] += 1
        yield line
