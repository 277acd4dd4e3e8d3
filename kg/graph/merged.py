"""The graph as one sorted stream, from any number of articles in flat memory."""

from __future__ import annotations

import heapq
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from typing import IO

from kg.graph.files import QuadFiles, blocks
from kg.rdf import settled

Change = Callable[[str, list[str]], list[str]]  # (article, its raw lines) -> its lines as the graph has them

_HELD = 200_000  # lines sorted in memory before they go to a temporary file: about 80 MB


def own_prefix(base: str) -> str:
    """How the lines begin that belong to one article alone."""
    return f"<{base}article/"


def own_part(lines: list[str], base: str) -> slice:
    """Where the article's own lines stand among its sorted lines; the rest it shares with others."""
    prefix = own_prefix(base)
    return slice(bisect_left(lines, prefix), bisect_left(lines, f"{prefix[:-1]}0"))  # "0" follows "/"


@dataclass(frozen=True, slots=True)
class Share:
    """An article's lines: its own, and those that other articles may say too."""

    own: list[str]
    shared: list[str]


def parted(lines: list[str], base: str) -> Share:
    """Sorted lines of one article, parted."""
    own = own_part(lines, base)
    return Share(lines[own], lines[: own.start] + lines[own.stop :])


def merged(files: QuadFiles, base: str, change: Change) -> Iterator[str]:
    """All lines, changed, sorted, each once, of a slot only the best.

    The articles' own lines need no sorting: each article's stand together, and articles come by id. What
    they share is sorted in pieces that fit into memory.
    """
    ids = files.ids()
    prefix = own_prefix(base)
    with ExitStack() as stack:
        shared = settled(_sorted(_shared(files, ids, base, change), stack))
        held: list[str] = []
        for line in shared:
            if line > prefix:
                held.append(line)
                break
            yield line
        for article in ids:
            yield from parted(change(article, files.lines(article)), base).own
        yield from held
        yield from shared


def _shared(files: QuadFiles, ids: Iterable[str], base: str, change: Change) -> Iterator[list[str]]:
    for article in ids:
        yield parted(change(article, files.lines(article)), base).shared


def _sorted(groups: Iterable[list[str]], stack: ExitStack) -> Iterator[str]:
    """The lines of all groups, sorted, each once."""
    spilled: list[IO[str]] = []
    held: set[str] = set()
    for group in groups:
        held.update(group)
        if len(held) >= _HELD:
            spilled.append(_spill(held, stack))
            held = set()
    streams: list[Iterable[str]] = [(line[:-1] for line in file) for file in spilled]
    for line, _ in groupby(heapq.merge(*streams, sorted(held))):
        yield line


def _spill(held: set[str], stack: ExitStack) -> IO[str]:
    file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115 - the stack closes it
    file.writelines(blocks(sorted(held)))
    file.seek(0)
    return file
