"""Arguments that the headline or the sentence before lends: only to the same event, and never where two would fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from marked import DAY, parse, told

from kg.extract import Extractor
from kg.model import Report
from kg.ontology import load_ontology

_EXTRACTOR = Extractor(load_ontology())


def headed(*marked: str, lang: str = "en", title: bool = True) -> tuple[Report, ...]:
    """The reports of an article whose first sentence is its title, or not."""
    document, sentences, links, times = parse(marked, lang, DAY)
    if title:
        document = replace(document, title=sentences[0].span.of(document.text))
    return _EXTRACTOR.extract(document, sentences, links, times).reports


@pytest.mark.parametrize(
    ("lang", "title", "between", "sentence", "wanted"),
    [
        (
            "en",
            "[Chile|LOC] and [Peru|LOC] sign treaty",
            "It rained.",
            "The agreement was signed {2026-03-02|on Monday}.",
            "agreement agent=Chile agent=Peru time=2026-03-02",
        ),
        (
            "en",
            "[Ana Ruiz|PER] arrested in [Lima|LOC]",
            "It rained.",
            "The arrest came {2026-03-02|on Monday}.",
            "arrest patient=Ana_Ruiz time=2026-03-02",
        ),
        (
            "bg",
            "[Моди|PER] се срещна с [Макрон|PER]",
            "Валя.",
            "Срещата беше {2026-03-02|в понеделник}.",
            "meeting agent=Макрон agent=Моди time=2026-03-02",
        ),
        (
            "el",
            "Ο [Μόντι|PER] συναντήθηκε με τον [Μακρόν|PER]",
            "Έβρεχε.",
            "Η συνάντηση έγινε {2026-03-02|τη Δευτέρα}.",
            "meeting agent=Μακρόν agent=Μόντι time=2026-03-02",
        ),
        (
            "de",
            "[Chile|LOC] und [Peru|LOC] unterzeichnen Abkommen",
            "Es regnete.",
            "Das Abkommen wurde {2026-03-02|am Montag} unterzeichnet.",
            "agreement agent=Chile agent=Peru time=2026-03-02",
        ),
        (
            "es",
            "[Modi|PER] se reunió con [Macron|PER]",
            "Llovía.",
            "La reunión fue {2026-03-02|el lunes}.",
            "meeting agent=Macron agent=Modi time=2026-03-02",
        ),
    ],
)
def test_the_headline_lends_who_took_part(lang: str, title: str, between: str, sentence: str, wanted: str):
    first, *_, last = headed(title, between, sentence, lang=lang)
    assert told(last) == wanted
    assert last.score < first.score
    assert all(told(one) != wanted for one in headed(title, between, sentence, lang=lang, title=False))


def test_the_sentence_before_lends_where_there_is_no_headline():
    *_, last = headed("[Chile|LOC] attacked [Lima|LOC].", "The attack came {2026-03-02|on Monday}.", title=False)
    assert told(last) == "attack agent=Chile patient=Lima time=2026-03-02"


def test_the_headline_comes_before_the_sentence_before():
    title, near = "[Modi|PER] meets [Macron|PER]", "[Lula|PER] met [Boric|PER]."
    *_, last = headed(title, near, "The meeting took place {2026-03-02|on Monday}.")
    assert told(last) == "meeting agent=Macron agent=Modi time=2026-03-02"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("[Chile|LOC] attacks [Lima|LOC], [Mali|LOC] attacks [Oran|LOC]", "The attack came {2026-03-02|on Monday}."),
        ("[Chile|LOC] attacks [Lima|LOC]", "Another attack came {2026-03-02|on Monday}."),
        ("[Chile|LOC] attacks [Lima|LOC] {2026-02-01|on 1 February}", "The attack came {2026-03-02|on Monday}."),
        ("[Chile|LOC] denies it attacked [Lima|LOC]", "The meeting came {2026-03-02|on Monday}."),
        ("[Chile|LOC] attacks [Lima|LOC]", "[Mali|LOC] carried out the attack {2026-03-02|on Monday}."),
    ],
)
def test_nothing_is_lent_to_another_event(title: str, sentence: str):
    found = [one for one in headed(title, sentence) if one.time and one.time.value == "2026-03-02"]
    assert not [one for one in found if "Lima" in told(one) or "Oran" in told(one)]
