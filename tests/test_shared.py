"""Where something happens and to whom it is owed, when another report, a heading or the whole sentence says so."""

from __future__ import annotations

import pytest
from marked import extract, told


@pytest.mark.parametrize(
    ("lang", "sentence", "wanted"),
    [
        (
            "en",
            "An air strike destroyed a bridge. The bridge in [Basra|LOC] was damaged.",
            "damage patient=bridge_in_Basra place=Basra",
        ),
        (
            "en",
            "[Chile|LOC] demanded that [Peru|LOC] apologise.",
            "apology addressee=Chile agent=Peru by=Chile demanded",
        ),
        (
            "en",
            "The [Chilean|NORP|Chile] Defence Ministry said its forces attacked [Arica|LOC].",
            "attack agent=Chile by=Chilean_Defence_Ministry patient=Arica",
        ),
        (
            "en",
            "In [Lima|LOC] police raided a bank, two people were killed and ten people were detained.",
            "detention count=10_persons patient=ten_people place=Lima",
        ),
        (
            "az",
            "[Modi|PER] [BRİKS|ORG] sammitində iştirak edib.",
            "summit agent=Modi",
        ),
        (
            "ro",
            "[Consulatul|FAC|Consulat] din [Arica|LOC] a fost avariat.",
            "damage patient=Consulat place=Arica",
        ),
    ],
)
def test_the_sentence_says_it(lang: str, sentence: str, wanted: str):
    found = [told(one) for one in extract(sentence, lang=lang)[0]]
    assert wanted in found


def test_a_place_that_opens_the_sentence_is_not_where_others_say_things_happened():
    found = [told(one) for one in extract("In [Paris|LOC], [Macron|PER] said [Mali|LOC] attacked [Oran|LOC].")[0]]
    assert not [one for one in found if one.startswith("attack") and "place=Paris" in one]


def test_who_demands_an_apology_of_himself_gets_none():
    found = [told(one) for one in extract("[Peru|LOC] apologised, [Chile|LOC] said.")[0]]
    assert not [one for one in found if "addressee" in one]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "[Modi|PER] met [Macron|PER]."),
        ("bg", "[Моди|PER] се обади на [Макрон|PER]."),
        ("ru", "[Моди|PER] позвонил [Макрону|PER|Макрон]."),
        ("az", "[Modi|PER] [Makrona|PER|Makron] zəng edib."),
    ],
)
def test_a_date_on_a_line_of_its_own_dates_what_stands_below(lang: str, sentence: str):
    reports, _ = extract("{2026-03-07|7.3.}", sentence, sentence.replace("[M", "[L"), lang=lang)
    assert [one.time.value if one.time else None for one in reports][:2] == ["2026-03-07", None]


def test_harm_to_one_thing_has_one_place():
    reports, _ = extract("[Mali|LOC] attacked [Gao Bridge|FAC] in [Gao|LOC].", "[Gao Bridge|FAC] was damaged.")
    assert [told(one) for one in reports][-1].endswith("place=Gao")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "[Mali|LOC] attacked [Gao|LOC] with missiles of the type [Grad|PROD]."),
        ("bg", "[Мали|LOC] атакува [Гао|LOC] с дронове клас „[Град|PROD]“."),
        ("ro", "[Mali|LOC] a atacat [Gao|LOC] cu rachete de tip [Grad|PROD]."),
    ],
)
def test_a_type_names_the_weapon(lang: str, sentence: str):
    (report,) = [
        one for one in extract(sentence, lang=lang)[0] if any(two.role == "instrument" for two in one.participants)
    ]
    (weapon,) = [one for one in report.participants if one.role == "instrument"]
    assert weapon.entity.labels[0][1] in {"Grad", "Град"}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("[Chile|LOC] demanded that [Peru|LOC] apologise.", "apology agent=Chile"),
        ("[Ana Ruiz|PER] apologised, [Luis Vega|PER] said.", "addressee=Luis_Vega"),
        ("[Luis Vega|PER] said, referring to a decision to admit women.", "addressee=women"),
        ("[Ana Ruiz|PER] ordered one of the detained journalists home.", "detention agent=Ana_Ruiz"),
        ("[Amnesty|ORG] ([England|LOC]) said it was late.", "agent=England"),
        ("A court decision came {2026-03-02|on Monday}.", "patient=court"),
        ("[Ana Ruiz|PER] spoke. It accused [Peru|LOC] of fraud.", "accusation addressee=Peru agent=Ana_Ruiz"),
    ],
)
def test_nobody_is_given_what_is_another_ones(sentence: str, wrong: str):
    parts = wrong.split()
    found = [told(one).split() for one in extract(*sentence.split(". ", 1))[0]]
    assert not [one for one in found if set(parts) <= set(one)]


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        ("en", "[Ana Ruiz|PER] spoke. The captain was detained.", "He denied it."),
        ("bg", "Капитанът беше задържан.", "Той отрече."),
    ],
)
def test_a_pronoun_may_mean_somebody_without_a_name(lang: str, first: str, second: str):
    found = [told(one) for one in extract(*first.split(". ", 1), second, lang=lang)[0]]
    assert not [one for one in found if "Ana_Ruiz" in one]
    assert [one for one in found if one.startswith(("detention", "arrest"))]


@pytest.mark.parametrize(
    ("lang", "sentence", "wanted"),
    [
        ("en", "[Ana Ruiz|PER] sacked [Luis Vega|PER].", "dismissal agent=Ana_Ruiz patient=Luis_Vega"),
        ("ru", "[Руис|PER] уволил [Вегу|PER|Вега].", "dismissal agent=Руис patient=Вега"),
        ("ro", "[Luis Vega|PER] a fost demis de [Ana Ruiz|PER].", "dismissal agent=Ana_Ruiz patient=Luis_Vega"),
        ("tr", "[Ana Ruiz|PER] [Vega'yı|PER|Vega] görevden aldı.", "dismissal agent=Ana_Ruiz patient=Vega"),
        ("en", "[Ana Ruiz|PER] took office {2026-03-02|on Monday}.", "appointment patient=Ana_Ruiz time=2026-03-02"),
        ("ru", "[Руис|PER] назначила [Вегу|PER|Вега] директором.", "appointment agent=Руис patient=Вега"),
        ("en", "[Ana Ruiz|PER] said that [Vega|PER] was ill, and added that he slept.", "statement agent=Ana_Ruiz"),
    ],
)
def test_who_puts_whom_in_and_out_of_office(lang: str, sentence: str, wanted: str):
    assert wanted in [told(one) for one in extract(sentence, lang=lang)[0]]


def test_who_goes_on_speaking_is_who_spoke():
    reports, _ = extract("[Ana Ruiz|PER] said that [Luis Vega|PER] was ill, and added that he slept.")
    assert "Luis_Vega" not in "".join(map(told, reports))


@pytest.mark.parametrize(
    ("lang", "sentence", "wrong"),
    [
        ("ru", "Его дочь рассказала [Ройтерс|ORG], что болела.", "agent=Ройтерс"),
        ("ru", "«Мы готовы идти до самого конца», — заявил он [Веге|PER|Вега].", "agent=Вега"),
        ("en", "The [Leicester|LOC] forward says he is late.", "agent=Leicester"),
        ("ru", "[Ана Руис|PER] отмечает своё 85-летие.", "statement"),
        ("en", "[Ana Ruiz|PER], who danced, said staff and students were late.", "agent=staff"),
        ("en", "A school administrator who said so left.", "agent=school"),
    ],
)
def test_who_has_no_name_is_not_the_next_name(lang: str, sentence: str, wrong: str):
    assert not [one for one in extract(sentence, lang=lang)[0] if wrong in told(one).split()]
