"""Local IRIs answer: data for programs; people get the page at the same address.

An article is a document: its data stand at its own address. Entities, events, claims and runs are no documents:
a program is sent on (303) to the one that describes them, `/entity/Q7747.ttl`. `/entity/Q7747` stands for the
Wikidata item, about which we tell what our articles say.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import KgError
from kg.graph.sparql import Ask
from kg.query.library import absolute
from kg.rdf import PREFIXES
from kg.serve.negotiation import RDF, ProtocolError, negotiate, wants_data
from kg.serve.protocol import answered, refused
from kg.serve.state import State
from kg.shipped import shipped

SUFFIXES: Mapping[str, tuple[str, str]] = {  # of a document about a thing: media type, format
    "ttl": ("text/turtle", "ttl"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json"),
}
_ROOMS = ("article", "entity", "event", "claim", "run")
_WITHOUT_PAGE = frozenset({"run"})
_NAME = re.compile(rf"([\w-]{{1,80}})(?:\.({'|'.join(SUFFIXES)}))?")
_MOST = 2000  # triples that others say about a thing; SPARQL has the rest

_ARTICLE = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?this { ?s ?p ?o } }"
_CLAIM = """CONSTRUCT { ?this ?p ?o . ?part ?q ?x . ?article ?r ?y } WHERE {
  { ?this ?p ?o }
  UNION { ?this kg:evidence ?part . ?part ?q ?x }
  UNION { ?part kg:claim ?this ; ?q ?x }
  UNION { ?this kg:evidence/nif:referenceContext ?article . ?article ?r ?y
          VALUES ?r { schema:headline schema:url dcterms:source schema:datePublished schema:inLanguage } }
}"""
_THING = f"""CONSTRUCT {{ ?this ?p ?o . ?s ?q ?this . ?claim ?r ?x }} WHERE {{
  {{ ?this ?p ?o }}
  UNION {{ SELECT ?s ?q {{ ?s ?q ?this }} LIMIT {_MOST} }}
  UNION {{ {{ SELECT ?claim {{ ?claim kg:subject|kg:object ?this }} LIMIT {_MOST} }} ?claim ?r ?x }}
}}"""
_ABOUT = {"article": _ARTICLE, "claim": _CLAIM}


class _DataRoute(Route):
    """Takes a request only where data are wanted; the page's route, which comes later, takes the others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a Route's, where the Accept header or the name's suffix asks for data."""
        match, child = super().matches(scope)
        if match is not Match.NONE:
            room, name = scope["path"].rstrip("/").split("/")[-2:]
            accept = next((value for key, value in scope["headers"] if key == b"accept"), b"").decode("latin-1")
            suffix = name.rpartition(".")[2] if "." in name else ""
            if suffix not in SUFFIXES and room not in _WITHOUT_PAGE and not wants_data(accept):
                return Match.NONE, {}
        return match, child


@dataclass(slots=True)
class Alternates:
    """Says beside the page of a thing that there are data about it, and that the answer depends on Accept."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI asks."""
        room, _, name = scope.get("path", "").strip("/").partition("/")
        if scope["type"] != "http" or room not in _ROOMS or not (found := _NAME.fullmatch(name)) or found[2]:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Accept" not in [one.strip() for one in headers.get("Vary", "").split(",")]:
                    headers.add_vary_header("Accept")
                address = f"{scope.get('root_path', '')}/{room}/{quote(name)}"  # a header holds ASCII
                for suffix, (media, _) in SUFFIXES.items():
                    link = f'<{address}.{suffix}>; rel="alternate"; type="{media}"'
                    headers.append("Link", link)
            await send(message)

        await self.app(scope, receive, told)


def routes(state: State) -> list[BaseRoute]:
    """The rooms under the base, and the vocabulary."""

    async def thing(http: Request) -> Response:
        try:
            return await _described(state, http)
        except (ProtocolError, KgError) as error:
            return refused(error)

    async def vocabulary(_: Request) -> Response:
        files = ("ontology/news.ttl", "ontology/events.ttl")
        return Response("\n".join(shipped(name).read_text("utf-8") for name in files), media_type="text/turtle")

    rooms: list[BaseRoute] = [_DataRoute(f"/{room}/{{name}}", thing) for room in _ROOMS]
    return [*rooms, Route("/ontology", vocabulary)]


async def _described(state: State, http: Request) -> Response:
    """The data about a thing, or the way to them. ProtocolError 404, 406; KgError: no answer."""
    room = http.url.path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    found = _NAME.fullmatch(http.path_params["name"])
    if found is None:
        raise _not_here(http)
    name, suffix = found[1], found[2]
    iri = absolute(name) if room == "entity" and name.startswith("Q") else f"{state.base}{room}/{name}"
    if iri is None or not await _known(state, iri):
        raise _not_here(http)
    accept = http.headers.get("accept", "")
    if suffix is None and room in _WITHOUT_PAGE and not wants_data(accept):
        return await _plain_page(state, iri)
    media, form = SUFFIXES[suffix] if suffix else negotiate(accept, RDF)
    if suffix is None and room != "article":
        ending = next(key for key, value in SUFFIXES.items() if value[1] == form)
        return RedirectResponse(f"{http.base_url}{room}/{name}.{ending}", 303, {"Vary": "Accept"})
    return await answered(state, _about(state, iri, form), media, http)


def _about(state: State, iri: str, form: str) -> Ask:
    room = iri.removeprefix(state.base).partition("/")[0] if iri.startswith(state.base) else "entity"
    sparql = _ABOUT.get(room, _THING).replace("?this", f"<{iri}>")
    return Ask(sparql, triple_format=form, prefixes=dict(PREFIXES))


async def _known(state: State, iri: str) -> bool:
    ask = Ask(f"ASK {{ <{iri}> ?p ?o }}", prefixes=dict(PREFIXES))
    return b"true" in (await state.answer(ask, state.etag(ask))).body()


async def _plain_page(state: State, iri: str) -> Response:
    """For what has no page of its own: its data, to be read."""
    turtle = (await state.ask(_about(state, iri, "ttl"))).body().decode("utf-8")
    title = html.escape(iri)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    return HTMLResponse(f"{page}<pre>{html.escape(turtle)}</pre></html>", headers={"Vary": "Accept"})


def _not_here(http: Request) -> ProtocolError:
    return ProtocolError(404, f"{http.url.path[:200]} is not in this graph.")
