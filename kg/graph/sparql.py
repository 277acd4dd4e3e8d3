"""SPARQL on an opened graph: the index of a folder, or a file read into memory."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Literal, cast

import pyoxigraph as ox

from kg.errors import GraphError, QueryError
from kg.graph.folder import Graph
from kg.rdf import FORMATS, PREFIXES, format_of

Kind = Literal["rows", "boolean", "triples"]

ROW_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
TRIPLE_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "xml": ox.RdfFormat.RDF_XML,
    "json": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to an opened graph, in plain values that can travel to another process."""

    sparql: str
    row_format: str = "json"  # json, xml, csv, tsv
    triple_format: str = "ttl"  # ttl, nt, xml, json
    union: bool = True  # the default graph is the union of all; False: what FROM or the lists below say
    default_graphs: tuple[str, ...] = ()  # IRIs that make the default graph, from the protocol
    named_graphs: tuple[str, ...] = ()  # IRIs that GRAPH may name, from the protocol
    required_graphs: tuple[str, ...] = ()  # IRIs that FROM names: they must be in the graph
    prefixes: Mapping[str, str] = field(default_factory=dict)  # for names that the query leaves undeclared
    base: str | None = None  # IRI against which relative ones are read; None: there are none
    asks_others: bool = False  # whether it asks other servers (SERVICE), which may be what fails

    def over(self, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> Ask:
        """The same question over other graphs than the query itself names; unchanged if none are given."""
        if not (default_graphs or named_graphs):
            return self
        return replace(self, default_graphs=default_graphs, named_graphs=named_graphs, required_graphs=())


class Dataset:
    """A graph opened for reading. Not for several threads at once; open one a process."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> Dataset:
        """The folder's index, or a file (.ttl .nt .nq .trig .jsonld .rdf, each plain or .gz) read into memory.

        Raises GraphError if there is none or it can't be read.
        """
        if path.is_dir():
            return cls(Graph.open(path).store())
        return cls(load_file(path))

    def select(self, sparql: str, this: str | None = None) -> list[dict[str, str]]:
        """The rows of a query of our own: name -> text of what is bound. `this`: the IRI that ?this stands for.

        Our prefixes are known, all graphs count, and nothing limits it: not for queries that come from outside.
        ValueError: `this` is no IRI.
        """
        if this is not None:
            sparql = sparql.replace(
                "?this", str(ox.NamedNode(this))
            )  # NamedNode lets no character through that ends an IRI
        found = self._store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("select() takes a SELECT")
        names = [variable.value for variable in found.variables]
        return [{n: _text(row[n]) for n in names if row[n] is not None} for row in found]

    def evaluate(self, ask: Ask, out: IO[bytes]) -> Kind:
        """Writes the answer to `out` in the format asked for and tells what it is.

        Raises QueryError if the engine can't read or answer the query.
        """
        self._check_graphs(ask)
        try:
            return _write(self._query(ask), ask, out)
        except SyntaxError as error:
            raise malformed(ask.sparql, str(error)) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise _failed(ask, error) from error

    def _query(self, ask: Ask) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if not (ask.default_graphs or ask.named_graphs):
            return self._store.query(
                ask.sparql,
                base_iri=ask.base,
                prefixes=dict(ask.prefixes),
                use_default_graph_as_union=ask.union,
            )
        return self._store.query(
            ask.sparql,
            base_iri=ask.base,
            prefixes=dict(ask.prefixes),
            default_graph=[ox.NamedNode(iri) for iri in ask.default_graphs],
            named_graphs=[ox.NamedNode(iri) for iri in ask.named_graphs],
        )

    def _check_graphs(self, ask: Ask) -> None:
        for iri in (*ask.required_graphs, *ask.default_graphs, *ask.named_graphs):
            try:
                known = self._store.contains_named_graph(ox.NamedNode(iri))
            except ValueError as error:
                raise QueryError(f"<{iri}> is no absolute IRI", "name a graph by its whole IRI") from error
            if not known:
                raise QueryError(
                    f"the graph <{iri}> is not here, and nothing is fetched from elsewhere",
                    "SELECT DISTINCT ?g { GRAPH ?g {} } lists the graphs that are",
                )


def _failed(ask: Ask, error: Exception) -> QueryError:
    told = (str(error).splitlines() or [type(error).__name__])[0].removesuffix(
        " with payload:"
    )  # a page of HTML follows
    if ask.asks_others:
        return QueryError(
            f"the query failed, most likely at a server that it asks (SERVICE): {told}",
            "check that server's address and the network, or ask again later",
        )
    return QueryError(f"the query failed: {told}", "simplify it and try again")


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _write(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, ask: Ask, out: IO[bytes]) -> Kind:
    if isinstance(result, ox.QueryTriples):
        ox.serialize(result, out, TRIPLE_FORMATS[ask.triple_format], prefixes=dict(ask.prefixes))
        return "triples"
    result.serialize(out, ROW_FORMATS[ask.row_format])
    return "boolean" if isinstance(result, ox.QueryBoolean) else "rows"


def load_file(path: Path) -> ox.Store:
    """A file of RDF in memory. GraphError: it can't be read, or is not what its name says."""
    kind = FORMATS[format_of(path)]
    store = ox.Store()
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            store.bulk_load(cast("IO[bytes]", file), kind, base_iri=path.resolve().as_uri())
    except (OSError, EOFError, zlib.error) as error:
        raise GraphError(f"{path} can't be read: {error}", "give a graph folder, an RDF file or a URL") from error
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"{path} is not valid {kind.name}: {error}", "mend the file, or give another") from error
    return store


def stamp(path: Path) -> tuple[int, ...]:
    """Changes when the graph at this path does; GraphError if there is none.

    A folder's index is exchanged as a whole, so its inode tells; a file's time and size do.
    """
    index = path / "index"
    try:
        status = index.stat() if index.is_dir() else path.stat()
    except OSError as error:
        raise GraphError(
            f"{path} can't be read: {error.strerror}", "give a graph folder, an RDF file or a URL"
        ) from error
    return status.st_ino, status.st_mtime_ns, status.st_size


_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MOST_EXPECTED = 8  # what could stand at a place; a longer list helps nobody


def malformed(sparql: str, message: str) -> QueryError:
    """The engine's complaint about a query or an update, with the place in words."""
    match = _POSITION.match(message)
    if match is None:
        return QueryError(f"the query can't be read: {message}", "mend it and ask again")
    line, column = int(match[1]), int(match[2])
    lines = sparql.splitlines()
    rest = lines[line - 1][column - 1 :].strip()[:40] if line <= len(lines) else ""
    near = f"near `{rest}`" if rest else "at its end"
    without_ranges = re.sub(r"\[.*?\]|\'", " ", match[3].removeprefix("expected"), flags=re.DOTALL)
    wanted = re.findall(r'"\S{1,4}"|[A-Za-z]{3,}', without_ranges)
    expected = " ".join(word.strip('"') for word in wanted[:_MOST_EXPECTED] if word not in {"one", "unreported"})
    return QueryError(
        f"the query can't be read at line {line}, column {column}, {near}",
        f"expected there, among others: {expected}" if expected else "look for a missing bracket, dot or quote",
    )
