"""Whether an update may run, told from its tokens: it changes this graph and fetches nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from kg.errors import QueryError
from kg.query.guard import NO_SERVICES, Token, check_prefixes, refuse_services, tokens, unescape

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


def inspect_update(
    sparql: str,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
    services: Collection[str] = NO_SERVICES,
) -> str:
    """The update, with the graphs that the protocol names (`using-graph-uri`) written into it.

    Raises QueryError: it loads or asks elsewhere, or names its graphs twice.

    >>> inspect_update("DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }", ["http://e/g"])
    'DELETE { ?s ?p 1 } USING <http://e/g> WHERE { ?s ?p 1 }'
    """
    refuse_services(sparql, services)
    for reading in {sparql, unescape(sparql)}:
        if "load" in reading.lower() and any(_loads(token, depth) for token, depth in _depths(tokens(reading))):
            raise QueryError(
                "this update fetches a document (LOAD), and nothing is fetched from elsewhere here",
                "fetch it yourself and send its triples with INSERT DATA",
            )
    found = tokens(sparql)
    check_prefixes(found)
    return _with_graphs(sparql, found, using, using_named) if using or using_named else sparql


def _depths(found: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with the number of groups around it."""
    depth = 0
    for token in found:
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        yield token, depth


def _loads(token: Token, depth: int) -> bool:
    """Whether an engine may read LOAD here: pyoxigraph also does in LOADSILENT<...> and LOADex:name."""
    if token.kind == "name":
        return depth == 0 and token.lower.startswith("load") and not token.lower.startswith("load:")
    return token.kind in {"word", "other"} and (token.kind == "other" or "load" in token.lower)


def _with_graphs(sparql: str, found: Sequence[Token], using: Sequence[str], named: Sequence[str]) -> str:
    for iri in (*using, *named):
        if not _ABSOLUTE.fullmatch(iri):
            raise QueryError(f"<{iri}> is no absolute IRI", "name a graph by its whole IRI")
    clause = "".join([*(f"USING <{iri}> " for iri in using), *(f"USING NAMED <{iri}> " for iri in named)])
    pieces, last = [], 0
    before: Token | None = None
    for token, depth in _depths(found):
        if depth == 0 and token.kind == "word":
            if token.lower in {"using", "with"}:
                raise QueryError(
                    f"this update names its graphs itself ({token.text.upper()}), and so does the request",
                    "leave out using-graph-uri and using-named-graph-uri",
                )
            if token.lower == "where":
                if before is not None and before.lower == "delete":
                    raise QueryError(
                        "DELETE WHERE takes no graphs from the request", "write it as DELETE { ... } WHERE { ... }"
                    )
                pieces += [sparql[last : token.start], clause]
                last = token.start
        before = token
    return "".join([*pieces, sparql[last:]])
