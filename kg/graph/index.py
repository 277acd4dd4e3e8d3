"""The folder's pyoxigraph store, as seen by readers: always a finished one.

A writer never touches the store that readers open. It makes the next one beside it, from hard links to the
present one's data files (RocksDB never changes those once written), and exchanges the two by name.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.errors import GraphError
from kg.graph.files import batches, blocks, sync_folder

Apply = Callable[[ox.Store], None]
_PATIENCE = 1.0  # seconds that a reader tries again: the store may be exchanged while it is being opened
_LATE = "late-readers.txt"  # names of files in the index that only readers of the one before still need
_AT_ONCE = 100_000  # lines; pyoxigraph takes 250 MB for them, and 1.7 GB for a million
_FORMAT = ox.RdfFormat.N_QUADS


class Index:
    """`DIR/index/`, made from `quads/` and changed with them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "index"
        self._next = folder / "index.new"
        self._last = folder / "index.old"
        self._late = self.path / _LATE

    def exists(self) -> bool:
        """Whether there is a store to open."""
        return (self.path / "CURRENT").exists()

    def recover(self) -> None:
        """Puts the last store back where a writer died between the two names. Only for who holds the lock."""
        if not self.path.exists() and self._last.exists():
            self._last.rename(self.path)

    def open(self) -> ox.Store:
        """The store for reading: what the index held at this moment. GraphError: there is none, or a broken one."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return ox.Store.read_only(str(self.path))
            except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: pyoxigraph's "corruption"
                if time.monotonic() > until:
                    raise GraphError(f"{self.path} can't be opened: {error}", "Rebuild it: Graph.rebuild().") from error
                time.sleep(0.01)

    def change(self, apply: Apply) -> None:
        """Lets `apply` write into a copy, then puts the copy in place. `apply` keeps no reference to it."""
        self._clear()
        self._next.mkdir()
        late = self._late.read_text().split() if self._late.exists() else []
        for entry in os.scandir(self.path):
            if entry.name not in ("LOCK", _LATE, *late) and not entry.name.startswith("LOG"):
                _link_or_copy(entry, self._next / entry.name)
        self._write(apply)
        self._keep_for_readers(but=late)
        self._clear()

    def _keep_for_readers(self, but: list[str]) -> None:
        """A reader opens some files late, by name: those that the change has merged away stay until the next one."""
        names = {entry.name for entry in os.scandir(self._last) if entry.name.endswith(".sst")} - {*but}
        late = sorted(name for name in names if not (self.path / name).exists())
        self._late.write_text("\n".join(late))
        for name in late:
            with suppress(OSError):  # a file system without hard links
                os.link(self._last / name, self.path / name)

    def rebuild(self, lines: Iterable[str]) -> None:
        """A new store of these lines, in place of the present one."""
        self._clear()
        self._write(partial(_fill, lines=lines))
        self._clear()

    def _write(self, apply: Apply) -> None:
        store = ox.Store(str(self._next))
        apply(store)
        store.flush()
        del store  # closes it: the name must not change under open files
        sync_folder(self._next)
        if self.path.exists():
            self.path.rename(self._last)
        self._next.rename(self.path)
        sync_folder(self.path.parent)

    def _clear(self) -> None:
        for left in (self._next, self._last):
            shutil.rmtree(left, ignore_errors=True)


def put(store: ox.Store, lines: Iterable[str]) -> None:
    """Adds lines; those that are there stay. Not all or nothing, and three times as fast for it."""
    for batch in batches(lines, _AT_ONCE):
        store.bulk_load("".join(blocks(batch)), _FORMAT, lenient=True)


def _fill(store: ox.Store, lines: Iterable[str]) -> None:
    put(store, lines)
    # Merges what came in pieces: else whoever adds the next article waits for it, 10 s for 10 million quads.
    store.optimize()


def take(store: ox.Store, lines: Iterable[str]) -> None:
    """Removes lines; those that are not there do no harm."""
    for quad in ox.parse("".join(blocks(lines)), _FORMAT, lenient=True):
        store.remove(quad)


def read(store: ox.Store, graph: str) -> Iterator[str]:
    """The lines of one named graph (its IRI), in no order."""
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
        yield f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} ."


def _link_or_copy(entry: os.DirEntry[str], target: Path) -> None:
    if entry.name.endswith(".sst"):
        try:
            os.link(entry.path, target)
        except OSError:  # a file system without hard links
            pass
        else:
            return
    shutil.copy2(entry.path, target)
