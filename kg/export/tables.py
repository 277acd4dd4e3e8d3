"""Six tables, as CSV and Parquet: articles, entities, mentions, events, claims, and the evidence of each claim.

One table: name the file after it (claims.csv, mentions.parquet). All: give a folder and --format csv.
"""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import ModuleType
from typing import Any

from kg.errors import GraphError
from kg.export.format import Pieces, Row, Settings
from kg.export.happening import happenings, qid, type_label
from kg.export.shelf import Node, Shelf, shelved
from kg.rdf import CLASSES, compact

Cells = tuple[object, ...]
_ARTICLE = (
    "schema:identifier",
    "schema:url",
    "dcterms:source",
    "schema:headline",
    "schema:inLanguage",
    "schema:datePublished",
    "schema:publisher",
)
_MANY = "; "  # between several values of one cell
_GROUP = 50_000  # rows of one Parquet row group
_KIND_OF = {compact_class: kind for kind, compact_class in CLASSES.items()}


def _articles(shelf: Shelf) -> Iterator[Cells]:
    for one in shelf.all("article"):
        yield (one.iri, *(one.one(field) for field in _ARTICLE))


def _entities(shelf: Shelf) -> Iterator[Cells]:
    for one in shelf.all("entity"):
        kinds = [_KIND_OF[name] for name in map(compact, one.all("rdf:type")) if name in _KIND_OF]
        names = dict.fromkeys(one.all("skos:prefLabel") + one.all("skos:altLabel"))
        countries = _MANY.join(qid(iri) for iri in one.all("kg:country"))
        place = one.number("geo:lat"), one.number("geo:long")
        mentions = shelf.count("mention", one.iri)
        told = (_MANY.join(kinds), shelf.label(one.iri), _MANY.join(names), countries)
        yield (one.iri, qid(one.iri), *told, *place, mentions)


def _mentions(shelf: Shelf) -> Iterator[Cells]:
    for one in shelf.all("mention"):
        entity = one.one("itsrdf:taIdentRef")
        yield (
            one.iri,
            one.one("nif:referenceContext"),
            int(one.one("nif:beginIndex") or 0),
            int(one.one("nif:endIndex") or 0),
            one.one("nif:anchorOf"),
            one.language("nif:anchorOf"),
            one.one("kg:kind"),
            entity,
            qid(entity),
            shelf.label(entity),
            one.number("itsrdf:taConfidence"),
            one.one("kg:nominal") == "true",
        )


def _claims(shelf: Shelf) -> Iterator[Cells]:
    for one in shelf.all("claim"):
        subject, said, by = one.one("kg:subject"), one.terms("kg:object"), one.one("kg:attributedTo")
        node = bool(said) and said[0].startswith("<")
        yield (
            one.iri,
            subject,
            shelf.label(subject),
            compact(one.one("kg:predicate")),
            one.one("kg:object"),
            shelf.label(one.one("kg:object")) if node else one.one("kg:object"),
            one.one("kg:comparator"),
            one.one("kg:unit"),
            one.one("kg:time"),
            one.one("kg:earliest"),
            one.one("kg:latest"),
            compact(one.one("kg:modality")).removeprefix("kg:"),
            by,
            shelf.label(by) if by else "",
            one.number("kg:confidence"),
            len(one.terms("kg:evidence")),
        )


def _evidence(shelf: Shelf) -> Iterator[Cells]:
    for one in shelf.all("reading"):
        stretch = shelf.node(one.one("kg:evidence"))
        yield (
            one.one("kg:claim"),
            stretch.one("nif:referenceContext"),
            int(stretch.one("nif:beginIndex") or 0),
            int(stretch.one("nif:endIndex") or 0),
            stretch.one("nif:anchorOf"),
            stretch.language("nif:anchorOf"),
            one.number("kg:confidence"),
            one.one("kg:method"),
            one.one("kg:attributedTo"),
        )


def _events(shelf: Shelf) -> Iterator[Cells]:
    for one in happenings(shelf):
        place = shelf.node(one.place) if one.place else Node("", {})
        yield (
            one.iri,
            one.types[0] if one.types else "",
            type_label(one.types[0]) if one.types else "",
            one.modality,
            one.time,
            one.first,
            one.last,
            one.place,
            shelf.label(one.place) if one.place else "",
            place.number("geo:lat"),
            place.number("geo:long"),
            _MANY.join(f"{role}={shelf.label(iri)}" for role, iri in one.participants),
            _MANY.join(iri for _, iri in one.participants),
            _MANY.join(f"{name.removeprefix('kg:')} {amount}" for name, amount in one.counts),
            len({quote.article.iri for quote in one.quotes}),
            len(one.quotes),
            one.score,
        )


# Column -> type (s text, i whole number, f number, b truth); the cells stand in this order.
_COLUMNS: Mapping[str, tuple[str, Callable[[Shelf], Iterator[Cells]]]] = {
    "articles": ("iri:s id:s url:s source:s title:s language:s published:s publisher:s", _articles),
    "entities": ("iri:s qid:s kind:s label:s names:s countries:s lat:f long:f mentions:i", _entities),
    "mentions": (
        "iri:s article:s start:i end:i surface:s language:s kind:s entity:s qid:s label:s score:f nominal:b",
        _mentions,
    ),
    "events": (
        (
            "iri:s type:s type_label:s modality:s time:s first_day:s last_day:s place:s place_label:s lat:f long:f "
            "participants:s participant_iris:s counts:s articles:i sentences:i score:f"
        ),
        _events,
    ),
    "claims": (
        (
            "iri:s subject:s subject_label:s predicate:s object:s object_label:s comparator:s unit:s time:s "
            "first_day:s last_day:s modality:s attributed_to:s attributed_to_label:s confidence:f evidence:i"
        ),
        _claims,
    ),
    "evidence": (
        "claim:s article:s start:i end:i quote:s language:s score:f method:s attributed_to:s",
        _evidence,
    ),
}
TABLES = tuple(_COLUMNS)


def _columns(table: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, _, kind in (column.partition(":") for column in _COLUMNS[table][0].split())]


def csv_tables(rows: Iterator[Row], settings: Settings) -> Iterator[tuple[str, Pieces]]:
    """(table, its CSV): a header, UTF-8, commas, empty cells for what is not known."""
    with shelved(rows) as shelf:
        for table in _wanted(settings):
            yield table, _csv(table, shelf)


def _csv(table: str, shelf: Shelf) -> Iterator[str]:
    yield _csv_line([name for name, _ in _columns(table)])
    for cells in _COLUMNS[table][1](shelf):
        yield _csv_line([str(cell).lower() if isinstance(cell, bool) else cell for cell in cells])


def _csv_line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def parquet_tables(rows: Iterator[Row], settings: Settings) -> Iterator[tuple[str, Pieces]]:
    """(table, its Parquet), in row groups. GraphError: pyarrow is not installed."""
    arrow = _pyarrow()
    with shelved(rows) as shelf:
        for table in _wanted(settings):
            yield table, _parquet(table, shelf, arrow)


def _parquet(table: str, shelf: Shelf, arrow: Any) -> Iterator[bytes]:
    kinds = {"s": arrow.string(), "i": arrow.int64(), "f": arrow.float64(), "b": arrow.bool_()}
    schema = arrow.schema([(name, kinds[kind]) for name, kind in _columns(table)])
    sink = _Drain()
    found = _COLUMNS[table][1](shelf)
    with importlib.import_module("pyarrow.parquet").ParquetWriter(sink, schema) as writer:
        while some := list(islice(found, _GROUP)):
            writer.write_table(arrow.table(_by_column(some), schema=schema))
            yield sink.taken()
    yield sink.taken()


def _by_column(rows: list[Cells]) -> list[list[object]]:
    """Empty texts become nulls: Parquet knows the difference, and an absent title is no title."""
    return [[None if cell == "" else cell for cell in column] for column in zip(*rows, strict=True)]


class _Drain(io.RawIOBase):
    """A file that hands on what was written and remembers only how much that was."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes so far."""
        return self._written

    def write(self, data: Any) -> int:
        """Takes the bytes."""
        self._parts.append(bytes(data))
        self._written += len(self._parts[-1])
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _wanted(settings: Settings) -> tuple[str, ...]:
    if settings.table and settings.table not in TABLES:
        raise GraphError(f"There is no table {settings.table!r}.", f"Name the file after one of {', '.join(TABLES)}.")
    return (settings.table,) if settings.table else TABLES


def _pyarrow() -> ModuleType:
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise GraphError("Parquet needs pyarrow, which is not installed.", "pip install 'newskg[tables]'") from error
