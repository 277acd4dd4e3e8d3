"""What one article says of each event and each local entity in it: all that identity may look at.

A pure function of the article's own raw lines, so that whoever reads the same files decides the same.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg import edtf
from kg.graph.identity.kinds import Kinds
from kg.rdf import compact, node, split_line, split_literal, value

_SPAN = re.compile(r"#char=(\d+),(\d+)>$")
_CONTEXT = 12  # items that an article speaks of most: enough to tell stories apart
_ROLES = ("agent", "patient", "addressee", "theme", "instrument")
_SETTLED = ("institution", "office")  # local ids that these rules make hold the country already: no name may join them

Features = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One article's share of what is known of a node."""

    node: str  # iri under the base: "event/77a1", "entity/9f2c"
    kind: str  # "local", "disaster", "event" for any other, or "count" for what hangs on the event that caused it
    features: Features

    def to_json(self) -> str:
        """The features, the same text for the same features."""
        return json.dumps(self.features, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class _Subject(dict[str, list[str]]):
    """Predicate -> objects of one subject, as terms."""

    def first(self, predicate: str) -> str:
        """The first object, or ""."""
        return self.get(node(predicate), [""])[0]

    def all(self, predicate: str) -> list[str]:
        """All objects."""
        return self.get(node(predicate), [])

    def is_a(self, name: str) -> bool:
        """Whether it is of this class."""
        return node(name) in self.get(node("rdf:type"), ())


def said(lines: Iterable[str], base: str, kinds: Kinds) -> list[Said]:
    """What the article says, from its sorted raw lines; by node."""
    page = _Page(lines, base, kinds)
    return sorted((*page.locals(), *page.events()), key=lambda one: one.node)


class _Page:
    """An article's lines by subject."""

    def __init__(self, lines: Iterable[str], base: str, kinds: Kinds) -> None:
        self._base = base
        self._kinds = kinds
        self._subjects: dict[str, _Subject] = {}
        for line in lines:
            s, p, o, _ = split_line(line)
            self._subjects.setdefault(s, _Subject()).setdefault(p, []).append(o)
        self._mentions = sorted(self._mentioned())
        self._things = dict(self._described())

    def _iri(self, term: str) -> str:
        return compact(value(term), self._base)

    def _mentioned(self) -> Iterator[tuple[int, int, str, str]]:
        """(start, end, entity, method)."""
        for s, about in self._subjects.items():
            where = _SPAN.search(s)
            if where and (entity := about.first("itsrdf:taIdentRef")):
                methods = " ".join(value(o) for o in about.all("kg:method"))
                yield int(where[1]), int(where[2]), self._iri(entity), methods

    def _described(self) -> Iterator[tuple[str, str]]:
        """(entity, kind of thing) of what the article describes and does not name."""
        for about in self._subjects.values():
            if thing := about.first("kg:thing"):
                yield self._iri(about.first("itsrdf:taIdentRef")), value(thing)

    # --- local entities ------------------------------------------------------------------------------

    def locals(self) -> Iterator[Said]:
        """The local entities."""
        settled = {e for _, _, e, method in self._mentions if any(word in method for word in _SETTLED)}
        items = Counter(e for _, _, e, _ in self._mentions if e.startswith("wd:"))
        context = sorted(sorted(items), key=lambda e: -items[e])[:_CONTEXT]
        for s, about in self._subjects.items():
            if about.is_a("kg:LocalEntity"):
                iri = self._iri(s)
                classes = sorted(self._iri(o) for o in about.all("rdf:type") if o != node("kg:LocalEntity"))
                names = sorted({self._name(o) for p in ("skos:prefLabel", "skos:altLabel") for o in about.all(p)})
                yield Said(
                    iri,
                    "local",
                    {"k": classes, "n": names, "x": context, "fixed": iri in settled or iri in self._things},
                )

    @staticmethod
    def _name(term: str) -> tuple[str, str]:
        text, language, _ = split_literal(term)
        return text, language or "mul"

    # --- events --------------------------------------------------------------------------------------

    def events(self) -> Iterator[Said]:
        """The events that reports speak of."""
        found: dict[str, Features] = {}
        for about in self._subjects.values():
            if about.is_a("kg:Report"):
                self._report(found.setdefault(self._iri(about.first("kg:event")), _empty()), about)
            elif about.is_a("kg:Claim") and (event := self._iri(about.first("kg:subject"))).startswith("event/"):
                self._claim(found.setdefault(event, _empty()), about)
        published = self._published()
        for features in found.values():
            features["f"] = min((self._kinds.family(kind) for kind in features["k"]), default="")
        for features in found.values():
            features["rel"] = self._related(features, found)
        for event, features in found.items():
            yield self._event(event, features, published)

    def _related(self, features: Features, found: Mapping[str, Features]) -> set[str]:
        """The disasters that an attack, or whatever caused a count, shares its victim or its sentence with."""
        for cause in sorted(features["b"] & found.keys())[:1]:
            features = found[cause]
        if not self._kinds.harms(features["f"]) or self._kinds.disaster(features["f"]):
            return set()
        mine = _struck(features)
        return {
            event
            for event, other in found.items()
            if self._kinds.disaster(other["f"]) and (mine & _struck(other) or features["s"] & other["s"])
        }

    def _published(self) -> str | None:
        days = [value(o) for about in self._subjects.values() for o in about.all("schema:datePublished")]
        return min(days, default=None)

    def _report(self, features: Features, about: _Subject) -> None:
        features["k"].add(self._iri(about.first("kg:eventType")))
        features["m"].add(self._iri(about.first("kg:modality")))
        where = _SPAN.search(about.first("kg:evidence"))
        if where:
            features["s"].add(where[0])
            start, end = int(where[1]), int(where[2])
            low, high = bisect_left(self._mentions, (start,)), bisect_left(self._mentions, (end,))
            inside = {entity for _, last, entity, _ in self._mentions[low:high] if last <= end}
            features["x"].update(inside - self._things.keys())

    def _claim(self, features: Features, about: _Subject) -> None:
        predicate, target = self._iri(about.first("kg:predicate")), about.first("kg:object")
        role = predicate.removeprefix("kg:")
        if role in _ROLES:
            features["r"].add((role, self._iri(target)))
        elif predicate == "sem:hasPlace":
            features["p"].add(self._iri(target))
        elif predicate == "kg:time":
            features["w"].add(edtf.strip_qualifier(value(target)))
        elif predicate == "kg:causedBy":
            features["b"].add(self._iri(target))
        elif comparator := about.first("kg:comparator"):
            features["q"].add((predicate, value(comparator), float(value(target))))
            features["u"].add(value(about.first("kg:unit")))

    def _event(self, event: str, features: Features, published: str | None) -> Said:
        parties = {entity for _, entity in features["r"]} | features["p"]
        known = parties | features["x"]
        made: Features = {key: sorted(features[key]) for key in (*_EMPTY, "rel") if key != "s"}
        made["f"] = features["f"]
        made["t"] = {e: self._things[e] for e in sorted(parties) if e in self._things}
        made["d"] = published
        made["c"] = {e: countries for e in sorted(known) if (countries := self._countries(e))}
        made["cl"] = {e: classes for e in sorted(parties) if (classes := self._classes(e))}
        kind = "disaster" if self._kinds.disaster(made["f"]) else "event"
        return Said(event, "count" if made["b"] else kind, made)

    def _countries(self, entity: str) -> list[str]:
        about = self._subjects.get(node(entity, self._base), _Subject())
        return sorted(self._iri(o) for o in about.all("kg:country"))

    def _classes(self, entity: str) -> list[str]:
        about = self._subjects.get(node(entity, self._base), _Subject())
        return sorted(self._iri(o) for o in about.all("rdf:type") if o != node("kg:LocalEntity"))


_EMPTY = ("k", "m", "r", "p", "w", "b", "q", "u", "x", "s")


def _empty() -> Features:
    return {key: set() for key in _EMPTY}


def _struck(features: Features) -> set[str]:
    return {entity for role, entity in features["r"] if role == "patient"}


def united(parts: Sequence[Features]) -> Features:
    """What several articles say of one node together: lists united and sorted, whatever their order."""
    if len(parts) == 1:
        return parts[0]
    whole: Features = {}
    for key in sorted({key for part in parts for key in part}):
        values = [part[key] for part in parts if key in part]
        whole[key] = _join(values)
    return whole


def _join(values: Sequence[Any]) -> Any:
    if isinstance(values[0], list):
        return sorted({json.dumps(item, ensure_ascii=False): item for value in values for item in value}.values())
    if isinstance(values[0], dict):
        keys = sorted({key for value in values for key in value})
        return {key: _join([value[key] for value in values if key in value]) for key in keys}
    return min((value for value in values if value is not None), default=None)
