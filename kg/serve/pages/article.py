"""An article: its words with every mention marked, and beside each sentence what it was read to say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.model import Span
from kg.serve.pages import words
from kg.serve.pages.marks import Block, Marked, blocks
from kg.serve.pages.site import Article, NotHereError, Ref, Row, Site


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a mention might have meant."""

    ref: Ref
    label: str
    score: float  # 0..1
    reason: str


@dataclass(frozen=True, slots=True)
class MentionView:
    """A mention, what it was taken for, and why."""

    start: int
    end: int
    surface: str
    kind: str
    nominal: bool
    score: float  # 0..1
    method: str
    reason: str
    ref: Ref
    rejected: tuple[Candidate, ...]
    state: Ref | None  # for which a capital or palace stands


@dataclass(frozen=True, slots=True)
class Note:
    """What a sentence was read to say: an event, or a fact."""

    href: str
    what: str  # "meeting", or "Radev, head of state of, Bulgaria"
    trigger: str
    modality: str  # without kg:
    when: str  # EDTF
    where: Ref | None
    by: Ref | None
    score: float
    fact: bool  # no event


@dataclass(frozen=True, slots=True)
class ArticleView:
    """Everything the article's page shows."""

    article: Article
    blocks: tuple[Block[MentionView], ...]
    whole: bool  # the text is kept here; else only quotes are shown
    notes: Mapping[int, tuple[Note, ...]]  # by the start of the sentence
    langs: Mapping[int, str]  # the same: of sentences
    kinds: tuple[tuple[str, int], ...]  # mentions of each kind, most first
    entities: tuple[tuple[Ref, int], ...]  # how often each is mentioned, most first
    run: tuple[tuple[str, str], ...]


def article_view(site: Site, name: str) -> ArticleView:
    """The article of that id. NotHereError: there is none."""
    iri = site.iri("article", name)
    article = site.articles([iri]).get(iri)
    if article is None:
        raise NotHereError(f"No article {name} is in this graph", "It may have been removed. The home page lists some.")
    mentions = _mentions(site, iri)
    said = site.rows(_SENTENCES, iri)
    spans = {Span(int(row["start"]), int(row["end"])): row for row in said}
    notes, triggers = _notes(site, iri)
    text = site.text(name)
    if text is not None:
        shown = blocks(text.text, text.skipped, spans, mentions, triggers)
    else:
        shown = _quoted(spans, mentions, triggers)
    counts = Counter(mark.what.ref for mark in mentions)
    return ArticleView(
        article,
        tuple(shown),
        text is not None,
        notes,
        {span.start: row["lang"] for span, row in spans.items()},
        tuple(Counter(mark.what.kind for mark in mentions).most_common()),
        tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0].label))),
        tuple((words.of_term(f"kg:{row['what'].rpartition('#')[2]}"), row["value"]) for row in site.rows(_RUN, iri)),
    )


def _mentions(site: Site, iri: str) -> list[Marked[MentionView]]:
    rows = site.rows(_MENTIONS, iri)
    rejected: dict[str, list[Row]] = defaultdict(list)
    for row in site.rows(_CANDIDATES, iri):
        rejected[row["at"]].append(row)
    named = {row[key] for row in rows for key in ("entity", "state") if key in row}
    refs = site.refs(named | {r["entity"] for some in rejected.values() for r in some})
    return [
        Marked(
            Span(int(row["start"]), int(row["end"])),
            MentionView(
                int(row["start"]), int(row["end"]), row["words"], row["kind"], row.get("nominal") == "true",
                float(row["score"]), row.get("method", ""), row.get("reason", ""), refs[row["entity"]],
                tuple(
                    Candidate(refs[r["entity"]], r["label"], float(r["score"]), r.get("reason", ""))
                    for r in rejected[row["at"]]
                ),
                refs.get(row.get("state", "")),
            ),
        )
        for row in rows
    ]  # fmt: skip


def _notes(site: Site, iri: str) -> tuple[dict[int, tuple[Note, ...]], list[Span]]:
    reports, facts = site.rows(_REPORTS, iri), site.rows(_FACTS, iri)
    named = {
        row[key] for row in (*reports, *facts) for key in ("by", "place", "type", "subject", "object") if key in row
    }
    refs = site.refs(iri for iri in named if "://" in iri)
    notes: dict[int, list[Note]] = defaultdict(list)
    for row in reports:
        notes[int(row["start"])].append(_note(row, site.href(row["event"]), refs[row["type"]].label, refs))
    for row in facts:
        object_ = refs[row["object"]].label if row["object"] in refs else row["object"]
        what = (
            f"{refs[row['subject']].label} · {words.of_term('kg:' + row['predicate'].rpartition('#')[2])} · {object_}"
        )
        notes[int(row["start"])].append(_note(row, site.href(row["claim"]), what, refs))
    triggers = [Span(int(row["from"]), int(row["to"])) for row in reports]
    return {start: tuple(found) for start, found in notes.items()}, triggers


def _note(row: Row, href: str, what: str, refs: Mapping[str, Ref]) -> Note:
    return Note(
        href,
        what,
        row.get("trigger", ""),
        row["modality"].rpartition("#")[2],
        row.get("time", ""),
        refs.get(row.get("place", "")),
        refs.get(row.get("by", "")),
        float(row["score"]),
        "claim" in row,
    )


def _quoted(
    spans: Mapping[Span, Row], mentions: Sequence[Marked[MentionView]], triggers: Sequence[Span]
) -> list[Block[MentionView]]:
    """The sentences that the graph quotes, one a paragraph: all that is left where no text is kept."""
    found: list[Block[MentionView]] = []
    end = 0
    for span, row in sorted(spans.items(), key=lambda one: one[0]):
        if span.start >= end:
            end = span.end
            text = " " * span.start + row["words"].replace("\n", " ")
            found += blocks(text, (), [span], [m for m in mentions if span.covers(m.span)], triggers)[-1:]
    return [tuple(line for line in block if line.sentence) for block in found]


_PLACE = "nif:beginIndex ?start ; nif:endIndex ?end ; nif:anchorOf ?words"
_MENTIONS = f"""SELECT ?at ?start ?end ?words ?entity ?score ?kind ?method ?reason ?nominal ?state {{
  ?at nif:referenceContext ?this ; a kg:Mention ; {_PLACE} ;
      itsrdf:taIdentRef ?entity ; itsrdf:taConfidence ?score ; kg:kind ?kind .
  OPTIONAL {{ ?at kg:method ?method }} OPTIONAL {{ ?at kg:reason ?reason }} OPTIONAL {{ ?at kg:nominal ?nominal }}
  OPTIONAL {{ ?at kg:standsFor ?state }}
}} ORDER BY ?start"""
_CANDIDATES = """SELECT ?at ?entity ?label ?score ?reason {
  ?at nif:referenceContext ?this ; kg:candidate ?candidate .
  ?candidate kg:entity ?entity ; rdfs:label ?label ; kg:confidence ?score .
  OPTIONAL { ?candidate kg:reason ?reason }
} ORDER BY ?at DESC(?score) ?entity"""
_SENTENCES = f"""SELECT DISTINCT ?start ?end ?words (LANG(?words) AS ?lang) {{
  ?at nif:referenceContext ?this ; a kg:Evidence ; {_PLACE} .
}} ORDER BY ?start ?end"""
_REPORTS = """SELECT ?event ?type ?trigger ?from ?to ?start ?modality ?score ?time ?place ?by {
  ?at nif:referenceContext ?this ; a kg:Evidence ; nif:beginIndex ?start .
  ?report kg:evidence ?at ; kg:event ?event ; kg:eventType ?type ; kg:modality ?modality ; kg:confidence ?score ;
          nif:anchorOf ?trigger ; nif:beginIndex ?from ; nif:endIndex ?to .
  OPTIONAL { ?report kg:time ?time } OPTIONAL { ?report sem:hasPlace ?place }
  OPTIONAL { ?report kg:attributedTo ?by }
} ORDER BY ?start ?from"""
_FACTS = """SELECT ?claim ?subject ?predicate ?object ?start ?modality ?score ?time ?by {
  ?at nif:referenceContext ?this ; a kg:Evidence ; nif:beginIndex ?start .
  ?reading kg:evidence ?at ; kg:claim ?claim ; kg:confidence ?score .
  ?claim kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  FILTER(!STRSTARTS(STR(?subject), CONCAT(STRBEFORE(STR(?this), "article/"), "event/")))
  OPTIONAL { ?claim kg:time ?time } OPTIONAL { ?reading kg:attributedTo ?by }
} ORDER BY ?start ?claim"""
_RUN = (
    "SELECT ?what ?value { ?this kg:annotatedBy ?run . ?run ?what ?value . FILTER(ISLITERAL(?value)) } ORDER BY ?what"
)
