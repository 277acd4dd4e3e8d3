"""RDF that somebody wrote, in any format: the door to pyoxigraph's parsers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import GraphError
from kg.model import Quad
from kg.rdf.terms import text

FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
UNNAMED = "<urn:x-newskg:unnamed>"  # the graph of triples that came without one


def format_of(path: Path | str) -> str:
    """The format's extension (".ttl") by the file's name, `.gz` aside. GraphError: none that we know."""
    name = str(path).lower().removesuffix(".gz")
    for extension in FORMATS:
        if name.endswith(extension):
            return extension
    raise GraphError(f"{path} has no known extension for a graph.", f"Use one of {' '.join(FORMATS)}, plain or .gz.")


def load(path: Path | str, graph: str = UNNAMED) -> Iterator[Quad]:
    """The quads of a graph file in its own order, repetitions and all; triples are given the term `graph`.

    Blank nodes keep the labels that the file gives them. GraphError: unreadable, or not in its format.
    """
    path = Path(path)
    kind = FORMATS[format_of(path)]
    try:
        with _opened(path) as file:
            yield from parse(file, kind, path.absolute().as_uri(), graph)
    except (OSError, EOFError, zlib.error) as error:
        raise GraphError(f"{path} can't be read: {error}", "Give a graph file, plain or .gz.") from error
    except (SyntaxError, ValueError) as error:
        raise GraphError(
            f"{path} is not valid: {error}", "Mend it at the place named, or give another file."
        ) from error


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def parse(data: IO[bytes] | bytes, kind: ox.RdfFormat, base: str | None = None, graph: str = UNNAMED) -> Iterator[Quad]:
    """The quads of RDF data in the order it gives them. SyntaxError: not in the format."""
    for quad in ox.parse(data, kind, base_iri=base):
        name = quad.graph_name
        g = graph if isinstance(name, ox.DefaultGraph) else str(name)
        yield Quad(str(quad.subject), str(quad.predicate), str(quad.object), g)


def link_or_text(address: str) -> str:
    """The term of an address: its IRI, or a literal where it is none, so that the characters that came in stay."""
    try:
        return str(ox.NamedNode(address))
    except ValueError:
        return text(address)
