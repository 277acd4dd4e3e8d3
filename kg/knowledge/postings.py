"""Lists of rows and grouped columns, made with numpy; `layout.Lists` reads them without it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kg.knowledge.layout import FLAGS_AT, MORE, NOTHING

_FLAG_BITS = 2

Words = npt.NDArray[np.uint32]
Triples = tuple["array[int]", "array[int]", "array[int]"]  # list, row, flags: u32, u32, u8


def ranks(priors: Sequence[int]) -> Words:
    """The place of each row when rows are sorted by prior, highest first; equal ones by row."""
    order = np.argsort(-np.asarray(priors, dtype=np.int64), kind="stable")
    found = np.empty(len(order), dtype=np.uint32)
    found[order] = np.arange(len(order), dtype=np.uint32)
    return found


def lists(triples: Triples, rank: Words, size: int, most: int = 0) -> tuple[Words, Words]:
    """(first, more) of `size` lists from triples in any order, repeated or not; see layout.Lists.

    Of a repeated (list, row) only those flags stay that all have. `most`: entries kept a list, 0 for all.
    """
    packed = _sorted(triples, rank)
    if not len(packed):
        return np.full(size, NOTHING, dtype=np.uint32), np.empty(0, dtype=np.uint32)
    number = (packed >> 32).astype(np.int64)
    row_of = np.empty(len(rank), dtype=np.uint32)
    row_of[rank] = np.arange(len(rank), dtype=np.uint32)
    at_rank = (packed & 0xFFFFFFFF) >> _FLAG_BITS
    entry = row_of[at_rank] | ((packed & ((1 << _FLAG_BITS) - 1)).astype(np.uint32) << np.uint32(FLAGS_AT))
    starts = np.flatnonzero(np.concatenate(([True], number[1:] != number[:-1])))
    place = np.arange(len(packed)) - np.repeat(starts, np.diff(np.append(starts, len(packed))))
    if most:
        number, entry, place = number[place < most], entry[place < most], place[place < most]
        starts = np.flatnonzero(place == 0)
    return _lay(number, entry, starts, size)


def _sorted(triples: Triples, rank: Words) -> npt.NDArray[np.uint64]:
    """Packed as list << 32 | rank << 2 | flags, sorted and unique but for the flags, which are joined by "and"."""
    numbers, rows, flags = triples
    if not len(numbers):
        return np.empty(0, dtype=np.uint64)
    at_rank = rank[np.frombuffer(rows, dtype=np.uint32)].astype(np.uint64)
    low = (at_rank << np.uint64(_FLAG_BITS)) | np.frombuffer(flags, dtype=np.uint8).astype(np.uint64)
    packed = (np.frombuffer(numbers, dtype=np.uint32).astype(np.uint64) << np.uint64(32)) | low
    packed.sort()
    same = packed >> np.uint64(_FLAG_BITS)
    starts = np.flatnonzero(np.concatenate(([True], same[1:] != same[:-1])))
    return np.bitwise_and.reduceat(packed, starts)


def _lay(number: npt.NDArray[np.int64], entry: Words, starts: npt.NDArray[np.int64], size: int) -> tuple[Words, Words]:
    """Single entries into `first`, the others into `more` with the last one of each list marked."""
    lengths = np.diff(np.append(starts, len(entry)))
    first = np.full(size, NOTHING, dtype=np.uint32)
    single = lengths == 1
    first[number[starts[single]]] = entry[starts[single]]
    kept = np.repeat(~single, lengths)
    more = entry[kept]
    ends = np.cumsum(lengths[~single])
    if len(ends):
        more[ends - 1] |= np.uint32(MORE)
        first[number[starts[~single]]] = np.concatenate(([0], ends[:-1])).astype(np.uint32) | np.uint32(MORE)
    return first, more


def grouped(groups: array[int], values: Sequence[array[int]]) -> tuple[Words, Words, list[Words]]:
    """Columns sorted by group, then by value, equal lines once: (groups, their starts and the end, columns)."""
    columns = [np.frombuffer(column, dtype=np.uint32) for column in (groups, *values)]
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    kept = np.ones(len(order), dtype=bool)
    if len(order):
        kept[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    found, *rest = (column[kept] for column in columns)
    at, starts = np.unique(found, return_index=True)
    return at, np.append(starts, len(found)).astype(np.uint32), rest
