from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_facts import RURITANIA, entity, made

from kg import names
from kg.errors import DataError
from kg.knowledge import terms as terms_of
from kg.ontology import languages, match_roles, members, roles
from kg.ontology import offices as offices_of

# --- relations and offices ------------------------------------------------------------------------------------------


def test_relations_are_read_from_both_ends_unless_they_are_one_way(tmp_path):
    relations = "Q1\tP26\tQ2\nQ1\tP140\tQ3\nQ1\tP26\tQ99\n"
    base = made(tmp_path, entity(1, country=["Q4"]), entity(2), entity(3), entity(4, "LOC"), relations=relations)
    assert base.related(0) == {1: "P26", 2: "P140", 3: "P27"}
    assert base.related(1) == {0: "^P26"}
    assert base.related(2) == {}
    assert base.countries(0) == (3,)
    assert base.countries(3) == ()


def test_offices_are_found_by_their_labels_and_holders_by_the_day(tmp_path):
    base = made(tmp_path, *RURITANIA)
    country = base.by_external("iso3166_1", "RO")
    assert country is not None
    assert [base.label(row) for row in base.offices(country, "head_of_state")] == [
        "President of the Republic of Ruritania"
    ]
    assert [base.label(row) for row in base.offices(country, "foreign_minister")] == ["Minister of Foreign Affairs"]
    president = base.offices(country, "president")[0]
    assert [base.label(row) for row in base.holders(president, date(2012, 5, 1))] == ["Rudolf Elphberg"]
    assert [base.label(row) for row in base.holders(president, date(2016, 5, 1))] == ["Flavia Elphberg"]
    assert base.holders(president, date(2009, 5, 1)) == ()
    assert [base.label(row) for row in base.holders(president)] == ["Flavia Elphberg", "Rudolf Elphberg"]
    assert len(base.terms(president)) == 2
    assert base.terms(country) == ()
    sure = [base.terms(president, date(year, 5, 1))[0].certainty for year in (2012, 2016, 2025, 2030)]
    assert sure[0] == 1.0
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 4


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("president of Ruritania", "Flavia Elphberg"),
        ("Romanian president", "Flavia Elphberg"),
        ("ministrul român de externe", "Black Michael"),
        ("президентът на Ruritania", "Flavia Elphberg"),
    ],
)
def test_search_understands_offices(tmp_path, text, label):
    hits = made(tmp_path, *RURITANIA).search(text)
    assert hits[0].label == label
    assert all(hit.score < hits[0].score <= 1 for hit in hits[1:])


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)), st.integers(0, 2))
def test_packed_days_come_back(day, precision):
    text = day.isoformat()[: (4, 7, 10)[precision]]
    assert terms_of.unpacked(terms_of.packed(text)) == text


@pytest.mark.parametrize(
    ("terms", "merged"),
    [
        ([(2012, 0), (20120507, 0)], [(20120507, 0)]),
        ([(20190724, 0), (2019, 2022)], [(20190724, 2022)]),
        ([(2000, 2008), (2012, 0)], [(2000, 2008), (2012, 0)]),
        ([(20120507, 20180507), (20180507, 0), (2012, 0)], [(20120507, 20180507), (20180507, 0)]),
    ],
)
def test_terms_said_twice_are_one(terms, merged):
    def day(number: int) -> int:
        return number * 10000 if 0 < number < 10000 else number

    given_, wanted = ([(day(start), day(end)) for start, end in row] for row in (terms, merged))
    assert terms_of.merge(given_) == wanted
    assert terms_of.merge(reversed(given_)) == wanted


# --- the words for offices ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["president", "prime_minister", "foreign_minister", "defence_minister", "leader"])
def test_common_roles_have_words_in_every_language(role):
    missing = sorted(set(languages()) - set(roles()[role].words))
    assert not missing, f"ontology/offices.toml: add [role.{role}.words] in {', '.join(missing)}"


def test_groups_stand_for_roles():
    assert "president" in members("head_of_state")
    assert members("president") == ("president",)
    for group in ("head_of_state", "head_of_government", "leader"):
        assert set(members(group)) <= set(roles()), f"ontology/offices.toml: [group] {group} names an unknown role"


@pytest.mark.parametrize(
    ("lang", "text", "role"),
    [
        ("az", "Gürcüstan prezidentinin", "president"),
        ("az", "xarici işlər naziri ilə", "foreign_minister"),
        ("bg", "външният министър", "foreign_minister"),
        ("bg", "премиерът на Италия", "prime_minister"),
        ("de", "die Bundeskanzlerin", "chancellor"),
        ("el", "του πρωθυπουργού", "prime_minister"),
        ("el", "ο υπουργός Άμυνας", "defence_minister"),
        ("en", "the Defence Secretary", "defence_minister"),
        ("pl", "ministrem spraw zagranicznych", "foreign_minister"),
        ("ro", "președintelui Camerei", "president"),
        ("ru", "вице-президента компании", "vice_president"),
        ("ru", "с премьер-министром", "prime_minister"),
        ("tr", "dışişleri bakanının", "foreign_minister"),
        ("uk", "прем'єр-міністра", "prime_minister"),
    ],
)
def test_inflected_words_for_offices(lang, text, role):
    words = [names.fold(word) for word in text.split()]
    assert [match.roles[0] for match in match_roles(words, lang)] == [role]


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "the Premier League"), ("ru", "Премьер-лига"), ("en", "a presidency")]
)
def test_words_that_only_look_like_offices(lang, text):
    assert match_roles([names.fold(word) for word in text.split()], lang) == ()


def test_a_nationality_may_stand_inside_the_phrase():
    words = ["ministrul", "francez", "de", "externe"]
    assert [match.roles for match in match_roles(words, "ro", lambda word: word == "francez")] == [
        ("foreign_minister",)
    ]
    assert match_roles(words, "ro") == ()


def test_a_broken_table_says_what_to_do(tmp_path, monkeypatch):
    bad = tmp_path / "offices.toml"
    for text in ("[role.x", "[role.x]\nlabels = 1\n[role.x.words]\n"):
        bad.write_text(text)
        offices_of._table.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(offices_of, "shipped", lambda _: bad)
            with pytest.raises(DataError, match=r"offices\.toml"):
                offices_of.roles.__wrapped__()
        offices_of._table.cache_clear()
