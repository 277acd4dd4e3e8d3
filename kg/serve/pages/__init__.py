"""Pages for people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError
from kg.query import Rows, questions
from kg.serve.page import landing
from kg.serve.state import State

_SIZE = """SELECT ?articles ?claims {
  { SELECT (COUNT(*) AS ?articles) { ?article a schema:NewsArticle } }
  { SELECT (COUNT(*) AS ?claims) { ?claim a kg:Claim } }
}"""


def routes(state: State) -> list[BaseRoute]:
    """The pages' routes, the home page at "/"."""

    async def home(http: Request) -> Response:
        try:
            found = Rows.from_json(await state.rows(_SIZE))
            articles, claims = (int(term.value) for term in found.rows[0] if term)
            facts = f"{articles:,} articles and {claims:,} claims."
        except KgError as error:
            facts = f"The graph can't be asked now: {error.what}."
        return HTMLResponse(landing(state.source.name, facts, questions(), f"{http.base_url}sparql"))

    return [Route("/", home)]
