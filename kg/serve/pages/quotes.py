"""Sentences that say something, with the article they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.serve.pages.site import Article, Ref, Row, Site


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, where it stands, and how it was read."""

    words: str
    lang: str
    start: int  # code points of the article's text
    end: int
    article: Article
    score: float  # 0..1
    method: str
    by: Ref | None  # whose words these are, if not the article's own

    @property
    def href(self) -> str:
        """The place on the article's page."""
        return f"{self.article.href}#s{self.start}"


def quotes_of_claims(site: Site, claims: Iterable[str]) -> Mapping[str, tuple[Quote, ...]]:
    """The sentences that each claim was read from, by the claim's IRI."""
    rows = site.about(_READINGS, claims)
    articles = site.articles(row["article"] for row in rows)
    refs = site.refs(row["by"] for row in rows if "by" in row)
    found: dict[str, list[Quote]] = defaultdict(list)
    for row in rows:
        if row["article"] in articles:
            found[row["claim"]].append(made(row, articles[row["article"]], refs.get(row.get("by", ""))))
    return {claim: tuple(dict.fromkeys(quotes)) for claim, quotes in found.items()}


def made(row: Row, article: Article, by: Ref | None) -> Quote:
    """A quote from a row with words, lang, start, end, score and method."""
    return Quote(
        row["words"],
        row["lang"],
        int(row["start"]),
        int(row["end"]),
        article,
        float(row.get("score", "0")),
        row.get("method", ""),
        by,
    )


_READINGS = """SELECT ?claim ?words (LANG(?words) AS ?lang) ?start ?end ?article ?score ?method ?by {
  VALUES ?claim { $these }
  ?reading kg:claim ?claim ; kg:evidence ?at ; kg:confidence ?score .
  ?at nif:anchorOf ?words ; nif:beginIndex ?start ; nif:endIndex ?end ; nif:referenceContext ?article .
  OPTIONAL { ?reading kg:method ?method } OPTIONAL { ?reading kg:attributedTo ?by }
} ORDER BY ?claim ?article ?start"""
