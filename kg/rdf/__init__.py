"""Nouns to quads and back: terms, canonical lines, one article's quads, what articles say together.

The only door to pyoxigraph's syntax; its store stands behind `kg.graph`.
"""

from kg.rdf.article import ACCEPTED, Facts, article_iri, quads
from kg.rdf.description import About, description
from kg.rdf.fitting import CLASSES, fitting
from kg.rdf.foreign import FORMATS, format_of, load, parse
from kg.rdf.links import LINKS, data_set
from kg.rdf.merge import rank, settled, slot
from kg.rdf.short import FOLDERS, REMEMBERED, Short, header, namespaces
from kg.rdf.tally import Tally, tallied, tally
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
    "FOLDERS",
    "FORMATS",
    "LINKS",
    "PREFIXES",
    "REMEMBERED",
    "About",
    "Facts",
    "Short",
    "Tally",
    "article_iri",
    "compact",
    "data_set",
    "day",
    "decimal",
    "description",
    "expand",
    "fitting",
    "format_of",
    "header",
    "integer",
    "load",
    "namespaces",
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
    "tallied",
    "tally",
    "text",
    "truth",
    "value",
]
