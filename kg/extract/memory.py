"""What a document has said so far: who "he" and "the two leaders" are."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.draft import Draft
from kg.extract.endings import NOMINATIVE
from kg.extract.scene import Scene
from kg.model import Link, When


class Memory:
    """The names met so far in one document. Lives for one call of the extractor."""

    def __init__(self) -> None:
        """Begins empty."""
        self._people: list[Link] = []  # the latest last, each once
        self._subject: Link | None = None
        self._pair: tuple[str, ...] = ()
        self.headline: tuple[Draft, ...] = ()  # what the article's title tells
        self.before: tuple[Draft, ...] = ()  # what the sentence before tells
        self.heading: When | None = None  # the date that is all of the line before: "7 October"

    def person(self) -> Link | None:
        """Whom a pronoun means: the subject of the last sentence that had one, else the person named last."""
        return self._subject or (self._people[-1] if self._people else None)

    def pair(self) -> tuple[Link, ...]:
        """Who "the two leaders" are: the last two who met, else the two people named last; empty: nobody yet."""
        joined = tuple(one for one in self._people if one.entity.iri in self._pair)
        return joined if len(joined) == 2 else tuple(self._people[-2:] if len(self._people) >= 2 else ())

    def together(self, iris: tuple[str, ...]) -> None:
        """The people whom an event joins; only two are a pair."""
        if len(iris) == 2:
            self._pair = iris

    def tell(self, drafts: Sequence[Draft], *, headline: bool) -> None:
        """What a sentence told; a headline is told once and lends its arguments to all that follows."""
        self.before = tuple(drafts)
        if headline:
            self.headline += self.before

    def learn(self, scene: Scene) -> None:
        """Takes in the people of a sentence once its events are read."""
        alone = len(scene.times) == 1 and all(tag in {"time", "mark", "comma", "articles"} for tag in scene.tags)
        self.heading = scene.times[0][2] if alone else None
        people = [one for one in scene.free() if one.kind == "PER" and not (one.thing and one.thing.group)]
        for chunk in (one for one in people if one.thing is None):
            self._people = [one for one in self._people if one.entity.iri != chunk.entity.iri] + [chunk.link]
        subjects = (one for one in people if one.markers <= {NOMINATIVE} and not one.possessive)
        self._subject = next((one.link for one in subjects), self._subject)


def spellings(links: tuple[Link, ...]) -> dict[str, frozenset[str]]:
    """Entity IRI -> the ways in which the document writes it."""
    found: dict[str, set[str]] = {}
    for link in links:
        if not link.mention.nominal:
            found.setdefault(link.entity.iri, set()).add(link.mention.surface)
    return {iri: frozenset(forms) for iri, forms in found.items()}
