"""A claim: the whole chain of evidence, from the statement down to the words and what read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.serve.pages import words
from kg.serve.pages.happenings import spoken_count, titled
from kg.serve.pages.quotes import Quote, made
from kg.serve.pages.site import NotHereError, Ref, Site

_AROUND = 220  # characters of context on either side of a sentence


@dataclass(frozen=True, slots=True)
class Meant:
    """How a name in the sentence was understood."""

    surface: str
    ref: Ref
    score: float
    method: str
    reason: str
    rejected: tuple[tuple[Ref, float], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence that was read as the claim."""

    quote: Quote
    before: str  # the words around it, where the text is kept
    after: str
    meant: tuple[Meant, ...]
    run: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything the claim's page shows."""

    iri: str
    subject: Ref
    relation: str
    object: Ref | None
    value: str
    modality: str
    when: str
    confidence: float
    direct: bool  # it also stands as a plain triple
    steps: tuple[Step, ...]


def claim_view(site: Site, name: str) -> ClaimView:
    """The claim of that id. NotHereError: there is none."""
    iri = site.iri("claim", name)
    rows = site.rows(_CLAIM, iri)
    if not rows:
        raise NotHereError(
            f"No claim {name} is in this graph", "Its articles may have been removed. The questions list claims."
        )
    row = rows[0]
    things = [row["subject"], row["object"]]
    refs = titled(site, site.refs(thing for thing in things if "://" in thing))
    direct = bool(site.rows(_DIRECT, iri))
    value = row["object"] if row["object"] not in refs else ""
    if "comparator" in row:
        value = spoken_count(row["object"], row["comparator"], row.get("unit", ""))
    return ClaimView(
        iri,
        refs[row["subject"]],
        words.of_term("kg:" + row["predicate"].rpartition("#")[2].rpartition("/")[2]),
        refs.get(row["object"]),
        value,
        row["modality"].rpartition("#")[2],
        row.get("time", ""),
        float(row.get("confidence", "0")),
        direct,
        tuple(_steps(site, iri)),
    )


def _steps(site: Site, iri: str) -> list[Step]:
    rows = site.rows(_READINGS, iri)
    articles = site.articles(row["article"] for row in rows)
    refs = site.refs(row["by"] for row in rows if "by" in row)
    steps = []
    for row in rows:
        quote = made(row, articles[row["article"]], refs.get(row.get("by", "")))
        before, after = _context(site, quote)
        run = tuple(
            (words.of_term(f"kg:{r['what'].rpartition('#')[2]}"), r["value"]) for r in site.rows(_RUN, row["article"])
        )
        steps.append(Step(quote, before, after, _meant(site, quote), run))
    return steps


def _context(site: Site, quote: Quote) -> tuple[str, str]:
    text = site.text(quote.article.id)
    if text is None:
        return "", ""
    before, after = text.text[max(0, quote.start - _AROUND) : quote.start], text.text[quote.end : quote.end + _AROUND]
    return before.partition(" ")[2] if quote.start > _AROUND else before, after.rpartition(" ")[0]


def _meant(site: Site, quote: Quote) -> tuple[Meant, ...]:
    rows = [row for row in site.rows(_MENTIONS, quote.article.iri) if quote.start <= int(row["start"]) < quote.end]
    refs = site.refs({row["entity"] for row in rows} | {row["other"] for row in rows if "other" in row})
    rejected: dict[str, list[tuple[Ref, float]]] = defaultdict(list)
    for row in rows:
        if "other" in row:
            rejected[row["start"]].append((refs[row["other"]], float(row["other_score"])))
    first = {row["start"]: row for row in reversed(rows)}
    return tuple(
        Meant(row["words"], refs[row["entity"]], float(row["score"]), row.get("method", ""), row.get("reason", ""),
              tuple(sorted(rejected[start], key=lambda one: -one[1])))
        for start, row in sorted(first.items(), key=lambda one: int(one[0]))
    )  # fmt: skip


_CLAIM = """SELECT ?subject ?predicate ?object ?comparator ?unit ?time ?modality ?confidence {
  ?this a kg:Claim ; kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality ?modality .
  OPTIONAL { ?this kg:confidence ?confidence } OPTIONAL { ?this kg:comparator ?comparator }
  OPTIONAL { ?this kg:unit ?unit } OPTIONAL { ?this kg:time ?time }
}"""
_DIRECT = """SELECT ?subject {
  ?this kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:modality kg:asserted .
  ?subject ?predicate ?object .
} LIMIT 1"""
_READINGS = """SELECT ?words (LANG(?words) AS ?lang) ?start ?end ?article ?score ?method ?by {
  ?reading kg:claim ?this ; kg:evidence ?at ; kg:confidence ?score .
  ?at nif:anchorOf ?words ; nif:beginIndex ?start ; nif:endIndex ?end ; nif:referenceContext ?article .
  OPTIONAL { ?reading kg:method ?method } OPTIONAL { ?reading kg:attributedTo ?by }
} ORDER BY ?article ?start ?by"""
_MENTIONS = """SELECT ?start ?words ?entity ?score ?method ?reason ?other ?other_score {
  ?at nif:referenceContext ?this ; a kg:Mention ; nif:beginIndex ?start ; nif:anchorOf ?words ;
      itsrdf:taIdentRef ?entity ; itsrdf:taConfidence ?score .
  OPTIONAL { ?at kg:method ?method } OPTIONAL { ?at kg:reason ?reason }
  OPTIONAL { ?at kg:candidate ?candidate
    OPTIONAL { ?candidate kg:entity ?other } OPTIONAL { ?candidate kg:confidence ?other_score } }
} ORDER BY ?start DESC(?other_score) ?other"""
_RUN = (
    "SELECT ?what ?value { ?this kg:annotatedBy ?run . ?run ?what ?value . FILTER(ISLITERAL(?value)) } ORDER BY ?what"
)
