"""A Wikidata JSON dump -> a knowledge base: one pass over the dump, one over what was kept of it.

    latest-all.json.gz, .bz2, or plain, or any excerpt: a JSON array with one entity a line.

Beside the base stands a folder `<base>.work` while the dump is read: rows of what is kept, relations, every
subclass statement of the whole dump (which class lies under which can't be known before its end), and a
checkpoint. A build that was killed goes on from there; a compressed dump is unpacked again up to that place,
without being parsed, because neither format can be entered in the middle. Memory does not grow with the dump,
but for eight bytes a subclass statement.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import os
import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson

from kg.errors import KnowledgeError
from kg.knowledge.build import build
from kg.knowledge.facts import Progress
from kg.knowledge.profile import Profile
from kg.knowledge.records import number
from kg.knowledge.wikidata.items import Reader, redirect, targets
from kg.knowledge.wikidata.kinds import Kinds, Tree
from kg.knowledge.wikidata.rules import Rules

ROWS, RELATIONS, SUBCLASSES = "rows.jsonl", "relations.tsv", "subclasses.tsv"
_FILES = (ROWS, RELATIONS, SUBCLASSES)
_CHECKPOINT = 50_000  # lines between two checkpoints: some ten seconds of work
_TELL = 2000  # lines between two calls of the progress callback
_HEAD = 1 << 20  # bytes by which a dump is known again; a download may have grown since
_SHORT = 200  # bytes: a line that only says where an item was merged into
_QID_AT = len(b'{"qid":"Q')  # where a row of ours has the number of its QID
_BROKEN = (orjson.JSONDecodeError, AttributeError, IndexError, KeyError, TypeError, ValueError)


def build_from_dump(dump: Path, out: Path, profile: Profile, rules: Rules, progress: Progress) -> Mapping[str, Any]:
    """Build the base `out` and return its info, with `dump`: how many lines were what.

    Raises KnowledgeError: no such dump, one that is cut short, no entity left, no room.
    """
    if not dump.is_file():
        raise KnowledgeError(f"{dump} can't be read: there is no such file.", "Check the path.")
    work = out.with_name(out.name + ".work")
    try:
        work.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            reading = _Reading(dump, work, profile, rules, stack)
            counts, newest = reading.read(progress)
        if not counts.get("read"):
            shutil.rmtree(work)
            what = f"{dump} has no item that could be kept: {_summed(counts)}."
            raise KnowledgeError(what, "Give a JSON dump of Wikidata with an item a line, or ask for less fame.")
        typed = _write_entities(work, rules, progress)
        if newest:
            # Offices without an end were open when the dump was made.
            profile = replace(profile, known_until=newest, text=f"{profile.text}\n{newest}")
        info = build(work, out, profile, progress)
        shutil.rmtree(work)
    except OSError as error:
        what = f"{work} can't be written: {error.strerror or error}."
        raise KnowledgeError(what, "Make room, or choose another place with -o.") from error
    return {**info, "dump": {**counts, **typed}}


def _summed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items()) or "it is empty"


class _Reading:
    """The pass over the dump, from its beginning or from the last checkpoint."""

    def __init__(self, dump: Path, work: Path, profile: Profile, rules: Rules, stack: ExitStack) -> None:
        self._dump, self._work, self._rules = dump, work, rules
        self._reader = Reader(rules, profile.languages)
        self._always = tuple(f'"Q{of}"'.encode() for of in rules.always)
        self._subclass = f'"{rules.statements.subclass}"'.encode()
        languages = ",".join(sorted(profile.languages))
        self._id = _identity(dump, f"{rules.text}\n{languages}")
        self._counts: Counter[str] = Counter()
        self._at, self._newest, self._done = 0, "", False
        self._restore()
        self._files = {name: stack.enter_context((work / name).open("ab")) for name in _FILES}

    def read(self, progress: Progress) -> tuple[dict[str, int], date | None]:
        """Read what is not yet read; returns how many lines were what, and the last day of an edit."""
        if not self._done:
            for place, (end, line) in enumerate(_lines(self._dump, self._at), 1):
                self._at = end
                self._take(line)
                if place % _TELL == 0:
                    progress("reading the dump", self._counts["entities"])
                if place % _CHECKPOINT == 0:
                    self._save()
            self._done = True
            self._save()
        progress("reading the dump", self._counts["entities"])
        return dict(self._counts), date.fromisoformat(self._newest) if self._newest else None

    def _take(self, line: bytes) -> None:
        """One line of the dump."""
        line = line.rstrip(b", \r\n\t")
        if len(line) < 3:  # the array's brackets
            return
        self._counts["entities"] += 1
        if line[-1:] != b"}":
            self._counts["malformed"] += 1
            return
        famous = line.count(b'"site"') >= self._rules.minimum_sitelinks or any(of in line for of in self._always)
        worth_it = self._subclass in line or (len(line) < _SHORT and b'"redirect"' in line)
        if not famous and not worth_it:
            self._counts["little known"] += 1
            return
        try:
            self._parsed(orjson.loads(line), famous=famous)
        except _BROKEN:
            self._counts["malformed"] += 1

    def _parsed(self, item: Mapping[str, Any], *, famous: bool) -> None:
        if redirect(item):
            self._counts["redirects"] += 1
            return
        if item["type"] != "item":
            self._counts["no items"] += 1
            return
        child = number(item["id"])
        row = self._reader.row(item) if famous else None
        relations = "".join(f"{item['id']}\t{name}\t{to}\n" for name, to in self._reader.relations(item)) if row else ""
        for parent in targets(item.get("claims") or {}, self._rules.statements.subclass):
            self._files[SUBCLASSES].write(b"%d\t%d\n" % (child, number(parent)))
        if not famous or (row and not self._famous(row)):
            self._counts["little known"] += 1
        elif row is None:
            self._counts["nameless"] += 1
        else:
            self._files[ROWS].write(orjson.dumps(row) + b"\n")
            self._files[RELATIONS].write(relations.encode())
            self._newest = max(self._newest, item.get("modified", "")[:10])
            self._counts["read"] += 1

    def _famous(self, row: Mapping[str, Any]) -> bool:
        if row["sitelinks"] >= self._rules.minimum_sitelinks:
            return True
        return any(number(qid) in self._rules.always for qid in row.get("classes", ()))

    # --- the checkpoint ---------------------------------------------------------------------------------------------

    def _save(self) -> None:
        """Everything written so far is on disk before the checkpoint says so."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        state = {
            "id": self._id,
            "at": self._at,
            "done": self._done,
            "newest": self._newest,
            "counts": dict(self._counts),
            "sizes": {name: file.tell() for name, file in self._files.items()},
        }
        part = self._work / "checkpoint.part"
        part.write_bytes(orjson.dumps(state))
        part.replace(self._work / "checkpoint.json")

    def _restore(self) -> None:
        """Back to the last checkpoint, if it is of the same dump, languages and rules; else to the beginning."""
        try:
            state = orjson.loads((self._work / "checkpoint.json").read_bytes())
            if state["id"] != self._id:
                raise ValueError  # noqa: TRY301 - another dump is as good as none
            for name in _FILES:
                os.truncate(self._work / name, state["sizes"][name])
            self._at, self._newest, self._done = state["at"], state["newest"], state["done"]
            self._counts.update(state["counts"])
        except (OSError, KeyError, TypeError, ValueError):
            for name in _FILES:
                (self._work / name).unlink(missing_ok=True)


def _write_entities(work: Path, rules: Rules, progress: Progress) -> dict[str, int]:
    """The rows whose classes make a kind, each item once, as the entities of a facts folder."""
    progress("finding kinds", 0)
    kinds = Kinds(rules, Tree(_pairs(work / SUBCLASSES)))
    counts: Counter[str] = Counter({"of no kind": 0, "twice": 0})
    repeated = _repeated(work / ROWS)
    with (work / "entities.jsonl").open("wb") as out, (work / ROWS).open("rb") as rows:
        for place, line in enumerate(rows):
            row = orjson.loads(line)
            kind = kinds.of(row)
            if place in repeated:
                counts["twice"] += 1
            elif kind is None:
                counts["of no kind"] += 1
            else:
                del row["sitelinks"]
                row.pop("parents", None)
                out.write(orjson.dumps({**row, "type": kind}) + b"\n")
            if place % _TELL == 0:
                progress("finding kinds", place)
    source = rules.source
    table = "| key | what | obtained from | licence as seen |\n|---|---|---|---|\n"
    table += f"| {source['key']} | {source['what']} | {source['from']} | {source['licence']} |\n"
    (work / "SOURCES.md").write_text(table, encoding="utf-8")
    return dict(counts)


def _repeated(rows: Path) -> frozenset[int]:
    """The places of rows whose QID an earlier row has: excerpts that were put together have such."""
    with rows.open("rb") as file:
        qids = np.frombuffer(
            array("I", (int(line[_QID_AT : line.index(b'"', _QID_AT)]) for line in file)), dtype=np.uint32
        )
    order = np.argsort(qids, kind="stable")
    same = np.flatnonzero(qids[order][1:] == qids[order][:-1]) + 1
    return frozenset(order[same].tolist())


def _pairs(path: Path) -> Iterator[tuple[int, int]]:
    with path.open("rb") as file:
        for line in file:
            child, _, parent = line.partition(b"\t")
            yield int(child), int(parent)


def _identity(dump: Path, rules: str) -> str:
    """What a checkpoint is good for: this dump (by name and beginning), these rules and languages."""
    try:
        with dump.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise KnowledgeError(f"{dump} can't be read: {error.strerror}.", "Check the path.") from error
    return hashlib.sha256(f"{dump.name}\n{rules}\n".encode() + head).hexdigest()


def _lines(dump: Path, start: int) -> Iterator[tuple[int, bytes]]:
    """The lines behind a place of the unpacked dump, each with the place of its end."""
    opener: Callable[[Path], IO[bytes]] = {".gz": _gzip, ".bz2": _bzip2}.get(dump.suffix, _plain)
    at = start
    try:
        with opener(dump) as file:
            file.seek(start)
            for line in file:
                at += len(line)
                yield at, line
    except (OSError, EOFError, RuntimeError) as error:  # indexed_bzip2 raises the last of these
        what = f"{dump} is cut short or damaged behind {at:,} bytes: {error}."
        raise KnowledgeError(what, "Get the rest of it and repeat the command: it goes on from there.") from error


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb", buffering=1 << 20)


def _bzip2(path: Path) -> IO[bytes]:
    try:
        import indexed_bzip2  # noqa: PLC0415 - an extra: unpacks on every core
    except ImportError:
        return bz2.open(path, "rb")
    file: IO[bytes] = io.BufferedReader(indexed_bzip2.open(str(path), parallelization=os.cpu_count() or 1), 1 << 20)
    return file


def _gzip(path: Path) -> IO[bytes]:
    try:
        from isal import igzip  # noqa: PLC0415 - an extra: twice as fast
    except ImportError:
        return gzip.open(path, "rb")  # type: ignore[return-value] # a GzipFile reads like a file
    file: IO[bytes] = igzip.open(path, "rb")
    return file
