"""A row of documents.jsonl: what the graph knows of one article, read from the article's own quads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kg.rdf import node, split_line, value

_FIELDS = {
    node("schema:url"): "url",
    node("dcterms:source"): "url",
    node("schema:headline"): "title",
    node("schema:inLanguage"): "lang",
    node("schema:datePublished"): "published",
    node("schema:publisher"): "publisher",
}
_MENTION = f" {node('rdf:type')} {node('kg:Mention')} "
_READING = f" {node('rdf:type')} {node('kg:Reading')} "


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a graph."""

    id: str
    url: str | None  # or the path it was read from
    title: str | None
    lang: str  # ISO 639-1
    published: str | None  # ISO 8601 day
    publisher: str | None
    mentions: int
    readings: int  # sentences read as claims, one for each pair

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Article:
        """From a decoded row."""
        return cls(**row)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def describe(article: str, lines: Sequence[str], base: str) -> Article:
    """The row of an article, from its own sorted lines."""
    found: dict[str, str | None] = dict.fromkeys(_FIELDS.values())
    prefix = f"<{base}article/{article}> "
    for line in lines:
        if line.startswith(prefix):
            _, p, o, _ = split_line(line)
            if p in _FIELDS:
                found[_FIELDS[p]] = value(o)
    return Article(
        id=article,
        url=found["url"],
        title=found["title"],
        lang=found["lang"] or "und",
        published=found["published"],
        publisher=found["publisher"],
        mentions=sum(_MENTION in line for line in lines),
        readings=sum(_READING in line for line in lines),
    )
