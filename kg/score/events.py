"""Events against full gold: recall by type and day, core participants, and the other slots.

Gold is not exhaustive, so nothing is said of precision. A report serves one gold event at most; its slots
are those of all reports in the article that share its event IRI. To serve, it needs the gold event's type
(or a narrower one) and a foothold: an overlapping trigger, the same day, or a core participant in common.

Measures, each over the gold events that have the slot (`Tally.predicted` stays 0 except for participants):
`event type`; `event day` (type + day, timed events); `event core` (type, day where there is one, and every
core participant); of the events found: `core participants`, `participants`, `place`, `quantity`,
`comparator`, `modality`, `attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg import edtf
from kg.model import Span
from kg.score.counts import Count, Mistake, Scores, Tally
from kg.score.mentions import qids_of, span_of

Row = Mapping[str, Any]
TypeNames = Mapping[str, frozenset[str]]  # predicted event type -> every gold name it satisfies

CORE = frozenset({"agent", "patient", "addressee"})
# A gold event and a report that agree in all of these surely mean the same; the trigger says most.
WEIGHTS = {"type": 1.0, "trigger": 4.0, "day": 2.0, "core": 3.0, "quantity": 1.0, "modality": 0.5}
_ITEM = re.compile(r"(?:^wd:|/entity/)(Q\d+)$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Known:
    """What gold says of an entity in this document: its QIDs and where it is mentioned."""

    qids: frozenset[str]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """One document: how to recognise gold's entities among the predicted ones."""

    known: Mapping[str, _Known]  # gold entity -> what it is
    spans: Mapping[str, tuple[Span, ...]]  # predicted iri -> where it is mentioned
    types: TypeNames
    described: frozenset[str] = frozenset()  # predicted iris that only nominal mentions have

    def same(self, entity: str, accepted: frozenset[str], predicted: Row) -> bool:
        """Whether a predicted {iri, qid?} is the gold entity: by QID where gold has one, else by overlap."""
        if accepted:
            return _qid(predicted) in accepted
        wanted = self.known[entity].spans if entity in self.known else ()
        return any(one.overlaps(other) for one in wanted for other in self.spans.get(str(predicted["iri"]), ()))

    def scorable(self, participant: Row) -> bool:
        """False where the article neither names nor describes the entity: nobody could find it."""
        return bool(qids_of(participant) or (self.known.get(participant["entity"]) or _Known(frozenset(), ())).spans)


def score_events(gold: Row, row: Row, types: TypeNames) -> Scores:
    """Counts of one document's events, and a Mistake for each event or day that was not found."""
    page = _Page(_known(gold), _predicted_spans(row), types, _described(row))
    pooled = _pooled(row["events"])
    served = _assign(gold["events"], row["events"], pooled, page)
    counts: list[Count] = []
    mistakes: list[Mistake] = []
    for event in gold["events"]:
        report = served.get(event["id"])
        slots = pooled[str(report["iri"])] if report else ()
        for measure, tally in _outcomes(event, report, slots, page):
            counts.append(Count(measure, str(gold["id"]), str(gold["lang"]), str(event["type"]), tally))
        mistakes += _mistakes(gold, event, report, slots)
    return Scores(tuple(counts), tuple(mistakes))


def serving(gold: Row, row: Row, types: TypeNames) -> Mapping[str, Row]:
    """Gold event id -> the report that serves it, of the events of one document that any report serves."""
    page = _Page(_known(gold), _predicted_spans(row), types)
    return _assign(gold["events"], row["events"], _pooled(row["events"]), page)


def names_of(curie: str, types: TypeNames) -> frozenset[str]:
    """The gold names that a predicted type satisfies: "kg:PhoneCall" -> {"phone_call"} unless `types` knows more."""
    local = re.split(r"[:#/]", curie)[-1]
    return types.get(curie, frozenset()) | {_WORD.sub("_", local).lower()}


def same_day(wanted: Row, predicted: Row | None) -> bool:
    """Whether a predicted {value} means gold's time: the same bounds, or days among gold's `candidates`."""
    if predicted is None:
        return False
    value = re.sub(r"[?~%]", "", str(predicted["value"]))
    days = {day.strip() for day in value.strip("[]{}").split(",")}
    if days <= set(wanted.get("candidates", ())):
        return True
    return edtf.is_valid(value) and edtf.bounds(value) == edtf.bounds(str(wanted["value"]))


def _known(gold: Row) -> Mapping[str, _Known]:
    known: dict[str, _Known] = {}
    participants = [one for event in gold["events"] for one in event["participants"]]
    for one in [*gold["mentions"], *participants]:
        before = known.get(one["entity"], _Known(frozenset(), ()))
        spans = (span_of(one),) if "start" in one else ()
        # A metonym's `alt` (the country of a capital) says nothing of the entity elsewhere; a participant's does.
        own = {one["qid"]} if one.get("qid") else set()
        qids = own if "start" in one else own | set(one.get("alt", ()))
        known[one["entity"]] = _Known(before.qids | qids, before.spans + spans)
    return known


def _predicted_spans(row: Row) -> Mapping[str, tuple[Span, ...]]:
    spans: dict[str, tuple[Span, ...]] = {}
    for mention in row["mentions"]:
        spans[mention["iri"]] = (*spans.get(mention["iri"], ()), span_of(mention))
    for event in row["events"]:
        for one in event["participants"]:
            if "start" in one:
                spans[one["iri"]] = (*spans.get(one["iri"], ()), span_of(one))
    return spans


def _described(row: Row) -> frozenset[str]:
    named = {str(one["iri"]) for one in row["mentions"] if not one.get("nominal")}
    return frozenset(str(one["iri"]) for one in row["mentions"]) - named


def _pooled(events: Iterable[Row]) -> Mapping[str, tuple[Row, ...]]:
    pooled: dict[str, tuple[Row, ...]] = {}
    for event in events:
        pooled[str(event["iri"])] = (*pooled.get(str(event["iri"]), ()), event)
    return pooled


def _assign(
    events: Sequence[Row], reports: Sequence[Row], pooled: Mapping[str, tuple[Row, ...]], page: _Page
) -> Mapping[str, Row]:
    """Gold event id -> the report that serves it: the best pairs first, each side once."""
    pairs = [
        (_likeness(event, report, pooled[str(report["iri"])], page), -i, -j)
        for i, event in enumerate(events)
        for j, report in enumerate(reports)
    ]
    served: dict[int, int] = {}
    for weight, i, j in sorted(pairs, reverse=True):  # ties: the earlier event, then the earlier report
        if weight and -i not in served and -j not in served.values():
            served[-i] = -j
    return {events[i]["id"]: reports[j] for i, j in served.items()}


def _likeness(event: Row, report: Row, slots: Sequence[Row], page: _Page) -> float:
    """How well a report fits a gold event; 0.0 without the type and a foothold."""
    if event["type"] not in names_of(str(report["type"]), page.types):
        return 0.0
    triggers = [span_of(event["trigger"]), *(span_of(other) for other in event.get("also", ()))]
    trigger = any(span_of(report["trigger"]).overlaps(span) for span in triggers)
    day = bool(event["time"]) and any(same_day(event["time"], one.get("time")) for one in slots)
    core = [one for one in event["participants"] if one["role"] in CORE]
    share = sum(_fills(one, slots, page) for one in core) / len(core) if core else 0.0
    if not (trigger or day or share):
        return 0.0
    agree = {
        "type": 1.0,
        "trigger": float(trigger),
        "day": float(day),
        "core": share,
        "quantity": float(_quantity(event, slots)),
        "modality": float(report["modality"] == event["modality"]),
    }
    return sum(WEIGHTS[name] * value for name, value in agree.items())


def _fills(participant: Row, slots: Iterable[Row], page: _Page) -> bool:
    return any(
        one["role"] == participant["role"] and page.same(participant["entity"], qids_of(participant), one)
        for report in slots
        for one in report["participants"]
    )


def _outcomes(event: Row, report: Row | None, slots: Sequence[Row], page: _Page) -> list[tuple[str, Tally]]:
    core = [one for one in event["participants"] if one["role"] in CORE and page.scorable(one)]
    day = not event["time"] or any(same_day(event["time"], one.get("time")) for one in slots)
    filled = sum(_fills(one, slots, page) for one in core)
    found = report is not None
    outcomes = [("event type", Tally(int(found), 0, 1))]
    if event["time"]:
        outcomes.append(("event day", Tally(int(found and day), 0, 1)))
    outcomes.append(("event core", Tally(int(found and day and filled == len(core)), 0, 1)))
    if report is not None:
        outcomes.append(("core participants", Tally(filled, 0, len(core))))
        outcomes += _slots(event, report, slots, page)
    return outcomes


def _slots(event: Row, report: Row, slots: Sequence[Row], page: _Page) -> list[tuple[str, Tally]]:
    participants = [one for one in event["participants"] if page.scorable(one)]
    # A description in a role where gold has somebody whom no mention shows ("eight Russians") cannot be judged.
    unshown = {one["role"] for one in event["participants"] if not page.scorable(one)}
    given = {
        (one["role"], one["iri"])
        for other in slots
        for one in other["participants"]
        if not (one["role"] in unshown and one["iri"] in page.described)
    }
    outcomes = [
        ("participants", Tally(sum(_fills(one, slots, page) for one in participants), len(given), len(participants))),
        ("modality", Tally(int(report["modality"] == event["modality"]), 0, 1)),
    ]
    for measure, slot in (("place", "place"), ("attribution", "attributed_to")):
        if event[slot]:
            right = any(one.get(slot) and _is(event, event[slot], str(one[slot]), page) for one in slots)
            outcomes.append((measure, Tally(int(right), 0, 1)))
    if event["quantity"]:
        outcomes.append(("quantity", Tally(int(_quantity(event, slots)), 0, 1)))
        exact = any(_counts(event["quantity"], one, comparator=True) for one in slots)
        outcomes.append(("comparator", Tally(int(exact), 0, 1)))
    return outcomes


def _is(event: Row, entity: str, iri: str, page: _Page) -> bool:
    own = [qids_of(one) for one in event["participants"] if one["entity"] == entity]
    known = page.known.get(entity, _Known(frozenset(), ())).qids
    return page.same(entity, known.union(*own), {"iri": iri})


def _quantity(event: Row, slots: Iterable[Row]) -> bool:
    wanted = event["quantity"]
    return bool(wanted) and any(_counts(wanted, one, comparator=False) for one in slots)


def _counts(wanted: Row, report: Row, *, comparator: bool) -> bool:
    given = report.get("quantity")
    if not given or float(given["value"]) != float(wanted["value"]) or given["unit"] != wanted["unit"]:
        return False
    return not comparator or bool(given["comparator"] == wanted["comparator"])


def _qid(predicted: Row) -> str | None:
    """The QID of a predicted participant, or of a bare iri ("wd:Q7747", "http://www.wikidata.org/entity/Q7747")."""
    found = _ITEM.search(str(predicted["iri"]))
    return predicted.get("qid") or (found[1] if found else None)


def _mistakes(gold: Row, event: Row, report: Row | None, slots: Sequence[Row]) -> list[Mistake]:
    days = sorted({str(one["time"]["value"]) for one in slots if one.get("time")})
    if report is None:
        measure, wanted, given = "event type", str(event["type"]), None
    elif event["time"] and not any(same_day(event["time"], one.get("time")) for one in slots):
        measure, wanted, given = "event day", str(event["time"]["value"]), " ".join(days) or None
    else:
        return []
    trigger = event["trigger"]
    return [
        Mistake(
            fault="wrong" if given else "miss",
            measure=measure,
            document=str(gold["id"]),
            lang=str(gold["lang"]),
            kind=str(event["type"]),
            start=trigger["start"],
            end=trigger["end"],
            surface=f"{event['id']} {trigger['surface']}",
            gold=wanted,
            predicted=given,
            score=None if report is None else report.get("score"),
        )
    ]
