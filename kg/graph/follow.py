"""Brings what is made from `quads/` up to it: what is one across articles, the counts, the index.

An article's lines leave the folder with canonical iris (`kg.graph.identity`). When an article makes others'
iris stand for something else, these others are pending too, and their lines are exchanged with its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from kg.graph.article import describe
from kg.graph.counts import Change, Counts, Pending
from kg.graph.files import QuadFiles, batches
from kg.graph.identity import (
    Ledger,
    Map,
    assigned,
    from_json,
    kinds,
    renamed_claims,
    resolved,
    said,
    settle,
    settle_all,
    to_json,
)
from kg.graph.index import Index, put, take
from kg.graph.merged import merged, parted
from kg.graph.once import lines_from
from kg.graph.rules import rules

BATCH = 64  # articles written, and indexed, at once: about 100,000 quads in memory
MOST = 4  # a quarter of the graph new: loading all of it afresh is quicker than following up

Listing = Callable[[Counts], None]


class Follower:
    """Index and counts of a folder, for the one writer that holds its lock."""

    def __init__(self, folder: Path, base: str, files: QuadFiles, index: Index) -> None:
        self._folder = folder
        self._base = base
        self._files = files
        self._index = index
        self.path = folder / "counts.db"

    def made(self) -> dict[str, str]:
        """What all is made with, beside the articles: other rules or assigned items make another graph."""
        path = self._folder / assigned.NAME
        items = sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""
        return {"rules": rules(), "items": items}

    def unfinished(self) -> bool:
        """Whether a writer died or is at work, or `identities.jsonl` has changed.

        Other rules do not count: making all afresh takes long, so it waits for the next who writes.
        """
        return not self._index.exists() or Counts.unfinished(self.path, {"items": self.made()["items"]})

    def follow(self, listing: Listing) -> None:
        """Follows the pending articles, and `identities.jsonl`. `listing` writes the lists when the rest is done."""
        if not self._index.exists() or not Counts.usable(self.path, self.made()["rules"]):
            self.rebuild(listing)
            return
        with closing(Counts(self.path)) as counts:
            if not self._many(counts):
                self._learn(counts)
            if not counts.waiting():
                return
            if not self._many(counts):
                self._index.change(partial(self._apply, counts))
                listing(counts)
                counts.settled()
                return
        self.rebuild(listing)

    def _many(self, counts: Counts) -> bool:
        waiting = counts.waiting()
        return waiting > BATCH and waiting * MOST > counts.documents()

    def _learn(self, counts: Counts) -> None:
        """Decides what is one now, and enters the articles that this concerns beside those that changed."""
        made, changed = self.made(), counts.unlearnt()
        if not changed and counts.made() == made:
            return
        with counts.transaction():
            ledger = counts.ledger(kinds())
            dirty = ledger.assign(assigned.read(self._folder))
            for article in changed:
                dirty |= ledger.learn(article, self._said(article))
            concerned = sorted(ledger.articles_of(settle(ledger, dirty)))
            others = [one for one in concerned if to_json(ledger.same(one)) != counts.applied(one)]
            counts.learnt((article, self._files.raw(article)) for article in others)
            counts.make(made)

    def _said(self, article: str) -> list[said.Said]:
        return said.said(self._files.lines(article), self._base, kinds())

    # --- a few articles ------------------------------------------------------------------------------

    def _apply(self, counts: Counts, store: ox.Store) -> None:
        ledger = counts.ledger(kinds())
        for batch in batches(counts.pending(), BATCH):
            changes = [self._change(pending, ledger) for pending in batch]
            counts.apply(changes)
            gone: set[str] = set().union(*(change.before.own for change in changes))
            new: set[str] = set().union(*(change.now.own for change in changes))
            shared = set().union(*(share.shared for c in changes for share in (c.before, c.now)))
            stand, fall = counts.verdict(shared)
            take(store, (gone - new) | fall)
            put(store, new | stand)

    def _change(self, pending: Pending, ledger: Ledger) -> Change:
        before = self._files.decoded(pending.article, pending.old) if pending.old else []
        before = self._resolved(before, from_json(pending.same))
        lines = self._files.lines(pending.article)
        return self._changed(pending.article, before, lines, ledger, counted=pending.counted)

    def _changed(
        self, article: str, before: list[str], lines: list[str], ledger: Ledger, *, counted: bool = False
    ) -> Change:
        same = ledger.same(article) if lines else {}
        now = parted(self._resolved(lines, same), self._base)
        row = describe(article, now.own, self._base) if lines else None
        change = partial(Change, article, parted(before, self._base), now, counted, to_json(same))
        return change(row.to_json(), row.url) if row else change(None, None)

    def renamed_claims(self, article: str) -> dict[str, str]:
        """Ids of an article's claims as it makes them -> as the graph has them, where they differ."""
        with closing(Counts(self.path)) as counts:
            same = from_json(counts.applied(article))
        return renamed_claims(self._files.lines(article), same, self._base, kinds().symmetric) if same else {}

    def _resolved(self, lines: list[str], same: Map) -> list[str]:
        return resolved(lines, same, self._base, kinds().symmetric) if same else lines

    # --- all of them ---------------------------------------------------------------------------------

    def rebuild(self, listing: Listing) -> None:
        """Makes everything afresh."""
        fresh = self._folder / "counts.new"
        fresh.unlink(missing_ok=True)
        with closing(Counts(fresh)) as counts:
            counts.hurry()
            counts.make(self.made())
            ledger = self._learn_all(counts)
            for batch in batches(self._files.ids(), BATCH):
                counts.apply(self._changed(article, [], self._files.lines(article), ledger) for article in batch)
            self._index.rebuild(self._lines(counts))
            listing(counts)
        fresh.replace(self.path)  # last: until then, the old one knows what is pending

    def _learn_all(self, counts: Counts) -> Ledger:
        with counts.transaction():
            ledger = counts.ledger(kinds())
            ledger.assign(assigned.read(self._folder))
            for article in self._files.ids():
                ledger.learn(article, self._said(article))
            settle_all(ledger)
        return ledger

    def lines(self) -> Iterator[str]:
        """The whole graph as canonical lines."""
        if not Counts.usable(self.path):  # and we may not write
            yield from lines_from(self._files, self._base, assigned.read(self._folder))
            return
        with closing(Counts(self.path)) as counts:
            yield from self._lines(counts)

    def _lines(self, counts: Counts) -> Iterator[str]:
        return merged(self._files, self._base, lambda one, lines: self._resolved(lines, from_json(counts.applied(one))))
