"""Links from an item to other data sets, by the patterns of `ontology/external.ttl`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from kg.ontology import External, load_ontology
from kg.rdf.terms import node, text

LINKS = frozenset(node(name) for name in ("owl:sameAs", "skos:exactMatch", "skos:closeMatch", "schema:sameAs"))
_TITLES = "wikipedia"  # the key whose identifiers are titles by language


def links(
    sets: Collection[External], identifiers: Mapping[str, str], titles: Mapping[str, str], languages: Collection[str]
) -> Iterator[tuple[str, str]]:
    """(predicate, object) terms: a link a data set and identifier, and the codes that people read.

    `titles`: of Wikipedia articles by language, percent-encoded or not; only those in `languages` become links.
    """
    for one in sets:
        if one.source == _TITLES:
            for lang, title in titles.items():
                if lang in languages:
                    yield from _written(one, unquote(title), lang)
        elif one.source.startswith(f"{_TITLES}:"):
            yield from _written(one, unquote(titles.get(one.source.partition(":")[2], "")), "")
        else:
            yield from _written(one, identifiers.get(one.source, ""), "")


@lru_cache(maxsize=65_536)
def data_set(iri: str) -> External | None:
    """The external data set that an IRI belongs to; None: none that `external.ttl` knows."""
    return next((one for one in load_ontology().external.values() if one.owns(iri)), None)


def _written(one: External, identifier: str, lang: str) -> Iterator[tuple[str, str]]:
    iri = one.linked(identifier, lang)
    if iri and one.link:
        yield node(one.link), node(iri)
    if one.code_property and one.fits(identifier):
        yield node(one.code_property), text(identifier)
