"""Asks a graph: a folder, a file, or an endpoint somewhere. The only door to SPARQLWrapper.

>>> import tempfile, pathlib
>>> file = pathlib.Path(tempfile.mkdtemp(), "tiny.ttl")
>>> _ = file.write_text('<http://e/a> <http://e/name> "Ada" .')
>>> print(table(run(str(file), "SELECT ?name { ?s <http://e/name> ?name }")))
name
----
Ada
(1 row)
<BLANKLINE>
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from kg import names
from kg.errors import QueryError
from kg.graph.sparql import Ask
from kg.graph.update import Change
from kg.query.changes import inspect_update
from kg.query.cut import beyond
from kg.query.guard import NO_SERVICES, Form, Inspected, inspect, prologue, tokens
from kg.query.library import (
    Lookup,
    Param,
    Question,
    bind,
    federated_questions,
    find_question,
    questions,
    read_question,
)
from kg.query.remote import ask_endpoint
from kg.query.table import Rows, Term
from kg.query.worker import Answer, BusyError, Limits, Pool, TimedOutError, Worker
from kg.rdf import PREFIXES

__all__ = [
    "FORMATS",
    "Answer",
    "BusyError",
    "Change",
    "Form",
    "Inspected",
    "Limits",
    "Param",
    "Pool",
    "Question",
    "Rows",
    "Session",
    "Term",
    "TimedOutError",
    "bind",
    "federated_questions",
    "find_question",
    "inspect",
    "inspect_update",
    "questions",
    "read_question",
    "request",
    "run",
    "table",
]

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl")
_NO_PARAMS: Mapping[str, Sequence[str]] = {}
_MOST_NAMESAKES = 20  # entities that one name may stand for in a question


def run(  # noqa: PLR0913 - each is one thing to choose, and most have a default
    source: str,
    question: str,
    params: Mapping[str, Sequence[str]] = _NO_PARAMS,
    *,
    form: str = "json",
    limits: Limits | None = None,
    services: Collection[str] = NO_SERVICES,
) -> Answer:
    """The answer to a question: the name of one in the library, a .rq file, or SPARQL itself.

    `source` is a graph folder, an RDF file or the URL of an endpoint; `form` one of FORMATS ("table" comes as
    JSON or Turtle: see `table`); `services` the endpoints that SERVICE may ask, by their IRIs. Raises QueryError,
    GraphError; TimedOutError past `limits.seconds`.
    """
    with Session(source, limits or Limits(), services) as session:
        return session.ask(question, params, form)


def table(answer: Answer, width: int | None = None) -> str:
    """The answer as text for people; `width`: columns of the terminal, None to cut nothing."""
    body = answer.body()
    if answer.kind == "triples":
        return body.decode("utf-8")
    if answer.kind == "boolean":
        return "yes\n" if b"true" in body else "no\n"
    return Rows.from_json(body).as_table(width)


@dataclass(slots=True)
class Session:
    """Questions to one source, one after the other; close it (or use `with`) to end its worker."""

    source: str
    limits: Limits
    services: Collection[str] = NO_SERVICES  # IRIs of endpoints that SERVICE may ask
    _worker: Worker | None = None

    def ask(self, question: str, params: Mapping[str, Sequence[str]] = _NO_PARAMS, form: str = "json") -> Answer:
        """As `run`."""
        sparql = bind(_resolved(question), params, self._lookup())
        return self._send(sparql, inspect(sparql, self.services), form)

    def cut(self, question: str, params: Mapping[str, Sequence[str]] = _NO_PARAMS) -> Param | None:
        """The parameter whose limit left something out of the answer to a question of the library; None: all is there.

        It asks once more, so it looks only at our own graphs. Raises as `run`.
        """
        known = _resolved(question)
        param = next((one for one in known.params if one.type == "limit"), None)
        sparql = bind(known, params, self._lookup())
        if param is None or _is_url(self.source) or inspect(sparql, self.services).asks_others:
            return None
        for limit, counting in beyond(sparql):
            row = Rows.from_json(self._send(counting, inspect(counting), "json").body()).rows[0][0]
            if row and int(row.value) > limit:
                return replace(param, example=str(limit))
        return None

    def close(self) -> None:
        """Ends the worker process, if one was started."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, sparql: str, inspected: Inspected, form: str) -> Answer:
        rows, triples = _formats(inspected.form, form)
        if _is_url(self.source):
            declared = _with_prefixes(sparql)
            return ask_endpoint(self.source, declared, inspected.form, self.limits, (rows, triples))
        if self._worker is None or not self._worker.alive:
            self._worker = Worker(replace(self.limits, network=bool(self.services)))
        return self._worker.ask(Path(self.source), request(sparql, inspected, rows, triples))

    def _lookup(self) -> Lookup | None:
        """Names are looked up in our own graphs only: no endpoint gives all its labels away."""
        return None if _is_url(self.source) else self._entities_called

    def _entities_called(self, name: str) -> tuple[str, ...]:
        """Entities with that label in any script; whole names first, then a last word: Aliyev, Алиев."""
        rows = Rows.from_json(self._send(_LABELS, inspect(_LABELS), "json").body()).rows
        labels = [(row[0].value, names.key(row[1].value)) for row in rows if row[0] and row[1]]
        wanted = names.key(name)
        whole = {iri for iri, key in labels if key == wanted}
        found = whole or {iri for iri, key in labels if key.rpartition(" ")[2] == wanted}
        if len(found) > _MOST_NAMESAKES:
            raise QueryError(f"{name!r} names {len(found)} entities of this graph", "give the QID of the one you mean")
        return tuple(sorted(found))


_LABELS = "SELECT ?entity ?label { ?entity skos:prefLabel|skos:altLabel|rdfs:label ?label } ORDER BY ?entity ?label"


def request(sparql: str, inspected: Inspected, rows: str = "json", triples: str = "ttl", *, union: bool = True) -> Ask:
    """What an engine is asked for a query that passed `inspect`: over all graphs, unless it has a FROM.

    `union`: False leaves the default graph as the one without a name.
    """
    return Ask(
        sparql,
        row_format=rows,
        triple_format=triples,
        union=union and not inspected.has_dataset,
        required_graphs=inspected.graphs,
        prefixes=dict(PREFIXES),  # a mapping proxy can't travel
        asks_others=inspected.asks_others,
    )


def _formats(form: Form, wanted: str) -> tuple[str, str]:
    """(format of rows, format of triples) for a form of query; QueryError where they don't fit."""
    if wanted not in FORMATS:
        raise QueryError(f"{wanted!r} is no format of answers", f"choose one of {', '.join(FORMATS)}")
    if form in {"select", "ask"}:
        if wanted == "ttl":
            raise QueryError(
                "this question is answered with rows, not with triples", "choose table, csv, tsv, json or xml"
            )
        return ("json" if wanted == "table" else wanted), "ttl"
    if wanted in {"csv", "tsv"}:
        raise QueryError("this question is answered with triples, not with rows", "choose ttl, json (JSON-LD) or xml")
    return "json", ("ttl" if wanted == "table" else wanted)


def _resolved(question: str) -> Question:
    if re.search(r"[\s{]", question.strip()) and not Path(question[:255]).is_file():
        return Question("the query", question, (), question)
    path = Path(question)
    if path.suffix in {".rq", ".sparql"} or path.is_file():
        return read_question(path)
    return find_question(question)


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _with_prefixes(sparql: str) -> str:
    """Declares those of our prefixes that a query uses and leaves undeclared: elsewhere nobody knows them."""
    found = tokens(sparql)
    used = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    missing = sorted((used - set(prologue(found))) & set(PREFIXES))
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in missing) + sparql
