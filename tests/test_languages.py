import gzip
import json
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ontology.languages import demonyms, languages, load_demonyms, load_languages, match_demonym

SHARED = Path(__file__).parents[2] / "shared"
CODES = ["az", "bg", "cs", "de", "el", "en", "es", "fr", "it", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "tr", "uk"]
LANGUAGE = '[xx]\nname = "Example"\nscript = "Latin"\n'

# --- languages ----------------------------------------------------------------------------------------------------


def test_the_languages():
    assert sorted(languages()) == CODES
    assert languages() is languages()


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_whole(code):
    row = languages()[code]
    assert row.code == code
    assert row.script in {"Latin", "Cyrillic", "Greek"}
    assert len(row.stopwords) >= 60
    assert len(row.titles) >= 30
    assert row.particles
    assert not row.titles & row.particles


@pytest.mark.parametrize("code", CODES)
def test_lists_are_of_the_languages_script(code):
    row = languages()[code]
    foreign = {"Latin": ("\u0370", "\u04ff"), "Cyrillic": ("A", "\u036f"), "Greek": ("A", "\u036f")}[row.script]
    strange = [
        word for word in row.stopwords | row.titles if any(foreign[0] <= letter <= foreign[1] for letter in word)
    ]
    assert code == "sr" or not strange  # Serbian is written in both


@pytest.mark.parametrize(
    ("code", "word", "field"),
    [
        ("en", "monday", "stopwords"),
        ("bg", "вторник", "stopwords"),
        ("ru", "однако", "stopwords"),
        ("el", "σύμφωνα", "stopwords"),
        ("az", "bazar ertəsi", "stopwords"),
        ("ro", "potrivit", "stopwords"),
        ("en", "prime minister", "titles"),
        ("ro", "purtătorul de cuvânt", "titles"),
        ("nl", "van", "particles"),
        ("az", "oğlu", "particles"),
    ],
)
def test_words(code, word, field):
    assert word in getattr(languages()[code], field)


def test_endings_come_longest_first():
    endings = [ending.lstrip("VC") for ending in languages()["tr"].endings]
    assert [len(ending) for ending in endings] == sorted(map(len, endings), reverse=True)
    assert ("ии", "ия") in languages()["ru"].replacements


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[xx", "no TOML"),
        ('name = "Example"', "no language"),
        (LANGUAGE + 'ending = "s"', "unknown field ending"),
        (LANGUAGE + 'endings = ["s"]', "endings is no string"),
        ('[xx]\nname = "Example"\nscript = "Runes"', "script"),
        (LANGUAGE + 'stopwords = "The"', "The"),
        (LANGUAGE + 'replacements = "ului"', "ului"),
    ],
)
def test_a_broken_file_says_where(tmp_path, text, says):
    path = tmp_path / "languages.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_languages(path)
    assert says in error.value.what
    assert str(path) in error.value.what
    assert error.value.do


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(DataError, match="missing"):
        load_languages(tmp_path / "languages.toml")


def test_a_condition_stands_before_an_ending(tmp_path):
    path = tmp_path / "languages.toml"
    path.write_text(LANGUAGE + 'endings = "s Vnin"\nreplacements = "[ts]e>a ilor>ii"\n', encoding="utf-8")
    row = load_languages(path)["xx"]
    assert row.endings == ("Vnin", "s")
    assert row.replacements == (("ilor", "ii"), ("[ts]e", "a"))


# --- demonyms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "word", "iso"),
    [
        ("az", "azeri", "AZ"),
        ("az", "azərbaycanlı", "AZ"),
        ("az", "türklərin", "TR"),
        ("az", "Rusların", "RU"),
        ("az", "ukraynalılar", "UA"),
        ("az", "İranlı", "IR"),
        ("bg", "руският", "RU"),
        ("bg", "Руските", "RU"),
        ("bg", "азербайджанци", "AZ"),
        ("bg", "турчин", "TR"),
        ("bg", "украинка", "UA"),
        ("bg", "сръбските", "RS"),
        ("de", "russischen", "RU"),
        ("de", "Türken", "TR"),
        ("de", "Aserbaidschaner", "AZ"),
        ("de", "schweizerische", "CH"),
        ("el", "Αζέρο", "AZ"),
        ("el", "ρωσικής", "RU"),
        ("el", "Ρώσων", "RU"),
        ("el", "Ουκρανοί", "UA"),
        ("el", "τουρκικές", "TR"),
        ("el", "ΕΛΛΗΝΙΚΗ", "GR"),
        ("en", "Russians", "RU"),
        ("en", "Azerbaijani", "AZ"),
        ("en", "Dutch", "NL"),
        ("en", "Kazakh", "KZ"),
        ("es", "ucraniana", "UA"),
        ("es", "francés", "FR"),
        ("es", "iraníes", "IR"),
        ("es", "china", "CN"),
        ("fr", "azerbaïdjanaise", "AZ"),
        ("fr", "ukrainiennes", "UA"),
        ("fr", "Turcs", "TR"),
        ("it", "russo", "RU"),
        ("it", "polacchi", "PL"),
        ("it", "francese", "FR"),
        ("pl", "rosyjskiego", "RU"),
        ("pl", "Rosjanie", "RU"),
        ("pl", "Ukraińców", "UA"),
        ("pl", "azerbejdżańskim", "AZ"),
        ("pt", "brasileiras", "BR"),
        ("pt", "ucranianos", "UA"),
        ("ro", "ucrainean", "UA"),
        ("ro", "rușii", "RU"),
        ("ro", "ruşii", "RU"),
        ("ro", "rusești", "RU"),
        ("ro", "azer", "AZ"),
        ("ro", "turcilor", "TR"),
        ("ro", "franceze", "FR"),
        ("ru", "российскими", "RU"),
        ("ru", "азербайджанец", "AZ"),
        ("ru", "украинцам", "UA"),
        ("ru", "англичан", "GB"),
        ("ru", "Немецкая", "DE"),
        ("tr", "Ruslar", "RU"),
        ("tr", "Azerbaycanlı", "AZ"),
        ("tr", "Ukraynalılar", "UA"),
        ("tr", "İngilizler", "GB"),
        ("uk", "російських", "RU"),
        ("uk", "українця", "UA"),
        ("uk", "азербайджанський", "AZ"),
        ("uk", "росіянин", "RU"),
        ("cs", "ruského", "RU"),
        ("cs", "Němci", "DE"),
        ("cs", "američtí", "US"),
        ("nl", "Oekraïense", "UA"),
        ("nl", "Spanjaarden", "ES"),
        ("sl", "nemških", "DE"),
        ("sl", "Poljaki", "PL"),
        ("sl", "hrvaška", "HR"),
        ("sr", "ruskom", "RU"),
        ("sr", "Мађари", "HU"),
        ("sr", "немачке", "DE"),
    ],
)
def test_a_demonym_knows_its_country(lang, word, iso):
    assert match_demonym(word, lang) == iso


@pytest.mark.parametrize(
    ("lang", "word"),
    [
        ("bg", "Русия"),
        ("bg", "русалка"),
        ("ru", "Россия"),
        ("ru", "Украины"),
        ("el", "Ουκρανία"),
        ("el", "Αργεντινή"),
        ("en", "polish"),
        ("en", "Russia"),
        ("en", "china"),
        ("en", "finish"),
        ("it", "Russo"),
        ("it", "Greco"),
        ("es", "China"),
        ("de", "Polen"),
        ("pl", "Polska"),
        ("ro", "Azerbaidjanului"),
        ("cs", "Ruska"),
        ("cs", "Česka"),
        ("nl", "Frans"),
        ("nl", "russisch"),
        ("sl", "Hrvaška"),
        ("sl", "Slovenija"),
        ("sr", "Nemačke"),
        ("sr", "Хрватска"),
        ("tr", "Turku"),
        ("az", "Rusiya"),
        ("xx", "Russian"),
        ("en", ""),
    ],
)
def test_what_is_no_demonym(lang, word):
    assert match_demonym(word, lang) is None


def test_demonyms_cover_the_news():
    europe = (
        "AL AT BY BE BA BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT MD ME NL NO PL PT RO RU RS SK SI ES SE CH TR UA GB"
    )
    beyond = "AM AZ GE KZ KG TJ TM UZ IR IQ IL PS SY LB EG SA QA US CA MX BR AR CN JP KR KP IN ID AU AF PK"
    expected = {*europe.split(), *beyond.split()}
    for lang in ["bg", "cs", "de", "el", "en", "es", "fr", "it", "nl", "pl", "ro", "ru", "sl", "sr", "tr", "uk"]:
        missing = expected - {word.iso for word in demonyms()[lang]}
        assert len(missing) <= 1, f"{lang} lacks {sorted(missing)}"


def test_a_form_has_one_country():
    for lang, words in demonyms().items():
        owner: dict[str, str] = {}
        for word in words:
            for form in word.forms:
                assert owner.setdefault(form, word.iso) == word.iso, f"{lang}: {form} is of two countries"


@pytest.mark.skipif(not (SHARED / "facts").exists(), reason="needs ../shared/facts")
def test_no_country_is_taken_for_its_people():
    wrong = set()
    with gzip.open(SHARED / "facts" / "entities.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if '"iso3166_1"' in line:
                labels = json.loads(line)["labels"]
                wrong |= {(lang, labels[lang]) for lang in demonyms() if match_demonym(labels.get(lang, ""), lang)}
    assert not wrong


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[xx]\nwords = {RUS = "rus"}', "RUS"),
        ('[xx]\nwords = {RU = "rus+a"}', "class a"),
        ('[xx.classes]\na = "0"', "fields"),
        ('[xx]\nword = {RU = "rus"}', "fields"),
    ],
)
def test_a_broken_file_of_demonyms_says_where(tmp_path, text, says):
    path = tmp_path / "demonyms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_demonyms(path)
    assert says in error.value.what
    assert str(path) in error.value.what
