"""What identity needs to know of event types and predicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.ontology import EventType, load_ontology
from kg.ontology.sameness import Sameness, sameness


@dataclass(frozen=True, slots=True)
class Kinds:
    """Event types by CURIE, the symmetric predicates, and the weights."""

    types: Mapping[str, EventType]
    symmetric: frozenset[str]
    weights: Sameness

    def family(self, kind: str) -> str:
        """The type that identity goes by; what the ontology doesn't know is a family of its own."""
        return self.types[kind].family if kind in self.types else kind

    def core(self, kind: str) -> Mapping[str, bool]:
        """Role -> whether several may fill it, of the roles that make an event of this type what it is."""
        return {role.name: role.many for role in self.types[kind].roles if role.core} if kind in self.types else {}

    def mutual(self, kind: str) -> bool:
        """Whether the type takes two parties."""
        return kind in self.types and self.types[kind].least >= 2

    def disaster(self, kind: str) -> bool:
        """Whether the type is an accident or a natural disaster."""
        return kind in self.types and "kg:Disaster" in self.types[kind].parents

    def harms(self, kind: str) -> bool:
        """Whether the type may kill and destroy."""
        return kind in self.types and self.types[kind].harms

    def spoken(self, kind: str) -> bool:
        """Whether the type is something said: one person says many things a day."""
        return kind in self.types and (self.types[kind].attributes or "kg:Speech" in self.types[kind].parents)


@cache
def kinds() -> Kinds:
    """Those of the ontology that ships."""
    ontology = load_ontology()
    symmetric = frozenset(one.iri for one in ontology.predicates.values() if one.symmetric)
    return Kinds({one.iri: one for one in ontology.event_types}, symmetric, sameness())
