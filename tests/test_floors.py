"""Recognition can't fall silently: F1 (exact span and label) a language on our own gold, against `gold/floors.json`.

A floor stands .02 under what was measured when it was set. Lowering one needs its reason in the commit message.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gold_sentences import digest, languages, sentences

from kg.knowledge import KnowledgeBase
from kg.model import Document, Sentence, Span
from kg.recognise import RuleRecogniser, Trained

FLOORS = json.loads((Path(__file__).parent / "gold" / "floors.json").read_text(encoding="utf-8"))
KINDS = {"PER", "LOC", "ORG"}


@pytest.fixture(scope="module")
def recogniser() -> RuleRecogniser:
    return RuleRecogniser(KnowledgeBase.open(), Trained.load())


def f1(lang: str, recogniser: RuleRecogniser) -> float:
    right = given = gold = 0
    for one in sentences(lang):
        zone = "headline" if one.headline else "body"
        whole = Sentence(Span(0, len(one.text)), lang, zone)
        found = recogniser.mentions(Document("gold", None, None, lang, None, one.text), [whole])
        names = {(m.span.start, m.span.end, m.kind) for m in found if m.kind in KINDS and not m.nominal}
        right += len(names & set(one.entities))
        given += len(names)
        gold += len(one.entities)
    return 2 * right / (given + gold)


def test_the_floors_are_those_of_this_gold():
    assert FLOORS["digest"] == digest(), "the gold changed: measure anew and set digest and floors in gold/floors.json"


@pytest.mark.parametrize("lang", languages())
def test_recognition_stays_above_its_floor(lang, recogniser):
    score = f1(lang, recogniser)
    floor = FLOORS["f1"][lang]
    assert score >= floor, f"{lang}: F1 {score:.3f} fell below its floor {floor:.3f}"
