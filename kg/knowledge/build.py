"""Facts in, a knowledge base out: streaming, in little memory, the same bytes for the same facts in any order."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kg import names
from kg.errors import KnowledgeError
from kg.knowledge import facts, naming, postings, seats
from kg.knowledge.columns import Blocks, Edges, KeyIndex, MainCountries, Terms, row_of
from kg.knowledge.facts import Entities, Progress
from kg.knowledge.layout import FLAGS_AT, VERSION, Writer
from kg.knowledge.profile import Profile, load
from kg.knowledge.records import DICTIONARY, KIND_BITS, KINDS, PRIOR_STEPS, encode, number

_EVERY = 2000
_COUNTRY = {"PER": "P27"}  # the property that joins an entity with its country; P17 for all other kinds
# Names whose spelling a base remembers: where kg.names reads one of them otherwise, the base must be built anew.
PROBES = (
    ("Владимир Путин", "ru"), ("Київ", "uk"), ("Аляксандр Лукашэнка", None), ("Българија Щърбанов", "bg"),
    ("Ђорђе Ђоковић", "sr"), ("Βλαντίμιρ Πούτιν", "el"), ("Πάπας Φραγκίσκος", "el"), ("Αυγέρης Παπανδρέου", None),
    ("Əliyev Cəfərov", "az"), ("Şişli Erdoğan", "tr"), ("Đorđe Đoković", None), ("Łódź Wałęsa", "pl"),
    ("Ștefan Țepeș", "ro"), ("Škoda Plzeň", "cs"), ("Schröder", "de"), ("François Guérin", "fr"), ("Núñez", "es"),
    ("João Conceição", "pt"), ("Van der Bellen", "nl"), ("Giuseppe D'Annunzio", "it"), ("Janez Janša", "sl"),
    ("Zhang Xiuqing", "en"), ("Kyiv-Mohyla & Co.", "en"),
)  # fmt: skip


def _silent(_what: str, _done: int) -> None:
    pass


def build(folder: Path, out: Path, profile: Profile | None = None, progress: Progress = _silent) -> Mapping[str, Any]:
    """Build the base `out` from a facts folder (see facts.py) and return its info.

    `progress` is told what is being done and how many rows of it are done. Nothing is left behind when it fails.
    Raises KnowledgeError (facts that are missing or malformed, no room), DataError (the profile).
    """
    profile = profile or load()
    if not folder.is_dir():
        raise KnowledgeError(f"There is no folder {folder}.", "Name the folder that holds entities.jsonl.gz.")
    with ExitStack() as stack:
        entities = Entities(folder, profile, progress, stack)
        if not len(entities):
            raise KnowledgeError(f"No entity of {folder} is left.", "Exclude fewer sources, or keep more languages.")
        if len(entities) >= 1 << FLAGS_AT:
            raise KnowledgeError("The facts have too many entities.", f"Keep them below {1 << FLAGS_AT}.")
        build_ = _Build(folder, profile, entities, stack)
        return build_.write(stack.enter_context(Writer(out)), progress)


class _Build:
    """One build: goes over the entities once, then over the relations, and writes the sections."""

    def __init__(self, folder: Path, profile: Profile, entities: Entities, stack: ExitStack) -> None:
        self._folder, self._profile, self._entities = folder, profile, entities
        self._hash = hashlib.sha256(f"kb {VERSION}\n{profile.text}\n".encode())
        self._sources = sorted(entities.sources)
        self._flags = list(profile.flags)
        self._kinds, self._priors = array("B"), array("H")
        self._names, self._sounds = KeyIndex(stack, "names"), KeyIndex(stack, "sounds")
        self._surnames = KeyIndex(stack, "surnames", profile.surname.most)
        self._surname_sounds = KeyIndex(stack, "surname_sounds", profile.surname.most)
        self._external, self._main = KeyIndex(stack, "external"), MainCountries()
        self._blocks = Blocks(stack, self._sample())
        self._edges, self._terms = Edges(profile.one_way), Terms()
        self._offices: list[seats.Office] = []
        self._country_rows: set[int] = set()
        self._isos: set[int] = set()

    def write(self, out: Writer, progress: Progress) -> Mapping[str, Any]:
        """Do everything."""
        self._east = self._first_surname_countries()
        for row, entity in enumerate(self._entities):
            self._add(row, entity)
            if row % _EVERY == 0:
                progress("reading names", row)
        progress("reading relations", 0)
        self._join()
        progress("writing", len(self._entities))
        rank = postings.ranks(self._priors)
        out.section("qid", "I", [array("I", self._entities.qids).tobytes()])
        out.section("kind", "B", [self._kinds.tobytes()])
        out.section("prior", "H", [self._priors.tobytes()])
        self._blocks.write(out)
        for index in (self._names, self._sounds, self._surnames, self._surname_sounds, self._external):
            index.write(out, rank)
        self._main.write(out, self._hash)
        properties = self._edges.write(out, self._hash)
        self._terms.write(out, self._hash)
        roles = self._seats(out)
        info = self._info(properties, roles)
        out.finish(self._hash.hexdigest()[:16], info)
        return info

    def _sample(self) -> Iterator[bytes]:
        """Records spread over the base, for the blocks' common dictionary."""
        step = max(1, len(self._entities) * 120 // DICTIONARY)
        for row in range(0, len(self._entities), step):
            yield encode(self._numbered(self._entities[row]))

    def _numbered(self, entity: dict[str, Any]) -> dict[str, Any]:
        return {**entity, "source_numbers": [self._sources.index(source) for source in entity["sources"]]}

    def _first_surname_countries(self) -> frozenset[str]:
        """QIDs of the countries whose people put the surname first."""
        wanted, found = self._profile.surname.first, set()
        for row, entity in self._entities.saying(b'"iso3166_1"'):
            iso = entity.get("external", {}).get("iso3166_1")
            if iso:
                self._isos.add(row)
            if iso in wanted:
                found.add(entity["qid"])
        return frozenset(found)

    def _add(self, row: int, entity: dict[str, Any]) -> None:
        prior = round(entity["prior"] * PRIOR_STEPS)
        kind = KINDS.index(entity["type"])
        sources = set(entity["sources"])
        flags = sum(
            1 << at
            for at, (_, rule) in enumerate(self._profile.flags.items())
            if sources and all(source in rule or source.partition(":")[0] in rule for source in sources)
        )
        self._kinds.append(kind | flags << KIND_BITS)
        self._priors.append(prior)
        record = encode(self._numbered(entity))
        self._blocks.add(record)
        self._hash.update(f"{entity['qid']} {kind} {prior} {flags} {entity['country']} ".encode() + record)
        self._add_names(row, entity, {name for at, name in enumerate(self._flags) if flags >> at & 1})
        for scheme, value in entity.get("external", {}).items():
            self._external.add(f"{scheme}={value}", row)
        self._add_links(row, entity)

    def _add_names(self, row: int, entity: dict[str, Any], flags: set[str]) -> None:
        rules = self._profile.names
        for key, marks in naming.keys(entity, rules).items():
            self._names.add(key, row, marks)
            self._hash.update(f"{key} {marks}\n".encode())
        heard = entity["type"] in rules.sounds and rules.mute.isdisjoint(flags)
        for sound in sorted(naming.sounds(entity, rules)) if heard else ():
            self._sounds.add(sound, row)
            self._hash.update(sound.encode() + b"\n")
        if entity["type"] == "PER":
            first = not self._east.isdisjoint(entity["country"])
            keys, sounds = naming.surnames(entity, rules, self._profile.surname, first=first)
            for key in sorted(keys):
                self._surnames.add(key, row)
            for sound in sorted(sounds):
                self._surname_sounds.add(sound, row)

    def _add_links(self, row: int, entity: dict[str, Any]) -> None:
        found = [at for qid in entity["country"] if (at := self._row(qid)) is not None]
        self._main.add(found[0] if found else None)
        for country in found:
            self._edges.add(row, _COUNTRY.get(entity["type"], "P17"), country)
        positions = [(self._row(office), start, end) for office, start, end in entity.get("positions", ())]
        held = [(office, start, end) for office, start, end in positions if office is not None]
        self._terms.add(row, held)
        for office in {office for office, _, _ in held}:
            self._edges.add(row, "P39", office)
        if entity["type"] == "POS":
            self._offices.append(seats.office(row, entity, self._row))
            self._country_rows.update(self._offices[-1].countries)

    def _join(self) -> None:
        for subject, name, target in facts.relations(self._folder):
            rows = row_of(self._entities.qids, subject), row_of(self._entities.qids, target)
            if rows[0] is not None and rows[1] is not None:
                self._edges.add(rows[0], name, rows[1])

    def _seats(self, out: Writer) -> list[str]:
        """Add seats.country .role .office, the best office of a country's role first; returns the roles."""
        rows = sorted(self._country_rows | self._isos, key=lambda row: (-self._priors[row], row))
        found = seats.seats(self._offices, [seats.country(row, self._entities[row]) for row in rows])
        titles = sorted({role for _, role, _ in found})
        order = sorted(found, key=lambda seat: (seat[0], seat[1], *self._worth(seat[2]), seat[2]))
        columns = (
            array("I", (country for country, _, _ in order)),
            array("I", (titles.index(role) for _, role, _ in order)),
            array("I", (office for _, _, office in order)),
        )
        for name, column in zip(("country", "role", "office"), columns, strict=True):
            out.section(f"seats.{name}", "I", [column.tobytes()], self._hash)
        return titles

    def _worth(self, office: int) -> tuple[int, int, int]:
        """Sorts the offices of one role: whose last holder came last, who had most holders, best known."""
        latest, count = self._terms.latest(office)
        return -latest, -count, -self._priors[office]

    def _row(self, qid: str) -> int | None:
        return row_of(self._entities.qids, number(qid))

    def _info(self, properties: list[str], roles: list[str]) -> dict[str, Any]:
        kinds = Counter(KINDS[kind & ~(-1 << KIND_BITS)] for kind in self._kinds)
        return {
            "entities": len(self._entities),
            "kinds": {kind: kinds[kind] for kind in KINDS if kinds[kind]},
            "languages": sorted(self._profile.languages),
            "sources": facts.sources(self._folder, self._entities.families),
            "source_keys": self._sources,
            "flags": self._flags,
            "properties": properties,
            "roles": roles,
            "code_anywhere": sorted(self._profile.names.code_anywhere),
            "known_until": self._profile.known_until.isoformat(),
            "yearly": self._profile.yearly,
            "spelling": spelling(),
        }


def spelling() -> str:
    """A digest of how kg.names reads the probes now; a base whose info has another one must be built anew."""
    read = "\n".join(f"{names.keys(text, lang)} {names.skeleton(text, lang)}" for text, lang in PROBES)
    return hashlib.sha256(read.encode()).hexdigest()[:16]
