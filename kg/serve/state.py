"""What one running server holds: the graph, who answers questions about it, and what is opened when first needed."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from anyio import CapacityLimiter, Lock, to_thread

from kg.graph import Graph
from kg.graph.sparql import Ask, Kind, stamp
from kg.knowledge import KnowledgeBase, opened
from kg.pipeline import Setup
from kg.query import Answer, Change, Inspected, Pool, inspect, request
from kg.rdf import DEFAULT_BASE, PREFIXES
from kg.serve.annotator import Annotator

SHIPPED = Setup()
_KEEP = 1 << 18  # bytes of the longest answer that is remembered
_KEPT = 512  # answers remembered: 128 MB at the very most


@dataclass
class State:
    """One served graph. Shared by all requests; its parts are safe to use from several threads."""

    source: Path  # a graph folder, or a file
    pool: Pool  # the workers that answer queries; each can be killed
    base: str = ""  # where the graph's own nodes stand; empty: what the folder says, else the default
    setup: Setup = SHIPPED  # knowledge bases and people's decisions, for reading articles
    token: str | None = None  # who sends it may change the graph; None: nobody may
    services: frozenset[str] = frozenset()  # endpoints that a query may ask by SERVICE; all others are refused
    union: bool = True  # the default graph is all graphs together; False: it is the one without a name
    _limiter: CapacityLimiter = field(init=False, repr=False)
    _changing: Lock = field(init=False, repr=False)
    _kept: OrderedDict[str, tuple[Kind, bytes]] = field(default_factory=OrderedDict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.base:
            self.base = Graph.open(self.source).base if self.source.is_dir() else DEFAULT_BASE
        # As many threads as may ask or wait: the pool itself says when the line is full.
        self._limiter = CapacityLimiter(self.pool.places + 1)
        self._changing = Lock()  # two workers that write one file would undo each other's work

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base. KnowledgeError: it can't be opened."""
        return opened(*self.setup.kb)

    @cached_property
    def annotator(self) -> Annotator:
        """Reads articles, in a process of its own that starts with the first of them."""
        return Annotator(self.setup, self.base)

    def close(self) -> None:
        """Ends the processes."""
        self.pool.close()
        if "annotator" in self.__dict__:
            self.annotator.close()

    def prepared(self, sparql: str, inspected: Inspected, rows: str = "json", triples: str = "ttl") -> Ask:
        """What the workers are asked for a query that passed inspection; relative IRIs stand under the base."""
        return replace(request(sparql, inspected, rows, triples, union=self.union), base=self.base)

    async def ask(self, ask: Ask) -> Answer:
        """The answer, while other requests go on. QueryError, GraphError; BusyError, TimedOutError."""
        return await to_thread.run_sync(self.pool.ask, self.source, ask, limiter=self._limiter)

    def etag(self, ask: Ask) -> str:
        """Tells an answer from others: the same question to the same graph has the same. GraphError: no graph.

        Weak, because the bytes may be packed on their way.
        """
        return f'W/"{hashlib.sha256(repr((stamp(self.source), ask)).encode()).hexdigest()[:32]}"'

    async def answer(self, ask: Ask, etag: str) -> Answer:
        """As `ask`, from memory if this very question was answered since the graph changed."""
        kept = self._kept.get(etag)
        if kept is None:
            answer = await self.ask(ask)
            if answer.size > _KEEP:
                return answer
            kept = (answer.kind, answer.body())
            self._kept[etag] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(etag)
        kind, body = kept
        return Answer(kind, io.BytesIO(body), len(body))

    async def change(self, sparql: str) -> None:
        """Carries out an update that passed inspection, one at a time. QueryError, GraphError as of `ask`."""
        wanted = Change(sparql, self.base, dict(PREFIXES))
        async with self._changing:
            (await to_thread.run_sync(self.pool.ask, self.source, wanted, limiter=self._limiter)).close()

    async def rows(self, sparql: str) -> bytes:
        """The answer to a query of ours as SPARQL JSON. KgError: it can't be given."""
        answer = await self.ask(request(sparql, inspect(sparql)))
        return answer.body()
