"""The files of a graph folder: written whole or not at all, whatever kills the program."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

from kg.errors import GraphError

Item = TypeVar("Item")

_LEVEL = 6  # level 9 takes twice the time and saves 1%
_CHUNK = 4096  # lines written at once


def write(path: Path, lines: Iterable[str]) -> None:
    """A text file of lines, by temporary, fsync and rename."""
    part = _part(path)
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(blocks(lines))
        _sync(file)
    part.replace(path)
    sync_folder(path.parent)


def put_file(path: Path, data: bytes) -> None:
    """One file, whole or not at all; its folder is made. It does not wait for the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _part(path)
    part.write_bytes(data)
    part.replace(path)


def sync_folder(folder: Path) -> None:
    """Makes renames in the folder last through a power cut, where the system can (Windows can't)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def encode(lines: Iterable[str]) -> bytes:
    """Lines as gzip, the same bytes for the same lines: no name and no time in the header."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=buffer, mtime=0) as file:
        file.writelines(block.encode() for block in blocks(lines))
    return buffer.getvalue()


def decode(data: bytes) -> list[str]:
    """The lines of `encode`'s bytes. OSError, EOFError, zlib.error: damaged; ValueError: not UTF-8."""
    # Not splitlines(): a quotation may hold U+2028 or U+0085, which are no line ends in N-Quads.
    return gzip.decompress(data).decode().split("\n")[:-1]


class QuadFiles:
    """`quads/ab/<article>.nq.gz`: what each article says, the truth that all else is made from."""

    def __init__(self, root: Path, *, lasting: bool = True) -> None:
        """`lasting`: a power cut takes nothing back; without it, writing does not wait for the disk."""
        self.root = root
        self._lasting = lasting

    def path(self, article: str) -> Path:
        """Where an article's quads stand, there or not."""
        return self.root / article[:2] / f"{article}.nq.gz"

    def ids(self) -> list[str]:
        """The articles that are there, sorted."""
        found: list[str] = []
        with suppress(FileNotFoundError), os.scandir(self.root) as folders:
            for folder in folders:
                with os.scandir(folder) as files:
                    found.extend(f.name[:-6] for f in files if f.name.endswith(".nq.gz"))
        return sorted(found)

    def raw(self, article: str) -> bytes | None:
        """The file as it is; None: there is none."""
        try:
            return self.path(article).read_bytes()
        except FileNotFoundError:
            return None

    def lines(self, article: str) -> list[str]:
        """The article's canonical lines, sorted; [] when there is none. GraphError: a damaged file."""
        data = self.raw(article)
        return [] if data is None else self.decoded(article, data)

    def decoded(self, article: str, data: bytes) -> list[str]:
        """The lines of such a file's bytes. GraphError: damaged."""
        try:
            return decode(data)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise GraphError(
                f"{self.path(article)} is damaged: {error}",
                "Delete the file, run `kg build` on its article again, and the graph is whole.",
            ) from error

    def write(self, files: Mapping[str, bytes]) -> None:
        """Puts articles there: all are on the disk before the first gets its name."""
        parts: dict[Path, Path] = {}
        for article, data in files.items():
            path = self.path(article)
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path] = _part(path)
            with parts[path].open("wb") as file:
                file.write(data)
                if self._lasting:
                    _sync(file)
        for path, part in parts.items():
            part.replace(path)
        for folder in {path.parent for path in parts if self._lasting}:
            sync_folder(folder)

    def remove(self, articles: Iterable[str]) -> None:
        """Takes articles away."""
        for article in articles:
            path = self.path(article)
            path.unlink(missing_ok=True)
            sync_folder(path.parent)

    def sweep(self) -> None:
        """Removes what a killed writer left half written."""
        for part in self.root.glob("??/.*.part"):
            part.unlink(missing_ok=True)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter (itertools.batched came with Python 3.12)."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def blocks(lines: Iterable[str]) -> Iterator[str]:
    """The lines, each ended by a line feed, some thousand in one string."""
    for batch in batches(lines, _CHUNK):
        batch.append("")
        yield "\n".join(batch)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _sync(file: io.IOBase | io.TextIOWrapper) -> None:
    file.flush()
    os.fsync(file.fileno())
