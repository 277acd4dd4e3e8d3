"""An event as one value: what its reports and claims say together, for tables, maps and calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kg.edtf import bounds, is_valid
from kg.export.shelf import Node, Shelf
from kg.ontology import ROLE_NAMES, load_ontology
from kg.rdf import ACCEPTED, compact, expand

_ROLES = tuple(f"kg:{name}" for name in ROLE_NAMES if name != "place")
_PLACES = ("sem:hasPlace", "kg:place")
# What an event is where its sources put it differently: one that says it happened outweighs one that plans it.
MODALITIES = ("asserted", "promised", "planned", "demanded", "hypothetical", "denied")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that reports the event."""

    words: str
    lang: str  # ISO 639-1
    article: Node


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. Absent values are empty."""

    iri: str
    types: tuple[str, ...]  # CURIEs, the most often reported first
    modality: str  # one of MODALITIES
    time: str  # EDTF
    first: str  # ISO day; the first that `time` may mean
    last: str
    place: str  # IRI
    participants: tuple[tuple[str, str], ...]  # (role, IRI)
    counts: tuple[tuple[str, str], ...]  # (predicate CURIE, "> 30")
    quotes: tuple[Quote, ...]  # one a sentence, by article
    score: float  # of the surest report, 0..1

    def title(self, shelf: Shelf) -> str:
        """The event in a line: `Meeting: Rumen Radev, Salome Zurabishvili`."""
        kind = type_label(self.types[0]) if self.types else "event"
        names = list(dict.fromkeys(shelf.label(iri) for _, iri in self.participants))
        return f"{kind}: {', '.join(names)}" if names else kind


@cache
def _type_labels() -> Mapping[str, str]:
    return {one.iri: dict(one.labels)["en"] for one in load_ontology().event_types}


def type_label(curie: str) -> str:
    """A type's English name with a capital: "Plane crash"."""
    name = _type_labels().get(curie) or curie.partition(":")[2] or curie
    return name[:1].upper() + name[1:]


def happenings(shelf: Shelf) -> Iterator[Happening]:
    """Every event that a report speaks of, by IRI."""
    for iri in shelf.references("report"):
        yield _happening(iri, shelf)


def _happening(iri: str, shelf: Shelf) -> Happening:
    reports = shelf.of("report", iri)
    put = {report.one("kg:modality").rpartition("#")[2] for report in reports}
    modality = next((one for one in MODALITIES if one in put), "asserted")
    claims = [claim for claim in shelf.of("claim", iri) if claim.one("kg:modality").endswith(f"#{modality}")]
    sure = [claim for claim in claims if (claim.number("kg:confidence") or 0) >= ACCEPTED]
    said = _by_predicate(sure)
    time = _time(said.get("kg:time", []), reports)
    first, last = bounds(time) if is_valid(time) else (None, None)
    places = [claim.one("kg:object") for predicate in _PLACES for claim in said.get(predicate, [])]
    return Happening(
        iri=iri,
        types=_types(reports),
        modality=modality,
        time=time,
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        place=places[0] if places else "",
        participants=tuple((role[3:], one.one("kg:object")) for role in _ROLES for one in said.get(role, [])),
        counts=tuple(_counts(sure)),
        quotes=tuple(_quotes(reports, shelf)),
        score=max((report.number("kg:confidence") or 0.0 for report in reports), default=0.0),
    )


def _by_predicate(claims: list[Node]) -> dict[str, list[Node]]:
    """The claims under each predicate, the surest first."""
    found: dict[str, list[Node]] = {}
    for claim in sorted(claims, key=lambda one: (-(one.number("kg:confidence") or 0), one.iri)):
        found.setdefault(compact(claim.one("kg:predicate")), []).append(claim)
    return found


def _time(claims: list[Node], reports: list[Node]) -> str:
    if claims:
        return claims[0].one("kg:object")
    told = sorted((-(r.number("kg:confidence") or 0), r.one("kg:time")) for r in reports if r.one("kg:time"))
    return told[0][1] if told else ""


def _types(reports: list[Node]) -> tuple[str, ...]:
    names = [compact(report.one("kg:eventType")) for report in reports]
    return tuple(sorted(set(names), key=lambda name: (-names.count(name), name)))


def _counts(claims: list[Node]) -> Iterator[tuple[str, str]]:
    for claim in claims:
        comparator = claim.one("kg:comparator")
        if comparator:
            amount = claim.one("kg:object") if comparator == "=" else f"{comparator} {claim.one('kg:object')}"
            yield compact(claim.one("kg:predicate")), amount


def _quotes(reports: list[Node], shelf: Shelf) -> Iterator[Quote]:
    for iri in sorted({report.one("kg:evidence") for report in reports}):
        stretch = shelf.node(iri)
        article = shelf.node(stretch.one("nif:referenceContext"))
        yield Quote(stretch.one("nif:anchorOf"), stretch.language("nif:anchorOf"), article)


def address(article: Node) -> str:
    """Where an article is from: its URL, else its path, else its IRI."""
    return article.one("schema:url") or article.one("dcterms:source") or article.iri


def qid(iri: str) -> str:
    """The QID of a Wikidata item's IRI; "" for anything else."""
    name = iri.removeprefix(_ITEMS)
    return name if iri.startswith(_ITEMS) and name[:1] == "Q" else ""


_ITEMS = expand("wd:")
