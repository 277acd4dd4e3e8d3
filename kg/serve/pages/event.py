"""An event: every report of it side by side, where they agree and where they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg import edtf
from kg.serve.pages import charts, words
from kg.serve.pages.atlas import atlas
from kg.serve.pages.happenings import ROLES, Happening, happenings, spoken_count
from kg.serve.pages.quotes import Quote, made, quotes_of_claims
from kg.serve.pages.site import Article, NotHereError, Ref, Row, Site

_STAGES = ("demanded", "promised", "planned", "asserted")  # what comes before what


@dataclass(frozen=True, slots=True)
class Telling:
    """One report: the sentence and how it was read."""

    quote: Quote
    trigger: str
    what: str
    modality: str
    when: str
    where: Ref | None


@dataclass(frozen=True, slots=True)
class Column:
    """All that one article says of the event."""

    article: Article
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that is said in one respect, and by which articles."""

    text: str
    href: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Respect:
    """One respect in which reports can be compared."""

    name: str
    values: tuple[Value, ...]
    differs: bool  # two articles exclude each other, or one names a smaller place than the other


@dataclass(frozen=True, slots=True)
class EventView:
    """Everything the event's page shows."""

    event: Happening
    columns: tuple[Column, ...]
    respects: tuple[Respect, ...]
    planned_first: bool
    map: charts.Map | None
    joined: tuple[tuple[str, str], ...]


def event_view(site: Site, name: str) -> EventView:
    """The event of that id. NotHereError: there is none."""
    iri = site.iri("event", name)
    known = happenings(site, [iri])
    if not known:
        raise NotHereError(
            f"No event {name} is in this graph", "Reports may have been merged or removed since. See the timeline."
        )
    columns = _columns(site, iri)
    stages = {telling.modality for column in columns for telling in column.tellings}
    return EventView(
        known[0],
        columns,
        _respects(site, iri, columns),
        {"planned", "asserted"} <= stages,
        _map(site, known[0]),
        site.joined(iri),
    )


def _columns(site: Site, iri: str) -> tuple[Column, ...]:
    rows = site.rows(_REPORTS, iri)
    articles = site.articles(row["article"] for row in rows)
    refs = site.refs(row[key] for row in rows for key in ("by", "place", "type") if key in row)
    found: dict[Article, list[Telling]] = defaultdict(list)
    for row in rows:
        article = articles[row["article"]]
        quote = made(row, article, refs.get(row.get("by", "")))
        modality = row["modality"].rpartition("#")[2]
        place = refs.get(row.get("place", ""))
        found[article].append(
            Telling(quote, row["trigger"], refs[row["type"]].label, modality, row.get("time", ""), place)
        )
    columns = [Column(article, tuple(tellings)) for article, tellings in found.items()]
    return tuple(
        sorted(columns, key=lambda one: (_stage(one), one.article.published or "9", one.article.lang, one.article.id))
    )


def _stage(column: Column) -> int:
    stages = [_STAGES.index(one.modality) for one in column.tellings if one.modality in _STAGES]
    return max(stages, default=len(_STAGES))


# --- comparing ---------------------------------------------------------------------------------------


def _respects(site: Site, iri: str, columns: Sequence[Column]) -> tuple[Respect, ...]:
    said = [(telling, column.article) for column in columns for telling in column.tellings]
    denied = {"asserted", "denied"} <= {telling.modality for telling, _ in said}
    told = [
        _respect("What", [(t.what, "", a) for t, a in said]),
        _respect("How", [(words.MODALITIES[t.modality], "", a) for t, a in said], exclusive=denied),
        _respect("When", [(words.day(t.when), "", a) for t, a in said if t.when], exclusive=_apart(said)),
        _respect("Where", [(t.where.label, t.where.href, a) for t, a in said if t.where], exclusive=True),
    ]
    return tuple(one for one in (*told, *_claimed(site, iri)) if one.values)


def _apart(said: Sequence[tuple[Telling, Article]]) -> bool:
    """Whether two times exclude each other: "December" is only vaguer than "25 December"."""
    times = sorted({edtf.strip_qualifier(telling.when) for telling, _ in said if telling.when})
    valid = [time for time in times if edtf.is_valid(time)]
    nested = all(edtf.contains(a, b) or edtf.contains(b, a) for a, b in combinations(valid, 2))
    return len(valid) < len(times) or not nested


def _claimed(site: Site, iri: str) -> list[Respect]:
    """Participants and counts, claim by claim."""
    rows = site.rows(_CLAIMS, iri)
    quotes = quotes_of_claims(site, (row["claim"] for row in rows))
    refs = site.refs(row["object"] for row in rows if "://" in row["object"])
    found: dict[tuple[int, str], list[tuple[str, str, Article]]] = defaultdict(list)
    for row in rows:
        place, text, href = _named(row, refs)
        if place is not None:
            found[place] += [
                (text, href or site.href(row["claim"]), quote.article) for quote in quotes.get(row["claim"], ())
            ]
    return [_respect(name, values, exclusive=order > len(ROLES)) for (order, name), values in sorted(found.items())]


def _named(row: Row, refs: dict[str, Ref]) -> tuple[tuple[int, str] | None, str, str]:
    """((order, name of the respect), what is said, its page)."""
    role = row["predicate"].rpartition("#")[2]
    if "comparator" in row:
        unit = row.get("unit", role)
        return (len(ROLES) + 1, unit[:1].upper() + unit[1:]), spoken_count(row["object"], row["comparator"], ""), ""
    if role in ROLES and row["object"] in refs:
        ref = refs[row["object"]]
        label = words.of_term(f"kg:{role}")
        return (ROLES.index(role), label[:1].upper() + label[1:]), ref.label, ref.href
    return None, "", ""


def _respect(name: str, said: Iterable[tuple[str, str, Article]], *, exclusive: bool = False) -> Respect:
    """`exclusive`: two values of one respect can't both be the whole truth (a count, a day)."""
    values: dict[str, tuple[str, dict[Article, None]]] = {}
    for text, href, article in said:
        values.setdefault(text, (href, {}))[1][article] = None
    found = tuple(Value(text, href, tuple(articles)) for text, (href, articles) in values.items())
    return Respect(name, found, exclusive and len(found) > 1)


def _map(site: Site, event: Happening) -> charts.Map | None:
    wanted = [*event.where, *(ref for ref in event.who if ref.kind in {"LOC", "FAC"} and not event.where)]
    return atlas(site, {ref.iri: 1 for ref in wanted})


_REPORTS = """SELECT ?type ?trigger ?modality ?score ?time ?place ?by
       ?article ?words (LANG(?words) AS ?lang) ?start ?end {
  ?report kg:event ?this ; kg:eventType ?type ; kg:modality ?modality ; kg:confidence ?score ;
          nif:anchorOf ?trigger ; kg:evidence ?at .
  ?at nif:referenceContext ?article ; nif:anchorOf ?words ; nif:beginIndex ?start ; nif:endIndex ?end .
  OPTIONAL { ?report kg:time ?time } OPTIONAL { ?report sem:hasPlace ?place }
  OPTIONAL { ?report kg:attributedTo ?by }
} ORDER BY ?article ?start ?type"""
_CLAIMS = """SELECT ?claim ?predicate ?object ?comparator ?unit {
  ?claim kg:subject ?this ; kg:predicate ?predicate ; kg:object ?object .
  OPTIONAL { ?claim kg:comparator ?comparator } OPTIONAL { ?claim kg:unit ?unit }
} ORDER BY ?predicate ?object ?claim"""
