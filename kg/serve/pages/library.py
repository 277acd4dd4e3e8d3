"""The questions as forms, and their answers as table, timeline, chart or map, whichever fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.errors import KgError
from kg.query import Param, Question, Term, bind, find_question
from kg.query.library import Lookup, absolute
from kg.serve.pages import charts, words
from kg.serve.pages.atlas import atlas
from kg.serve.pages.site import Ref, Site

FORMATS: Mapping[str, str] = {  # of downloads -> media type
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}
_SHOWN = 500  # rows on a page; a download has all
_DATES = ("when", "time", "day", "published")
_NUMBERS = ("articles", "mentions", "sources", "count", "number")
_BARS = 25
_CHOICE = re.compile(r"\bkg:\w+|\b[A-Z]{3,4}\b")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?[?~%]?")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a field of a form."""

    param: Param
    example: str
    value: str  # as given
    shown: str  # the name of an entity that was given by its QID
    choices: tuple[str, ...]  # where the explanation lists them


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row."""

    text: str
    lang: str
    href: str
    kind: str  # uri, date, number, sentence or text


@dataclass(frozen=True, slots=True)
class Moment:
    """One row on the timeline."""

    day: str
    title: str
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer in every way that fits it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    moments: tuple[Moment, ...]
    bars: tuple[charts.Bar, ...]
    bars_of: str
    map: charts.Map | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question's page."""

    question: Question
    fields: tuple[Field, ...]
    sparql: str
    answer: AnswerView | None
    fault: KgError | None
    query: str  # the form's own query string, for downloads


def question_view(site: Site, lookup: Lookup, name: str, given: Mapping[str, str], asked: bool) -> QuestionView:
    """A question and, where it can be asked, its answer. QueryError: no such question."""
    question = find_question(name)
    values = {param.name: [given[param.name]] for param in question.params if given.get(param.name)}
    fields = tuple(_field(site, param, given.get(param.name, "")) for param in question.params)
    ready = asked or all(param.optional for param in question.params)
    sparql, answer, fault = question.sparql, None, None
    if ready:
        try:
            sparql = bind(question, values, lookup)
            answer = _answer(site, sparql, values)
        except KgError as error:
            fault = error
    return QuestionView(question, fields, sparql, answer, fault, "")


def download(site: Site, lookup: Lookup, name: str, given: Mapping[str, str], form: str) -> bytes:
    """The whole answer in one of FORMATS. KgError: it can't be given."""
    question = find_question(name)
    sparql = bind(question, {p.name: [given[p.name]] for p in question.params if given.get(p.name)}, lookup)
    return site.body(sparql, form)


def _field(site: Site, param: Param, value: str) -> Field:
    found = tuple(dict.fromkeys(_CHOICE.findall(param.words))) if param.type in {"iri", "text"} else ()
    iri = absolute(value) if value and param.type == "entity" else None
    shown = site.ref(iri).label if iri else value
    return Field(param, param.example.removeprefix("wd:").strip('"'), value, shown, found if len(found) > 1 else ())


# --- the answer --------------------------------------------------------------------------------------


def _answer(site: Site, sparql: str, given: Mapping[str, Sequence[str]]) -> AnswerView:
    rows = site.answer(sparql)
    shown = rows.rows[:_SHOWN]
    refs = site.refs({term.value for row in shown for term in row if term and term.kind == "uri"})
    cells = tuple(tuple(_cell(term, refs) for term in row) for row in shown)
    heads = rows.variables
    return AnswerView(
        tuple(head.replace("_", " ") for head in heads),
        cells,
        len(rows.rows),
        _moments(heads, cells),
        *_bars(heads, cells),
        _map(site, given, refs),
    )


def _cell(term: Term | None, refs: Mapping[str, Ref]) -> Cell:
    if term is None:
        return Cell("", "", "", "text")
    if term.kind == "uri":
        ref = refs[term.value]
        return Cell(ref.label, "", ref.href, "uri")
    if _DAY.fullmatch(term.value):
        return Cell(term.value, "", "", "date")
    if term.datatype and term.datatype.rpartition("#")[2] in {"integer", "decimal", "double"}:
        return Cell(term.value, "", "", "number")
    return Cell(term.value, term.lang or "", "", "sentence" if len(term.value) > words.TITLE // 2 else "text")


def _moments(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[Moment, ...]:
    """The rows by day, where a column tells when and another what."""
    at = next((heads.index(name) for name in _DATES if name in heads), None)
    what = next((heads.index(name) for name in ("what", "relation", "headline") if name in heads), None)
    if at is None or what is None or len({row[at].text for row in rows if row[at].text}) < 2:
        return ()
    found = []
    for row in rows:
        rest = tuple(
            (heads[i].replace("_", " "), cell) for i, cell in enumerate(row) if i not in {at, what} and cell.text
        )
        found.append(Moment(row[at].text, row[what].text, rest))
    return tuple(sorted(found, key=lambda one: one.day))


def _bars(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[tuple[charts.Bar, ...], str]:
    """A bar a row, where a column counts and the one before all others names."""
    number = next((heads.index(name) for name in _NUMBERS if name in heads and _counts(rows, heads.index(name))), None)
    name = next((i for i, cell in enumerate(rows[0]) if cell.kind in {"text", "uri"}), None) if rows else None
    if number is None or name is None or len(rows) < 2 or len({row[name].text for row in rows}) < len(rows):
        return (), ""
    return charts.bars((row[name].text, int(row[number].text)) for row in rows[:_BARS]), heads[number]


def _counts(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    return bool(rows) and all(row[column].kind == "number" and row[column].text.isdigit() for row in rows)


def _map(site: Site, given: Mapping[str, Sequence[str]], refs: Mapping[str, Ref]) -> charts.Map | None:
    """The places that the answer names, or that were asked about."""
    asked = {iri for values in given.values() for value in values if (iri := absolute(value)) is not None}
    return atlas(site, {iri: 1 for iri in (*refs, *asked) if site.href(iri).startswith("/entity/")})
