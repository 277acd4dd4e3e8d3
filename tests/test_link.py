from __future__ import annotations

from datetime import date

import pytest
from fake_base import ITEMS, FakeBase, Item
from hypothesis import given
from hypothesis import strategies as st

from kg.link import Linker
from kg.link.candidates import Finder, Found
from kg.link.features import ALONE, AROUND
from kg.link.features import Item as Weighed
from kg.link.linker import _least, same_place
from kg.link.rules import rules
from kg.link.shorter import forms
from kg.link.weights import shares, weights
from kg.link.words import Words, keys_of
from kg.model import Candidate, Document, Entity, Link, Mention, Ruling, Sentence, Span
from kg.ontology.languages import languages

DAY = date(2021, 5, 4)


def link(
    *marked: tuple[str, str],
    lang: str = "en",
    on: date | None = DAY,
    hints: dict[str, str] | None = None,
    article: str = "d",
) -> list[Link]:
    """Links of mentions that stand one after the other, a dot between them."""
    text, mentions = "", []
    for surface, kind in marked:
        span = Span(len(text), len(text) + len(surface))
        hint = (hints or {}).get(surface)
        nominal = bool(hint and hint.startswith("office"))
        mentions.append(Mention(span, surface, kind, lang, nominal, 0.9, "test", hint))
        text += surface + " . "
    document = Document(article, None, None, lang, on, text)
    return list(Linker(FakeBase()).link(document, [Sentence(Span(0, len(text)), lang)], mentions))


def qids(*marked: tuple[str, str], **options) -> list[str | None]:
    return [found.entity.qid for found in link(*marked, **options)]


def test_a_full_name_in_another_script_is_the_same_item():
    assert qids(("Рудольф Эльфберг", "PER"), lang="ru") == ["Q9003"]
    assert qids(("Рудольфом Эльфбергом", "PER"), lang="ru") == ["Q9003"]


def test_a_surname_follows_its_full_name():
    full, short = link(("Michael Elphberg", "PER"), ("Elphberg", "PER"))
    assert (full.entity.qid, short.entity.qid) == ("Q9005", "Q9005")
    assert short.method == "in-article"


def test_a_last_name_behind_its_initial_follows_the_full_name_with_that_initial():
    found = link(("Michael Elphberg", "PER"), ("M.Elphberg", "PER"))
    assert [f.entity.qid for f in found] == ["Q9005", "Q9005"]
    assert qids(("Michael Elphberg", "PER"), ("R.Elphberg", "PER"))[1] != "Q9005"


def test_a_surname_alone_is_first_of_all_the_better_known_in_office():
    assert link(("Elphberg", "PER"), ("Ruritania", "LOC"))[0].candidates[0].entity.qid == "Q9003"


def test_neighbours_vote():
    def likeliest(*marked: tuple[str, str]) -> str | None:
        return link(("Georgia", "LOC"), *marked)[0].candidates[0].entity.qid

    assert likeliest(("Freedonia", "LOC")) == "Q9007"
    assert likeliest(("Ruritania", "LOC"), ("Strelsau", "LOC")) == "Q9009"


def test_the_unknown_stays_local_and_meets_itself():
    one, other = link(("Anna Lindqvist", "PER")), link(("Anna Lindqvist", "PER"), ("Ruritania", "LOC"))
    assert one[0].entity.qid is None
    assert one[0].entity.iri == other[0].entity.iri


def test_of_two_articles_an_unknown_full_name_is_one_person_and_a_surname_alone_may_be_two():
    def iris(name: str, kind: str) -> set[str]:
        return {link((name, kind), article=article)[0].entity.iri for article in ("d", "e")}

    assert len(iris("Anna Lindqvist", "PER")) == 1
    assert len(iris("Lindqvist", "PER")) == 2
    assert len(iris("Lindqvist", "ORG")) == 1


def test_case_forms_of_an_unknown_name_are_one_entity():
    found = link(("Lindqvist", "PER"), ("Lindqvistə", "PER"), lang="az")
    assert len({f.entity.iri for f in found}) == 1


@pytest.mark.parametrize(
    ("lang", "forms", "label"),
    [
        ("el", ("Παπαδόπουλου", "Παπαδόπουλο", "Παπαδόπουλος"), "Παπαδόπουλος"),
        ("az", ("Lindqvistə", "Lindqvist", "Lindqvistin"), "Lindqvist"),
        ("ru", ("Анной Линдквистовой", "Анна Линдквистова"), "Анна Линдквистова"),
        ("en", ("Lindqvist", "Anna Lindqvist"), "Anna Lindqvist"),
    ],
)
def test_an_unknown_name_is_labelled_by_the_form_that_the_others_are_made_from(lang, forms, label):
    found = link(*((form, "PER") for form in forms), lang=lang)
    assert {one.entity.labels for one in found} == {((lang, label),)}
    assert len({one.entity.iri for one in found}) == 1


def test_an_unknown_surname_joins_its_full_name():
    found = link(("Anna Lindqvist", "PER"), ("Lindqvist", "PER"))
    assert len({f.entity.iri for f in found}) == 1


def test_an_obscure_brand_needs_more_than_its_name():
    assert qids(("Orange", "ORG")) == [None]


def test_nationalities_are_their_country():
    found = link(("Russian", "NORP"), hints={"Russian": "iso3166_1=RU"})
    assert found[0].entity.qid == "Q9001"


def test_an_office_is_whoever_held_it_on_the_day():
    marked = (("Ruritania", "LOC"), ("Ruritania president", "PER"))
    hints = {"Ruritania president": "office=president;at=0"}
    assert qids(*marked, hints=hints)[1] == "Q9003"
    assert qids(*marked, hints=hints, on=date(1995, 1, 1))[1] == "Q9005"


@pytest.mark.parametrize(
    ("lang", "before"),
    [
        ("en", "former"),
        ("en", "the post of"),
        ("ru", "бывшего"),
        ("bg", "на поста на"),
        ("el", "ο πρώην"),
        ("ro", "fostul"),
    ],
)
def test_a_former_holder_or_the_post_itself_is_not_whoever_holds_it(lang, before):
    def linked(text: str) -> str | None:
        place, office = text.index("Ruritania"), text.index("Ruritania president")
        end = office + len("Ruritania president")
        hint = f"office=president;at={place}"
        mentions = [
            Mention(Span(place, place + len("Ruritania")), "Ruritania", "LOC", "en", nominal=False, score=0.9),
            Mention(Span(office, end), text[office:end], "PER", lang, nominal=True, score=0.9, hint=hint),
        ]
        document = Document("d", None, None, lang, DAY, text)
        return Linker(FakeBase()).link(document, [Sentence(Span(0, len(text)), lang)], mentions)[-1].entity.qid

    assert linked("Yesterday Ruritania president spoke") == "Q9003"
    assert linked(f"Yesterday {before} Ruritania president spoke") is None


def test_two_capitals_of_another_script_are_no_code_by_their_sound():
    realm = Item("Q9100", "LOC", 0.9, {"en": "United Realm", "mul": "UK"})
    base = FakeBase((realm,))
    assert [f.row for f in Finder(base).rows("UK", False, languages()["ru"])] == [0]  # noqa: FBT003
    assert "name" not in {f.how for f in Finder(base).rows("УК", False, languages()["ru"])}  # noqa: FBT003


def test_a_town_and_its_province_are_no_rivals_but_namesakes_elsewhere_are():
    land = Item("Q9100", "LOC", 0.9, {"en": "Freedonia"})
    town = Item("Q9101", "LOC", 0.3, {"en": "Streslau"}, "Q9100", coords=(42.51, 27.47))
    province = Item("Q9102", "LOC", 0.3, {"en": "Streslau"}, "Q9100", coords=(42.49, 27.30))
    away = Item("Q9103", "LOC", 0.3, {"en": "Streslau"}, "Q9100", coords=(45.0, 27.30))
    unplaced = Item("Q9104", "LOC", 0.3, {"en": "Streslau"}, "Q9100")
    base = FakeBase((land, town, province, away, unplaced))
    assert same_place(base, 1, 2)
    assert not any(same_place(base, 1, other) for other in (0, 1, 3, 4))


def test_an_office_nobody_is_known_in_stays_local():
    marked = (("Strelsau", "LOC"), ("mayor of Strelsau", "PER"))
    assert qids(*marked, hints={"mayor of Strelsau": "office=mayor;at=0"}) == ["Q9002", None]


def test_institutions_of_two_countries_are_two():
    def ministry(country: str) -> str:
        found = link(
            ("Foreign Ministry", "ORG"), (country, "LOC"), hints={"Foreign Ministry": "institution=foreign_ministry"}
        )
        return found[0].entity.iri

    assert ministry("Ruritania") != ministry("Freedonia")
    assert ministry("Ruritania") == ministry("Strelsau")


def test_candidates_come_with_reasons_and_share_one_belief():
    found = link(("Elphberg", "PER"))[0]
    assert [c.entity.qid for c in found.candidates] == ["Q9003", "Q9005"]
    assert sum(c.score for c in found.candidates) <= 1.001
    assert all(value for candidate in found.candidates for _, value in candidate.why)
    assert len(found.candidates[0].why) == 6


def test_shares_leave_room_for_none():
    assert shares(()) == ()
    assert shares((0.0,)) == (0.5,)
    assert sum(shares((9.0, 9.0))) <= 1.0


# --- names in other forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lang", "form"),
    [
        ("Mr Shorten", "en", "Shorten"),
        ("the Hague", "en", "Hague"),
        ("Η Ρότορ", "el", "Ρότορ"),
        ("Medford, Ore.", "en", "Medford"),
        ("Ore.", "en", "Oregon"),
        ("Dunder Paper Inc.", "en", "Dunder Paper"),
        ("ООО «Ромашка»", "ru", "Ромашка"),
        ("Zenda SA", "ro", "Zenda"),
    ],
)
def test_words_that_are_no_part_of_a_name_are_left_out(name, lang, form):
    found = forms(name, languages()[lang])
    assert found[0] == name
    assert form in found


@pytest.mark.parametrize("name", ["The", "Inc.", "Mr", "...", "AS Roma"])
def test_something_always_stays_of_a_name(name):
    assert all(forms(name, languages()["en"]))
    assert forms("AS Roma", languages()["en"]) == ("AS Roma",)


def test_an_acronym_in_brackets_is_what_stands_before_it():
    text = "Zenda Airlines (ZA) flies."
    mentions = [Mention(Span(0, 14), "Zenda Airlines", "ORG", "en"), Mention(Span(16, 18), "ZA", "ORG", "en")]
    document = Document("d", None, None, "en", DAY, text)
    found = Linker(FakeBase()).link(document, [Sentence(Span(0, len(text)), "en")], mentions)
    assert [f.entity.qid for f in found] == ["Q9006", "Q9006"]
    assert found[1].method == "in-article"


def test_a_given_name_alone_follows_the_full_name():
    assert qids(("Michael Elphberg", "PER"), ("Michael", "PER")) == ["Q9005", "Q9005"]


# --- places and their teams ---------------------------------------------------------------------------------------


def team_candidates(text: str) -> list[str | None]:
    items = (*ITEMS, Item("Q9011", "ORG", 0.3, {"en": "Strelsau Rovers"}))
    mentions = [Mention(Span(0, 8), "Strelsau", "LOC", "en", score=0.9)]
    document = Document("d", None, None, "en", DAY, text)
    [found] = Linker(FakeBase(items)).link(document, [Sentence(Span(0, len(text)), "en")], mentions)
    return [candidate.entity.qid for candidate in found.candidates]


def test_a_place_may_be_its_team_only_where_sport_is_spoken_of():
    assert "Q9011" in team_candidates("Strelsau won the football league.")
    assert "Q9011" not in team_candidates("Strelsau signed the treaty.")


@pytest.mark.parametrize(
    ("lang", "text", "about"),
    [
        ("en", "The striker left the football club.", True),
        ("bg", "Треньорът на футболния отбор подаде оставка.", True),
        ("el", "Ο προπονητής της ομάδας ποδοσφαίρου παραιτήθηκε.", True),
        ("az", "Futbol üzrə turnir başladı.", True),
        ("ro", "Antrenorul echipei de fotbal a demisionat.", True),
        ("en", "The minister left the meeting.", False),
        ("ru", "Министр покинул совещание.", False),
    ],
)
def test_an_article_is_about_sport_by_two_of_its_words(lang, text, about):
    assert (Words.of({lang: [keys_of(text, lang)]}).sport >= rules().sporting) is about


# --- weights ------------------------------------------------------------------------------------------------------


def test_trees_say_what_their_parts_add_up_to():
    every = len(ALONE + AROUND)
    rows = [[(at * 7 % 11) / 10 for at in range(every)], [0.0] * every, [1.0] * every]
    found = weights().second
    root = found.bias + found.value[found.roots].sum()
    assert found.odds(rows) == pytest.approx(found.parts(rows, every).sum(axis=1) + root)
    assert len(found.odds([])) == 0


@given(st.floats(0, 1), st.floats(0, 1))
def test_calibration_keeps_the_order_and_the_range(one, other):
    low, high = sorted((one, other))
    assert 0.0 <= weights().calibrated(low) <= weights().calibrated(high) <= 1.0


def overridden(ruling: Ruling, *marked: tuple[str, str]) -> list[Link]:
    """Links where a person ruled about the first of the names."""
    linker = Linker(FakeBase(), lambda _d, surface, _l, _k: ruling if surface == marked[0][0] else None)
    text, mentions = "", []
    for surface, kind in marked:
        mentions.append(Mention(Span(len(text), len(text) + len(surface)), surface, kind, "en"))
        text += surface + " . "
    return list(linker.link(Document("d", None, None, "en", DAY, text), [Sentence(Span(0, len(text)), "en")], mentions))


def test_a_ruling_stands_above_every_belief_and_is_the_reason():
    (found,) = overridden(Ruling("Q9005", local=False, never=frozenset()), ("Rudolf Elphberg", "PER"))
    assert (found.entity.qid, found.score, found.method) == ("Q9005", 1.0, "override")
    assert found.candidates[0].why == (("override", 1.0),)
    assert [one.entity.qid for one in found.candidates[1:]] == ["Q9003"]


def test_a_surname_follows_the_ruling_of_its_full_name():
    found = overridden(
        Ruling("Q9003", local=False, never=frozenset()), ("Michael Elphberg", "PER"), ("Elphberg", "PER")
    )
    assert [one.entity.qid for one in found] == ["Q9003", "Q9003"]


def test_a_ruling_may_name_an_item_that_the_base_lacks():
    (found,) = overridden(Ruling("Q77", local=False, never=frozenset()), ("Anna Lindqvist", "PER"))
    assert (found.entity.iri, found.entity.kind, found.entity.labels) == ("wd:Q77", "PER", (("en", "Anna Lindqvist"),))


def test_what_is_ruled_to_be_local_is_the_same_entity_as_if_no_base_knew_it():
    (found,) = overridden(Ruling(None, local=True, never=frozenset()), ("Strelsau", "LOC"))
    assert (found.entity.qid, found.method) == (None, "override")
    assert found.entity.iri.startswith("entity/")


def test_never_gives_the_place_to_the_next_best_or_to_nobody():
    near = (("Georgia", "LOC"), ("Ruritania", "LOC"), ("Strelsau", "LOC"))
    assert overridden(Ruling(None, local=False, never=frozenset({"Q9009"})), *near)[0].entity.qid in {"Q9007", None}
    (alone,) = overridden(Ruling(None, local=False, never=frozenset({"Q9002"})), ("Strelsau", "LOC"))
    assert (alone.entity.qid, alone.method) == (None, "override")
    (other,) = overridden(Ruling(None, local=False, never=frozenset({"Q1"})), ("Strelsau", "LOC"))
    assert (other.entity.qid, other.method) == ("Q9002", "name")


def candidate(score: float) -> Candidate:
    return Candidate(Entity("wd:Q9001", "Q9001", "LOC"), "Zenda", score)


@pytest.mark.parametrize(
    ("scores", "how", "known", "lang", "least"),
    [
        ((0.45,), "name", {"agreement": 1.0}, "ro", rules().lone),
        ((0.45, rules().rival), "name", {"agreement": 1.0}, "ro", rules().lone),
        ((0.45, rules().rival + 0.01), "name", {"agreement": 1.0}, "ro", rules().accept),  # two that are meant
        ((0.45,), "sound", {"agreement": 1.0}, "el", rules().accept),  # not its very name
        ((0.45,), "name", {"agreement": 0.5, "label": 1.0}, "el", rules().accept),  # another kind of thing
        ((0.45,), "name", {"agreement": 1.0}, "el", rules().own),  # only what is known there has a name in Greek
    ],
)
def test_the_one_item_of_a_name_needs_a_lower_score(scores, how, known, lang, least):
    values = tuple(known.get(name, 0.0) for name in ALONE + AROUND)
    assert _least([candidate(one) for one in scores], Weighed(Found(0, 1.0, how, "zenda"), values), lang) == least
