"""Reads `ontology/time/`: one file a language and the rows that all share, compiled to rules over token types.

The format stands at the top of `ontology/time/grammar.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.model import Span
from kg.shipped import shipped
from kg.when.readers import READERS
from kg.when.scan import Scanner
from kg.when.words import NAME, WORD, Lexicon, Token, Value, forms

_ITEM = re.compile(
    r"(?P<look><?!)?"
    r"(?:\{(?:(?P<name>\w+):)?(?P<wanted>\w+)(?P<unwanted>(?:!\w+)*)\}|(?P<sign>[()|\[\]])|(?P<literal>[^\s?()|\[\]]+))"
    r"(?P<maybe>\?)?"
)
_NEVER = "(?!)"
_SIGNS = {"Name": NAME, "Word": WORD, "open": "(", "close": ")"}  # classes that are one type each
_CLASS = re.compile(r"\[((?:[^\]\\]|\\.)+)\]")  # a set of types in a compiled pattern
_ROW = frozenset(("id", "pattern", "read", "score", "report"))  # what is not a constant for the reader
_FOUND = (  # classes of the tokens that stand for what the first rules found
    *(("time", exact) for exact in ("of_day", "of_month", "of_year", "of_other")),
    ("period",),
    ("range",),
    ("unread",),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a pattern over token types and how to read what it matched."""

    id: str
    regex: re.Pattern[str]
    slots: Mapping[str, tuple[str, tuple[str, ...]]]  # group -> (slot, classes that may give its value)
    read: str  # a function of readers.py
    score: float  # 0..1
    given: Mapping[str, Value]  # constants of the row: shift = -1, unit = "day"
    report: bool  # False: understood, so that nothing else misreads it, but no time of an event
    needs: frozenset[str]  # types of which a text must have one for the rule to fit; empty: unknown


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits tokens[start:end]."""

    rule: Rule
    start: int
    end: int
    slots: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one language speaks of time."""

    lang: str
    scanner: Scanner
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    combine: tuple[Rule, ...]  # rows over times that the rules found: "since T", "from T to T"
    bare: tuple[Rule, ...]  # rows for words that somebody else says are a time: "2010"
    future_before: int  # tokens before and after a time in which a word of the future counts
    future_after: int
    future_endings: tuple[str, ...]  # of verbs: -ará, -acaq

    def matches(self, tokens: Sequence[Token], rules: Sequence[Rule]) -> list[Match]:
        """All fits of the rules, overlapping ones too: by start, then the longest, then the order of the rows."""
        types = "".join(token.type for token in tokens)
        here = set(types)
        hopeful = ((n, rule) for n, rule in enumerate(rules) if not rule.needs or not rule.needs.isdisjoint(here))
        found = [(match, order) for order, rule in hopeful for match in _fits(rule, types, tokens)]
        found.sort(key=lambda pair: (pair[0].start, -pair[0].end, pair[1]))
        return [match for match, _ in found]

    def is_future(self, word: str) -> bool:
        """Whether a word's ending says that it is a verb of the future."""
        return bool(self.future_endings) and len(word) > 4 and word.casefold().endswith(self.future_endings)

    def time_token(self, span: Span, classes: Mapping[str, Value]) -> Token:
        """One token in place of those that a rule has read, for the rows that combine times."""
        return Token(span.start, span.end, self.lexicon.types.sign(classes), classes)


def _fits(rule: Rule, types: str, tokens: Sequence[Token]) -> Iterator[Match]:
    for match in rule.regex.finditer(types):
        slots: dict[str, Value] = dict(rule.given)
        for group, (slot, classes) in rule.slots.items():
            at = match.start(group)
            if at >= 0:
                held = tokens[at].classes
                slots[slot] = next(held[name] for name in classes if name in held)
        start, end = match.span("span")
        yield Match(rule, start, end, slots)


@cache
def grammar(lang: str) -> Grammar:
    """The grammar of a language; one that `ontology/time/` has no file for reads numeric dates only.

    DataError if its file or grammar.toml breaks the format.
    """
    folder = shipped("ontology/time")
    shared = _toml(folder / "grammar.toml")
    own = _toml(folder / f"{lang}.toml") if (folder / f"{lang}.toml").exists() else {}
    return build(lang, shared, own)


def build(lang: str, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Grammar:
    """The grammar that a language's table and the shared one make together."""
    settings = own.get("settings", {})
    lexicon = Lexicon(settings.get("capital", ""), lower=bool(settings.get("lower")))
    scanner = Scanner(lexicon, settings)
    rows = [*own.get("rule", ()), *shared["rule"]]  # a language's own rows win over shared ones of one length
    combine = [*own.get("combine", ()), *shared["combine"]]
    for name, words in own.items():
        if isinstance(words, dict) and name not in ("settings", "endings"):
            _fill(lexicon, scanner, name, words, own)
    for row in (*rows, *combine):
        for item in _ITEM.finditer(row["pattern"]):
            if item["literal"] and item["literal"][0].isalpha():
                lexicon.add(_class_of(item["literal"], scanner), scanner.key(item["literal"]))
    lexicon.close()
    scanner.close()
    for classes in _FOUND:
        lexicon.types.sign(classes)
    compiler = _Compiler(lexicon, scanner, shared, _signs(settings))
    rules = compiler.rules(rows)
    return Grammar(
        lang,
        scanner,
        lexicon,
        rules,
        compiler.rules(combine),
        (*rules, *compiler.rules([*own.get("bare", ()), *shared["bare"]])),
        int(settings.get("future_before", 8)),
        int(settings.get("future_after", 0)),
        tuple(settings.get("future_endings", "").split()),
    )


def _signs(settings: Mapping[str, Any]) -> dict[str, str]:
    """What capitals say in a language: Name and Noun mean nothing where they say nothing."""
    signs = dict(_SIGNS)
    if "month" not in settings.get("capital", ""):
        del signs["Name"]
    if settings.get("nouns"):
        signs["Noun"] = NAME
    return signs


def _fill(lexicon: Lexicon, scanner: Scanner, name: str, words: Mapping[str, str], own: Mapping[str, Any]) -> None:
    """Adds a table of words; in [words] the keys are classes, elsewhere the values of the one class."""
    days = ("ord", "num") if own.get("settings", {}).get("cardinal_days") else ("ord",)
    for key, text in words.items():
        value: Value = 1 if name == "words" else int(key) if key.lstrip("-").isdigit() else key
        for form in forms(text, own.get("endings", {})):
            words_of = scanner.key(form)
            lexicon.add(key if name == "words" else name, words_of, value)
            if name == "unit":
                lexicon.add(f"unit_{value}", words_of, value)
            if name in days and isinstance(value, int) and value <= 31:
                lexicon.add("dayword", words_of, value)


def _class_of(literal: str, scanner: Scanner) -> str:
    return "=" + " ".join(scanner.key(literal.replace("_", " ")))


class _Compiler:
    """Patterns of the data -> regular expressions over types."""

    def __init__(self, lexicon: Lexicon, scanner: Scanner, shared: Mapping[str, Any], signs: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._scanner = scanner
        self._aliases: Mapping[str, str] = shared["alias"]
        self._macros: Mapping[str, str] = shared["macro"]
        self._signs = signs

    def rules(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
        """The rows that this language has the words for."""
        return tuple(rule for row in rows if (rule := self._rule(row)) is not None)

    def _rule(self, row: Mapping[str, Any]) -> Rule | None:
        slots: dict[str, tuple[str, tuple[str, ...]]] = {}
        try:
            name, read = row["id"], row["read"]
            pattern = re.sub(r"@(\w+)", lambda macro: self._macros[macro[1]], row["pattern"])
            parts = [self._item(item, slots) for item in _ITEM.finditer(pattern)]
            if _NEVER in _must(parts):  # the language has no word for it
                return None
            text = "".join(parts)
            regex = re.compile(text if "(?P<span>" in text else f"(?P<span>{text})")
        except (KeyError, re.error) as error:
            what = f"The time rule {row.get('id') or row} can't be read: {error}"
            raise DataError(what, "Mend the row in ontology/time/; its form stands in grammar.toml.") from error
        if read not in READERS:
            raise DataError(
                f"The time rule {name} has no reader {read!r}", f"Choose one of {', '.join(sorted(READERS))}."
            )
        given = {key: value for key, value in row.items() if key not in _ROW}
        score, report = row.get("score", 0.9), row.get("report", True)
        return Rule(name, regex, slots, read, score, given, report, _needs(parts))

    def _item(self, item: re.Match[str], slots: dict[str, tuple[str, tuple[str, ...]]]) -> str:
        maybe = item["maybe"] or ""
        if item["sign"]:
            return {"[": "(?P<span>", "]": ")", "(": "(?:"}.get(item["sign"], item["sign"]) + maybe
        types, classes = self._types(item)
        if not types:
            return "" if maybe or item["look"] else _NEVER
        one = f"[{re.escape(types)}]"
        if item["look"]:
            return f"(?<!{one})" if item["look"] == "<!" else f"(?!{one})"
        if not classes:
            return one + maybe
        group = f"g{len(slots)}"
        slots[group] = (item["name"] or classes[0], classes)
        return f"(?P<{group}>{one}){maybe}"

    def _types(self, item: re.Match[str]) -> tuple[str, tuple[str, ...]]:
        literal = item["literal"]
        if literal:
            known = literal[0].isalpha()
            return (self._lexicon.types.having([_class_of(literal, self._scanner)]) if known else literal), ()
        if item["wanted"] in self._signs:
            return self._signs[item["wanted"]], ()
        classes = tuple(self._aliases.get(item["wanted"], item["wanted"]).split())
        return self._lexicon.types.having(classes, item["unwanted"].split("!")), classes


def _must(parts: Sequence[str]) -> list[str]:
    """The parts of a pattern that stand outside any optional group and choice."""
    must: list[str] = []
    depth = 0
    for part in parts:
        depth += (part == "(?:") - (part.startswith(")") and depth > 0)
        if not depth and not part.startswith(("(?<", "(?![")) and not part.endswith("?"):
            must.append(part)
    return must


def _needs(parts: Sequence[str]) -> frozenset[str]:
    """The types of the rarest thing that the pattern can't do without."""
    sets = (_CLASS.search(part) for part in _must(parts))
    found = [frozenset(match[1]) for match in sets if match]
    return min(found, key=len, default=frozenset())


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} can't be read: {error}", "Mend the file, or install the program again.") from error
