"""Entities that no base knows: one IRI for one name, wherever it is met.

The id is a hash of what names the thing without its case ending: a pattern's key (flight=8243), an
institution with its country, or else the name's key. An institution without a country in sight, and a person
of whom one name is all that is known, stay the article's own: two ministries of two countries, or two Ivanovs,
must never become one by their name alone. What else the articles say may join them later (kg/graph/identity).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg import names
from kg.model import Entity, Language, Mention, content_id


def entity(name_key: str, mention: Mention, label: str) -> Entity:
    """The local entity of a key, labelled as the article writes it."""
    return Entity("entity/" + content_id("local", name_key), None, mention.kind, ((mention.lang, label),))


def named(name_key: str, mention: Mention, document: str) -> Entity:
    """The local entity of a name in a document (its id)."""
    single = mention.kind == "PER" and " " not in name_key
    return entity(f"{name_key};{document}" if single else name_key, mention, mention.surface)


def clusters(mentions: Sequence[Mention], languages: Mapping[str, Language]) -> dict[str, str]:
    """Surface -> the key of the name that it stands for.

    Forms that differ by case endings only share the shortest of them; a last name stands for the full name.
    """
    surfaces = sorted({(m.surface, m.lang) for m in mentions})
    forms = {surface: _forms(surface, languages.get(lang), lang) for surface, lang in surfaces}
    keys = {surface: names.key(surface, lang) for surface, lang in surfaces}
    present = set(keys.values())
    shortest = {s: min(forms[s] & present, key=lambda key: (len(key), key), default=keys[s]) for s, _ in surfaces}
    full = sorted({shortest[m.surface] for m in mentions if m.kind == "PER" and " " in shortest[m.surface]})
    owners = {key.split()[-1]: key for key in reversed(full)}
    return {s: next((owners[f] for f in sorted(forms[s]) if f in owners), shortest[s]) for s, _ in surfaces}


def _forms(surface: str, language: Language | None, lang: str) -> frozenset[str]:
    return frozenset(names.key(base, lang) for base in names.bases(surface, language))
