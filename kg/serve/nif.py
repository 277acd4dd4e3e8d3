"""NIF 2.0 in and out, as GERBIL speaks it: texts to read, and the names found in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.rdf import FORMATS, PREFIXES, decimal, node, parse, split_literal, text

MEDIA: Mapping[str, str] = {  # media type -> format of what is sent to us
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
}
OUT: Mapping[str, str] = {"text/turtle": "ttl", "application/x-turtle": "ttl", "application/n-triples": "nt"}
_STRING = node("nif:isString")
_COUNT = f"^^<{PREFIXES['xsd']}nonNegativeInteger>"


def contexts(data: bytes, media: str) -> list[tuple[str, str, str | None]]:
    """(IRI, text, language or None) of each nif:Context. SyntaxError, ValueError: the data are not in their format."""
    found = []
    for quad in parse(data, FORMATS[MEDIA[media]], "urn:x-newskg:sent"):
        if quad.p == _STRING and quad.s.startswith("<"):
            words, language, _ = split_literal(quad.o)
            found.append((quad.s[1:-1], words, language))
    return found


def written(iri: str, row: Mapping[str, Any], base: str) -> Iterator[str]:
    """The lines of an annotated text, N-Triples that are Turtle too: the context as it came, a phrase a name."""
    whole, stem = row["text"], iri.partition("#")[0]
    yield from _stretch(iri, "nif:Context", 0, len(whole))
    yield _line(iri, "nif:isString", text(whole))
    for mention in row["mentions"]:
        begin, end = mention["start"], mention["end"]
        phrase = f"{stem}#char={begin},{end}"
        yield from _stretch(phrase, "nif:Phrase", begin, end)
        yield _line(phrase, "nif:anchorOf", text(mention["surface"]))
        yield _line(phrase, "nif:referenceContext", f"<{iri}>")
        yield _line(phrase, "itsrdf:taIdentRef", node(mention["iri"], base))
        yield _line(phrase, "itsrdf:taConfidence", decimal(mention["score"]))


def _stretch(iri: str, kind: str, begin: int, end: int) -> Iterator[str]:
    for name in (kind, "nif:RFC5147String"):
        yield _line(iri, "rdf:type", node(name))
    yield _line(iri, "nif:beginIndex", f'"{begin}"{_COUNT}')
    yield _line(iri, "nif:endIndex", f'"{end}"{_COUNT}')


def _line(s: str, p: str, o: str) -> str:
    return f"<{s}> {node(p)} {o} .\n"
