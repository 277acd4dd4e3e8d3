"""The whole vocabulary as one frozen value: everything that `ontology/*.ttl` and `extract.toml` declare."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.ontology.cues import Cues, load_cues
from kg.ontology.events import EventType, build_event_types, type_names
from kg.ontology.relations import Relation, load_relations
from kg.ontology.seats import Seats, load_seats
from kg.ontology.terms import External, Predicate, Term, build_classes, build_external, build_predicates
from kg.ontology.things import Thing, load_things
from kg.ontology.turtle import read_turtle
from kg.shipped import shipped

_FILES = ("news.ttl", "events.ttl", "external.ttl")
_WORDS = ("extract.toml", "things.toml", "relations.toml", "seats.toml")


@dataclass(frozen=True, slots=True)
class Ontology:
    """What the stages and the graph's readers know of the world's vocabulary."""

    id: str  # hash of the files: other words are another extractor
    prefixes: Mapping[str, str]  # prefix -> IRI start
    classes: Mapping[str, Term]  # by CURIE
    predicates: Mapping[str, Predicate]  # by CURIE
    event_types: tuple[EventType, ...]  # sorted by CURIE
    external: Mapping[str, External]  # by the knowledge base's key
    cues: Mapping[str, Cues]  # by language
    seats: Seats
    things: tuple[Thing, ...] = ()
    relations: tuple[Relation, ...] = ()

    def event_type(self, name: str) -> EventType | None:
        """The type with this CURIE or short name ("kg:Meeting", "meeting")."""
        return next((one for one in self.event_types if name in (one.iri, one.notation)), None)

    def type_names(self) -> Mapping[str, frozenset[str]]:
        """Type CURIE -> the short names that it satisfies: its own and those of all broader types."""
        return type_names(self.event_types)

    def predicate_for(self, notation: str) -> str | None:
        """The predicate that rules know by this word: "head_of_state" -> "kg:headOfStateOf"."""
        return next((one.iri for one in self.predicates.values() if one.notation == notation), None)


def load_ontology(folder: Path | None = None) -> Ontology:
    """The ontology of a folder; None: the one that ships, read once. Raises DataError."""
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> Ontology:
    return _read(shipped("ontology"))


def _read(folder: Path) -> Ontology:
    tables = read_turtle([folder / name for name in _FILES])
    predicates = build_predicates(tables)
    return Ontology(
        id=_hash(folder),
        prefixes=dict(sorted(tables.prefixes.items())),
        classes=build_classes(tables),
        predicates=predicates,
        event_types=build_event_types(tables),
        external=build_external(tables),
        cues=load_cues(folder / "extract.toml"),
        seats=load_seats(folder / "seats.toml"),
        things=load_things(folder / "things.toml"),
        relations=load_relations(folder / "relations.toml", frozenset(predicates)),
    )


def _hash(folder: Path) -> str:
    contents = [(folder / name).read_bytes() for name in (*_FILES, *_WORDS)]  # all were read before
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]
