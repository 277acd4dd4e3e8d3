"""Times counted from an event: from its day where the article tells it, and from no other day."""

from __future__ import annotations

import pytest
from marked import extract, told

from kg.extract.shifts import shifted


def last(*marked: str, lang: str) -> str:
    reports, _ = extract(*marked, lang=lang)
    return told(reports[-1])


@pytest.mark.parametrize(
    ("lang", "first", "second", "day"),
    [
        (
            "en",
            "[Chile|LOC] and [Peru|LOC] signed a treaty {2026-02-02|on 2 February}.",
            "Five days after the agreement [Chile|LOC] accused [Mali|LOC] of fraud.",
            "2026-02-07",
        ),
        (
            "en",
            "[Modi|PER] met [Macron|PER] {2026-02-02|on 2 February}.",
            "[Lula|PER] visited [Quito|LOC] two weeks before the meeting.",
            "2026-01-19",
        ),
        (
            "ru",
            "Землетрясение произошло в [Измире|LOC|Измир] {2026-02-02|2 февраля}.",
            "Через три дня после землетрясения [Моди|PER] посетил [Измир|LOC].",
            "2026-02-05",
        ),
        (
            "bg",
            "Земетресението удари [Измир|LOC] {2026-02-02|на 2 февруари}.",
            "Три дни след земетресението [Моди|PER] посети [Измир|LOC].",
            "2026-02-05",
        ),
        (
            "de",
            "Das Erdbeben traf [Izmir|LOC] {2026-02-02|am 2. Februar}.",
            "[Modi|PER] besuchte drei Tage nach dem Erdbeben [Izmir|LOC].",
            "2026-02-05",
        ),
        (
            "es",
            "El terremoto sacudió [Esmirna|LOC] {2026-02-02|el 2 de febrero}.",
            "Tres días después del terremoto, [Modi|PER] visitó [Esmirna|LOC].",
            "2026-02-05",
        ),
        (
            "fr",
            "Le séisme a frappé [Izmir|LOC] {2026-02-02|le 2 février}.",
            "Trois jours après le séisme, [Modi|PER] a visité [Izmir|LOC].",
            "2026-02-05",
        ),
        (
            "az",
            "[İzmirdə|LOC|İzmir] {2026-02-02|fevralın 2-də} zəlzələ baş verib.",
            "Zəlzələdən üç gün sonra [Modi|PER] [Makronla|PER|Makron] görüşüb.",
            "2026-02-05",
        ),
    ],
)
def test_days_after_an_event_are_counted_from_it(lang: str, first: str, second: str, day: str):
    assert last(first, second, lang=lang).endswith(f"time={day}")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "[Lula|PER] met [Modi|PER] {2026-03-17|three days} after the earthquake."),
        ("ru", "{2026-03-17|Через три дня} после землетрясения [Моди|PER] посетил [Измир|LOC]."),
        ("az", "Zəlzələdən {2026-03-17|üç gün sonra} [Modi|PER] [Makronla|PER|Makron] görüşüb."),
        ("es", "{2026-03-17|Tres días después} del terremoto, [Modi|PER] visitó [Esmirna|LOC]."),
        ("fr", "{2026-03-17|Trois jours après} le séisme, [Modi|PER] a visité [Izmir|LOC]."),
        ("tr", "Depremden {2026-03-17|üç gün sonra} [Modi|PER] [Macron|PER] ile görüştü."),
    ],
)
def test_no_day_is_made_up_where_the_event_has_none(lang: str, sentence: str):
    assert "time=" not in last(sentence, lang=lang)


def test_what_only_came_later_keeps_its_day():
    assert last("{2026-03-17|Three days later}, [Modi|PER] met [Lula|PER].", lang="en").endswith("time=2026-03-17")


@pytest.mark.parametrize(
    ("value", "shift", "wanted"),
    [
        ("2026-02-27", "P2D", "2026-03-01"),
        ("2026-02-27", "-P2W", "2026-02-13"),
        ("2025-12-31", "P1M", "2026-01"),
        ("2026-01", "-P1M", "2025-12"),
        ("2026-01-31?", "P3Y", "2029"),
        ("2026-01", "P3D", None),
        ("2026", "P3M", None),
        ("2026-01-01/2026-01-05", "P3D", None),
        ("../2026-01-05", "P3D", None),
        ("2026-22", "P2M", None),
        ("9999-12-31", "P1D", None),
        ("0001-01", "-P2M", None),
    ],
)
def test_a_shifted_value_is_no_more_exact_than_what_it_is_made_of(value: str, shift: str, wanted: str | None):
    assert shifted(value, shift) == wanted
