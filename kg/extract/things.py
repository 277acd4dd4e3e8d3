"""Descriptions in a sentence: "the plane", "полицията", "səkkiz əsgər", found by the words of things.toml.

Here they are only found; whose they are and which entity they become is known once the chunks are
(`descriptions.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.lexicon import Findings
from kg.extract.phrases import Hit
from kg.extract.words import Words
from kg.model import Entity, Link, Mention, Span
from kg.ontology import Thing

DESCRIBED = "described"  # Link.method of a local entity that an article describes and does not name
_TITLE = 5  # words between a title and the name, at most
_SCORE = 0.8  # how surely such a word is one thing of its kind; set by hand


Placed = tuple[int, int, Link]  # (first word, after the last, mention with its entity)


def spotted(found: Findings, words: Words, mentions: Sequence[Placed], taken: set[int], lang: str) -> list[Placed]:
    """The descriptions outside the words that are `taken`. The links have no entity and no surface yet.

    "Minister" before a minister's name is none: the name is the mention, the office a relation.
    """
    events = {(hit.start, hit.end) for hit in found.triggers if hit.item.form != "verb"}
    kept: list[Placed] = []
    for hit in sorted(found.things, key=lambda hit: (hit.start - hit.end, hit.start)):
        places = range(hit.start, hit.end)
        if (hit.start, hit.end) in events or not taken.isdisjoint(places):
            continue
        if hit.item.kind == "PER" and not hit.item.group and _titles(hit, found, words, mentions):
            continue
        taken.update(places)
        kept.append((hit.start, hit.end, _link(hit, words, lang)))
    return kept


def _titles(hit: Hit[Thing], found: Findings, words: Words, mentions: Sequence[Placed]) -> bool:
    """Whether the description only opens a name: "министр обороны Чили | Ана Руис"."""
    name = next((start for start, _, link in mentions if start >= hit.end and link.mention.kind == "PER"), None)
    if name is None or name - hit.end > _TITLE:
        return False
    verbs = {one.start for one in found.triggers if one.item.form != "noun"}
    named = {i for start, end, _ in mentions for i in range(start, end)}
    between = [i for i in range(hit.end, name) if i not in named]
    cues = (a for key in ("and", "before:with", "before:by", "before:to") for a, _ in found.cues.get(key, ()))
    joined = any(hit.end <= a < name for a in cues)
    return not joined and all(words.folded[i][0].isalnum() and i not in verbs for i in between)


def _link(hit: Hit[Thing], words: Words, lang: str) -> Link:
    span = Span(words.starts[hit.start], words.ends[hit.end - 1])
    kind = hit.item.kind
    mention = Mention(span, "", kind, lang, nominal=True, score=_SCORE, method="thing", hint=hit.item.name)
    return Link(mention, Entity("", None, kind), _SCORE, method=DESCRIBED)
