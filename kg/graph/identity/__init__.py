"""One event, many reports; one thing, many names: which raw iris of a graph's articles are one.

`quads/` holds what each article says under its own iris. What is one across articles follows from all of them
together, whatever their order (`settle`), and is applied whenever lines leave the folder (`resolve`).
"""

from kg.graph.identity import assigned, said
from kg.graph.identity.assigned import Assigned
from kg.graph.identity.kinds import Kinds, kinds
from kg.graph.identity.ledger import SCHEMA, Ledger, Map, Same, from_json, to_json
from kg.graph.identity.resolve import renamed_claims, resolved
from kg.graph.identity.settle import settle, settle_all

__all__ = [
    "SCHEMA",
    "Assigned",
    "Kinds",
    "Ledger",
    "Map",
    "Same",
    "assigned",
    "from_json",
    "kinds",
    "renamed_claims",
    "resolved",
    "said",
    "settle",
    "settle_all",
    "to_json",
]
