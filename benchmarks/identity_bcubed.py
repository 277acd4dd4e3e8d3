"""Are reports of one event one event? B-cubed over gold events (`same_as` keys), within and across articles.

    python benchmarks/identity_bcubed.py GOLD.jsonl ARTICLES...

A gold event is an item where a report serves it (as `kg score` pairs them); what no report serves is nobody's to
join, and is counted apart ("all": each such event alone in the prediction). "raw": IRIs as each article has them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from kg.graph.once import lines_of
from kg.model import Annotation
from kg.ontology import load_ontology
from kg.pipeline import annotate_all, ready, row
from kg.rdf import DEFAULT_BASE, node, split_line
from kg.read import read
from kg.score.events import serving

Clusters = Mapping[str, Hashable]


def main() -> None:
    """Prints precision, recall and F1, and what is joined wrongly or not at all."""
    gold = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    found = [one for one in annotate_all(read(tuple(sys.argv[2:]))) if isinstance(one, Annotation)]
    same = _same(found)
    rows = {Path(one.document.url or "").stem: row(one) for one in found}
    types = load_ontology().type_names()
    wanted: dict[str, Hashable] = {}
    raw: dict[str, Hashable] = {}
    for document in gold:
        served = serving(document, rows[document["id"]], types)
        for event in document["events"]:
            wanted[event["id"]] = event.get("same_as") or event["id"]
            raw[event["id"]] = served[event["id"]]["iri"] if event["id"] in served else event["id"]
    joined = {event: same.get(str(iri), iri) for event, iri in raw.items()}
    matched = {event for event, iri in raw.items() if str(iri).startswith("http")}
    print(f"{len(wanted)} gold events, {len(matched)} served by a report")
    for name, clusters in (("raw", raw), ("joined", joined)):
        for who, items in (("served", matched), ("all", set(wanted))):
            p, r = bcubed({e: wanted[e] for e in items}, {e: clusters[e] for e in items})
            print(f"{name:7} {who:7} precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / (p + r):.3f}")
    _faults({e: wanted[e] for e in sorted(matched)}, joined)


def bcubed(gold: Clusters, predicted: Clusters) -> tuple[float, float]:
    """Precision and recall, averaged over the items."""
    precision = recall = 0.0
    for item in gold:
        mine = {other for other in gold if predicted[other] == predicted[item]}
        right = {other for other in gold if gold[other] == gold[item]}
        precision += len(mine & right) / len(mine)
        recall += len(mine & right) / len(right)
    return precision / len(gold), recall / len(gold)


def _same(found: list[Annotation]) -> dict[str, str]:
    """Raw IRI -> canonical IRI, of a graph of these articles."""
    pipeline = ready()
    lines = lines_of(((one.document, pipeline.quads(one)) for one in found), DEFAULT_BASE)
    alias = f" {node('owl:sameAs')} "
    pairs = (split_line(line) for line in lines if alias in line)
    return {s[1:-1]: o[1:-1] for s, _, o, _ in pairs}


def _faults(gold: Clusters, predicted: Mapping[str, Any]) -> None:
    for word, by, other in (("apart", gold, predicted), ("together", predicted, gold)):
        groups: dict[Hashable, dict[Hashable, list[str]]] = {}
        for item in gold:
            groups.setdefault(by[item], {}).setdefault(other[item], []).append(item)
        for key, parts in sorted(groups.items(), key=str):
            if len(parts) > 1:
                print(f"  {word}: {key}: {' | '.join(' '.join(part) for part in parts.values())}")


if __name__ == "__main__":
    main()
