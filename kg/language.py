"""The language of a document and of each piece of it, and its sentences.

A segment is a paragraph or a line of its own. Letters and small words (`ontology/profiles.toml`) name the language
of nearly every segment and cost a microsecond a word; py3langid is asked where they are in doubt, and loaded only
then, since its model takes 0.7 s and 60 MB.

Sentence boundaries are proposed by sentencex (10 million characters a second, quotations stay whole), and then
reviewed with the abbreviations of the same file: sentencex has none for Azerbaijani and Romanian, cuts after
initials ("İ. Əliyev", "Вл. Путин") and never after a year ("... през 2020 г. Алиев каза ...").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, cast

from sentencex import get_sentence_boundaries

from kg.model import Document, Sentence, Span, Zone
from kg.ontology.profiles import Profile, profiles

UNKNOWN = "und"  # ISO 639-2 for "undetermined": a text without a word

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINE = re.compile(r"[^\s](?:[^\r\n\v\f\x85\u2028\u2029]*[^\s])?")
_TWEET = re.compile(r"pic\.twitter\.com/|https://t\.co/|\(@\w{2,15}\)\s")
_FINAL = re.compile(r"[.!?…;:»”“\"')\]]$")
_STOP = re.compile(r"[.!?…]+[»”“’\"')\]]*\s+(?=[«„“”\"'(\[—–-]*\s?[^\W\d_])")
_ROMAN = re.compile(r"[IVX]+")
_GLUED = re.compile(r"(?:\b[^\W\d_]|\b[A-ZА-ЯΑ-Ω]+)\.$")  # "VI a.C.", "ONLINE.UA": no white space, no end
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}\s+")  # "in D.C. The mayor": sentencex never cuts there
_OPENING = "«„“”\"'‘’([{—–-¿¡ \t\u00a0"
_AHEAD = 400  # code points behind a boundary that are looked at
_WORDS = 150  # words of a segment that are looked at: enough to be sure, and a bound for endless lines
_LONG = 600  # characters of a sentence from which an unclosed quotation mark is the likelier reason
_EMPTY = Profile(UNKNOWN, frozenset(), frozenset(), frozenset(), frozenset())


def sentences(document: Document) -> tuple[str, tuple[Sentence, ...]]:
    """The document's language (ISO 639-1, "und" if it has no word) and its sentences without the boilerplate.

    Sentences are sorted and disjoint; with the skipped spans and white space they cover the text. None crosses
    the end of a paragraph. A segment in another language than the document, or a tweet, is of zone "embedded".
    """
    segments = _segments(document)
    texts = [segment.of(document.text) for segment in segments]
    votes = [_votes(text) for text in texts]
    lang = _document_language(document.lang, texts, votes)
    headline = _headline(document.title, texts)
    found: list[Sentence] = []
    for number, (segment, text, vote) in enumerate(zip(segments, texts, votes, strict=True)):
        own = _segment_language(text, vote, lang)
        embedded = own != lang or bool(_TWEET.search(text))
        zone: Zone = "headline" if number == headline else "embedded" if embedded else "body"
        for start, end in split(text, own):
            found.append(Sentence(Span(segment.start + start, segment.start + end), own, zone))
    return lang, tuple(found)


def split(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """The sentences of one segment as (start, end), without the white space around them."""
    profile = profiles().get(lang, _EMPTY)
    start = 0
    for cut in _proposed(text, lang):
        if (
            cut > start
            and not _GLUED.search(text, start, cut)  # not from the text's beginning: that would be quadratic
            and not _joined(text[start:cut].rstrip(), text[cut : cut + _AHEAD].lstrip(), profile)
        ):
            yield from _trimmed(text, start, cut)
            start = cut
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _proposed(text: str, lang: str) -> list[int]:
    """Where a sentence may begin: sentencex's word for it, and the stops that it passes over."""
    found = cast(Sequence[Mapping[str, Any]], get_sentence_boundaries(lang, text))
    cuts = {int(row["start_index"]) for row in found}
    for start, end in pairwise([*sorted(cuts), len(text)]):
        if end - start > _LONG:  # a quotation mark never closed keeps sentencex from cutting at all
            cuts |= {stop.end() for stop in _STOP.finditer(text, start, end)}
    cuts |= {year.end() for year in _after_number(lang).finditer(text)}
    return sorted(cuts | {place.end() for place in _INITIALS.finditer(text)})


@cache
def _after_number(lang: str) -> re.Pattern[str]:
    """`2020 г. ` before a capital letter, which sentencex never takes for an end."""
    words = sorted(profiles().get(lang, _EMPTY).numbers, key=len, reverse=True)
    return re.compile(rf"\d[\d.,]*\s?(?:{'|'.join(map(re.escape, words)) or '(?!)'})\.\s+(?=[«„“\"]?[^\W\d_])")


def _joined(before: str, after: str, profile: Profile) -> bool:
    """Whether a proposed boundary is none: both sides belong to one sentence."""
    opening = after.lstrip(_OPENING)
    if not opening or opening[0].islower() or not before.strip(_OPENING):
        return True
    return before.endswith(".") and _abbreviated(before.split(), opening, profile)


def _abbreviated(words: Sequence[str], opening: str, profile: Profile) -> bool:
    """Whether the full stop of the last word ends no sentence; `opening`: what follows, without quotation marks."""
    word = words[-1].lstrip(_OPENING)[:-1]
    low = word.lower()
    following = _WORD.match(opening)
    # The next word is one that opens sentences and no name: "... in the U.S. The ..."
    small = following is not None and following[0].lower() in profile.words
    if word.isdigit() or _ROMAN.fullmatch(word):
        ordinal = profile.ordinals and (len(word) <= 2 or not word.isdigit()) and not small
        return len(words) == 1 or ordinal  # alone: the number of a list
    if _ends_number(words, low, profile):
        return opening[0].isdigit() or (len(words) <= 5 and not small)
    initials = word.replace(".", "")
    return (
        low in profile.abbreviations
        or (low in profile.numbers and opening[0].isdigit())
        or (not small and word[-1:].isupper() and (len(initials) == 1 or ("." in word and initials.isupper())))
    )


def _ends_number(words: Sequence[str], low: str, profile: Profile) -> bool:
    """Whether the last word is the unit of a number: 2020 г., 5 млн., 3,5 mld."""
    digits, unit = re.fullmatch(r"(\d[\d.,]*)?(.*)", low, re.DOTALL).groups()  # type: ignore[union-attr]
    return unit in profile.numbers and bool(digits or (len(words) > 1 and words[-2][-1].isdigit()))


def _segments(document: Document) -> list[Span]:
    """The paragraphs without what is skipped; the lines of a text broken at a fixed width are put together."""
    text = document.text
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    wrapped = _is_wrapped(text, lines)
    paragraphs: list[Span] = []
    for line in lines:
        last = paragraphs[-1] if paragraphs else None
        if last and text.count("\n", last.end, line.start) == 1 and (wrapped or text[line.start].islower()):
            paragraphs[-1] = Span(last.start, line.end)
        else:
            paragraphs.append(line)
    skipped = [row.span for row in document.skipped]
    return [piece for paragraph in paragraphs for piece in _without(text, paragraph, skipped)]


def _is_wrapped(text: str, lines: Sequence[Span]) -> bool:
    """Whether line feeds stand at a width and not at the ends of paragraphs, as in old mail and wire copy."""
    followed = [a for a, b in pairwise(lines) if text.count("\n", a.end, b.start) == 1]
    if len(followed) < 4 or max(map(len, followed)) > 110:
        return False
    unfinished = sum(1 for line in followed if not _FINAL.search(line.of(text)))
    return unfinished >= 0.6 * len(followed) and min(map(len, followed)) >= 40


def _without(text: str, paragraph: Span, skipped: Sequence[Span]) -> Iterator[Span]:
    start = paragraph.start
    for gap in (*(span for span in skipped if span.overlaps(paragraph)), Span(paragraph.end, paragraph.end)):
        for begin, end in _trimmed(text, start, max(start, gap.start)):
            yield Span(begin, end)
        start = max(start, gap.end)


def _headline(title: str | None, texts: Sequence[str]) -> int | None:
    """The number of the segment that is the title."""
    return next((number for number, text in enumerate(texts) if text == title), None)


def _votes(text: str) -> dict[str, float]:
    """How much the letters and small words of a text speak for each language."""
    total: dict[str, float] = {}
    count = 0
    for count, word in enumerate(_WORD.finditer(text)):
        if count == _WORDS:
            break
        for lang, weight in _evidence(word[0]):
            total[lang] = total.get(lang, 0.0) + weight
    letters = set(text.lower())
    if len(text) >= 40:  # some thirty letters
        for lang in total:
            if (profile := profiles()[lang]).frequent and letters.isdisjoint(profile.frequent):
                total[lang] -= 0.2 * count
    return total


@lru_cache(1 << 16)
def _evidence(word: str) -> tuple[tuple[str, float], ...]:
    """A word's weight for and against languages: a small word is shared out among those that have it; letters
    speak for the few alphabets that have them, and against the others.
    """
    low = word.replace("İ", "i").lower()
    owners, every = _owners(), profiles()
    found = {lang: 1 / len(owners[low]) for lang in owners.get(low, ())}
    letters = set(low) - set("'’-")
    if not low.isascii():
        fit = [lang for lang, profile in every.items() if letters <= profile.letters]
        if len(fit) < len(every):
            for lang in every:
                found[lang] = found.get(lang, 0.0) + (0.5 / len(fit) if lang in fit else -0.25)
    return tuple(found.items())


@cache
def _owners() -> Mapping[str, tuple[str, ...]]:
    owners: dict[str, list[str]] = {}
    for lang, profile in profiles().items():
        for word in profile.words:
            owners.setdefault(word, []).append(lang)
    return {word: tuple(langs) for word, langs in owners.items()}


def _document_language(declared: str | None, texts: Sequence[str], votes: Sequence[Mapping[str, float]]) -> str:
    total: dict[str, float] = {}
    for vote in votes:
        for lang, weight in vote.items():
            total[lang] = total.get(lang, 0.0) + weight
    ranked = sorted(total, key=lambda lang: (-total[lang], lang))
    words = sum(min(_WORDS, len(text.split())) for text in texts)
    best = ranked[0] if ranked else None
    if best:
        lead = total[best] - (total[ranked[1]] if len(ranked) > 1 else 0.0)
        # Our languages reach .2 a word and more; one that has no profile stays far below that in all of them.
        if lead >= max(1.5, 0.04 * words) and total[best] >= 0.1 * words:
            return best
    if declared and (declared not in profiles() or best is None or total.get(declared, 0.0) >= 0.5 * total[best]):
        return declared
    return _by_model("\n".join(texts)[:4000], [best, declared] if words < 30 else ())


def _segment_language(text: str, votes: Mapping[str, float], document: str) -> str:
    """The document's language, unless the segment speaks clearly for another one."""
    best = max(votes, key=lambda lang: (votes[lang], lang), default=document)
    own = votes.get(document, 0.0)
    if best != document and votes[best] - own >= 2.0:
        return best
    words = len(text.split())
    if document in profiles() and (
        # So little for the document's language in so many words: names alone, or a language without a profile.
        (words >= 12 and own < 0.05 * words)
        # Another script: names and codes ("Embraer E190") stay of the document's language, a sentence does not.
        or (words >= 4 and own <= 0 and not _spelled(text, profiles()[document]))
    ):
        return _by_model(text, (), otherwise=document)
    return document


def _spelled(text: str, profile: Profile) -> bool:
    """Whether at least a fifth of the letters are of the language's alphabet."""
    letters = [letter for letter in text.lower() if letter.isalpha()]
    return sum(1 for letter in letters if letter in profile.letters) >= 0.2 * len(letters)


def _by_model(text: str, likely: Sequence[str | None], otherwise: str | None = None) -> str:
    """py3langid's word for it; with `likely` or `otherwise`, only where it is sure of another language."""
    if not _WORD.search(text):
        return otherwise or next((lang for lang in likely if lang), UNKNOWN)
    ranked: list[tuple[str, float]] = _model().rank(text)
    known = dict(ranked)
    every = profiles()
    if not any(_spelled(text, profile) for profile in every.values()):
        return ranked[0][0]  # a script that none of our languages has
    # A text too short to be sure is of a language that we read, not of a rare relative of it.
    sure = ranked[0][1] >= 0.9 and (ranked[0][0] in every or len(text) >= 60)
    if otherwise:
        return ranked[0][0] if sure else otherwise
    return ranked[0][0] if sure else max(every, key=lambda lang: known.get(lang, 0.0) * (3 if lang in likely else 1))


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see the head of this file

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
