"""QuickStatements for Wikidata: claims between items that Wikidata has a property for, with their references.

Only what is asserted, accepted and about two items; the property is the predicate's owl:equivalentProperty, or its
owl:inverseOf with the two ends exchanged. The properties of references stand in news.ttl. A person decides what to
submit: the file is a proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kg.export.format import Row, Settings
from kg.export.happening import qid
from kg.export.shelf import Node, Shelf, shelved
from kg.ontology import load_ontology
from kg.rdf import ACCEPTED, compact

_DAY, _MONTH, _YEAR = 11, 10, 9  # precisions of Wikidata
_PARTS = {1: _YEAR, 2: _MONTH, 3: _DAY}
_LONGEST = 1500  # characters that Wikidata takes in one text


def quick_statements(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """One command a line and reference, tab-separated (version 1 of the syntax)."""
    properties = _properties()
    references = {iri: name for iri, (name, _) in _mapped().items()}
    with shelved(rows) as shelf:
        for claim in shelf.all("claim"):
            found = properties.get(compact(claim.one("kg:predicate")))
            ends = qid(claim.one("kg:subject")), qid(claim.one("kg:object"))
            if found is None or not all(ends) or not _stands(claim):
                continue
            name, inverse = found
            subject, value = reversed(ends) if inverse else ends
            start = "\t".join((subject, name, value, *_qualifiers(claim, references)))
            for iri in claim.all("kg:evidence"):
                yield "\t".join((start, *_reference(shelf.node(iri), shelf, references))) + "\n"


def _stands(claim: Node) -> bool:
    return claim.one("kg:modality").endswith("#asserted") and (claim.number("kg:confidence") or 0) >= ACCEPTED


def _mapped() -> Mapping[str, tuple[str, bool]]:
    """Predicate -> (Wikidata's property, whether its ends are exchanged)."""
    found: dict[str, tuple[str, bool]] = {}
    for one in load_ontology().predicates.values():
        for iris, inverse in ((one.inverses, True), (one.equivalents, False)):
            found.update((one.iri, (iri[4:], inverse)) for iri in iris if iri.startswith("wdt:"))
    return found


def _properties() -> Mapping[str, tuple[str, bool]]:
    return {iri: found for iri, found in _mapped().items() if iri.startswith("kg:") and iri != "kg:time"}


def _qualifiers(claim: Node, references: Mapping[str, str]) -> Iterator[str]:
    when = _time(claim.one("kg:time"))
    if when:
        yield from (references["kg:time"], when)


def _reference(stretch: Node, shelf: Shelf, references: Mapping[str, str]) -> Iterator[str]:
    """Where it is said: address, title, day and the very words."""
    article = shelf.node(stretch.one("nif:referenceContext"))
    if article.one("schema:url"):
        yield from ("S" + references["schema:url"][1:], _text(article.one("schema:url")))
    if article.one("schema:headline"):
        spoken = article.language("schema:headline") or article.one("schema:inLanguage")
        yield from ("S" + references["schema:headline"][1:], f"{spoken}:{_text(article.one('schema:headline'))}")
    day = _time(article.one("schema:datePublished"))
    if day:
        yield from ("S" + references["schema:datePublished"][1:], day)
    quote = f"{stretch.language('nif:anchorOf')}:{_text(stretch.one('nif:anchorOf'))}"
    yield from ("S" + references["nif:anchorOf"][1:], quote)


def _text(words: str) -> str:
    """In quotation marks, on one line. The syntax has no escape for its own mark: a curly one stands for it."""
    plain = " ".join(words.split()).replace('"', "”")
    return f'"{plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"}"'


def _time(edtf: str) -> str:
    """Wikidata's form of a plain EDTF year, month or day; "" for intervals and what is not certain."""
    parts = edtf.split("-")
    if not (1 <= len(parts) <= 3 and all(part.isdigit() for part in parts)):
        return ""
    try:
        first = date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return ""
    year, month, day = first.isoformat().split("-")
    shown = (year, month if len(parts) > 1 else "00", day if len(parts) == len(_PARTS) else "00")  # Wikidata's zeros
    return f"+{'-'.join(shown)}T00:00:00Z/{_PARTS[len(parts)]}"
