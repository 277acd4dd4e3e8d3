"""Events and relations against corpora made by others: MUC-4 dev (who attacked whom) and NEREL dev (Russian).

    python benchmarks/event_accuracy.py ../shared/corpora/relations

Both are read by the whole pipeline, as a user would: names that are not recognised cost recall here. MUC-4 is in
lower case throughout, which costs most of its names.

MUC-4: of each document the perpetrators, targets, victims and weapons of attacks, as sets of things; a prediction is
right when it shares its words with a way in which gold names one. NEREL: of gold's event mentions those that a trigger
of ours overlaps, with their participants, places and times; and the relations that we have a predicate for, between
mentions that gold marks too (others cannot be judged).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.model import Annotation, Document, Report, Span
from kg.ontology import load_ontology
from kg.pipeline import Pipeline, ready

HARM = frozenset({"kg:Conflict", "kg:Life"})
# MUC's roles by ours: the kinds of thing that they hold.
PEOPLE = frozenset({"PER", "NORP"})
RELATIONS: Mapping[str, tuple[str, bool]] = {  # NEREL's name -> (ours, turned)
    "SPOUSE": ("kg:spouse", False),
    "PARENT_OF": ("kg:child", False),
    "MEMBER_OF": ("kg:memberOf", False),
    "PART_OF": ("kg:partOf", False),
    "HEADQUARTERED_IN": ("kg:headquarters", False),
    "LOCATED_IN": ("kg:locatedIn", False),
    "OWNER_OF": ("kg:parentOrganisation", True),
    "ORIGINS_FROM": ("kg:citizenOf", False),
    "WORKPLACE": ("office", False),
}


def main() -> None:
    """Prints precision and recall, a line a measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder
    pipeline = ready()
    tally: Counter[tuple[str, str]] = Counter()
    for row in rows(folder / "muc4-dev.en.jsonl.gz"):
        muc(row, read(pipeline, row), tally)
    for row in rows(folder / "nerel-dev.ru.jsonl.gz"):
        annotation = read(pipeline, row)
        nerel_events(row, annotation, tally)
        nerel_relations(row, annotation, tally)
    for measure in sorted({measure for measure, _ in tally}):
        right, given, gold = (tally[measure, what] for what in ("right", "given", "gold"))
        found = tally[measure, "found"] or right  # several predictions may mean one thing of gold's
        precision = f"{right / given:.3f}" if given else "-"
        recall = f"{found / gold:.3f}" if gold else "-"
        print(f"{measure:28} P {precision:>6}  R {recall:>6}   right {right:4}  given {given:4}  gold {gold:4}")


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def read(pipeline: Pipeline, row: Mapping[str, Any]) -> Annotation:
    """The row's text, read with its language given and no date."""
    return pipeline.annotate(Document(row["id"], None, None, row["lang"], None, row["text"]))


# --- MUC-4 ------------------------------------------------------------------------------------------------


def muc(row: Mapping[str, Any], annotation: Annotation, tally: Counter[tuple[str, str]]) -> None:
    """Adds one document of MUC-4."""
    wanted = {
        "perpetrator": [*row["roles"]["PerpInd"], *row["roles"]["PerpOrg"]],
        "target": row["roles"]["Target"],
        "victim": row["roles"]["Victim"],
        "weapon": row["roles"]["Weapon"],
    }
    given = _given(annotation)
    for role, entities in wanted.items():
        names = [[text for text, _ in entity] for entity in entities]
        tally[f"MUC-4 {role}", "gold"] += len(names)
        tally[f"MUC-4 {role}", "given"] += len(given[role])
        tally[f"MUC-4 {role}", "right"] += sum(any(_alike(one, name) for name in names) for one in given[role])
        tally[f"MUC-4 {role}", "found"] += sum(any(_alike(one, name) for one in given[role]) for name in names)


def _given(annotation: Annotation) -> Mapping[str, set[str]]:
    given: dict[str, set[str]] = {"perpetrator": set(), "target": set(), "victim": set(), "weapon": set()}
    for report in annotation.reports:
        if report.type in HARMFUL and report.modality == "asserted":
            for one in report.participants:
                role = _muc_role(one.role, one.entity.kind)
                if role:
                    given[role].add(one.span.of(annotation.document.text).lower())
    return given


def _muc_role(role: str, kind: str) -> str | None:
    if role == "agent":
        return "perpetrator"
    if role == "instrument":
        return "weapon"
    return ("victim" if kind in PEOPLE else "target") if role == "patient" else None


def _alike(given: str, names: Sequence[str]) -> bool:
    """Whether one holds all words of the other."""
    words = set(given.split())
    return any(words <= set(name.split()) or set(name.split()) <= words for name in names)


# --- NEREL -------------------------------------------------------------------------------------------------


def nerel_events(row: Mapping[str, Any], annotation: Annotation, tally: Counter[tuple[str, str]]) -> None:
    """Adds the events of one document of NEREL: those that a trigger of ours overlaps."""
    spans = {one["tid"]: Span(one["start"], one["end"]) for one in row["entities"]}
    events = {one["tid"] for one in row["entities"] if one["label"] == "EVENT"}
    names = {"PARTICIPANT_IN": "participant", "TAKES_PLACE_IN": "place", "POINT_IN_TIME": "time"}
    slots: dict[str, dict[str, set[str]]] = {event: {slot: set() for slot in names.values()} for event in events}
    for one in row["relations"]:
        slot = names.get(one["p"])
        event, other = (one["o"], one["s"]) if slot == "participant" else (one["s"], one["o"])
        if slot and event in slots:
            slots[event][slot].add(other)
    tally["NEREL event", "gold"] += len(events)
    for event in events:
        reports = [one for one in annotation.reports if one.trigger.overlaps(spans[event])]
        tally["NEREL event", "right"] += bool(reports)
        for slot, gold in slots[event].items():
            if reports:
                _slot(slot, [spans[one] for one in gold], reports, tally)


def _slot(slot: str, gold: Sequence[Span], reports: Sequence[Report], tally: Counter[tuple[str, str]]) -> None:
    given = {span for report in reports for span in _spans(slot, report)}
    tally[f"NEREL {slot}", "gold"] += len(gold)
    tally[f"NEREL {slot}", "given"] += len(given)
    tally[f"NEREL {slot}", "right"] += sum(any(one.overlaps(span) for span in gold) for one in given)
    tally[f"NEREL {slot}", "found"] += sum(any(one.overlaps(span) for one in given) for span in gold)


def _spans(slot: str, report: Report) -> Iterator[Span]:
    if slot == "time":
        yield from (report.time.span,) if report.time else ()
    else:
        yield from (one.span for one in report.participants if (one.role == "place") == (slot == "place"))


def nerel_relations(row: Mapping[str, Any], annotation: Annotation, tally: Counter[tuple[str, str]]) -> None:
    """Adds the relations of one document of NEREL, entity by entity, wherever in the text they are said."""
    spans = {one["tid"]: Span(one["start"], one["end"]) for one in row["entities"]}
    iris = {tid: _entities(annotation, span) for tid, span in spans.items()}
    claims = (one for one in annotation.claims if "event/" not in one.subject)
    said = {(one.subject, _plain(one.predicate), str(one.object)) for one in claims}
    known = {iri for own in iris.values() for iri in own}
    for name, (predicate, turned) in RELATIONS.items():
        pairs = [(iris[s], iris[o]) for s, o in _pairs(row, name, turned=turned)]
        gold = {(a, predicate, b) for subjects, objects in pairs for a in subjects for b in objects}
        own = {one for one in said if one[1] == predicate and {one[0], one[2]} <= known}
        right = {one for one in own if one in gold or (one[2], one[1], one[0]) in gold}
        found = sum(any((a, predicate, b) in own or (b, predicate, a) in own for a in s for b in o) for s, o in pairs)
        measure = f"NEREL {name.lower()}"
        for what, count in (("gold", len(pairs)), ("found", found), ("given", len(own)), ("right", len(right))):
            tally[measure, what] += count


def _entities(annotation: Annotation, span: Span) -> set[str]:
    return {link.entity.iri for link in annotation.links if link.mention.span.overlaps(span)}


def _pairs(row: Mapping[str, Any], name: str, *, turned: bool) -> Iterator[tuple[str, str]]:
    for one in row["relations"]:
        if one["p"] == name:
            yield (one["o"], one["s"]) if turned else (one["s"], one["o"])


def _plain(predicate: str) -> str:
    return "office" if predicate in OFFICES else predicate


def _offices() -> frozenset[str]:
    """Every way to hold an office: the predicates under kg:holdsOfficeIn."""
    predicates = load_ontology().predicates
    found = {"kg:holdsOfficeIn"}
    while True:
        more = {iri for iri, one in predicates.items() if found & set(one.parents)} - found
        if not more:
            return frozenset(found)
        found |= more


OFFICES = _offices()
HARMFUL = frozenset(one.iri for one in load_ontology().event_types if HARM & {one.iri, *one.parents})


if __name__ == "__main__":
    main()
