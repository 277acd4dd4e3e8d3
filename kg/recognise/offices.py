"""People described by their office: "the Russian president", "πρωθυπουργός της Αρμενίας", "Rusiya prezidenti".

Such a description is a nominal mention, unless the person's name stands right beside it ("Russian President
Vladimir Putin"): then the name is the mention, and the extractor reads the office as a relation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Language, Mention, Span
from kg.ontology.languages import match_demonym
from kg.ontology.offices import match_roles
from kg.recognise.tokens import Token, pick, vocabulary

# Words that may stand between an office and its country: "president of the", "πρόεδρος της".
MAX_JOINERS = 2
_PLACES = frozenset({"NORP", "LOC"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence with the mentions that start and end at an offset."""

    words: Sequence[Token]
    starts: Mapping[int, Mention]
    ends: Mapping[int, Mention]
    particles: frozenset[str]

    def at(self, place: int) -> Mention | None:
        return self.starts.get(self.words[place].start)

    def until(self, place: int) -> Mention | None:
        return self.ends.get(self.words[place].end) if place >= 0 else None


def nominals(text: str, words: Sequence[Token], language: Language, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Nominal mentions of a sentence, given its names and nationality words.

    The hint names the roles and where the country stands: "office=president|monarch;at=106".
    """
    by_start, by_end = {m.span.start: m for m in mentions}, {m.span.end: m for m in mentions}
    line = _Line(words, by_start, by_end, vocabulary(language).particles)

    def gap(word: str) -> bool:
        return match_demonym(word, language.code) is not None

    for match in match_roles([w.folded for w in words], language.code, gap):
        first, last = match.first, match.end - 1
        country = None if _named(line, first, last) else _country(line, first, last)
        if country is None:
            continue
        own = pick(words, first, last)
        span = Span(min(own.start, country.span.start), max(own.end, country.span.end))
        hint = f"office={'|'.join(match.roles)};at={country.span.start}"
        lang = language.code
        yield Mention(span, span.of(text), "PER", lang, nominal=True, score=0.8, method="office", hint=hint)


def _named(line: _Line, first: int, last: int) -> bool:
    """Whether a person's name stands right beside the office (or behind its country)."""
    for place in range(last + 1, min(last + 3 + MAX_JOINERS, len(line.words))):
        mention, word = line.at(place), line.words[place]
        if mention and mention.kind == "PER":
            return True
        if not word.is_word or not (mention or len(word.text) <= 3):
            break
    before = line.until(first - 1)
    return before is not None and before.kind == "PER"


def _country(line: _Line, first: int, last: int) -> Mention | None:
    """The country beside the office: before it, inside it, or behind it after at most two joining words."""
    before = first - 1
    if before > 0 and line.words[before].text in {"'s", "’s"}:
        before -= 1
    near = [line.until(before), *(line.at(place) for place in range(first, last + 1))]
    found = next((m for m in near if m and m.kind in _PLACES), None)
    if found:
        return found
    for place in range(last + 1, min(last + 2 + MAX_JOINERS, len(line.words))):
        behind, word = line.at(place), line.words[place]
        if behind:
            return behind if behind.kind in _PLACES else None
        if word.lower not in line.particles and len(word.text) > 4:
            return None
    return None
