"""Wikidata as a source of facts: dumps, answers of its API, and tables made by queries.

rules      what is taken of an item: ontology/wikidata.toml
items      one item's JSON -> one row of facts
kinds      class trees: which items are people, places ...
dump       a dump, read once, with a checkpoint  -> a folder of facts
api        wbsearchentities and wbgetentities, connectly
live       names that no base knows, asked and learned
"""

from kg.knowledge.wikidata.api import BUDGET, WIKIDATA, Api, connect
from kg.knowledge.wikidata.dump import build_from_dump
from kg.knowledge.wikidata.live import Asked, Learner, Live
from kg.knowledge.wikidata.rules import Rules, load_rules

__all__ = [
    "BUDGET",
    "WIKIDATA",
    "Api",
    "Asked",
    "Learner",
    "Live",
    "Rules",
    "build_from_dump",
    "connect",
    "load_rules",
]
