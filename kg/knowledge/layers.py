"""Several bases as one, and a small base of one's own to put on top of the one that ships."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from kg.errors import KnowledgeError
from kg.knowledge.base import KnowledgeBase
from kg.knowledge.build import build
from kg.knowledge.facts import Progress, check
from kg.knowledge.index import CACHED_ROWS
from kg.knowledge.profile import Profile
from kg.knowledge.records import Record
from kg.knowledge.terms import Term
from kg.model import content_id

USER_PRIOR = 0.5  # of an entry that does not say: what a user adds is meant to be found
USER = {
    "key": "user",
    "what": "entries added one by one",
    "from": "the user of this program",
    "licence": "as the user says",
}


class Layers(KnowledgeBase):
    """Several bases as one. Who is known to an earlier one keeps its row there; names of all lead to it.

    Rows of a later base stand behind those of the earlier ones.
    """

    def __init__(self, parts: Sequence[KnowledgeBase]) -> None:
        if not parts:
            raise KnowledgeError("No knowledge base was named.", "Name one, or leave it to the one that ships.")
        self.parts = tuple(parts)
        self._starts = tuple(sum(len(part) for part in parts[:at]) for at in range(len(parts)))
        self.path = parts[0].path
        self.id = content_id(*(part.id for part in parts))
        self.record = lru_cache(CACHED_ROWS)(self._record)
        self.related = lru_cache(CACHED_ROWS)(self._related)

    @classmethod
    def open(cls, *paths: Path | None) -> Self:  # several files where one is a list of one
        """The bases of several files, the strongest first; None is the one that ships. Raises KnowledgeError."""
        return cls([KnowledgeBase.open(path) for path in paths or (None,)])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).open, tuple(part.path for part in self.parts)

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def info(self) -> Mapping[str, Any]:
        """The `entities` of all, their `sources`, and `layers`: the info of each."""
        infos = [part.info() for part in self.parts]
        sources = [row for info in infos for row in info["sources"]]
        return {"id": self.id, "entities": len(self), "sources": sources, "layers": infos}

    def exact(self, key: str, code: str | None = None, *, words: bool = False) -> tuple[int, ...]:
        """As Index.exact, over all bases."""
        return self._best(lambda part: part.exact(key, code, words=words))

    def has_prefix(self, key: str) -> bool:
        """As Index.has_prefix, over all bases."""
        return any(part.has_prefix(key) for part in self.parts)

    def starting(self, prefix: str) -> Iterator[str]:
        """As Index.starting, over all bases."""
        return iter(dict.fromkeys(key for part in self.parts for key in part.starting(prefix)))

    def similar(self, skeleton: str, limit: int = 16) -> tuple[int, ...]:
        """As Index.similar, over all bases."""
        return self._best(lambda part: part.similar(skeleton, limit))[:limit]

    def surname(self, name: str, limit: int = 16) -> tuple[int, ...]:
        """As Index.surname, over all bases."""
        return self._best(lambda part: part.surname(name, limit))[:limit]

    def qid(self, row: int) -> str:
        """The QID of a row."""
        part, own = self._owner(row)
        return part.qid(own)

    def kind(self, row: int) -> str:
        """The kind of a row."""
        part, own = self._owner(row)
        return part.kind(own)

    def flags(self, row: int) -> frozenset[str]:
        """The flags of a row."""
        part, own = self._owner(row)
        return part.flags(own)

    def prior(self, row: int) -> float:
        """Prominence, 0..1."""
        part, own = self._owner(row)
        return part.prior(own)

    def countries(self, row: int) -> tuple[int, ...]:
        """As Index.countries, over all bases."""
        return self._joined_rows(row, lambda part, own: part.countries(own))

    def row(self, qid: str) -> int | None:
        """The row of a QID; None: no base has it."""
        for start, part in zip(self._starts, self.parts, strict=True):
            own = part.row(qid)
            if own is not None:
                return start + own
        return None

    def by_external(self, scheme: str, value: str) -> int | None:
        """As Index.by_external, in the first base that has it."""
        rows = ((part, part.by_external(scheme, value)) for part in self.parts)
        return next((self._up(part, row) for part, row in rows if row is not None), None)

    def offices(self, country: int, role: str) -> tuple[int, ...]:
        """As Index.offices, over all bases."""
        return self._joined_rows(country, lambda part, own: part.offices(own, role))

    def terms(self, office: int, on: date | None = None) -> tuple[Term, ...]:
        """As Index.terms, over all bases."""
        return tuple(
            replace(term, person=self._up(part, term.person), office=office)
            for part, own in self._homes(office)
            for term in part.terms(own, on)
        )

    # --- inside ---------------------------------------------------------------------------------------------------

    def _record(self, row: int) -> Record:
        own, *others = [part.record(at) for part, at in self._homes(row)]
        labels, aliases = dict(own.labels), {lang: list(found) for lang, found in own.aliases.items()}
        for other in others:
            for lang, label in other.labels.items():
                if labels.setdefault(lang, label) != label:
                    aliases.setdefault(lang, []).append(label)
            for lang, found in other.aliases.items():
                aliases.setdefault(lang, []).extend(found)
        names = {lang: tuple(dict.fromkeys(found)) for lang, found in aliases.items()}
        return replace(own, row=row, labels=labels, aliases=names)

    def _owner(self, row: int) -> tuple[KnowledgeBase, int]:
        at = max(at for at, start in enumerate(self._starts) if start <= row)
        return self.parts[at], row - self._starts[at]

    def _homes(self, row: int) -> list[tuple[KnowledgeBase, int]]:
        """Every base that has the entity, with its row there, the owner first."""
        part, own = self._owner(row)
        qid = part.qid(own)
        others = ((other, other.row(qid)) for other in self.parts if other is not part)
        return [(part, own), *((other, at) for other, at in others if at is not None)]

    def _up(self, part: KnowledgeBase, own: int) -> int:
        """The row that an entity of a part has here."""
        if part is self.parts[0]:
            return own
        row = self.row(part.qid(own))
        return row if row is not None else own

    def _best(self, find: Callable[[KnowledgeBase], Sequence[int]]) -> tuple[int, ...]:
        rows = {self._up(part, own) for part in self.parts for own in find(part)}
        return tuple(sorted(rows, key=lambda row: (-self.prior(row), row)))

    def _joined_rows(self, row: int, find: Callable[[KnowledgeBase, int], Sequence[int]]) -> tuple[int, ...]:
        found = (self._up(part, other) for part, own in self._homes(row) for other in find(part, own))
        return tuple(dict.fromkeys(found))

    def _joined(self, half: str, row: int) -> Iterator[tuple[int, str]]:
        for part, own in self._homes(row):
            for other, name in part._joined(half, own):  # noqa: SLF001 - the same class, another layer
                yield self._up(part, other), name


def opened(*paths: Path | None) -> KnowledgeBase:  # several files where one is a list of one
    """The base of one file, or several as layers; None is the one that ships. Raises KnowledgeError."""
    return KnowledgeBase.open(*paths) if len(paths) <= 1 else Layers.open(*paths)


def add(path: Path, entries: Iterable[Mapping[str, Any]], source: Mapping[str, str] = USER) -> Mapping[str, Any]:
    """Add entries to the base of one's own at `path`, made where there is none; returns its info.

    An entry is a row of the facts (see facts.py): `qid`, `type` (or `kind`) and `labels` at least. What is known of a
    QID already gains the new names and fields. The entries are kept in a folder beside the base (`mine.kb` ->
    `mine.facts`), from which it is built; open it with Layers.open(None, path). `source`: whose entries they are
    where they don't say. Raises KnowledgeError.
    """
    folder = path.with_suffix(".facts")
    file = folder / "entities.jsonl"
    known: dict[str, dict[str, Any]] = {}
    try:
        if file.exists():
            known = {row["qid"]: row for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
        for number, entry in enumerate(entries, 1):
            row = _entry(entry, number, source["key"])
            known[row["qid"]] = _joined(known.get(row["qid"], {}), row)
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as new:  # what does not build is not kept
            _write(Path(new), known.values(), [*_sources(folder), source])
            info = build(Path(new), path)
            for name in ("SOURCES.md", "entities.jsonl"):
                (Path(new) / name).replace(folder / name)
    except OSError as error:
        raise KnowledgeError(f"{folder} can't be written: {error.strerror}.", "Choose another place.") from error
    return info


def build_entries(
    entries: Iterable[Mapping[str, Any]], out: Path, source: Mapping[str, str], profile: Profile, progress: Progress
) -> Mapping[str, Any]:
    """Build the base `out` from entries alone; returns its info. Raises KnowledgeError."""
    with TemporaryDirectory() as folder:
        rows = (_entry(entry, number, source["key"]) for number, entry in enumerate(entries, 1))
        _write(Path(folder), rows, [source])
        return build(Path(folder), out, profile, progress)


def _write(folder: Path, rows: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, str]]) -> None:
    """A facts folder: entities by QID and the table of their sources, each once."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in sorted(rows, key=lambda row: row["qid"]))
    (folder / "entities.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    fields = ("key", "what", "from", "licence")
    table = {source["key"]: "| " + " | ".join(source[field] for field in fields) + " |" for source in sources}
    head = ["# Sources", "", "| key | what | obtained from | licence as seen |", "|---|---|---|---|"]
    (folder / "SOURCES.md").write_text("\n".join([*head, *table.values(), ""]), encoding="utf-8")


def _sources(folder: Path) -> Iterator[Mapping[str, str]]:
    """The sources that a folder of one's own names already."""
    path = folder / "SOURCES.md"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if len(cells) >= 4 and cells[0] not in {"key", "---"}:
            yield dict(zip(("key", "what", "from", "licence"), cells, strict=False))


def _entry(entry: Mapping[str, Any], number: int, source: str) -> dict[str, Any]:
    row = {"prior": USER_PRIOR, "sources": [source], **entry}
    row.setdefault("type", row.pop("kind", None))
    missing = [field for field in ("qid", "type", "labels") if not row.get(field)]
    if missing:
        raise KnowledgeError(f"Entry {number} has no {missing[0]}.", 'It needs "qid", "type" and "labels" at least.')
    try:
        check(row)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"Entry {number} is malformed: {error!r}."
        raise KnowledgeError(
            what, "A QID is Q and digits; labels are a name a language; see kg/knowledge/facts.py."
        ) from error
    return row


def _joined(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The new row with the old one's names kept as aliases."""
    aliases: dict[str, list[str]] = {lang: list(row) for lang, row in old.get("aliases", {}).items()}
    for lang, row in new.get("aliases", {}).items():
        aliases.setdefault(lang, []).extend(row)
    for lang, label in old.get("labels", {}).items():
        if new["labels"].get(lang, label) != label:
            aliases.setdefault(lang, []).append(label)
    labels = {**old.get("labels", {}), **new["labels"]}
    names = {lang: list(dict.fromkeys(row)) for lang, row in aliases.items()}
    return {**old, **new, "labels": labels, "aliases": names}
