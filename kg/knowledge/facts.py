"""A facts folder, read as the profile says: entities by ascending QID, relations, and the table of sources.

entities.jsonl[.gz]    an object a line: qid, type, labels and aliases by language, country, positions ...
relations.tsv[.gz]     subject QID, property, object QID (may be absent)
SOURCES.md             a table whose rows begin with a source's key, what it is, where from, its licence
"""

from __future__ import annotations

import gzip
import json
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from kg import names
from kg.errors import KnowledgeError
from kg.knowledge.profile import Profile
from kg.knowledge.records import KINDS, number

Progress = Callable[[str, int], None]  # what is being done, how many rows of it are done
_EVERY = 2000  # rows between two calls of the progress callback
_FIX = "Mend the line, or get the facts again."


class Entities:
    """The entities that the profile keeps, each cleaned, in the order of their QIDs.

    They wait in a temporary file that `stack` closes, so that a base of any size is built in little memory.
    """

    def __init__(self, folder: Path, profile: Profile, progress: Progress, stack: ExitStack) -> None:
        self._spool: IO[bytes] = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        self._profile = profile
        self.sources: Counter[str] = Counter()  # entities of each source
        self.families: Counter[str] = Counter()  # the same without what stands behind ":"
        numbers, offsets = array("Q"), array("Q")
        for entity in self._read(folder, progress):
            numbers.append(number(entity["qid"]))
            offsets.append(self._spool.tell())
            self._spool.write(_packed(entity))
            self.sources.update(entity["sources"])
            self.families.update({source.partition(":")[0] for source in entity["sources"]})
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        self.qids = array("Q", (numbers[at] for at in order))  # ascending
        self._offsets = array("Q", (offsets[at] for at in order))
        self._check_unique()

    def __len__(self) -> int:
        return len(self.qids)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> dict[str, Any]:
        self._spool.seek(self._offsets[row])
        return _unpacked(self._spool.readline())

    def saying(self, word: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
        """(row, entity) of those whose JSON has these bytes: much faster than to look into every one."""
        for row, offset in enumerate(self._offsets):
            self._spool.seek(offset)
            line = self._spool.readline()
            if word in line:
                yield row, _unpacked(line)

    def _check_unique(self) -> None:
        for at in range(len(self.qids) - 1):
            if self.qids[at] == self.qids[at + 1]:
                raise KnowledgeError(f"The facts have Q{self.qids[at]} twice.", "Remove one of the two lines.")

    def _read(self, folder: Path, progress: Progress) -> Iterator[dict[str, Any]]:
        path, lines = _lines(folder, "entities.jsonl")
        count = 0
        with lines as file:
            for count, line in enumerate(file, 1):
                entity = _clean(_parse(line, path, count), self._profile)
                if entity:
                    yield entity
                if count % _EVERY == 0:
                    progress("reading entities", count)
        progress("reading entities", count)


def _packed(entity: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(entity, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half of a surrogate pair, as broken JSON has them
        return json.dumps(entity).encode() + b"\n"


def _unpacked(line: bytes) -> dict[str, Any]:
    try:
        entity: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        entity = json.loads(line)
    return entity


def _parse(line: str, path: Path, count: int) -> dict[str, Any]:
    try:
        entity: dict[str, Any] = json.loads(line)
        check(entity)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{path}, line {count} is no entity: {error!r}.", _FIX) from error
    if entity.get("type") not in KINDS or not 0 <= entity["prior"] <= 1:
        kinds = " ".join(KINDS)
        what = f"{path}, line {count}: {entity['qid']} has no type of {kinds}, or a prior outside 0..1."
        raise KnowledgeError(what, _FIX)
    return entity


def check(entity: Mapping[str, Any]) -> None:
    """Whether the fields have the shapes that the builder counts on; what is wrong raises ValueError or its like."""
    offices = [office for office, _start, _end in entity.get("positions", ())]
    for field in ("country", "classes", "occupations"):
        offices.extend(entity.get(field, ()))
    if max(map(number, (entity["qid"], *offices))) >= 1 << 32:
        raise ValueError("a QID above Q4294967295")
    float(entity["prior"])
    names_ = [*entity["labels"].values(), *(name for row in entity.get("aliases", {}).values() for name in row)]
    if not all(isinstance(name, str) for name in names_):
        raise ValueError("a name that is no string")


def _clean(entity: dict[str, Any], profile: Profile) -> dict[str, Any] | None:
    """What the profile keeps of an entity, its fields in a fixed order; None: nothing."""
    sources = sorted(key for key in entity.get("sources", ()) if not _excluded(key, profile.exclude_sources))
    if entity.get("sources") and not sources:
        return None
    labels = {lang: _tidy(name) for lang, name in sorted(entity["labels"].items()) if _kept(lang, name, profile)}
    aliases = {
        lang: found
        for lang, row in sorted(entity.get("aliases", {}).items())
        if (found := [_tidy(name) for name in dict.fromkeys(row) if _kept(lang, name, profile)])
    }
    if "aliases" in profile.exclude_fields:
        aliases = {}
    if entity["type"] in profile.names.proper:
        aliases = _resembling(labels, aliases, profile.names.resembles)
    if not labels and not aliases:
        return None
    rest = {
        field: entity[field]
        for field in ("birth", "classes", "coords", "dates", "occupations", "population", "positions")
        if entity.get(field) is not None and field not in profile.exclude_fields
    }
    for field in ("external", "wikipedia"):
        if field not in profile.exclude_fields:
            rest[field] = dict(sorted(entity.get(field, {}).items()))
    rest["wikipedia"] = {lang: title for lang, title in rest.get("wikipedia", {}).items() if lang in profile.languages}
    fixed = {"qid": entity["qid"], "type": entity["type"], "prior": entity["prior"], "sources": sources}
    return {**fixed, "labels": labels, "aliases": aliases, "country": entity.get("country", []), **rest}


def _excluded(source: str, excluded: frozenset[str]) -> bool:
    return source in excluded or source.partition(":")[0] in excluded


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _kept(lang: str, name: str, profile: Profile) -> bool:
    return lang in profile.languages and len(name) <= profile.names.longest and not profile.names.junk.search(name)


def _resembling(labels: Mapping[str, str], aliases: Mapping[str, list[str]], least: float) -> dict[str, list[str]]:
    """The aliases without those in lower case that look like no other name: mostly vandalism."""
    kept: dict[str, list[str]] = {}
    for lang, row in aliases.items():
        others = [*labels.values(), *(name for name in row if not name.islower())]
        fine = [name for name in row if not name.islower() or _nearest(name, others) >= least]
        if fine:
            kept[lang] = fine
    return kept


def _nearest(name: str, others: list[str]) -> float:
    return max((names.similarity(name, other) for other in others), default=0.0)


def relations(folder: Path) -> Iterator[tuple[int, str, int]]:
    """The lines of relations.tsv as (subject, property, object), QIDs as numbers. Raises KnowledgeError."""
    if not any((folder / name).exists() for name in ("relations.tsv", "relations.tsv.gz")):
        return
    path, lines = _lines(folder, "relations.tsv")
    with lines as file:
        for count, line in enumerate(file, 1):
            try:
                subject, name, target = line.rstrip("\n").split("\t")
                yield number(subject), name, number(target)
            except ValueError as error:
                raise KnowledgeError(f"{path}, line {count} is no relation: {line.strip()!r}.", _FIX) from error


_ROW = re.compile(r"^\|\s*([a-z0-9][\w-]*)\s*\|(.+)\|\s*$")


def sources(folder: Path, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The rows of SOURCES.md for the source families in `counts`: key, what, from, licence, entities kept.

    A licence table is part of every base. Raises KnowledgeError: no table, or a source that it does not name.
    """
    path = folder / "SOURCES.md"
    if not path.exists():
        raise KnowledgeError(f"{folder} has no SOURCES.md.", "Write one: a base must say where its facts are from.")
    families = dict(counts)
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _ROW.match(line)
        cells = [cell.strip() for cell in match[2].split("|")] if match else []
        if match and match[1] != "key" and len(cells) >= 3 and families.get(match[1]):
            row = {"key": match[1], "what": cells[0], "from": cells[1], "licence": cells[2].replace("**", "")}
            rows.append({**row, "entities": families.pop(match[1])})
    if families:
        what = f"SOURCES.md does not name {', '.join(sorted(families))}."
        raise KnowledgeError(what, "Add a row with its key, what it is, where it is from, and its licence.")
    return rows


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            yield file
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path} can't be read: {error}.", "Get the facts again.") from error


def _lines(folder: Path, name: str) -> tuple[Path, Any]:
    path = next((p for p in (folder / f"{name}.gz", folder / name) if p.exists()), None)
    if path is None:
        raise KnowledgeError(f"{folder} has no {name}.gz.", "Name the folder of the facts, see the README there.")
    return path, _opened(path)
