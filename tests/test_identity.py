"""Which raw iris are one: whatever order, batches and removals, the same articles give the same answer."""

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.identity import SCHEMA, Assigned, Ledger, kinds, settle, settle_all
from kg.graph.identity.said import Said

PEOPLE = ("wd:Q1", "wd:Q2", "wd:Q3")
PLACES = ("wd:Q10", "wd:Q11", "entity/aa01")
LAND = {"wd:Q1": ["wd:Q20"], "wd:Q10": ["wd:Q20"]}
NAMES = ("Ana Blandiana", "Ана Бландиана", "Blandiana", "Ivo Andrić", "Иво Андрич", "Andric")


def event(node, family="kg:Meeting", **told):  # when, who, where, near, counts, related, causes, published, how
    said = {key: told.get(key, ()) for key in ("when", "who", "where", "near", "counts", "related", "causes")}
    when, who, where, near, counts, related, causes = said.values()
    roles = [("agent", one) for one in who]
    known = {*who, *where, *near}
    features = {
        "k": [family],
        "f": family,
        "m": [told.get("how", "kg:asserted")],
        "r": sorted(roles),
        "p": sorted(where),
        "w": sorted(when),
        "q": sorted(counts),
        "x": sorted({*who, *where, *near}),
        "d": told.get("published"),
        "c": {one: LAND[one] for one in sorted(known) if one in LAND},
        "cl": {one: ["kg:Person" if one in PEOPLE else "kg:Place"] for one in sorted({*who, *where})},
    }
    features |= {"t": {}, "rel": sorted(related), "b": sorted(causes), "u": ["dead"]}
    kind = "count" if causes else "disaster" if family == "kg:Crash" else "event"
    return Said(f"event/{node}", kind, features)


def name(node, *names, items=("wd:Q1", "wd:Q2"), kind="kg:Person"):
    features = {"k": [kind], "n": [[one, "mul"] for one in sorted(names)], "x": list(items), "fixed": False}
    return Said(f"entity/{node}", "local", features)


def ledger():
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(SCHEMA)
    return Ledger(db, kinds())


def decided(articles, items=()):
    """The clusters by deciding all at once."""
    made = ledger()
    made.assign(items)
    for article, rows in articles.items():
        made.learn(article, rows)
    settle_all(made)
    return answers(made, articles)


def answers(made, articles):
    return {article: made.same(article) for article in articles}


def one(*rows):
    """canonical iri of each row when each is an article of its own"""
    articles = {f"a{i}": [row] for i, row in enumerate(rows)}
    same = {raw: stands.iri for map_ in decided(articles).values() for raw, stands in map_.items()}
    return [same.get(row.node, row.node) for row in rows]


# --- the property ----------------------------------------------------------------------------------------

days = st.sampled_from(["2025-10-09", "2025-10-10", "2025-10", "2025-10/2025-11", "2025", "2025-10/..", "2025-09-30"])
events = st.builds(
    event,
    st.sampled_from(["e1", "e2", "e3", "e4", "e5", "e6"]),
    st.sampled_from(["kg:Meeting", "kg:Attack"]),
    when=st.lists(days, max_size=2, unique=True),
    who=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    where=st.lists(st.sampled_from(PLACES), max_size=1),
    published=st.sampled_from([None, "2025-10-09", "2025-10-20"]),
    how=st.sampled_from(["kg:asserted", "kg:planned", "kg:denied"]),
    counts=st.lists(st.sampled_from([["kg:deaths", "=", 38.0], ["kg:deaths", ">", 30.0]]), max_size=1),
    near=st.lists(st.sampled_from([*PLACES, *PEOPLE]), max_size=2, unique=True),
    related=st.lists(st.sampled_from(["event/d1", "event/d2", "event/d3"]), max_size=1),
)
disasters = st.builds(
    lambda node, when, where: event(node, "kg:Crash", when=when, where=where, near=["wd:Q1", "wd:Q2", "wd:Q3"]),
    st.sampled_from(["d1", "d2", "d3", "d4"]),
    st.lists(days, max_size=1),
    st.lists(st.sampled_from(PLACES), max_size=1),
)
locals_ = st.builds(
    lambda node, names, items: name(node, *names, items=items),
    st.sampled_from(["aa01", "aa02", "aa03", "aa04"]),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True),
)
counts_ = st.builds(
    lambda node, cause, related, how: event(node, "kg:Deaths", causes=[cause], related=related, counts=[how]),
    st.sampled_from(["n1", "n2", "n3"]),
    st.sampled_from(["event/e1", "event/d1", "event/d2"]),
    st.lists(st.sampled_from(["event/d3", "event/d2"]), max_size=1),
    st.sampled_from([["kg:deaths", "=", 38.0], ["kg:deaths", ">", 30.0]]),
)
articles_ = st.lists(st.one_of(events, locals_, counts_, disasters), max_size=4, unique_by=lambda row: row.node)
steps = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.none() | articles_), min_size=1, max_size=14)
assigned = st.lists(
    st.builds(Assigned, st.sampled_from(["entity/aa01", "entity/aa02"]), st.sampled_from(["Q77", "Q78"])),
    max_size=2,
    unique_by=lambda row: row.alias,
)


@settings(max_examples=300, deadline=None)
@given(steps, st.lists(assigned, max_size=3), st.integers(1, 5), st.sampled_from([2, 48]))
def test_following_every_change_is_deciding_afresh(steps, given_, size, most):
    weights = kinds().weights
    patched = type(weights)({**weights.events, "most": most}, {**weights.locals, "most": most})
    rules = type(kinds())(kinds().types, kinds().symmetric, patched)
    made = ledger()
    made.kinds = rules
    there, items, dirty = {}, [], set()
    for i, (article, rows) in enumerate(steps):
        dirty |= made.learn(article, rows or [])
        there.pop(article, None)
        if rows is not None:
            there[article] = rows
        if given_ and i % 4 == 3:
            items = given_.pop()
            dirty |= made.assign(items)
        if i % size == 0 or i == len(steps) - 1:
            before = answers(made, there)
            touched = settle(made, dirty)
            dirty = set()
            changed = {one for one in there if one in before and made.same(one) != before[one]}
            assert changed <= made.articles_of(touched)
    whole = ledger()
    whole.kinds = rules
    whole.assign(items)
    for article in sorted(there, reverse=True):
        whole.learn(article, there[article])
    settle_all(whole)
    assert answers(made, there) == answers(whole, there)
