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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat

from spacy.tokens import Doc

from kg.model import Document, Kind, Language, Mention, Sentence
from kg.ontology.languages import languages, match_demonym
from kg.recognise import institutions, offices, shapes
from kg.recognise.dictionary import MAX_WORDS, Dictionary, Lexicon, is_name
from kg.recognise.lines import Line, begins, heads, is_elided, is_title_case, role_places
from kg.recognise.protocol import Model
from kg.recognise.tokens import Token, pick, tokens, vocabulary
from kg.recognise.trained import Found

_PATTERN, _MODEL, _DICTIONARY, _SHAPE = 0, 1, 2, 3
SURE = 0.6  # the model's confidence from which its kind beats the dictionary's
KNOWN = 0.35  # the prominence from which a single word is a name although the model sees none
# Kinds that a model may give; our own gives the first three.
_KINDS: Mapping[str, Kind] = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "FAC": "FAC", "EVT": "EVT", "PROD": "PROD"}
_PLAIN = frozenset({"PER", "LOC", "ORG"})
COUNTRY_PRIOR = 0.5  # what is better known than this and a place is a country or a capital


@dataclass(frozen=True, slots=True)
class _Proposal:
    first: int
    last: int
    kind: Kind
    score: float
    method: str
    rank: int
    hint: str | None = None
    prior: float = 0.0  # the prominence of what the dictionary knows
    country: bool = False

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Patterns before names (they would be cut), then longest, then model, dictionary, shape, then first."""
        return (self.rank != _PATTERN, self.first - self.last, self.rank, self.first)


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
            _Proposal(s.first, s.last, s.kind, 0.9, f"pattern:{s.name}", _PATTERN, s.hint) for s in shapes.find(doc)
        ]
        known = list(self._names(line))
        if trained is None:
            proposals = [*patterns, *self._institutions(line), *known]
            chosen = _with_unknown(line, _join(_with_seats(line, proposals)))
        else:
            placed = list(_placed(line, trained))
            proposals = [*_outside_people(patterns, placed), *self._institutions(line), *_agreed(line, known, placed)]
            chosen = _join(_with_seats(line, proposals))
        named = [_mention(text, line, p) for p in chosen]
        adjectives = list(_demonyms(text, line, named))
        yield from named
        yield from adjectives
        yield from offices.nominals(text, line.tokens, line.language, [*named, *adjectives])

    def _institutions(self, line: Line) -> Iterator[_Proposal]:
        def gap(token: Token) -> bool:
            return match_demonym(token.text, line.language.code) is not None

        for found in institutions.find(line.tokens, line.language.code, gap):
            first, last = self._with_country(line, found.first, found.last)
            phrase = found.phrase
            if first < found.first or last > found.last or any(t.is_capital for t in line.tokens[first : last + 1]):
                hint = f"institution={phrase.type}"
                yield _Proposal(first, last, phrase.kind, 0.85, "institution", _PATTERN, hint)

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

    def _names(self, line: Line) -> Iterator[_Proposal]:
        for first, token in enumerate(line.tokens):
            if not token.is_capital:
                continue
            for last in _ends(line, first):
                found = self._name(line, first, last)
                if found:
                    yield self._without_article(line, found)
                    break

    def _without_article(self, line: Line, found: _Proposal) -> _Proposal:
        """A name that the base also knows with the article before it: "L'Assemblée nationale", "La France"."""
        opener = line.tokens[found.first]
        if found.last == found.first or not (is_elided(opener) or line.words.is_word(opener)):
            return found
        bare = self._dictionary.find(line.tokens[found.first + 1 : found.last + 1], line.language)
        same = bare is not None and (bare.kind, bare.prior) == (found.kind, found.prior)
        return replace(found, first=found.first + 1) if same else found

    def _name(self, line: Line, first: int, last: int) -> _Proposal | None:
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
        return _Proposal(
            first, last, entry.kind, score, "dictionary", _DICTIONARY, prior=entry.prior, country=entry.country
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


def _with_seats(line: Line, proposals: list[_Proposal]) -> list[_Proposal]:
    """The proposals, and the bodies that are named by the places among them."""
    seats = []
    for place in proposals:
        first = institutions.seated(line.tokens, place.first, line.language.code) if place.kind == "LOC" else None
        if first is not None:
            seats.append(_Proposal(first, place.last, "ORG", 0.85, "seat", _PATTERN))
    return [*proposals, *seats]


def _join(proposals: list[_Proposal]) -> list[_Proposal]:
    """One set of spans that do not overlap, by the order of `_Proposal`."""
    taken: set[int] = set()
    chosen = []
    for proposal in sorted(proposals, key=lambda p: p.order):
        places = range(proposal.first, proposal.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(proposal)
    return chosen


def _placed(line: Line, trained: Sequence[Found]) -> Iterator[_Proposal]:
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
            yield _Proposal(first, inside[-1], _KINDS[found.kind], found.score, "model", _MODEL)


def _is_word(line: Line, token: Token, kind: str) -> bool:
    """Whether what the model takes for a person or a place is a word: "Judecătorii" are judges, "Montag" is a day."""
    if kind == "PER":
        return line.words.is_word(token)
    return kind == "LOC" and token.lower in line.words.stopwords  # inflected, it may be a place all the same


def _agreed(line: Line, known: Sequence[_Proposal], trained: Sequence[_Proposal]) -> Iterator[_Proposal]:
    """Dictionary and model made one, by rules 2 and 4 of the module's docstring."""
    countries = {p.first for p in known if p.first == p.last and _well_known(p)}
    trained = [_without_country(p, countries) for p in trained]
    spans = {(p.first, p.last): p for p in trained}
    met = set()
    for entry in known:
        same = spans.get((entry.first, entry.last))
        if same:
            met.add((entry.first, entry.last))
            kind = entry.kind if _stays(entry, same) else same.kind
            yield replace(entry, kind=kind, score=max(entry.score, same.score), rank=_MODEL)
        elif entry.last > entry.first or entry.prior >= KNOWN or _is_acronym(line, entry):
            yield entry
    single = {p.first for p in known if p.first == p.last and p.kind in {"PER", "LOC"} and p.prior >= KNOWN}
    for name in trained:
        apart = name.kind != "ORG" and name.last > name.first and single.issuperset(range(name.first, name.last + 1))
        if (name.first, name.last) not in met and not apart:
            yield from _cut(line, name, known)


def _stays(entry: _Proposal, same: _Proposal) -> bool:
    """Whether the dictionary's kind holds against the model's for the same span."""
    if entry.kind not in _PLAIN or same.score < SURE:
        return True
    # A country that acts is a country: the Greek texts that the model learnt from call it an organisation.
    if entry.country and same.kind == "ORG":
        return True
    # No place is called "African Union", and nothing but a country "United Arab Emirates".
    return entry.last > entry.first and (same.kind == "LOC" or _well_known(entry))


def _well_known(place: _Proposal) -> bool:
    return place.kind == "LOC" and place.prior > COUNTRY_PRIOR


def _outside_people(patterns: Sequence[_Proposal], trained: Sequence[_Proposal]) -> Iterator[_Proposal]:
    """The patterns without those inside a person's full name: "Alparslan Bayraktar" is no drone."""
    people = [p for p in trained if p.kind == "PER" and p.last > p.first and p.score >= SURE]
    for one in patterns:
        if not any(p.first <= one.first and one.last <= p.last for p in people):
            yield one


def _is_acronym(line: Line, entry: _Proposal) -> bool:
    """Whether a known organisation stands in capitals where others do not: ASML, VVD."""
    return entry.kind == "ORG" and line.tokens[entry.first].is_acronym and not line.title_case


def _without_country(name: _Proposal, countries: set[int]) -> _Proposal:
    """A full name without the country that the model has joined to it: "ο πρόεδρος του Αζερμπαϊτζάν Ιλχάμ Αλίεφ"."""
    joined = name.kind == "PER" and name.last - name.first >= 2 and name.first in countries
    return replace(name, first=name.first + 1) if joined else name


def _cut(line: Line, name: _Proposal, known: Sequence[_Proposal]) -> Iterator[_Proposal]:
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


def _with_unknown(line: Line, chosen: list[_Proposal]) -> list[_Proposal]:
    """The chosen names and the runs of capitalised words that nothing has claimed: names that no base knows."""
    # German writes every noun with a capital: there a capital alone is no sign of a name.
    if line.title_case or line.language.code == "de":
        return chosen
    kept = {p.first: p for p in chosen}
    taken = {place for p in chosen for place in range(p.first, p.last + 1)}
    for first, last in _runs(line, taken):
        only_kind = all(shapes.tells_kind(t, line.language.code) for t in line.tokens[first : last + 1])
        start = first - 1 if _belongs(line, first, last, kept) else first
        if only_kind and start == first:
            continue  # "the Commission": a kind of thing, not a name
        if start < first:
            kept.pop(start, None)
        kept[start] = _guess(line, start, last)
    return [kept[place] for place in sorted(kept)]


def _belongs(line: Line, first: int, last: int, kept: Mapping[int, _Proposal]) -> bool:
    """Whether the country before an organisation's words is part of its name: Turkish Airlines, Azerbaijan Airlines."""
    if first == 0 or not shapes.tells_kind(line.tokens[last], line.language.code):
        return False
    before, token = kept.get(first - 1), line.tokens[first - 1]
    if before:
        return before.last == first - 1 and before.kind == "LOC" and before.rank == _DICTIONARY
    return token.is_capital and match_demonym(token.text, line.language.code) is not None


def _runs(line: Line, taken: set[int]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for place in range(len(line.tokens) + 1):
        inside = place < len(line.tokens) and place not in taken and _may_name(line, place)
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            yield start, place - 1
            start = None


def _may_name(line: Line, place: int) -> bool:
    token = line.tokens[place]
    if not token.is_capital or not token.text[0].isalpha():
        return False
    if line.words.is_word(token) or place in line.roles:
        return False
    if len(token.text) < 3 and not token.is_acronym:
        return False
    if match_demonym(token.text, line.language.code):
        return False
    # The capital of a sentence's first word is a name's only when another capital follows.
    follows = place + 1 < len(line.tokens) and line.tokens[place + 1].is_capital
    return not line.opens(place) or token.is_acronym or follows


def _guess(line: Line, first: int, last: int) -> _Proposal:
    before = line.tokens[first - 1] if first else None
    kind, score = shapes.kind_of(line.tokens[first : last + 1], line.language.code, before)
    return _Proposal(first, last, kind, score, "shape", _SHAPE)


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


def _mention(text: str, line: Line, found: _Proposal) -> Mention:
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
