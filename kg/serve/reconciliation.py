"""The Reconciliation Service API 0.2 at /reconcile, over the knowledge base: OpenRefine and its kin link tables by it.

Types are the kinds of the knowledge base (PER, LOC ...), identifiers are QIDs. Everything is CORS and JSONP.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError
from kg.rdf import PREFIXES
from kg.serve.asked import read_body
from kg.serve.facts import KINDS, PROPERTIES, Facts
from kg.serve.negotiation import ProtocolError
from kg.serve.protocol import refused
from kg.serve.state import State

BATCH = 50  # queries that a client should send at once
_MOST = 500  # queries in one request
_MOST_BYTES = 2 << 20
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}")
_NOT_JSON = "This is no JSON object of queries: {}."

Reply = Callable[[Facts, dict[str, str], str], object]


def routes(state: State) -> list[BaseRoute]:
    """The service and its suggestions."""
    known: dict[str, Reply] = {
        "/reconcile": _service,
        "/reconcile/suggest/entity": _suggest_entity,
        "/reconcile/suggest/type": partial(_suggest, "type"),
        "/reconcile/suggest/property": partial(_suggest, "property"),
        "/reconcile/properties": _proposed,
    }
    found: list[BaseRoute] = [
        Route(path, partial(_answer, state, reply), methods=["GET", "POST"]) for path, reply in known.items()
    ]
    return [*found, Route("/reconcile/preview", partial(_preview, state))]


async def _answer(state: State, reply: Reply, http: Request) -> Response:
    try:
        fields = await _fields(http)
        value = await run_in_threadpool(lambda: reply(Facts(state.kb), fields, str(http.base_url)))
    except (ProtocolError, KgError) as error:
        return refused(error)
    if callback := fields.get("callback"):
        # The comment keeps the body from being read as something else than a script.
        body = f"/**/{callback}({json.dumps(value)});"
        return Response(body, media_type="application/javascript", headers={"X-Content-Type-Options": "nosniff"})
    return JSONResponse(value)


async def _fields(http: Request) -> dict[str, str]:
    fields = dict(http.query_params)
    if http.method == "POST":
        body = await read_body(http, _MOST_BYTES)
        try:
            fields |= dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
        except (UnicodeDecodeError, ValueError) as error:
            raise ProtocolError(400, "The form is not UTF-8.") from error
    if fields.get("callback") and not _CALLBACK.fullmatch(fields["callback"]):
        raise ProtocolError(400, "The callback is no name of a function.")
    return fields


# --- the service -----------------------------------------------------------------------------------------


def _service(facts: Facts, fields: dict[str, str], base_url: str) -> object:
    if "queries" in fields:
        queries = _object(fields["queries"])
        if len(queries) > _MOST:
            raise ProtocolError(413, f"A request may hold {_MOST} queries at most.")
        return {key: {"result": _candidates(facts, query)} for key, query in queries.items()}
    if "extend" in fields:
        return _extended(facts, _object(fields["extend"]))
    return _manifest(base_url)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(400, _NOT_JSON.format(error)) from error
    if not isinstance(value, dict):
        raise ProtocolError(400, _NOT_JSON.format("it is something else"))
    return value


def _candidates(facts: Facts, query: object) -> list[dict[str, Any]]:
    if not isinstance(query, dict) or not isinstance(query.get("query"), str):
        raise ProtocolError(400, 'A query is an object such as {"query": "Ilham Aliyev", "type": "PER"}.')
    types, limit, given = query.get("type") or [], query.get("limit"), query.get("properties") or []
    kinds = {str(one) for one in (types if isinstance(types, list) else [types])}
    conditions = [
        (str(one["pid"]), one["v"] if isinstance(one["v"], list) else [one["v"]])
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict) and "pid" in one and "v" in one
    ]
    most = limit if isinstance(limit, int) and limit > 0 else 5
    return facts.candidates(query["query"], kinds, conditions, min(most, 50))


def _manifest(base_url: str) -> dict[str, Any]:
    service = base_url.rstrip("/")
    preview = f"{service}/reconcile/preview?id={{{{id}}}}"
    return {
        "versions": ["0.2"],
        "name": "newskg: people, places and organisations in the news",
        "identifierSpace": PREFIXES["wd"],
        "schemaSpace": PREFIXES["kg"],
        "defaultTypes": [{"id": kind, "name": name} for kind, name in KINDS.items()],
        "batchSize": BATCH,
        "view": {"url": preview},
        "preview": {"url": preview, "width": 430, "height": 200},
        "suggest": {
            what: {"service_url": service, "service_path": f"/reconcile/suggest/{what}"}
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _extended(facts: Facts, wanted: dict[str, Any]) -> dict[str, Any]:
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise ProtocolError(400, 'Say which: {"ids": ["Q7747"], "properties": [{"id": "country"}]}.')
    names = [str(one["id"]) for one in properties if isinstance(one, dict) and "id" in one]
    meta = [{"id": name, "name": PROPERTIES.get(name, name)} for name in names]
    rows = {str(one): {name: facts.values(str(one), name) for name in names} for one in ids[:_MOST]}
    return {"meta": meta, "rows": rows}


# --- suggestions -----------------------------------------------------------------------------------------


def _suggest_entity(facts: Facts, fields: dict[str, str], _: str) -> dict[str, Any]:
    return {"result": facts.beginning(fields.get("prefix", ""), 10)}


def _suggest(what: str, _: Facts, fields: dict[str, str], __: str) -> dict[str, Any]:
    prefix = fields.get("prefix", "").casefold().strip()
    names = KINDS if what == "type" else PROPERTIES
    found = [(key, name) for key, name in names.items() if prefix in name.casefold() or prefix == key.casefold()]
    return {"result": [{"id": key, "name": name} for key, name in found]}


def _proposed(_: Facts, fields: dict[str, str], __: str) -> dict[str, Any]:
    limit = int(fields["limit"]) if fields.get("limit", "").isdecimal() else len(PROPERTIES)
    properties = [{"id": key, "name": name} for key, name in PROPERTIES.items()][:limit]
    return {"type": fields.get("type", ""), "limit": limit, "properties": properties}


async def _preview(state: State, http: Request) -> Response:
    """A small page about one item, for a box of 430 by 200 pixels."""
    found = await run_in_threadpool(lambda: Facts(state.kb).about(http.query_params.get("id", "")))
    if found is None:
        return HTMLResponse("<!doctype html><title>unknown</title><p>Not in the knowledge base.", 404)
    title, lines = html.escape(found[0]), "".join(f"<p>{html.escape(line)}</p>" for line in found[1])
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = "<style>body{font:14px/1.4 system-ui,sans-serif;margin:8px}h1{font-size:1.1em}p{margin:.3em 0}</style>"
    return HTMLResponse(f"{head}<title>{title}</title>{style}<h1>{title}</h1>{lines}</html>")
