"""Text -> tokens: words, phrases, numbers with what hangs on them, numeric dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from kg.names import fold
from kg.when.words import BREAK, Classes, Lexicon, Token, Value

YEARS = range(1000, 2100)  # what a number of four digits may be where a word says that it is a year
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
_COMPOSITE = (
    r"(?<![\w.,/:-])(?:"
    r"(?P<iso>\d{4}-\d\d-\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])"
    r"|(?P<full>\d{1,4}(?P<sep>[./-])\d{1,2}(?P=sep)\d{2,4})(?![\w/-]|[.,]\d)"
    r"|(?P<pair>\d{1,2}[./]\d{1,2})(?![\w/-]|[.,:]\d|%))"
    r"|(?P<other>\d+(?:[.,:/]\d+)+%?)"  # 3.5, 15:00, 1,000: neither date nor count of days
)
_SIGNS = r"(?P<line>\s*\n\s*)|(?P<short>['’]\d\d(?!\d))|(?P<sign>[^\w\s])"
_APOSTROPHES = {  # what an apostrophe inside a word does
    "join": rf"(?P<word>{_LETTERS}(?:['’ʼ]{_LETTERS})*)(?!\w)",  # п'ять: one word
    "cut": rf"(?P<word>{_LETTERS})(?:['’]{_LETTERS})?(?!\w)",  # Friday's, Ekim'de: the word is what stands before it
    "split": rf"(?P<word>{_LETTERS}(?:['’](?=\w)|(?!\w)))",  # l'année: two words
}
_SAME = str.maketrans("–—‑−’ʼ`´“”„«»‟", '----\'\'\'\'""""""')  # signs that mean the same have one type
_ROMAN = {
    tens + ones: 10 * len(tens) + number
    for tens in ("", "X", "XX")
    for number, ones in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
    if tens + ones
}
_THIS_CENTURY = 70  # two digits below it are years of this century: 09.10.25, but 09.10.85 of the last


class Scanner:
    """Cuts text into the tokens of one language."""

    def __init__(self, lexicon: Lexicon, settings: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._order = settings.get("order", "dmy")  # of numeric dates: dmy, mdy or ymd
        self._keep_clitic = settings.get("clitic", "keep") == "keep"  # whether 's or 'de belong to the span
        self._hung = frozenset(settings.get("suffixes", "").split())
        self._decades = frozenset(settings.get("decade_suffixes", "").split())
        hung = "|".join(sorted(map(re.escape, self._hung | self._decades), key=len, reverse=True)) or "(?!)"
        number = rf"(?P<number>\d+)(?:[-‑'’]?(?P<hung>{hung}))?(?!\w)"
        word = _APOSTROPHES[settings.get("apostrophe", "join")]
        self._tokens = re.compile(rf"{_COMPOSITE}|{number}|{word}|(?P<junk>\w+)|{_SIGNS}")

    def key(self, word: str) -> tuple[str, ...]:
        """A word or phrase of the data as the folded words that a text would be cut into.

        Signs stay signs: "г." is ("г", ".").
        """
        return tuple(self._key(match) for match in self._tokens.finditer(word.rstrip("'’") or word))

    def close(self) -> None:
        """Give the kinds of numbers their types: after the words, before the rules."""
        samples = (*range(100), 100, 990, 999, 1000, 1490, 1500, 2000, 1990, 1999, 2025, 2090, 9990, 9999)
        for end in sorted({"", *self._hung, *self._decades}):
            for number in samples:
                self._lexicon.types.sign(self._number(str(number), end))
        for name in ("date", "pair", "short"):
            self._lexicon.types.sign((name,))
        for roman in _ROMAN:
            classes = self._lexicon.look_up(fold(roman), capital=True)[1]
            self._lexicon.types.sign((*classes, "roman"))

    def tokens(self, text: str, start: int, end: int) -> list[Token]:
        """The tokens of text[start:end], each phrase joined to one token."""
        matches = list(self._tokens.finditer(text, start, end))
        keys = [self._key(match) for match in matches]
        found = [self._token(match, key) for match, key in zip(matches, keys, strict=True)]
        if self._lexicon.phrases.keys().isdisjoint(keys):
            return found
        return list(self._join(keys, found))

    def _join(self, keys: list[str], found: list[Token]) -> Iterator[Token]:
        n = 0
        while n < len(keys):
            for words, key in self._lexicon.phrases.get(keys[n], ()):
                if tuple(keys[n : n + len(words)]) == words:
                    sign, classes = self._lexicon.look_up(key, capital=True)
                    yield Token(found[n].start, found[n + len(words) - 1].end, sign, classes)
                    n += len(words)
                    break
            else:
                yield found[n]
                n += 1

    def _key(self, match: re.Match[str]) -> str:
        if match["word"]:
            return fold(match["word"])
        return match["sign"].translate(_SAME) if match["sign"] else match[0]

    def _token(self, match: re.Match[str], key: str) -> Token:
        start, end = match.span()
        if match["word"]:
            raw = match["word"]
            sign, classes = self._lexicon.look_up(key, capital=raw[0].isupper())
            roman = _ROMAN.get(raw.removesuffix("e"))  # XIX, and French XIXe
            if roman:
                classes = {**classes, "roman": roman}
                sign = self._lexicon.types.sign(classes)
            return Token(start, end if self._keep_clitic else match.end("word"), sign, classes)
        if match["sign"]:
            return Token(start, end, key)
        if match["line"]:
            return Token(start, end, BREAK)
        classes = self._number(match["number"], match["hung"] or "") if match["number"] else self._numeric(match)
        return Token(start, end, self._lexicon.types.sign(classes), classes)

    def _number(self, digits: str, hung: str) -> Classes:
        if len(digits) > 4:
            return {}
        number = int(digits)
        classes = self._year(number, hung) if len(digits) == 4 else {"num": number}
        if 1 <= number <= 31 and len(digits) <= 2:
            classes["day"] = number
            if hung in self._hung:
                classes["nth"] = number
        if len(digits) == 2:
            classes["yy"] = number
        if number % 10 == 0 and (len(digits) == 2 or number in YEARS):
            classes["tens"] = number
            if hung in self._decades:
                classes["decade" if len(digits) == 4 else "decade2"] = number
        if hung in self._hung:
            classes["hung"] = 1
        return classes

    def _year(self, number: int, hung: str) -> dict[str, Value]:
        if number not in YEARS or hung in self._decades:
            return {}
        classes: dict[str, Value] = {"year": number}
        if number % 100 == 0 and number not in (1900, 2000):  # rather a count than a year
            classes["round"] = 1
        if hung in self._hung:
            classes["year_hung"] = number
        return classes

    def _numeric(self, match: re.Match[str]) -> Classes:
        if match["iso"]:
            return _date(*match["iso"].split("-"))
        if match["full"]:
            return self._full(match["full"].split(match["sep"]))
        if match["pair"]:
            one, two = match["pair"].replace("/", ".").split(".")
            return {"pair": f"{two}.{one}" if self._order == "mdy" else f"{one}.{two}"}  # day.month, or so we hope
        return {"short": match["short"][1:]} if match["short"] else {}

    def _full(self, parts: list[str]) -> Classes:
        if len(parts[0]) == 4:
            return _date(*parts)
        if len(parts[2]) == 2 and len(parts[0]) == len(parts[1]) == 2:  # 1.2.25 is a version or a section
            parts[2] = ("20" if int(parts[2]) < _THIS_CENTURY else "19") + parts[2]
        if len(parts[2]) != 4:
            return {}
        first, second, year = parts
        american = self._order == "mdy"
        return _date(year, first, second) if american else _date(year, second, first)


def _date(year: str, month: str, day: str) -> Classes:
    """The date, or with month and day exchanged if only that is one: 25/12 and 12/25 have one reading each."""
    for one, two in ((month, day), (day, month)):
        try:
            return {"date": date(int(year), int(one), int(two)).isoformat()}
        except ValueError:
            continue
    return {}
