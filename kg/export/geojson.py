"""GeoJSON (RFC 7946): the places that the graph knows on the map, and the events that happened there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kg.export.format import Row, Settings
from kg.export.happening import Happening, address, happenings, qid, type_label
from kg.export.shelf import Node, Shelf, shelved

_QUOTES = 5  # sentences shown of one event


def geo_json(rows: Iterator[Row], _: Settings) -> Iterator[str]:
    """One FeatureCollection, a feature a line: places first, then events."""
    yield '{"type": "FeatureCollection", "features": ['
    comma = ""
    with shelved(rows) as shelf:
        for feature in _features(shelf):
            yield f"{comma}\n{json.dumps(feature, ensure_ascii=False)}"
            comma = ","
    yield "\n]}\n"


def _features(shelf: Shelf) -> Iterator[dict[str, object]]:
    for place in shelf.all("entity"):
        if place.terms("geo:lat"):
            said: dict[str, object] = {
                "feature": "place",
                "label": shelf.label(place.iri),
                "qid": qid(place.iri) or None,
                "mentions": shelf.count("mention", place.iri),
            }
            yield _feature(place.iri, place, said)
    for event in happenings(shelf):
        place = shelf.node(event.place)
        if place.terms("geo:lat"):
            yield _feature(event.iri, place, _event(event, shelf))


def _feature(iri: str, at: Node, properties: dict[str, object]) -> dict[str, object]:
    # GeoJSON wants longitude first.
    point = {"type": "Point", "coordinates": [at.number("geo:long"), at.number("geo:lat")]}
    return {"type": "Feature", "id": iri, "geometry": point, "properties": properties}


def _event(event: Happening, shelf: Shelf) -> dict[str, object]:
    return {
        "feature": "event",
        "label": event.title(shelf),
        "type": type_label(event.types[0]) if event.types else None,
        "modality": event.modality,
        "time": event.time or None,
        "start": event.first or None,
        "end": event.last or None,
        "place": shelf.label(event.place),
        "participants": [shelf.label(iri) for _, iri in event.participants],
        "counts": dict(event.counts),
        "quotes": [
            {"text": quote.words, "language": quote.lang, "source": address(quote.article)}
            for quote in event.quotes[:_QUOTES]
        ],
    }
