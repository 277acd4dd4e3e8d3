"""Mentions that a rule already understands: nationalities, offices, institutions, flights.

A hint is "key=value" pairs joined by ";": "iso3166_1=RU", "office=president|monarch;at=106" (`at`: where the country's
mention starts), "institution=foreign_ministry", "flight=8243".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache

from kg import names
from kg.link import local
from kg.link.base import KINDS, Base, Term
from kg.link.lines import Lines, Placed
from kg.link.rules import rules
from kg.model import Candidate, Document, Entity, Link, Mention, Sentence, Span

# An office-holder by date is a fact of the base, as certain as the term; an open end may have ended since.
OFFICE, OFFICE_NAMED = 0.9, 0.93
CERTAIN = 0.6
MOST = 3  # incumbents that an article may mean when it names one of them
NATIONALITY = 0.95
# "Ministerul de Externe de la Baku": how far behind an institution its country may stand, in characters.
REACH = 24
# How far before an office a word may stand that keeps its holder away: characters, words.
BEFORE, WORDS_BEFORE = 40, 2
_WORD = re.compile(r"[^\W\d_]+|[.!?;:,]")


class Hints:
    """Links what hints say, given the links of the article's names."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self.entity = lru_cache(maxsize=50_000)(self._entity)

    def _entity(self, row: int, lang: str) -> Entity:
        record = self._base.record(row)
        wanted = {lang, "en"}
        labels = tuple(sorted((code, text) for code, text in record.labels.items() if code in wanted))
        if not labels:
            labels = tuple(sorted(record.labels.items())[:1])
        return Entity(f"wd:{record.qid}", record.qid, KINDS.get(self._base.kind(row), "EVT"), labels)

    def links(
        self, document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention], named: Sequence[Link]
    ) -> Iterator[Link]:
        """One Link for every mention that has a hint or only describes."""
        hinted = [m for m in mentions if m.hint or m.nominal]
        countries = [link for m in hinted if _pairs(m).keys() == {"iso3166_1"} for link in [self._nationality(m)]]
        yield from countries
        seen: dict[str, Entity] = {}  # institution type -> the last one whose country was said
        lines, places, lands = Lines(sentences), Placed(named), Placed(countries)
        starts = {str(link.mention.span.start): link for link in (*named, *countries)}
        people = {link.entity.qid for link in named}
        for mention in hinted:
            hint = _pairs(mention)
            if hint.keys() == {"iso3166_1"}:
                continue
            if "office" in hint:
                yield self._office(document, mention, hint["office"].split("|"), starts.get(hint["at"]), people)
            elif "institution" in hint:
                sentence = lines.at(mention.span) or mention.span
                around = [*places.inside(sentence), *lands.inside(sentence)]
                yield self._institution(document, mention, hint["institution"], around, seen)
            else:
                yield _local(mention, mention.hint or mention.surface)

    def _nationality(self, mention: Mention) -> Link:
        row = self._base.by_external("iso3166_1", _pairs(mention)["iso3166_1"])
        if row is None:
            return _local(mention, mention.hint or mention.surface)
        return self._to(mention, row, NATIONALITY, "hint")

    def _office(
        self,
        document: Document,
        mention: Mention,
        roles: Sequence[str],
        owner: Link | None,
        named: Collection[str | None],
    ) -> Link:
        """Whoever held the office on the article's day, surer when the article names that person.

        "The former president", "the post of president" is not the one who holds it: an entity of this article.
        """
        if _nobody(document.text, mention):
            return _local(mention, f"office={roles[0]};{document.id}")
        country = self._row(owner) if owner else None
        terms = self._incumbents(country, roles, document.published) if country is not None else []
        for term in terms[:MOST]:
            qid = self._base.record(term.person).qid
            if qid in named:
                return self._to(mention, term.person, OFFICE_NAMED, "office")
        if terms and terms[0].certainty >= CERTAIN:
            return self._to(mention, terms[0].person, round(OFFICE * terms[0].certainty, 3), "office")
        # Nobody known for sure: one local entity for this office of this country.
        return _local(mention, f"office={roles[0]};{owner.entity.iri if owner else document.id}")

    def _incumbents(self, country: int, roles: Sequence[str], on: date | None) -> list[Term]:
        return [term for role in roles for term in self._base.incumbents(country, role, on)]

    def _institution(
        self, document: Document, mention: Mention, kind: str, around: Sequence[Link], seen: dict[str, Entity]
    ) -> Link:
        country = self._country(mention, around)
        if country is None and kind in seen:
            return Link(mention, seen[kind], mention.score, (), "in-article")
        owner = self._base.record(country).qid if country is not None else document.id
        link = _local(mention, f"institution={kind};{owner}")
        if country is not None:
            seen[kind] = link.entity
        return link

    def _country(self, mention: Mention, around: Sequence[Link]) -> int | None:
        """The country that the institution belongs to: inside its name, or right behind it."""
        reach = Span(mention.span.start, mention.span.end + REACH)
        near = [link for link in around if link.entity.qid and link.mention.span.overlaps(reach)]
        for link in sorted(near, key=lambda k: not mention.span.covers(k.mention.span)):
            row = self._row(link)
            if row is None:
                continue
            if self._is_country(row):
                return row
            for country in self._base.countries(row):
                return country
        return None

    def _row(self, link: Link) -> int | None:
        return self._base.row(link.entity.qid) if link.entity.qid else None

    def _is_country(self, row: int) -> bool:
        return "iso3166_1" in self._base.record(row).external

    def _to(self, mention: Mention, row: int, score: float, method: str) -> Link:
        entity = self.entity(row, mention.lang)
        label = entity.labels[0][1] if entity.labels else mention.surface
        return Link(mention, entity, score, (Candidate(entity, label, score, ((method, score),)),), method)


def _nobody(text: str, mention: Mention) -> bool:
    """Whether a word shortly before an office says that its holder is not meant."""
    pattern = rules().not_the_holder.get(mention.lang)
    if pattern is None:
        return False
    words = _WORD.findall(text[max(0, mention.span.start - BEFORE) : mention.span.start])[-WORDS_BEFORE:]
    return any(pattern.fullmatch(names.fold(word)) for word in words)


def _pairs(mention: Mention) -> dict[str, str]:
    return dict(part.split("=", 1) for part in (mention.hint or "").split(";") if "=" in part)


def _local(mention: Mention, key: str) -> Link:
    return Link(mention, local.entity(key, mention, mention.surface), mention.score, (), "local")
