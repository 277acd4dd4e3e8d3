"""Which keys an entity is found by: the profile's rules applied to its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg import names
from kg.knowledge.profile import NameRules, SurnameRules

WORD, ALIAS = 1, 2  # flags of a key: a word rather than a name; no label, only an alias


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    lang: str | None  # for names.key; None: of no one language
    langs: frozenset[str]  # all that use the text
    label: bool


def keys(entity: Mapping[str, Any], rules: NameRules) -> dict[str, int]:
    """The keys of an entity's names with their flags; a code's key ends in "@" and its language.

    A flag stays only where all names with the key have it.
    """
    kind, external = entity["type"], entity.get("external", {})
    own = {external[scheme] for scheme in rules.own_codes if scheme in external}
    found: dict[str, int] = {}
    for name in _names(entity):
        text = rules.cut.sub("", name.text)
        flags = 0 if name.label else ALIAS
        if not name.label and text in own and len(name.langs) < rules.own_code_languages:
            continue
        code = _is_code(text, rules.code_letters)
        if not code and len(text) <= (1 if name.label else 2):
            continue
        if _is_word(text, kind, rules):
            flags |= WORD
        for key in names.keys(text, name.lang):
            if key and not key.replace(" ", "").isdecimal():
                for full in [f"{key}@{lang}" for lang in sorted(name.langs)] if code else [key]:
                    found[full] = found.get(full, flags) & flags
    return found


def sounds(entity: Mapping[str, Any], rules: NameRules) -> set[str]:
    """The skeletons of an entity's names; codes have none."""
    texts = {(rules.cut.sub("", name.text), name.lang) for name in _names(entity)}
    kept = (pair for pair in texts if not _is_code(pair[0], rules.code_letters))
    return {sound for text, lang in kept if len(sound := names.skeleton(text, lang)) > 1}


def surnames(
    entity: Mapping[str, Any], rules: NameRules, surname: SurnameRules, *, first: bool
) -> tuple[set[str], set[str]]:
    """The keys and the skeletons of a person's surnames; `first`: they may stand before the given name."""
    keys_: set[str] = set()
    sounds_: set[str] = set()
    for name in _names(entity):
        text = rules.cut.sub("", name.text)
        words = text.replace(",", " ").split()
        romanised = [names.key(word, name.lang) for word in words]
        for start, end in _surname(romanised, surname, first=first):
            part = " ".join(words[start:end])
            if len(names.key(part, name.lang)) > 1:
                keys_.update(names.keys(part, name.lang))
                sounds_.add(names.skeleton(part, name.lang))
    return keys_, sounds_


def _surname(words: list[str], rules: SurnameRules, *, first: bool) -> Iterator[tuple[int, int]]:
    """Where surnames stand among the words of a name: (start, end)."""
    end = len(words)
    while end > 1 and words[end - 1] in rules.suffixes:
        end -= 1
    if end > 2 and words[end - 1].endswith(rules.patronymics):
        yield 0, 1  # Putin Vladimir Vladimirovich; where it is Vladimir Vladimirovich, the given name does no harm
        return
    if not end:
        return
    yield end - 1, end
    start = end - 1
    while start > 1 and words[start - 1] in rules.particles:
        start -= 1
    if start < end - 1:
        yield start, end
    if first and end > 1:
        yield 0, 1


def _names(entity: Mapping[str, Any]) -> Iterator[_Name]:
    """Every text once for every language whose reading may differ."""
    labels, aliases = entity["labels"], entity["aliases"]
    langs: dict[str, set[str]] = {}
    for lang, label in labels.items():
        langs.setdefault(label, set()).add(lang)
    of_label = set(langs)
    for lang, row in aliases.items():
        for alias in row:
            langs.setdefault(alias, set()).add(lang)
    for text, used in langs.items():
        every, label = frozenset(used), text in of_label
        for lang in sorted(used):
            yield _Name(text, None if lang == "mul" else lang, every, label)


def _is_code(text: str, most: int) -> bool:
    return text.isupper() and sum(map(str.isalnum, text)) <= most  # isupper: it has a letter at least


def _is_word(text: str, kind: str, rules: NameRules) -> bool:
    if not text.islower() or kind not in rules.words:
        return False
    return kind in rules.phrases or len(text.split()) == 1
