"""Sections of a base while they grow: key indexes, record blocks, edges, terms. Each writes itself at the end."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from kg.knowledge import postings, terms
from kg.knowledge.layout import Digest, Writer, trie
from kg.knowledge.records import BLOCK, DICTIONARY, pack


class KeyIndex:
    """Keys that lead to rows. Keys wait in a temporary file of `stack`, so that memory holds nine bytes a key."""

    def __init__(self, stack: ExitStack, name: str, most: int = 0) -> None:
        self._name = name
        self._most = most
        self._keys: IO[bytes] = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        self._rows, self._flags = array("I"), array("B")

    def add(self, key: str, row: int, flags: int = 0) -> None:
        """Let a key lead to a row."""
        self._keys.write(key.encode() + b"\n")
        self._rows.append(row)
        self._flags.append(flags)

    def write(self, out: Writer, rank: postings.Words) -> None:
        """Add the sections <name>.trie, .first, .more."""
        keys = trie(self._lines())
        numbers = array("I", (keys[key] for key in self._lines()))
        out.section(f"{self._name}.trie", "B", [keys.tobytes()])
        first, more = postings.lists((numbers, self._rows, self._flags), rank, len(keys), self._most)
        out.section(f"{self._name}.first", "I", [first.tobytes()])
        out.section(f"{self._name}.more", "I", [more.tobytes()])

    def _lines(self) -> Iterator[str]:
        self._keys.seek(0)
        return (line[:-1].decode() for line in self._keys)


class MainCountries:
    """The first country of each row: a number into a table of rows."""

    def __init__(self) -> None:
        self._numbers = array("H")  # 0: none
        self._table: dict[int, int] = {}

    def add(self, country: int | None) -> None:
        """Add the next row's country, a row or None."""
        self._numbers.append(0 if country is None else self._table.setdefault(country, len(self._table) + 1))

    def write(self, out: Writer, digest: Digest) -> None:
        """Add the sections country and country.row."""
        out.section("country", "H", [self._numbers.tobytes()], digest)
        out.section("country.row", "I", [array("I", [0, *self._table]).tobytes()], digest)


class Blocks:
    """Records in compressed blocks, which wait in a temporary file of `stack`."""

    def __init__(self, stack: ExitStack, sample: Iterable[bytes]) -> None:
        self._dictionary = b"\n".join(sample)[-DICTIONARY:]
        self._spool: IO[bytes] = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        self._offsets = array("I", [0])
        self._waiting: list[bytes] = []

    def add(self, record: bytes) -> None:
        """Add the next row's record."""
        self._waiting.append(record)
        if len(self._waiting) == BLOCK:
            self._flush()

    def write(self, out: Writer) -> None:
        """Add the sections records.dictionary, .offsets, .blocks."""
        if self._waiting:
            self._flush()
        self._spool.seek(0)
        out.section("records.dictionary", "B", [self._dictionary])
        out.section("records.offsets", "I", [self._offsets.tobytes()])
        out.section("records.blocks", "B", iter(lambda: self._spool.read(1 << 20), b""))

    def _flush(self) -> None:
        self._spool.write(pack(self._waiting, self._dictionary))
        self._offsets.append(self._spool.tell())
        self._waiting.clear()


class Edges:
    """Relations between rows, kept at both ends unless the property is one-way."""

    def __init__(self, one_way: frozenset[str]) -> None:
        self._one_way = one_way
        self._names: dict[str, int] = {}
        self._subjects, self._properties, self._objects = array("I"), array("I"), array("I")

    def add(self, subject: int, name: str, target: int) -> None:
        """Join two rows."""
        self._subjects.append(subject)
        self._properties.append(self._names.setdefault(name, len(self._names)))
        self._objects.append(target)

    def write(self, out: Writer, digest: Digest) -> list[str]:
        """Add out.at .offsets .row .property and in.*; returns the properties in the order of their numbers."""
        names = sorted(self._names)
        renumber = {self._names[name]: at for at, name in enumerate(names)}
        properties = array("I", (renumber[at] for at in self._properties))
        self._half(out, "out", (self._subjects, self._objects, properties), digest)
        both = [at for at in range(len(properties)) if names[properties[at]] not in self._one_way]
        back = tuple(array("I", (column[at] for at in both)) for column in (self._objects, self._subjects, properties))
        self._half(out, "in", (back[0], back[1], back[2]), digest)
        return names

    @staticmethod
    def _half(out: Writer, name: str, columns: postings.Triples, digest: Digest) -> None:
        """The rows that have edges, ascending, where each one's start, the rows at the other end, and by what."""
        at, offsets, (rows, properties) = postings.grouped(columns[0], columns[1:])
        out.section(f"{name}.at", "I", [at.tobytes()], digest)
        out.section(f"{name}.offsets", "I", [offsets.tobytes()], digest)
        out.section(f"{name}.row", "I", [rows.tobytes()], digest)
        out.section(f"{name}.property", "H", [properties.astype(np.uint16).tobytes()], digest)


class Terms:
    """Who held which office when."""

    def __init__(self) -> None:
        self._found: dict[int, list[tuple[int, int, int]]] = {}  # office -> (person, start, end)

    def add(self, person: int, positions: Iterable[tuple[int, str | None, str | None]]) -> None:
        """Add a person's positions: office row, from, to."""
        by_office: dict[int, list[terms.Dates]] = {}
        for office, start, end in positions:
            by_office.setdefault(office, []).append((terms.packed(start), terms.packed(end)))
        for office, found in by_office.items():
            self._found.setdefault(office, []).extend((person, *term) for term in terms.merge(found))

    def latest(self, office: int) -> tuple[int, int]:
        """(the latest start, how many terms): what tells a living office from a dead one."""
        found = self._found.get(office, ())
        return max((start for _, start, _ in found), default=0), len(found)

    def write(self, out: Writer, digest: Digest) -> None:
        """Add terms.office (ascending), .offsets, .person, .start, .end; latest start first."""
        offices = sorted(self._found)
        offsets, columns = array("I", [0]), (array("I"), array("I"), array("I"))
        for office in offices:
            for term in sorted(self._found[office], key=lambda term: (-term[1], term[0], term[2])):
                for column, value in zip(columns, term, strict=True):
                    column.append(value)
            offsets.append(len(columns[0]))
        out.section("terms.office", "I", [array("I", offices).tobytes()], digest)
        out.section("terms.offsets", "I", [offsets.tobytes()], digest)
        for name, column in zip(("person", "start", "end"), columns, strict=True):
            out.section(f"terms.{name}", "I", [column.tobytes()], digest)


def row_of(qids: array[int], qid: int) -> int | None:
    """The row of a QID's number in ascending numbers."""
    at = bisect_left(qids, qid)
    return at if at < len(qids) and qids[at] == qid else None
