"""Made-up dumps of Wikidata's shape: a hundred languages, sitelinks, ranks, qualifiers, references, and their faults.

python benchmarks/wikidata_dump.py 200000 dump.json.gz      # items, file; a third argument "lean" for short items
"""

from __future__ import annotations

import bz2
import gzip
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

LANGUAGES = """
en fr de es it pt nl sv pl ru uk bg sr sr-ec sr-el cs sk sl hr ro hu el tr az fi da nb nn et lv lt is ga cy eu
ca gl oc an ast ar fa he hi bn ta te ml kn mr gu pa ur si th vi id ms tl jv su my km lo ka hy kk ky uz tg tk mn
ko ja zh zh-hans zh-hant zh-hk yue eo la af sq mk bs be be-tarask lb fy nds br gd sco ceb war sw yo ha so am ne
en-gb en-ca
""".split()  # noqa: SIM905 - as a list it would fill a page
STARTS, VOWELS = [*"bdfgklmnprstvz", "sh", "ch", "tr", "br", "st"], [*"aeiou", "ai", "or", "en"]
SYLLABLES = [start + vowel for start in STARTS for vowel in VOWELS]
SITES = [f"{lang.replace('-', '_')}wiki" for lang in LANGUAGES if "-" not in lang]
# Classes by their places in ontology/wikidata.toml, so that made-up items are of kinds that it knows.
HUMAN, CITY, COMPANY, POSITION, ARTICLE = 5, 515, 783794, 4164871, 13442814
CLASSES = {CITY: 486972, POSITION: 4164871, ARTICLE: 386724}


def name(rng: random.Random, words: int) -> str:
    """A name of so many words."""
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4)))).title() for _ in range(words))


def snak(prop: str, value: Any, kind: str) -> dict[str, Any]:
    """A snak with a value."""
    return {
        "snaktype": "value",
        "property": prop,
        "hash": "0123456789abcdef0123456789abcdef01234567",
        "datavalue": {"value": value, "type": kind},
        "datatype": kind,
    }


def to_item(prop: str, number: int) -> dict[str, Any]:
    """A snak that leads to an item."""
    value = {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}
    return snak(prop, value, "wikibase-entityid")


def a_day(prop: str, rng: random.Random) -> dict[str, Any]:
    """A snak with a day."""
    day = f"+{rng.randint(1900, 2023)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T00:00:00Z"
    value = {"time": day, "timezone": 0, "before": 0, "after": 0, "precision": rng.choice((9, 11, 11))}
    return snak(prop, value | {"calendarmodel": "http://www.wikidata.org/entity/Q1985727"}, "time")


def statement(number: int, main: dict[str, Any], rng: random.Random, **qualifiers: dict[str, Any]) -> dict[str, Any]:
    """A statement with a reference."""
    made = {
        "mainsnak": main,
        "type": "statement",
        "id": f"Q{number}$F4E9C38C-3B0F-4F0A-9B4A-{rng.getrandbits(48):012X}",
        "rank": rng.choices(("normal", "preferred", "deprecated"), (90, 8, 2))[0],
        "references": [{"hash": "ab" * 20, "snaks": {"P143": [to_item("P143", 328)]}, "snaks-order": ["P143"]}],
    }
    if qualifiers:
        made |= {"qualifiers": {prop: [one] for prop, one in qualifiers.items()}, "qualifiers-order": list(qualifiers)}
    return made


def claims(number: int, of: int, total: int, rng: random.Random) -> dict[str, Any]:
    """Statements of an item of a class."""
    made = {"P31": [statement(number, to_item("P31", of), rng) | {"rank": "normal"}]}
    country = statement(number, to_item("P17", 16), rng)
    if of == HUMAN:
        made |= {
            "P27": [statement(number, to_item("P27", 16), rng)],
            "P569": [statement(number, a_day("P569", rng), rng)],
        }
        held = (to_item("P39", 1000 + rng.randrange(max(1, total // 50))) for _ in range(rng.choice((0, 0, 1, 3))))
        terms = [statement(number, one, rng, P580=a_day("P580", rng), P582=a_day("P582", rng)) for one in held]
        made |= {"P39": terms} if terms else {}
        made["P106"] = [statement(number, to_item("P106", 82955), rng)]
    else:
        made |= {"P17": [country], "P131": [statement(number, to_item("P131", 1000 + rng.randrange(total)), rng)]}
    ids = (f"P{rng.randint(2000, 9999)}" for _ in range(rng.randint(3, 25)))
    made |= {prop: [statement(number, snak(prop, f"id{rng.getrandbits(40):x}", "string"), rng)] for prop in ids}
    return made


def item(number: int, total: int, rng: random.Random, *, lean: bool = False) -> dict[str, Any]:
    """One item; `lean`: with little but what a base takes from it."""
    of = rng.choices((HUMAN, CITY, COMPANY, POSITION, ARTICLE), (45, 30, 15, 2, 8))[0]
    words = {HUMAN: 2, CITY: rng.choice((1, 1, 2)), COMPANY: 3, POSITION: 4, ARTICLE: 9}[of]
    wikis = 0 if of == ARTICLE else min(len(SITES), int(rng.paretovariate(0.8)) + 2)
    known = LANGUAGES if not lean else ("en", "ru", "tr")
    spoken = known[: max(1, min(len(known), wikis * 2 if not lean else 3))]
    own = name(rng, words)
    labels = {code: {"language": code, "value": own if code in {"en", "de"} else name(rng, words)} for code in spoken}
    made: dict[str, Any] = {"type": "item", "id": f"Q{number}", "labels": labels}
    if not lean:
        made["descriptions"] = {c: {"language": c, "value": f"{name(rng, 4).lower()}"} for c in spoken[:60]}
    if rng.random() < 0.3:
        made["aliases"] = {c: [{"language": c, "value": name(rng, words)}] for c in spoken[: 1 if lean else 9]}
    made["claims"] = {} if lean else claims(number, of, total, rng)
    if lean:
        made["claims"] = {"P31": [{"mainsnak": to_item("P31", of), "rank": "normal"}]}
    made["sitelinks"] = {s: {"site": s, "title": own, "badges": []} for s in SITES[:wikis]}
    return made | {"pageid": number, "ns": 0, "title": f"Q{number}", "lastrevid": 2, "modified": "2024-05-01T10:00:00Z"}


def lines(total: int, *, lean: bool = False, seed: int = 1) -> Iterator[bytes]:
    """The lines of a dump: an array with one item a line; one of a thousand is broken, one a redirect."""
    rng = random.Random(seed)
    yield b"[\n"
    for of, above in CLASSES.items():
        parent = {"P279": [{"mainsnak": to_item("P279", above), "rank": "normal", "type": "statement"}]}
        yield orjson.dumps({"type": "item", "id": f"Q{of}", "labels": {}, "claims": parent, "sitelinks": {}}) + b",\n"
    for number in range(1000, 1000 + total):
        line = orjson.dumps(item(number, total, rng, lean=lean))
        if number % 1000 == 7:
            line = line[: len(line) // 2]
        elif number % 1000 == 8:
            line = orjson.dumps({"entity": f"Q{number}", "redirect": "Q1001"})
        yield line + (b",\n" if number < 999 + total else b"\n")
    yield b"]\n"


def write(path: Path, total: int, *, lean: bool = False) -> int:
    """Write a dump and return its unpacked size, bytes."""
    opener = {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)
    size = 0
    with opener(path, "wb") as file:
        for line in lines(total, lean=lean):
            size += file.write(line)
    return size


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[2]), int(sys.argv[1]), lean='lean' in sys.argv[3:]):,} bytes unpacked")
