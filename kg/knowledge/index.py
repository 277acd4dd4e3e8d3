"""The index of a base: read-only, memory-mapped, looked up by name, sound, QID and identifier.

Entities are numbered by rows, 0 .. len(base) - 1; every list of rows has the best known first. Look-ups take
microseconds and never raise for text or rows of any kind that the base handed out itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from kg import names
from kg.knowledge import terms
from kg.knowledge.layout import FLAGS_AT, ROWS, Container, Keys, Lists
from kg.knowledge.naming import WORD
from kg.knowledge.records import BLOCK, KIND_BITS, KINDS, PRIOR_STEPS, Record, decode, number, unpack
from kg.knowledge.terms import Term
from kg.ontology.offices import by_fame, members

_CACHED_BLOCKS, CACHED_ROWS = 128, 16384  # some 5 kB a block and 1 kB a row
_COUNTRY_PROPERTIES = ("P17", "P27")
_LEADS = {"head_of_state": "P35", "head_of_government": "P6", "leader": "P6"}  # what a country's entity itself says
_LEADS_CERTAINTY = 0.6  # it has no dates


class _Names:
    """Keys that lead to rows."""

    def __init__(self, file: Container, name: str) -> None:
        self.keys: Keys = file.keys(f"{name}.trie")
        self._lists: Lists = file.lists(name)

    def __getitem__(self, key: str) -> list[int]:
        """The entries (rows with flags) of a key."""
        at = self.keys.number(key)
        return self._lists[at] if at >= 0 else []


class Index:
    """All look-ups of one file."""

    def __init__(self, file: Container) -> None:
        self.path = file.path
        self.id: str = file.header["id"]  # hash of the content: the same facts, rules and program give the same
        self._info: Mapping[str, Any] = file.header["info"]
        self._qids, self._kinds, self._priors = (file.numbers(name) for name in ("qid", "kind", "prior"))
        self._country, self._country_rows = file.numbers("country"), file.numbers("country.row")
        self._names, self._sounds = _Names(file, "names"), _Names(file, "sounds")
        self._surnames, self._surname_sounds = _Names(file, "surnames"), _Names(file, "surname_sounds")
        self._identifiers = _Names(file, "external")
        self._blocks, self._block_at = file.bytes("records.blocks"), file.numbers("records.offsets")
        self._dictionary = file.bytes("records.dictionary")
        self._edges = {
            half: tuple(file.numbers(f"{half}.{part}") for part in ("at", "offsets", "row", "property"))
            for half in ("out", "in")
        }
        self._terms = {part: file.numbers(f"terms.{part}") for part in ("office", "offsets", "person", "start", "end")}
        self._seats = tuple(file.numbers(f"seats.{part}") for part in ("country", "role", "office"))
        self._known_until = date.fromisoformat(self._info["known_until"])
        self._codes = tuple(self._info["code_anywhere"])
        self._block = lru_cache(_CACHED_BLOCKS)(self._unpack)
        self.record = lru_cache(CACHED_ROWS)(self._record)
        self.related = lru_cache(CACHED_ROWS)(self._related)

    def __len__(self) -> int:
        return len(self._qids)

    def info(self) -> Mapping[str, Any]:
        """What it holds: `entities`, `kinds`, `languages`, and `sources`, a row each with key, what, from, licence."""
        return {"id": self.id, "path": str(self.path), "bytes": self.path.stat().st_size, **self._info}

    # --- by name --------------------------------------------------------------------------------------------------

    def exact(self, key: str, code: str | None = None, *, words: bool = False) -> tuple[int, ...]:
        """Rows that have a name with this names.key.

        `code`: the language of a surface in capitals; then short codes of that language (SUA, ООН) count too.
        `words`: names that are ordinary lower-case words count too (president, drone).
        """
        entries = self._names[key]
        if code is not None:
            extra = [entry for lang in dict.fromkeys((code, *self._codes)) for entry in self._names[f"{key}@{lang}"]]
            entries = sorted({*entries, *extra}, key=self._rank) if extra else entries
        return tuple(dict.fromkeys(entry & ROWS for entry in entries if words or not entry >> FLAGS_AT & WORD))

    def has_prefix(self, key: str) -> bool:
        """Whether a name's key begins with these words, given as names.key: "vladimir" -> True, "vladim" -> False."""
        found = self._names.keys
        return found.number(key) >= 0 or found.any_starting(f"{key} ")

    def starting(self, prefix: str) -> Iterator[str]:
        """The keys of names that begin with these letters."""
        return (key for key in self._names.keys.starting(prefix) if "@" not in key)

    def similar(self, skeleton: str, limit: int = 16) -> tuple[int, ...]:
        """Rows that have a name with this names.skeleton."""
        return tuple(entry & ROWS for entry in self._sounds[skeleton][:limit])

    def surname(self, name: str, limit: int = 16) -> tuple[int, ...]:
        """People with this surname as spelled, then with one that sounds like it; a surface or a names.key."""
        exact = self._surnames[name] or self._surnames[names.key(name)]
        rows = [*exact[:limit], *self._surname_sounds[names.skeleton(name)][:limit]]
        return tuple(dict.fromkeys(rows))[:limit]

    # --- of a row -------------------------------------------------------------------------------------------------

    def qid(self, row: int) -> str:
        """The QID of a row."""
        return f"Q{self._qids[row]}"

    def kind(self, row: int) -> str:
        """PER LOC ORG EVT PROD FAC NORP POS WORK LANG."""
        return KINDS[self._kinds[row] & ~(-1 << KIND_BITS)]

    def flags(self, row: int) -> frozenset[str]:
        """The profile's flags: "brand" (needs more than its name), "guessed", "minor"."""
        return self._flag_names(self._kinds[row] >> KIND_BITS)

    def prior(self, row: int) -> float:
        """Prominence, 0..1."""
        return float(self._priors[row] / PRIOR_STEPS)

    def label(self, row: int, lang: str = "en") -> str:
        """The name in a language, else in English, else in any."""
        return self.record(row).label(lang)

    def names(self, row: int) -> tuple[str, ...]:
        """All labels and aliases, each once."""
        return self.record(row).names()

    def countries(self, row: int) -> tuple[int, ...]:
        """The countries that a row belongs to (a country itself: often none), the main one first."""
        main: int = self._country[row]
        if not main:
            return ()
        found = {self._country_rows[main]: None}
        found.update((other, None) for other, name in self._joined("out", row) if name in _COUNTRY_PROPERTIES)
        return tuple(found)

    def _related(self, row: int) -> Mapping[int, str]:
        """Neighbours with the property that joins them: {row: "P39"}; "^P26" where the other is the subject."""
        found = {other: f"^{name}" for other, name in self._joined("in", row)}
        found.update(self._joined("out", row))
        return found

    def _record(self, row: int) -> Record:
        columns = {
            "row": row,
            "qid": self.qid(row),
            "kind": self.kind(row),
            "prior": self.prior(row),
            "countries": tuple(self.qid(country) for country in self.countries(row)),
            "flags": self.flags(row),
        }
        return decode(self._block(row // BLOCK)[row % BLOCK], columns, self._info["source_keys"])

    # --- by identifier --------------------------------------------------------------------------------------------

    def row(self, qid: str) -> int | None:
        """The row of a QID; None: it is not here."""
        try:
            wanted = number(qid)
        except ValueError:
            return None
        at = bisect_left(self._qids, wanted)
        return at if at < len(self._qids) and self._qids[at] == wanted else None

    def by_external(self, scheme: str, value: str) -> int | None:
        """The row with an identifier: "iso3166_1", "RU" -> Russia; None: no row has it."""
        entries = self._identifiers[f"{scheme}={value}"]
        return entries[0] & ROWS if entries else None

    # --- offices --------------------------------------------------------------------------------------------------

    def offices(self, country: int, role: str) -> tuple[int, ...]:
        """The offices of a country that fill a role or group of ontology/offices.toml, the living ones first."""
        found = self._offices()
        return tuple(dict.fromkeys(at for name in members(role) for at in found.get((country, name), ())))

    def terms(self, office: int, on: date | None = None) -> tuple[Term, ...]:
        """Who held an office: on a day, the surest first; on none in particular, the latest first, certainty 1."""
        at = bisect_left(self._terms["office"], office)
        if at == len(self._terms["office"]) or self._terms["office"][at] != office:
            return ()
        start, end = self._terms["offsets"][at : at + 2]
        rows = [(self._terms["person"][i], (self._terms["start"][i], self._terms["end"][i])) for i in range(start, end)]
        if on is None:
            return tuple(_term(person, office, dates, 1.0) for person, dates in rows)
        others = {person: [dates for other, dates in rows if other != person] for person, _ in rows}
        yearly = self._info["yearly"]
        found = [
            _term(person, office, dates, terms.certainty(dates, on, others[person], self._known_until, yearly))
            for person, dates in rows
        ]
        return tuple(sorted((term for term in found if term.certainty), key=lambda term: -term.certainty))

    def holders(self, office: int, on: date | None = None) -> tuple[int, ...]:
        """The people of `terms`, each once."""
        return tuple(dict.fromkeys(term.person for term in self.terms(office, on)))

    def incumbents(self, country: int, role: str, on: date | None = None) -> tuple[Term, ...]:
        """Who fills a role of a country on a day, over all its offices: the surest and best known first.

        `on` None: all who ever did, the latest first. Where no office is known, whoever the country's entity calls
        its head, undated and less sure.
        """
        by_role = [self._held(country, part, on) for part in members(role)]
        if on is not None and not by_fame(role):
            by_role = [found for found in by_role if found][:1]
        found = [term for terms_ in by_role for term in terms_]
        if not found and role in _LEADS:
            people = [other for other, name in self._joined("out", country) if name == _LEADS[role]]
            found = [Term(person, -1, None, None, _LEADS_CERTAINTY) for person in people]
        if on is None:
            fame = self._fame if by_fame(role) else lambda _: (False, 0.0)
            return tuple(sorted(found, key=lambda term: (*fame(term), term.start or ""), reverse=True))
        return tuple(sorted(found, key=lambda term: -term.certainty * (0.5 + self.prior(term.person))))

    # --- inside ---------------------------------------------------------------------------------------------------

    def _fame(self, term: Term) -> tuple[bool, float]:
        return term.end is None, self.prior(term.person)

    def _held(self, country: int, role: str, on: date | None) -> list[Term]:
        return [term for office in self.offices(country, role) for term in self.terms(office, on)]

    def _unpack(self, block: int) -> list[bytes]:
        return unpack(self._blocks[self._block_at[block] : self._block_at[block + 1]], self._dictionary)

    def _rank(self, entry: int) -> tuple[int, int]:
        row = entry & ROWS
        return -self._priors[row], row

    @lru_cache(maxsize=256)  # noqa: B019 - at most 16 values, and a base lives as long as its program
    def _flag_names(self, bits: int) -> frozenset[str]:
        return frozenset(name for at, name in enumerate(self._info["flags"]) if bits >> at & 1)

    def _joined(self, half: str, row: int) -> Iterator[tuple[int, str]]:
        at, offsets, rows, properties = self._edges[half]
        place = bisect_left(at, row)
        if place < len(at) and at[place] == row:
            for i in range(offsets[place], offsets[place + 1]):
                yield rows[i], self._info["properties"][properties[i]]

    @lru_cache(maxsize=1)  # noqa: B019 - one small table a base
    def _offices(self) -> Mapping[tuple[int, str], tuple[int, ...]]:
        found: dict[tuple[int, str], tuple[int, ...]] = {}
        for country, role, office in zip(*self._seats, strict=True):
            key = country, self._info["roles"][role]
            found[key] = (*found.get(key, ()), office)
        return found


def _term(person: int, office: int, dates: terms.Dates, certainty: float) -> Term:
    return Term(person, office, terms.unpacked(dates[0]), terms.unpacked(dates[1]), certainty)
