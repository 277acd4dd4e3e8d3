"""What later lines need from earlier ones, on disk: the nodes of a graph by kind, for formats that join them.

A claim stands far from the sentence that says it and from the name of what it is about. So the nodes go into a
temporary SQLite file first, and memory stays flat; the file takes about as much room as the graph's own lines.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Literal

from kg.export.format import Row
from kg.rdf import CLASSES, PREFIXES, compact, node, split_literal, value

Kind = Literal["article", "evidence", "mention", "reading", "report", "claim", "event", "entity", "run"]

_RDF_TYPE = f"<{PREFIXES['rdf']}type>"
_KINDS: Mapping[str, Kind] = {  # class -> kind; a stretch may be both a mention and evidence
    node("schema:NewsArticle"): "article",
    node("kg:Evidence"): "evidence",
    node("kg:Mention"): "mention",
    node("kg:Reading"): "reading",
    node("kg:Report"): "report",
    node("kg:Claim"): "claim",
    node("sem:Event"): "event",
    node("prov:Activity"): "run",
    **{node(name): "entity" for name in CLASSES.values()},
}
# What a node of a kind hangs on: it can be asked for by that.
_REFERENCES: Mapping[Kind, str] = {
    "mention": "itsrdf:taIdentRef",
    "reading": "kg:claim",
    "report": "kg:event",
    "claim": "kg:subject",
}
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Node:
    """All that the graph says of one subject."""

    iri: str  # whole, without brackets
    values: Mapping[str, list[str]]  # predicate CURIE -> its terms, sorted

    def terms(self, predicate: str) -> list[str]:
        """The values as terms."""
        return self.values.get(predicate, [])

    def all(self, predicate: str) -> list[str]:
        """What the values say, without their syntax."""
        return [value(term) for term in self.terms(predicate)]

    def one(self, predicate: str) -> str:
        """What the first value says, or ""."""
        terms = self.terms(predicate)
        return value(terms[0]) if terms else ""

    def language(self, predicate: str) -> str:
        """The language of the first value, or ""."""
        terms = self.terms(predicate)
        return (split_literal(terms[0])[1] or "") if terms else ""

    def number(self, predicate: str) -> float | None:
        """The first value as a number; None where there is none."""
        said = self.one(predicate)
        return float(said) if said else None


class Shelf:
    """The nodes, to be asked by kind and by IRI."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.node = lru_cache(maxsize=20_000)(self._node)

    def all(self, kind: Kind) -> Iterator[Node]:
        """Every node of a kind, by IRI."""
        rows = self._db.execute("SELECT iri, said FROM node JOIN is_a USING (iri) WHERE kind = ? ORDER BY iri", (kind,))
        for iri, said in rows:
            yield Node(iri, json.loads(said))

    def of(self, kind: Kind, reference: str) -> list[Node]:
        """The nodes of a kind that hang on one IRI: readings of a claim, reports of an event, claims of a subject."""
        rows = self._db.execute(
            "SELECT iri, said FROM node JOIN is_a USING (iri) WHERE kind = ? AND hangs_on = ? ORDER BY iri",
            (kind, reference),
        )
        return [Node(iri, json.loads(said)) for iri, said in rows]

    def references(self, kind: Kind) -> Iterator[str]:
        """The IRIs that nodes of a kind hang on, sorted: every event that a report speaks of."""
        rows = self._db.execute("SELECT DISTINCT hangs_on FROM is_a WHERE kind = ? ORDER BY hangs_on", (kind,))
        yield from (iri for (iri,) in rows)

    def count(self, kind: Kind, reference: str) -> int:
        """How many nodes of a kind hang on an IRI."""
        row = self._db.execute("SELECT COUNT(*) FROM is_a WHERE kind = ? AND hangs_on = ?", (kind, reference))
        return int(row.fetchone()[0])

    def is_a(self, kind: Kind, iri: str) -> bool:
        """Whether the node of an IRI is of a kind."""
        classes = self.node(iri).terms("rdf:type")
        return any(_KINDS.get(name) == kind for name in classes)

    def _node(self, iri: str) -> Node:
        """The node of an IRI; one that says nothing where the graph doesn't know it."""
        row = self._db.execute("SELECT said FROM node WHERE iri = ?", (iri,)).fetchone()
        return Node(iri, json.loads(row[0]) if row else {})

    def label(self, iri: str) -> str:
        """The name to show, or the IRI in short."""
        return self.node(iri).one("rdfs:label") or compact(iri)


@contextmanager
def shelved(rows: Iterable[Row]) -> Iterator[Shelf]:
    """The shelf of sorted rows, gone when done."""
    with closing(sqlite3.connect("")) as db:  # SQLite's own temporary database: it spills to disk and leaves nothing
        db.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE node (iri TEXT PRIMARY KEY, said TEXT) WITHOUT ROWID;
            CREATE TABLE is_a (kind TEXT, hangs_on TEXT, iri TEXT);
        """)
        _fill(db, rows)
        db.execute("CREATE INDEX by_kind ON is_a (kind, hangs_on, iri)")
        db.commit()
        yield Shelf(db)


def _fill(db: sqlite3.Connection, rows: Iterable[Row]) -> None:
    nodes: list[tuple[str, str]] = []
    kinds: list[tuple[str, str, str]] = []
    short: dict[str, str] = {}
    for subject, group in groupby(rows, itemgetter(0)):
        values: dict[str, list[str]] = {}
        for _, p, o, _ in group:
            name = short.get(p) or short.setdefault(p, compact(p[1:-1]))
            found = values.setdefault(name, [])
            if o not in found[-1:]:
                found.append(o)
        mine = {_KINDS[o] for o in values.get("rdf:type", ()) if o in _KINDS}
        iri = subject[1:-1]
        nodes.append((iri, json.dumps(values, ensure_ascii=False)))
        for kind in sorted(mine):
            hook = _REFERENCES.get(kind)
            kinds.append((kind, value(values[hook][0]) if hook and hook in values else "", iri))
        if len(nodes) >= _BATCH:
            _write(db, nodes, kinds)
            nodes, kinds = [], []
    _write(db, nodes, kinds)


def _write(db: sqlite3.Connection, nodes: list[tuple[str, str]], kinds: list[tuple[str, str, str]]) -> None:
    # Sorted rows come subject by subject; a subject that comes again (rows that were not) adds nothing.
    db.executemany("INSERT OR IGNORE INTO node VALUES (?, ?)", nodes)
    db.executemany("INSERT INTO is_a VALUES (?, ?, ?)", kinds)
