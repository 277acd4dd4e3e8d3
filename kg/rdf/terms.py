"""Terms as text: prefixes, IRIs, literals, and lines of canonical N-Quads.

A term is its N-Quads form (`<iri>`, `"text"@el`, `"38"^^<...#integer>`) in the lexical form that a
pyoxigraph store keeps, so that what goes into the index comes out of it letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from types import MappingProxyType

from kg.errors import DataError
from kg.model import Quad

DEFAULT_BASE = "https://newskg.example/"  # where our own nodes live unless a graph folder says otherwise

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcterms": "http://purl.org/dc/terms/",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
        "kg": "https://newskg.example/ontology#",
        "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

_XSD = PREFIXES["xsd"]
_CURIE = re.compile(r"([A-Za-z][\w.-]*):(.*)", re.DOTALL)
# What RFC 3987 keeps out of an IRI: blanks, brackets, controls, surrogates, private use, non-characters.
_NOT_IN_IRI = re.compile(
    '[\x00-\x20<>"{}|\\\\^`\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff'
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e0000-\U000e0fff\U000efffe-\U0010ffff]"
)
_TO_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@lru_cache(maxsize=65_536)
def expand(iri: str, base: str = DEFAULT_BASE) -> str:
    """The whole IRI of a noun's `iri`: a CURIE, a path under the base, or an absolute IRI as it is.

    Characters that no IRI may hold are percent-encoded. DataError: a prefix nobody declares.

    >>> expand("wd:Q7747")
    'http://www.wikidata.org/entity/Q7747'
    >>> expand("article/2c#char=3,9", "https://example.org/")
    'https://example.org/article/2c#char=3,9'
    """
    curie = _CURIE.fullmatch(iri)
    if curie is None or "://" in iri or iri.startswith(("urn:", "mailto:", "tag:")):
        whole = iri if curie else base + iri
    elif (namespace := PREFIXES.get(curie[1])) is not None:
        whole = namespace + curie[2]
    else:
        raise DataError(
            f"The prefix of {iri!r} is declared nowhere.",
            f"Use one of {', '.join(PREFIXES)}, or write the whole IRI.",
        )
    return _NOT_IN_IRI.sub(_percent, whole)


def compact(iri: str, base: str = DEFAULT_BASE) -> str:
    """The short form for people: the reverse of `expand`; an IRI of no known namespace stays whole.

    >>> compact("http://www.wikidata.org/entity/Q7747")
    'wd:Q7747'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri[len(base) :] if iri.startswith(base) and len(iri) > len(base) else iri


@lru_cache(maxsize=65_536)
def node(iri: str, base: str = DEFAULT_BASE) -> str:
    """The term of a noun's `iri`.

    >>> node("kg:Claim")
    '<https://newskg.example/ontology#Claim>'
    """
    return f"<{expand(iri, base)}>"


def text(value: str, language: str | None = None) -> str:
    """A literal, with a language tag where there is a well-formed one (kept in lower case, as stores do).

    >>> text("Баку", "BG")
    '"Баку"@bg'
    """
    escaped = _TO_ESCAPE.sub(_escape, value)
    if language and _LANGUAGE.fullmatch(language):
        return f'"{escaped}"@{language.lower()}'
    return f'"{escaped}"'


def integer(value: int) -> str:
    """A whole number: `"38"^^xsd:integer`."""
    return f'"{value}"^^<{_XSD}integer>'


def decimal(value: float, digits: int = 4) -> str:
    """A number in its shortest decimal form, at most `digits` of them behind the point.

    >>> decimal(0.9300)
    '"0.93"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    return f'"{_shortest(f"{value:.{digits}f}")}"^^<{_XSD}decimal>'


def number(value: float) -> str:
    """A count or amount: xsd:integer when whole, else xsd:decimal, never rounded. DataError: not finite."""
    if not isfinite(value):
        raise DataError(f"A count is {value}, which is no number.", "Mend the rule that read it.")
    if value == int(value):
        return integer(int(value))
    return f'"{_shortest(format(Decimal(repr(value)), "f"))}"^^<{_XSD}decimal>'


def day(value: date) -> str:
    """A calendar day: `"2025-10-09"^^xsd:date`."""
    return f'"{value.isoformat()}"^^<{_XSD}date>'


def truth(*, value: bool) -> str:
    """A boolean: `"true"^^xsd:boolean`."""
    return f'"{str(value).lower()}"^^<{_XSD}boolean>'


def split_literal(term: str) -> tuple[str, str | None, str | None]:
    r"""A literal's (text, language, datatype IRI); a plain literal has neither of the two.

    ValueError: the term is no literal.

    >>> split_literal('"a\\nb"@el')
    ('a\nb', 'el', None)
    """
    found = _LITERAL.fullmatch(term)
    if found is None:
        raise ValueError(f"no literal: {term[:80]}")
    written = found[1]
    return (_ESCAPED.sub(_unescape, written) if "\\" in written else written), found[2], found[3]


def value(term: str) -> str:
    """What a term says, without its syntax: an IRI's characters, or a literal's text."""
    return split_literal(term)[0] if term.startswith('"') else term.strip("<>")


def parse_line(line: str) -> Quad:
    """The quad of one canonical line (as `str(quad)` gives it; a line feed at its end is no harm).

    For lines that somebody else wrote, use `kg.rdf.load`. ValueError: not four terms and a point.
    """
    s, p, o, g = split_line(line)
    return Quad(s, p, o, g)


def split_line(line: str) -> tuple[str, str, str, str]:
    """The four terms of one canonical line. ValueError: not four terms and a point."""
    s, p, rest = line.split(" ", 2)
    o, g, _ = rest.rsplit(" ", 2)
    return s, p, o, g


def _shortest(written: str) -> str:
    short = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if short in {"-0", ""} else short


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SHORT:
        return _SHORT[character]
    # A lone surrogate is half a character: no file in UTF-8 can hold it.
    return "\ufffd" if "\ud800" <= character <= "\udfff" else f"\\u{ord(character):04X}"


def _unescape(found: re.Match[str]) -> str:
    short, long, plain = found.groups()
    code = short or long
    return chr(int(code, 16)) if code else _PLAIN.get(plain, plain)
