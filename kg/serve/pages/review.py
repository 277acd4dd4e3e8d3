"""What is least sure, first: links and claims to be accepted, rejected or mended, and what the reading left out.

A decision is one entry at the end of DIR/overrides.toml; the next build obeys it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.overrides import FILE, append
from kg.serve.pages import words
from kg.serve.pages.happenings import titled
from kg.serve.pages.quotes import Quote, quotes_of_claims
from kg.serve.pages.site import Article, Ref, Row, Site

_SHOWN = 20  # doubts on a page
_AROUND = 90  # characters on either side of a name
_READ = 400  # least sure mentions looked at: the same name of one article stands once
_LISTED = 30  # decisions shown, the latest first
_QID = re.compile(r"Q[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class LinkDoubt:
    """A name and what it was taken for."""

    article: Article
    start: int
    surface: str
    lang: str
    kind: str
    before: str
    after: str
    ref: Ref
    score: float
    method: str
    candidates: tuple[tuple[Ref, float], ...]
    times: int  # how often the article has it

    @property
    def qid(self) -> str:
        """The item it was taken for; "" for a local entity."""
        item = self.ref.short.removeprefix("wd:")
        return item if _QID.fullmatch(item) else ""


@dataclass(frozen=True, slots=True)
class ClaimDoubt:
    """A statement and the sentence that is said to say it."""

    id: str
    href: str
    subject: Ref
    relation: str
    object: str
    modality: str
    when: str
    confidence: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the overrides file."""

    table: str
    what: str
    by: str
    when: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything the review page shows."""

    links: tuple[LinkDoubt, ...]
    claims: tuple[ClaimDoubt, ...]
    decisions: tuple[Decision, ...]
    decided: int
    fault: DataError | None


def review_view(site: Site, tab: str, article: str = "", start: str = "", claim: str = "") -> ReviewView:
    """The doubts: of one mention, of one article, of one claim, or of the whole graph; only what the tab shows."""
    fault: DataError | None = None
    entries: list[tuple[str, Mapping[str, Any]]] = []
    try:
        entries = _entries(site.source / FILE)
    except DataError as error:
        fault = error
    links = _links(site, article, start, entries) if tab == "links" else ()
    claims = _claims(site, claim, entries) if tab == "claims" else ()
    decisions = tuple(_decision(table, entry) for table, entry in reversed(entries[-_LISTED:]))
    return ReviewView(links, claims, decisions, len(entries), fault)


# --- links -------------------------------------------------------------------------------------------


def _links(
    site: Site, article: str, start: str, entries: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[LinkDoubt, ...]:
    ruled = {(entry.get("name"), entry.get("article")) for table, entry in entries if table == "link"}
    within = f"?at nif:referenceContext {site.term(site.iri('article', article))} ." if article else ""
    rows = site.rows(_MENTIONS.replace("$within", within).replace("$most", str(_READ)))
    first: dict[tuple[str, str, str], Row] = {}
    times: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if start and row["start"] != start:
            continue
        key = (row["article"], row["words"], row["entity"])
        first.setdefault(key, row)
        times[key] = times.get(key, 0) + 1
    kept = [
        (key, row)
        for key, row in first.items()
        if start or not ({(row["words"], None), (row["words"], row["article"].rpartition("/")[2])} & ruled)
    ][:_SHOWN]
    return _made(site, [row for _, row in kept], [times[key] for key, _ in kept])


def _made(site: Site, rows: list[Row], times: list[int]) -> tuple[LinkDoubt, ...]:
    articles = site.articles(row["article"] for row in rows)
    others: dict[str, list[Row]] = {}
    for row in site.about(_CANDIDATES, (row["at"] for row in rows)):
        others.setdefault(row["at"], []).append(row)
    refs = site.refs({row["entity"] for row in rows} | {r["entity"] for some in others.values() for r in some})
    found = []
    for row, often in zip(rows, times, strict=True):
        article, at, end = articles[row["article"]], int(row["start"]), int(row["end"])
        before, after = _context(site, article.id, at, end)
        candidates = tuple((refs[one["entity"]], float(one["score"])) for one in others.get(row["at"], ()))
        found.append(LinkDoubt(
            article, at, row["words"], row["lang"], row["kind"], before, after, refs[row["entity"]],
            float(row["score"]), row.get("method", ""), candidates, often,
        ))  # fmt: skip
    return tuple(found)


def _context(site: Site, article: str, start: int, end: int) -> tuple[str, str]:
    text = site.text(article)
    if text is None:
        return "", ""
    before, after = text.text[max(0, start - _AROUND) : start], text.text[end : end + _AROUND]
    return before.rpartition("\n")[2], after.partition("\n")[0]


# --- claims ------------------------------------------------------------------------------------------


def _claims(site: Site, claim: str, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[ClaimDoubt, ...]:
    judged = {entry.get("id") for table, entry in entries if table == "claim"}
    within = f"VALUES ?claim {{ {site.term(site.iri('claim', claim))} }}" if claim else ""
    rows = site.rows(_CLAIMS.replace("$within", within).replace("$most", str(_SHOWN * 3)))
    rows = [row for row in rows if claim or row["claim"].rpartition("/")[2] not in judged][:_SHOWN]
    quotes = quotes_of_claims(site, (row["claim"] for row in rows))
    named = {row["subject"] for row in rows} | {row["object"] for row in rows if "://" in row["object"]}
    refs = titled(site, site.refs(named))
    return tuple(
        ClaimDoubt(
            row["claim"].rpartition("/")[2], site.href(row["claim"]), refs[row["subject"]],
            words.of_term("kg:" + re.split("[#/]", row["predicate"])[-1]),
            refs[row["object"]].label if row["object"] in refs else row["object"],
            row["modality"].rpartition("#")[2], row.get("time", ""), float(row["confidence"]),
            quotes.get(row["claim"], ()),
        )
        for row in rows
    )  # fmt: skip


# --- decisions ---------------------------------------------------------------------------------------


def decide(site: Site, form: Mapping[str, str]) -> None:
    """Writes one decision. DataError: it decides nothing, or the file can't be written."""
    if not site.source.is_dir():
        raise DataError(
            "Decisions are kept in a graph folder, and this is a file", "Serve a folder: kg serve --graph DIR"
        )
    table = form.get("table", "")
    entry: dict[str, object] = {}
    if table == "link":
        entry = _link_entry(form)
    elif table == "claim":
        entry = {"id": form.get("id", ""), "verdict": form.get("verdict", "")}
    elif table == "missing":
        entry = {key: form.get(key, "").strip() or None for key in ("article", "name", "kind", "quote")}
    about = {"by": form.get("by", "").strip() or "a reader", "when": datetime.now(UTC).replace(microsecond=0)}
    note = {"note": form.get("note", "").strip() or None}
    append(site.source / FILE, table, {**entry, **about, **note})


def _link_entry(form: Mapping[str, str]) -> dict[str, object]:
    choice = form.get("other", "").strip() or form.get("choice", "")
    entry: dict[str, object] = {key: form.get(key) or None for key in ("name", "lang", "kind")}
    entry["article"] = form.get("article") if form.get("where") != "everywhere" else None
    if choice == "local":
        return {**entry, "local": True}
    never = choice.removeprefix("not:")
    if never != choice and _QID.fullmatch(never):
        return {**entry, "never": [never]}
    if not _QID.fullmatch(choice):
        raise DataError(f"{choice[:60]!r} is no item", "Give a QID such as Q7747, or choose one from the suggestions.")
    return {**entry, "qid": choice}


def _entries(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """The entries of the file in its order, table by table. DataError: it is broken."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} can't be read: {error}", "Mend it by hand: it is TOML.") from error
    found = [(table, row) for table, rows in tables.items() if isinstance(rows, list) for row in rows]
    return sorted(found, key=lambda one: str(one[1].get("when", "")))


def _decision(table: str, entry: Mapping[str, Any]) -> Decision:
    scope = "in one article" if entry.get("article") else "everywhere"
    if table == "link":
        never = ", ".join(entry.get("never", ()))
        meaning = f"not {never}" if never else entry.get("qid") or "no Wikidata item"
        what = f"“{entry.get('name', '')}” is {meaning}, {scope}"
    elif table == "claim":
        what = f"claim {entry.get('id', '')}: {entry.get('verdict', '')}"
    else:
        what = f"missing: {entry.get('name') or entry.get('quote') or ''}"
    return Decision(table, what, str(entry.get("by", "")), str(entry.get("when", "")))


# The least sure are picked by their score alone, and looked up then: the other way round takes a minute on a million.
_MENTIONS = """SELECT ?at ?article ?start ?end ?words ?lang ?entity ?score ?kind ?method {
  { SELECT ?at ?score { $within ?at itsrdf:taConfidence ?score } ORDER BY ?score ?at LIMIT $most }
  ?at nif:referenceContext ?article ; nif:beginIndex ?start ; nif:endIndex ?end ; nif:anchorOf ?name ;
      itsrdf:taIdentRef ?entity ; kg:kind ?kind .
  OPTIONAL { ?at kg:method ?method }
  BIND(STR(?name) AS ?words) BIND(LANG(?name) AS ?lang)
} ORDER BY ?score ?at"""
_CANDIDATES = """SELECT ?at ?entity ?score {
  VALUES ?at { $these }
  ?at kg:candidate ?candidate .
  ?candidate kg:entity ?entity ; kg:confidence ?score .
} ORDER BY ?at DESC(?score) ?entity"""
_CLAIMS = """SELECT ?claim ?subject ?predicate ?object ?modality ?time ?confidence {
  { SELECT ?claim ?confidence { $within ?claim kg:subject ?any ; kg:confidence ?confidence }
    ORDER BY ?confidence ?claim LIMIT $most }
  ?claim kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  OPTIONAL { ?claim kg:time ?time }
} ORDER BY ?confidence ?claim"""
