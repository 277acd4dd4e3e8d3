"""VoID and DCAT: the description of a graph, by itself."""

from __future__ import annotations

from collections.abc import Iterator

from kg.export.format import Row, Settings
from kg.rdf import description, tally


def void(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The description of the graph that the rows make."""
    counted = tally("{} {} {} {} .".format(*row) for row in rows)
    yield from description(counted, settings.base, settings.about)
