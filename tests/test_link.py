from __future__ import annotations

from datetime import date

from fake_base import FakeBase

from kg.link import Linker
from kg.link.weights import shares
from kg.model import Document, Link, Mention, Ruling, Sentence, Span

DAY = date(2021, 5, 4)


def link(
    *marked: tuple[str, str], lang: str = "en", on: date | None = DAY, hints: dict[str, str] | None = None
) -> list[Link]:
    """Links of mentions that stand one after the other, a dot between them."""
    text, mentions = "", []
    for surface, kind in marked:
        span = Span(len(text), len(text) + len(surface))
        hint = (hints or {}).get(surface)
        nominal = bool(hint and hint.startswith("office"))
        mentions.append(Mention(span, surface, kind, lang, nominal, 0.9, "test", hint))
        text += surface + " . "
    document = Document("d", None, None, lang, on, text)
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


def test_a_surname_alone_is_the_better_known_in_office():
    assert qids(("Elphberg", "PER"), ("Ruritania", "LOC"))[0] == "Q9003"


def test_neighbours_vote():
    near_freedonia = qids(("Georgia", "LOC"), ("Freedonia", "LOC"))
    near_ruritania = qids(("Georgia", "LOC"), ("Ruritania", "LOC"), ("Strelsau", "LOC"))
    assert near_freedonia[0] == "Q9007"
    assert near_ruritania[0] == "Q9009"


def test_the_unknown_stays_local_and_meets_itself():
    one, other = link(("Anna Lindqvist", "PER")), link(("Anna Lindqvist", "PER"), ("Ruritania", "LOC"))
    assert one[0].entity.qid is None
    assert one[0].entity.iri == other[0].entity.iri


def test_case_forms_of_an_unknown_name_are_one_entity():
    found = link(("Lindqvist", "PER"), ("Lindqvistə", "PER"), lang="az")
    assert len({f.entity.iri for f in found}) == 1


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
    assert dict(found.candidates[0].why)["similarity"] > 0


def test_shares_leave_room_for_none():
    assert shares(()) == ()
    (only,) = shares((0.0,))
    assert only == 0.5


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
