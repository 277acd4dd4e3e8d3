"""Reads the Turtle files of `ontology/` into plain tables, with a cache.

rdflib is the reader: exact, and slow to import (0.1 s) and to parse (0.1 s), where a whole run may take two
seconds to its first article. So the tables are kept as JSON in the user's cache folder under the hash of
the files' content; the files stay the truth, and a cache that can't be written or read costs only time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError

_FORMAT = "1"  # of the cached JSON: a change makes old caches invisible

Value = tuple[str, str | None]  # a CURIE, "_:n" or literal text; the language tag of a literal
Row = Mapping[str, Sequence[Value]]  # predicate CURIE -> values, sorted


@dataclass(frozen=True, slots=True)
class Tables:
    """All statements of some Turtle files."""

    prefixes: Mapping[str, str]  # "kg" -> "https://newskg.example/ontology#"
    rows: Mapping[str, Row]  # subject CURIE or "_:n" -> its statements

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The values without their languages, sorted."""
        return tuple(value for value, _ in self.rows.get(subject, {}).get(predicate, ()))

    def text(self, subject: str, predicate: str, default: str = "") -> str:
        """The first value, or the default."""
        return next(iter(self.texts(subject, predicate)), default)

    def tagged(self, subject: str, predicate: str) -> tuple[tuple[str, str], ...]:
        """(language, text) of every value with a language, sorted by language."""
        found = self.rows.get(subject, {}).get(predicate, ())
        return tuple(sorted((lang, value) for value, lang in found if lang))

    def subjects(self, predicate: str, value: str) -> tuple[str, ...]:
        """Everything that has this value under the predicate, sorted."""
        return tuple(
            sorted(s for s, row in self.rows.items() if any(found == value for found, _ in row.get(predicate, ())))
        )


def read_turtle(paths: Sequence[Path]) -> Tables:
    """The statements of the files together. Raises DataError where one is missing or no Turtle."""
    contents = [_content(path) for path in paths]
    digest = hashlib.sha256("\x00".join([_FORMAT, *contents]).encode()).hexdigest()[:24]
    cached = _cache_folder() / f"ontology-{digest}.json"
    tables = _load(cached)
    if tables is None:
        tables = _parse(paths, contents)
        _save(cached, tables)
    return tables


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} can't be read: {error}", "Restore the ontology folder, or install anew.") from error


def _parse(paths: Sequence[Path], contents: Sequence[str]) -> Tables:
    import rdflib  # noqa: PLC0415 - 0.1 s that a cached start does without

    graph = rdflib.Graph(bind_namespaces="none")
    for path, content in zip(paths, contents, strict=True):
        try:
            graph.parse(data=content, format="turtle")
        except Exception as error:  # rdflib raises a different class for each kind of slip
            raise DataError(f"{path} is no Turtle: {error}", "Mend the line that it names.") from error
    prefixes = {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix}
    names: dict[Any, str] = {}

    def name(term: Any) -> str:
        if isinstance(term, rdflib.BNode):
            return names.setdefault(term, f"_:{term}")
        return _shorten(str(term), prefixes) if isinstance(term, rdflib.URIRef) else str(term)

    rows: dict[str, dict[str, list[Value]]] = {}
    for s, p, o in graph:
        value = (name(o), o.language if isinstance(o, rdflib.Literal) else None)
        rows.setdefault(name(s), {}).setdefault(name(p), []).append(value)
    return Tables(prefixes, {s: {p: sorted(found, key=str) for p, found in row.items()} for s, row in rows.items()})


def _shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, start in prefixes.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newskg"


def _load(path: Path) -> Tables | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        rows = {
            s: {p: [(value, lang) for value, lang in found] for p, found in row.items()}
            for s, row in stored["rows"].items()
        }
        return Tables(stored["prefixes"], rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # absent, cut short, or of another program
        return None


def _save(path: Path, tables: Tables) -> None:
    with suppress(OSError):  # a read-only home: parse again next time
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"prefixes": dict(tables.prefixes), "rows": tables.rows}, file, ensure_ascii=False)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
