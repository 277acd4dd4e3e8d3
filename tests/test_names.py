from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import acronym, bases, fold, initials, key, keys, similarity, skeleton, stands_for
from kg.ontology.languages import languages

DATA = Path(__file__).parent / "data"
LANGUAGES = [None, *languages()]
NAMES = st.text(
    "aAbBçÇəƏİIıiğşöüßđłńáéžščățșðøæńАаБбвВгҐґеёЁжийіїєўщъыьэюяђћљџѓΑαάγκμπντσςτζουύήώϊΰ习王한ا' -.’&9", max_size=24
)
TEXTS = NAMES | st.text(max_size=12)


def rows(name: str, relation: str = "") -> list[tuple[str, ...]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    found = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    return [row[1:] for row in found if row[0] == relation] if relation else found


# --- properties ---------------------------------------------------------------------------------------------------


@given(TEXTS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_a_key_is_plain_and_its_own_key(text, lang):
    found = key(text, lang)
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789 " for letter in found)
    assert found == " ".join(found.split())
    assert key(found) == found


@given(TEXTS, TEXTS, st.sampled_from(LANGUAGES))
def test_a_text_is_read_word_by_word(one, other, lang):
    for read in (key, skeleton):
        assert read(f"{one} {other}", lang) == " ".join(filter(None, (read(one, lang), read(other, lang))))


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_keys_begin_with_the_key(text, lang):
    found = keys(text, lang)
    assert found[0] == key(text, lang)
    assert 1 <= len(found) == len(set(found)) <= 3


@given(TEXTS, TEXTS)
def test_similarity_is_symmetric_and_bounded(one, other):
    assert 0.0 <= similarity(one, other) == similarity(other, one) <= 1.0
    assert similarity(one, one) == 1.0


@given(TEXTS | st.lists(NAMES, max_size=30).map(" ".join), st.sampled_from(LANGUAGES))
def test_bases_are_few_and_begin_with_the_text(text, lang):
    found = bases(text, languages()[lang] if lang else None)
    assert found[0] == text
    assert len(found) == len(set(found)) <= 12


# --- fold ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("İSTANBUL", "istanbul"),
        ("ISPARTA ılıca", "isparta ilica"),
        ("Ώρα της Ελλάδος", "ωρα τησ ελλαδοσ"),
        ("Королёв  Йошкар-Ола", "королев йошкар-ола"),
        ("O’Neill\u00a0d'Arc", "oneill darc"),
        ("Straße Łódź Đà", "strasse lodz da"),
        ("ＮＡＳＡ ①", "nasa 1"),
        ("й й", "й й"),  # composed and in two code points
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


# --- keys and skeletons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Владимир Путин", "ru", "vladimir putin"),
        ("Βλαντίμιρ Πούτιν", "el", "vladimir putin"),
        ("Γιώργος Παπανδρέου", "el", "yorgos papandreou"),
        ("Ουάσινγκτον", "el", "wasington"),
        ("Ευρώπη Αυστρία Αυλίδα", "el", "evropi afstria avlida"),
        ("Володимир", "uk", "volodymyr"),
        ("Горни Пещери ъгъл", "bg", "gorni peshteri agal"),
        ("Щукин", "ru", "shchukin"),
        ("Вучић", "sr", "vucic"),
        ("Vučić", "sr", "vucic"),
        ("Corc Buş", "az", "jorj bush"),
        ("Qarabağ", "az", "garabag"),
        ("Schröder", "de", "schroder"),
        ("Schröder", "pl", "schroder"),
        ("習近平", "zh", "xijinping"),
        ("U.S.", "en", "us"),
        ("В.Зворыкин", "ru", "v zvorykin"),
        ("Jean-Luc d'Arc", "fr", "jean luc darc"),
        ("Pius VIII", "en", "pius viii"),
        ("«Газпром»", "ru", "gazprom"),
        ("...", None, ""),
    ],
)
def test_key(text, lang, found):
    assert key(text, lang) == found


@pytest.mark.parametrize(
    ("text", "lang"), [("Київ", "uk"), ("Їжакевич", "uk"), ("Велико Търново", "bg"), ("Əliyev", "az")]
)
def test_letters_betray_the_language(text, lang):
    assert key(text) == key(text, "en") == key(text, lang)


def test_a_foreign_word_in_a_text_is_read_in_its_own_script():
    assert key("Компания Microsoft", "ru") == "kompania microsoft"
    assert key("Əliyev", "bg") == key("Əliyev", "az")


def test_keys_hold_the_plain_and_the_heard_reading():
    assert keys("Microsoft", "az") == ("mijrosoft", "microsoft")
    assert set(keys("Łukaszenka", "pl")) == {"lukaszenka", "lukashenka"}
    assert "andreas" in keys("Αντρέας", "el")


@pytest.mark.parametrize(("one", "lang", "other", "language"), rows("name_pairs.tsv", "key"))
def test_one_key(one, lang, other, language):
    assert key(one, lang) == key(other, language)


@pytest.mark.parametrize(("one", "lang", "other", "language"), rows("name_pairs.tsv", "sound"))
def test_one_skeleton(one, lang, other, language):
    assert skeleton(one, lang) == skeleton(other, language)


def test_a_skeleton_tells_short_names_apart():
    names = "Baku Minsk Paris Rome Oslo Kyiv Sofia Prague Vienna Lima Cairo Delhi Tokyo Seoul Dakar Quito Tunis Accra"
    assert len({skeleton(name, "en") for name in names.split()}) == len(names.split())


# --- similarity ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relation", ["key", "sound", "alike"])
def test_one_name_in_two_languages_is_alike(relation):
    pairs = rows("name_pairs.tsv", relation)
    alike = [similarity(key(a, lang), key(b, other)) >= 0.85 for a, lang, b, other in pairs]
    least = {"key": 1.0, "sound": 0.6, "alike": 1.0}[relation]
    assert sum(alike) / len(alike) >= least


@pytest.mark.parametrize(("one", "lang", "other", "language"), rows("name_pairs.tsv", "apart"))
def test_different_names_stay_apart(one, lang, other, language):
    assert key(one, lang) != key(other, language)
    assert similarity(key(one, lang), key(other, language)) < 0.85


@pytest.mark.parametrize(("one", "lang", "other", "language"), rows("name_pairs.tsv", "missed"))
def test_one_name_that_is_not_seen_to_be_one(one, lang, other, language):
    """A known fault: mended, its row becomes "alike"."""
    assert similarity(key(one, lang), key(other, language)) < 0.85


@pytest.mark.parametrize(("one", "lang", "other", "language"), rows("name_pairs.tsv", "merged"))
def test_two_names_that_look_like_one(one, lang, other, language):
    """A known fault: mended, its row becomes "apart"."""
    assert similarity(key(one, lang), key(other, language)) >= 0.85


@pytest.mark.parametrize("relation", ["acronym", "no_acronym"])
def test_an_acronym_stands_for_its_own_name_only(relation):
    pairs = rows("name_pairs.tsv", relation)
    assert {(code, full) for code, _, full, _ in pairs if stands_for(code, full) != (relation == "acronym")} == set()


@pytest.mark.parametrize(
    ("code", "full", "fits"),
    [
        ("CIS", "Commonwealth of Independent States", True),
        ("ΚΑΚ", "Κοινοπολιτεία Ανεξάρτητων Κρατών", True),
        ("MDB", "Müstəqil Dövlətlər Birliyi", True),
        ("СНГ", "Содружество Независимых Государств", True),
        ("U.N.", "United Nations", True),
        ("BMW", "Bank of Montreal", False),
        ("Cis", "Commonwealth of Independent States", False),
        ("A", "Azerbaijan Airlines", False),
        ("UN", "Union", False),
    ],
)
def test_an_acronym_begins_the_words_in_their_order(code, full, fits):
    assert stands_for(code, full) is fits


@given(TEXTS, TEXTS)
def test_any_text_may_be_asked_for_an_acronym(code, full):
    assert stands_for(code, full) in {True, False}


def test_there_are_enough_pairs():
    assert sum(len(rows("name_pairs.tsv", relation)) for relation in ("key", "sound", "alike", "acronym")) >= 500
    assert sum(len(rows("name_pairs.tsv", relation)) for relation in ("apart", "no_acronym")) >= 500


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("Ilham Aliyev", "Ильхам Алиев"), ("Ilham Aliyev", "Гейдар Алиев")),
        (("V. Putin", "Vladimir Putin"), ("D. Putin", "Vladimir Putin")),
        (("Putin", "Vladimir Putin"), ("Vladimir", "Vladimir Putin")),
        (("Путин Владимир", "Vladimir Putin"), ("Vladimir Lenin", "Vladimir Putin")),
        (("Vladimir Vladimirovich Putin", "Vladimir Putin"), ("Putin", "Vladimir Putin")),
        (("Bank of England", "Bank England"), ("Bank of England", "Bank of Japan")),
        (("Ludwig van Beethoven", "Ludwig Beethoven"), ("Ludwig van Beethoven", "Ludwig Mies")),
    ],
)
def test_what_is_more_alike(better, worse):
    assert similarity(*better) > similarity(*worse)


def test_the_same_person_is_well_above_a_relative():
    assert similarity("İlham Əliyev", "Ίλχαμ Αλίεφ") >= 0.85
    assert similarity("Ilham Aliyev", "Heydar Aliyev") < 0.5
    assert similarity("Embraer E190", "Embraer E195") < 0.5
    assert similarity("", "Baku") == 0.0


# --- endings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "inflected", "base"), rows("name_cases.tsv"))
def test_base_forms(lang, inflected, base):
    assert base in bases(inflected, languages()[lang])


def test_the_likely_base_comes_early():
    places = [bases(inflected, languages()[lang]).index(base) for lang, inflected, base in rows("name_cases.tsv")]
    assert sum(place <= 2 for place in places) / len(places) >= 0.85


@pytest.mark.parametrize(
    ("lang", "sentence", "names"),
    [
        ("ru", "В Эрмитаже открылась выставка Рембрандта, привезённая из Гааги.", {"Эрмитаж", "Рембрандт", "Гаага"}),
        ("uk", "Сніг у Карпатах зупинив потяги до Львова та Ужгорода.", {"Львів", "Ужгород"}),
        ("pl", "Iga Świątek pokonała w Paryżu tenisistkę z Hiszpanii.", {"Paryż", "Hiszpania"}),
        ("cs", "Požáry v Portugalsku zasáhly okolí Lisabonu.", {"Portugalsko", "Lisabon"}),
        ("sl", "Kolesar iz Komende je zmagal v Franciji.", {"Komenda", "Francija"}),
        ("sr", "Izložba o Tesli otvorena je u Zagrebu i Novom Sadu.", {"Tesla", "Zagreb"}),
        ("el", "Οι τιμές του ελαιολάδου στην αγορά της Κρήτης και του Βόλου ανέβηκαν.", {"Κρήτη", "Βόλος"}),
        ("ro", "Nivelul Dunării a crescut lângă granița Bulgariei.", {"Dunărea", "Bulgaria"}),
        ("az", "Sərgi Parisdən Romaya, oradan da Tokioya köçürüləcək.", {"Paris", "Roma", "Tokio"}),
        ("tr", "Depremin ardından Japonya'ya ve Tayvan'dan Çin'e giden uçuşlar durdu.", {"Japonya", "Tayvan", "Çin"}),
        ("bg", "Дунавът замръзна край Русе, а Балканът е под сняг.", {"Дунав", "Русе", "Балкан"}),
        ("de", "Die Ausstellung zeigt Dürers Werke aus Wiens Museen.", {"Dürer", "Wien"}),
        ("en", "Iceland's volcano closed Reykjavik’s roads.", {"Iceland", "Reykjavik"}),
    ],
)
def test_names_in_sentences(lang, sentence, names):
    words = [word.strip(",.") for word in sentence.split()]
    assert names <= {base for word in words for base in bases(word, languages()[lang])}


def test_capitals_and_apostrophes():
    tables = languages()
    assert "ПУТИН" in bases("ПУТИНА", tables["ru"])
    assert "РОССИЯ" in bases("РОССИИ", tables["ru"])
    assert "NATO" in bases("NATO-ya", tables["az"])
    assert "AB" in bases("AB’nin", tables["tr"])
    assert bases("Путина", None) == ("Путина",)
    assert bases("", tables["ru"]) == ("",)


# --- helpers ------------------------------------------------------------------------------------------------------


def test_initials_and_acronym():
    assert initials("Владимир Путин", "ru") == "vp"
    assert acronym(["Organisation", "of", "Turkic", "States"]) == "OTS"
    assert initials("") == acronym([]) == ""
