"""What a person has decided, as a TOML file that the next build obeys.

A graph folder's own file is DIR/overrides.toml; `--overrides FILE` adds others. Files are read in this order, and of
two entries that contradict each other the later one holds, so a review may simply append.

    [[link]]                    # this name is (or is not) that item
    name = "Georgia"            # as written in any script; its case forms are meant too
    lang = "en"                 # ISO 639-1 of the mention; absent: any
    kind = "LOC"                # PER LOC ORG EVT PROD FAC NORP; absent: any
    article = "2c0de5f3a1b2c3d4" # id or address of one article; absent: all
    words = ["Atlanta"]         # only in articles that have one of these words; absent: all
    qid = "Q1428"               # it is this item ...
    local = true                # ... or nothing that Wikidata has (one of the two, or neither)
    never = ["Q230"]            # and never one of these

    [[claim]]                   # a statement of the graph, judged
    id = "9f2c5b0f3a1b2c3d"     # the last part of its IRI
    of = "8e1b..."              # (as `kg build` adds it: the id that the graph gave what an article says as `id`)
    verdict = "reject"          # it is left out; "accept": its confidence is 1
    article = "2c0de5f3a1b2c3d4" # as read in this article only; absent: wherever it is read

    [[missing]]                 # what the reading left out
    article = "2c0de5f3a1b2c3d4"
    name = "Rupel"              # a name that was not recognised; with a kind it becomes a mention wherever it stands
    kind = "LOC"
    quote = "..."               # the sentence; for people, as `note` is

Every entry may have by = "who", when = 2026-11-26 (a date, a time or a text) and note = "why". A link needs a name and
one of qid, local, never; a claim needs id and verdict; a missing needs article, and name or quote.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, get_args

from kg import names
from kg.errors import DataError
from kg.model import Document, Kind, Mention, Ruling, Sentence, Span, content_id
from kg.ontology.languages import languages

FILE = "overrides.toml"  # in a graph folder
Verdict = Literal["accept", "reject"]
_FIX = "The format is explained at the top of kg/overrides.py."
_QID = re.compile(r"Q[1-9][0-9]*")
_ABOUT = frozenset({"by", "when", "note"})  # for people; not read
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NameRule:
    """One [[link]]."""

    name: str
    lang: str | None = None
    kind: str | None = None
    article: str | None = None
    words: tuple[str, ...] = ()
    qid: str | None = None
    local: bool = False
    never: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises ValueError where the fields contradict each other."""
        if not names.key(self.name, self.lang):
            raise ValueError("name has no letters")
        if not (self.qid or self.local or self.never):
            raise ValueError("it has none of qid, local, never")
        if self.qid and (self.local or self.qid in self.never):
            raise ValueError(f"it says both that it is {self.qid} and that it is not")
        _check_kind(self.kind)
        for qid in (*self.never, *([self.qid] if self.qid else [])):
            if not _QID.fullmatch(qid):
                raise ValueError(f"{qid!r} is no QID")


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """One [[claim]]."""

    id: str
    verdict: str
    article: str | None = None
    of: str | None = None

    def check(self) -> None:
        """Raises ValueError for an unknown verdict."""
        if self.verdict not in get_args(Verdict):
            raise ValueError(f"verdict {self.verdict!r} is neither reject nor accept")


@dataclass(frozen=True, slots=True)
class MissingRule:
    """One [[missing]]."""

    article: str
    name: str | None = None
    kind: str | None = None
    quote: str | None = None

    def check(self) -> None:
        """Raises ValueError where it says nothing."""
        if not (self.name or self.quote):
            raise ValueError("it has neither name nor quote")
        _check_kind(self.kind)


R = TypeVar("R", NameRule, ClaimRule, MissingRule)


@dataclass(frozen=True)
class Overrides:
    """All entries, in the order in which they were given. Falsy: none."""

    links: tuple[NameRule, ...] = ()
    claims: tuple[ClaimRule, ...] = ()
    missing: tuple[MissingRule, ...] = ()

    @classmethod
    def read(cls, *paths: Path) -> Self:  # several files where one is a list of one
        """The entries of several files, the later file the stronger one. Raises DataError."""
        tables = [(path, _parsed(path)) for path in paths]
        return cls(
            tuple(_entries(NameRule, "link", tables)),
            tuple(_entries(ClaimRule, "claim", tables)),
            tuple(_entries(MissingRule, "missing", tables)),
        )

    def __bool__(self) -> bool:
        return bool(self.links or self.claims or self.missing)

    @cached_property
    def id(self) -> str:
        """Hash of the entries that change a graph; notes and dates don't."""
        return content_id(repr(self.links), repr(self.claims), repr(self.missing))

    def ruling(self, document: Document, surface: str, lang: str, kind: str) -> Ruling | None:
        """What is decided of a name in an article; None: nothing."""
        fitting = [rule for rule in self._named(surface, lang) if _fits(rule, document, lang, kind)]
        if not fitting:
            return None
        qid, local, never = None, False, set[str]()
        for rule in fitting:
            if rule.qid or rule.local:
                qid, local = rule.qid, rule.local
                never.discard(rule.qid or "")
            never.update(rule.never)
            qid = None if qid in never else qid
        return Ruling(qid, local, frozenset(never))

    def verdict(self, claim: str, document: Document) -> Verdict | None:
        """What is decided of a claim as an article says it; None: nothing."""
        rules = [rule for rule in self._judged.get(claim, ()) if _is(rule.article, document)]
        return rules[-1].verdict if rules else None  # type: ignore[return-value] # check() knows the two words

    def with_left_out(
        self, document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention]
    ) -> Sequence[Mention]:
        """The mentions with those that [[missing]] adds wherever no other mention stands."""
        rules = [rule for rule in self.missing if rule.name and rule.kind and _is(rule.article, document)]
        if not rules:
            return mentions
        found = list(mentions)
        for rule in rules:
            pattern = re.compile(rf"(?<!\w){re.escape(rule.name or '')}(?!\w)")
            for sentence in sentences:
                for match in pattern.finditer(document.text, sentence.span.start, sentence.span.end):
                    span = Span(*match.span())
                    if not any(other.span.overlaps(span) for other in found):
                        kind: Any = rule.kind  # check() knows the kinds
                        found.append(Mention(span, match[0], kind, sentence.lang, method="override"))
        return sorted(found, key=lambda mention: (mention.span, mention.kind))

    def _named(self, surface: str, lang: str) -> Iterator[NameRule]:
        if not self.links:
            return
        forms = _forms(surface, lang)
        found = {at for form in forms for at in self._by_key.get(form, ())}
        yield from (self.links[at] for at in sorted(found))

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for at, rule in enumerate(self.links):
            key = names.key(rule.name, rule.lang)
            found[key] = (*found.get(key, ()), at)
        return found

    def unmet(self, raw: Callable[[str], Iterable[str]]) -> list[ClaimRule]:
        """Rules to append, so that what is judged under a graph's id is met under the ids that articles give it.

        `raw`: the ids that articles give a claim of the graph.
        """
        known = {rule.id.rpartition("/")[2] for rule in self.claims}
        new = {}
        for rule in self.claims:
            shown = rule.id.rpartition("/")[2]
            for own in () if rule.of else sorted(set(raw(shown)) - known):
                new[own] = ClaimRule(own, rule.verdict, rule.article, shown)
        return list(new.values())

    @cached_property
    def _judged(self) -> Mapping[str, tuple[ClaimRule, ...]]:
        """Claim ids with the rules that are about them; those about the claim as the graph has it are, too."""
        shown: dict[str, set[str]] = {}
        for rule in self.claims:
            key = rule.id.rpartition("/")[2]
            shown.setdefault(key, {key}).update({rule.of} if rule.of else ())
        return {
            key: tuple(rule for rule in self.claims if rule.id.rpartition("/")[2] in keys)
            for key, keys in shown.items()
        }


NONE = Overrides()


def append(path: Path, table: str, entry: Mapping[str, Any]) -> None:
    """Write one more entry at the end of a file, made where there is none; whole or not at all.

    `table`: link, claim or missing; fields that are None are left out. Raises DataError: an entry that could not be
    read back, or a file that is broken already or can't be written.
    """
    kept = {name: value for name, value in entry.items() if value is not None}
    new = f"[[{table}]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in kept.items())
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        text = f"{old.rstrip()}\n\n{new}" if old.strip() else new
        _check_table(path, table, tomllib.loads(text))
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} can't take this {table}: {error}.", _FIX) from error


def _check_table(path: Path, table: str, parsed: Mapping[str, Any]) -> None:
    kind = {"link": NameRule, "claim": ClaimRule, "missing": MissingRule}.get(table)
    if kind is None:
        raise ValueError(f"there is no [[{table}]]")
    for _ in _entries(kind, table, [(path, parsed)]):
        pass


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.", "Check the path.") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise DataError(f"{path} is no TOML: {error}.", _FIX) from error
    if unknown := sorted(parsed.keys() - {"link", "claim", "missing"}):
        raise DataError(f"{path} has [[{unknown[0]}]], which means nothing.", _FIX)
    return parsed


def _entries(kind: type[R], table: str, files: Iterable[tuple[Path, Mapping[str, Any]]]) -> Iterator[R]:
    known = {field.name for field in fields(kind)}
    for path, parsed in files:
        rows = parsed.get(table, [])
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            try:
                if unknown := sorted(row.keys() - known - _ABOUT):
                    raise ValueError(f"it has {unknown[0]}, which means nothing")  # noqa: TRY301 - told below
                rule = kind(**{name: _value(name, value) for name, value in row.items() if name in known})
                rule.check()
            except (AttributeError, TypeError, ValueError) as error:
                told = str(error).removeprefix(f"{kind.__name__}.__init__() ")
                raise DataError(f"{path}: [[{table}]] number {number}: {told}.", _FIX) from error
            yield rule


def _value(name: str, value: object) -> Any:
    if name in {"words", "never"}:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"{name} is no list of texts")
        return tuple(value)
    if not isinstance(value, bool if name == "local" else str):
        raise TypeError(f"{name} is no {'true or false' if name == 'local' else 'text'}")
    return value


def _check_kind(kind: str | None) -> None:
    if kind is not None and kind not in get_args(Kind):
        raise ValueError(f"kind {kind!r} is none of {' '.join(get_args(Kind))}")


def _fits(rule: NameRule, document: Document, lang: str, kind: str) -> bool:
    if rule.lang not in {None, lang} or rule.kind not in {None, kind} or not _is(rule.article, document):
        return False
    return not rule.words or not _words_of(document.text).isdisjoint(names.fold(word) for word in rule.words)


def _is(article: str | None, document: Document) -> bool:
    return article is None or article in (document.id, document.url)


@lru_cache(4)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(names.fold(text)))


def _forms(surface: str, lang: str) -> frozenset[str]:
    """The keys that a surface may be a form of, itself first."""
    return frozenset(names.key(form, lang) for form in names.bases(surface, languages().get(lang)))


def _toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    raise ValueError(f"{value!r} is neither text, date, truth nor a list of them")
