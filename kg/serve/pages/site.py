"""What every page stands on: the graph, asked through the workers, and the things in it as people know them."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from kg.errors import KgError
from kg.graph import Graph, Text
from kg.graph.sparql import stamp
from kg.knowledge import KnowledgeBase
from kg.query import Rows, inspect
from kg.query.library import absolute, literal
from kg.rdf import PREFIXES, compact
from kg.serve.pages import words
from kg.serve.state import State

Row = Mapping[str, str]  # variable -> what is bound to it, as text; unbound ones are missing
_KEPT = 400  # answers remembered: a page asks about ten
_PER_QUERY = 300  # IRIs named in one query
_KIND_OF = {
    "Person": "PER", "Place": "LOC", "Organisation": "ORG", "NamedEvent": "EVT",
    "Product": "PROD", "Facility": "FAC", "Group": "NORP",
}  # fmt: skip


class NotHereError(KgError):
    """The page speaks of something that is not in the graph."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing with its name and its page."""

    iri: str
    label: str
    kind: str  # PER, LOC ...; "" where it is no entity
    href: str  # path of its page, "" where it has none
    short: str  # wd:Q7747, entity/9f2c


@dataclass(frozen=True, slots=True)
class Article:
    """An article as lists show it."""

    iri: str
    href: str
    id: str
    title: str  # its headline, else the beginning of its text or its address
    lang: str
    published: str  # ISO day, "" if unknown
    publisher: str
    address: str  # URL or file name


@dataclass
class Site:
    """One served graph. Methods may be called from several threads."""

    state: State
    _answers: OrderedDict[tuple[tuple[int, ...], str], list[Row]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def source(self) -> Path:
        """The graph folder or file."""
        return self.state.source

    @property
    def base(self) -> str:
        """Where the graph's own nodes stand."""
        return self.state.base

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base. KnowledgeError: it can't be opened."""
        return self.state.kb

    # --- asking --------------------------------------------------------------------------------------

    def rows(self, sparql: str, this: str | None = None, **texts: str) -> list[Row]:
        """The rows of a query of ours; `?this` stands for an IRI, `$name` for a text. KgError: no answer.

        Remembered until the graph changes.
        """
        if this is not None:
            sparql = re.sub(r"\?this\b", lambda _: self.term(this), sparql)
        for name, value in texts.items():
            sparql = re.sub(rf"\${name}\b", lambda _, value=value: literal(value), sparql)  # type: ignore[misc]
        key = (stamp(self.source), sparql)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        rows = self._asked(sparql)
        with self._lock:
            self._answers[key] = rows
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return rows

    def about(self, sparql: str, iris: Iterable[str]) -> list[Row]:
        """The rows of a query that holds `$these`, for many IRIs; they are asked some hundred at a time."""
        wanted = sorted(set(iris))
        found: list[Row] = []
        for at in range(0, len(wanted), _PER_QUERY):
            these = " ".join(self.term(iri) for iri in wanted[at : at + _PER_QUERY])
            found += self.rows(sparql.replace("$these", these))
        return found

    def _asked(self, sparql: str) -> list[Row]:
        answer = self.answer(sparql)
        return [
            {name: term.value for name, term in zip(answer.variables, row, strict=True) if term} for row in answer.rows
        ]

    def answer(self, sparql: str) -> Rows:
        """The answer to a SELECT, not remembered. KgError: none."""
        return Rows.from_json(self.body(sparql))

    def body(self, sparql: str, form: str = "json") -> bytes:
        """The answer to a SELECT in a format: json, xml, csv, tsv. KgError: none."""
        ask = self.state.prepared(sparql, inspect(sparql), form)
        return self.state.pool.ask(self.source, ask).body()

    @staticmethod
    def term(iri: str) -> str:
        """An IRI as a query has it. NotHereError: it is none."""
        whole = absolute(iri)
        if whole is None:
            raise NotHereError(f"{iri[:80]!r} is no IRI", "Follow a link, or search for a name.")
        return f"<{whole}>"

    # --- things --------------------------------------------------------------------------------------

    def ref(self, iri: str) -> Ref:
        """One thing with its name."""
        return self.refs([iri])[iri]

    def refs(self, iris: Iterable[str]) -> dict[str, Ref]:
        """Things with their names: those that the graph knows, else the knowledge base, else the short IRI."""
        wanted = set(iris)
        label: dict[str, str] = {}
        kind: dict[str, str] = {}
        for row in self.about(_LABELS, (iri for iri in wanted if absolute(iri))):
            label.setdefault(row["thing"], row.get("label", ""))
            if (name := row.get("class", "").rpartition("#")[2]) in _KIND_OF:
                kind[row["thing"]] = _KIND_OF[name]
        return {iri: self._made(iri, label.get(iri, ""), kind.get(iri, "")) for iri in wanted}

    def _made(self, iri: str, label: str, kind: str) -> Ref:
        short = compact(iri, self.base)
        if not label and iri.startswith(PREFIXES["kg"]):
            label = words.of_term(short)
        if not label and short.startswith("wd:"):
            row = self.kb.row(short[3:])
            label = self.kb.label(row, "en") if row is not None else ""
        return Ref(iri, label or short, kind, self.href(iri), short)

    def href(self, iri: str) -> str:
        """The path of a thing's page; "" where it has none."""
        item = iri.removeprefix(PREFIXES["wd"])
        if item != iri:
            return f"/entity/{quote(item)}" if re.fullmatch(r"Q[1-9]\d*", item) else ""
        local = iri.removeprefix(self.base)
        room, _, rest = local.partition("/")
        if local == iri or room not in {"article", "entity", "event", "claim"} or not rest:
            return ""
        path, hash_, place = rest.partition("#")
        return f"/{room}/{quote(path)}" + (f"#{quote(place, safe='=,&')}" if hash_ else "")

    def iri(self, room: str, name: str) -> str:
        """The IRI of what `/room/name` shows. NotHereError: no such name can be."""
        if room == "entity" and re.fullmatch(r"Q[1-9]\d*", name):
            return PREFIXES["wd"] + name
        if not re.fullmatch(r"[\w-]{1,80}", name):
            raise NotHereError(f"{name[:80]!r} is the name of nothing here", "Follow a link, or search for a name.")
        return f"{self.base}{room}/{name}"

    def canonical(self, iri: str) -> str:
        """Where a thing went that was joined with another: the other's IRI; "" if it was not."""
        found = (row["to"] for row in self.rows("SELECT ?to { ?this owl:sameAs ?to } ORDER BY ?to", iri))
        return next((to for to in found if self.href(to)), "")

    def joined(self, iri: str) -> tuple[tuple[str, str], ...]:
        """What was joined into a thing: short IRIs, and why."""
        rows = self.rows(
            "SELECT ?of ?why { ?of owl:sameAs ?this OPTIONAL { ?of kg:sameBecause ?why } } ORDER BY ?of", iri
        )
        return tuple((compact(row["of"], self.base), row.get("why", "")) for row in rows)

    def articles(self, iris: Iterable[str]) -> dict[str, Article]:
        """Articles as lists show them, by IRI."""
        found: dict[str, Article] = {}
        for row in self.about(_ARTICLES, iris):
            iri = row["article"]
            if iri not in found:
                found[iri] = self._article(row)
        return found

    def _article(self, row: Row) -> Article:
        iri, address = row["article"], row.get("address", "")
        name = iri.rpartition("/")[2]
        title = row.get("title") or self._opening(name) or address or name
        return Article(
            iri, self.href(iri), name, title, row["lang"], row.get("published", ""), row.get("publisher", ""), address
        )

    def _opening(self, article: str) -> str:
        """The first words of an article that has no headline."""
        text = self.text(article)
        if text is None:
            return ""
        start = max((s.span.end for s in text.skipped if not text.text[: s.span.start].strip()), default=0)
        line = next((line.strip() for line in text.text[start:].splitlines() if line.strip()), "")
        return line if len(line) <= words.TITLE else line[: words.TITLE].rpartition(" ")[0] + " …"

    def text(self, article: str) -> Text | None:
        """The whole text of an article by its id, where the folder keeps it."""
        return self._graph.texts.get(article) if self._graph is not None else None

    @cached_property
    def _graph(self) -> Graph | None:
        return Graph.open(self.source) if self.source.is_dir() else None


_LABELS = """SELECT ?thing ?label ?class {
  VALUES ?thing { $these }
  OPTIONAL { ?thing rdfs:label ?label }
  OPTIONAL { ?thing a ?class }
} ORDER BY ?thing ?label ?class"""
_ARTICLES = """SELECT ?article ?lang ?title ?published ?publisher ?address {
  VALUES ?article { $these }
  ?article schema:inLanguage ?lang .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:publisher ?publisher }
  OPTIONAL { ?article schema:url|dcterms:source ?address }
} ORDER BY ?article ?title ?address"""
