"""What one running server holds: the graph, who answers questions about it, and what is opened when first needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from kg.graph import Graph
from kg.graph.sparql import Ask
from kg.knowledge import KnowledgeBase
from kg.query import Answer, Inspected, Pool, inspect, request
from kg.rdf import DEFAULT_BASE


@dataclass
class State:
    """One served graph. Shared by all requests; its parts are safe to use from several threads."""

    source: Path  # a graph folder, or a file
    pool: Pool  # the workers that answer queries; each can be killed
    base: str = ""  # where the graph's own nodes stand; empty: what the folder says, else the default
    kb_path: Path | None = None  # None: the knowledge base that ships
    token: str | None = None  # who sends it may change the graph; None: nobody may
    services: frozenset[str] = frozenset()  # endpoints that a query may ask by SERVICE; all others are refused
    union: bool = True  # the default graph is all graphs together; False: it is the one without a name
    _limiter: CapacityLimiter = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.base:
            self.base = Graph.open(self.source).base if self.source.is_dir() else DEFAULT_BASE
        # As many threads as may ask or wait: the pool itself says when the line is full.
        self._limiter = CapacityLimiter(self.pool.places + 1)

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base. KnowledgeError: it can't be opened."""
        return KnowledgeBase.open(self.kb_path)

    def prepared(self, sparql: str, inspected: Inspected, rows: str = "json", triples: str = "ttl") -> Ask:
        """What the workers are asked for a query that passed inspection."""
        return request(sparql, inspected, rows, triples, union=self.union)

    async def ask(self, ask: Ask) -> Answer:
        """The answer, while other requests go on. QueryError, GraphError; BusyError, TimedOutError."""
        return await to_thread.run_sync(self.pool.ask, self.source, ask, limiter=self._limiter)

    async def rows(self, sparql: str) -> bytes:
        """The answer to a query of ours as SPARQL JSON. KgError: it can't be given."""
        answer = await self.ask(request(sparql, inspect(sparql)))
        return answer.body()
