"""The home page: what is in the graph, what is new, who is talked about, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kg.serve.pages import charts
from kg.serve.pages.atlas import atlas
from kg.serve.pages.happenings import Happening, happenings
from kg.serve.pages.site import Article, Ref, Site

_NEWEST, _ACTIVE, _HAPPENED = 8, 12, 24


@dataclass(frozen=True, slots=True)
class Active:
    """An entity and how much it is talked about."""

    ref: Ref
    articles: int
    mentions: int
    share: float  # of the most mentioned, 0..100


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything the home page shows."""

    articles: int
    languages: tuple[tuple[str, int], ...]  # code and number of articles
    entities: int
    items: int  # of the entities: those that are Wikidata's
    events: int
    claims: int
    newest: tuple[Article, ...]
    active: tuple[Active, ...]
    days: tuple[tuple[str, tuple[Happening, ...]], ...]  # the latest first
    histogram: tuple[charts.Bar, ...]
    map: charts.Map | None


def home_view(site: Site) -> HomeView:
    """The whole graph at a glance."""
    languages = [(row["lang"], int(row["n"])) for row in site.rows(_LANGUAGES)]
    active = _active(site)
    events = happenings(site, [row["event"] for row in site.rows(_LATEST.replace("$most", str(_HAPPENED)))])
    newest = site.rows(_NEW.replace("$most", str(_NEWEST)))
    articles = site.articles(row["article"] for row in newest)
    return HomeView(
        sum(number for _, number in languages),
        tuple(languages),
        _one(site, _ENTITIES),
        _one(site, _ENTITIES) - _one(site, _LOCALS),
        _one(site, _EVENTS),
        _one(site, _CLAIMS),
        tuple(articles[row["article"]] for row in newest if row["article"] in articles),
        active,
        _by_day(events),
        charts.histogram(row["day"] for row in site.rows(_DAYS) for _ in range(int(row["n"]))),
        atlas(site, {row["place"]: int(row["n"]) for row in site.rows(_PLACES)}),
    )


def _one(site: Site, sparql: str) -> int:
    return int(site.rows(sparql)[0]["n"])


def _active(site: Site) -> tuple[Active, ...]:
    rows = site.rows(_MOST_ACTIVE.replace("$most", str(_ACTIVE)))
    refs = site.refs(row["entity"] for row in rows)
    top = max((int(row["mentions"]) for row in rows), default=1)
    return tuple(
        Active(
            refs[row["entity"]], int(row["articles"]), int(row["mentions"]), round(100 * int(row["mentions"]) / top, 1)
        )
        for row in rows
    )


def _by_day(events: Sequence[Happening]) -> tuple[tuple[str, tuple[Happening, ...]], ...]:
    dated = [event for event in events if event.when]
    return tuple((day, tuple(some)) for day, some in groupby(dated, key=lambda event: event.when))


_LANGUAGES = """SELECT ?lang (COUNT(?article) AS ?n) {
  ?article a schema:NewsArticle ; schema:inLanguage ?lang .
} GROUP BY ?lang ORDER BY DESC(?n) ?lang"""
_ENTITIES = "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?mention itsrdf:taIdentRef ?e }"
_LOCALS = "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a kg:LocalEntity . ?mention itsrdf:taIdentRef ?e }"
_EVENTS = "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?report kg:event ?e }"
_CLAIMS = "SELECT (COUNT(?c) AS ?n) { ?c a kg:Claim }"
_NEW = """SELECT ?article ?published {
  ?article a schema:NewsArticle .
  OPTIONAL { ?article schema:datePublished ?published }
} ORDER BY DESC(?published) ?article LIMIT $most"""
_MOST_ACTIVE = """SELECT ?entity (COUNT(DISTINCT ?article) AS ?articles) (COUNT(?mention) AS ?mentions) {
  ?mention itsrdf:taIdentRef ?entity ; nif:referenceContext ?article .
} GROUP BY ?entity ORDER BY DESC(?articles) DESC(?mentions) ?entity LIMIT $most"""
_LATEST = """SELECT ?event ?time {
  { SELECT ?event (MAX(?told) AS ?time) { ?report kg:event ?event ; kg:time ?told } GROUP BY ?event }
} ORDER BY DESC(?time) ?event LIMIT $most"""
_DAYS = """SELECT ?day (COUNT(DISTINCT ?event) AS ?n) {
  ?report kg:event ?event ; kg:time ?day .
} GROUP BY ?day ORDER BY ?day"""
_PLACES = """SELECT ?place (COUNT(?report) AS ?n) {
  ?report sem:hasPlace ?place .
} GROUP BY ?place ORDER BY DESC(?n) ?place LIMIT 60"""
