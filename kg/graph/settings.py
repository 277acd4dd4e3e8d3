"""DIR/kg.toml: what is settled for a graph folder, and the runs that made what is in it.

Title and licence are there to be edited: they go into DIR/void.ttl with the next change. All else is ours.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg import __version__
from kg.errors import GraphError
from kg.rdf import About

NAME = "kg.toml"
FORMAT = 1  # of the folder; another number is another layout

Runs = Mapping[str, Mapping[str, str]]  # id of a run -> what it says of itself


@dataclass(frozen=True, slots=True)
class Settings:
    """What stays as it is from one command to the next."""

    base: str  # IRI under which the graph's own nodes stand
    texts: bool = True  # whether texts/ keeps the articles' full texts
    about: About = field(default_factory=About)

    @classmethod
    def read(cls, folder: Path) -> Settings | None:
        """What the folder says; None: it has no kg.toml. GraphError: not a file of ours."""
        path = folder / NAME
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            if said["format"] != FORMAT:
                raise GraphError(
                    f"{folder} has layout {said['format']}, this program writes layout {FORMAT}.",
                    "Use the program that made it, or build the graph again from the articles.",
                )
            about = About(str(said.get("title", About().title)), str(said.get("license", "")))
            return cls(str(said["base"]), bool(said.get("texts", True)), about)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError) as error:
            raise GraphError(
                f"{path} can't be read: {error!r}", "Is this a graph folder? Give another, or mend it."
            ) from error

    def lines(self, runs: Runs) -> Iterator[str]:
        """The file's lines."""
        yield f"format = {FORMAT}"
        yield f"base = {_quoted(self.base)}  # the IRI under which the graph's own nodes stand"
        yield f"texts = {_quoted(self.texts)}  # whether texts/ keeps the articles' full texts on this machine"
        yield f"title = {_quoted(self.about.title)}  # of void.ttl: edit it"
        yield f"license = {_quoted(self.about.license)}  # of void.ttl: an IRI or words, if you give the graph away"
        yield f"written_by = {_quoted(__version__)}"
        for run, facts in sorted(runs.items()):
            yield from ("", "[[run]]", f"id = {_quoted(run)}")
            yield from (f"{name} = {_quoted(fact)}" for name, fact in sorted(facts.items()))


def _quoted(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False)  # TOML's basic strings read as JSON's do
