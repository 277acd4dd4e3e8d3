"""The project's own gold sentences for name recognition: `tests/gold/<lang>.txt`, read and checked.

One sentence a line, names in brackets: `[PER Ada Lovelace] came to [LOC Turin].` The rules of labelling are in
`tests/gold/README.md`. This module needs nothing of `kg`, so that training scripts may use it too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

Label = Literal["PER", "LOC", "ORG"]
Entity = tuple[int, int, Label]

GOLD = Path(__file__).parent / "gold"
LABELS: tuple[str, ...] = get_args(Label)
HEADLINE = "# headline: "
_MARKED = re.compile(r"\[(?P<label>[A-Z]+) (?P<name>[^\[\]]+)\]")


class MarkupError(ValueError):
    """A line whose markup cannot be read; the message names what is wrong and the line."""


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence without its markup, and its names.

    `entities` are (start, end, label) in code points of `text`, half-open, ascending, never overlapping.
    """

    language: str
    text: str
    entities: tuple[Entity, ...]
    headline: bool = False


def parse(line: str) -> tuple[str, list[Entity]]:
    """The text of a marked line and its (start, end, label).

    Raises MarkupError for an unknown label, a bracket without its partner or an untrimmed name.

    >>> parse("[PER Ada Lovelace] came to [LOC Turin].")
    ('Ada Lovelace came to Turin.', [(0, 12, 'PER'), (21, 26, 'LOC')])
    """
    text, entities, done = "", [], 0
    for match in _MARKED.finditer(line):
        label, name = match["label"], match["name"]
        if label not in LABELS:
            raise MarkupError(f"unknown label {label}: {line}")
        if name != name.strip():
            raise MarkupError(f"untrimmed name {name!r}: {line}")
        text += line[done : match.start()]
        entities.append((len(text), len(text) + len(name), cast(Label, label)))
        text += name
        done = match.end()
    text += line[done:]
    if "[" in text or "]" in text:
        raise MarkupError(f"a bracket outside the markup: {line}")
    return text, entities


def languages(folder: Path = GOLD) -> tuple[str, ...]:
    """The language codes that have a gold file, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.txt")))


def sentences(language: str, folder: Path = GOLD) -> tuple[GoldSentence, ...]:
    """The gold sentences of a language, in the order of its file.

    Raises MarkupError for a line that cannot be read, FileNotFoundError for a language without a file.
    """
    lines = (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_sentence(language, line) for line in lines)


def digest(codes: Iterable[str] | None = None, folder: Path = GOLD) -> str:
    """SHA-256, 64 hex digits, over the gold files of these languages (all without `codes`), in the order of codes.

    Any change of a sentence, a label or the set of languages changes it; the platform's line ends do not.
    """
    total = hashlib.sha256()
    for language in sorted(languages(folder) if codes is None else set(codes)):
        content = (folder / f"{language}.txt").read_text(encoding="utf-8")
        total.update(f"{language}\0{len(content)}\0{content}".encode())
    return total.hexdigest()


def _sentence(language: str, line: str) -> GoldSentence:
    headline = line.startswith(HEADLINE)
    marked = line.removeprefix(HEADLINE)
    if marked.startswith("#"):
        # a mistyped "# headline:" must not become part of a sentence
        raise MarkupError(f"a line may start with '#' only for '{HEADLINE.strip()}': {line}")
    text, entities = parse(marked)
    return GoldSentence(language, text, tuple(entities), headline)
