"""Addresses to pages. A page that can't be made says why, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import combinations
from urllib.parse import quote, unquote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import DataError, GraphError, KgError
from kg.query import BusyError, TimedOutError, questions
from kg.serve.pages import words
from kg.serve.pages.article import article_view
from kg.serve.pages.claim import claim_view
from kg.serve.pages.editor import editor_data
from kg.serve.pages.entity import EntityView, entity_view
from kg.serve.pages.event import event_view
from kg.serve.pages.find import Finder
from kg.serve.pages.home import home_view
from kg.serve.pages.library import FORMATS, download, question_view
from kg.serve.pages.render import FOLDER, HEADERS, POLICY, page
from kg.serve.pages.review import decide, review_view
from kg.serve.pages.site import NotHereError, Site
from kg.serve.pages.trust import at_home, form_of, refusal, remember, token_of
from kg.serve.state import State

Page = Callable[[Request], Response]
_YEAR = 31_536_000  # seconds
# The one style sheet that YASGUI's table writes into the page, by its content.
YASGUI_STYLE = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
NAME = "kg-name"  # cookie: who reviews
TABS = {"links": "Links", "claims": "Claims", "missing": "This is missing", "decided": "Decided ({})"}


@dataclass(slots=True)
class _Pages:
    """The pages of one graph. Each is a plain function: starlette runs it in a thread of its own."""

    site: Site
    finder: Finder
    key: str | None  # lets other machines decide

    def home(self, request: Request) -> Response:
        return page(request, "home.html", view=home_view(self.site))

    def article(self, request: Request) -> Response:
        return page(request, "article.html", view=article_view(self.site, request.path_params["name"]))

    def entity(self, request: Request) -> Response:
        try:
            view = entity_view(self.site, request.path_params["name"])
        except NotHereError as error:
            return self._moved(request, "entity", error)
        return page(request, "entity.html", view=view, graph=_elements(view))

    def event(self, request: Request) -> Response:
        try:
            view = event_view(self.site, request.path_params["name"])
        except NotHereError as error:
            return self._moved(request, "event", error)
        return page(request, "event.html", view=view)

    def _moved(self, request: Request, room: str, error: NotHereError) -> Response:
        """Goes on to what a thing was joined with; raises the error where it was not."""
        to = self.site.canonical(self.site.iri(room, request.path_params["name"]))
        if not to:
            raise error
        root = request.scope.get("root_path", "").rstrip("/")
        return RedirectResponse(f"{root}{self.site.href(to)}", 303, HEADERS)

    def claim(self, request: Request) -> Response:
        return page(request, "claim.html", view=claim_view(self.site, request.path_params["name"]))

    def search(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        found, articles = self.finder.find(text, most=30), self.finder.articles(text)
        return page(request, "search.html", searched=text, found=found, articles=articles)

    def suggest(self, request: Request) -> Response:
        found = self.finder.find(request.query_params.get("q", ""), most=8)
        rows = [
            {
                "id": one.ref.short.removeprefix("wd:"), "label": one.ref.label, "name": one.name, "kind": one.ref.kind,
                "href": one.ref.href if one.here else "",
                "about": words.count(one.mentions, "mention") if one.here else "not in these articles",
            }
            for one in found
        ]  # fmt: skip
        return JSONResponse(rows, headers=HEADERS)

    def questions(self, request: Request) -> Response:
        return page(request, "questions.html", questions=questions())

    def question(self, request: Request) -> Response:
        name, _, form = request.path_params["name"].partition(".")
        given = {key: value.strip() for key, value in request.query_params.items() if key != "ask"}
        if form:
            return self._download(name, given, form)
        view = question_view(self.site, self.finder.called, name, given, asked="ask" in request.query_params)
        query = urlencode({key: value for key, value in given.items() if value})
        return page(request, "question.html", view=view, formats=list(FORMATS), query=query)

    def _download(self, name: str, given: dict[str, str], form: str) -> Response:
        if form not in FORMATS:
            raise NotHereError(f"Answers do not come as {form[:20]}", f"Choose one of {', '.join(FORMATS)}.")
        body = download(self.site, self.finder.called, name, given, form)
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
        return Response(body, media_type=FORMATS[form], headers=headers)

    def review(self, request: Request) -> Response:
        return self._review(request)

    async def decided(self, request: Request) -> Response:
        """Takes a decision that a form on the review page sends."""
        form = await form_of(request)
        return await run_in_threadpool(self._decided, request, form)

    def _decided(self, request: Request, form: dict[str, str]) -> Response:
        refused = refusal(request, form, self.key)
        if refused:
            fault = KgError(refused, "Load the review page again from this server, then decide once more.")
            return self._review(request, fault, 403)
        try:
            decide(self.site, form)
        except DataError as error:
            return self._review(request, error, 400)
        back = form.get("back", "")
        root = request.scope.get("root_path", "").rstrip("/")
        return RedirectResponse(f"{root}/review?tab={back if back in TABS else 'links'}&done=1", 303, HEADERS)

    def _review(self, request: Request, fault: KgError | None = None, status: int = 200) -> Response:
        asked = request.query_params
        tab = asked.get("tab", "claims" if asked.get("claim") else "missing" if "missing" in asked else "links")
        tab = tab if tab in TABS else "links"
        view = review_view(self.site, tab, asked.get("article", ""), asked.get("start", ""), asked.get("claim", ""))
        by = asked.get("by", unquote(request.cookies.get(NAME, ""))).strip()[:80]
        cookie, token = token_of(request)
        shown = page(
            request, "review.html", status, view=view, fault=fault, tab=tab, token=token,
            back=tab, by=by, home=at_home(request), done="done" in asked, article=asked.get("article", ""),
            missing=asked.get("missing", ""),
            tabs=[(f"/review?tab={key}", key, label.format(view.decided)) for key, label in TABS.items()],
        )  # fmt: skip
        if "by" in asked:
            shown.set_cookie(NAME, quote(by), max_age=_YEAR, samesite="strict", httponly=True)
        return remember(shown, cookie)

    def query(self, request: Request) -> Response:
        data = editor_data(
            request.query_params.get("query", ""), f"{request.scope.get('root_path', '').rstrip('/')}/sparql"
        )
        shown = page(request, "query.html", data=data, questions=questions(), endpoint=f"{request.base_url}sparql")
        shown.headers["Content-Security-Policy"] = POLICY.replace(
            "style-src 'self'", f"style-src 'self' {YASGUI_STYLE}"
        )
        return shown


def routes(state: State) -> list[BaseRoute]:
    """The pages' routes, the home page at "/"."""
    site = Site(state)
    pages = _Pages(site, Finder(site), state.token)
    known: Sequence[tuple[str, Page]] = (
        ("/", pages.home),
        ("/article/{name}", pages.article),
        ("/entity/{name}", pages.entity),
        ("/event/{name}", pages.event),
        ("/claim/{name}", pages.claim),
        ("/search", pages.search),
        ("/suggest", pages.suggest),
        ("/questions", pages.questions),
        ("/questions/{name}", pages.question),
        ("/query", pages.query),
        ("/review", pages.review),
    )
    static = Mount("/static", _Static(directory=FOLDER / "static"), name="static")
    decisions = Route("/review", pages.decided, methods=["POST"])
    return [*(Route(path, _told(function), methods=["GET"]) for path, function in known), decisions, static]


class _Static(StaticFiles):
    """Files that a browser may keep for good: their addresses change with them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _told(function: Page) -> Page:
    """What goes wrong in a way that people can mend is a page too."""

    @wraps(function)
    def told(request: Request) -> Response:
        try:
            return function(request)
        except KgError as error:
            status = _status(error)
            return page(request, "fault.html", status, status=status, what=error.what, do=error.do)

    return told


def _status(error: KgError) -> int:
    if isinstance(error, NotHereError) or error.what.startswith("there is no question"):
        return 404
    return 503 if isinstance(error, (BusyError, TimedOutError, GraphError)) else 400


def _elements(view: EntityView) -> list[dict[str, object]]:
    """The neighbours as cytoscape takes them: tied to the entity, and to each other where they share an event."""
    own = {"id": "self", "label": view.ref.label, "kind": view.ref.kind, "size": 34, "self": True}
    ids = {one.ref.iri: f"n{at}" for at, one in enumerate(view.neighbours)}
    nodes: list[dict[str, object]] = [own]
    edges: list[dict[str, object]] = []
    for one in view.neighbours:
        node, size = ids[one.ref.iri], 14 + 4 * min(one.weight, 5)
        nodes.append({"id": node, "label": one.ref.label, "kind": one.ref.kind, "href": one.ref.href, "size": size})
        label, width = ", ".join(one.ways[:2]), 1 + min(one.weight, 6) / 2
        edges.append({"source": "self", "target": node, "label": label, "width": width})
    shared: dict[tuple[str, str], str] = {}
    for event in view.events:
        there = sorted({ids[ref.iri] for ref in (*event.who, *event.where) if ref.iri in ids})
        shared.update(dict.fromkeys(combinations(there, 2), event.what))
    edges += [{"source": a, "target": b, "label": what, "width": 1} for (a, b), what in sorted(shared.items())]
    return [{"data": data} for data in nodes + edges]
