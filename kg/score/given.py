"""A recogniser that is told the spans: what the linker does when nothing was missed and nothing made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast, get_args

from kg.model import Document, Kind, Mention, Sentence, Span
from kg.recognise import Recogniser
from kg.score.corpus import OPTIONAL, kind_of

Row = Mapping[str, Any]
UNSURE = 0.5  # a kind that the corpus does not tell and the recogniser did not see
UNTOLD: Kind = "ORG"  # what such names mostly are: teams, parties, papers


class GivenSpans:
    """Stands in for a recogniser: the spans of corpus gold, read as the recogniser reads those that it found.

    A span that it missed has the gold's kind. Everything else it found is dropped, described things included.
    """

    version = "given"

    def __init__(self, recogniser: Recogniser, rows: Iterable[Row]) -> None:
        self._recogniser = recogniser
        self._spans = {str(row["id"]): _spans(row) for row in rows if "entities" in row}

    def mentions(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """One mention a gold span, by span."""
        seen = {m.span: m for m in self._recogniser.mentions(document, sentences) if not m.nominal}
        given = self._spans.get(document.id, {})
        return tuple(seen.get(span) or _made(document, sentences, span, given[span]) for span in sorted(given))


def _spans(row: Row) -> dict[Span, str]:
    judged = [one for one in row["entities"] if "qid" in one or one.get("nil")]
    kept = (one for one in judged if one["label"] not in OPTIONAL and not one.get("optional"))
    return {Span(one["start"], one["end"]): kind_of(str(one["label"])) for one in kept}


def _made(document: Document, sentences: Sequence[Sentence], span: Span, label: str) -> Mention:
    lang = next((s.lang for s in sentences if s.span.overlaps(span)), document.lang or "und")
    known = label in get_args(Kind)
    kind = cast("Kind", label) if known else UNTOLD
    return Mention(span, span.of(document.text), kind, lang, score=1.0 if known else UNSURE, method="given")
