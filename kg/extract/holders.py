"""Whom a phrase speaks of that begins after a name: the walk from the phrase to the left.

"Ana Ruiz, the director of", "Ana Ruiz (45) is the director of", "Acme, based in", "he was born in".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.endings import NOMINATIVE
from kg.extract.memory import Memory
from kg.extract.scene import Chunk, Scene
from kg.model import Link

PRONOUN = 0.75  # how surely a pronoun is who the memory says
_PHRASE = 8  # words between a holder and the noun that says what it is, at most
_OPENERS = frozenset("—–([")
_PASSED = frozenset({"word", "noun", "articles", "adverbs", "and", "marker", "quote", "time", "relative"})
_PLAIN = frozenset({NOMINATIVE, "acc"})


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a word stands for, and how directly."""

    link: Link
    factor: float = 1.0


def holders(scene: Scene, start: int, memory: Memory, *, verb: bool, finite: bool = False) -> Iterator[Named]:
    """Whom a phrase describes that begins before words[start]: in apposition, by a copula, or as its subject.

    A `finite` verb stands in no apposition: "Ana, born to Vega, | studied at Yale".
    """
    return _Walk(scene, start, memory, verb=verb, finite=finite).run()


class _Walk:
    """The walk from a phrase to the left, in search of whom it describes."""

    def __init__(self, scene: Scene, start: int, memory: Memory, *, verb: bool, finite: bool) -> None:
        self.scene = scene
        self.start = start
        self.memory = memory
        self.finite = finite
        self.adjacent = verb  # nothing but adverbs has been passed: what comes is the verb's subject
        self.copula = False
        self.words = 0
        self.joined = False  # past an "and": what stands further left is another part of the description

    def run(self) -> Iterator[Named]:
        i: int = self.start - 1
        while i >= 0 and self.words <= _PHRASE:
            found, i = self._step(i)
            if found:
                yield found

    def _step(self, i: int) -> tuple[Named | None, int]:
        """(somebody described, or None), and the next word to look at; -1: the walk ends."""
        scene, tag, word = self.scene, self.scene.tags[i], self.scene.words.folded[i]
        if tag == "chunk":
            return self._chunk(i, scene.chunks[scene.at[i]])
        if tag == "pronouns" and (self.copula or self.adjacent):
            person = self.memory.person()
            return (Named(person, PRONOUN) if person else None), -1
        if tag == "comma" or word in _OPENERS:
            return self._opener(i)
        if tag == "relative" and (self.copula or self.adjacent):
            return self._before(i - (i > 0 and scene.tags[i - 1] == "comma")), -1
        return None, self._word(i, tag, word)

    def _chunk(self, i: int, chunk: Chunk) -> tuple[Named | None, int]:
        head = head_of(self.scene, chunk)
        reached = self.adjacent or self.copula
        if head.end <= self.start and is_name(head) and reached and not _oblique(head, copula=self.copula):
            return Named(head.link), -1
        self.words, self.adjacent = self.words + 1, False
        self.joined = self.joined or is_name(chunk)
        return None, min(i, chunk.left) - 1

    def _opener(self, i: int) -> tuple[Named | None, int]:
        """A comma, dash or bracket: the phrase may stand in apposition to the name before it."""
        self.adjacent = False
        if self.finite:
            return None, -1
        return (None if self.copula else self._before(i)), i - 1

    def _before(self, i: int) -> Named | None:
        chunk = name_at(self.scene, _before_brackets(self.scene, i - 1))
        return Named(head_of(self.scene, chunk).link) if chunk else None

    def _word(self, i: int, tag: str, word: str) -> int:
        if word in ")]":
            return _opening(self.scene, i) - 1
        if i in self.scene.covered("copula"):
            self.copula, self.words = True, 0
            return i - 1
        if tag == "mark" and word not in ".!?":
            return i - 1
        if tag not in _PASSED or (tag == "time" and not self.copula):
            return -1
        if tag == "marker" and not self.joined and not self._one_of(i):
            return -1  # "studied with | the head of"
        self.joined = self.joined or tag == "and"
        self.adjacent = self.adjacent and tag in {"adverbs", "articles"}
        self.words += tag in {"word", "noun"}
        return i - 1

    def _one_of(self, i: int) -> bool:
        """Whether "one" stands before the preposition: "one of the founders"."""
        return i > 0 and self.scene.lexicon.numbers.get(self.scene.words.folded[i - 1]) == 1


def _oblique(chunk: Chunk, *, copula: bool) -> bool:
    return bool(chunk.markers - _PLAIN) and (copula or "of" not in chunk.markers)


def _opening(scene: Scene, i: int) -> int:
    """The bracket that the one at `i` closes, or `i`."""
    return next((j for j in range(i - 1, -1, -1) if scene.words.folded[j] in "(["), i)


def _before_brackets(scene: Scene, i: int) -> int:
    return _opening(scene, i) - 1 if i > 0 and scene.words.folded[i] in ")]" else i


def name_at(scene: Scene, i: int) -> Chunk | None:
    """The name at a word: not what is only described, and no office."""
    chunk = scene.chunks[scene.at[i]] if 0 <= i < len(scene.at) and scene.at[i] >= 0 else None
    return chunk if chunk and is_name(chunk) else None


def is_name(chunk: Chunk) -> bool:
    """Whether the chunk names somebody: what is only described ("the company", "the president") does not."""
    return chunk.thing is None and not chunk.link.mention.nominal


def head_of(scene: Scene, chunk: Chunk) -> Chunk:
    """The name that a generic noun or nationality only describes: "company | Acme"."""
    while chunk.owner is not None and (chunk.thing is not None or chunk.kind == "NORP"):
        chunk = scene.chunks[chunk.owner]
    return chunk
