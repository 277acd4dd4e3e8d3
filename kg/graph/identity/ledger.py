"""Which raw iris are one, in SQLite: what every article says of each node, and the cluster each node is in.

Nodes are taken in an order that depends on nothing but what is said of them (`Rules.rank`), and each joins the
cluster of higher nodes that it fits best, or begins one. So a decision rests only on higher nodes that share a
key, and when an article comes or goes, only decisions that may have changed are taken again, highest first:
the result is that of deciding all of it afresh.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from kg.graph.identity.assigned import Assigned
from kg.graph.identity.kinds import Kinds
from kg.graph.identity.said import Said, united
from kg.model import count_event

SCHEMA = """
CREATE TABLE said (node INTEGER, article TEXT, iri TEXT, kind TEXT, features TEXT,
    PRIMARY KEY (node, article)) WITHOUT ROWID;
CREATE INDEX said_article ON said (article);
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, rank REAL, root INTEGER,
    why TEXT, score REAL, item TEXT, seen INTEGER);
CREATE INDEX node_order ON node (kind, rank, iri);
CREATE INDEX node_root ON node (root, rank, iri);
CREATE INDEX node_item ON node (root, rank, iri) WHERE item IS NOT NULL;
CREATE TABLE key (key INTEGER, node INTEGER, PRIMARY KEY (key, node)) WITHOUT ROWID;
CREATE INDEX key_node ON key (node);
CREATE TABLE uses (thing INTEGER, node INTEGER, PRIMARY KEY (thing, node)) WITHOUT ROWID;
CREATE INDEX uses_node ON uses (node);
CREATE TABLE counted (raw INTEGER PRIMARY KEY, node INTEGER, iri TEXT);
CREATE INDEX counted_node ON counted (node);
CREATE TABLE assigned (node INTEGER PRIMARY KEY, row TEXT);
"""


@dataclass(frozen=True, slots=True)
class Same:
    """What a raw iri stands for, and why."""

    iri: str  # the canonical one: "event/77a1", "entity/9f2c", "wd:Q7747"
    why: str
    score: float  # sum of weights for events, similarity for entities; 1.0 for what follows from another
    label: str | None = None  # of an item that somebody assigned


_ARTICLES = 64  # that are asked about one node: of a name in every paper, those whose ids come first tell enough

Told = tuple[str | None, Assigned | None, str, float] | None  # canonical iri, item, why, score; None: no such node
Map = Mapping[str, Same]  # raw iri -> what it stands for, of those that stand for something else


def to_json(same: Map) -> str:
    """A map as text, the same text for the same map; "" for an empty one."""
    rows = {raw: [one.iri, one.why, one.score, one.label] for raw, one in sorted(same.items())}
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def from_json(text: str) -> Map:
    """The map of `to_json`'s text."""
    return {raw: Same(*row) for raw, row in json.loads(text).items()} if text else {}


def number(iri: str) -> int:
    """A node's or a key's number: 64 bits of a hash."""
    return int.from_bytes(blake2b(iri.encode(), digest_size=8).digest(), "big", signed=True)


def entities(features: Mapping[str, Any]) -> set[str]:
    """The entities that an event's features speak of."""
    return {entity for _, entity in features["r"]} | {*features["p"], *features["x"]}


def rests_on(features: Mapping[str, Any]) -> set[str]:
    """The raw iris among an event's features that may come to stand for something else."""
    return {e for e in entities(features) if e.startswith("entity/")} | {*features["b"], *features["rel"]}


class Ledger:
    """The tables, in the connection of whoever owns the file; it also begins and ends the transactions."""

    def __init__(self, db: sqlite3.Connection, kinds: Kinds) -> None:
        self.db = db
        self.kinds = kinds

    # --- what is said --------------------------------------------------------------------------------

    def learn(self, article: str, rows: Iterable[Said]) -> set[int]:
        """Puts what an article says in place of what it said; the nodes that this concerns."""
        old = set(self.db.execute("SELECT node, features FROM said WHERE article = ?", (article,)))
        new = {(number(row.node), row.to_json()): row for row in rows}
        gone = [(node, article) for node, _ in old - new.keys()]
        self.db.executemany("DELETE FROM said WHERE node = ? AND article = ?", gone)
        fresh = [(n, article, row.node, row.kind, text) for (n, text), row in new.items() if (n, text) not in old]
        self.db.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", fresh)
        return {node for node, _ in old ^ new.keys()}

    def assign(self, rows: Iterable[Assigned]) -> set[int]:
        """Puts these assignments in place of the present ones; the nodes that this concerns."""
        old = dict(self.db.execute("SELECT node, row FROM assigned"))
        new = {number(row.alias): row.to_json() for row in rows}
        changed = {node for node, _ in old.items() ^ new.items()}
        self.db.executemany("DELETE FROM assigned WHERE node = ?", [(node,) for node in changed])
        self.db.executemany("INSERT INTO assigned VALUES (?, ?)", [(n, new[n]) for n in changed if n in new])
        return changed

    def features(self, node: int) -> tuple[str, str, dict[str, Any]] | None:
        """(iri, kind, raw features) of a node by all articles together; None: nobody speaks of it any more."""
        query = "SELECT iri, kind, features FROM said WHERE node = ? ORDER BY article LIMIT ?"
        rows = self.db.execute(query, (node, _ARTICLES)).fetchall()
        if not rows:
            return None
        return rows[0][0], rows[0][1], united([json.loads(row[2]) for row in rows])

    def counts(self, node: int) -> tuple[str, str, dict[str, Any]] | None:
        """The same of a count, by all events that are one with what caused it."""
        query = "SELECT raw, iri FROM counted WHERE node = ? ORDER BY raw LIMIT ?"
        rows = self.db.execute(query, (node, _ARTICLES)).fetchall()
        found = [known[2] for raw, _ in rows if (known := self.features(raw))]
        return (rows[0][1], "count", united(found)) if found else None

    def recount(self, raws: Iterable[int]) -> tuple[set[int], set[int]]:
        """Finds the node of each count anew, by what its cause now stands for.

        Gives the nodes that this concerns, and the counts that have another node now.
        """
        concerned, moved = set[int](), set[int]()
        for raw in raws:
            row = self.db.execute("SELECT node FROM counted WHERE raw = ?", (raw,)).fetchone()
            known = self.features(raw)
            counts = known is not None and known[1] == "count"
            if row or counts:
                concerned.update(row or ())
                self.db.execute("DELETE FROM counted WHERE raw = ?", (raw,))
                self.db.execute("DELETE FROM uses WHERE node = ?", (raw,))
            if known is not None and counts:
                made = self._count(raw, known[2])
                concerned.add(made)
                if row != (made,):
                    moved.add(raw)
        return concerned, moved

    def _count(self, raw: int, features: dict[str, Any]) -> int:
        (cause, *_), (unit, *_) = features["b"], features["u"]
        made = count_event(features["f"], unit, self.canonical(number(cause)) or cause)
        self.db.execute("INSERT INTO counted VALUES (?, ?, ?)", (raw, number(made), made))
        self.use(raw, features)
        return number(made)

    def use(self, node: int, features: Mapping[str, Any]) -> None:
        """Notes the local entities and the events that a node rests on."""
        things = {number(iri) for iri in rests_on(features)}
        self.db.executemany("INSERT OR IGNORE INTO uses VALUES (?, ?)", [(thing, node) for thing in sorted(things)])

    def told(self, node: int) -> Told:
        """What a node stands for, and why: what its articles' lines depend on."""
        row = self.db.execute("SELECT root, why, score FROM node WHERE id = ?", (node,)).fetchone()
        return None if row is None else (self.canonical(node), self._item(row[0]), row[1], row[2])

    # --- what is one ---------------------------------------------------------------------------------

    def canonical(self, node: int) -> str | None:
        """The iri that stands for a node and all that is one with it; None: there is no such node."""
        row = self.db.execute("SELECT root FROM node WHERE id = ?", (node,)).fetchone()
        if row is None:
            return None
        item = self._item(row[0])
        return f"wd:{item.qid}" if item else self._iri(row[0])

    def _iri(self, node: int) -> str:
        return str(self.db.execute("SELECT iri FROM node WHERE id = ?", (node,)).fetchone()[0])

    def _item(self, root: int) -> Assigned | None:
        """What somebody said that a cluster is."""
        query = "SELECT item FROM node WHERE root = ? AND item IS NOT NULL ORDER BY rank, iri LIMIT 1"
        row = self.db.execute(query, (root,)).fetchone()
        return Assigned.from_json(row[0]) if row else None

    def same(self, article: str) -> dict[str, Same]:
        """What the iris of an article stand for, of those that stand for something else."""
        found: dict[str, Same] = {}
        query = """SELECT said.iri, node.id, node.root, node.why, node.score FROM said
            LEFT JOIN counted ON counted.raw = said.node
            JOIN node ON node.id = coalesce(counted.node, said.node) WHERE article = ?"""
        for iri, node, root, why, score in self.db.execute(query, (article,)):
            same = self._same(node, root, why, score) or Same(self._iri(node), "its cause has another iri", 1.0)
            if same.iri != iri:
                found[iri] = same
        return found

    def _same(self, node: int, root: int, why: str, score: float) -> Same | None:
        item = self._item(root)
        if item:
            return Same(f"wd:{item.qid}", item.why, item.score, item.label)
        if node == root:
            return None
        return Same(self._iri(root), why, score)

    def articles_of(self, nodes: Iterable[int]) -> set[str]:
        """The articles that speak of any of the nodes."""
        found: set[str] = set()
        query = "SELECT raw FROM counted WHERE node = ?"
        raws = [raw for node in nodes for raw in (node, *(row[0] for row in self.db.execute(query, (node,))))]
        for node in raws:
            found.update(row[0] for row in self.db.execute("SELECT article FROM said WHERE node = ?", (node,)))
        return found

    def users_of(self, nodes: Iterable[int]) -> Iterator[int]:
        """The nodes that rest on any of these."""
        for node in nodes:
            yield from (row[0] for row in self.db.execute("SELECT node FROM uses WHERE thing = ?", (node,)))
