"""Is a graph sound: rules over the whole of it, and SHACL shapes article by article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.check.rules import Fault, broken_rules
from kg.check.shacl import Violation, violations
from kg.graph import Graph
from kg.graph.sparql import Dataset
from kg.rdf import DEFAULT_BASE, load

__all__ = ["Fault", "Violation", "check", "check_shapes"]


def check(path: Path) -> tuple[Fault, ...]:
    """The rules that the graph of a folder or file breaks; none if it is sound. Raises GraphError."""
    return broken_rules(Dataset.open(path))


def check_shapes(path: Path, most: int | None = None) -> Iterator[Violation]:
    """What the shapes find, article by article in a folder, at once in a file (rdflib holds it: mind its size).

    `most`: articles looked at, spread evenly over the folder; None: all, at about a second each.
    GraphError: no graph, or pySHACL is not installed.
    """
    if not path.is_dir():
        yield from violations((str(quad) for quad in load(path)), DEFAULT_BASE)
        return
    graph = Graph.open(path)
    every = [article.id for article in graph.documents()]
    for article in every if most is None else every[:: max(1, -(-len(every) // most))]:
        yield from violations(graph.article_lines(article), graph.base)
