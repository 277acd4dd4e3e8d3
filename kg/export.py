"""Every output format, from any stream of quads: deterministic, and as fast as text can be joined.

    .nq    as it comes            .nt    without graph names, each triple once
    .ttl   the union, by subject  .trig  by subject, graph blocks inside    .jsonld  a node object a subject

Each may end in `.gz`. The quads must be sorted (as `Graph.lines`, `Graph.quads` and `kg.rdf.quads` give them): then
one subject is all that is held in memory, and the same graph gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, cast

from kg.errors import GraphError
from kg.model import Quad
from kg.rdf import DEFAULT_BASE, PREFIXES, format_of, load, split_line, split_literal

__all__ = ["FORMATS", "export", "load"]

Row = tuple[str, str, str, str]
Writer = Callable[[Iterator[Row], Mapping[str, str]], Iterator[str]]

_RDF_TYPE = f"<{PREFIXES['rdf']}type>"
_XSD = PREFIXES["xsd"]
_OWN = ("article", "claim", "entity", "event", "graph", "run")  # folders under the base, each with a prefix
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")  # names that need no escape in any format
_BARE = {  # literals that Turtle writes without quotation marks
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}boolean": re.compile(r"true|false"),
}
_REMEMBERED = 100_000  # short forms kept at once
_CHUNK = 2048  # pieces joined for one write


def export(
    quads: Iterable[Quad] | Iterable[str],
    target: Path | str | IO[bytes],
    kind: str | None = None,
    base: str = DEFAULT_BASE,
) -> None:
    """Writes sorted quads, or canonical lines of them, to a file (whole or not at all) or into an open one.

    `kind`: "ttl", "nt", "nq", "trig" or "jsonld"; by default what the file's name says. `base`: where the graph's own
    nodes stand, for short names. GraphError: an unknown format, or a file that can't be written.
    """
    if isinstance(target, (str, Path)):
        kind = kind or format_of(target)
    elif kind is None:
        raise GraphError("An open file does not tell its format.", f"Name one of {', '.join(FORMATS)}.")
    writer = FORMATS.get(kind.removeprefix("."))
    if writer is None:
        raise GraphError(f"There is no writer for {kind!r}.", f"Use one of {', '.join(FORMATS)}.")
    text = writer(_rows(quads), _namespaces(base))
    if not isinstance(target, (str, Path)):
        _pour(text, target)
        return
    with _whole(Path(target)) as file:
        _pour(text, file)


def _rows(quads: Iterable[Quad] | Iterable[str]) -> Iterator[Row]:
    stream = iter(quads)
    for first in stream:
        rest = chain((first,), stream)
        if isinstance(first, str):
            yield from map(split_line, cast("Iterator[str]", rest))
        else:
            yield from ((q.s, q.p, q.o, q.g) for q in cast("Iterator[Quad]", rest))


def _namespaces(base: str) -> dict[str, str]:
    """Namespace -> prefix, our own folders included: <base>claim/9f is claim:9f."""
    return {namespace: prefix for prefix, namespace in PREFIXES.items()} | {f"{base}{name}/": name for name in _OWN}


# --- files -----------------------------------------------------------------------------------------------


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """The file under a temporary name, renamed when all is written; packed where its name ends in .gz."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as raw:
            if path.suffix.lower() == ".gz":
                # No name and no time in the header: the same graph, the same bytes.
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    except OSError as error:
        raise GraphError(f"{path} can't be written: {error}", "Choose a place that can be written.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _pour(text: Iterator[str], file: IO[bytes]) -> None:
    while pieces := list(islice(text, _CHUNK)):
        file.write("".join(pieces).encode())


# --- lines -----------------------------------------------------------------------------------------------


def _n_quads(rows: Iterator[Row], _: Mapping[str, str]) -> Iterator[str]:
    last = None
    for row in rows:
        if row != last:
            yield "{} {} {} {} .\n".format(*row)
        last = row


def _n_triples(rows: Iterator[Row], _: Mapping[str, str]) -> Iterator[str]:
    last = None
    for s, p, o, _g in rows:
        if (s, p, o) != last:
            yield f"{s} {p} {o} .\n"
        last = (s, p, o)


# --- Turtle and TriG -------------------------------------------------------------------------------------


class _Short(dict[str, str]):
    """Terms in Turtle's short form, worked out once each."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, term: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        short = self[term] = self._of(term)
        return short

    def _of(self, term: str) -> str:
        if term.startswith("<"):
            return self._iri(term)
        if not term.endswith(">"):
            return term
        text, mark, datatype = term.rpartition("^^")
        bare = _BARE.get(datatype[1:-1])
        if bare and bare.fullmatch(text[1:-1]):
            return text[1:-1]
        return f"{text}{mark}{self._iri(datatype)}"

    def _iri(self, term: str) -> str:
        cut = max(term.rfind("/"), term.rfind("#")) + 1
        prefix = self._namespaces.get(term[1:cut])
        local = term[cut:-1]
        return f"{prefix}:{local}" if prefix is not None and _LOCAL.fullmatch(local) else term


def _header(namespaces: Mapping[str, str]) -> Iterator[str]:
    by_prefix = sorted((prefix, namespace) for namespace, prefix in namespaces.items())
    yield from (f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in by_prefix)


def _turtle(rows: Iterator[Row], namespaces: Mapping[str, str]) -> Iterator[str]:
    yield from _header(namespaces)
    yield from _statements(rows, _Short(namespaces))


def _statements(rows: Iterable[Row], short: _Short) -> Iterator[str]:
    """One statement a subject: its classes, then a line a predicate, then further objects a line each."""
    subject = predicate = last = ""
    classes: list[str] = []  # they stand first, as people expect
    rest: list[str] = []
    for s, p, o, _ in rows:
        if s != subject:
            yield _statement(subject, classes, rest, short)
            subject, predicate, last, classes, rest = s, "", "", [], []
        elif p == predicate and o == last:  # the same triple in another graph
            continue
        if p == _RDF_TYPE:
            classes.append(short[o])
        elif p == predicate:
            rest.append(f" ,\n        {short[o]}")
        else:
            rest.append(f" ;\n    {short[p]} {short[o]}")
        predicate, last = p, o
    yield _statement(subject, classes, rest, short)


def _statement(subject: str, classes: list[str], rest: list[str], short: _Short) -> str:
    if not subject:
        return ""
    if classes:
        return f"\n{short[subject]} a {', '.join(classes)}{''.join(rest)} .\n"
    return f"\n{short[subject]} {''.join(rest).removeprefix(' ;').lstrip()} .\n"


def _trig(rows: Iterator[Row], namespaces: Mapping[str, str]) -> Iterator[str]:
    """Blocks of graphs in the order of subjects: a graph may come again, as TriG allows."""
    yield from _header(namespaces)
    short = _Short(namespaces)
    graph = ""
    for g, mine in _nodes(rows):
        if g != graph:
            yield "}\n" if graph else ""
            yield f"\n{short[g]} {{\n"
            graph = g
        yield from _statements(mine, short)
    yield "}\n" if graph else ""


def _nodes(rows: Iterator[Row]) -> Iterator[tuple[str, list[Row]]]:
    """What each graph says of each subject, subject by subject."""
    for _, group in groupby(rows, itemgetter(0)):
        graphs: dict[str, list[Row]] = {}
        for row in group:
            graphs.setdefault(row[3], []).append(row)
        yield from sorted(graphs.items())


# --- JSON-LD ---------------------------------------------------------------------------------------------


def _json_ld(rows: Iterator[Row], namespaces: Mapping[str, str]) -> Iterator[str]:
    """Flattened: one node object a subject and graph, a line each, inside the object of its graph."""
    context = {prefix: namespace for namespace, prefix in sorted(namespaces.items(), key=itemgetter(1))}
    yield f'{{"@context":{json.dumps(context)},\n"@graph":['
    short, whole = _JsonTerms(_Short(namespaces)), _JsonTerms(None)
    # An IRI such as <wd:x> would be taken for a short name: where one occurs, nothing is short.
    doubtful = tuple(f"<{prefix}:" for prefix in context)
    comma = ""
    for g, mine in _nodes(rows):
        plain = not any(term.startswith(doubtful) for row in mine for term in row)
        terms = short if plain else whole
        node = f'{{"@id":{terms.name(mine[0][0])}{_members(mine, terms)}}}'
        context_off = "" if plain else '"@context":null,'
        yield f'{comma}\n{{{context_off}"@id":{terms.name(g)},"@graph":[{node}]}}'
        comma = ","
    yield "\n]}\n"


def _members(rows: list[Row], terms: _JsonTerms) -> str:
    members: dict[str, list[str]] = {}
    for _, p, o, _ in rows:
        if p == _RDF_TYPE and not o.startswith('"'):
            members.setdefault('"@type"', []).append(terms.name(o))
        else:
            members.setdefault(terms.name(p), []).append(terms[o])
    return "".join(f",{name}:[{','.join(dict.fromkeys(objects))}]" for name, objects in members.items())


class _JsonTerms(dict[str, str]):
    """Terms as JSON-LD value objects and node references, worked out once each."""

    def __init__(self, short: _Short | None) -> None:
        super().__init__()
        self._short = short  # None: every IRI whole

    def __missing__(self, term: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = self[term] = json.dumps(self._object(term), ensure_ascii=False, separators=(",", ":"))
        return text

    def name(self, term: str) -> str:
        """A resource as a JSON string."""
        return self[term][7:-1]  # {"@id":"..."}

    def _object(self, term: str) -> dict[str, str]:
        if not term.startswith('"'):
            return {"@id": self._name(term)}
        text, language, datatype = split_literal(term)
        if language:
            return {"@value": text, "@language": language}
        return {"@value": text, "@type": self._name(f"<{datatype}>")} if datatype else {"@value": text}

    def _name(self, term: str) -> str:
        short = term if self._short is None else self._short[term]
        return short[1:-1] if short.startswith("<") else short


FORMATS: Mapping[str, Writer] = {
    "ttl": _turtle,
    "nt": _n_triples,
    "nq": _n_quads,
    "trig": _trig,
    "jsonld": _json_ld,
}
