from array import array

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_facts import SOURCES, entity, facts, found, made

from kg import names
from kg.errors import DataError
from kg.knowledge import KnowledgeBase, build, load_profile
from kg.knowledge.layout import Lists
from kg.knowledge.postings import lists, ranks
from kg.knowledge.records import BLOCK
from kg.shipped import shipped

# --- what goes in comes out -----------------------------------------------------------------------------------------

WORDS = {
    "en": st.text("abdeghiklmnoprstuvz", min_size=3, max_size=9),
    "ru": st.text("абвгдежзиклмнопрсту", min_size=3, max_size=9),
    "el": st.text("αβγδεζηικλμνοπρστυφω", min_size=3, max_size=9),
    "az": st.text("abcçdeəgğhxıijkqlmnoöprsştuüvyz", min_size=3, max_size=9),
}
NAMES = st.sampled_from(sorted(WORDS)).flatmap(
    lambda lang: st.tuples(st.just(lang), st.lists(WORDS[lang], min_size=1, max_size=3).map(" ".join).map(str.title))
)
ROWS = st.dictionaries(
    st.integers(1, 10**9),
    st.tuples(st.sampled_from(["PER", "LOC", "ORG"]), st.lists(NAMES, min_size=1, max_size=4), st.integers(0, 1000)),
    min_size=1,
    max_size=70,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.randoms())
def test_every_name_leads_to_its_entity_and_the_order_of_the_facts_changes_no_byte(tmp_path, rows, random):
    entities = []
    for number, (kind, texts, prior) in rows.items():
        entities.append(entity(number, kind, labels=dict(texts), prior=prior / 1000))
    base = made(tmp_path, *entities)
    assert len(base) == len(entities)
    for row in entities:
        for lang, text in row["labels"].items():
            hits = base.exact(names.key(text, lang))
            assert row["qid"] in [base.qid(hit) for hit in hits]
            assert [base.prior(hit) for hit in hits] == sorted((base.prior(hit) for hit in hits), reverse=True)
            assert base.has_prefix(names.key(text, lang).split()[0])
        at = base.row(row["qid"])
        assert at is not None
        assert dict(base.record(at).labels) == row["labels"]
    first = base.path.read_bytes()
    random.shuffle(entities)
    assert made(tmp_path, *entities).path.read_bytes() == first


def test_a_record_keeps_every_field(tmp_path):
    row = entity(
        7,
        labels={"en": "Ada Stone", "bg": "Ада Стоун"},
        aliases={"en": ["A. Stone", "Ada S."], "mul": ["Ada Stone"]},
        positions=[["Q20", "2001-05", None], ["Q21", None, "1999"]],
        occupations=["Q22"],
        birth="1970-01-02",
        coords=[41.5, -3.25],
        dates=["2020-01-01", None],
        population=0,
        external={"viaf": "12"},
        classes=["Q5"],
        wikipedia={"en": "Ada_Stone", "bg": "Ада_Стоун_(химик)"},
        country=["Q9"],
        prior=0.4321,
    )
    base = made(tmp_path, row, entity(9, "LOC", labels={"en": "Ruritania"}, external={"iso3166_1": "RR"}))
    record = base.record(base.row("Q7") or 0)
    assert (record.qid, record.kind, record.prior, record.sources) == ("Q7", "PER", 0.4321, ("hand",))
    assert record.aliases == {"en": ("A. Stone", "Ada S."), "mul": ("Ada Stone",)}
    assert record.positions == (("Q20", "2001-05", None), ("Q21", None, "1999"))
    assert (record.birth, record.coords, record.dates) == ("1970-01-02", (41.5, -3.25), ("2020-01-01", None))
    assert (record.population, record.external, record.occupations) == (0, {"viaf": "12"}, ("Q22",))
    assert record.wikipedia == {"bg": "Ада_Стоун_(химик)", "en": "Ada_Stone"}
    assert (record.countries, record.classes) == (("Q9",), ("Q5",))
    assert record.names() == ("Ада Стоун", "Ada Stone", "A. Stone", "Ada S.")
    assert base.by_external("iso3166_1", "RR") == base.row("Q9")
    assert base.by_external("iso3166_1", "rr") is None
    assert base.row("Q8") is None
    assert base.row("L8") is None


def test_records_behind_the_first_block_are_found(tmp_path):
    rows = [entity(number) for number in range(1, 3 * BLOCK + 2)]
    base = made(tmp_path, *rows)
    for number in (1, BLOCK, BLOCK + 1, 3 * BLOCK + 1):
        assert base.label(base.row(f"Q{number}") or 0) == f"Name {number}"


def test_the_id_is_of_the_content(tmp_path):
    one, other = entity(1), entity(1, labels={"en": "Somebody Else"})
    ids = [
        made(tmp_path / name, row).id for name, row in (("a", one), ("b", dict(reversed(one.items()))), ("c", other))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_labels_fall_back_to_english_then_to_any(tmp_path):
    base = made(tmp_path, entity(1, labels={"el": "Αθήνα", "en": "Athens"}), entity(2, labels={"ru": "Тверь"}))
    assert [base.label(0, "el"), base.label(0, "ro"), base.label(1, "ro")] == ["Αθήνα", "Athens", "Тверь"]


# --- the rules of the profile ---------------------------------------------------------------------------------------


def test_short_names_in_capitals_are_codes_of_their_language(tmp_path):
    base = made(
        tmp_path,
        entity(1, "LOC", labels={"az": "Amerika", "en": "America"}, aliases={"az": ["ABŞ"], "en": ["USA"]}),
        entity(2, "ORG", labels={"en": "Who"}),
        entity(3, "ORG", labels={"en": "World Health Organization"}, aliases={"en": ["WHO"]}),
        entity(4, "ORG", labels={"en": "NATO"}),
    )
    assert found(base, "ABŞ", "az") == []
    assert found(base, "ABŞ", "az", code="az") == ["Q1"]
    assert found(base, "ABS", "en", code="en") == []
    assert found(base, "USA", "bg", code="bg") == ["Q1"]
    assert found(base, "who") == ["Q2"]
    assert found(base, "WHO", code="en") == ["Q2", "Q3"]
    assert found(base, "Nato") == ["Q4"]


def test_an_alias_that_only_repeats_an_identifier_is_no_name(tmp_path):
    airport = entity(1, "FAC", labels={"en": "Great Field"}, aliases={"en": ["GRF"]}, external={"iata": "GRF"})
    label = entity(2, "ORG", labels={"en": "KLM"}, external={"icao": "KLM"})
    base = made(tmp_path, airport, label)
    assert found(base, "GRF", code="en") == []
    assert base.by_external("iata", "GRF") == base.row("Q1")
    assert found(base, "KLM", code="en") == ["Q2"]


def test_lower_case_words_are_found_only_when_asked_for(tmp_path):
    base = made(tmp_path, entity(1, "POS", labels={"en": "president"}), entity(2, "LOC", labels={"en": "world"}))
    assert found(base, "President") == []
    assert found(base, "president", words=True) == ["Q1"]
    assert found(base, "World", words=True) == ["Q2"]


def test_junk_and_lower_case_aliases_that_look_like_nothing_are_dropped(tmp_path):
    base = made(
        tmp_path,
        entity(
            1,
            "LOC",
            labels={"en": "Sharjah", "tr": "https://example.org/sharjah"},
            aliases={"en": ["juutdutdytf", "sharja", "Pearl Town"]},
        ),
    )
    assert base.names(0) == ("Sharjah", "sharja", "Pearl Town")


def test_what_stands_in_brackets_is_no_part_of_the_key(tmp_path):
    base = made(tmp_path, entity(1, "LOC", labels={"en": "Paris (Texas)"}))
    assert found(base, "Paris") == ["Q1"]
    assert base.label(0) == "Paris (Texas)"


@pytest.mark.parametrize(
    ("label", "surname"),
    [
        ("Alexander Van der Bellen", "Bellen"),
        ("Alexander Van der Bellen", "Van der Bellen"),
        ("Robert Downey Jr", "Downey"),
        ("Иванов Пётр Ильич", "Иванов"),
        ("Слободан Милошевић", "Милошевић"),
        ("Pelé", "Pele"),
    ],
)
def test_surnames(tmp_path, label, surname):
    base = made(tmp_path, entity(1, labels={"sr" if label[0] == "С" else "en": label}))
    assert base.surname(names.key(surname)) == (0,)
    assert base.surname("Nobody") == ()


def test_a_surname_stands_first_where_the_country_has_it_so(tmp_path):
    china = entity(2, "LOC", labels={"en": "China"}, external={"iso3166_1": "CN"})
    base = made(
        tmp_path, entity(1, labels={"en": "Xi Jinping"}, country=["Q2"]), china, entity(3, labels={"en": "Max Xi"})
    )
    assert [base.qid(row) for row in base.surname("xi")] == ["Q1", "Q3"]
    assert base.surname("max") == ()


def test_the_spelling_of_another_language_is_found_by_sound(tmp_path):
    base = made(tmp_path, entity(1, labels={"en": "Ilham Aliyev"}), entity(2, "WORK", labels={"en": "Alien"}))
    for text, lang in (("Илхам Алијев", "sr"), ("Ίλχαμ Αλίεφ", "el"), ("İlham Əliyev", "az")):
        assert base.similar(names.skeleton(text, lang)) == (0,)
    assert base.surname(names.key("Alijev")) == (0,)
    assert base.similar(names.skeleton("Alien")) == ()


def test_excluded_sources_take_their_entities_along(tmp_path):
    rows = entity(1, sources=["shops"]), entity(2, sources=["eps:x", "shops"]), entity(3, sources=["eps:x"])
    base = made(tmp_path, *rows, exclude_sources=frozenset({"eps"}))
    assert [base.qid(row) for row in range(len(base))] == ["Q1", "Q2"]
    assert [(row["key"], row["licence"], row["entities"]) for row in base.info()["sources"]] == [
        ("shops", "CC BY 4.0", 2)
    ]
    assert base.record(1).sources == ("shops",)


def test_flags_stand_for_sources(tmp_path):
    table = SOURCES.replace("| shops", "| nsi")
    rows = [entity(1, "ORG", sources=["nsi"]), entity(2, "ORG", sources=["nsi", "hand"])]
    out = tmp_path / "x.kb"
    build(facts(tmp_path / "facts", rows, sources=table), out)
    base = KnowledgeBase.open(out)
    assert [base.flags(0), base.flags(1)] == [frozenset({"brand"}), frozenset()]
    assert base.record(0).flags == {"brand"}
    assert base.similar(names.skeleton("Name")) == ()


def test_a_profile_of_ones_own(tmp_path):
    text = shipped("ontology/knowledge.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("exclude_fields = []", 'exclude_fields = ["birth", "aliases"]'), encoding="utf-8")
    row = entity(1, birth="1970", aliases={"en": ["Other Name"]})
    out = tmp_path / "x.kb"
    build(facts(tmp_path / "facts", [row]), out, load_profile(mine))
    record = KnowledgeBase.open(out).record(0)
    assert (record.birth, record.aliases) == (None, {})
    for old, new in (("version = 1", "version = "), ("most = 64", 'most = "many"'), ("longest = 120", "")):
        mine.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(DataError, match=r"mine\.toml is malformed"):
            load_profile(mine)
    with pytest.raises(DataError, match="can't be read"):
        load_profile(tmp_path / "none.toml")


# --- lists ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 19), st.integers(0, 3)), max_size=60), st.integers(0, 4))
def test_lists_hold_what_was_put_in(triples, most):
    priors = [(row * 7) % 5 for row in range(20)]
    columns = (
        array("I", (t[0] for t in triples)),
        array("I", (t[1] for t in triples)),
        array("B", (t[2] for t in triples)),
    )
    first, more = lists(columns, ranks(priors), 10, most)
    stored = Lists(memoryview(first.tobytes()).cast("I"), memoryview(more.tobytes()).cast("I"))
    for number in range(10):
        flags: dict[int, int] = {}
        for at, row, flag in triples:
            if at == number:
                flags[row] = flags.get(row, flag) & flag
        rows = sorted(flags, key=lambda row: (-priors[row], row))[: most or None]
        assert stored[number] == [row | flags[row] << 29 for row in rows]
    assert first.dtype == np.uint32
