"""Things of the graph on a map, where it knows their coordinates."""

from __future__ import annotations

from collections.abc import Mapping

from kg.serve.pages import charts
from kg.serve.pages.site import Site

_PLACES = """SELECT ?place ?lat ?long {
  VALUES ?place { $these }
  ?place geo:lat ?lat ; geo:long ?long .
} ORDER BY ?place"""


def atlas(site: Site, weights: Mapping[str, int]) -> charts.Map | None:
    """A map of those that stand somewhere, by IRI and how much each weighs; None: none does."""
    rows = site.about(_PLACES, weights)
    refs = site.refs(row["place"] for row in rows)
    return charts.world(
        charts.Place(ref.label, ref.href, float(row["lat"]), float(row["long"]), weights[ref.iri])
        for row in rows
        if (ref := refs[row["place"]])
    )
