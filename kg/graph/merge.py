"""Several graph folders as one: what their articles, rejected sources and assigned items make together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import GraphError
from kg.graph.files import QuadFiles
from kg.graph.identity import Assigned
from kg.model import Rejected
from kg.rdf import node, split_line, value

_VERSION = f" {node('kg:version')} "


def same_base(folders: Iterable[tuple[Path, str]]) -> None:
    """GraphError: the folders' nodes stand under different bases."""
    bases: dict[str, Path] = {}
    for folder, base in folders:
        bases.setdefault(base, folder)
    if len(bases) > 1:
        told = ", ".join(f"{folder} ({base})" for base, folder in bases.items())
        raise GraphError(f"These graphs have different bases: {told}.", "Build one of them again with --base.")


def articles(sources: Sequence[QuadFiles]) -> Iterator[tuple[str, list[str]]]:
    """Each article of any of the folders with its lines, by id.

    Where two read an article differently, the reading of the later program version counts, whoever is named first.
    """
    holders: dict[str, list[QuadFiles]] = {}
    for files in sources:
        for article in files.ids():
            holders.setdefault(article, []).append(files)
    for article in sorted(holders):
        yield article, max((files.lines(article) for files in holders[article]), key=_newness)


def _newness(lines: list[str]) -> tuple[list[tuple[int, ...]], list[str]]:
    versions = [value(split_line(line)[2]) for line in lines if _VERSION in line]
    return sorted(tuple(int(part) for part in one.split(".") if part.isdigit()) for one in versions), lines


def items(tables: Iterable[Iterable[Assigned]]) -> list[Assigned]:
    """What any of the folders says of each alias; of two, the surer, then the later."""
    best: dict[str, Assigned] = {}
    for row in (row for table in tables for row in table):
        if row.alias not in best or _sureness(row) > _sureness(best[row.alias]):
            best[row.alias] = row
    return sorted(best.values(), key=lambda row: row.alias)


def _sureness(row: Assigned) -> tuple[float, str, str]:
    return row.score, row.when or "", row.to_json()


def rejected(lists: Iterable[Iterable[Rejected]], read: Mapping[str, object]) -> list[Rejected]:
    """The sources that none of the folders could read; `read` holds those that one did."""
    rows = {row.source: row for row in sorted((r for rows in lists for r in rows), key=lambda r: (r.source, r.what))}
    return [row for source, row in rows.items() if source not in read]
