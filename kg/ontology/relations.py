"""Words that tell a lasting relation of two things: `relations.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from kg.errors import DataError

_FIX = "See the comment at the top of relations.toml."
_KEYS = frozenset({"predicate", "turned", "whose", "holder", "marks", "loose", "otherwise", "his", "finite"})
RelationForm = Literal["noun", "verb", "attribute"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A way to put a relation into words."""

    name: str  # "capital"
    predicate: str  # "kg:capitalOf"
    turned: bool  # the noun's possessor is the subject: "B's son A"
    words: Mapping[str, tuple[tuple[RelationForm, str], ...]]  # language -> (form, phrase)
    whose: frozenset[str] = frozenset()  # kinds that the possessor may have; empty: any
    marks: tuple[str, ...] = ("of",)  # prepositions, as extract.toml names them, that bring the possessor
    loose: str | None = None  # the predicate where words stand between: "head of the news desk at Acme"
    otherwise: str | None = None  # the predicate where the first does not allow the two kinds
    his: bool = False  # "his wife": the possessor may be a pronoun
    holder: frozenset[str] = frozenset()  # kinds of whom the words are said; empty: any
    finite: bool = False  # the verbs are no participles, which may stand in apposition


def load_relations(path: Path, predicates: frozenset[str]) -> tuple[Relation, ...]:
    """The rows of a file in the format of `relations.toml`, in their order. Raises DataError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} can't be read: {error}", "Mend the file, or install anew.") from error
    return tuple(_relation(name, row, predicates) for name, row in tables.items())


def _relation(name: str, row: Any, predicates: frozenset[str]) -> Relation:
    if not isinstance(row, dict) or row.get("predicate") not in predicates:
        raise DataError(f"relations.toml: [{name}] names no predicate of news.ttl.", _FIX)
    if set(row) - _KEYS - set(get_args(RelationForm)):
        raise DataError(f"relations.toml: [{name}] has a key that is unknown.", _FIX)
    if {row.get("loose"), row.get("otherwise")} - predicates - {None}:
        raise DataError(f"relations.toml: [{name}] loose or otherwise is no predicate of news.ttl.", _FIX)
    words: dict[str, list[tuple[RelationForm, str]]] = {}
    for form, lang, phrase in _phrases(name, row):
        words.setdefault(lang, []).append((form, phrase))
    return Relation(
        name,
        row["predicate"],
        bool(row.get("turned")),
        {lang: tuple(own) for lang, own in words.items()},
        whose=frozenset(row.get("whose", ())),
        marks=tuple(row.get("marks", ("of",))),
        loose=row.get("loose"),
        otherwise=row.get("otherwise"),
        his=bool(row.get("his")),
        holder=frozenset(row.get("holder", ())),
        finite=bool(row.get("finite")),
    )


def _phrases(name: str, row: Mapping[str, Any]) -> Iterator[tuple[RelationForm, str, str]]:
    for form in get_args(RelationForm):
        for lang, text in row.get(form, {}).items():
            if not isinstance(text, str):
                raise DataError(f"relations.toml: [{name}.{form}] {lang} is no string.", _FIX)
            yield from ((form, lang, one.strip()) for one in text.split("|") if one.strip())
