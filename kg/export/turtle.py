"""Turtle, TriG, and Turtle of RDF 1.2 in which a claim reifies the triple that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from kg.export.format import Row, Settings
from kg.rdf import PREFIXES, Short, header, node

_RDF_TYPE = f"<{PREFIXES['rdf']}type>"
_REIFIES = f"<{PREFIXES['rdf']}reifies>"
_CLAIM = node("kg:Claim")
_SAID = (node("kg:subject"), node("kg:predicate"), node("kg:object"))


def turtle(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The union of all graphs, by subject."""
    namespaces = settings.namespaces
    yield from header(namespaces)
    yield from statements(rows, Short(namespaces))


def trig(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """Blocks of graphs in the order of subjects: a graph may come again, as TriG allows."""
    namespaces = settings.namespaces
    yield from header(namespaces)
    short = Short(namespaces)
    graph = ""
    for g, mine in by_graph(rows):
        if g != graph:
            yield "}\n" if graph else ""
            yield f"\n{short[g]} {{\n"
            graph = g
        yield from statements(mine, short)
    yield "}\n" if graph else ""


def reified(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """RDF 1.2: `claim:9f rdf:reifies <<( wd:Q1 kg:metWith wd:Q2 )>>` in place of subject, predicate and object."""
    yield from turtle(_reified(rows), settings)


def _reified(rows: Iterator[Row]) -> Iterator[Row]:
    for subject, group in groupby(rows, itemgetter(0)):
        mine = list(group)
        said = {p: o for _, p, o, _ in mine if p in _SAID}
        if len(said) < len(_SAID) or not any(p == _RDF_TYPE and o == _CLAIM for _, p, o, _ in mine):
            yield from mine
            continue
        triple = "<<( {} {} {} )>>".format(*(said[p] for p in _SAID))
        yield subject, _REIFIES, triple, mine[0][3]
        yield from (row for row in mine if row[1] not in said)


def statements(rows: Iterable[Row], short: Short) -> Iterator[str]:
    """One statement a subject: its classes, then a line a predicate, then further objects a line each."""
    subject = predicate = last = ""
    classes: list[str] = []  # they stand first, as people expect
    rest: list[str] = []
    for s, p, o, _ in rows:
        if s != subject:
            yield _statement(subject, classes, rest, short)
            subject, predicate, last, classes, rest = s, "", "", [], []
        elif p == predicate and o == last:  # the same triple in another graph
            continue
        if p == _RDF_TYPE:
            classes.append(short[o])
        elif p == predicate:
            rest.append(f" ,\n        {short[o]}")
        else:
            rest.append(f" ;\n    {short[p]} {short[o]}")
        predicate, last = p, o
    yield _statement(subject, classes, rest, short)


def _statement(subject: str, classes: list[str], rest: list[str], short: Short) -> str:
    if not subject:
        return ""
    if classes:
        return f"\n{short[subject]} a {', '.join(classes)}{''.join(rest)} .\n"
    return f"\n{short[subject]} {''.join(rest).removeprefix(' ;').lstrip()} .\n"


def by_graph(rows: Iterator[Row]) -> Iterator[tuple[str, list[Row]]]:
    """What each graph says of each subject, subject by subject."""
    for _, group in groupby(rows, itemgetter(0)):
        mine = list(group)
        names = {row[3] for row in mine}
        if len(names) == 1:  # nearly always
            yield mine[0][3], mine
        else:
            yield from ((name, [row for row in mine if row[3] == name]) for name in sorted(names))
