"""The language of each piece and its sentences, on our own sentences about anything."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg.language
from kg.language import sentences, split
from kg.model import Document, Skipped, Span
from kg.ontology.languages import languages
from kg.ontology.profiles import profiles
from kg.read.boilerplate import mark

SHARED = Path(__file__).parents[2] / "shared"

PARAGRAPHS = {
    "az": "Gəncədə yeni körpü açılıb. Nazir deyib ki, bu iş üç il çəkib və daha bir körpü tikiləcək.",
    "bg": "В Русе отвориха новия мост. Министърът каза, че работата е отнела три години и че ще има още един.",
    "cs": "V Brně otevřeli nový most. Ministr řekl, že práce trvala tři roky a že bude ještě jeden.",
    "de": "In Bremen wurde die neue Brücke eröffnet. Der Minister sagte, dass die Arbeit drei Jahre gedauert hat.",
    "el": "Στην Πάτρα άνοιξε η νέα γέφυρα. Ο υπουργός είπε ότι οι εργασίες κράτησαν τρία χρόνια.",
    "en": "The new bridge in Bristol was opened. The minister said that the work had taken three years.",
    "es": "En Bilbao se abrió el puente nuevo. El ministro dijo que la obra ha durado tres años y que habrá otro.",
    "fr": "À Nantes, le nouveau pont a été ouvert. Le ministre a déclaré que les travaux ont duré trois ans.",
    "it": "A Bari è stato aperto il ponte nuovo. Il ministro ha detto che i lavori sono durati tre anni.",
    "nl": "In Breda is de nieuwe brug geopend. De minister zei dat het werk drie jaar heeft geduurd.",
    "pl": "W Toruniu otwarto nowy most. Minister powiedział, że prace trwały trzy lata i że będzie jeszcze jeden.",
    "pt": "Em Braga foi aberta a ponte nova. O ministro disse que a obra demorou três anos e que haverá mais uma.",
    "ro": "La Brașov a fost deschis noul pod. Ministrul a spus că lucrările au durat trei ani și că va mai fi unul.",
    "ru": "В Казани открыли новый мост. Министр сказал, что работы заняли три года и что будет ещё один.",
    "sl": "V Mariboru so odprli nov most. Minister je dejal, da so dela trajala tri leta in da bo še eden.",
    "sr": "У Нишу је отворен нови мост. Министар је рекао да су радови трајали три године и да ће бити још један.",
    "tr": "Bursa'da yeni köprü açıldı. Bakan, çalışmaların üç yıl sürdüğünü ve bir köprü daha olacağını söyledi.",
    "uk": "У Львові відкрили новий міст. Міністр сказав, що роботи тривали три роки і що буде ще один.",
}
SERBIAN = "U Nišu je otvoren novi most. Ministar je rekao da su radovi trajali tri godine i da će biti još jedan."
TWEET = "We have been told that the bridge will stay open at night… pic.twitter.com/abc — Desk (@desk_24) May 3, 2024"


def document(
    text: str, lang: str | None = None, skipped: tuple[Skipped, ...] = (), title: str | None = None
) -> Document:
    return Document("id", None, title, lang, None, text, skipped=skipped)


def cut(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in split(text, lang)]


@pytest.mark.parametrize("lang", PARAGRAPHS)
def test_the_language_of_a_paragraph(lang):
    found, parts = sentences(document(PARAGRAPHS[lang]))
    assert found == lang
    assert [part.lang for part in parts] == [lang, lang]


def test_serbian_in_latin_letters():
    assert sentences(document(SERBIAN))[0] == "sr"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sv", "Statsministern sade på torsdagen att bron kommer att öppnas i maj och att arbetet har tagit tre år."),
        ("hu", "A miniszter csütörtökön azt mondta, hogy a hidat májusban nyitják meg, és hogy még egy épülni fog."),
        ("mk", "Министерот во четвртокот изјави дека мостот ќе биде отворен во мај и дека ќе има уште еден."),
        ("ka", "მინისტრმა განაცხადა, რომ ხიდი მაისში გაიხსნება."),
    ],
)
def test_a_language_without_a_profile_is_named_by_the_model(lang, text):
    assert sentences(document(text))[0] == lang


def test_the_usual_case_needs_no_model(monkeypatch):
    monkeypatch.setattr(kg.language, "_model", None)
    for lang, text in PARAGRAPHS.items():
        assert sentences(document(f"{text}\n\n{text}"))[0] == lang


@pytest.mark.parametrize(
    ("text", "declared", "lang"), [("12 : 3", None, "und"), ("12 : 3", "bg", "bg"), ("", "el", "el")]
)
def test_a_text_without_words_is_of_the_declared_language_or_of_none(text, declared, lang):
    assert sentences(document(text, declared))[0] == lang


@pytest.mark.parametrize(("declared", "lang"), [("ru", "bg"), ("en", "bg"), ("bg", "bg"), (None, "bg")])
def test_the_text_decides_against_a_wrong_declaration(declared, lang):
    assert sentences(document(PARAGRAPHS["bg"], declared))[0] == lang


def test_a_declaration_decides_where_the_text_does_not():
    assert sentences(document("Илхам Алиев, Баку", "bg"))[0] == "bg"
    assert sentences(document("Илхам Алиев, Баку", "ru"))[0] == "ru"


def test_an_english_tweet_in_a_bulgarian_article_is_english_and_embedded():
    text = f"{PARAGRAPHS['bg']}\n\n{TWEET}\n\n{PARAGRAPHS['bg']}"
    lang, parts = sentences(document(text))
    assert lang == "bg"
    assert [(part.lang, part.zone) for part in parts] == [
        *[("bg", "body")] * 2,
        *[("en", "embedded")] * (len(parts) - 4),
        *[("bg", "body")] * 2,
    ]
    assert len(parts) > 4


@pytest.mark.parametrize("quoted", ["ru", "tr", "en", "el"])
@pytest.mark.parametrize("lang", ["bg", "az", "ro", "uk", "de"])
def test_a_paragraph_in_another_language_is_embedded(lang, quoted):
    text = "\n\n".join([PARAGRAPHS[lang], PARAGRAPHS[quoted], PARAGRAPHS[lang], PARAGRAPHS[lang]])
    found, parts = sentences(document(text))
    assert found == lang
    assert [part.lang for part in parts] == [lang, lang, quoted, quoted, *[lang] * 4]
    assert [part.zone for part in parts if part.lang == quoted] == ["embedded", "embedded"]


@pytest.mark.parametrize(
    "line", ["Embraer E190", "NEXTA", "Vladimir Putin", "7 oktyabr", "Сергей Лавров", "2 : 1", "Reuters, AFP"]
)
@pytest.mark.parametrize("lang", ["bg", "az", "el", "ro", "en"])
def test_names_and_numbers_alone_are_of_the_documents_language(lang, line):
    _, parts = sentences(document(f"{PARAGRAPHS[lang]}\n\n{line}\n\n{PARAGRAPHS[lang]}"))
    assert {part.lang for part in parts} == {lang}


CUTS = [
    ("bg", "Пожарът стана на 5 май 2023 г. близо до Видин. | Няма пострадали."),
    ("bg", "Фабриката изгоря още през лятото на 2020 г. | Кметът обеща нова."),
    ("bg", "През 2020 г. Румъния затвори мината."),
    ("bg", "Помощта е 1 млн. лева. | Тя идва от гр. София, ул. Шипка 5."),
    ("bg", "Проф. Иванов и д-р Петров са от БАН. | Вл. Николов също."),
    ("bg", "„Не знаем нищо. Ще видим утре“, каза той. | После си тръгна."),
    ("ru", "В 2020 г. завод закрыли. | Убытки составили 5 млн. руб. в год."),
    ("ru", "Книгу написал А. С. Белов. | Её издали в г. Омске."),
    ("uk", "У 2021 р. міст закрили. | Ремонт коштував 3 млн. грн. за рік."),
    ("az", "V.Quliyev mayın 3-də gəlib. | Tədbirə İ. Rəsulov da qatılacaq. | Sonra o gedib."),
    ("az", '"Bu belədir. Biz gözləyirik", - deyə o bildirib. | Sonra o gedib.'),
    ("el", "Τι έγινε στην Πάτρα; | Ο κ. Παπαδόπουλος δεν απάντησε. | Η ζημιά είναι 2 εκατ. ευρώ."),
    ("el", "«Είναι καλό. Πολύ καλό», είπε η κ. Νικολάου. | Μετά έφυγε."),
    ("ro", "Potrivit dlui. Popa, nr. 5 din str. Lungă e gol. | Prof. Ion a plecat."),
    ("ro", "„Nu știm încă nimic”, a spus el. | A plecat în 2020."),
    ("en", "Dr. Smith met Mr. Jones at 5 p.m. on Monday. | They left."),
    ("en", "He moved to the U.S. in June. | J. K. Brown and J.R. White did not."),
    ("en", "The U.S. Senate voted on Jan. 5 on bill No. 7. | It passed."),
    ("en", "The plant is in D.C. | The mayor wants it closed."),
    ("en", "“We won. It is over,” she said. | Then she left."),
    ("en", "See example.com for more. | Version 2.5 is out."),
    ("de", "Am 3. Oktober 2024 kam Dr. Müller z. B. aus Bonn. | Er blieb bis zum 5. Mai."),
    ("tr", "Prof. Dr. Kaya geldi. | II. Mahmut ve 3. Ordu da oradaydı."),
    ("pl", "W 2020 r. prof. Kowalski wydał ok. 5 mln zł. | Potem wyjechał."),
    ("cs", "Dne 5. května přijel Ing. Novák. | Zůstal do r. 2020."),
    ("sl", "Dne 5. maja je prišel dr. Novak. | Potem je odšel."),
    ("fr", "M. Dupont et Mme. Blanc sont partis. | Ils avaient 5 ans."),
    ("es", "El Sr. Ruiz vive en EE. UU. desde 2020. | Volverá."),
    ("it", "Il dott. Rossi e l'on. Bianchi sono partiti. | Torneranno."),
    ("nl", "Dhr. Jansen en prof. De Vries vertrokken. | Zij komen terug."),
    ("pt", "O Sr. Silva e a Dra. Costa saíram. | Eles voltam."),
]


@pytest.mark.parametrize(("lang", "marked"), CUTS, ids=[f"{lang}-{text[:24]}" for lang, text in CUTS])
def test_where_sentences_end(lang, marked):
    assert cut(marked.replace(" | ", " "), lang) == marked.split(" | ")


def test_an_unclosed_quotation_mark_does_not_swallow_the_paragraph():
    text = "„Всичко е готово, каза кметът пред съвета. " + "Работата по моста започва в понеделник сутринта. " * 20
    assert max(map(len, cut(text.strip(), "bg"))) < 200


def test_the_title_line_is_the_headline():
    text = f"date 2024-05-03 New bridge opens\n\n{PARAGRAPHS['en']}\nNew bridge opens"
    title, skipped = mark(text)
    _, parts = sentences(document(text, None, skipped, title))
    assert [part.span.of(text) for part in parts if part.zone == "headline"] == ["New bridge opens"]
    assert len(parts) == 3


def test_boilerplate_becomes_no_sentence():
    text = "Мостът е отворен, каза кметът. ОЩЕ: Друга новина\n\nРЕКЛАМА\n\nТой е готов."
    _, skipped = mark(text)
    _, parts = sentences(document(text, None, skipped))
    assert [part.span.of(text) for part in parts] == ["Мостът е отворен, каза кметът.", "Той е готов."]


def test_lines_broken_at_a_width_are_one_paragraph_and_lines_that_end_are_not():
    wrapped = (
        "The harbour board of Bergen decided on Monday evening that\n"
        "the old market hall will be rebuilt in stone, and not in\n"
        "wood as the fire brigade of the town had feared after the\n"
        "fire of last winter. Work on it begins early next spring\n"
        "and will take two years.\n\nNobody was hurt in the fire."
    )
    _, parts = sentences(document(wrapped))
    assert [part.span.of(wrapped).count("\n") for part in parts] == [3, 1, 0]
    lines = "Oktyabrın 7-də iclas olub.\nNazir çıxış edib.\nXatırlatma\nİclas hər il keçirilir."
    _, parts = sentences(document(lines))
    assert [part.span.of(lines) for part in parts] == lines.split("\n")


PIECES = [
    *PARAGRAPHS.values(),
    TWEET,
    "Reuters",
    "ОЩЕ: Нещо",
    "1. 2. 3.",
    "„",
    "А. Б. В.",
    "...",
    "г. г. Г.",
    "\u00a0",
    "❤️ 😀.",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=8),
    st.sampled_from(["\n", "\n\n", "\r\n", " "]),
)
def test_sentences_and_boilerplate_and_white_space_cover_the_text(pieces, feed):
    text = feed.join(pieces)
    title, skipped = mark(text)
    lang, parts = sentences(document(text, None, skipped, title))
    spans = sorted([part.span for part in parts] + [row.span for row in skipped])
    end = 0
    for span in spans:
        assert not text[end : span.start].strip(), "a piece that is neither sentence nor boilerplate"
        assert end <= span.start < span.end <= len(text)
        end = span.end
    assert not text[end:].strip()
    assert list(parts) == sorted(parts, key=lambda part: part.span)
    for part in parts:
        piece = part.span.of(text)
        assert piece == piece.strip()
        assert "\n\n" not in piece
    assert lang


def test_the_profiles_are_well_formed():
    assert set(profiles()) <= set(languages()), "a profile needs its row in languages.toml"
    for code, profile in profiles().items():
        assert len(profile.words) >= 40, code
        for word in profile.words:
            assert set(word) - set("-'’") <= profile.letters, f"{code}: {word} has letters outside its alphabet"
        assert not any(word.endswith(".") for word in profile.abbreviations | profile.numbers), code


def test_speed():
    text = "\n\n".join(PARAGRAPHS["bg"] + f" Това е ред {number}." for number in range(2000))
    sentences(document(PARAGRAPHS["bg"]))
    began = time.perf_counter()
    sentences(document(text))
    assert len(text) / (time.perf_counter() - began) > 100_000  # characters a second; 700,000 on a quiet machine


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="needs ../shared")
def test_the_zones_of_the_gold_articles():
    for row in map(json.loads, (SHARED / "gold" / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        text = (SHARED / "articles" / row["file"]).read_text(encoding="utf-8")
        title, skipped = mark(text)
        lang, parts = sentences(document(text, None, skipped, title))
        assert lang == row["lang"]
        inside = [Span(zone["start"], zone["end"]) for zone in row["embedded"]]
        assert [part.span for part in parts if part.zone == "embedded"] == inside
        assert {part.lang for part in parts if part.zone == "embedded"} <= {"en"}
        headline = [part.span for part in parts if part.zone == "headline"]
        assert headline == ([Span(*row["headline"])] if row["headline"] else [])
        paragraphs = [Span(*span) for span in row["content"]] + inside
        assert all(any(paragraph.covers(part.span) for paragraph in paragraphs) for part in parts)
