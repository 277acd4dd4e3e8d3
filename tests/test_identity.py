"""Which raw iris are one: whatever order, batches and removals, the same articles give the same answer."""

import random
import sqlite3

import pytest

from kg.graph.identity import SCHEMA, Assigned, Kinds, Ledger, kinds, settle, settle_all
from kg.graph.identity.said import Said
from kg.model import count_event
from kg.ontology.sameness import Sameness

PEOPLE = tuple(f"wd:Q{i}" for i in range(1, 8))
PLACES = ("wd:Q10", "wd:Q11", "wd:Q12", "entity/aa01")
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

# A world in which almost everything may be one with something else. Drawn at random and not by hypothesis, whose
# small examples seldom hold the chains of decisions that this is about.
DAYS = ([], ["2025-10-09"], ["2025-10-10"], ["2025-10"], ["2025-10"], ["2025-10"], ["2025-10/2025-11"], ["2025"])
COUNTS = ([], [["kg:deaths", "=", 38.0]], [["kg:deaths", "=", 40.0]], [["kg:deaths", ">", 30.0]])
DISASTERS, ATTACKS = [f"event/d{i}" for i in range(9)], [f"event/e{i}" for i in range(3)]


def row(chance):
    """One thing that an article says."""

    def some(things, most):
        return chance.sample(things, chance.randint(0, most))

    told = {"when": chance.choice(DAYS), "near": some(PEOPLE, 2), "counts": chance.choice(COUNTS)}
    kind = chance.choice(["local", "disaster", "event", "event", "count"])
    if kind == "local":
        names = chance.sample(NAMES, chance.randint(1, 2))
        return name(f"aa0{chance.randint(1, 5)}", *names, items=chance.sample(PEOPLE, chance.randint(2, 5)))
    if kind == "disaster":
        return event(f"d{chance.randrange(9)}", "kg:Crash", where=some(PLACES, 1), **told)
    if kind == "count":
        told["counts"] = chance.choice(COUNTS[1:])
        cause, related = [chance.choice(DISASTERS + ATTACKS)], some(DISASTERS, 1)
        own = count_event("kg:Deaths", "dead", cause[0]).removeprefix("event/")  # as an article names it
        node = chance.choice([own, own, f"n{chance.randrange(4)}"])
        return event(node, "kg:Deaths", causes=cause, related=related, **told)
    told |= {"who": some(PEOPLE, 2), "where": some(PLACES, 1), "related": some(DISASTERS, 1)}
    told |= {"published": chance.choice([None, "2025-10-09", "2025-10-20"])}
    told |= {"how": chance.choice(["kg:asserted", "kg:asserted", "kg:planned", "kg:denied"])}
    return event(f"e{chance.randrange(14)}", chance.choice(["kg:Meeting", "kg:Attack"]), **told)


def page(chance):
    """What an article says, each node once."""
    return list({one.node: one for one in (row(chance) for _ in range(chance.randint(0, 4)))}.values())


def rules(most, join):
    """The rules that ship, but readier to join, and finding fewer keys worth looking at."""
    weights = kinds().weights
    events = weights.events | {"most": most, "join": join, "speech": join, "margin": 0.1}
    return Kinds(kinds().types, kinds().symmetric, Sameness(events, weights.locals | {"most": most}))


@pytest.mark.parametrize("seed", range(60))
def test_following_every_change_is_deciding_afresh(seed):
    chance = random.Random(seed)
    made, whole = ledger(), ledger()
    made.kinds = whole.kinds = rules(chance.choice([2, 3, 48]), chance.choice([0.6, 1.2, 2.5]))
    there, items, dirty = {}, [], set()
    for _ in range(60):
        article = chance.choice("abcdefghijklmnop")
        there.pop(article, None)
        if chance.random() < 0.8:
            there[article] = page(chance)
        dirty |= made.learn(article, there.get(article, []))
        if chance.random() < 0.15:
            items = [Assigned(f"entity/aa0{i}", chance.choice(["Q77", "Q78"])) for i in (1, 2) if chance.random() < 0.6]
            dirty |= made.assign(items)
        if chance.random() < 0.6:
            before = answers(made, there)
            touched = settle(made, dirty)
            dirty = set()
            changed = {one for one in there if made.same(one) != before[one]}
            assert changed <= made.articles_of(touched)
    settle(made, dirty)
    whole.assign(items)
    for article in sorted(there, reverse=True):
        whole.learn(article, there[article])
    settle_all(whole)
    assert answers(made, there) == answers(whole, there)
