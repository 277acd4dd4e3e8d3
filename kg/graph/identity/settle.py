"""Decides which nodes are one: all of them, or again what an article's coming or going may have changed."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from typing import Any

from kg.graph.identity.assigned import Assigned
from kg.graph.identity.events import Events
from kg.graph.identity.ledger import Ledger, Told, number, rests_on
from kg.graph.identity.locals import Locals
from kg.graph.identity.node import Fit, Node, Rules

_LOOKED_AT = 16  # of a cluster's members, the highest
_REMEMBERED = 20_000  # nodes held in memory
_AT_ONCE = 500  # nodes read from the table at once

Place = tuple[float, str, int]  # rank, iri, number: in this order nodes are taken


def settle(ledger: Ledger, dirty: Iterable[int]) -> set[int]:
    """Follows changes of what is said or assigned; gives the nodes that may stand for something else now."""
    waiting, touched = set(dirty), set[int]()
    for kind, rules in _stages(ledger):
        nodes, moved = ledger.recount(sorted(waiting)) if kind == "count" else (waiting, set[int]())
        touched |= moved | _Stage(ledger, kind, rules).follow(nodes)
        waiting |= set(ledger.users_of(touched))
    return touched


def settle_all(ledger: Ledger) -> None:
    """Decides everything afresh, in flat memory. For a ledger in which nothing is decided yet."""
    for kind, rules in _stages(ledger):
        _Stage(ledger, kind, rules).everything()


def _stages(ledger: Ledger) -> tuple[tuple[str, Rules], ...]:
    events = Events(ledger.kinds)
    # Local entities take part in events; an attack may be told by the disaster it made, a count by its cause.
    return ("local", Locals(ledger.kinds)), ("disaster", events), ("event", events), ("count", events)


class _Stage:
    """The nodes of one kind."""

    def __init__(self, ledger: Ledger, kind: str, rules: Rules) -> None:
        self._ledger = ledger
        self._db = ledger.db
        self._kind = kind
        self._rules = rules
        self._nodes: dict[int, Node | None] = {}
        self._queue: list[Place] = []
        self._queued: set[int] = set()
        self._touched: dict[int, Told] = {}  # what each node stood for before

    # --- all of them ---------------------------------------------------------------------------------

    def everything(self) -> None:
        """Enters every node, then takes them in their order."""
        for node in self._numbers():
            if self._kind == "count":
                self._ledger.recount([node])
            else:
                self._enter(node)
        for node in self._counted():
            self._enter(node)
        last = (float("-inf"), "")
        while rows := self._after(last):
            for rank, iri, node in rows:
                root, fit = self._decide(node)
                if fit:
                    self._write(node, root, fit)
                last = rank, iri

    def _numbers(self) -> Iterator[int]:
        last = -(1 << 63)
        query = "SELECT DISTINCT node FROM said WHERE node > ? AND kind = ? ORDER BY node LIMIT ?"
        while rows := self._db.execute(query, (last, self._kind, _AT_ONCE)).fetchall():
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def _counted(self) -> Iterator[int]:
        last = -(1 << 63)
        query = "SELECT DISTINCT node FROM counted WHERE node > ? ORDER BY node LIMIT ?"
        while self._kind == "count" and (rows := self._db.execute(query, (last, _AT_ONCE)).fetchall()):
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def _after(self, last: tuple[float, str]) -> list[Place]:
        query = "SELECT rank, iri, id FROM node WHERE kind = ? AND (rank, iri) > (?, ?) ORDER BY rank, iri LIMIT ?"
        return self._db.execute(query, (self._kind, *last, _AT_ONCE)).fetchall()

    # --- what changed --------------------------------------------------------------------------------

    def follow(self, dirty: Iterable[int]) -> set[int]:
        """Decides again whatever the change of these nodes concerns; gives the nodes that stand for another iri now."""
        mine = sorted(node for node in dirty if self._differs(node))
        for node in mine:
            self._concern(node)
        before = self._by_key(mine)
        for node in mine:
            self._withdraw(node)
        for node in mine:
            self._enter(node)
        after = self._by_key(mine)
        for key in before.keys() | after.keys():
            self._concern_sharers(key, before.get(key, []), after.get(key, []), set(mine))
        self._run(set(mine))
        return {node for node, told in self._touched.items() if told != self._ledger.told(node)}

    def _differs(self, node: int) -> bool:
        """Whether anything that decisions rest on is new."""
        row = self._db.execute("SELECT kind, seen FROM node WHERE id = ?", (node,)).fetchone()
        known = self._node(node)
        if row is None or row[0] != self._kind:
            return known is not None
        return known is None or row[1] != _digest(known)

    def _by_key(self, nodes: Iterable[int]) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for node in nodes:
            for rank, iri in self._db.execute("SELECT rank, iri FROM node WHERE id = ?", (node,)).fetchall():
                for key in self._keys(node):
                    found.setdefault(key, []).append((rank, iri, node))
        return found

    def _concern(self, node: int) -> None:
        """A node that changes or goes concerns its cluster, and whoever may join that."""
        row = self._db.execute("SELECT rank, iri, root FROM node WHERE id = ?", (node,)).fetchone()
        self._touch(node)
        if row:
            self._touch(*(member for _, _, member in self._members(row[2])))
            self._push(self._members(row[2]))
            self._push(self._dependents((row[0], row[1], node), row[2]))

    def _concern_sharers(self, key: int, before: list[Place], after: list[Place], mine: set[int]) -> None:
        """The other nodes that have a key: those that are lower, or all if it became too common, or no longer is."""
        others = [place for place in self._having(key, len(after)) if place[2] not in mine]
        was, now = (len(others) + len(those) <= self._rules.most for those in (before, after))
        if was and now:
            highest = min(before + after)
            self._push(place for place in others if place > highest)
        elif was or now:
            self._push(others)

    def _run(self, dirty: set[int]) -> None:
        while self._queue:
            rank, iri, node = heapq.heappop(self._queue)
            row = self._db.execute("SELECT rank, iri, root, why, score FROM node WHERE id = ?", (node,)).fetchone()
            if row is None or (row[0], row[1]) != (rank, iri):
                continue  # gone, or of another rank now: it stands in the queue a second time
            self._queued.discard(node)
            root, fit = self._decide(node)
            if root != row[2] or node in dirty:
                concerned = [*self._dependents((rank, iri, node), row[2]), *self._dependents((rank, iri, node), root)]
                self._touch_clusters(node, row[2], root)
                self._write(node, root, fit)
                self._push(place for place in concerned if place > (rank, iri, node))
            elif (row[3], row[4]) != _told(fit):
                self._touch(node)
                self._write(node, root, fit)

    def _touch(self, *nodes: int) -> None:
        """Keeps what the nodes stand for, before it changes."""
        for node in nodes:
            if node not in self._touched:
                self._touched[node] = self._ledger.told(node)

    def _touch_clusters(self, node: int, *roots: int) -> None:
        self._touch(node)
        known = self._node(node)
        if known and known.item:  # it names its whole cluster
            self._touch(*(member for root in roots for _, _, member in self._members(root)))

    def _push(self, places: Iterable[Place]) -> None:
        for place in places:
            if place[2] not in self._queued:
                self._queued.add(place[2])
                heapq.heappush(self._queue, place)

    def _dependents(self, place: Place, root: int) -> list[Place]:
        """Whoever looks at a cluster because of this member, or at this member."""
        query = "SELECT count(*) FROM node WHERE root = ? AND (rank, iri) < (?, ?)"
        higher = self._db.execute(query, (root, *place[:2])).fetchone()[0]
        members = {place[2], *(m for _, _, m in self._members(root))} if higher < _LOOKED_AT else {place[2]}
        keys = {key for member in members for key in self._keys(member)}
        return [sharer for key in keys for sharer in self._sharers(key) or ()]

    # --- tables --------------------------------------------------------------------------------------

    def _withdraw(self, node: int) -> None:
        self._db.execute("DELETE FROM key WHERE node = ?", (node,))
        if self._kind != "count":  # what a count rests on is noted under its raw iri, which may be the node's own
            self._db.execute("DELETE FROM uses WHERE node = ?", (node,))
        self._db.execute("DELETE FROM node WHERE id = ? AND kind = ?", (node, self._kind))
        self._queued.discard(node)

    def _enter(self, node: int) -> None:
        known = self._node(node)
        if known is None:
            return
        item = known.item.to_json() if known.item else None
        row = (node, known.iri, self._kind, known.rank[0], node, "", 0.0, item, _digest(known))
        self._db.execute("INSERT OR REPLACE INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        keys = {number(f"{self._kind} {key}") for key in self._rules.keys(known.iri, known.features)}
        self._db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", [(key, node) for key in sorted(keys)])
        raw = self._ledger.features(node)
        if raw and self._kind in ("disaster", "event"):
            self._ledger.use(node, raw[2])
        self._push([(*known.rank, node)])

    def _write(self, node: int, root: int, fit: Fit | None) -> None:
        self._db.execute("UPDATE node SET root = ?, why = ?, score = ? WHERE id = ?", (root, *_told(fit), node))

    def _keys(self, node: int) -> list[int]:
        return [row[0] for row in self._db.execute("SELECT key FROM key WHERE node = ?", (node,))]

    def _sharers(self, key: int) -> list[Place] | None:
        """The nodes that have a key; None: too many to tell anything."""
        rows = self._having(key)
        return rows if len(rows) <= self._rules.most else None

    def _having(self, key: int, more: int = 0) -> list[Place]:
        query = "SELECT rank, iri, id FROM key JOIN node ON node.id = key.node WHERE key = ? LIMIT ?"
        return self._db.execute(query, (key, self._rules.most + 1 + more)).fetchall()

    def _members(self, root: int) -> list[Place]:
        return self._db.execute("SELECT rank, iri, id FROM node WHERE root = ?", (root,)).fetchall()

    # --- deciding ------------------------------------------------------------------------------------

    def _decide(self, node: int) -> tuple[int, Fit | None]:
        """The cluster that a node belongs to by the higher ones: (its root, why), or its own."""
        known = self._node(node)
        if known is None:
            return node, None
        place = (*known.rank, node)
        near = {sharer for key in self._keys(node) for sharer in self._sharers(key) or () if sharer < place}
        fits = []
        for root in {self._root(sharer[2]) for sharer in near}:
            higher = [found for member in self._highest(root, place) if (found := self._node(member))]
            fit = self._rules.fit(known, higher)
            if fit:
                fits.append((-fit.score, *higher[0].rank, root, fit))
        fits.sort(key=lambda row: row[:4])
        if not fits or (len(fits) > 1 and fits[1][0] - fits[0][0] < self._rules.margin):
            return node, None
        return fits[0][3], fits[0][4]

    def _root(self, node: int) -> int:
        return int(self._db.execute("SELECT root FROM node WHERE id = ?", (node,)).fetchone()[0])

    def _highest(self, root: int, below: Place) -> list[int]:
        query = "SELECT id FROM node WHERE root = ? AND (rank, iri) < (?, ?) ORDER BY rank, iri LIMIT ?"
        return [row[0] for row in self._db.execute(query, (root, *below[:2], _LOOKED_AT))]

    def _node(self, node: int) -> Node | None:
        if node not in self._nodes:
            if len(self._nodes) >= _REMEMBERED:
                self._nodes.clear()
            self._nodes[node] = self._read(node)
        return self._nodes[node]

    def _read(self, node: int) -> Node | None:
        found = self._ledger.counts(node) if self._kind == "count" else self._ledger.features(node)
        if found is None or found[1] != self._kind:
            return None
        iri, kind, features = found
        if kind != "local":
            features = self._canonical(features)
        row = self._db.execute("SELECT row FROM assigned WHERE node = ?", (node,)).fetchone()
        item = Assigned.from_json(row[0]) if row else None
        return Node(iri, kind, features, self._rules.rank(iri, features), item)

    def _canonical(self, features: dict[str, Any]) -> dict[str, Any]:
        """The features with what entities and causes stand for."""
        stands = {iri: self._ledger.canonical(number(iri)) or iri for iri in rests_on(features)}
        if all(iri == whole for iri, whole in stands.items()):
            return features
        made = dict(features)
        made["r"] = sorted({(role, stands.get(e, e)) for role, e in features["r"]})
        for key in ("p", "x", "b", "rel"):
            made[key] = sorted({stands.get(e, e) for e in features[key]})
        for key in ("c", "cl", "t"):
            made[key] = {stands.get(e, e): values for e, values in sorted(features[key].items())}
        return made


def _digest(node: Node) -> int:
    item = node.item.to_json() if node.item else None
    return number(json.dumps([node.features, item], sort_keys=True))


def _told(fit: Fit | None) -> tuple[str, float]:
    if fit is None:
        return "", 0.0
    return ", ".join(f"{name} {share:.2f}" for name, share in fit.why), fit.score
