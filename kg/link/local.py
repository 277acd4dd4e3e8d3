"""Entities that no base knows: one IRI for one name, wherever it is met.

The id is a hash of what names the thing without its case ending: a pattern's key (flight=8243), an
institution with its country, or else the name's key. An institution without a country in sight, and a person
of whom one name is all that is known, stay the article's own: two ministries of two countries, or two Ivanovs,
must never become one by their name alone. What else the articles say may join them later (kg/graph/identity).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg import names
from kg.model import Entity, Language, Mention, content_id


def entity(name_key: str, mention: Mention, label: str) -> Entity:
    """The local entity of a key, labelled as the article writes it."""
    return Entity("entity/" + content_id("local", name_key), None, mention.kind, ((mention.lang, label),))


@dataclass(frozen=True, slots=True)
class Called:
    """What stands for all forms of a name in an article."""

    key: str  # names.key
    label: str  # the form that the others are made from, as far as the article has it


def named(called: Called, mention: Mention, document: str) -> Entity:
    """The local entity of a name in a document (its id)."""
    single = mention.kind == "PER" and " " not in called.key
    return entity(f"{called.key};{document}" if single else called.key, mention, called.label)


def clusters(mentions: Sequence[Mention], languages: Mapping[str, Language]) -> dict[str, Called]:
    """Surface -> the name that it stands for.

    Forms that differ by case endings only share the one from which most of them may be made, the shortest of
    several: Παπαδόπουλος before Παπαδόπουλου, Lindqvist before Lindqvistə. A last name stands for the full name.
    """
    surfaces = sorted({(m.surface, m.lang) for m in mentions})
    forms = {surface: _forms(surface, languages.get(lang), lang) for surface, lang in surfaces}
    written = {names.key(surface, lang): surface for surface, lang in reversed(surfaces)}
    made = Counter(key for possible in forms.values() for key in possible & written.keys())
    plain = {s: min(forms[s] & written.keys(), key=lambda key: (-made[key], len(key), key)) for s, _ in surfaces}
    full = sorted({plain[m.surface] for m in mentions if m.kind == "PER" and " " in plain[m.surface]})
    owners = {key.split()[-1]: key for key in reversed(full)}
    chosen = {s: next((owners[f] for f in sorted(forms[s]) if f in owners), plain[s]) for s, _ in surfaces}
    return {surface: Called(key, written[key]) for surface, key in chosen.items()}


def _forms(surface: str, language: Language | None, lang: str) -> frozenset[str]:
    return frozenset(names.key(base, lang) for base in names.bases(surface, language))
