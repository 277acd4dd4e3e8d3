"""Every output format, from any stream of quads: deterministic, and as fast as text can be joined.

A format is one module with one function (`Writer`) and one row in FORMATS. The quads must be sorted (as `Graph.lines`,
`Graph.quads` and `kg.rdf.quads` give them): then the line formats hold one subject in memory, the others keep what
later lines need in a temporary file, and the same graph gives the same bytes. Each file may end in `.gz`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, cast

from kg.errors import GraphError
from kg.export.calendar import calendar, timeline
from kg.export.context import context
from kg.export.files import pour, whole
from kg.export.format import Format, Row, Settings
from kg.export.geojson import geo_json
from kg.export.graphml import graph_ml
from kg.export.jsonld import json_ld
from kg.export.lines import n_quads, n_triples
from kg.export.nanopub import nanopubs
from kg.export.nif import nif
from kg.export.quickstatements import quick_statements
from kg.export.rdfxml import rdf_xml
from kg.export.sssom import sssom
from kg.export.tables import csv_tables, parquet_tables
from kg.export.texts import texts
from kg.export.turtle import reified, trig, turtle
from kg.export.void import void
from kg.model import Quad
from kg.rdf import description, load, split_line, tallied

__all__ = [
    "FORMATS",
    "Format",
    "Settings",
    "context",
    "export",
    "export_described",
    "format_named",
    "format_of",
    "load",
    "texts",
]

_FORMATS = (
    Format("ttl", ".ttl", "Turtle: the union of all graphs, by subject", turtle, entire=True),
    Format("trig", ".trig", "TriG: Turtle with the graph of each article", trig, entire=True),
    Format("nt", ".nt", "N-Triples: a triple a line", n_triples, entire=True),
    Format("nq", ".nq", "N-Quads: a line a quad, as the graph folder holds it", n_quads, entire=True),
    Format("jsonld", ".jsonld", "JSON-LD 1.1: compact, with its context inside", json_ld, entire=True),
    Format("rdf", ".rdf", "RDF/XML", rdf_xml, entire=True),
    Format("rdf12", ".rdf12.ttl", "Turtle of RDF 1.2: claims reify the triple they are about", reified, entire=True),
    Format("nif", ".nif.ttl", "NIF 2.0 for GERBIL: texts with linked mentions (see --texts)", nif),
    Format("nanopub", ".nanopub.trig", "nanopublications, one a claim", nanopubs),
    Format("quickstatements", ".qs", "QuickStatements: proposals for Wikidata, with references", quick_statements),
    Format("csv", ".csv", "tables for spreadsheets: claims.csv, or a folder of six", tables=csv_tables),
    Format("parquet", ".parquet", "the same tables for pandas, DuckDB, Polars", tables=parquet_tables),
    Format("graphml", ".graphml", "Gephi, Cytoscape, networkx: entities, events, claims", graph_ml),
    Format("geojson", ".geojson", "places and events on a map", geo_json),
    Format("ics", ".ics", "iCalendar: events by day", calendar),
    Format("sssom", ".sssom.tsv", "SSSOM: links to other data sets, with their reasons", sssom),
    Format("void", ".void.ttl", "VoID and DCAT: what the graph holds, how much, from where", void),
    Format("timeline", ".timeline.json", "TimelineJS: events with their quotes", timeline),
)
FORMATS = {one.name: one for one in _FORMATS}


def export(
    quads: Iterable[Quad] | Iterable[str],
    target: Path | str | IO[bytes],
    kind: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Writes sorted quads, or canonical lines of them, to a file (whole or not at all) or into an open one.

    `kind`: a name of FORMATS; by default what the file's name says. GraphError: an unknown format, something that the
    format can't say, or a file that can't be written.
    """
    settings = settings or Settings()
    if isinstance(target, (str, Path)):
        form = format_named(kind) if kind else format_of(target)
        _into(form, Path(target), _rows(quads), settings)
        return
    if kind is None:
        raise GraphError("An open file does not tell its format.", f"Name one of {', '.join(FORMATS)}.")
    form = format_named(kind)
    if form.writer is None:
        raise GraphError(f"{form.name} is several files.", f"Name a folder, or one file: claims{form.extension}.")
    pour(form.writer(_rows(quads), settings), target)


def export_described(lines: Iterable[str], target: Path, settings: Settings) -> Path | None:
    """Writes canonical lines to a file, and the graph's description beside it: news.ttl.gz, news.void.ttl.

    Gives the description's place; None where the format does not hold the whole graph, so that there is nothing to
    describe. GraphError as of `export`.
    """
    form = format_of(target)
    if not form.entire:
        export(lines, target, settings=settings)
        return None
    counted: Counter[str] = Counter()
    export(tallied(lines, counted), target, settings=settings)
    name = target.name[: target.name.lower().rindex(form.extension)]
    beside = target.with_name(f"{name}{FORMATS['void'].extension}")
    with whole(beside) as file:
        pour(description(counted, settings.base, replace(settings.about, file=target.name)), file)
    return beside


def _into(form: Format, target: Path, rows: Iterator[Row], settings: Settings) -> None:
    if form.writer is not None:
        with whole(target) as file:
            pour(form.writer(rows, settings), file)
    elif form.tables is not None:
        one = target.name.lower().removesuffix(".gz").removesuffix(form.extension)
        alone = one != target.name.lower()
        for name, pieces in form.tables(rows, replace(settings, table=one) if alone else settings):
            with whole(target if alone else _made(target) / f"{name}{form.extension}") as file:
                pour(pieces, file)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraphError(f"{folder} can't be made: {error}", "Choose a folder that can be written.") from error
    return folder


def format_named(name: str) -> Format:
    """The format of that name. GraphError: there is none."""
    form = FORMATS.get(name.removeprefix("."))
    if form is None:
        raise GraphError(f"There is no writer for {name!r}.", f"Use one of {', '.join(FORMATS)}.")
    return form


def format_of(path: Path | str) -> Format:
    """The format by a file's name, `.gz` aside: the longest extension that fits. GraphError: none that we know."""
    name = Path(path).name.lower().removesuffix(".gz")
    fitting = [one for one in _FORMATS if name.endswith(one.extension)]
    if not fitting:
        known = " ".join(one.extension for one in _FORMATS)
        raise GraphError(f"{path} has no known extension for a graph.", f"Use one of {known}, or --format.")
    return max(fitting, key=lambda one: len(one.extension))


def _rows(quads: Iterable[Quad] | Iterable[str]) -> Iterator[Row]:
    stream = iter(quads)
    for first in stream:
        rest = chain((first,), stream)
        if isinstance(first, str):
            yield from map(split_line, cast("Iterator[str]", rest))
        else:
            yield from ((q.s, q.p, q.o, q.g) for q in cast("Iterator[Quad]", rest))
