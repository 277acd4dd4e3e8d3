"""When two reports are of one event: what contradicts keeps them apart, what agrees adds up.

Neither shared words nor one shared name joins them. A day, a place, two parties, a count, the names in the
sentence: each has its weight (`ontology/identity.toml`), and together they must reach a sum, with a margin
over the next best event. Two similar events on different days stay two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Any

from kg import edtf
from kg.graph.identity.kinds import Kinds
from kg.graph.identity.node import Fit, Node, Rank

Features = Mapping[str, Any]
Part = tuple[str, float]
Days = tuple[date, date]

_PARTIES = 6  # core participants, and names of a sentence, that make keys
_SPAN = 62  # days; a longer time makes no key: what happened "in 2024" is found by nobody
_WINDOW = 60  # days around publication in which an event without a time is looked for
_ITEMS = frozenset(("kg:Product", "kg:NamedEvent", "kg:Facility"))
_NEAR = ((3, "fresh"), (14, "recent"), (_WINDOW, "lately"))
_LENGTHS = ((1, "day"), (31, "month"), (92, "quarter"), (366, "year"))


class Contradictory(Exception):  # noqa: N818 - no error: the answer is no
    """The two can't be one event."""


class Events:
    """The rules for events."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._weights = kinds.weights.events
        self.most = int(self._weights["most"])
        self.margin = self._weights["margin"]

    # --- finding -------------------------------------------------------------------------------------

    def keys(self, iri: str, features: Features) -> frozenset[str]:  # noqa: ARG002 - the protocol's
        """Family, month or day, and one thing that both speak of."""
        days, family = _days(features) or _window(features), features["f"]
        causes = {f"{family}|{cause}" for cause in (*features["b"], *features["rel"])}
        if days is None or (days[1] - days[0]).days > _SPAN + _WINDOW:
            return frozenset(causes)
        times = sorted({f"{day:%Y-%m}" for day in (days[0], _middle(days), days[1])})
        if days[0] == days[1]:
            times.append(days[0].isoformat())
        return frozenset(causes.union(f"{family}|{time}|{thing}" for time in times for thing in self._things(features)))

    def _things(self, features: Features) -> Iterator[str]:
        core = self._core(features)[:_PARTIES]
        yield from core
        yield from (f"{a}+{b}" for a, b in combinations(core, 2))
        for place in features["p"]:
            yield from (place, *features["c"].get(place, ())[:1])
        yield from (f"{predicate}{value:g}" for predicate, _, value in features["q"] if value >= 10)
        if len(core) < 2:
            yield from features["x"][:_PARTIES]
        yield from sorted({*features["t"].values()})

    def rank(self, iri: str, features: Features) -> Rank:
        """Who says a day, the parties and the place leads."""
        days = _days(features)
        telling = 0.0 if days is None else 3.0 if days[0] == days[1] else 1.5 if (days[1] - days[0]).days < 32 else 0.5
        telling += min(2, len(self._core(features))) + 0.5 * bool(features["p"])
        return -telling, iri

    def _core(self, features: Features) -> list[str]:
        roles = self._kinds.core(features["f"]) or dict.fromkeys(("agent", "patient"), False)
        return sorted({entity for role, entity in features["r"] if role in roles and entity not in features["t"]})

    # --- comparing -----------------------------------------------------------------------------------

    def fit(self, node: Node, members: Sequence[Node]) -> Fit | None:
        """The best agreement with any member, if no member contradicts and it is enough."""
        best: list[Part] = []
        for member in members:
            try:
                parts = list(self._compare(node.features, member.features))
            except Contradictory:
                return None
            best = max(best, parts, key=_total)
        total = round(_total(best), 3)
        enough = self._weights["speech" if self._kinds.spoken(node.features["f"]) else "join"]
        return Fit(total, tuple(best)) if total >= enough else None

    def _compare(self, a: Features, b: Features) -> Iterator[Part]:
        if a["f"] != b["f"]:
            raise Contradictory
        yield from self._time(a, b)
        common, parties = self._parties(a, b)
        yield from parties
        caused = bool({*a["b"], *a["rel"]} & {*b["b"], *b["rel"]})
        if caused:
            yield "cause", self._weights["cause"]
        yield from self._place(a, b, alike=caused or (len(common) > 1 and self._kinds.mutual(a["f"])))
        yield from self._counts(a, b)
        yield from self._things_alike(a, b)
        shared = (set(a["x"]) & set(b["x"])) - common - {*a["p"], *b["p"]}
        if shared:
            yield "context", self._weights["context"] * min(3, len(shared))

    def _time(self, a: Features, b: Features) -> Iterator[Part]:
        mine, theirs = _days(a), _days(b)
        if mine and theirs:
            both = max(mine[0], theirs[0]), min(mine[1], theirs[1])
            if both[0] > both[1]:
                raise Contradictory
            longer = max((mine[1] - mine[0]).days, (theirs[1] - theirs[0]).days) + 1
            inside = both in (mine, theirs)
            name = next((name for most, name in _LENGTHS if longer <= most), "") if inside else "overlap"
            if name:
                yield name, self._weights[name]
            return
        if _denied(a) != _denied(b):  # "has not met" of an unknown day denies no meeting of another
            raise Contradictory
        for dated, undated in ((mine, b), (theirs, a)):
            if dated and (name := _nearness(dated, undated)):
                yield name, self._weights[name]

    def _parties(self, a: Features, b: Features) -> tuple[set[str], list[Part]]:
        mine, theirs = set(self._core(a)), set(self._core(b))
        common = mine & theirs
        left, right = mine - common, theirs - common
        pairs = [(x, y) for x in left for y in right if _stands_for(x, y, a) or _stands_for(y, x, b)]
        self._exclude(a, b, {x for x, _ in pairs}, {y for _, y in pairs})
        parts = [self._party(entity, a) for entity in sorted(common)]
        if len(common) > 1:
            parts.append(("two parties", self._weights["pair"]))
        if pairs:
            parts.append(("stands for", self._weights["stands_for"]))
        items = {e for _, e in a["r"] if e not in a["t"]} & {e for _, e in b["r"]}
        if any(_ITEMS & set(a["cl"].get(entity, ())) for entity in items):
            parts.append(("named item", self._weights["item"]))
        return common, parts

    def _party(self, entity: str, features: Features) -> Part:
        state = "kg:Place" in features["cl"].get(entity, ())
        return ("state", self._weights["state"]) if state else ("party", self._weights["party"])

    def _exclude(self, a: Features, b: Features, met: set[str], other: set[str]) -> None:
        """Contradictory if a role is filled in both, and by others."""
        if self._kinds.mutual(a["f"]):
            mine, theirs = set(self._core(a)), set(self._core(b))
            if mine - theirs - met and theirs - mine - other:
                raise Contradictory
            return
        for role in self._kinds.core(a["f"]):
            mine, theirs = (_named(one, role) for one in (a, b))
            if mine and theirs and not (mine & theirs or (mine & met and theirs & other)):
                raise Contradictory

    def _place(self, a: Features, b: Features, *, alike: bool) -> Iterator[Part]:
        mine, theirs = set(a["p"]), set(b["p"])
        if not (mine and theirs):
            return
        around = {country for one in (a, b) for place in one["p"] for country in one["c"].get(place, ())}
        common = mine & theirs
        if common:
            name = "place" if any(a["c"].get(place) for place in common) else "country"
        elif any(place in around for place in mine | theirs):
            name = "country"
        elif alike:
            name = "elsewhere"
        else:
            raise Contradictory
        yield name, self._weights[name]

    def _things_alike(self, a: Features, b: Features) -> Iterator[Part]:
        """Both tell of an aircraft, or of a court, that they do not name."""
        common = {*a["t"].values()} & {*b["t"].values()}
        if common:
            built = any(_ITEMS & set(a["cl"].get(entity, ())) for entity, thing in a["t"].items() if thing in common)
            yield "thing", self._weights["thing" if built else "group"]

    def _counts(self, a: Features, b: Features) -> Iterator[Part]:
        best = ""
        for predicate, comparator, value in a["q"]:
            for other, compared, number in b["q"]:
                if predicate == other:
                    best = max(best, _agreement((comparator, value), (compared, number)), key=_ORDER.index)
        if best:
            yield best.replace("_", " "), self._weights[best]


_ORDER = ("", "count_differs", "count_agrees", "small_count", "count")


def _agreement(one: tuple[str, float], other: tuple[str, float]) -> str:
    if one == other:
        return "count" if one[1] >= 10 else "small_count"
    (sign, low), (second, high) = sorted((one, other), key=lambda pair: pair[1])
    fits = sign in (">", ">=", "~") or second in ("<", "<=", "~")
    near = "~" not in (sign, second) or low * 1.2 >= high
    return "count_agrees" if fits and near else "count_differs"


def _named(features: Features, role: str) -> set[str]:
    return {entity for name, entity in features["r"] if name == role and entity not in features["t"]}


def _total(parts: Sequence[Part]) -> float:
    return sum(weight for _, weight in parts)


def _denied(features: Features) -> bool:
    return bool(features["m"] == ["kg:denied"])


def _stands_for(one: str, other: str, features: Features) -> bool:
    """Whether a person or a capital may stand for its country."""
    return other in features["c"].get(one, ())


def _nearness(days: Days, undated: Features) -> str:
    window = _window(undated)
    if window is None or days[1] < window[0] or days[0] > window[1]:
        return ""
    published = date.fromisoformat(undated["d"])
    away = min(abs((published - day).days) for day in days) if not days[0] <= published <= days[1] else 0
    if (days[1] - days[0]).days > 31:
        return ""
    return next((name for most, name in _NEAR if away <= most), "")


def _window(features: Features) -> Days | None:
    """Where an event without a time is looked for: before publication, a planned one after it."""
    if features["w"] or not features["d"]:
        return None
    published = date.fromisoformat(features["d"])
    if features["m"] == ["kg:planned"]:
        return published, published + timedelta(_WINDOW)
    return published - timedelta(_WINDOW), published + timedelta(1)


def _days(features: Features) -> Days | None:
    return _sharpest(tuple(features["w"]))


@lru_cache(65_536)
def _sharpest(values: tuple[str, ...]) -> Days | None:
    """The first and last day of the shortest of the times; None where none has both."""
    found = []
    for value in values:
        first, last = edtf.bounds(value) if edtf.is_valid(value) else (None, None)
        if first and last:
            found.append(((last - first).days, first, last))
    if not found:
        return None
    _, first, last = min(found)
    return first, last


def _middle(days: Days) -> date:
    return days[0] + (days[1] - days[0]) / 2
