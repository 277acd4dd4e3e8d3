"""Nouns to quads and back: terms, canonical lines, one article's quads, what articles say together.

The only door to pyoxigraph's syntax; its store stands behind `kg.graph`.
"""

from kg.rdf.article import ACCEPTED, Facts, article_iri, quads
from kg.rdf.fitting import CLASSES, fitting
from kg.rdf.foreign import FORMATS, format_of, load, parse
from kg.rdf.links import LINKS, data_set
from kg.rdf.merge import rank, settled, slot
from kg.rdf.tally import Tally, tally
from kg.rdf.terms import (
    DEFAULT_BASE,
    PREFIXES,
    compact,
    day,
    decimal,
    expand,
    integer,
    node,
    number,
    parse_line,
    split_line,
    split_literal,
    text,
    truth,
    value,
)

__all__ = [
    "ACCEPTED",
    "CLASSES",
    "DEFAULT_BASE",
    "FORMATS",
    "LINKS",
    "PREFIXES",
    "Facts",
    "Tally",
    "article_iri",
    "compact",
    "data_set",
    "day",
    "decimal",
    "expand",
    "fitting",
    "format_of",
    "integer",
    "load",
    "node",
    "number",
    "parse",
    "parse_line",
    "quads",
    "rank",
    "settled",
    "slot",
    "split_line",
    "split_literal",
    "tally",
    "text",
    "truth",
    "value",
]
