"""Names that one article uses for one thing: a surname after the full name, an acronym beside what it stands for.

Full names are decided first; what follows them in the same article inherits their item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg import names
from kg.model import Candidate, Entity, Kind, Language, Mention

Name = tuple[str, str, Kind]  # surface, language, kind
# A surname that follows its full name in the same article is as sure as the full name, nearly.
INHERITED = 0.98
SURE, LIKELY = 0.8, 0.1
_GAP = 3  # characters between a name and the acronym behind it: " («"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a name of an article is."""

    entity: Entity | None  # None: no item of the base
    kind: Kind
    score: float
    candidates: tuple[Candidate, ...]
    method: str = "name"


def name_of(mention: Mention) -> Name:
    """The name that a mention uses: one decision serves all its mentions."""
    return mention.surface, mention.lang, mention.kind


def settled(
    text: str, named: Sequence[Mention], decisions: Mapping[Name, Decision], known: Mapping[str, Language]
) -> dict[Name, Decision]:
    """The decisions after acronyms met their expansions and last names their full names."""
    found = dict(decisions)
    for code, full in acronyms(text, named):
        best = max(found[code], found[full], key=lambda one: one.score)
        if best.entity:
            for name in (code, full):
                if found[name].entity != best.entity:
                    found[name] = replace(best, score=round(best.score * INHERITED, 3), method="in-article")
    found = {name: _echoed(decision, found.values()) for name, decision in found.items()}
    people = {name: d for name, d in found.items() if d.kind == "PER" and not is_short(name)}
    for name, decision in found.items():
        if is_short(name):
            found[name] = _inherited(name, decision, people, known)
    return found


def _echoed(decision: Decision, others: Iterable[Decision]) -> Decision:
    """An undecided name is the item that it is likeliest to be, where another name of the article is that item."""
    best = decision.candidates[0] if decision.entity is None and decision.candidates else None
    if best is None or best.score < LIKELY or not any(one.entity == best.entity for one in others):
        return decision
    return replace(decision, entity=best.entity, kind=best.entity.kind, score=best.score, method="in-article")


def acronyms(text: str, named: Sequence[Mention]) -> Iterator[tuple[Name, Name]]:
    """(acronym, expansion) where the article sets one behind the other: Commonwealth of Independent States (CIS)."""
    ordered = sorted(named, key=lambda m: m.span)
    for one, other in pairwise(ordered):
        between = text[one.span.end : other.span.start]
        if "(" in between and len(between) <= _GAP:
            for code, full in ((other, one), (one, other)):
                if names.stands_for(code.surface, full.surface):
                    yield name_of(code), name_of(full)
                    break


def _inherited(
    name: Name, decision: Decision, people: Mapping[Name, Decision], known: Mapping[str, Language]
) -> Decision:
    """A last or first name, alone or behind initials, is the person of its full name, unless it is a sure place."""
    if decision.entity and decision.kind in {"LOC", "ORG"} and decision.score > SURE and name[2] != "PER":
        return decision
    *before, last = name[0].replace(".", " ").split() or [name[0]]
    sounds = {names.skeleton(base, name[1]) for base in names.bases(last, known.get(name[1]))}
    for full in (_LAST, _FIRST):
        for (surface, lang, _), other in people.items():
            *given, family = surface.replace(".", " ").split() or [surface]
            if full == _FIRST and (before or not given or name[2] != "PER" or _sure_person(decision)):
                continue
            if before and not _same_initial(before[0], given[0] if given else "", name[1], lang):
                continue
            part = family if full == _LAST else given[0]
            if sounds & {names.skeleton(base, lang) for base in names.bases(part, known.get(lang))}:
                if other.entity:
                    return replace(other, score=round(other.score * INHERITED, 3), method="in-article")
                return replace(decision, kind="PER") if decision.entity is None or full == _LAST else decision
    return decision


_LAST, _FIRST = "last", "first"


def _sure_person(decision: Decision) -> bool:
    return decision.entity is not None and decision.score > SURE


def _same_initial(initial: str, given: str, lang: str, other: str) -> bool:
    return names.key(initial, lang)[:1] == names.key(given, other)[:1] != ""


def is_short(name: Name) -> bool:
    """Whether a name is one word, or a last name behind initials: V.Putin, R. Radev."""
    *before, _ = name[0].replace(".", " ").split() or [""]
    return all(len(word) == 1 for word in before)
