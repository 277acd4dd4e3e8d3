"""Relations against corpora made by others: KnowledgeNet (English, 15 properties) and NEREL dev (Russian).

    python benchmarks/relation_accuracy.py ../shared/corpora/relations [--wrong N] [--folds 1 2]

The whole pipeline reads each text, so names that are not recognised cost recall; "linked" counts the facts whose two
ends are. KnowledgeNet marks only facts of the properties that its annotators were asked for in a text: a claim counts
against precision only in texts where its property is marked, so many of the wrong ones are right and unmarked. NEREL:
claims between names that gold marks; of its workplaces those of persons, not of words for professions.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from event_accuracy import OFFICES, rows

from kg.model import Annotation, Claim, Document, Span
from kg.pipeline import ready

WORKS = frozenset({"kg:employer", "kg:memberOf", *OFFICES})
KNOWLEDGENET: Mapping[str, frozenset[str]] = {
    "NATIONALITY": frozenset({"kg:citizenOf"}),
    "CHILD_OF": frozenset({"kg:child"}),
    "SPOUSE": frozenset({"kg:spouse"}),
    "HEADQUARTERS": frozenset({"kg:headquarters"}),
    "SUBSIDIARY_OF": frozenset({"kg:parentOrganisation"}),
    "CEO": frozenset({"kg:headOf"}),
    "EMPLOYEE_OR_MEMBER_OF": WORKS,
    "POLITICAL_AFFILIATION": frozenset({"kg:memberOf"}),
    "FOUNDED_BY": frozenset({"kg:founder"}),
    "PLACE_OF_BIRTH": frozenset({"kg:birthPlace"}),
    "RESIDENCE": frozenset({"kg:residence"}),
    "EDUCATED_AT": frozenset({"kg:educatedAt"}),
}
NEREL: Mapping[str, frozenset[str]] = {
    "WORKPLACE": WORKS,
    "SPOUSE": frozenset({"kg:spouse"}),
    "PARENT_OF": frozenset({"kg:child"}),
    "SIBLING": frozenset({"kg:sibling"}),
    "MEMBER_OF": frozenset({"kg:memberOf"}),
    "PART_OF": frozenset({"kg:partOf", "kg:parentOrganisation"}),
    "HEADQUARTERED_IN": frozenset({"kg:headquarters", "kg:nationality"}),
    "LOCATED_IN": frozenset({"kg:locatedIn", "kg:capitalOf"}),
    "OWNER_OF": frozenset({"kg:owner", "kg:parentOrganisation"}),
    "ORIGINS_FROM": frozenset({"kg:citizenOf", "kg:nationality"}),
    "FOUNDED_BY": frozenset({"kg:founder"}),
    "PLACE_OF_BIRTH": frozenset({"kg:birthPlace"}),
    "PLACE_RESIDES_IN": frozenset({"kg:residence"}),
    "SCHOOLS_ATTENDED": frozenset({"kg:educatedAt"}),
}
Ends = tuple[frozenset[str], frozenset[str]]  # what the two ends of a gold fact are linked to, in either direction


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a corpus with its gold facts."""

    id: str
    lang: str
    text: str
    facts: tuple[tuple[str, tuple[Span, ...], tuple[Span, ...]], ...]  # (property, mentions of one end, of the other)
    marked: tuple[Span, ...]  # all names that gold marks


class Tally:
    """Counts by property, and the claims that gold does not have."""

    def __init__(self) -> None:
        """Begins at zero."""
        self.counts: Counter[tuple[str, str]] = Counter()
        self.wrong: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, text: Text, annotation: Annotation, names: Mapping[str, frozenset[str]], *, everywhere: bool) -> None:
        """Adds one text. `everywhere`: gold is complete, also where it has no fact of a property."""
        marked = {iri for span in text.marked for iri in _entities(annotation, span)}
        for name, predicates in names.items():
            gold = [_ends(annotation, one[1], one[2]) for one in text.facts if one[0] == name]
            own = [one for one in annotation.claims if one.predicate in predicates and "event/" not in one.subject]
            own = [one for one in own if (gold or everywhere) and {one.subject, str(one.object)} <= marked]
            self.counts[name, "gold"] += len(gold)
            self.counts[name, "linked"] += sum(bool(first and second) for first, second in gold)
            self.counts[name, "found"] += sum(any(_is(one, ends) for one in own) for ends in gold)
            self.counts[name, "given"] += len(own)
            self.counts[name, "right"] += sum(any(_is(one, ends) for ends in gold) for one in own)
            self.wrong[name] += [_told(one, annotation) for one in own if not any(_is(one, ends) for ends in gold)]


def main() -> None:
    """Prints precision and recall, a line a property."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--wrong", type=int, default=0, help="so many claims a property that gold does not have")
    arguments.add_argument("--folds", type=int, nargs="*", default=[], help="of KnowledgeNet; none: all")
    given = arguments.parse_args()
    pipeline = ready()
    corpora = (
        ("KnowledgeNet", KNOWLEDGENET, knowledgenet(given.folder / "knowledgenet.en.jsonl.gz", given.folds), False),
        ("NEREL", NEREL, nerel(given.folder / "nerel-dev.ru.jsonl.gz"), True),
    )
    for title, names, texts, everywhere in corpora:
        tally = Tally()
        for text in texts:
            document = Document(text.id, None, None, text.lang, None, text.text)
            tally.add(text, pipeline.annotate(document), names, everywhere=everywhere)
        _print(title, names, tally, given.wrong)


def knowledgenet(path: Path, folds: Sequence[int]) -> Iterator[Text]:
    """The texts of KnowledgeNet: its rows, one a fact, joined by text; the ends of a fact by item."""
    texts: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows(path):
        if not folds or row["fold"] in folds:
            texts[row["lang"], row["text"]].append(row)
    for (lang, text), same in texts.items():
        known = {(one["start"], one["end"]): one.get("qid") for row in same for one in row["entities"]}
        facts: defaultdict[tuple[str, str, str], list[tuple[Span, Span]]] = defaultdict(list)
        for one in (one for row in same for one in row["relations"]):
            ends = Span(*one["s"]), Span(*one["o"])
            keys = [known.get((end.start, end.end)) or end.of(text) for end in ends]
            facts[one["p"], keys[0], keys[1]].append(ends)
        sides = (
            (name, tuple(a for a, _ in pairs), tuple(b for _, b in pairs)) for (name, _, _), pairs in facts.items()
        )
        yield Text(same[0]["id"], lang, text, tuple(sides), tuple(Span(*key) for key in known))


def nerel(path: Path) -> Iterator[Text]:
    """The texts of NEREL."""
    for row in rows(path):
        spans = {one["tid"]: Span(one["start"], one["end"]) for one in row["entities"]}
        labels = {one["tid"]: one["label"] for one in row["entities"]}
        kept = (one for one in row["relations"] if one["p"] != "WORKPLACE" or labels[one["s"]] == "PERSON")
        facts = tuple((one["p"], (spans[one["s"]],), (spans[one["o"]],)) for one in kept)
        yield Text(row["id"], row["lang"], row["text"], facts, tuple(spans.values()))


def _ends(annotation: Annotation, first: Sequence[Span], second: Sequence[Span]) -> Ends:
    sides = (frozenset(iri for span in spans for iri in _entities(annotation, span)) for spans in (first, second))
    one, other = sides
    return one, other


def _entities(annotation: Annotation, span: Span) -> set[str]:
    return {link.entity.iri for link in annotation.links if link.mention.span.overlaps(span)}


def _is(claim: Claim, ends: Ends) -> bool:
    first, second = ends
    ours = claim.subject, str(claim.object)
    return (ours[0] in first and ours[1] in second) or (ours[0] in second and ours[1] in first)


def _told(claim: Claim, annotation: Annotation) -> str:
    names = {one.entity.iri: one.mention.surface for one in annotation.links}
    quote = " ".join(claim.evidence[0].quote.split())
    return f"{names[claim.subject]} | {claim.predicate} | {names[str(claim.object)]} :: {quote[:250]}"


def _print(title: str, names: Mapping[str, frozenset[str]], tally: Tally, wrong: int) -> None:
    for name in names:
        gold, linked, found, given, right = (
            tally.counts[name, what] for what in ("gold", "linked", "found", "given", "right")
        )
        rates = f"P {right / max(given, 1):.3f}  R {found / max(gold, 1):.3f}  R of linked {found / max(linked, 1):.3f}"
        print(f"{title:12} {name:22} {rates}   right {right:4} given {given:4}  found {found:4} gold {gold:4}")
        for line in random.Random(0).sample(tally.wrong[name], min(wrong, len(tally.wrong[name]))):
            print("    ", line)


if __name__ == "__main__":
    main()
