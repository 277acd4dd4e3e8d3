"""SSSOM: the links to other data sets as one table, each with its reason (https://w3id.org/sssom)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from kg.export.format import Row, Settings
from kg.rdf import LINKS, PREFIXES, compact, data_set, node, value

_LABEL = node("rdfs:label")
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "object_source",
    "comment",
)
# Neither looked up nor compared by us: the knowledge base says that both are one thing.
_JUSTIFICATION = "semapv:BackgroundKnowledgeBasedMatching"
_SEMAPV = "https://w3id.org/semapv/vocab/"


def sssom(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The table in pieces: metadata in comments, a header, a line a link."""
    yield f"#mapping_set_id: {settings.base}links\n#license: https://w3id.org/sssom/license/unspecified\n#curie_map:\n"
    used = {name: PREFIXES[name] for name in ("kg", "owl", "schema", "skos", "wd")} | {"semapv": _SEMAPV}
    yield from (f'#  {prefix}: "{namespace}"\n' for prefix, namespace in sorted(used.items()))
    yield "\t".join(_COLUMNS) + "\n"
    for subject, group in groupby(rows, itemgetter(0)):
        mine = list(group)
        label = next((value(o) for _, p, o, _ in mine if p == _LABEL), "")
        for p, o in sorted({(p, o) for _, p, o, _ in mine if p in LINKS and o.startswith("<")}):
            known = data_set(o[1:-1])
            whence = (known.iri, known.reason) if known else ("", "")
            cells = (compact(subject[1:-1]), label, compact(p[1:-1]), o[1:-1], _JUSTIFICATION, *whence)
            yield "\t".join(" ".join(cell.split()) for cell in cells) + "\n"
