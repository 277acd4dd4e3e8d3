"""A lasting graph in a folder: add, remove, read. The only door to pyoxigraph's store."""

from kg.graph.article import Article
from kg.graph.folder import Graph
from kg.graph.identity import Assigned
from kg.graph.texts import Text

__all__ = ["Article", "Assigned", "Graph", "Text"]
