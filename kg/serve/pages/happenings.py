"""Events as people read them: what, when, where, who, how many, and who reports it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.edtf import most_exact
from kg.serve.pages import words
from kg.serve.pages.site import Ref, Row, Site

ROLES = ("agent", "patient", "addressee", "theme", "instrument", "source")  # in the order in which they are read


@dataclass(frozen=True, slots=True)
class Part:
    """Who takes which part."""

    role: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, whatever number of reports tell it."""

    iri: str
    href: str
    what: str  # the label of its type: "meeting"
    when: str  # EDTF, "" if no report says
    where: tuple[Ref, ...]
    parts: tuple[Part, ...]
    counts: tuple[str, ...]  # "more than 30 dead"
    modalities: tuple[str, ...]  # without kg:, most reported first
    articles: tuple[str, ...]  # IRIs
    langs: tuple[str, ...]
    reports: int

    @property
    def who(self) -> tuple[Ref, ...]:
        """Those who take part, each once."""
        return tuple({part.ref.iri: part.ref for part in self.parts}.values())

    @property
    def title(self) -> str:
        """The event in a line: "Meeting: Rumen Radev, Salome Zurabishvili"."""
        names = ", ".join(ref.label for ref in self.who[:4]) or ", ".join(ref.label for ref in self.where[:1])
        what = self.what[:1].upper() + self.what[1:]
        return f"{what}: {names}" if names else what


def happenings(site: Site, events: Iterable[str]) -> list[Happening]:
    """The events, the latest first, those without a time last."""
    wanted = set(events)
    reports: dict[str, list[Row]] = defaultdict(list)
    claims: dict[str, list[Row]] = defaultdict(list)
    for row in site.about(_REPORTS, wanted):
        reports[row["event"]].append(row)
    for row in site.about(_CLAIMS, wanted):
        claims[row["event"]].append(row)
    named = {row[key] for rows in reports.values() for row in rows for key in ("place", "type") if key in row}
    named |= {row["object"] for rows in claims.values() for row in rows if "comparator" not in row}
    refs = site.refs(iri for iri in named if "://" in iri)
    made = [_made(site, event, reports[event], claims[event], refs) for event in wanted if reports[event]]
    return sorted(made, key=lambda one: (bool(one.when), one.when, one.iri), reverse=True)


def _made(site: Site, iri: str, reports: Sequence[Row], claims: Sequence[Row], refs: dict[str, Ref]) -> Happening:
    def most(key: str) -> list[str]:
        return [value for value, _ in Counter(row[key] for row in reports if key in row).most_common()]

    parts = [
        Part(role, refs[row["object"]])
        for role in ROLES
        for row in claims
        if row["role"].rpartition("#")[2] == role and row["object"] in refs
    ]
    counts = [
        spoken_count(row["object"], row["comparator"], row.get("unit", "")) for row in claims if "comparator" in row
    ]
    return Happening(
        iri,
        site.href(iri),
        refs[most("type")[0]].label,
        most_exact(most("day")) or most_exact(most("time")),
        tuple(refs[place] for place in most("place")),
        tuple(dict.fromkeys(parts)),
        tuple(dict.fromkeys(counts)),
        tuple(value.rpartition("#")[2] for value in most("modality")),
        tuple(dict.fromkeys(row["article"] for row in reports)),
        tuple(dict.fromkeys(row["lang"] for row in reports)),
        len({row["report"] for row in reports}),
    )


def titled(site: Site, refs: Mapping[str, Ref]) -> dict[str, Ref]:
    """The same things, events among them by what they are: "Meeting: Rumen Radev, Salome Zurabishvili"."""
    events = happenings(site, (iri for iri in refs if iri.startswith(f"{site.base}event/")))
    return {**refs, **{event.iri: replace(refs[event.iri], label=event.title) for event in events}}


def spoken_count(number: str, comparator: str, unit: str) -> str:
    """A count in words.

    >>> spoken_count("30", ">", "dead")
    'more than 30 dead'
    """
    return " ".join(filter(None, (words.COMPARATORS.get(comparator, comparator), number, unit)))


_REPORTS = """SELECT ?event ?report ?type ?modality ?article ?lang ?time ?day ?place {
  VALUES ?event { $these }
  ?report kg:event ?event ; kg:eventType ?type ; kg:modality ?modality ; kg:evidence ?said .
  ?said nif:referenceContext ?article .
  ?article schema:inLanguage ?lang .
  OPTIONAL { ?report kg:time ?time }
  OPTIONAL { ?event kg:time ?day }
  OPTIONAL { ?report sem:hasPlace ?place }
} ORDER BY ?event ?article ?report"""
_CLAIMS = """SELECT DISTINCT ?event ?role ?object ?comparator ?unit {
  VALUES ?event { $these }
  ?claim kg:subject ?event ; kg:predicate ?role ; kg:object ?object .
  OPTIONAL { ?claim kg:comparator ?comparator }
  OPTIONAL { ?claim kg:unit ?unit }
} ORDER BY ?event ?role ?object"""
