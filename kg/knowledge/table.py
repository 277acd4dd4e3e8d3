"""Entries from a table, be it a CSV file or the rows of a SPARQL query: many rows an item, in any order.

    qid         Q123, or the IRI of a Wikidata item; `item` is the same
    kind        PER LOC ORG EVT PROD FAC NORP POS WORK LANG; or
    class       the QID of a class that ontology/wikidata.toml names, which tells the kind
    name        a name; the first in a language is its label, the others are aliases; `label`, `itemLabel` are the same
    lang        ISO 639-1 of that row's names; a query's names have their own; default "mul" (of no one language)
    alias       further names, separated by |
    country     QIDs, separated by |
    position    QID of an office, with from and to: YYYY[-MM[-DD]]
    birth, population, prior (0..1), sitelinks (Wikipedias, from which the prior follows)
    iata, iso3166_1 ...     identifiers, by the schemes of ontology/wikidata.toml

A column of another name is an error in a CSV file, where it is likely a slip, and passed over in a query's rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import KnowledgeError
from kg.knowledge.records import KINDS, number
from kg.knowledge.wikidata.rules import Rules

Cell = tuple[str, str | None]  # text, language
Row = Mapping[str, Cell]
_SAME = {"item": "qid", "label": "name", "itemLabel": "name", "altLabel": "alias", "itemAltLabel": "alias"}
_COLUMNS = frozenset(
    "qid kind class name lang alias country position from to birth population prior sitelinks".split()  # noqa: SIM905
)
_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(Q[0-9]+)")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_FIX = "The columns are explained at the top of kg/knowledge/table.py."


def read_csv(path: Path, rules: Rules) -> list[dict[str, Any]]:
    """The entries of a CSV file with a header. Raises KnowledgeError with the line that is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = [name.strip() for name in reader.fieldnames or ()]
            known = _COLUMNS | _SAME.keys() | rules.external.keys()
            if unknown := [name for name in header if name not in known]:
                raise KnowledgeError(f"{path}, line 1: no column is called {unknown[0]!r}.", _FIX)
            rows = ((reader.line_num, _cells(path, reader, row)) for row in reader)
            return entries(rows, rules, f"{path}, line ")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise KnowledgeError(f"{path} can't be read: {error}.", "Give a CSV file in UTF-8.") from error


def _cells(path: Path, reader: csv.DictReader[str], row: Mapping[str | None, Any]) -> Row:
    if None in row:
        what = f"{path}, line {reader.line_num} has more cells than the header."
        raise KnowledgeError(what, "Put cells that hold commas in quotes.")
    return {str(name).strip(): ((value or "").strip(), None) for name, value in row.items()}


def entries(rows: Iterable[tuple[int, Row]], rules: Rules, where: str) -> list[dict[str, Any]]:
    """One entry an item, as `kg.knowledge.add` takes them, in the order of their first rows.

    `rows`: numbered; `where`: what stands before the number in an error. Raises KnowledgeError.
    """
    found: dict[str, dict[str, Any]] = {}
    for place, row in rows:
        cells = {_SAME.get(name, name): cell for name, cell in row.items() if cell[0]}
        try:
            qid = _qid(cells["qid"][0])
            entry = found.setdefault(qid, {"qid": qid, "labels": {}, "aliases": {}})
            _names(entry, cells)
            _fields(entry, cells, rules)
        except KeyError as error:
            raise KnowledgeError(f"{where}{place} has no {error.args[0]}.", _FIX) from error
        except ValueError as error:
            raise KnowledgeError(f"{where}{place}: {error}.", _FIX) from error
    for entry in found.values():
        for lacking in ("type", "labels"):
            if not entry.get(lacking):
                lacks = "kind" if lacking == "type" else "name"
                what = f"{where.partition(',')[0].strip()}: {entry['qid']} has no {lacks}."
                raise KnowledgeError(what, _FIX)
    return list(found.values())


def _names(entry: dict[str, Any], cells: Row) -> None:
    given = cells.get("lang", ("mul", None))[0]
    if "name" in cells:
        text, lang = cells["name"]
        _name(entry, text, lang or given)
    if "alias" in cells:
        text, lang = cells["alias"]
        for one in _parts(text):
            entry["labels"].setdefault(lang or given, one)
            _name(entry, one, lang or given)


def _name(entry: dict[str, Any], text: str, lang: str) -> None:
    if entry["labels"].setdefault(lang.lower(), text) != text:
        aliases = entry["aliases"].setdefault(lang.lower(), [])
        if text not in aliases:
            aliases.append(text)


def _fields(entry: dict[str, Any], cells: Row, rules: Rules) -> None:
    kind = _kind(cells, rules)
    if kind and entry.setdefault("type", kind) != kind and "kind" in cells:
        raise ValueError(f"{entry['qid']} is {entry['type']} in an earlier row and {kind} here")
    for country in _parts(cells.get("country", ("", None))[0]):
        _once(entry.setdefault("country", []), _qid(country))
    if "position" in cells:
        term = [_qid(cells["position"][0]), _day(cells, "from"), _day(cells, "to")]
        _once(entry.setdefault("positions", []), term)
    if "birth" in cells:
        entry["birth"] = _day(cells, "birth")
    _numbers(entry, cells, rules)
    for scheme in rules.external.keys() & cells.keys():
        entry.setdefault("external", {})[scheme] = cells[scheme][0]


def _numbers(entry: dict[str, Any], cells: Row, rules: Rules) -> None:
    if "population" in cells:
        entry["population"] = int(float(cells["population"][0]))
    if "sitelinks" in cells:
        entry["prior"] = rules.prior(int(cells["sitelinks"][0]))
    if "prior" in cells:
        entry["prior"] = float(cells["prior"][0])
        if not 0 <= entry["prior"] <= 1:
            raise ValueError(f"prior {entry['prior']} is outside 0..1")


def _kind(cells: Row, rules: Rules) -> str | None:
    if "kind" in cells:
        kind = cells["kind"][0].upper()
        if kind not in KINDS:
            raise ValueError(f"kind {kind!r} is none of {' '.join(KINDS)}")
        return kind
    if "class" in cells:
        of = number(_qid(cells["class"][0]))
        return next((rule.type for rule in rules.kinds if of in rule.classes), None)
    return None


def _once(values: list[Any], value: object) -> None:
    if value not in values:
        values.append(value)


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split("|") if part.strip())


def _qid(text: str) -> str:
    match = _WIKIDATA.fullmatch(text)
    qid = match[1] if match else text
    try:
        number(qid)
    except ValueError:
        raise ValueError(f"{text!r} is no QID") from None
    return qid


def _day(cells: Row, name: str) -> str | None:
    """A day of a cell; a query's dateTime loses its time."""
    text = cells.get(name, ("", None))[0].partition("T")[0]
    if text and not _DAY.fullmatch(text):
        raise ValueError(f"{name} {text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    return text or None
