"""Where the corpora disagree about what a name is, and what we make of it: for training and for evaluation.

A name is its own words, inflected as they stand: no title before it, no demonym, no quotation mark around it.
"""

from __future__ import annotations

import re

Span = tuple[int, int, str]  # start and end in code points, label

_PARTICLE = r"(?:al|bin|d|da|de|del|der|di|el|ibn|la|le|van|von)"
_TITLE = re.compile(rf"(?:(?!{_PARTICLE}\b)[a-zăâîșțşţ]+\b[.:,]? ?)+(?=[A-ZĂÂÎȘȚŞŢ])")
_APPOSITION = re.compile(r"(?:, | - )(?=[a-zăâîșțşţ])")
_AZ_ENDING = re.compile(r" ?[-'’] ?[a-zəğıöşüç]{1,6}\b")


def without_title(text: str, span: Span, lang: str) -> Span:
    """RONEC calls `etologul Richard Dawkins` a person, and `Adrian Bodo, directorul`; we take the name alone."""
    start, end, label = span
    if lang != "ro" or label != "PER":
        return span
    title = _TITLE.match(text, start, end)
    start = title.end() if title else start
    apposition = _APPOSITION.search(text, start, end)
    return start, (apposition.start() if apposition else end), label


def with_ending(text: str, span: Span, lang: str) -> Span:
    """The Azerbaijani corpus cuts `NATO - nun` before the ending; here a name is its whole inflected word."""
    start, end, label = span
    ending = _AZ_ENDING.match(text, end) if lang == "az" else None
    return start, (ending.end() if ending else end), label


def is_demonym(text: str, span: Span) -> bool:
    """Whether a corpus calls a word in lower case a person or a place: британците, российских."""
    surface = text[span[0] : span[1]]
    return span[2] in {"PER", "LOC", "NORP"} and surface == surface.lower()
