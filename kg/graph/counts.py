"""How many articles say each shared line, and which articles the index does not know yet.

An index alone can't tell whether another article still says what a removed one said. So each line that
articles share is counted here (SQLite, `DIR/counts.db`), by a 64-bit hash: two of 10 million lines collide
once in 370,000 such graphs, and `Graph.rebuild` counts afresh. Like the index, this file is made from
`quads/` and may be deleted.

`tally` keeps how much of what the whole graph holds (`kg.rdf.tally`), for its description: an article's own lines
come and go with it, a shared one when the first article says it and when the last one does.

What is one across articles (`kg.graph.identity`) stands in the same file, so that both change together;
`applied` keeps what each article's iris stood for when the index last got its lines.

`pending` makes a change of several files one: an article is entered before its file changes and leaves when
the index has followed. Whatever stands in it at the start was interrupted, and is done again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from kg.graph.files import batches
from kg.graph.identity import SCHEMA, Kinds, Ledger
from kg.graph.merged import Share
from kg.rdf import rank, slot, split_line, tally

_SCHEMA = """
CREATE TABLE document (id TEXT PRIMARY KEY, url TEXT, row TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX document_url ON document (url);
CREATE TABLE support (line INTEGER PRIMARY KEY, articles INTEGER NOT NULL);
CREATE TABLE choice (slot INTEGER, object TEXT, articles INTEGER NOT NULL, PRIMARY KEY (slot, object)) WITHOUT ROWID;
CREATE TABLE applied (article TEXT PRIMARY KEY, same TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (article TEXT PRIMARY KEY, old BLOB, same TEXT, learnt INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE made (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (what TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 3;
"""
_VARIABLES = 500  # bound values in one SELECT; SQLite has allowed 999 since ever


@dataclass(frozen=True, slots=True)
class Pending:
    """An article whose file has changed, or was about to, since the index was made."""

    article: str
    old: bytes | None  # the file before the change; None: there was none
    same: str  # what its iris stood for before the change, as JSON
    counted: bool  # the counts know the file as it is now


@dataclass(frozen=True, slots=True)
class Change:
    """What an article said before, and what it says now."""

    article: str
    before: Share
    now: Share
    counted: bool  # already
    same: str  # what its iris stand for now, as JSON
    row: str | None  # of documents.jsonl; None: the article is gone
    url: str | None


class Counts:
    """The counts of a graph folder, for the one writer that holds its lock."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or begins one. sqlite3.Error: it is none of ours, or can't be written."""
        self._db = sqlite3.connect(path, isolation_level=None)
        if not self._one("PRAGMA user_version"):
            self._db.executescript(_SCHEMA + SCHEMA)

    def ledger(self, kinds: Kinds) -> Ledger:
        """What is one across articles, in the same file."""
        return Ledger(self._db, kinds)

    @staticmethod
    def unfinished(path: Path, wanted: Mapping[str, str]) -> bool:
        """Whether a writer died, or is at work, or what it was made from has changed (see `made`). Takes no lock."""
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as db:
                made = dict(db.execute("SELECT what, value FROM made"))
                waits = db.execute("SELECT EXISTS (SELECT 1 FROM pending)").fetchone()[0]
                return bool(waits or any(made.get(what) != value for what, value in wanted.items()))
        except sqlite3.Error:  # absent, held by a writer, or with a dead one's journal, which no reader may roll back
            return True

    @staticmethod
    def usable(path: Path, rules: str | None = None) -> bool:
        """Whether the file is there, of this layout, and made by these rules if any are given."""
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
                row = db.execute("SELECT value FROM made WHERE what = 'rules'").fetchone()
                return bool(row and rules in (None, row[0]))
        except sqlite3.Error:
            return False

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def hurry(self) -> None:
        """No fsync: for a file that nobody relies on before it is finished."""
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA cache_size = -262144")  # 256 MB: keys come in random order

    # --- pending -------------------------------------------------------------------------------------

    def expect(self, changes: Iterable[tuple[str, bytes | None]]) -> None:
        """Enters articles and their present files, before the files change; a second change adds nothing."""
        with self.transaction():
            self._expect(changes, learnt=False)

    def _expect(self, changes: Iterable[tuple[str, bytes | None]], *, learnt: bool) -> None:
        query = """INSERT OR IGNORE INTO pending (article, old, same, learnt)
            VALUES (?1, ?2, coalesce((SELECT same FROM applied WHERE article = ?1), ''), ?3)"""
        self._db.executemany(query, ((article, old, learnt) for article, old in changes))

    def unlearnt(self) -> list[str]:
        """The pending articles of which identity does not know yet what they say now, by id."""
        return [row[0] for row in self._db.execute("SELECT article FROM pending WHERE NOT learnt ORDER BY article")]

    def learnt(self, concerned: Iterable[tuple[str, bytes | None]]) -> None:
        """Identity knows all: these others, with their files, must change too. Inside a transaction."""
        self._db.execute("UPDATE pending SET learnt = 1")
        self._expect(concerned, learnt=True)

    def applied(self, article: str) -> str:
        """What an article's iris stood for when the index got its lines, as JSON."""
        row = self._db.execute("SELECT same FROM applied WHERE article = ?", (article,)).fetchone()
        return row[0] if row else ""

    def made(self) -> dict[str, str]:
        """What all this was made with."""
        return dict(self._db.execute("SELECT what, value FROM made"))

    def make(self, made: Mapping[str, str]) -> None:
        """Notes what it was made with."""
        self._db.executemany("INSERT OR REPLACE INTO made VALUES (?, ?)", made.items())

    def pending(self) -> Iterator[Pending]:
        """The articles to follow up, by id."""
        last = ""
        # One at a time: each may hold a whole old file, and the table changes while it is read.
        while row := self._db.execute(
            "SELECT article, old, same, counted FROM pending WHERE article > ? ORDER BY article LIMIT 1", (last,)
        ).fetchone():
            last = row[0]
            yield Pending(row[0], row[1], row[2], bool(row[3]))

    def waiting(self) -> int:
        """How many articles are pending."""
        return self._one("SELECT count(*) FROM pending")

    def settled(self) -> None:
        """The index has followed: nothing is pending."""
        self._db.execute("DELETE FROM pending")

    # --- counting ------------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> None:
        """Counts the changes and marks the articles as counted, all or nothing."""
        deltas: Counter[str] = Counter()
        held: Counter[str] = Counter()
        with self.transaction():
            for change in changes:
                if not change.counted:
                    deltas.update(change.now.shared)
                    deltas.subtract(change.before.shared)
                    held.update(tally(change.now.own))
                    held.subtract(tally(change.before.own))
                self._document(change)
                self._apply_same(change)
                self._db.execute("UPDATE pending SET counted = 1 WHERE article = ?", (change.article,))
            came, went = self._count({line: n for line, n in deltas.items() if n})
            held.update(tally(came))
            held.subtract(tally(went))
            self._hold(held)

    def _document(self, change: Change) -> None:
        if change.row is None:
            self._db.execute("DELETE FROM document WHERE id = ?", (change.article,))
        else:
            row = (change.article, change.url, change.row)
            self._db.execute("INSERT OR REPLACE INTO document (id, url, row) VALUES (?, ?, ?)", row)

    def _apply_same(self, change: Change) -> None:
        if change.same:
            self._db.execute("INSERT OR REPLACE INTO applied VALUES (?, ?)", (change.article, change.same))
        else:
            self._db.execute("DELETE FROM applied WHERE article = ?", (change.article,))

    def _count(self, deltas: Mapping[str, int]) -> tuple[list[str], list[str]]:
        """Counts the lines, and gives those that nobody said before, and those that nobody says any more.

        Of a slot it gives any line, for it holds one whichever that is.
        """
        slots = {line: _key(" ".join(place)) for line in deltas if (place := slot(line))}
        plain = {line: _key(line) for line in deltas if line not in slots}
        before = self._said(plain.values()), self._filled(slots.values())
        self._count_lines(sorted((key, deltas[line]) for line, key in plain.items()))
        self._count_choices([(key, split_line(line)[2], deltas[line]) for line, key in slots.items()])
        came: list[str] = []
        went: list[str] = []
        for keys, known, look in ((plain, before[0], self._said), (slots, before[1], self._filled)):
            now = set(keys.values())
            fewer = {key for line, key in keys.items() if deltas[line] < 0}  # what is said more often is there
            now -= fewer - look(fewer)
            one = {key: line for line, key in keys.items()}
            came += [one[key] for key in now - known]
            went += [one[key] for key in known - now]
        return came, went

    def _count_lines(self, lines: list[tuple[int, int]]) -> None:
        self._db.executemany(
            "INSERT INTO support VALUES (?, ?) ON CONFLICT DO UPDATE SET articles = articles + excluded.articles", lines
        )
        fewer = [(line,) for line, n in lines if n < 0]
        self._db.executemany("DELETE FROM support WHERE line = ? AND articles <= 0", fewer)

    def _count_choices(self, choices: list[tuple[int, str, int]]) -> None:
        self._db.executemany(
            "INSERT INTO choice VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            choices,
        )
        gone = [(place, o) for place, o, n in choices if n < 0]
        self._db.executemany("DELETE FROM choice WHERE slot = ? AND object = ? AND articles <= 0", gone)

    def _hold(self, held: Mapping[str, int]) -> None:
        self._db.executemany(
            "INSERT INTO tally VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number",
            [(what, n) for what, n in held.items() if n],
        )
        self._db.execute("DELETE FROM tally WHERE number = 0")

    def tally(self) -> dict[str, int]:
        """How much of what the graph holds, as `kg.rdf.tally` would count its lines."""
        return dict(self._db.execute("SELECT what, number FROM tally"))

    def verdict(self, lines: Iterable[str]) -> tuple[set[str], set[str]]:
        """Of these lines and of what competes with them: (those that stand, those that don't)."""
        stand: set[str] = set()
        fall: set[str] = set()
        plain: dict[int, str] = {}
        for line in set(lines):
            if place := slot(line):
                best, others = self._choose(_key(" ".join(place)), line)
                stand |= best
                fall |= others
            else:
                plain[_key(line)] = line
        said = self._said(plain)
        stand.update(plain[key] for key in said)
        fall.update(line for key, line in plain.items() if key not in said)
        return stand, fall - stand

    def _said(self, keys: Iterable[int]) -> set[int]:
        return self._known("SELECT line FROM support WHERE line IN", keys)

    def _filled(self, keys: Iterable[int]) -> set[int]:
        return self._known("SELECT DISTINCT slot FROM choice WHERE slot IN", keys)

    def _known(self, query: str, keys: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for some in batches(keys, _VARIABLES):
            found.update(row[0] for row in self._db.execute(f"{query} ({','.join('?' * len(some))})", some))
        return found

    def _choose(self, key: int, line: str) -> tuple[set[str], set[str]]:
        s, p, _, g = split_line(line)
        rows = self._db.execute("SELECT object FROM choice WHERE slot = ?", (key,))
        rivals = {f"{s} {p} {o} {g} ." for (o,) in rows}
        best = {max(rivals, key=rank)} if rivals else set()
        return best, (rivals | {line}) - best

    # --- documents -----------------------------------------------------------------------------------

    def rows(self) -> Iterator[str]:
        """The rows of documents.jsonl, by id."""
        with closing(self._db.execute("SELECT row FROM document ORDER BY id")) as rows:
            yield from (row for (row,) in rows)

    def documents(self) -> int:
        """How many articles are counted."""
        return self._one("SELECT count(*) FROM document")

    def find(self, name: str) -> list[str]:
        """The rows of articles with this id, URL or path; failing that, of those whose id begins so."""
        query = "SELECT row FROM document WHERE id = ?1 OR url = ?1 ORDER BY id"
        exact = [row[0] for row in self._db.execute(query, (name,))]
        if exact or not name.isalnum():
            return exact
        begins = "SELECT row FROM document WHERE id >= ?1 AND id < ?1 || 'z' ORDER BY id LIMIT 10"
        return [row[0] for row in self._db.execute(begins, (name,))]

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def transaction(self) -> _Transaction:
        """All or nothing of what is done inside."""
        return _Transaction(self._db)


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK when something is raised."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _key(line: str) -> int:
    return int.from_bytes(blake2b(line.encode(), digest_size=8).digest(), "big", signed=True)
