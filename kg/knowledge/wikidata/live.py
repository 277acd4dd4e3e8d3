"""Names that no base knows, asked at Wikidata, and what is found learned into a base of one's own.

The base grows in a file beside its facts (see `kg.knowledge.add`), so the next run knows without asking. Only items
that are called as the article writes are learned; whether one of them is meant, the linker decides as ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import names
from kg.knowledge.base import KnowledgeBase
from kg.knowledge.layers import Layers, add
from kg.knowledge.profile import load
from kg.knowledge.records import number
from kg.knowledge.wikidata.api import Api
from kg.knowledge.wikidata.items import Reader, targets
from kg.knowledge.wikidata.kinds import Kinds, Tree
from kg.knowledge.wikidata.rules import Rules, load_rules
from kg.ontology.languages import languages

ALIKE = 0.85  # names.similarity from which on an item is called as it was asked for
MERGED = "merged"  # the scheme of identifiers under which QIDs stand that were merged into an item
_FORMS = 2  # a name as it stands and without its likeliest case ending
_DEPTH = 12  # classes above one another: Wikidata's longest ways to a root are shorter


@dataclass(frozen=True, slots=True)
class Asked:
    """A name to look for."""

    text: str
    lang: str  # ISO 639-1


class Live:
    """Wikidata as a source of entries."""

    def __init__(self, api: Api, rules: Rules | None = None, known: frozenset[str] | None = None) -> None:
        self._api, self.rules = api, rules or load_rules()
        self._reader = Reader(self.rules, known or load().languages)
        self._above: dict[int, tuple[int, ...]] = {}  # class -> the classes over it

    def entries(self, asked: Iterable[Asked]) -> list[dict[str, Any]]:
        """Rows of facts of the items that are called so, by QID. Raises KnowledgeError."""
        wanted = list(asked)
        qids = dict.fromkeys(qid for one in wanted for form in _forms(one) for qid in self._api.search(form, one.lang))
        rows: dict[str, dict[str, Any]] = {}
        for old, item in self._api.items(qids).items():
            row = self._reader.row(item)
            if row and any(called(row, one) >= ALIKE for one in wanted):
                row = rows.setdefault(row["qid"], row)
                if old != row["qid"]:
                    row.setdefault("external", {})[MERGED] = old
        return self._typed([row for _, row in sorted(rows.items())])

    def _typed(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that are of a kind, with it."""
        self._climb({number(qid) for row in rows for qid in (*row.get("classes", ()), *row.get("parents", ()))})
        pairs = ((below, above) for below, over in self._above.items() for above in over)
        kinds = Kinds(self.rules, Tree(pairs))
        typed = []
        for row in rows:
            if kind := kinds.of(row):
                kept = {name: value for name, value in row.items() if name not in {"sitelinks", "parents"}}
                typed.append({**kept, "type": kind})
        return typed

    def _climb(self, classes: set[int]) -> None:
        """Learns what lies over classes, up to the roots of the rules."""
        roots = {root for rule in self.rules.kinds for root in rule.classes} | set(self.rules.exclude)
        for _ in range(_DEPTH):
            classes = classes - self._above.keys() - roots
            if not classes:
                return
            found = self._api.items([f"Q{one}" for one in sorted(classes)], "claims")
            for one in classes:
                claims = found.get(f"Q{one}", {}).get("claims") or {}
                over = targets(claims, self.rules.statements.subclass)
                self._above[one] = tuple(number(qid) for qid in over)
            classes = {above for one in classes for above in self._above[one]}


def _forms(asked: Asked) -> tuple[str, ...]:
    return names.bases(asked.text, languages().get(asked.lang))[:_FORMS]


def called(row: Mapping[str, Any], asked: Asked) -> float:
    """How near the nearest of a row's names comes to what was asked for, 0..1."""
    known = {*row["labels"].values(), *(name for found in row["aliases"].values() for name in found)}
    return max((names.similarity(form, name) for form in _forms(asked) for name in known), default=0.0)


class Learner:
    """A base that grows by what Wikidata says of names that it does not know."""

    def __init__(self, base: KnowledgeBase, live: Live, path: Path | None = None) -> None:
        self._own, self._live, self.path = base, live, path or learned_file()
        self._asked: set[Asked] = set()

    def base(self) -> KnowledgeBase:
        """The base with what has been learned so far on it."""
        if not self.path.exists():
            return self._own
        own = self._own.parts if isinstance(self._own, Layers) else (self._own,)
        return Layers([*own, KnowledgeBase.open(self.path)])

    def learn(self, unknown: Iterable[Asked]) -> bool:
        """Asks for names that were not asked for before; whether anything was learned."""
        new = [one for one in dict.fromkeys(unknown) if one not in self._asked]
        self._asked.update(new)
        entries = self._live.entries(new) if new else []
        if entries:
            add(self.path, entries, self._live.rules.source)
        return bool(entries)


def learned_file() -> Path:
    """Where this user's learned items are kept."""
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(folder) / "newskg" / "learned.kb"
