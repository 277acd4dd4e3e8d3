"""A node of the identity layer: an event or a local entity by its raw iri, with all that articles say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.graph.identity.assigned import Assigned

Rank = tuple[float, str]  # the more telling first, then by iri: who leads a cluster does not depend on who came first


@dataclass(frozen=True, slots=True)
class Node:
    """One raw iri."""

    iri: str
    kind: str  # local, event, count
    features: Mapping[str, Any]  # as `said` gives them, of all articles together
    rank: Rank
    item: Assigned | None = None  # of a local entity: what somebody said it is


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a node fits a cluster."""

    score: float
    why: tuple[tuple[str, float], ...]  # (feature, share), as `kg explain` shows them


class Rules(Protocol):
    """How nodes of one kind are compared."""

    most: int  # nodes that share a key; a commoner key is ignored
    margin: float  # by which the best cluster must beat the next

    def keys(self, iri: str, features: Mapping[str, Any]) -> frozenset[str]:
        """What two nodes must have in common, at least one of these, to be compared at all."""

    def rank(self, iri: str, features: Mapping[str, Any]) -> Rank:
        """Its place in the order in which nodes are taken."""

    def fit(self, node: Node, members: Sequence[Node]) -> Fit | None:
        """How well the node fits the members, all of a higher rank; None: it does not."""
