"""What the knowledge base knows, in the shapes of the Reconciliation API."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Any

from kg import names
from kg.knowledge import Hit, KnowledgeBase, Record

KINDS = {
    "PER": "Person", "LOC": "Place", "ORG": "Organisation", "EVT": "Event", "PROD": "Product",
    "FAC": "Facility", "NORP": "Group", "POS": "Office", "WORK": "Work", "LANG": "Language",
}  # fmt: skip
PROPERTIES = {
    "country": "country", "birth": "date of birth", "position": "position held", "occupation": "occupation",
    "class": "instance of", "start": "start of an event", "end": "end of an event", "coordinates": "coordinates",
    "population": "population", "wikipedia": "Wikipedia in English", "label": "name in English",
    "alias": "other names",
}  # fmt: skip
_SURE = 0.8  # score from which a find may be taken without a person's look
_AHEAD = 0.1  # and how far the next one must be behind
_DISAGREES, _UNKNOWN = 0.6, 0.9  # what a property costs that has another value, or none
_LONGEST = 300  # characters of a name; nothing is called longer
_BEGINNING = 5000  # names that begin with what was typed, of which the best known things are shown
_SEARCHED = 30  # finds that are looked at where types or properties sift them

Conditions = Sequence[tuple[str, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """A knowledge base, asked as OpenRefine asks."""

    kb: KnowledgeBase

    def candidates(self, text: str, kinds: Collection[str], conditions: Conditions, limit: int) -> list[dict[str, Any]]:
        """What a cell may mean, best first: `score` 0..100, `match` where no person has to look."""
        hits = self.kb.search(text[:_LONGEST], limit=max(limit, _SEARCHED))
        scored = [(self._score(hit, conditions), hit) for hit in hits if not kinds or hit.kind in kinds]
        scored.sort(key=lambda pair: -pair[0])
        second = scored[1][0] if len(scored) > 1 else 0.0
        return [
            self._candidate(hit, score, match=place == 0 and score >= _SURE and score - second >= _AHEAD)
            for place, (score, hit) in enumerate(scored[:limit])
        ]

    def beginning(self, prefix: str, limit: int) -> list[dict[str, Any]]:
        """Entities to choose from while a name is being typed."""
        key = names.key(prefix[:_LONGEST])
        if not key:
            return []
        begun = {row for name in islice(self.kb.starting(key), _BEGINNING) for row in self.kb.exact(name)}
        best = nsmallest(limit, begun, key=lambda row: (-self.kb.prior(row), row))
        found = [hit.row for hit in self.kb.search(prefix[:_LONGEST], limit=limit)] if len(best) < limit else []
        rows = dict.fromkeys([*best, *found])
        return [self._named(row) | {"notable": [self._type(row)]} for row in islice(rows, limit)]

    def values(self, qid: str, name: str) -> list[dict[str, Any]]:
        """The values of one property of an item, in the API's own form; none for what is unknown."""
        row = self.kb.row(qid)
        return [] if row is None else list(self._values(self.kb.record(row), name))

    def about(self, qid: str) -> tuple[str, list[str]] | None:
        """Title and lines of a small page about an item; None: nobody knows it."""
        row = self.kb.row(qid)
        if row is None:
            return None
        record = self.kb.record(row)
        told = [f"{KINDS.get(record.kind, record.kind)}. {self._described(record)}".strip()]
        told += [", ".join(dict.fromkeys(record.labels.values()))]
        return f"{record.label('en')} ({record.qid})", told

    def _score(self, hit: Hit, conditions: Conditions) -> float:
        score = hit.score
        for name, wanted in conditions:
            known = {names.key(text) for value in self.values(hit.qid, name) for text in _texts(value)}
            given = {names.key(text) for value in wanted for text in _texts(value)}
            score *= 1.0 if known & given else _DISAGREES if known else _UNKNOWN
        return score

    def _candidate(self, hit: Hit, score: float, *, match: bool) -> dict[str, Any]:
        described = self._described(self.kb.record(hit.row))
        features = [{"id": "name", "value": hit.score}, {"id": "prominence", "value": round(self.kb.prior(hit.row), 4)}]
        return {
            "id": hit.qid, "name": hit.label, "description": described or hit.why, "type": [self._type(hit.row)],
            "score": round(100 * score, 2), "match": match, "features": features,
        }  # fmt: skip

    def _named(self, row: int) -> dict[str, Any]:
        described = self._described(self.kb.record(row))
        return {"id": self.kb.qid(row), "name": self.kb.label(row), "description": described}

    def _type(self, row: int) -> dict[str, str]:
        kind = self.kb.kind(row)
        return {"id": kind, "name": KINDS.get(kind, kind)}

    def _described(self, record: Record) -> str:
        """What tells namesakes apart: offices or occupations, country, year of birth."""
        held = [office for office, _, _ in record.positions[-2:]] or record.occupations[:2] or record.classes[:1]
        known = [self._label(qid) for qid in (*held, *record.countries[:1]) if self.kb.row(qid) is not None]
        return ", ".join([*known, *([f"born {record.birth[:4]}"] if record.birth else [])])

    def _label(self, qid: str) -> str:
        row = self.kb.row(qid)
        return qid if row is None else self.kb.label(row)

    def _values(self, record: Record, name: str) -> Iterator[dict[str, Any]]:
        items = {
            "country": record.countries,
            "position": [office for office, _, _ in record.positions],
            "occupation": record.occupations,
            "class": record.classes,
        }
        if name in items:
            yield from ({"id": qid, "name": self._label(qid)} for qid in dict.fromkeys(items[name]))
            return
        if name == "population":
            yield from [{"int": record.population}] if record.population is not None else []
            return
        yield from ({"date" if name in {"birth", "start", "end"} else "str": text} for text in _strings(record, name))


def _strings(record: Record, name: str) -> list[str]:
    """Values that are text: also `label:el`, `wikipedia:el`, and the schemes of identifiers."""
    what, _, language = name.partition(":")
    begin, end = record.dates or (None, None)
    found: dict[str, Sequence[str | None]] = {
        "birth": [record.birth],
        "start": [begin],
        "end": [end],
        "coordinates": [f"{record.coords[0]},{record.coords[1]}"] if record.coords else [],
        "label": [record.labels.get(language or "en")],
        "wikipedia": [record.wikipedia.get(language or "en")],
        "alias": [alias for some in record.aliases.values() for alias in some],
    }
    return [text for text in found.get(what, [record.external.get(name)]) if text]


def _texts(value: object) -> list[str]:
    """The texts by which a value may be named, in a query or in an answer."""
    if isinstance(value, dict):
        return [str(value[key]) for key in ("id", "name", "str", "date", "int") if value.get(key) not in {None, ""}]
    return [str(value)] if value not in {None, ""} else []
