"""Offices and the words for who fills them: `offices.toml`, and a matcher over words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any

from kg.errors import DataError
from kg.shipped import shipped

Phrase = tuple[str, ...]  # plain words; "*" ends a stem
_NOBODY = "none"  # the role whose phrases only keep others away
# Letters that no decomposition takes apart, and apostrophes.
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ς": "σ", **dict.fromkeys("'’ʼ‘`´")})
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Role:
    """An office that many countries have."""

    name: str
    labels: tuple[str, ...]  # patterns of English labels, see offices.toml
    words: Mapping[str, tuple[Phrase, ...]]  # language -> phrases, in the order of the file


@dataclass(frozen=True, slots=True)
class RoleMatch:
    """A phrase met in a sequence of words: words[first:end] call the holder of an office."""

    first: int
    end: int
    roles: tuple[str, ...]  # most likely first: "canciller" is a chancellor or a foreign minister


@cache
def roles() -> Mapping[str, Role]:
    """The roles of `ontology/offices.toml` by name. Raises DataError."""
    return {name: _role(name, row) for name, row in _table().get("role", {}).items()}


@cache
def members(role: str) -> tuple[str, ...]:
    """The roles that a role or group stands for: "head_of_state" -> monarch, president ...; "president" -> itself."""
    group = _table().get("group", {}).get(role)
    return tuple(group) if group else (role,)


@cache
def by_fame(role: str) -> bool:
    """Whether of a group's holders the best known is meant ("leader"), not the first role that somebody holds."""
    return role in _table().get("known", ())


def match_roles(
    words: Sequence[str], language: str, gap: Callable[[str], bool] = lambda _: False
) -> tuple[RoleMatch, ...]:
    """Every role phrase in a row of words, as written or folded; the longest at each place, not overlapping.

    `gap` says whether a word may stand inside a phrase unwritten, as a nationality does in "ministrul rus de externe".
    """
    index = _index(language)
    plain = tuple(_plain(word) for word in words)
    found: list[RoleMatch] = []
    place = 0
    while place < len(words):
        match = _longest(plain, place, index, lambda at: gap(words[at]))
        if match and match.roles[0] != _NOBODY:
            found.append(match)
        place = match.end if match else place + 1
    return tuple(found)


def _longest(
    words: Sequence[str], place: int, index: Mapping[str, tuple[tuple[Phrase, str], ...]], gap: Callable[[int], bool]
) -> RoleMatch | None:
    phrases = index.get(words[place][:2])
    if not phrases:
        return None
    ends: defaultdict[int, list[str]] = defaultdict(list)
    for phrase, role in phrases:
        end = _end(words, place, phrase, gap)
        if end and role not in ends[end]:
            ends[end].append(role)
    best = max((end for end, found in ends.items() if found), default=0)
    return RoleMatch(place, best, tuple(ends[best])) if best else None


def _end(words: Sequence[str], place: int, phrase: Phrase, gap: Callable[[int], bool]) -> int:
    """Where the phrase ends that starts at `place`; 0: it does not."""
    for number, wanted in enumerate(phrase):
        if number and place < len(words) and not _fits(words[place], wanted) and gap(place):
            place += 1
        if place >= len(words) or not _fits(words[place], wanted):
            return 0
        place += 1
    return place


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


@cache
def _index(language: str) -> Mapping[str, tuple[tuple[Phrase, str], ...]]:
    """Phrases with their role by the first two letters of their first word, in the order of the file."""
    index: defaultdict[str, list[tuple[Phrase, str]]] = defaultdict(list)
    for role in roles().values():
        for phrase in role.words.get(language, ()):
            index[phrase[0].rstrip("*")[:2]].append((phrase, role.name))
    return {start: tuple(found) for start, found in index.items()}


def _role(name: str, row: Mapping[str, object]) -> Role:
    words, labels = row.get("words", {}), row.get("labels", ())
    if not isinstance(words, dict) or not isinstance(labels, (list, tuple)):
        raise DataError(
            f"ontology/offices.toml: the role {name} is malformed.", "See the comment at the top of the file."
        )
    phrases = {lang: tuple(dict.fromkeys(p for text in texts for p in _phrases(text))) for lang, texts in words.items()}
    return Role(name, tuple(map(str, labels)), phrases)


def _phrases(text: str) -> Iterator[Phrase]:
    """The phrases that a row stands for: "глав{а,ы} мид" is two; a hyphen may also be a space."""
    parts = _BRACES.split(text)
    options = [part.split(",") if number % 2 else [part] for number, part in enumerate(parts)]
    for chosen in product(*options):
        whole = "".join(chosen)
        for variant in dict.fromkeys((whole, whole.replace("-", " "))):
            yield tuple(_plain(word) for word in variant.split())


@lru_cache(1 << 14)
def _plain(word: str) -> str:
    """The word without case, marks and apostrophes: the same for a word as written and as names.fold gives it."""
    parts = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTERS)
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _table() -> Mapping[str, Any]:
    try:
        return tomllib.loads(shipped("ontology/offices.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        do = "Mend the file, or install the program anew."
        raise DataError(f"ontology/offices.toml can't be read: {error}.", do) from error
