"""What one sentence says of one event, before it is known which event that is: the noun of this room."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Entity, Modality, Participant, Quantity, Sentence, Span, When
from kg.ontology import EventType


@dataclass(frozen=True, slots=True)
class Draft:
    """A report without its event. `cause` is the index of the draft whose deaths, injuries or damage it counts."""

    type: EventType
    form: str
    sentence: Sentence
    trigger: Span
    participants: tuple[Participant, ...]
    time: When | None
    place: Participant | None
    quantity: Quantity | None
    modality: Modality
    attributed_to: Entity | None
    score: float
    cause: int | None = None
    during: tuple[Span, str] | None = None  # trigger and type of the event in whose course, or from which, it happened
    shift: str | None = None  # how far from that event, as in ISO 8601: "P5D", "-P2W"; None: in its course

    def core(self) -> frozenset[str]:
        """The IRIs of the core participants that have a name: they mean the same in every article."""
        return frozenset(one.entity.iri for one in self._core() if not one.described)

    def described(self) -> frozenset[str]:
        """The IRIs of the core participants that are only described: they mean the same in their article."""
        return frozenset(one.entity.iri for one in self._core() if one.described)

    def _core(self) -> tuple[Participant, ...]:
        names = {role.name for role in self.type.roles if role.core}
        return tuple(one for one in self.participants if one.role in names)

    def all_iris(self) -> frozenset[str]:
        """The IRIs of all participants."""
        return frozenset(one.entity.iri for one in self.participants)
