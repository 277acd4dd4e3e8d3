"""Bytes to text: UTF-8 as nearly always, else the encoding declared, else one that the words prove.

A byte order mark is the encoding's signature and not text: it is dropped, so offsets begin behind it. Nothing
else changes: carriage returns, no-break spaces and leading blanks stay.

The guess is our own: charset_normalizer, asked about short Turkish, Czech and French news in their usual 8-bit
encodings, named others without a doubt and so gave wrong letters. Here a guess must make words of a language that
we know, and no other guess may do as well; else the file is rejected, which is better than wrong names.
"""

from __future__ import annotations

import codecs
import re

from kg.errors import InputError
from kg.ontology.profiles import profiles

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is how this one begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_OLD = (
    "cp1251",
    "koi8_u",
    "cp1253",
    "cp1254",
    "cp1250",
    "cp1252",
    "iso8859_2",
    "iso8859_5",
    "iso8859_7",
    "iso8859_16",
    "cp1257",
)
_WEB = {"latin-1", "iso-8859-1", "latin1", "us-ascii", "ascii"}  # what pages call cp1252
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4000  # words looked at for a guess


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The text of the bytes. `name` is for messages; `declared` is what a header or the file says of itself.

    Raises InputError where it is no text, or text in an encoding that can't be told for sure.
    """
    kind = next((kind for start, kind in _BINARY if data.startswith(start)), None)
    if kind:
        raise InputError(f"{name} is {kind}, not a text.", "Save it as plain text or HTML first.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark) :], encoding), name)
    text = _strict(data, "utf-8")  # before the declared one: what is valid UTF-8 is nothing else
    if text is None and declared:
        text = _strict(data, "cp1252" if declared.lower() in _WEB else declared)
    if text is None and b"\x00" not in data:
        text = _guessed(data)
    return _checked(text, name)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _checked(text: str | None, name: str) -> str:
    if text is None:
        what = f"{name} is not UTF-8, and no other encoding makes words of it for sure."
        raise InputError(what, "Save it as UTF-8, for example: iconv -f windows-1251 -t utf-8 OLD > NEW")
    if len(_CONTROL.findall(text[:10_000])) > len(text[:10_000]) // 100:
        raise InputError(f"{name} is a binary file, not a text.", "Leave it out, or save it as plain text or HTML.")
    return text


def _guessed(data: bytes) -> str | None:
    """The decoding that makes the most words of one language; None where that is few, or two do as well."""
    rated: dict[str, tuple[float, bool]] = {}
    for encoding in _OLD:
        text = _strict(data, encoding)
        if text is not None and text not in rated:
            rated[text] = _rating(text)
    if not rated:
        return None
    best = max(rating for rating, _ in rated.values())
    winners = [text for text, (rating, good) in rated.items() if rating == best and good]
    return winners[0] if len(winners) == 1 else None


def _rating(text: str) -> tuple[float, bool]:
    """How many words fit the alphabet and the small words of one language, and whether that is enough."""
    # One letter proves little, and KOI8 read as CP1251 is words in capitals: neither counts.
    found = _WORD.findall(text)[:_SAMPLE]
    words = [word.lower() for word in found if len(word) > 1 and (word.islower() or word.istitle())]
    marked = [word for word in words if not word.isascii()]
    best, good = 0.0, False
    for profile in profiles().values():
        spelled = sum(1 for word in marked if profile.letters.issuperset(word.replace("-", "").replace("’", "")))
        small = sum(1 for word in words if word in profile.words)
        if spelled + small > best:
            best = spelled + small
            good = spelled >= 0.8 * len(marked) and small >= max(2, 0.08 * len(found))
    return best, good
