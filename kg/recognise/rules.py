"""The recogniser: patterns, institutions, dictionary, demonyms, offices and a trained model, joined.

The rule of joining, in this order:
1. Patterns and institutions keep their span: a dictionary or a model would cut them in pieces. So do bodies named
   by a place that dictionary or model have found ("Landgericht Hamburg"). But no pattern cuts a person's full name.
2. Model and dictionary agree on a span: the model's kind holds when it is sure, but PROD, FAC and EVT are the
   dictionary's, for the model has no such kinds, and no country is an organisation.
3. Of overlapping spans the longest holds; at equal length the model's. But well-known names side by side, last
   names or places, are two (az "Əliyev Putini təbrik etdi").
4. A single word that only the dictionary knows must be well known, since the model has read it as no name.
Without a model its place is taken by shapes: runs of capitalised words, with a guess at their kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat

from spacy.tokens import Doc

from kg.model import Document, Language, Mention, Sentence
from kg.ontology.languages import languages, match_demonym
from kg.recognise import institutions, offices, shapes
from kg.recognise.dictionary import MAX_WORDS, Dictionary, Lexicon, is_name
from kg.recognise.joined import COUNTRY_PRIOR, agreed, outside_people, placed
from kg.recognise.lines import Line, heads, is_elided, is_title_case, role_places
from kg.recognise.proposals import DICTIONARY, PATTERN, Proposal, join, with_seats
from kg.recognise.protocol import Model
from kg.recognise.tokens import Token, pick, tokens, vocabulary
from kg.recognise.trained import Found
from kg.recognise.unknown import with_unknown


class RuleRecogniser:
    """Finds names by `patterns.toml`, `institutions.toml`, `demonyms.toml`, a lexicon and, if given, a model."""

    def __init__(self, lexicon: Lexicon, model: Model | None = None) -> None:
        self._dictionary = Dictionary(lexicon)
        self._model = model
        self.version = "rules-1" if model is None else f"rules-1+{model.version}"

    def mentions(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Mentions by span. Nationality words (NORP) and described persons may lie inside or over others."""
        known = languages()
        lines: list[Line] = []
        found: list[Mention] = []
        for sentence, names in zip(sentences, self._trained(document.text, sentences), strict=True):
            language = known.get(sentence.lang) or Language(sentence.lang, sentence.lang, "Latin")
            doc, words = tokens(document.text, sentence)
            own = vocabulary(language)
            lines.append(Line(words, language, own, is_title_case(words, own), role_places(words, language)))
            found += self._read(document.text, doc, lines[-1], names)
        found = list(_confirmed([*found, *_openings(document.text, lines, found)]))
        return tuple(sorted(found, key=lambda m: (m.span, m.kind)))

    def _trained(self, text: str, sentences: Sequence[Sentence]) -> Iterable[tuple[Found, ...] | None]:
        if self._model is None:
            return repeat(None, len(sentences))
        return self._model.names((s.span.of(text), s.lang) for s in sentences)

    def _read(self, text: str, doc: Doc, line: Line, trained: Sequence[Found] | None) -> Iterator[Mention]:
        patterns = [
            Proposal(s.first, s.last, s.kind, 0.9, f"pattern:{s.name}", PATTERN, s.hint) for s in shapes.find(doc)
        ]
        known = list(self._names(line))
        if trained is None:
            proposals = [*patterns, *self._institutions(line), *known]
            chosen = with_unknown(line, join(with_seats(line, proposals)))
        else:
            told = list(placed(line, trained))
            proposals = [*outside_people(patterns, told), *self._institutions(line), *agreed(line, known, told)]
            chosen = join(with_seats(line, proposals))
        named = [_mention(text, line, p) for p in chosen]
        adjectives = list(_demonyms(text, line, named))
        yield from named
        yield from adjectives
        yield from offices.nominals(text, line.tokens, line.language, [*named, *adjectives])

    def _institutions(self, line: Line) -> Iterator[Proposal]:
        def gap(token: Token) -> bool:
            return match_demonym(token.text, line.language.code) is not None

        for found in institutions.find(line.tokens, line.language.code, gap):
            first, last = self._with_country(line, found.first, found.last)
            phrase = found.phrase
            if first < found.first or last > found.last or any(t.is_capital for t in line.tokens[first : last + 1]):
                hint = f"institution={phrase.type}"
                yield Proposal(first, last, phrase.kind, 0.85, "institution", PATTERN, hint)

    def _with_country(self, line: Line, first: int, last: int) -> tuple[int, int]:
        """The institution with the country that stands right beside it: the official name is one mention."""
        if first > 0 and self._is_country(line, first - 1):
            return first - 1, last
        if last + 1 < len(line.tokens) and self._is_country(line, last + 1):
            return first, last + 1
        return first, last

    def _is_country(self, line: Line, position: int) -> bool:
        token = line.tokens[position]
        if not token.is_capital:
            return False
        entry = self._dictionary.find([token], line.language)
        return entry is not None and entry.kind == "LOC" and entry.prior > COUNTRY_PRIOR

    def _names(self, line: Line) -> Iterator[Proposal]:
        for first, token in enumerate(line.tokens):
            if not token.is_capital:
                continue
            for last in _ends(line, first):
                found = self._name(line, first, last)
                if found:
                    yield self._without_article(line, found)
                    break

    def _without_article(self, line: Line, found: Proposal) -> Proposal:
        """A name that the base also knows with the article before it: "L'Assemblée nationale", "La France"."""
        opener = line.tokens[found.first]
        if found.last == found.first or not (is_elided(opener) or line.words.is_word(opener)):
            return found
        bare = self._dictionary.find(line.tokens[found.first + 1 : found.last + 1], line.language)
        same = bare is not None and (bare.kind, bare.prior) == (found.kind, found.prior)
        return replace(found, first=found.first + 1) if same else found

    def _name(self, line: Line, first: int, last: int) -> Proposal | None:
        entry = self._dictionary.find(line.tokens[first : last + 1], line.language)
        if entry is None:
            return None
        single = line.tokens[first]
        word = line.words.is_word(single) or is_elided(single) or first in line.roles or heads(line, first)
        if first == last and word:
            return None
        if not is_name(entry, sentence_start=line.opens(first) or line.title_case):
            return None
        if first == last and match_demonym(single.text, line.language.code):
            return None
        score = min(1.0, 0.6 + entry.prior / 2)
        return Proposal(
            first, last, entry.kind, score, "dictionary", DICTIONARY, prior=entry.prior, country=entry.country
        )


def _ends(line: Line, first: int) -> Iterator[int]:
    """Last tokens of the names that may begin at `first`, longest first."""
    ends = []
    for last in range(first, min(first + MAX_WORDS, len(line.tokens))):
        token = line.tokens[last]
        if not token.is_word:
            break
        if token.is_capital or token.text[0].isdigit() or last - first in {1, 2}:
            ends.append(last)
        elif token.lower not in line.words.particles:
            break
    return reversed(ends)


def _demonyms(text: str, line: Line, named: Sequence[Mention]) -> Iterator[Mention]:
    """Nationality words, also inside institutions; a name that holds one ("Turkish Airlines") keeps it."""
    closed = [m.span for m in named if m.method != "institution"]
    for token in line.tokens:
        iso = match_demonym(token.text, line.language.code) if token.is_word else None
        if iso and not any(span.overlaps(token.span) for span in closed):
            hint = f"iso3166_1={iso}"
            yield Mention(
                token.span, token.span.of(text), "NORP", line.language.code, score=0.9, method="demonym", hint=hint
            )


def _mention(text: str, line: Line, found: Proposal) -> Mention:
    span = pick(line.tokens, found.first, found.last)
    surface = span.of(text)
    lang = line.language.code
    return Mention(span, surface, found.kind, lang, score=found.score, method=found.method, hint=found.hint)


def _openings(text: str, lines: Sequence[Line], found: Sequence[Mention]) -> Iterator[Mention]:
    """Last names that open a sentence: their capital proves nothing, the full name elsewhere does."""
    people = {m.surface.split()[-1] for m in found if _is_full_name(m)}
    taken = {m.span.start for m in found}
    for line in lines:
        for place, token in enumerate(line.tokens):
            if token.text in people and token.start not in taken and line.opens(place):
                yield Mention(
                    token.span, token.span.of(text), "PER", line.language.code, score=0.8, method="in-article"
                )


def _is_full_name(mention: Mention) -> bool:
    return mention.kind == "PER" and not mention.nominal and " " in mention.surface


def _confirmed(found: Sequence[Mention]) -> Iterator[Mention]:
    """Unknown single words take the kind of the full name that holds them elsewhere in the document."""
    people = {word.strip(".") for m in found if _is_full_name(m) for word in m.surface.split()}
    for mention in found:
        if mention.method == "shape" and mention.surface in people and mention.kind != "PER":
            yield replace(mention, kind="PER", score=0.7)
        else:
            yield mention
