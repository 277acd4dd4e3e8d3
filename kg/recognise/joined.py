"""Dictionary and model made one: rules 1 to 4 of rules.py, where they speak of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.model import Kind
from kg.ontology.languages import match_demonym
from kg.recognise import shapes
from kg.recognise.lines import Line, begins
from kg.recognise.proposals import MODEL, Proposal
from kg.recognise.tokens import Token
from kg.recognise.trained import Found

SURE = 0.6  # the model's confidence from which its kind beats the dictionary's
KNOWN = 0.35  # the prominence from which a single word is a name although the model sees none
COUNTRY_PRIOR = 0.5  # what is better known than this and a place is a country or a capital
# Kinds that a model may give; our own gives the first three.
_KINDS: Mapping[str, Kind] = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "FAC": "FAC", "EVT": "EVT", "PROD": "PROD"}
_PLAIN = frozenset({"PER", "LOC", "ORG"})


def placed(line: Line, trained: Sequence[Found]) -> Iterator[Proposal]:
    """The model's names as proposals: on whole tokens, without nationalities (they are the demonyms' to find)."""
    offset = line.tokens[0].start
    for found in trained:
        inside = [
            place
            for place, token in enumerate(line.tokens)
            if token.start - offset < found.end and token.end - offset > found.start
        ]
        single = line.tokens[inside[0]] if len(inside) == 1 else None
        # "Βούλγαρος" is a nationality, not a person's name; what the model calls a place may be one.
        demonym = single and found.kind != "LOC" and match_demonym(single.text, line.language.code)
        word = single and _is_word(line, single, found.kind)
        if inside and not demonym and not word and found.kind in _KINDS:
            first = begins(line, inside[0], inside[-1], found.kind)
            told = shapes.kind_beside_quotes(line.tokens, first, inside[-1], line.language.code)
            yield Proposal(first, inside[-1], told or _KINDS[found.kind], found.score, "model", MODEL)


def _is_word(line: Line, token: Token, kind: str) -> bool:
    """Whether what the model takes for a person or a place is a word: "Judecătorii" are judges, "Montag" is a day."""
    if kind == "PER":
        return line.words.is_word(token)
    return kind == "LOC" and token.lower in line.words.stopwords  # inflected, it may be a place all the same


def agreed(line: Line, known: Sequence[Proposal], trained: Sequence[Proposal]) -> Iterator[Proposal]:
    """Dictionary and model made one, by rules 2 and 4 of rules.py."""
    countries = {p.first for p in known if p.first == p.last and _well_known(p)}
    trained = [_without_country(p, countries) for p in trained]
    spans = {(p.first, p.last): p for p in trained}
    met = set()
    for entry in known:
        same = spans.get((entry.first, entry.last))
        if same:
            met.add((entry.first, entry.last))
            kind = entry.kind if _stays(entry, same) else same.kind
            yield replace(entry, kind=kind, score=max(entry.score, same.score), rank=MODEL)
        elif entry.last > entry.first or entry.prior >= KNOWN or _is_acronym(line, entry):
            yield entry
    single = {p.first for p in known if p.first == p.last and p.kind in {"PER", "LOC"} and p.prior >= KNOWN}
    for name in trained:
        apart = name.kind != "ORG" and name.last > name.first and single.issuperset(range(name.first, name.last + 1))
        if (name.first, name.last) not in met and not apart:
            yield from _cut(line, name, known)


def _stays(entry: Proposal, same: Proposal) -> bool:
    """Whether the dictionary's kind holds against the model's for the same span."""
    if entry.kind not in _PLAIN or same.score < SURE:
        return True
    # A country that acts is a country: the Greek texts that the model learnt from call it an organisation.
    if entry.country and same.kind == "ORG":
        return True
    # No place is called "African Union", and nothing but a country "United Arab Emirates".
    return entry.last > entry.first and (same.kind == "LOC" or _well_known(entry))


def _well_known(place: Proposal) -> bool:
    return place.kind == "LOC" and place.prior > COUNTRY_PRIOR


def outside_people(patterns: Sequence[Proposal], trained: Sequence[Proposal]) -> Iterator[Proposal]:
    """The patterns without those inside a person's full name: "Alparslan Bayraktar" is no drone."""
    people = [p for p in trained if p.kind == "PER" and p.last > p.first and p.score >= SURE]
    for one in patterns:
        if not any(p.first <= one.first and one.last <= p.last for p in people):
            yield one


def _is_acronym(line: Line, entry: Proposal) -> bool:
    """Whether a known organisation stands in capitals where others do not: ASML, VVD."""
    return entry.kind == "ORG" and line.tokens[entry.first].is_acronym and not line.title_case


def _without_country(name: Proposal, countries: set[int]) -> Proposal:
    """A full name without the country that the model has joined to it: "ο πρόεδρος του Αζερμπαϊτζάν Ιλχάμ Αλίεφ"."""
    joined = name.kind == "PER" and name.last - name.first >= 2 and name.first in countries
    return replace(name, first=name.first + 1) if joined else name


def _cut(line: Line, name: Proposal, known: Sequence[Proposal]) -> Iterator[Proposal]:
    """A model's person or place that runs over a common word and a known name, "Varna cu Radev", is none; of "Femke
    Halsema van Amsterdam" remains the full name before the word.
    """
    if name.kind == "ORG" or not any(name.first <= p.first and p.last <= name.last for p in known):
        yield name
        return
    places = range(name.first, name.last + 1)
    word = next((place for place in places if _links(line, line.tokens[place])), None)
    if word is None:
        yield name
    elif name.kind == "PER" and word - name.first >= 2:
        yield replace(name, last=word - 1)


def _links(line: Line, token: Token) -> bool:
    return token.is_word and not token.is_capital and token.lower in line.words.stopwords
