"""N-Quads and N-Triples."""

from __future__ import annotations

from collections.abc import Iterator

from kg.export.format import Row, Settings


def n_quads(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """As it comes, each quad once."""
    last = None
    for row in rows:
        if row != last:
            yield "{} {} {} {} .\n".format(*row)
        last = row


def n_triples(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """Without graph names, each triple once."""
    last = None
    for s, p, o, _g in rows:
        if (s, p, o) != last:
            yield f"{s} {p} {o} .\n"
        last = (s, p, o)
