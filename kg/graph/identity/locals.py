"""When two local entities are one: their names are alike in any script, and their articles speak of the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg import names
from kg.graph.identity.kinds import Kinds
from kg.graph.identity.node import Fit, Node, Rank

Features = Mapping[str, Any]


class Locals:
    """The rules for local entities."""

    def __init__(self, kinds: Kinds) -> None:
        self._weights = kinds.weights.locals
        self.most = int(self._weights["most"])
        self.margin = 0.0

    def keys(self, iri: str, features: Features) -> frozenset[str]:  # noqa: ARG002 - the protocol's
        """What the names sound like; of a person, the surname too."""
        if features["fixed"]:
            return frozenset()
        return frozenset(self._sounds(features))

    def _sounds(self, features: Features) -> Iterator[str]:
        for text, language in features["n"]:
            skeleton = names.skeleton(text, language)
            if len(skeleton) >= self._weights["letters"]:
                yield skeleton
                if "kg:Person" in features["k"]:
                    yield f"PER {skeleton.split()[-1]}"

    def rank(self, iri: str, features: Features) -> Rank:
        """The longest names first: a full name leads its surname."""
        return -float(max((len(text.split()) for text, _ in features["n"]), default=0)), iri

    def fit(self, node: Node, members: Sequence[Node]) -> Fit | None:
        """The most alike of all pairs of names, if no member is of another kind or another item."""
        best: Fit | None = None
        for member in members:
            if not _compatible(node, member):
                return None
            fit = self._compare(node.features, member.features)
            if fit and (best is None or fit.score > best.score):
                best = fit
        return best

    def _compare(self, a: Features, b: Features) -> Fit | None:
        alike, words = 0.0, 0
        for text, _ in a["n"]:
            for other, _ in b["n"]:
                likeness, shorter = names.similarity(text, other), min(len(text.split()), len(other.split()))
                if max(len(text.split()), len(other.split())) > 1 == shorter and "kg:Person" in a["k"]:
                    likeness /= 0.82  # what similarity gives a surname alone, at most
                alike, words = max((alike, words), (min(1.0, likeness), shorter))
        shared = set(a["x"]) & set(b["x"])
        wanted = self._weights["several_words" if words > 1 else "one_word"]
        if alike < self._weights["alike"] or len(shared) < wanted:
            return None
        return Fit(round(alike, 3), (("name", round(alike, 3)), ("context", float(len(shared)))))


def _compatible(node: Node, member: Node) -> bool:
    if node.item and member.item and node.item.qid != member.item.qid:
        return False
    return bool(set(node.features["k"]) & set(member.features["k"]))
