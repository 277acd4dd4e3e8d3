"""Class trees: which kind an item is, by the subclass statements of everything that was read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kg.knowledge.records import number
from kg.knowledge.wikidata.rules import Rules

Numbers = npt.NDArray[np.uint32]


class Tree:
    """Subclass statements, upside down: from a class to those under it. Eight bytes a statement."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        below, above = array("I"), array("I")
        for child, parent in pairs:
            below.append(child)
            above.append(parent)
        parents = np.frombuffer(above, dtype=np.uint32) if above else np.empty(0, dtype=np.uint32)
        children = np.frombuffer(below, dtype=np.uint32) if below else np.empty(0, dtype=np.uint32)
        order = np.argsort(parents, kind="stable")
        self._parents, self._children = parents[order], children[order]

    def under(self, roots: Iterable[int]) -> frozenset[int]:
        """The roots and every class below them at any depth; circles, which Wikidata has, do no harm."""
        found = set(roots)
        waiting = list(found)
        while waiting:
            parent = waiting.pop()
            start, end = np.searchsorted(self._parents, [parent, parent + 1])
            new = set(self._children[start:end].tolist()) - found
            found |= new
            waiting.extend(new)
        return frozenset(found)


class Kinds:
    """The kind of an item by its classes."""

    def __init__(self, rules: Rules, tree: Tree) -> None:
        self._excluded = tree.under(rules.exclude)
        self._of: list[tuple[str, frozenset[int], bool]] = [
            (rule.type, tree.under(rule.classes), rule.subclasses) for rule in rules.kinds
        ]
        self._known: dict[tuple[str, ...], str | None] = {}

    def of(self, row: Mapping[str, Sequence[str]]) -> str | None:
        """The kind of a row of facts by `classes` and `parents`; None: it is nothing that we keep."""
        key = (*row.get("classes", ()), "", *row.get("parents", ()))
        if key not in self._known:
            if len(self._known) > 1 << 20:
                self._known.clear()
            self._known[key] = self._find(row)
        return self._known[key]

    def _find(self, row: Mapping[str, Sequence[str]]) -> str | None:
        classes = {number(qid) for qid in row.get("classes", ())}
        parents = {number(qid) for qid in row.get("parents", ())}
        if not self._excluded.isdisjoint(classes):
            return None
        for kind, under, subclasses in self._of:
            if not under.isdisjoint(classes) or (subclasses and not under.isdisjoint(parents)):
                return kind
        return None
