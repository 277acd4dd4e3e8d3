"""The graph folder: articles in, articles out, and an index that follows.

DIR/quads/ab/<article>.nq.gz    the truth
DIR/index/  DIR/counts.db       made from it
DIR/documents.jsonl             one row an article, by id; made from it
DIR/identities.jsonl            which items local entities are, as somebody found (see `identity/assigned.py`)
DIR/rejected.jsonl              sources that could not become articles, by name
DIR/kg.toml                     format, base IRI, title, licence, whether texts are kept, and the runs (`settings.py`)
DIR/void.ttl                    what the graph holds, how much and from where (VoID, DCAT); made from the counts
DIR/texts/ab/<article>.json.gz  full texts, for the pages; no part of the graph (see `texts.py`)
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import pyoxigraph as ox

from kg.errors import GraphError
from kg.graph import merge, settings
from kg.graph.article import Article
from kg.graph.counts import Counts
from kg.graph.files import QuadFiles, batches, encode, write
from kg.graph.follow import BATCH, Follower
from kg.graph.identity import Assigned, assigned
from kg.graph.index import Index, read
from kg.graph.lock import PATIENCE, writer
from kg.graph.merged import own_part, own_prefix
from kg.graph.settings import Settings
from kg.graph.texts import Texts
from kg.model import Document, Quad, Rejected
from kg.rdf import DEFAULT_BASE, description, expand, parse_line, split_line, value

P = ParamSpec("P")
T = TypeVar("T")

_ID = re.compile(r"[0-9a-f]{16}")  # of one length: ids sort as the lines that begin with them do


def _telling(method: Callable[P, T]) -> Callable[P, T]:
    """What the disk refuses is a GraphError."""

    @wraps(method)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (OSError, sqlite3.Error) as error:
            raise GraphError(f"The graph can't be written: {error}", "Mend that, or choose another folder.") from error

    return told


class Graph:
    """A graph folder. Any number of processes may read it while one writes (`GraphError` for a second writer)."""

    def __init__(self, folder: Path, settled: Settings) -> None:
        self.folder = folder
        self.base = settled.base
        self.about = settled.about
        self.keeps_texts = settled.texts
        self._settled = settled
        self.texts = Texts(folder / "texts")
        self._files = QuadFiles(folder / "quads")
        self._index = Index(folder)
        self._follower = Follower(folder, settled.base, self._files, self._index)

    @classmethod
    def open(
        cls, folder: Path | str, *, create: bool = False, base: str | None = None, texts: bool | None = None
    ) -> Graph:
        """The graph in a folder. `base`: the IRI under which its nodes stand, fixed when the folder is made.

        `texts`: whether to keep the articles' texts beside it from now on; None: as before, yes in a new folder.
        GraphError: no graph there (and not `create`), a folder of something else, another base, not writable.
        """
        folder = Path(folder)
        present = Settings.read(folder)
        if present is None:
            if not create:
                raise GraphError(f"{folder} holds no graph.", f"Make one: kg build ARTICLES --graph {folder}")
            present = _found(folder, base or DEFAULT_BASE)
        if base not in (None, present.base):
            raise GraphError(f"{folder} was made with the base {present.base}.", "Leave --base out, or give that one.")
        return cls(folder, present if texts is None else replace(present, texts=texts))

    # --- writing -------------------------------------------------------------------------------------

    def add(self, articles: Iterable[tuple[Document, Sequence[Quad]]]) -> int:
        """Adds articles with their quads (of `kg.rdf.quads`, under this base) and says how many changed anything.

        The articles are taken one batch after another and are safe from then on; the index follows at the
        end. An article that is there already is replaced where its quads differ.
        """
        changed = 0
        sources: set[str] = set()
        with self._writing():
            for batch in batches(articles, BATCH):
                changed += self._put({d.id: self._lines(d.id, quads) for d, quads in batch})
                self._keep([document for document, _ in batch])
                sources.update(d.url for d, _ in batch if d.url)
            self._follow()
            self._settle_texts()
            if any(row.source in sources for row in self.rejected):
                self._reject([row for row in self.rejected if row.source not in sources])
        return changed

    def remove(self, article: str) -> Article:
        """Takes an article back, by id, IRI, URL, path or the unique beginning of its id, with all that only it says.

        GraphError: no such article, or several.
        """
        with self._writing():
            with closing(self._counts()) as counts:
                found = counts.find(article.removeprefix(self.base + "article/"))
            if len(found) != 1:
                raise _not_one(article, found)
            row = Article.from_row(json.loads(found[0]))
            self._drop(row.id)
            self._follow()
        return row

    def merge(self, others: Sequence[Graph]) -> int:
        """Adds all that other folders hold, and gives how many articles changed anything: as if built together.

        GraphError: another base, or a damaged file.
        """
        whole = [self, *others]
        merge.same_base((graph.folder, graph.base) for graph in whole)
        changed = 0
        with self._writing():
            for batch in batches(merge.articles([QuadFiles(graph.folder / "quads") for graph in whole]), BATCH):
                changed += self._put(dict(batch))
                if self.keeps_texts:
                    for article, _ in batch:
                        self.texts.take(article, [graph.texts for graph in others])
            if items := merge.items(graph.identities for graph in whole):
                self._assign(items)
            self._follow()
            read = {row.url: row for row in self.documents() if row.url}
            if any(graph.rejected for graph in others):
                self._reject(merge.rejected((graph.rejected for graph in whole), read))
        return changed

    def reject(self, sources: Iterable[Rejected]) -> None:
        """Lists sources that could not become articles; a source has one row, the latest."""
        new = {row.source: row for row in sources}
        with self._locked():
            self._reject([*(row for row in self.rejected if row.source not in new), *new.values()])

    def identify(self, rows: Iterable[Assigned]) -> int:
        """Says which items local entities are, and gives how many rows are new or changed; an alias has one row.

        Their claims, mentions and events follow; the local entity's iri stays as an alias (owl:sameAs).
        """
        present = {row.alias: row for row in self.identities}
        wanted = present | {row.alias: row for row in rows}
        with self._writing():
            if wanted != present:
                self._assign(wanted.values())
                self._follow()
        return len(dict(wanted.items() - present.items()))

    def forget(self, aliases: Iterable[str]) -> int:
        """Takes such rows back: the entities are local again. Gives how many there were."""
        gone = set(aliases)
        kept = [row for row in self.identities if row.alias not in gone]
        found = len(self.identities) - len(kept)
        with self._writing():
            if found:
                self._assign(kept)
                self._follow()
        return found

    def rebuild(self) -> None:
        """Makes index, counts and lists afresh from `quads/`."""
        with self._locked():
            self._rebuild()

    # --- reading -------------------------------------------------------------------------------------

    def documents(self) -> Iterator[Article]:
        """The articles, by id."""
        with suppress(FileNotFoundError), (self.folder / "documents.jsonl").open(encoding="utf-8") as file:
            for line in file:
                yield Article.from_row(json.loads(line))

    @property
    def rejected(self) -> list[Rejected]:
        """Sources that could not become articles, by name."""
        with suppress(FileNotFoundError), (self.folder / "rejected.jsonl").open(encoding="utf-8") as file:
            return [Rejected(**json.loads(line)) for line in file]
        return []

    def raw_claims(self, claim: str) -> set[str]:
        """The ids that articles themselves give a claim of the graph; empty if no article makes it."""
        whole = expand(f"claim/{claim}", self.base)
        prefix = f"{self.base}article/"
        says = self.store().quads_for_pattern(ox.NamedNode(whole), ox.NamedNode(expand("kg:evidence", self.base)), None)
        articles = {value(str(quad.object)).removeprefix(prefix).partition("#")[0] for quad in says}
        found = set()
        for article in sorted(articles):
            renamed = self._follower.renamed_claims(article)
            found |= {raw for raw, new in renamed.items() if new == claim} or {claim}
        return found

    @property
    def identities(self) -> list[Assigned]:
        """Which items local entities are said to be, by alias. GraphError: a broken row of identities.jsonl."""
        return assigned.read(self.folder)

    def lines(self) -> Iterator[str]:
        """The whole graph as canonical lines, sorted, each once: the same articles give the same lines.

        Read from `quads/` while they are asked for: another process had better not write meanwhile.
        """
        self._finish()
        yield from self._follower.lines()

    def article_lines(self, article: str) -> list[str]:
        """The canonical lines of one article by its id: its own and its share of what articles have in common."""
        return self._files.lines(article)

    def quads(self) -> Iterator[Quad]:
        """The whole graph, sorted, each quad once. `lines` is the same, and quicker."""
        return map(parse_line, self.lines())

    def store(self) -> ox.Store:
        """The index for reading, as it is now: later changes need another call. GraphError: a broken index."""
        self._finish()
        return self._index.open()

    def _finish(self) -> None:
        if self._follower.unfinished():
            # A writer died, or is at work; in that case, as where we may not write, the index will do as it is.
            with suppress(GraphError), self._writing(patience=0):
                pass

    # --- one batch -----------------------------------------------------------------------------------

    def _lines(self, article: str, quads: Sequence[Quad]) -> list[str]:
        """An article's canonical lines. GraphError: quads of another article, or under another base."""
        lines = sorted({str(quad) for quad in quads})
        prefix = own_prefix(self.base)
        graph = f"{prefix}{article}"
        own = own_part(lines, self.base)
        good = _ID.fullmatch(article) and own.start < own.stop
        good = good and all(line.startswith((f"{graph}>", f"{graph}#")) for line in lines[own])
        if not good or any((split_line(line)[3] == f"{graph}>") != line.startswith(prefix) for line in lines):
            raise GraphError(
                f"The quads of article {article} were not made for this graph, whose base is {self.base}",
                "Make them with kg.rdf.quads(annotation, run, graph.base).",
            )
        return lines

    @_telling
    def _put(self, batch: dict[str, list[str]]) -> int:
        files: dict[str, bytes] = {}
        old: dict[str, bytes | None] = {}
        for article, lines in batch.items():
            before = self._files.raw(article)
            if before is None or self._files.decoded(article, before) != lines:
                files[article], old[article] = encode(lines), before
        if files:
            with closing(self._counts()) as counts:
                counts.expect(old.items())
            self._files.write(files)
        return len(files)

    @_telling
    def _keep(self, documents: Iterable[Document]) -> None:
        if self.keeps_texts:
            for document in documents:
                self.texts.put(document)

    @_telling
    def _settle_texts(self) -> None:
        """What kg.toml and the folder say of texts is what this graph was opened with."""
        if not self.keeps_texts:
            self.texts.clear()
        if Settings.read(self.folder) != self._settled:
            self._write_settings()

    @_telling
    def _drop(self, article: str) -> None:
        self.texts.remove(article)  # first: a kill may leave an article without its text, never a text without one
        with closing(self._counts()) as counts:
            counts.expect([(article, self._files.raw(article))])
        self._files.remove([article])

    # --- following up --------------------------------------------------------------------------------

    @_telling
    def _follow(self) -> None:
        """Brings counts, index and lists up to the files of the pending articles."""
        self._follower.follow(self._list)

    @_telling
    def _rebuild(self) -> None:
        self._follower.rebuild(self._list)

    def _list(self, counts: Counts) -> None:
        write(self.folder / "documents.jsonl", counts.rows())
        told = description(counts.tally(), self.base, self.about)
        write(self.folder / "void.ttl", "".join(told).splitlines())
        self._write_settings()

    def _write_settings(self) -> None:
        write(self.folder / settings.NAME, self._settled.lines(self._runs()))

    def _runs(self) -> dict[str, dict[str, str]]:
        """What each run says of itself, by its id."""
        runs: dict[str, dict[str, str]] = {}
        for line in sorted(read(self._index.open(), expand("graph/runs", self.base))):
            s, p, o, _ = split_line(line)
            if o.startswith('"'):
                runs.setdefault(value(s).rpartition("/")[2], {})[value(p).rpartition("#")[2]] = value(o)
        return runs

    @_telling
    def _assign(self, rows: Iterable[Assigned]) -> None:
        write(self.folder / assigned.NAME, assigned.lines(rows))

    @_telling
    def _reject(self, rows: Iterable[Rejected]) -> None:
        listed = sorted(rows, key=lambda row: row.source)
        write(self.folder / "rejected.jsonl", (json.dumps(asdict(row), ensure_ascii=False) for row in listed))

    # --- the lock ------------------------------------------------------------------------------------

    @contextmanager
    def _locked(self, patience: float = PATIENCE) -> Iterator[None]:
        with writer(self.folder, patience):
            self._files.sweep()
            yield

    @contextmanager
    def _writing(self, patience: float = PATIENCE) -> Iterator[None]:
        """The lock, with nothing left over from a writer that died."""
        with self._locked(patience):
            self._index.recover()
            self._follow()
            yield

    def _counts(self) -> Counts:
        return Counts(self._follower.path)


def _not_one(article: str, found: Sequence[str]) -> GraphError:
    if not found:
        return GraphError(f"No article {article!r} is in the graph.", "documents.jsonl lists ids, URLs and paths.")
    ids = ", ".join(json.loads(row)["id"] for row in found)
    return GraphError(f"{article!r} means {len(found)} articles or more: {ids}.", "Name one of them by its id.")


def _found(folder: Path, base: str) -> Settings:
    """Makes an empty graph folder."""
    found = Settings(base)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise GraphError(f"{folder} holds other things than a graph.", "Give a new or an empty folder.")
        (folder / "quads").mkdir()
        write(folder / settings.NAME, found.lines({}))
    except OSError as error:
        raise GraphError(f"{folder} can't be made: {error}", "Choose a folder that can be written.") from error
    return found
