"""Places inside others, and what lies in them, as neighbours in a sentence."""

from __future__ import annotations

from kg.extract.scene import Chunk, Scene

_BETWEEN = 2  # small words between a place and the one around it, at most


def lies_in(scene: Scene, first: Chunk, second: Chunk) -> bool:
    """Whether two neighbours are a place and the town that it lies in; a town only where both say where."""
    if first.thing or second.thing or second.kind != "LOC" or "in" not in second.markers or "of" in second.markers:
        return False
    between = range(first.end, second.start)
    small = len(between) <= _BETWEEN and any(i in scene.covered("within") for i in between)
    small = small and all(scene.tags[i] in {"marker", "articles"} for i in between)
    inner = first.kind in {"FAC", "ORG"} or (first.kind == "LOC" and "in" in first.markers)
    return bool(between) and small and inner and first.owner is None and not first.markers & {"from", "to"}
