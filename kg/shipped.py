"""Where the files that come with the program stand: the ontology, the questions, the models.

In a wheel they are inside the package (`kg/_data`); in a checkout they are the folders at its top, so
that people edit them where they see them.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """The folder or file `name` ("ontology", "queries/timeline.rq") as shipped with this installation."""
    inside = _PACKAGE / "_data" / name
    return inside if inside.exists() else _PACKAGE.parent / name
