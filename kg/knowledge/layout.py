"""The container of a knowledge base: one file of aligned sections that is mapped, never read in whole.

    prologue   32 bytes: magic, version, CRC-32 of the header, offset and length of the header
    sections   numbers (little-endian arrays), bytes, tries; each on a 64-byte boundary
    header     JSON: id, info, and for every section its type, offset and length

Numbers are read through memoryview.cast, so opening touches the header alone and a look-up touches the pages
that it needs. Versions only grow; a file of a newer version is refused.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, Self

import marisa_trie

from kg.errors import KnowledgeError

MAGIC = b"\x89KGKB\r\n\n"
VERSION = 1
_PROLOGUE = struct.Struct("<8sIIQQ")
_ALIGN = 64
_REBUILD = "Get the file again, or build it: kg kb build FACTS -o BASE.kb"


class Keys:
    """A set of strings, each with a number 0..len-1, in a mapped trie."""

    def __init__(self, view: memoryview) -> None:
        self._view = view  # the trie reads it for as long as it lives and does not keep it alive itself
        self._trie = marisa_trie.Trie()
        self._trie.map(view)

    def __len__(self) -> int:
        return len(self._trie)

    def number(self, key: str) -> int:
        """The number of the key, -1 if it is none."""
        try:
            found: int = self._trie.get(key, -1)
        except UnicodeEncodeError:  # half of a surrogate pair, as broken JSON has them: no key
            return -1
        return found

    def key(self, number: int) -> str:
        """The key with this number."""
        return str(self._trie.restore_key(number))

    def starting(self, prefix: str) -> Iterator[str]:
        """The keys that start with the prefix, itself included; those of one branch together."""
        return iter(self._trie.iterkeys(prefix.encode("utf-8", "ignore").decode()))

    def any_starting(self, prefix: str) -> bool:
        """Whether a key starts with the prefix."""
        return next(self.starting(prefix), None) is not None


def trie(keys: Iterable[str]) -> marisa_trie.Trie:
    """A trie over the keys: the same bytes for the same set in any order."""
    return marisa_trie.Trie(keys)


# A list of rows by number takes one u32 where it has one entry. first[n] is NOTHING, or the only entry, or
# MORE | place of the list in `more`, where entries follow one another and the last has MORE set. An entry is a row
# with flags above it.
MORE = 1 << 31
NOTHING = 0xFFFFFFFF
FLAGS_AT = 29
ROWS = (1 << FLAGS_AT) - 1  # rows are below 536,870,911


class Lists:
    """Lists of entries by number, in the order of their ranks (best prior first)."""

    def __init__(self, first: memoryview, more: memoryview) -> None:
        self._first = first
        self._more = more

    def __getitem__(self, number: int) -> list[int]:
        """The entries of list `number`; [] where there is none."""
        value: int = self._first[number]
        if value < MORE:
            return [value]
        if value == NOTHING:
            return []
        more, place, found = self._more, value & ~MORE, []
        while True:
            value = more[place]
            found.append(value & ~MORE)
            if value & MORE:
                return found
            place += 1


@dataclass(frozen=True, slots=True)
class Container:
    """A mapped file."""

    path: Path
    header: Mapping[str, Any]
    view: memoryview

    @classmethod
    def open(cls, path: Path) -> Container:
        """Map the file and read its header. Raises KnowledgeError: missing, foreign, cut short, newer."""
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < _PROLOGUE.size:
                    raise KnowledgeError(f"{path} is no knowledge base: it is nearly empty.", _REBUILD)
                view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except FileNotFoundError as error:
            raise KnowledgeError(f"There is no knowledge base at {path}.", _REBUILD) from error
        except OSError as error:
            raise KnowledgeError(
                f"{path} can't be opened: {error.strerror}.", "Check the path and its rights."
            ) from error
        return cls(path, _header(path, view), view)

    def bytes(self, name: str) -> memoryview:
        """The bytes of a section."""
        _, offset, length = self._section(name)
        return self.view[offset : offset + length]

    def numbers(self, name: str) -> memoryview:
        """A section's numbers: indexing gives int."""
        return self.bytes(name).cast(self._section(name)[0])  # type: ignore[call-overload,no-any-return]

    def keys(self, name: str) -> Keys:
        """A section that is a trie."""
        return Keys(self.bytes(name))

    def lists(self, name: str) -> Lists:
        """Two sections that hold lists of rows."""
        return Lists(self.numbers(f"{name}.first"), self.numbers(f"{name}.more"))

    def _section(self, name: str) -> tuple[str, int, int]:
        kind, offset, length = self.header["sections"][name]
        return kind, offset, length


def _header(path: Path, view: memoryview) -> Mapping[str, Any]:
    magic, version, crc, offset, length = _PROLOGUE.unpack_from(view)
    if magic != MAGIC:
        raise KnowledgeError(f"{path} is no knowledge base.", _REBUILD)
    if version > VERSION:
        what = f"{path} is a knowledge base of version {version}; this program reads up to {VERSION}."
        raise KnowledgeError(what, "Update the program, or build the base anew with this one.")
    if offset + length != len(view) or zlib.crc32(view[offset:]) != crc:
        raise KnowledgeError(f"{path} is cut short or damaged.", _REBUILD)
    if sys.byteorder != "little":
        raise KnowledgeError("This machine is big-endian; knowledge bases are little-endian.", "Use another machine.")
    header: Mapping[str, Any] = json.loads(bytes(view[offset:]))
    return header


class Digest(Protocol):
    """What makes a content id: a hash of hashlib."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""


class Writer:
    """Writes a container: sections one by one, then the header; the file appears whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file: IO[bytes]
        self._sections: dict[str, tuple[str, int, int]] = {}

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("wb")
        except OSError as error:
            what = f"{self._path} can't be written: {error.strerror}."
            raise KnowledgeError(what, "Choose another place with -o, or mend the folder's rights.") from error
        self._file.write(bytes(_PROLOGUE.size))
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def section(self, name: str, kind: str, chunks: Iterable[bytes], digest: Digest | None = None) -> None:
        """Add a section; `kind` is a format of memoryview.cast: B, H, I, Q. The digest sees its bytes too."""
        self._file.write(bytes(-self._file.tell() % _ALIGN))
        offset = self._file.tell()
        for chunk in chunks:
            self._file.write(chunk)
            if digest:
                digest.update(chunk)
        self._sections[name] = (kind, offset, self._file.tell() - offset)

    def finish(self, identity: str, info: Mapping[str, Any]) -> None:
        """Write the header, then put the file in its place."""
        offset = self._file.tell()
        fields = {"id": identity, "info": info, "sections": self._sections}
        header = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
        self._file.write(header)
        self._file.seek(0)
        self._file.write(_PROLOGUE.pack(MAGIC, VERSION, zlib.crc32(header), offset, len(header)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)
