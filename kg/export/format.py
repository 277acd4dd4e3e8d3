"""What a format is: the one-method seam, and what every writer is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kg.rdf import DEFAULT_BASE, About, namespaces

Row = tuple[str, str, str, str]  # the four terms of a quad
Pieces = Iterator[str] | Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a writer may need to know beside the quads."""

    base: str = DEFAULT_BASE  # where the graph's own nodes stand
    texts: Mapping[str, str] = field(default_factory=dict)  # whole texts by document id, for formats that quote them
    table: str = ""  # which table, for formats of several
    about: About = field(default_factory=About)  # what its owner says of the graph

    @property
    def namespaces(self) -> dict[str, str]:
        """Namespace -> prefix, our own folders included."""
        return namespaces(self.base)


class Writer(Protocol):
    """Writes sorted rows in one format."""

    def __call__(self, rows: Iterator[Row], settings: Settings, /) -> Pieces:
        """The file's content in order, in pieces; what it holds in memory does not grow with the graph."""


class TableWriter(Protocol):
    """Writes sorted rows as several files."""

    def __call__(self, rows: Iterator[Row], settings: Settings, /) -> Iterator[tuple[str, Pieces]]:
        """(name of a file without extension, its content), one file after the other; `Settings.table`: only that."""


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table of formats."""

    name: str  # as --format takes it
    extension: str  # ".ttl"
    words: str  # what it is for, one line
    writer: Writer | None = None
    tables: TableWriter | None = None  # of a format that is a folder of files
    entire: bool = False  # whether it is RDF and holds the whole graph
