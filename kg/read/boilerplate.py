"""What pages print around an article, as spans that later stages pass over; the text itself stays whole.

Three sorts of evidence, none of it about one site: shapes (a dateline, an e-mail address alone on its line, a
title with the name of the site), repetition (a title or a paragraph that comes again), and the words of
`ontology/boilerplate.toml`. When in doubt a line stays: what is skipped by mistake is a fact lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from kg.errors import DataError
from kg.model import Skipped, Span
from kg.names import fold
from kg.ontology.languages import parse
from kg.shipped import shipped

MATCHES = frozenset({"alone", "opens", "begins", "heads", "inline", "contains", "only"})

_LINE = re.compile(r"[^\s](?:[^\r\n\v\f\x85\u2028\u2029]*[^\s])?")
_DATELINE = re.compile(r"\s*(date (\d{4}-\d{2}-\d{2}))(?!\S)")
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_MAIL_LINE = re.compile(rf"(?:[\w’'-]+[\s:]+){{0,5}}[<(\[]?{_MAIL}[>)\]]?\W*")
_LINK_LINE = re.compile(r"\W*(?:https?://|www\.)\S+\W*")
_SITE = re.compile(r"\s+(?:[|–—·»•-]+|::)\s+")  # between a title and the name of its site
_BAR = re.compile(r"\s+\|+\s+")  # that sign alone is never part of a headline
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_OPENS = re.compile(r"\s*(?::|»|>|→|▶|►|\|)|\s+[–—-](?=\s)")
_SENTENCES = re.compile(r"[.!?]\s+\W*[^\W\d_a-z]")
_STOPS = ".;:…,"
_AFTER_SENTENCE = re.compile(r"[.!?…»”“\"')]\s*$")
_TITLE = 200  # characters of the longest line that may be a title
_HEADLINE = 20  # characters from which a line that comes twice at the top is a headline
_HEAD = 8  # lines in which a page prints its titles
_REPEATED = 60  # characters from which a line that comes again is no accident


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `ontology/boilerplate.toml`, its words folded."""

    reason: str
    match: frozenset[str]
    longest: int
    below: int
    words: frozenset[str]
    also: frozenset[str]  # "and" or "with", as the match needs


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str
    folded: str  # without case and marks; "" where too long to be boilerplate or a title

    @property
    def bare(self) -> str:
        """Folded, without signs and numbers at both ends."""
        return _EDGES.sub("", self.folded)

    @property
    def title_like(self) -> bool:
        """Short, of two words or more, and without the stop that ends a sentence."""
        return bool(self.folded) and len(self.text) <= _TITLE and self.text[-1] not in _STOPS and " " in self.folded


@cache
def rules() -> tuple[Rule, ...]:
    """The rows of `ontology/boilerplate.toml`, in its order. Raises DataError."""
    rows = parse(shipped("ontology/boilerplate.toml")).get("rule", [])
    return tuple(_rule(row) for row in rows)


def dateline(text: str) -> tuple[Span, date] | None:
    """The `date YYYY-MM-DD` that opens a text, and its day; None where there is none or no such day."""
    found = _DATELINE.match(text)
    try:
        return (Span(*found.span(1)), date.fromisoformat(found[2])) if found else None
    except ValueError:
        return None


def mark(text: str, title: str | None = None) -> tuple[str | None, tuple[Skipped, ...]]:
    """The headline as it stands in the text, and what to pass over, sorted and disjoint.

    title: as the source declares it. The headline is the first plain line of the text that says it; where
    none does, the declared title; where none is declared, a short first line without a final stop, or None.
    """
    opening = dateline(text)
    spans = {opening[0]: "dateline"} if opening else {}
    lines = _lines(text, opening[0].end if opening else 0)
    headline, titles = _titles(lines, title)
    spans |= titles
    spans |= _repeated([line for line in lines if line.span not in spans], headline)
    spans |= _by_words([line for line in lines if line.span not in spans])
    return headline, tuple(Skipped(span, spans[span]) for span in sorted(spans))


def _lines(text: str, start: int) -> list[_Line]:
    longest = max((rule.longest for rule in rules()), default=_TITLE)
    found = []
    for match in _LINE.finditer(text, start):
        line = match[0]
        found.append(_Line(Span(*match.span()), line, fold(line) if len(line) <= longest else ""))
    return found


def _titles(lines: Sequence[_Line], declared: str | None) -> tuple[str | None, dict[Span, str]]:
    """The headline, and the lines of the head that say it together with the name of the site."""
    own = [line for line in lines[:_HEAD] if not (_heading(line) or _shape(line) or _word(line))]
    head = [line for line in own if line.title_like]
    counts = Counter(line.folded for line in head)
    known = {fold(part) for part in _parts(declared)} if declared else set()
    # What comes twice at the top is the title, unless it is as short as a byline.
    known |= {text for text, count in counts.items() if count > 1 and len(text) >= _HEADLINE}
    sited = {}  # page title -> the piece of it that is the headline
    for line in head:
        piece = next((part for part in _parts(line.text)[1:] if fold(part) in known or counts[fold(part)]), None)
        if piece:
            sited[line.span] = piece
            known.add(fold(piece))
    plain = next((line for line in head if line.folded in known and line.span not in sited), None)
    if plain:
        return plain.text, dict.fromkeys(sited, "page_title")
    if sited:  # no plain copy: one must stay
        line = next(line for line in head if line.span in sited)
        return sited[line.span], _around(line, sited[line.span]) | dict.fromkeys(list(sited)[1:], "page_title")
    if declared or len(lines) < 2 or not head or own[0] is not head[0]:
        return declared, {}
    piece = _BAR.split(head[0].text)[0]
    return piece, _around(head[0], piece)


def _around(line: _Line, piece: str) -> dict[Span, str]:
    """What stands in a page title before and after the headline."""
    start = line.span.start + line.text.index(piece)
    spans = Span(line.span.start, start), Span(start + len(piece), line.span.end)
    return {span: "page_title" for span in spans if span}


def _parts(title: str) -> list[str]:
    """The title, and each longer piece of it before or after a sign that may part it from the name of a site."""
    cuts = [(cut.start(), cut.end()) for cut in _SITE.finditer(title)]
    pieces = [title[:start] for start, _ in cuts] + [title[end:] for _, end in cuts]
    return [title, *(piece for piece in pieces if len(piece.split()) > 2)]


def _repeated(lines: Sequence[_Line], headline: str | None) -> dict[Span, str]:
    """Later copies of the headline and of whole paragraphs."""
    title = fold(headline) if headline else None
    seen: set[str] = set()
    spans = {}
    for line in lines:
        text = line.folded or line.text
        if text in seen and text == title:
            spans[line.span] = "repeated_title"
        elif text in seen and len(text) >= _REPEATED:
            spans[line.span] = "repeated"
        seen.add(text)
    return spans


def _by_words(lines: Sequence[_Line]) -> dict[Span, str]:
    spans: dict[Span, str] = {}
    block: tuple[str, int] | None = None  # the reason of the list we are in, and how many lines it may still have
    for line in lines:
        heading = _heading(line)
        if heading:
            spans[line.span], block = heading.reason, (heading.reason, heading.below)
        elif reason := _shape(line) or _word(line):
            spans[line.span] = reason
        elif block and block[1] and line.title_like:
            spans[line.span], block = block[0], (block[0], block[1] - 1)
        else:
            block = None
            spans |= dict(_inline(line))
    return spans


def _heading(line: _Line) -> Rule | None:
    bare = line.bare
    return next((r for r in rules() if "heads" in r.match and len(line.text) <= r.longest and bare in r.words), None)


def _shape(line: _Line) -> str | None:
    if "@" in line.text and _MAIL_LINE.fullmatch(line.text):
        return "email"
    return "link" if _LINK_LINE.fullmatch(line.text) else None


def _word(line: _Line) -> str | None:
    """The reason of the first rule whose words make the whole line boilerplate."""
    if not line.folded:
        return None
    fits = (rule.reason for rule in rules() if len(line.text) <= rule.longest and _fits(line, rule))
    return next(fits, None)


def _fits(line: _Line, rule: Rule) -> bool:
    if "alone" in rule.match and line.bare in rule.words:
        return True
    if "opens" in rule.match and _opens(line, rule):
        return True
    if "begins" in rule.match and _begins(line, rule):
        return True
    if "contains" in rule.match:
        return _any(rule.words, line.folded) and _any(rule.also, line.folded)
    return "only" in rule.match and _only(line, rule)


def _opens(line: _Line, rule: Rule) -> bool:
    if line.text[-1] == "." and _SENTENCES.search(line.text):
        return False  # titles and credits are no two sentences
    return any(line.folded[: cut.start()] in rule.words for cut in _OPENS.finditer(line.folded))


def _begins(line: _Line, rule: Rule) -> bool:
    phrase = next((word for word in rule.words if line.folded.startswith(word)), None)
    if phrase is None or (phrase[-1].isalpha() and line.folded[len(phrase) :][:1].isalpha()):
        return False
    return line.text[-1] not in _STOPS or _any(rule.also, line.folded)


def _only(line: _Line, rule: Rule) -> bool:
    words = set(re.findall(r"[^\W\d_]+", line.folded))
    return bool(words & rule.words) and words <= rule.words | rule.also


def _any(phrases: frozenset[str], folded: str) -> bool:
    return any(phrase in folded for phrase in phrases)


def _inline(line: _Line) -> Iterator[tuple[Span, str]]:
    """A cross-link behind the last sentence of a paragraph: `... said so. READ MORE: Title of another piece`."""
    for colon in re.finditer(r"\s*:\s", line.text):
        before = line.text[: colon.start()]
        rest = len(line.text) - colon.end()
        for rule in rules():
            if "inline" not in rule.match or rest > rule.longest or line.text[-1] in ".;":
                continue
            for count in (1, 2, 3, 4):
                start = _back(before, count)
                if fold(before[start:]) in rule.words and _AFTER_SENTENCE.search(before[:start]):
                    yield Span(line.span.start + start, line.span.end), rule.reason
                    return


def _back(text: str, count: int) -> int:
    """Where the last `count` words of the text begin."""
    words = list(re.finditer(r"\S+", text[-80:]))[-count:]
    return max(0, len(text) - 80) + words[0].start() if words else 0


def _rule(row: Mapping[str, object]) -> Rule:
    reason = row.get("reason")
    match = row.get("match")
    if not isinstance(reason, str) or not isinstance(match, list) or not set(match) <= MATCHES:
        what = (
            f"ontology/boilerplate.toml: the rule {reason} has no reason, or a match that is none of {sorted(MATCHES)}"
        )
        raise DataError(what, "Write it as the head of that file says.")
    also = row.get("and") or row.get("with")
    longest, below = row.get("longest"), row.get("below", 0)
    if not isinstance(longest, int) or not isinstance(below, int):
        raise DataError(
            f"ontology/boilerplate.toml: {reason} has no whole number as longest", "Write one, in characters."
        )
    return Rule(reason, frozenset(match), longest, below, _words(row.get("words")), _words(also))


def _words(table: object) -> frozenset[str]:
    lists = table.values() if isinstance(table, dict) else ()
    return frozenset(fold(word) for words in lists for word in words)
