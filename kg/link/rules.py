"""`ontology/linking.toml`: words around names, and the limits of decisions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg import names
from kg.errors import DataError
from kg.shipped import shipped


def stem(key: str) -> str:
    """A word's first six letters: enough to meet its other forms."""
    return key[:6]


@dataclass(frozen=True, slots=True)
class Rules:
    """What people edit; what is learned stands in weights.py."""

    accept: float  # calibrated score from which a name is an item of the base
    lone: float  # the same where one item alone bears the very name and is of the very kind
    own: float  # the same in a language that isn't written in Latin letters
    rival: float  # calibrated score of a second candidate from which the first is not alone
    near: float  # degrees between a place and what bears its name and is no rival: its province
    candidates: int  # kept for `kg explain`
    weighed: int  # candidates of a name whose records are read
    parts: int  # organisations named after a place that are weighed beside it
    sporting: float  # from here on an article is about sport, as kg.link.words measures it
    brand: float  # log-odds of a brand: its name alone is often a common word
    in_office: float  # log-odds of a person in office on the article's day in a country that it names
    articles: frozenset[str]  # lower-case
    companies: frozenset[str]  # behind a name: lower-case letters only
    companies_before: frozenset[str]
    short: Mapping[str, Mapping[str, str]]  # language -> short form -> full name
    sport: Mapping[str, frozenset[str]]  # language -> stems of words
    not_the_holder: Mapping[str, re.Pattern[str]]  # language -> words before an office, folded


@cache
def rules() -> Rules:
    """The shipped rules. Raises DataError naming what is missing."""
    path = shipped("ontology/linking.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        limits, words = data["limits"], data["words"]
        return Rules(
            accept=float(limits["accept"]),
            lone=float(limits["lone"]),
            own=float(limits["own"]),
            rival=float(limits["rival"]),
            near=float(limits["near"]),
            candidates=int(limits["candidates"]),
            weighed=int(limits["weighed"]),
            parts=int(limits["parts"]),
            sporting=float(limits["sporting"]),
            brand=float(data["odds"]["brand"]),
            in_office=float(data["odds"]["in_office"]),
            articles=frozenset(words["articles"].split()),
            companies=frozenset(words["companies"].split()),
            companies_before=frozenset(words["companies_before"].split()),
            sport={
                lang: frozenset(stem(names.key(w, lang)) for w in row.split()) for lang, row in data["sport"].items()
            },
            not_the_holder={lang: _phrases(row) for lang, row in data["not_the_holder"].items()},
            short={lang: _pairs(rows) for lang, rows in data["short"].items()},
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise DataError(f"ontology/linking.toml can't be used: {error}.", "Mend the file, or install anew.") from error


def _phrases(row: str) -> re.Pattern[str]:
    """Folded words of which one is met whole, those with a star by their beginnings."""
    words = (names.fold(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in row.split())
    return re.compile("|".join(words))


def _pairs(rows: str) -> Mapping[str, str]:
    pairs = (row.replace("_", " ").partition("=") for row in rows.split())
    return {short: full for short, _, full in pairs}
