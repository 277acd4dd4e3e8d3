"""How well kg/names meets labels of one item in different languages, and how often it confuses items.

    python benchmarks/measure_names.py [ENTITIES.jsonl.gz] [--show el:PER:any | --bases GOLD.jsonl ...]

Pairs: the English and another label of one item that are spelt differently; people with equally many words in both,
places of one word each (exonyms such as Германия and renamed towns included, so 1.0 is out of reach).

    key    share of pairs with equal keys             keys  with a common reading
    skel   with equal skeletons                       any   keys or skel: what an index finds
    sim    with similarity >= .85
    far    the same for names of different items that follow each other in the alphabet: should be near 0
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.names import bases, fold, key, keys, reading, similarity, skeleton
from kg.ontology import languages

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "entities.jsonl.gz"
LANGUAGES = ("ru", "uk", "bg", "sr", "el", "az", "tr", "ro", "pl", "cs", "de", "fr", "es", "it", "nl", "hu")
MOST = 3000  # pairs of a language and kind
ALIKE = 0.85

Pair = tuple[str, str]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The items of the facts."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def gather(path: Path) -> tuple[dict[tuple[str, str], list[Pair]], set[str], list[str]]:
    """Label pairs by (language, kind); the English names of all places; those of all people."""
    pairs: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    places, people = set(), []
    for row in rows(path):
        labels, kind = row["labels"], row["type"]
        english = labels.get("en")
        if not english or kind not in {"PER", "LOC"}:
            continue
        places.add(english) if kind == "LOC" else people.append(english)
        for lang in LANGUAGES:
            other = labels.get(lang)
            same_size = other and len(other.split()) == len(english.split())
            if same_size and (kind == "PER" or " " not in english) and fold(other) != fold(english):
                pairs[lang, kind].append((english, other))
    chance = random.Random(1)
    return {at: sorted(chance.sample(found, min(MOST, len(found)))) for at, found in pairs.items()}, places, people


def common_key(a: str, b: str, lang: str) -> bool:
    """Whether an English name and another share a reading."""
    return not set(keys(a, "en")).isdisjoint(keys(b, lang))


TESTS: dict[str, Callable[[str, str, str], bool]] = {
    "key": lambda a, b, lang: key(a, "en") == key(b, lang),
    "keys": common_key,
    "skel": lambda a, b, lang: skeleton(a, "en") == skeleton(b, lang),
    "any": lambda a, b, lang: skeleton(a, "en") == skeleton(b, lang) or common_key(a, b, lang),
    "sim": lambda a, b, _: similarity(a, b) >= ALIKE,
}


def measure(pairs: list[Pair], lang: str) -> dict[str, float]:
    """The columns of the table, each 0..1."""
    found = {name: sum(test(a, b, lang) for a, b in pairs) / len(pairs) for name, test in TESTS.items()}
    strangers = [(one[0], other[1]) for one, other in pairwise(pairs)]
    return found | {"far": sum(similarity(a, b) >= ALIKE for a, b in strangers) / max(1, len(strangers))}


def namesakes(people: list[str]) -> list[Pair]:
    """People of one surname whose given names start differently."""
    by_surname: dict[str, list[str]] = defaultdict(list)
    for name in people:
        words = name.split()
        if len(words) == 2:
            by_surname[words[1]].append(name)
    chance = random.Random(4)
    groups = [group for group in by_surname.values() if len(group) > 1]
    pairs = [tuple(chance.sample(group, 2)) for group in chance.sample(groups, min(5000, len(groups)))]
    return [(a, b) for a, b in pairs if a[0] != b[0]]


def colliding(names: set[str], function: Callable[[str, str], str]) -> float:
    """Share of the different keys that share what the function gives with another."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[function(name, "en")].add(key(name, "en"))
    return sum(len(group) for group in groups.values() if len(group) > 1) / sum(map(len, groups.values()))


def speed(pairs: dict[tuple[str, str], list[Pair]]) -> None:
    """Microseconds of processor time a name, when its words are new and when they are known."""
    names = [(other, lang) for (lang, _), found in sorted(pairs.items()) for _, other in found[::5]]
    for name, function, caches in (
        ("key", key, (reading._word_key,)),  # noqa: SLF001
        ("skeleton", skeleton, (reading._word_skeleton, reading.sounds)),  # noqa: SLF001
    ):
        for cached in caches:
            cached.cache_clear()
        for state in ("first", "again"):
            start = time.process_time()
            for text, lang in names:
                function(text, lang)
            print(f"{name:9} {state}: {(time.process_time() - start) / len(names) * 1e6:5.2f} us a name")


def surfaces(path: Path) -> Iterator[tuple[str, str, str]]:
    """(language, surface, QID) of the named mentions of a gold or linking file that begin with a capital."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for mention in row.get("mentions", row.get("entities", ())):
                surface = mention.get("surface") or row["text"][mention["start"] : mention["end"]]
                dull = mention.get("optional") or mention.get("nominal") or mention.get("type") == "NORP"
                if mention.get("qid") and not dull and surface[:1].isupper():
                    yield row["lang"], surface, mention["qid"]


def measure_bases(facts: Path, files: list[Path]) -> None:
    """Of inflected names in running text: how many lead to a label of their item in their language, by exact key."""
    labels = {row["qid"]: row for row in rows(facts)}
    print(f"{'file':34} names  surface  bases")
    for path in files:
        counts = Counter[str]()
        for lang, surface, qid in sorted(set(surfaces(path))):
            row = labels.get(qid, {"labels": {}})
            known = [row["labels"].get(lang), *row.get("aliases", {}).get(lang, ())]
            wanted = {key(name, lang) for name in known if name}
            if wanted and lang in languages():
                found = [key(base, lang) in wanted for base in bases(surface, languages()[lang])]
                counts.update(names=1, surface=found[0], bases=any(found))
        if counts["names"]:
            shares = (counts[column] / counts["names"] for column in ("surface", "bases"))
            print(f"{path.name:34} {counts['names']:5} ", *(f" {share:.3f} " for share in shares))


def show(pairs: list[Pair], lang: str, test: str) -> None:
    """Some pairs that fail a test."""
    missed = [(a, b) for a, b in pairs if not TESTS[test](a, b, lang)]
    for a, b in random.Random(2).sample(missed, min(60, len(missed))):
        both = f"{key(a, 'en')} | {key(b, lang)} | {skeleton(a, 'en')} | {skeleton(b, lang)}"
        print(f"{a} | {b} | {both} | {similarity(a, b):.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("facts", nargs="?", type=Path, default=FACTS)
    parser.add_argument("--show", help="LANG:KIND:TEST, print pairs that fail a test")
    parser.add_argument(
        "--bases", nargs="+", type=Path, help="gold or linking files: measure bases() on their mentions"
    )
    options = parser.parse_args()
    if options.bases:
        measure_bases(options.facts, options.bases)
        return
    pairs, places, people = gather(options.facts)
    if options.show:
        lang, kind, test = options.show.split(":")
        show(pairs[lang, kind], lang, test)
        return
    print("lang kind pairs  key   keys  skel  any   sim   far")
    for (lang, kind), found in sorted(pairs.items()):
        print(f"{lang:4} {kind:4} {len(found):5}", *(f"{value:.3f}" for value in measure(found, lang).values()))
    same = namesakes(people)
    taken = sum(similarity(a, b) >= ALIKE for a, b in same) / len(same)
    print(f"similarity >= {ALIKE}: {taken:.4f} of {len(same)} namesakes with other given names")
    print(f"{len(places)} names of places collide: skeleton {colliding(places, skeleton):.3f}")
    print(
        f"names of one key: {1 - len({key(name, 'en') for name in places}) / len({fold(name) for name in places}):.4f}"
    )
    speed(pairs)


if __name__ == "__main__":
    main()
