"""Event types: the tree, the roles and the trigger words of `events.ttl`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from kg.errors import DataError
from kg.model import Kind, Modality
from kg.ontology.terms import described
from kg.ontology.turtle import Tables

Form = Literal["verb", "passive", "noun", "not"]
SLOTS = frozenset({
    "subject", "object", "adj", "self",
    "with", "to", "by", "of", "in", "between", "on", "against", "about", "from", "for",
})  # fmt: skip
ROLE_NAMES = ("agent", "patient", "addressee", "theme", "instrument", "place", "source")
_FIX = "See the comment at the top of events.ttl."


@dataclass(frozen=True, slots=True)
class EventRole:
    """Who may take which part in an event, and where the text says so."""

    name: str  # one of ROLE_NAMES; the graph writes kg:<name>, for place sem:hasPlace
    kinds: frozenset[Kind]
    core: bool  # counts towards `EventType.least` and makes the event's identity
    many: bool  # several may fill it
    required: bool  # no report without it
    slots: tuple[str, ...]  # beside a verb, best first
    noun_slots: tuple[str, ...]  # beside a noun, best first


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that tell an event. The pattern language stands at the top of events.ttl."""

    lang: str  # ISO 639-1
    form: Form
    pattern: str  # one alternative: "held ... talks"


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event."""

    iri: str  # "kg:Meeting"
    notation: str  # "meeting"
    labels: tuple[tuple[str, str], ...]
    definition: str
    parents: tuple[str, ...]  # CURIEs, nearest first, kg:Event last
    roles: tuple[EventRole, ...]  # in the order of ROLE_NAMES; none for the branches of the tree
    least: int  # core participants that a report needs
    triggers: tuple[Trigger, ...]
    direct: str | None  # "kg:metWith"
    direct_roles: tuple[str, str]
    units: frozenset[str]  # units of counts that belong to it, as in extract.toml
    unit: str | None  # "dead": what its counts count, whatever noun stands beside them
    count_predicate: str | None  # "kg:deaths"
    needs_quantity: bool  # no report without a count
    harms: bool  # may kill, hurt or damage: counts beside it are its own
    attributes: bool  # its agent is the source of what stands in its scope
    means: bool  # may be told as a means ("by phone"): then the verb beside it says who took part
    scope: Modality | None  # what the events in its scope become
    cameo: str | None
    matches: tuple[str, ...]  # skos:closeMatch

    @property
    def family(self) -> str:
        """The type that identity goes by: a drone strike and an attack may be one event, two counts may not."""
        return self.iri if self.needs_quantity or len(self.parents) < 3 else self.parents[-3]


def build_event_types(tables: Tables) -> tuple[EventType, ...]:
    """The event types, sorted by CURIE. Raises DataError where one breaks the format."""
    found = tables.subjects("rdf:type", "kg:EventType")
    return tuple(_type(tables, iri) for iri in found)


def _type(tables: Tables, iri: str) -> EventType:
    labels, definition = described(tables, iri)
    notation, frame = tables.text(iri, "skos:notation"), tables.text(iri, "kg:frame")
    triggers = tuple(_triggers(tables, iri))
    if not notation or (triggers and not frame):
        raise DataError(f"{iri} has no skos:notation, or words and no kg:frame.", _FIX)
    lineage = _lineage(tables, iri)
    directs = tables.text(frame, "kg:directRoles").split() or ["agent", "patient"]
    return EventType(
        iri=iri,
        notation=notation,
        labels=labels,
        definition=definition,
        parents=lineage[1:],
        roles=_roles(tables, frame),
        least=int(tables.text(frame, "kg:least", "0")),
        triggers=triggers,
        direct=_known(tables, iri, "kg:direct"),
        direct_roles=(directs[0], directs[1]),
        units=frozenset(tables.text(iri, "kg:units").split()),
        unit=tables.text(iri, "kg:unit") or None,
        count_predicate=_known(tables, iri, "kg:countPredicate"),
        needs_quantity=bool(tables.text(frame, "kg:needsQuantity")),
        harms=any(tables.text(one, "kg:harms") for one in lineage),
        attributes=bool(tables.text(iri, "kg:attributes")),
        means=bool(tables.text(iri, "kg:means")),
        scope=cast("Modality | None", tables.text(iri, "kg:scope").removeprefix("kg:") or None),
        cameo=tables.text(iri, "kg:cameo") or None,
        matches=tables.texts(iri, "skos:closeMatch"),
    )


def _triggers(tables: Tables, iri: str) -> Iterator[Trigger]:
    for form in get_args(Form):
        values = tables.rows[iri].get(f"kg:{form}", ())
        for text, lang in sorted(values, key=str):
            if not lang:
                raise DataError(f"{iri}: kg:{form} {text!r} has no language.", 'Write it as "met"@en.')
            for pattern in text.split("|"):
                if not pattern.strip():
                    raise DataError(f"{iri}: an empty alternative in {text!r}@{lang}.", "Take one | away.")
                yield Trigger(lang, form, pattern.strip())


def _lineage(tables: Tables, iri: str) -> tuple[str, ...]:
    """The type and what it is under, up to kg:Event."""
    path = [iri]
    while path[-1] != "kg:Event":
        above = [one for one in tables.texts(path[-1], "rdfs:subClassOf") if one.startswith("kg:")]
        if len(above) != 1 or above[0] in path:
            raise DataError(f"{path[-1]} has not one place in the tree under kg:Event.", "Give it one rdfs:subClassOf.")
        path.append(above[0])
    return tuple(path)


def _roles(tables: Tables, frame: str) -> tuple[EventRole, ...]:
    if frame and frame not in tables.rows:
        raise DataError(f"The frame {frame} is not in events.ttl.", _FIX)
    roles = [_role(tables, frame, node) for node in tables.texts(frame, "kg:role")]
    return tuple(sorted(roles, key=lambda role: ROLE_NAMES.index(role.name)))


def _role(tables: Tables, frame: str, node: str) -> EventRole:
    name, kinds = tables.text(node, "kg:name"), tables.text(node, "kg:kinds").split()
    slots, nouns = tables.text(node, "kg:slots").split(), tables.text(node, "kg:nounSlots").split()
    wrong = {*slots, *nouns} - SLOTS | set(kinds) - set(get_args(Kind)) | {name} - set(ROLE_NAMES)
    if wrong or not kinds or not slots:
        raise DataError(f"{frame}: its role {name!r} has {sorted(wrong) or 'no kinds or slots'}.", _FIX)
    return EventRole(
        name=name,
        kinds=frozenset(cast("list[Kind]", kinds)),
        core=tables.text(node, "kg:core") == "true",
        many=tables.text(node, "kg:many") == "true",
        required=tables.text(node, "kg:required") == "true",
        slots=tuple(slots),
        noun_slots=tuple(nouns),
    )


def _known(tables: Tables, iri: str, field: str) -> str | None:
    """A predicate that the type names, which must be declared."""
    predicate = tables.text(iri, field)
    if predicate and "rdfs:range" not in tables.rows.get(predicate, {}):
        raise DataError(f"{iri}: {field} {predicate} is not declared in news.ttl.", "Declare it, with rdfs:range.")
    return predicate or None


def type_names(types: tuple[EventType, ...]) -> Mapping[str, frozenset[str]]:
    """Type CURIE -> its own short name and those of all broader types."""
    notations = {one.iri: one.notation for one in types}
    return {
        one.iri: frozenset([one.notation, *(notations[up] for up in one.parents if up in notations)]) for one in types
    }
