"""Everything that can go wrong and that a person can mend.

    KgError                     what happened, and what to do about it
    ├── InputError              a source that can't be read (missing, empty, binary, wrong encoding, no network)
    ├── DataError               a file of ours or of the user's that breaks its format (ontology, TOML, gold, ids)
    ├── KnowledgeError          a knowledge base that can't be opened, built or searched
    ├── GraphError              a graph folder or file that can't be read or written
    └── QueryError              a question that is malformed, unknown, refused or took too long

`cli.py` prints the two lines of any of these and exits 1. Anything else is a bug and keeps its traceback.
"""

from __future__ import annotations


class KgError(Exception):
    """The root of the tree: `what` happened and what to `do` next, one line each."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}\n{do}")
        self.what = what
        self.do = do

    def __reduce__(self) -> tuple[type[KgError], tuple[str, str]]:
        """Errors cross process borders: without this a worker's error could not be read, and its pool would wait."""
        return type(self), (self.what, self.do)


class InputError(KgError):
    """A source can't be read."""


class DataError(KgError):
    """A data file breaks its format."""


class KnowledgeError(KgError):
    """A knowledge base can't be opened, built or searched."""


class GraphError(KgError):
    """A graph folder or file can't be read or written."""


class QueryError(KgError):
    """A question is malformed, unknown, refused, or took too long."""
