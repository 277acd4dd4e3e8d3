"""The SPARQL 1.1 Graph Store HTTP Protocol, for reading: one graph at one address.

`/graphs?default`, `/graphs?graph=IRI`; and directly, `/graphs/...` for the graph `<base>...`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError, QueryError
from kg.graph.sparql import Ask
from kg.query.library import absolute
from kg.rdf import PREFIXES
from kg.serve.negotiation import TRIPLES, ProtocolError, negotiate
from kg.serve.protocol import answered, refused
from kg.serve.state import State

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def routes(state: State) -> list[BaseRoute]:
    """The graph store."""

    async def indirect(http: Request) -> Response:
        try:
            return await _read(state, http, _named(http))
        except (ProtocolError, KgError) as error:
            return refused(error)

    async def direct(http: Request) -> Response:
        try:
            return await _read(state, http, state.base + http.path_params["path"])
        except (ProtocolError, KgError) as error:
            return refused(error)

    return [Route("/graphs", indirect), Route("/graphs/{path:path}", direct)]


def _named(http: Request) -> str | None:
    """The graph that the address names; None: the default graph. ProtocolError 400: not exactly one."""
    fields = http.query_params.multi_items()
    if len(fields) != 1 or fields[0][0] not in {"default", "graph"}:
        raise ProtocolError(400, "Name one graph: ?default, or ?graph= and its whole IRI.")
    return fields[0][1] if fields[0][0] == "graph" else None


async def _read(state: State, http: Request, graph: str | None) -> Response:
    """One graph as triples; None: the default graph, which is all graphs together unless the server was told not so."""
    media, triples = negotiate(http.headers.get("accept", ""), TRIPLES)
    if graph is None:
        ask = Ask(_ALL, triple_format=triples, union=state.union, prefixes=dict(PREFIXES))
    elif (iri := absolute(graph)) is None:
        raise ProtocolError(400, f"<{graph[:200]}> is no absolute IRI.")
    else:
        ask = Ask(_ALL, triple_format=triples, default_graphs=(iri,), prefixes=dict(PREFIXES))
    try:
        return await answered(state, ask, media, http)
    except QueryError as error:
        if "is not here" in error.what:
            return PlainTextResponse(f"{error}\n", 404)
        raise
