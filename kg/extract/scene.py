"""A sentence as the rules see it: words with their tags, names as chunks, quotations, times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extract.lexicon import Findings, Lexicon
from kg.extract.things import Placed, spotted
from kg.extract.words import Words
from kg.model import Entity, Kind, Link, Sentence, Span, When
from kg.ontology import Thing

_QUOTES = frozenset('"“”„«»')
_OPENING = frozenset("„«“")
_STOPS = frozenset(";:—–")
_SAYING = 6  # words that a quotation must have to be somebody's speech
_TAGS = (
    "according",
    "pair",
    "relative",
    "that",
    "clause",
    "pronouns",
    "and",
    "adverbs",
    "articles",
)  # the first that fits counts


@dataclass(frozen=True, slots=True)
class Chunk:
    """A name (or description) with the words that belong to it: "with the Azerbaijani president, Ilham Aliyev"."""

    index: int
    link: Link
    start: int  # first word of the mention
    end: int  # after its last word
    left: int  # first word of the whole phrase, without its preposition
    markers: frozenset[str]  # what prepositions, postpositions and endings say: with, to, in, ... nom, acc
    owner: int | None = None  # the chunk that it describes: Azerbaijan in "Azerbaijan's President Aliyev"
    group: int = 0  # chunks joined by "and" have one number
    possessive: bool = False  # followed by 's, or in the genitive of a language that puts it first
    thing: Thing | None = None  # what a description describes: "the plane"; None: a name, or an office

    @property
    def entity(self) -> Entity:
        """Whom it stands for."""
        return self.link.entity

    @property
    def kind(self) -> Kind:
        """The kind of the mention: Russian is NORP although it stands for a country."""
        return self.link.mention.kind


@dataclass(frozen=True)
class Scene:
    """One sentence, analysed."""

    sentence: Sentence
    words: Words
    lexicon: Lexicon
    found: Findings
    tags: tuple[str, ...]  # of each word: chunk time verb noun relative that clause pronouns and comma stop ...
    quoted: tuple[int, ...]  # 0 outside quotations, else which one
    chunks: tuple[Chunk, ...] = ()
    at: tuple[int, ...] = ()  # of each word: the chunk whose mention it belongs to, or -1
    times: tuple[tuple[int, int, When], ...] = ()  # (first word, after the last, value)
    inner: tuple[Link, ...] = ()  # names inside descriptions, which are no chunks: Chile in "the president of Chile"
    cues: dict[str, frozenset[int]] = field(default_factory=dict)  # category -> words that a cue covers

    def span(self, start: int, end: int) -> Span:
        """Words as a stretch of the document."""
        return Span(self.words.starts[start], self.words.ends[end - 1])

    def covered(self, category: str) -> frozenset[int]:
        """The words that cues of a category cover."""
        return self.cues.get(category, frozenset())

    def members(self, chunk: Chunk) -> tuple[Chunk, ...]:
        """The chunk and those joined to it by "and", in the order of the text."""
        return tuple(one for one in self.chunks if one.group == chunk.group and one.owner is None) or (chunk,)

    def free(self) -> Iterator[Chunk]:
        """The chunks that describe no other."""
        return (chunk for chunk in self.chunks if chunk.owner is None)


def word_range(words: Words, span: Span) -> tuple[int, int]:
    """The words that a span touches, half-open."""
    return bisect_right(words.ends, span.start), bisect_left(words.starts, span.end)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a text says of time, by span: times, and those that nobody can date ("Dec. 26" of no known year)."""

    times: Sequence[When] = ()
    undated: Sequence[Span] = ()

    def within(self, span: Span) -> Clock:
        """The part inside a span."""
        first, last = (bisect_left(self.times, at, key=_begins) for at in (span.start, span.end))
        times = [when for when in self.times[first:last] if span.covers(when.span)]
        first, last = (bisect_left(self.undated, at, key=_starts) for at in (span.start, span.end))
        return Clock(times, [one for one in self.undated[first:last] if span.covers(one)])


def _begins(when: When) -> int:
    return when.span.start


def _starts(span: Span) -> int:
    return span.start


def base_scene(
    sentence: Sentence,
    words: Words,
    lexicon: Lexicon,
    links: Sequence[Link],
    clock: Clock,
) -> tuple[Scene, tuple[tuple[int, int, Link], ...]]:
    """The scene before its chunks are known, and the mentions as (first word, after the last, link)."""
    found = lexicon.find(words.folded)
    moments = tuple((*word_range(words, when.span), when) for when in clock.times)
    mentions = _outermost(_whole([(*word_range(words, link.mention.span), link) for link in links], found))
    timed = [*(one[:2] for one in moments), *(word_range(words, span) for span in clock.undated)]
    mentions = _with_descriptions(mentions, found, words, timed, sentence.lang)
    cues = {name: frozenset(i for a, b in spans for i in range(a, b)) for name, spans in found.cues.items()}
    at = [-1] * len(words)
    for index, (start, end, _) in enumerate(mentions):
        at[start:end] = [index] * (end - start)
    tags = _tags(words, found, cues, at, timed)
    pairs = zip(tags, words.folded, strict=True)
    tags = tuple("adverbs" if tag == "word" and word in lexicon.small else tag for tag, word in pairs)
    named = {i for i, index in enumerate(at) if index >= 0}  # "Irán" is no future tense
    cues = {name: covered - named for name, covered in cues.items()}
    kept = {link.mention.span for _, _, link in mentions}
    inner = tuple(link for link in links if link.mention.span not in kept and not link.mention.nominal)
    quoted = _quotes(words)
    scene = Scene(sentence, words, lexicon, found, tags, quoted, at=tuple(at), times=moments, inner=inner, cues=cues)
    return scene, mentions


def _whole(mentions: list[Placed], found: Findings) -> list[Placed]:
    """Without descriptions that are none: "presidents | in | Dushanbe", and "the two presidents", who are a pair."""
    inside = found.cues.get("before:in", ())
    of, pairs = set(found.cues.get("before:of", ())), found.cues.get("pair", ())

    def wrong(start: int, end: int) -> bool:
        joined = any(start < a and b < end and (a, b) not in of for a, b in inside)
        return joined or any(a <= start < b for a, b in pairs)

    return [one for one in mentions if not (one[2].mention.nominal and wrong(one[0], one[1]))]


def _with_descriptions(
    mentions: tuple[Placed, ...],
    found: Findings,
    words: Words,
    timed: Sequence[tuple[int, int]],
    lang: str,
) -> tuple[Placed, ...]:
    """The mentions and, outside them, what the sentence describes without naming it."""
    if not found.things:
        return mentions
    closed = [*(one[:2] for one in mentions), *timed, *found.cues.get("pair", ())]
    taken = {i for start, end in closed for i in range(start, end)}
    return tuple(sorted([*mentions, *spotted(found, words, mentions, taken, lang)], key=lambda one: one[:2]))


def _outermost(mentions: list[tuple[int, int, Link]]) -> tuple[tuple[int, int, Link], ...]:
    """The mentions without those inside others, by place; of two on the same words the named one."""
    ranked = sorted(mentions, key=lambda one: (one[0], -one[1], one[2].mention.nominal))
    kept: list[tuple[int, int, Link]] = []
    for start, end, link in ranked:
        if start < end and (not kept or start >= kept[-1][1]):
            kept.append((start, end, link))
    return tuple(kept)


def _tags(
    words: Words,
    found: Findings,
    cues: dict[str, frozenset[int]],
    at: Sequence[int],
    timed: Sequence[tuple[int, int]],
) -> tuple[str, ...]:
    brought = frozenset(i for name, covered in cues.items() if name.startswith("before:") for i in covered)
    named = [(name, cues[name]) for name in _TAGS if name in cues]
    tags = [_tag(i, word, named, brought) for i, word in enumerate(words.folded)]
    for hit in found.triggers:
        form = "noun" if hit.item.form == "noun" else "verb"
        if hit.item.form != "not":
            tags[hit.start : hit.end] = [form] * (hit.end - hit.start)
    for start, end in timed:
        tags[start:end] = ["time"] * (end - start)
    return tuple("chunk" if at[i] >= 0 else tag for i, tag in enumerate(tags))


def _tag(i: int, word: str, named: Sequence[tuple[str, frozenset[int]]], brought: frozenset[int]) -> str:
    if not word[0].isalnum():
        return "comma" if word == "," else "stop" if word in _STOPS else "quote" if word in _QUOTES else "mark"
    for name, covered in named:
        if i in covered:
            return name
    return "marker" if i in brought else "word"


def _quotes(words: Words) -> tuple[int, ...]:
    """Which quotation each word stands in; the marks themselves belong to it. A word or two in quotes say nothing."""
    numbers, current, count = [], 0, 0
    for word in words.folded:
        if word in _QUOTES:
            if current and word not in _OPENING - {"“"}:
                numbers.append(current)
                current = 0
                continue
            count += 1
            current = count
        numbers.append(current)
    said = Counter(n for n, word in zip(numbers, words.folded, strict=True) if word[0].isalnum())
    kept = {n for n, length in said.items() if length >= _SAYING and n != current}
    return tuple(n if n in kept else 0 for n in numbers)
