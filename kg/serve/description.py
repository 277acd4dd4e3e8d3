"""What the endpoint can do, for programs: the service description in RDF, and the HTTP API in OpenAPI."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg.graph.sparql import Ask
from kg.serve.negotiation import TRIPLES, negotiate
from kg.serve.state import State

_API = Path(__file__).with_name("openapi.json")
_FORMATS = (  # of https://www.w3.org/ns/formats/
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
}


def routes(state: State) -> list[BaseRoute]:
    """/openapi.json, and /.well-known/void for who looks for a description there."""

    async def api(http: Request) -> Response:
        described = json.loads(_API.read_text(encoding="utf-8"))
        return JSONResponse({**described, "servers": [{"url": str(http.base_url).rstrip("/")}]})

    async def void(http: Request) -> Response:
        described = state.source / "void.ttl"  # a graph folder keeps one; of a file the endpoint says a little
        if described.is_file():
            return FileResponse(described, media_type="text/turtle")
        return RedirectResponse(f"{http.base_url}sparql", 303)

    return [Route("/openapi.json", api), Route("/.well-known/void", void)]


def service(state: State, http: Request) -> tuple[Ask, str]:
    """The question whose answer is the service description, and its media type. ProtocolError 406."""
    media, triples = negotiate(http.headers.get("accept", ""), TRIPLES)
    # A worker writes it, as it writes any triples: in every format, and escaped as it should be.
    endpoint = str(http.url.replace(query="", fragment="")).replace(">", "%3E")
    features = ["UnionDefaultGraph"] * state.union + ["BasicFederatedQuery"] * bool(state.services)
    languages = ["SPARQL11Query"] + ["SPARQL11Update"] * (state.token is not None)
    lines = [
        f"<{endpoint}> a sd:Service ; sd:endpoint <{endpoint}> ; sd:defaultDataset _:all .",
        "_:all a sd:Dataset, void:Dataset ; sd:defaultGraph [ a sd:Graph ] .",
        *(f"<{endpoint}> sd:supportedLanguage sd:{language} ." for language in languages),
        *(f"<{endpoint}> sd:feature sd:{feature} ." for feature in features),
        *(f"<{endpoint}> sd:resultFormat formats:{form} ." for form in _FORMATS),
        f"_:all void:sparqlEndpoint <{endpoint}> ; void:uriSpace '{state.base}' .",
    ]
    return Ask(f"CONSTRUCT {{ {' '.join(lines)} }} WHERE {{}}", triple_format=triples, prefixes=_PREFIXES), media
