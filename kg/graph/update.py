"""SPARQL Update on a graph that is one file: read, changed, and written again as a whole or not at all."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import GraphError, QueryError
from kg.graph.files import sync_folder
from kg.graph.sparql import load_file, malformed
from kg.rdf import FORMATS, PREFIXES, format_of

_WITH_GRAPHS = frozenset({ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD})


@dataclass(frozen=True, slots=True)
class Change:
    """A SPARQL Update, in plain values that can travel to another process."""

    sparql: str
    base: str  # IRI against which relative ones are read
    prefixes: dict[str, str] = field(default_factory=dict)  # for names that the update leaves undeclared


def change(path: Path, wanted: Change) -> None:
    """Carries out an update on a file of RDF.

    QueryError: the update can't be read or done. GraphError: the file can't be read or written, or it is a graph
    folder, whose quads are what its articles say.
    """
    if path.is_dir():
        raise GraphError(
            f"{path} is a graph folder: its facts are what its articles say, and no update can change them",
            "correct readings in the overrides file, take articles back with kg remove, or serve an exported file",
        )
    store = load_file(path)
    try:
        store.update(wanted.sparql, base_iri=wanted.base, prefixes=wanted.prefixes)
    except SyntaxError as error:
        raise malformed(wanted.sparql, str(error)) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"the update failed, nothing has changed: {error}", "mend it and try again") from error
    _write(store, path)


def _write(store: ox.Store, path: Path) -> None:
    kind = FORMATS[format_of(path)]
    if kind not in _WITH_GRAPHS and any(True for _ in store.named_graphs()):
        raise QueryError(
            f"{path.name} is {kind.name}, which holds no named graphs; nothing has changed",
            "change the default graph only, or serve the graph as .nq or .trig",
        )
    part = path.with_name(f".{path.name}.part")
    graph = None if kind in _WITH_GRAPHS else ox.DefaultGraph()
    try:
        with gzip.open(part, "wb") if path.suffix == ".gz" else part.open("wb") as file:
            store.dump(cast("IO[bytes]", file), kind, from_graph=graph, prefixes=dict(PREFIXES))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise GraphError(
            f"{path} can't be written: {error.strerror}", "give the server the right to write it"
        ) from error
    finally:
        part.unlink(missing_ok=True)
