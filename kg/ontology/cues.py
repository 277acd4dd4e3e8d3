"""What tells roles, modality, sources and counts in a language: `extract.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.ontology.events import SLOTS

_FIX = "See the comment at the top of extract.toml."
WORDS = frozenset({
    "articles", "nominative", "accusative", "genitive", "and", "that", "relative", "clause", "pronouns", "pair",
    "their", "passive", "active", "objectless", "perfect", "converb", "negation", "negated", "future",
    "demanded", "promised", "hypothetical",
    "wide_hypothetical", "according", "according_after", "his_words", "adverbs", "when", "during", "compound",
    "concessive", "tells", "they", "plural", "subjunctive", "official", "ties", "deeds", "acts", "copula", "his",
    "class", "within", "region", "definite",
    "after_event", "before_event", "ablative", "model", "participle",
})  # fmt: skip
COUNTS = frozenset({"more", "least", "about", "less", "most", "nobody", "ending_more", "ending_about", "range", "part"})
_TABLES = ("words", "before", "after", "endings", "counts", "units", "numbers")
_SETTINGS = frozenset({"order", "drops", "inverts", "second", *_TABLES})

Phrases = Mapping[str, tuple[str, ...]]  # category -> phrases in the pattern language of events.ttl


@dataclass(frozen=True, slots=True)
class Ending:
    """A case ending: the plain form's `old` becomes `new`; `after` is "V" (vowel), "C" (consonant) or ""."""

    after: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Cues:
    """One language's table."""

    lang: str
    verb_last: bool = False
    drops: bool = False  # may leave out the subject pronoun
    inverts: bool = False  # may put the subject after the verb
    second: bool = False  # the verb stands second: behind anything else the subject follows it
    words: Phrases = field(default_factory=dict)
    before: Phrases = field(default_factory=dict)  # marker -> prepositions
    after: Phrases = field(default_factory=dict)  # marker -> postpositions
    endings: Mapping[str, tuple[Ending, ...]] = field(default_factory=dict)  # marker -> case endings
    counts: Phrases = field(default_factory=dict)
    units: Phrases = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)


def load_cues(path: Path) -> Mapping[str, Cues]:
    """The languages of a file in the format of `extract.toml`. Raises DataError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} can't be read: {error}", "Mend the file, or install anew.") from error
    return {lang: _cues(lang, table) for lang, table in tables.items()}


def _cues(lang: str, table: Any) -> Cues:
    if not isinstance(table, dict) or set(table) - _SETTINGS or table.get("order") not in {"SVO", "SOV"}:
        raise DataError(f"extract.toml: [{lang}] has no order, or a key that is unknown.", _FIX)
    numbers = table.get("numbers", {})
    return Cues(
        lang=lang,
        verb_last=table["order"] == "SOV",
        drops=bool(table.get("drops", False)),
        inverts=bool(table.get("inverts", False)),
        second=bool(table.get("second", False)),
        words=_phrases(lang, "words", table, WORDS),
        before=_phrases(lang, "before", table, SLOTS | {"acc"}),
        after=_phrases(lang, "after", table, SLOTS | {"acc"}),
        endings={
            marker: tuple(_ending(lang, item) for item in text.split())
            for marker, text in _known(lang, "endings", table, SLOTS | {"acc"}).items()
        },
        counts=_phrases(lang, "counts", table, COUNTS),
        units=_phrases(lang, "units", table, None),
        numbers=_values(lang, numbers.get("words", "")),
        scale=_values(lang, numbers.get("scale", "")),
    )


def _known(lang: str, name: str, table: Mapping[str, Any], keys: frozenset[str] | None) -> Mapping[str, str]:
    rows = table.get(name, {})
    wrong = [key for key, text in rows.items() if (keys is not None and key not in keys) or not isinstance(text, str)]
    if wrong:
        raise DataError(f"extract.toml: [{lang}.{name}] has {wrong[0]!r}, or it is no string.", _FIX)
    return {str(key): str(text) for key, text in rows.items()}


def _phrases(lang: str, name: str, table: Mapping[str, Any], keys: frozenset[str] | None) -> Phrases:
    rows = _known(lang, name, table, keys)
    return {key: tuple(one.strip() for one in text.split("|") if one.strip()) for key, text in rows.items()}


def _ending(lang: str, item: str) -> Ending:
    after = item[0] if item[0] in "VC" else ""
    old, arrow, new = item[len(after) :].partition(">")
    if not arrow:
        if not after:
            raise DataError(f"extract.toml: [{lang}.endings] has {item!r}.", "Write old>new, as in >ом or а>ы.")
        return Ending(after, "", old)
    return Ending(after, old, new)


def _values(lang: str, text: str) -> Mapping[str, float]:
    try:
        return {word: float(value) for word, _, value in (item.partition("=") for item in text.split())}
    except ValueError as error:
        raise DataError(f"extract.toml: [{lang}.numbers] has {error}.", "Write word=value, as in two=2.") from error
