import gzip
import json
import re
import time
import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.edtf import is_valid
from kg.errors import DataError
from kg.model import Document, Sentence, Span
from kg.shipped import shipped
from kg.when import readings, times
from kg.when.grammar import build, grammar
from kg.when.readers import READERS

SHARED = Path(__file__).parents[2] / "shared"
TIME = shipped("ontology/time")
LANGUAGES = sorted(path.stem for path in TIME.glob("*.toml") if path.stem != "grammar")
DATA = tomllib.loads((Path(__file__).parent / "data" / "when_phrases.toml").read_text(encoding="utf-8"))
FAILURES = DATA.pop("known_failures")

# A day in each language's long form; the months as they stand beside a day.
LONG = {
    "az": ("{d} {m} {y}-ci il", "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"),
    "bg": ("{d} {m} {y} г.", "януари февруари март април май юни юли август септември октомври ноември декември"),
    "cs": ("{d}. {m} {y}", "ledna února března dubna května června července srpna září října listopadu prosince"),
    "de": ("{d}. {m} {y}", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "el": (
        "{d} {m} {y}",
        """Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου
        Νοεμβρίου Δεκεμβρίου""",
    ),
    "en": (
        "{m} {d}, {y}",
        "January February March April May June July August September October November December",
    ),
    "es": (
        "{d} de {m} de {y}",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "fr": ("{d} {m} {y}", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "it": (
        "{d} {m} {y}",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    ),
    "nl": ("{d} {m} {y}", "januari februari maart april mei juni juli augustus september oktober november december"),
    "pl": (
        "{d} {m} {y} roku",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    ),
    "pt": (
        "{d} de {m} de {y}",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ),
    "ro": (
        "{d} {m} {y}",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    ),
    "ru": ("{d} {m} {y} года", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    "sl": (
        "{d}. {m} {y}",
        "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    ),
    "sr": (
        "{d}. {m} {y}. godine",
        "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    ),
    "tr": ("{d} {m} {y}", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    "uk": (
        "{d} {m} {y} року",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    ),
}


def document(text, lang, published):
    return Document("d", None, None, lang, published, text)


def read(text, lang, published=date(2025, 3, 12), *, zone="body"):
    return times(document(text, lang, published), [Sentence(Span(0, len(text)), lang, zone)])


def values(text, lang, published=date(2025, 3, 12)):
    return [when.value for when in read(text, lang, published)]


def told(marked, lang, published):
    """What a marked row of the data says, and what is read: both as [(surface, value or None)]."""
    sentences = []
    spans = []
    text = ""
    for part in marked.split(" | "):
        start = len(text)
        for piece in re.split(r"(\[[^\]]*\])", part):
            if piece.startswith("["):
                spans.append(Span(len(text), len(text) + len(piece) - 2))
            text += piece.strip("[]") if piece.startswith("[") else piece
        sentences.append(Sentence(Span(start, len(text)), lang))
        text += " "
    return spans, times(document(text, lang, published), sentences)


def rows_of(tables):
    for lang, table in tables:
        for marked, *expected in table["rows"]:
            yield pytest.param(lang, table["published"], marked, expected, id=f"{lang}: {marked[:60]}")


PHRASES = list(rows_of((lang, table) for lang, tables in DATA.items() for table in tables))


@pytest.mark.parametrize(("lang", "published", "marked", "expected"), PHRASES)
def test_phrases(lang, published, marked, expected):
    spans, read_times = told(marked, lang, published)
    assert [(when.span, when.value) for when in read_times] == list(zip(spans, [v for v in expected if v], strict=True))


@pytest.mark.parametrize(
    ("lang", "published", "marked", "expected"), list(rows_of((table["lang"], table) for table in FAILURES))
)
def test_known_failures_still_fail(lang, published, marked, expected):
    *wanted, reason = expected
    spans, read_times = told(marked, lang, published)
    got = [(when.span, when.value) for when in read_times]
    assert got != list(zip(spans, wanted, strict=True)), f"it reads right now: move it to [[{lang}]] ({reason})"


def test_forty_phrases_a_language():
    for lang in ("az", "bg", "el", "ro", "ru", "uk", "tr", "de", "fr", "en", "es", "it", "pl"):
        assert sum(len(table["rows"]) for table in DATA[lang]) >= 40, lang


# ---------------------------------------------------------------- what is no time

NO_TIMES = [
    ("en", "Flight 8243 to gate 2025 was late; 2020 people waited."),
    ("en", "You may march on Sat with Jan, Mon and April Jones; June Carter sang."),
    ("en", "The Sunday Times and the Mail on Sunday led with Black Friday."),
    ("en", "The score was 3-1, then 10-9; the price $1,999.99 and 2025%."),
    ("en", "Call +44 20 2025 1234 or 555-2014; version 10.10.2 and 1.2.25 are out."),
    ("en", "An august body marched; the sun sat low in the fall of the house."),
    ("en", "The COVID19 unit bought E190 jets, B2025 parts and 2,020 masks at IP 10.10.2025.1"),
    ("de", "Die Sonne schien, er mag die Mittel; Flug 8243 kostet 1.999 Euro; 2020 Pakete kamen."),
    ("de", "Am Morgen sprach der Mailänder Augustin."),
    ("fr", "La planète Mars et le champ de mars; mais il est premier, second, et 3-1."),
    ("ro", "Mai bine; luni întregi; marele August; o mai fi."),
    ("ru", "Марта Августова живет в этой среде; рейс 8243; счет 3:1; 2020 человек."),
    ("bg", "Март Маев, Юлия и Август; полет 2025 закъсня; резултатът е 3-1; 2000 лева."),
    ("uk", "Лютий ворог, липа, середа обитання; рейс 8243; рахунок 3:1."),
    ("tr", "Ocak söndü, pazar kuruldu, salı çarşısı; 8243 sefer sayılı uçak; 3-1."),
    ("az", "8243 nömrəli reys; 3-1 hesab; bazar açıqdır; 30-dan çox insan; 1200-dən çox adam."),
    ("en", "After the September 11 attacks the law changed."),
    ("ro", "O firmă din Miercurea Ciuc a câștigat."),
    ("el", "Η πτήση 8243, η τρίτη θέση, σκορ 3-1, έκδοση 2.10 και 2025 ευρώ."),
    ("el", "Θυμήθηκε την προηγούμενη συγγνώμη και την επόμενη σύνοδο· η τελευταία πλήρης έκθεση."),
    ("pl", "Maja Marzec i Lipiec; lot 8243; wynik 3:1; lata świetlne; 2020 osób."),
    ("es", "El primer ministro, la segunda vez, a las tres de la mañana, vuelo 8243, Plácido Domingo."),
    ("it", "La prima volta, il secondo posto, il terzo uomo, volo 8243, natale come aggettivo."),
    ("xx", "Anything in October 2025, but only numbers are read here."),
]


@pytest.mark.parametrize(("lang", "text"), NO_TIMES)
def test_no_times(lang, text):
    assert [(when.surface, when.value, when.rule) for when in read(text, lang)] == []


def test_a_language_without_a_file_reads_numeric_dates():
    assert values("xyz 2025-03-01 qwe 14.02.2024", "xx") == ["2025-03-01", "2024-02-14"]


# ---------------------------------------------------------------- conventions


def test_numeric_dates_by_language():
    assert values("On 03/04/2025 it rained.", "en") == ["2025-03-04"]
    assert values("Le 03/04/2025 il a plu.", "fr") == ["2025-04-03"]
    assert values("On 25/12/2024 it rained.", "en") == ["2024-12-25"]
    assert values("Seen 09.10.85 and 32.01.2024", "de") == ["1985-10-09"]


@pytest.mark.parametrize(("offset", "expected"), [(n, n) for n in range(7)])
def test_a_bare_weekday_is_the_nearest_past_one(offset, expected):
    published = date(2025, 3, 12)
    day = published - timedelta(days=offset)
    assert values(f"He died on {day:%A}.", "en") == [(published - timedelta(days=expected)).isoformat()]


def test_the_future_is_said_by_words():
    assert values("They will meet on Monday.", "en") == ["2025-03-17"]
    assert values("He said on Monday they will meet.", "en") == ["2025-03-10"]
    assert values("Komanda bazar ertəsi oynayacaq.", "az") == ["2025-03-17"]
    assert values("El equipo jugará el lunes.", "es") == ["2025-03-17"]
    assert values("In November they won.", "en") == ["2024-11"]
    assert values("They will vote in November.", "en") == ["2025-11"]


def test_a_weekday_beside_a_date_gives_the_year():
    assert values("On Friday, 14 June, it burned.", "en") == ["2024-06-14"]
    assert values("On Saturday, 14 June, it burned.", "en") == ["2025-06-14"]


def test_the_next_day_counts_from_the_time_told_last_and_is_forgotten():
    text = "It began on 3 January 2024. "
    close = "The next day it rained. "
    filler = "Nothing more is said. "

    def last(many):
        whole = text + filler * many + close
        cuts = [0, *(m.end() for m in re.finditer(r"\. ", whole))]
        sentences = [Sentence(Span(a, b), "en") for a, b in pairwise(cuts)]
        return times(document(whole, "en", date(2025, 3, 12)), sentences)[-1].value

    assert last(0) == last(2) == "2024-01-04"
    assert last(6) == "2025-03-13"


def test_today_in_a_quotation_is_the_day_on_which_it_was_said():
    assert values('On Monday she answered: "We signed today."', "en") == ["2025-03-10", "2025-03-10"]
    assert values("Ötən ay nazir deyib: «Bu gün imzaladıq».", "az") == ["2025-02", "2025-02"]
    assert values("She answered on Monday. They signed today.", "en") == ["2025-03-10", "2025-03-12"]


def test_an_english_sentence_in_a_bulgarian_article_follows_english_rules():
    text = "Това стана вчера. Seen on 03/04/2025."
    sentences = [Sentence(Span(0, 17), "bg"), Sentence(Span(18, len(text)), "en", "embedded")]
    assert [when.value for when in times(document(text, "bg", date(2025, 3, 12)), sentences)] == [
        "2025-03-11",
        "2025-03-04",
    ]


def test_case_marks_and_spaces_do_not_matter():
    assert values("ΤΡΙΤΗ 11 ΜΑΡΤΙΟΥ 2025", "el") == ["2025-03-11"]
    assert values("LUNA TRECUTA a nins", "ro") == ["2025-02"]
    assert values("5\u00a0mars\n2024", "fr") == ["2025-03-05"]  # a line's end parts them
    assert values("İYUN ayının sonunda", "az") == values("iyun ayının sonunda", "az")
    assert values("5 мая 2024", "ru") == values("5 мая 2024".replace("й", "й"), "ru") == ["2024-05-05"]


def test_given_spans_are_read_without_a_cue():
    text = "Wars: 1956; 2024."
    found = readings(document(text, "en", None), [Sentence(Span(0, len(text)), "en")], [Span(6, 10)])
    assert [(reading.span, reading.value) for reading in found] == [(Span(6, 10), "1956")]


# ---------------------------------------------------------------- without a day of publication


def test_nothing_is_known_without_a_dated_year():
    assert values("On Friday it rained; on March 7 too, last week, and in 2019.", "en", None) == ["2019"]


def test_the_year_after_the_last_one_told():
    text = "It fell in December 2024. Earlier in October he apologised; on October 9 they met. In February they spoke."
    assert values(text, "en", None) == ["2024-12", "2025-10?", "2025-10-09?", "2025-02?"]


def test_weekdays_shrink_to_the_month_or_are_left_out():
    assert values("In June 2023 he left. On Friday, later in May, he spoke.", "en", None)[1] == "2024-05?"
    assert values("In June 2023 he left. On Friday he spoke in March and in May.", "en", None) == [
        "2023-06",
        "2024-03?",
        "2024-05?",
    ]


def test_a_date_told_in_both_ways_gives_the_year():
    text = "Στις 8 Αυγούστου υπέγραψαν. Την Παρασκευή 8 Αυγούστου 2025 ήταν εκεί."
    assert values(text, "el", None) == ["2025-08-08?", "2025-08-08"]


def test_a_bare_date_with_its_weekday_gives_the_year():
    # 10 October is a Thursday in 2024 and a Friday in 2025
    assert values("Since May 2024 it was known. On Thursday, October 10, it fell.", "en", None)[1] == "2024-10-10?"
    assert values("Since May 2024 it was known. On Friday, October 10, it fell.", "en", None)[1] == "2025-10-10?"
    assert values("On Friday, March 7, it rained, as in 2019.", "en", None) == ["2025-03-07?", "2019"]


def test_what_counts_from_a_guess_is_a_guess():
    text = "It fell in December 2024. Earlier in October, on October 9, they met; the next day it rained."
    assert values(text, "en", None)[-1] == "2025-10-10?"
    assert values("It fell on 3 May 2024. The next day it rained in October.", "en", None)[1] == "2024-05-04"


def test_long_numbers_are_no_numbers():
    assert values("7" * 5000 + " tons came on 5 May 2024", "en") == ["2024-05-05"]


def test_a_guess_scores_lower():
    sure, guess = read("It fell in May 2024. On October 9 they met in October.", "en", None)[:2]
    assert guess.value.endswith("?")
    assert guess.score < sure.score


# ---------------------------------------------------------------- properties

WORDS = """May Friday on in the of 5 12 2024 1990s next last week years ago since until from to and 09/10 2025-10-09
months six early end Christmas yesterday every recently 3rd ' " ( ) , . - İyun iyunun 27-də keçən il Σεπτέμβριο του
вчера миналата година г. через luni trecută XIX siècle l'an '90 Δ\u0301 и\u0306 flight 8243"""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LANGUAGES), st.lists(st.sampled_from(WORDS.split()), max_size=14), st.booleans(), st.data())
def test_offsets_and_values_hold_for_any_text(lang, words, dated, data):
    text = data.draw(st.sampled_from([" ", "\n", "\u00a0"])).join(words)
    published = data.draw(st.dates(date(1800, 1, 1), date(2090, 1, 1))) if dated else None
    found = read(text, lang, published)
    for when in found:
        assert text[when.span.start : when.span.end] == when.surface
        assert is_valid(when.value)
        assert 0 < when.score <= 1
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_any_characters_are_survived(text, lang):
    for when in read(text, lang):
        assert text[when.span.start : when.span.end] == when.surface


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LONG)), st.dates(date(1850, 1, 1), date(2059, 12, 31)))
def test_a_date_in_long_form_is_read_back(lang, day):
    form, months = LONG[lang]
    text = form.format(d=day.day, m=months.split()[day.month - 1], y=day.year)
    found = read(f"({text})", lang)
    assert [when.value for when in found] == [day.isoformat()]
    assert found[0].surface == text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LONG)), st.dates(date(2001, 1, 1), date(2059, 12, 31)), st.integers(-265, 55))
def test_a_date_without_its_year_is_the_near_one(lang, published, offset):
    day = published + timedelta(days=offset)
    form, months = LONG[lang]
    text = form.split("{y}")[0].format(d=day.day, m=months.split()[day.month - 1]).removesuffix(" de ").rstrip(", ")
    if (day.month, day.day) != (2, 29):
        assert values(text, lang, published) == [day.isoformat()]


# ---------------------------------------------------------------- the data


def test_every_language_of_the_data_has_a_test():
    assert set(LONG) == set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_data_is_whole(lang):
    table = tomllib.loads((TIME / f"{lang}.toml").read_text(encoding="utf-8"))
    assert sorted(map(int, table["month"])) == list(range(1, 13)), "all months"
    assert sorted(map(int, table["weekday"])) == list(range(1, 8)), "all weekdays, Monday first"
    assert {"day", "week", "month", "year"} <= set(table["unit"]), "the units"
    assert {"-1", "0", "1"} <= set(table["which"]), "last, this, next"
    for day in table["holiday"]:
        assert is_valid(f"2024-{day}"), f"{day} is no day"
    ids = [row["id"] for row in table.get("rule", ())]
    assert len(ids) == len(set(ids)), "ids of rows are unique"
    assert grammar(lang).rules


def test_rows_name_their_readers_and_are_unique():
    shared = tomllib.loads((TIME / "grammar.toml").read_text(encoding="utf-8"))
    for kind in ("rule", "combine", "bare"):
        ids = [row["id"] for row in shared[kind]]
        assert len(ids) == len(set(ids))
        assert all(row["read"] in READERS for row in shared[kind])


def test_a_linguist_adds_a_row_without_python():
    shared = tomllib.loads((TIME / "grammar.toml").read_text(encoding="utf-8"))
    own = {
        "month": {"5": "floreal"},
        "rule": [{"id": "new", "pattern": "dekado {day} de {month}", "read": "date", "score": 0.5}],
    }
    new = build("zz", shared, own)
    text = "dekado 3 de floreal"
    tokens = new.scanner.tokens(text, 0, len(text))
    best = new.matches(tokens, new.rules)[0]
    assert (best.rule.id, best.slots) == ("new", {"day": 3, "month": 5})


@pytest.mark.parametrize(
    "row",
    [
        {"id": "x", "pattern": "({day}", "read": "date"},
        {"id": "x", "pattern": "{day}", "read": "no_such_reader"},
        {"id": "x", "pattern": "@nothing {day}", "read": "date"},
        {"pattern": "{day}", "read": "date"},
    ],
)
def test_a_broken_row_is_reported(row):
    shared = tomllib.loads((TIME / "grammar.toml").read_text(encoding="utf-8"))
    with pytest.raises(DataError) as error:
        build("zz", shared, {"rule": [row]})
    assert error.value.do


# ---------------------------------------------------------------- speed and the corpora


def test_speed():
    text = "Министърът заяви вчера, че на 5 март 2025 г. фабриката ще отвори отново в Пловдив след ремонта. " * 200
    sentences = [Sentence(Span(n, n + 96), "bg") for n in range(0, len(text) - 96, 96)]
    times(document(text, "bg", date(2025, 3, 12)), sentences[:5])
    started = time.process_time()
    times(document(text, "bg", date(2025, 3, 12)), sentences)
    assert len(text) / (time.process_time() - started) > 60_000  # some 300,000 alone on a core; machines are shared


needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")


@needs_shared
@pytest.mark.parametrize(("lang", "floor"), [("en", 0.9), ("es", 0.88)])
def test_timebank(lang, floor):
    benchmark = pytest.importorskip("importlib.util")
    spec = benchmark.spec_from_file_location("b", Path(__file__).parents[1] / "benchmarks" / "time_accuracy.py")
    module = benchmark.module_from_spec(spec)
    spec.loader.exec_module(module)
    right = total = 0
    with gzip.open(SHARED / "corpora" / "time" / f"timebank-test.{lang}.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            published = date.fromisoformat(row["dct"])
            gold = [(Span(e["start"], e["end"]), e) for e in row["entities"] if e["label"] in ("DATE", "TIME")]
            article = document(row["text"], lang, published)
            found = readings(article, module.paragraphs(row["text"], lang), [span for span, _ in gold])
            for span, entity in gold:
                expected = module.edtf_of(entity["value"], published)
                right += any(module.agrees(r, expected) for r in found if r.span.overlaps(span))
                total += 1
    assert right / total >= floor


@needs_shared
def test_gold_time_slots():
    wrong = []
    for line in (SHARED / "gold" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = (SHARED / "articles" / row["file"]).read_text(encoding="utf-8")
        published = date.fromisoformat(row["published"]) if row["published"] else None
        sentences = [Sentence(Span(start, end), row["lang"]) for start, end in row["content"]]
        found = times(document(text, row["lang"], published), sentences)
        for slot in filter(None, (event["time"] for event in row["events"])):
            near = [
                when.value.replace("?", "") for when in found if when.span.overlaps(Span(slot["start"], slot["end"]))
            ]
            if slot["value"] not in near:
                wrong.append((slot["surface"], slot["value"], near))
    # "during their talk" and "following that meeting" name an event, not a time
    assert {surface for surface, _, _ in wrong} <= {"Κατά τη διάρκεια της συνομιλίας τους", "Following that meeting"}
