"""What a knowledge base knows about one entity, and its bytes: compact JSON, compressed in blocks.

A block holds BLOCK records, so that one look-up unpacks some two kilobytes; all share one zlib dictionary.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BLOCK = 32  # records; larger saves space, smaller saves time
DICTIONARY = 1 << 15  # bytes: zlib's window
_LEVEL = 9
_RAW = -15  # window bits of a deflate stream without header and checksum

KINDS = ("PER", "LOC", "ORG", "EVT", "PROD", "FAC", "NORP", "POS", "WORK", "LANG")
KIND_BITS = 4  # of the byte that holds a row's kind and, above it, its flags
PRIOR_STEPS = 10_000  # a prior of 1 as it is stored

Position = tuple[str, str | None, str | None]  # office QID, from, to: YYYY[-MM[-DD]] or None for unknown or open


@dataclass(frozen=True, slots=True)
class Record:
    """One entity. QIDs are strings ("Q7747"); languages are ISO 639-1 or "mul" for no one language."""

    row: int
    qid: str
    kind: str  # of KINDS
    prior: float  # prominence, 0..1
    labels: Mapping[str, str]  # language -> name
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    positions: tuple[Position, ...] = ()
    occupations: tuple[str, ...] = ()
    birth: str | None = None  # YYYY[-MM[-DD]]
    dates: tuple[str | None, str | None] | None = None  # of an event: start, end
    coords: tuple[float, float] | None = None  # as the facts give them, degrees
    population: int | None = None
    external: Mapping[str, str] = field(default_factory=dict)  # scheme -> identifier
    classes: tuple[str, ...] = ()
    wikipedia: Mapping[str, str] = field(default_factory=dict)  # language -> title with underscores
    sources: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()  # of the profile: "brand" ...

    def label(self, *languages: str) -> str:
        """The name in the first of the languages that has one; else in English, in any, or the QID."""
        for language in (*languages, "en", "mul"):
            if language in self.labels:
                return self.labels[language]
        return next(iter(self.labels.values()), self.qid)

    def names(self) -> tuple[str, ...]:
        """Labels and aliases of all languages, each once."""
        aliases = (alias for found in self.aliases.values() for alias in found)
        return tuple(dict.fromkeys((*self.labels.values(), *aliases)))


def number(qid: str) -> int:
    """The number of a QID. Raises ValueError for anything but Q and digits."""
    if qid[:1] != "Q" or not qid[1:].isdecimal() or not qid[1:].isascii():
        raise ValueError(qid)
    return int(qid[1:])


def encode(entity: Mapping[str, Any]) -> bytes:
    """One record as JSON: short keys, empty fields left out, nothing that columns hold (QID, kind, prior, flags).

    `entity` has the fields of a row of the facts; names are grouped, so that a name of ten languages stands once.
    """
    names: dict[str, list[list[str]]] = {}
    for language, label in entity.get("labels", {}).items():
        names.setdefault(label, [[], []])[0].append(language)
    for language, aliases in entity.get("aliases", {}).items():
        for alias in aliases:
            names.setdefault(alias, [[], []])[1].append(language)
    fields = {
        "n": {name: _languages(langs) for name, langs in names.items()},
        "p": [[number(office), start, end] for office, start, end in entity.get("positions", ())],
        "o": [number(qid) for qid in entity.get("occupations", ())],
        "b": entity.get("birth"),
        "d": entity.get("dates"),
        "g": entity.get("coords"),
        "h": entity.get("population"),
        "x": entity.get("external"),
        "c": [number(qid) for qid in entity.get("classes", ())],
        "w": _short_titles(entity),
        "s": entity.get("source_numbers"),
    }
    kept = {key: value for key, value in fields.items() if value or (key == "h" and value is not None)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _languages(langs: Sequence[Sequence[str]]) -> str:
    labels, aliases = (" ".join(found) for found in langs)
    return f"{labels}|{aliases}" if aliases else labels


def _short_titles(entity: Mapping[str, Any]) -> dict[str, str]:
    """Wikipedia titles, "" where the title is the label."""
    labels = entity.get("labels", {})
    titles: Mapping[str, str] = entity.get("wikipedia", {})
    return {lang: "" if title.replace("_", " ") == labels.get(lang) else title for lang, title in titles.items()}


def decode(data: bytes, columns: Mapping[str, Any], sources: Sequence[str]) -> Record:
    """The record of its bytes; `columns` are the fields kept elsewhere: row, qid, kind, prior, countries, flags."""
    raw = json.loads(data)
    labels: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    for name, langs in raw.get("n", {}).items():
        of_label, _, of_alias = langs.partition("|")
        labels.update(dict.fromkeys(of_label.split(), name))
        for language in of_alias.split():
            aliases.setdefault(language, []).append(name)
    coords, dates = raw.get("g"), raw.get("d")
    return Record(
        **columns,
        labels=dict(sorted(labels.items())),
        aliases={language: tuple(found) for language, found in sorted(aliases.items())},
        positions=tuple((f"Q{office}", start, end) for office, start, end in raw.get("p", ())),
        occupations=_qids(raw.get("o", ())),
        birth=raw.get("b"),
        dates=(dates[0], dates[1]) if dates else None,
        coords=(coords[0], coords[1]) if coords else None,
        population=raw.get("h"),
        external=raw.get("x", {}),
        classes=_qids(raw.get("c", ())),
        wikipedia={lang: title or labels[lang].replace(" ", "_") for lang, title in raw.get("w", {}).items()},
        sources=tuple(sources[at] for at in raw.get("s", ())),
    )


def _qids(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"Q{found}" for found in numbers)


def pack(records: Sequence[bytes], dictionary: bytes) -> bytes:
    """A block of records, compressed."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, zdict=dictionary)
    return packer.compress(b"\n".join(records)) + packer.flush()


def unpack(block: bytes | memoryview, dictionary: bytes | memoryview) -> list[bytes]:
    """The records of a block."""
    return zlib.decompressobj(_RAW, zdict=dictionary).decompress(block).split(b"\n")
