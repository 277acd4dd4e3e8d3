"""What is passed over, and above all what is not: boilerplate of many sites' habits, in many languages."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology.profiles import profiles
from kg.read import read
from kg.read.boilerplate import MATCHES, mark, rules
from kg.shipped import shipped

SHARED = Path(__file__).parents[2] / "shared"
LEAD = "The council of Bergen voted on Tuesday to rebuild the old fish market after the fire."
NEXT = "Work begins in April and will cost nine million crowns, the mayor told reporters."


def skipped(*lines: str, title: str | None = None) -> list[tuple[str, str]]:
    """(reason, text) of what is passed over in an article of these paragraphs."""
    text = "\n\n".join(lines)
    return [(row.reason, row.span.of(text)) for row in mark(text, title)[1]]


ALONE = [
    ("crosslink", "ОЩЕ: Кметът на Русе подаде оставка"),
    ("crosslink", "Вижте още: Как ще се движат влаковете"),
    ("crosslink", "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ: Νέα δρομολόγια στο μετρό"),
    ("crosslink", "Διαβάστε επίσης: Νέα δρομολόγια στο μετρό"),
    ("crosslink", "Oxuyun: Metroda yeni qatarlar"),
    ("crosslink", "Citește și: Trenuri noi la metrou"),
    ("crosslink", "CITEŞTE ŞI: Trenuri noi la metrou"),
    ("crosslink", "Читайте также: В метро вышли новые поезда"),
    ("crosslink", "Читайте також: У метро вийшли нові потяги"),
    ("crosslink", "Read more: New trains on the metro"),
    ("crosslink", "Lesen Sie auch: Neue Züge für die U-Bahn"),
    ("crosslink", "À lire aussi : De nouvelles rames dans le métro"),
    ("crosslink", "Lea también: Nuevos trenes en el metro"),
    ("crosslink", "Leggi anche: Nuovi treni in metropolitana"),
    ("crosslink", "Lees ook: Nieuwe treinen in de metro"),
    ("crosslink", "Czytaj także: Nowe pociągi w metrze"),
    ("crosslink", "Čtěte také: Nové vlaky v metru"),
    ("crosslink", "Leia também: Novos comboios no metro"),
    ("crosslink", "Preberite tudi: Novi vlaki na progi"),
    ("crosslink", "Pročitajte još: Novi vozovi u metrou"),
    ("crosslink", "Ayrıca okuyun: Metroda yeni trenler"),
    ("advert", "РЕКЛАМА"),
    ("advert", "- Advertisement -"),
    ("advert", "ΔΙΑΦΗΜΙΣΗ"),
    ("share", "Share on Facebook"),
    ("share", "Facebook Twitter WhatsApp 12"),
    ("share", "Сподели във Facebook"),
    ("subscribe", "Follow us on Telegram"),
    ("subscribe", "Подписывайтесь на наш канал в Telegram."),
    ("subscribe", "Абонирайте се за нашия бюлетин"),
    ("comments", "Comments (14)"),
    ("comments", "3 коментари"),
    ("tags", "Етикети: Русе, кмет, оставка"),
    ("photo_credit", "Снимка: БТА"),
    ("photo_credit", "Foto: Agerpres"),
    ("copyright", "© 2024 Fjord Times. All rights reserved."),
    ("copyright", "Всички права запазени"),
    ("email", "redaktion@hafenblatt.example"),
    ("email", "Write to the desk: <desk@fjord.example>"),
    ("link", "https://fjord.example/market"),
    ("cookie_notice", "Този сайт използва бисквитки. Приемам"),
    ("cookie_notice", "Ce site utilise des cookies pour améliorer votre visite."),
    ("cookie_notice", "Ο ιστότοπος χρησιμοποιεί cookies για την καλύτερη λειτουργία του."),
    ("cookie_notice", "Acest site folosește cookies. Accept toate"),
]


@pytest.mark.parametrize(("reason", "line"), ALONE, ids=[line[:30] for _, line in ALONE])
def test_a_line_of_its_own_is_passed_over(reason, line):
    assert skipped(LEAD, line, NEXT) == [(reason, line)]


KEPT = [
    "The ministry wants to read more: it has ordered forty books on the subject of fishing.",
    "Още: така започва писмото, което кметът прочете пред съвета. В него се казва, че договорът е подписан без търг.",
    "The court fined the company two million euros for tracking readers with cookies without asking them.",
    "Съдът глоби компанията заради бисквитки, които следят потребителите без тяхно знание.",
    "He shared the prize with a colleague from Oslo.",
    "Share prices fell by three percent on Monday.",
    "Facebook and Twitter said they would appeal.",
    "Advertisement spending rose in May.",
    "Anyone with news of the boat should write to harbour@bergen.example or call the police at once, the mayor said.",
    "Follow us if you dare, the captain shouted to the coast guard before he was arrested on Friday.",
    "Copyright law was changed in 2019.",
    "Comments by the minister angered the unions.",
    "Related companies in three countries were searched as well.",
    "Снимка на президента беше намерена в колата, съобщи полицията.",
    "Какво още каза той: няма да подаде оставка.",
    "Tags were fixed to the ears of two hundred seals.",
    "Die Anzeige ging am Montag bei der Polizei ein.",
    "Реклама цигарок запрещена с 2013 года.",
]


@pytest.mark.parametrize("line", KEPT, ids=[line[:30] for line in KEPT])
def test_a_sentence_of_the_article_stays(line):
    assert skipped(LEAD, line, NEXT) == []


def test_a_cross_link_behind_the_last_sentence_of_a_paragraph():
    paragraph = "Мостът ще бъде затворен до май, каза министърът. ОЩЕ: Къде ще минава обходният път"
    assert skipped(paragraph, NEXT) == [("crosslink", "ОЩЕ: Къде ще минава обходният път")]
    paragraph = "„Няма да чакаме“, каза той. ВИЖТЕ ОЩЕ: Къде ще минава обходният път"
    assert skipped(paragraph, NEXT) == [("crosslink", "ВИЖТЕ ОЩЕ: Къде ще минава обходният път")]


def test_a_list_of_links_below_its_heading_ends_where_the_article_goes_on():
    links = ["New trains on the metro", "Storm closes the harbour of Ålesund", "“We will stay”: a village says no"]
    assert skipped(LEAD, "Related articles", *links, NEXT) == [
        ("related", line) for line in ("Related articles", *links)
    ]
    assert skipped(LEAD, "ПОХОЖИЕ МАТЕРИАЛЫ:", "В метро вышли новые поезда") == [
        ("related", "ПОХОЖИЕ МАТЕРИАЛЫ:"),
        ("related", "В метро вышли новые поезда"),
    ]


def test_a_heading_of_the_article_is_no_list_of_links():
    assert skipped(LEAD, "What happens next", "The market moves to the pier", NEXT) == []


TITLE = "Bergen to rebuild its old fish market"


@pytest.mark.parametrize("sign", [" | ", " - ", " – ", " — ", " :: ", " » "])
def test_one_plain_copy_of_the_title_stays(sign):
    lines = [f"{TITLE}{sign}Norway{sign}Fjord Times", TITLE, LEAD, TITLE, NEXT]
    headline, spans = mark("\n".join(lines))
    assert headline == TITLE
    assert [row.reason for row in spans] == ["page_title", "repeated_title"]


def test_the_name_of_the_site_may_stand_first():
    assert skipped(f"Fjord Times | {TITLE}", TITLE, LEAD) == [("page_title", f"Fjord Times | {TITLE}")]


def test_a_page_title_without_a_plain_copy_loses_only_the_name_of_the_site():
    text = f"{TITLE} | Fjord Times\n\n{LEAD}"
    headline, (row,) = mark(text)
    assert (headline, row.reason, row.span.of(text)) == (TITLE, "page_title", " | Fjord Times")


def test_a_declared_title_is_found_in_the_text_without_the_name_of_the_site():
    assert mark(f"{TITLE}\n{LEAD}", f"{TITLE} - Fjord Times") == (TITLE, ())
    headline, spans = mark(f"{TITLE} - Fjord Times\n{LEAD}", TITLE)
    assert headline == TITLE
    assert [row.reason for row in spans] == ["page_title"]


def test_a_declared_title_that_the_text_does_not_say_is_kept_as_it_is():
    assert mark(f"{LEAD}\n{NEXT}", TITLE) == (TITLE, ())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TITLE}\n\n{LEAD}", TITLE),
        (f"{TITLE}?\n\n{LEAD}", f"{TITLE}?"),
        (f"date 2024-03-05 {TITLE}\n\n{LEAD}", TITLE),
        (f"Advertisement\n\n{TITLE}\n\n{LEAD}", TITLE),
        (f"{LEAD}\n\n{NEXT}", None),
        (TITLE, None),
        (f"{'Long ' * 50}\n\n{LEAD}", None),
        ("Politics\n\n" + LEAD, None),
    ],
)
def test_the_title_of_a_plain_text_is_a_short_first_line_without_a_stop(text, title):
    assert mark(text)[0] == title


def test_a_paragraph_that_comes_again_counts_once():
    assert skipped(LEAD, NEXT, LEAD.upper()) == [("repeated", LEAD.upper())]


def test_a_short_line_may_come_again():
    assert skipped(LEAD, "He said no.", NEXT, "He said no.") == []


LINES = [
    TITLE,
    LEAD,
    NEXT,
    "",
    "Related posts",
    "a@b.example",
    "ОЩЕ: Нещо друго",
    "Край. ОЩЕ: Нещо друго",
    "РЕКЛАМА",
    "•",
]


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=12),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_spans_are_sorted_disjoint_and_within_the_text(lines, feed):
    text = feed.join(lines)
    headline, spans = mark(text)
    end = 0
    for row in spans:
        assert end <= row.span.start < row.span.end <= len(text)
        end = row.span.end
    assert headline is None or headline in text


def test_the_rules_are_well_formed_and_name_only_languages_that_have_a_profile():
    rows = tomllib.loads(shipped("ontology/boilerplate.toml").read_text(encoding="utf-8"))["rule"]
    for row, rule in zip(rows, rules(), strict=True):
        assert rule.match <= MATCHES
        assert rule.words
        for table in (row["words"], row.get("and", {}), row.get("with", {})):
            assert set(table) <= {"any", *profiles()}, row["reason"]
        assert ("contains" in rule.match or "only" in rule.match) <= bool(rule.also), row["reason"]
        assert ("heads" in rule.match) <= (rule.below > 0), row["reason"]


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="needs ../shared")
def test_the_zones_of_the_gold_articles():
    """As measured: every excluded character found with its reason, no character of content lost."""
    hits = wrong = missed = 0
    for row in map(json.loads, (SHARED / "gold" / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        (document,) = read([str(SHARED / "articles" / row["file"])])
        gold = {(at, zone["kind"]) for zone in row["excluded"] for at in range(zone["start"], zone["end"])}
        found = {(at, part.reason) for part in document.skipped for at in range(part.span.start, part.span.end)}
        hits, wrong, missed = hits + len(gold & found), wrong + len(found - gold), missed + len(gold - found)
    assert hits / (hits + wrong) >= 0.99
    assert hits / (hits + missed) >= 0.99
