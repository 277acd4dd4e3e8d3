"""Search as you type, in any script: first what the graph speaks of, then what the knowledge base knows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from kg import names
from kg.graph.sparql import stamp
from kg.rdf import PREFIXES
from kg.serve.pages.site import Article, Ref, Site

_MOST = 10
_AWAY = 8  # items shown that the graph does not speak of


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of a search."""

    ref: Ref
    name: str  # the name that fits, in its own script
    here: bool  # the graph speaks of it
    mentions: int


@dataclass(slots=True)
class _Labels:
    """Every name in the graph, by the words of its key."""

    words: list[str] = field(default_factory=list)  # sorted, as many times as names have them
    at: list[int] = field(default_factory=list)  # the name that each stands in
    iris: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    mentions: dict[str, int] = field(default_factory=dict)

    def beginning(self, word: str) -> set[int]:
        """The names with a word that begins so."""
        start, end = bisect_left(self.words, word), bisect_left(self.words, word + "\uffff")
        return set(self.at[start:end])


class Finder:
    """Finds things by name. The names of the graph are read once, and again when it has changed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._labels: tuple[tuple[int, ...], _Labels] | None = None
        self._lock = Lock()

    def find(self, text: str, most: int = _MOST) -> list[Found]:
        """What the text may mean, best first. Every word of it may be the beginning of a word only."""
        text = " ".join(text.split())[:200]
        if not text:
            return []
        labels = self._known()
        best = self._named(labels, text)
        hits = self._site.kb.search(text, limit=most * 2)
        for hit in hits:
            iri = PREFIXES["wd"] + hit.qid
            if iri in labels.mentions:
                best.setdefault(iri, (hit.score, hit.label))
        order = sorted(best, key=lambda iri: (-best[iri][0], -labels.mentions.get(iri, 0), iri))[:most]
        refs = self._site.refs(order)
        found = [Found(refs[iri], best[iri][1], here=True, mentions=labels.mentions.get(iri, 0)) for iri in order]
        for hit in hits:
            iri = PREFIXES["wd"] + hit.qid
            if iri not in labels.mentions and len(found) < min(most, len(order) + _AWAY):
                found.append(
                    Found(Ref(iri, hit.label, hit.kind, "", f"wd:{hit.qid}"), hit.label, here=False, mentions=0)
                )
        return found

    def called(self, name: str) -> tuple[str, ...]:
        """The entities of exactly that name, in any script; else those of that last name."""
        labels, wanted = self._known(), names.key(name)
        whole = {iri for iri, key in zip(labels.iris, labels.keys, strict=True) if key == wanted}
        last = {iri for iri, key in zip(labels.iris, labels.keys, strict=True) if key.rpartition(" ")[2] == wanted}
        return tuple(sorted(whole or last))

    def articles(self, text: str, most: int = _MOST) -> list[Article]:
        """Articles whose headline holds the text, the newest first."""
        rows = self._site.rows(_HEADLINES, text=text.strip()[:200]) if text.strip() else []
        articles = self._site.articles(row["article"] for row in rows[:most])
        return [articles[row["article"]] for row in rows[:most] if row["article"] in articles]

    def _named(self, labels: _Labels, text: str) -> dict[str, tuple[float, str]]:
        """IRI -> (how well it fits, 0..2, and the name that does)."""
        best: dict[str, tuple[float, str]] = {}
        for key in {key for key in names.keys(text) if key}:
            sets = [labels.beginning(word) for word in key.split()]
            for at in set.intersection(*sets) if sets else ():
                known = labels.keys[at]
                fit = (
                    2.0 if known == key else 1.8 if known.startswith(key) else 1.6 if f" {key}" in f" {known}" else 1.2
                )
                if fit > best.get(labels.iris[at], (0.0, ""))[0]:
                    best[labels.iris[at]] = (fit, labels.names[at])
        return best

    def _known(self) -> _Labels:
        now = stamp(self._site.source)
        with self._lock:
            if self._labels is None or self._labels[0] != now:
                self._labels = (now, self._read())
            return self._labels[1]

    def _read(self) -> _Labels:
        labels = _Labels(mentions={row["entity"]: int(row["n"]) for row in self._site.rows(_COUNTS)})
        for row in self._site.rows(_NAMES):
            labels.iris.append(row["entity"])
            labels.names.append(row["name"])
            labels.keys.append(names.key(row["name"]))
        words = sorted(_words(labels.keys))
        labels.words, labels.at = [word for word, _ in words], [at for _, at in words]
        return labels


def _words(keys: Sequence[str]) -> Iterable[tuple[str, int]]:
    found: dict[int, set[str]] = defaultdict(set)
    for at, key in enumerate(keys):
        found[at].update(key.split())
    return ((word, at) for at, some in found.items() for word in some)


_NAMES = """SELECT DISTINCT ?entity ?name {
  ?entity skos:prefLabel|skos:altLabel|rdfs:label ?label .
  FILTER EXISTS { ?mention itsrdf:taIdentRef ?entity }
  BIND(STR(?label) AS ?name)
} ORDER BY ?entity ?name"""
_COUNTS = (
    "SELECT ?entity (COUNT(?mention) AS ?n) { ?mention itsrdf:taIdentRef ?entity } GROUP BY ?entity ORDER BY ?entity"
)
_HEADLINES = """SELECT ?article ?published {
  ?article a schema:NewsArticle ; schema:headline ?title .
  FILTER(CONTAINS(LCASE(STR(?title)), LCASE($text)))
  OPTIONAL { ?article schema:datePublished ?published }
} ORDER BY DESC(?published) ?article LIMIT 20"""
