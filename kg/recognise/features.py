"""What the trained recogniser sees of a word: names of features, as the hashes that its tables are looked up by.

Each slot has a table of its own. A value that the training has not seen often is unknown, and the network has
learnt what to do then: a slot's values are dropped at random while it trains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from zlib import crc32

from kg.recognise.words import UNKNOWN, name_class, skeleton

# Order is that of the tables in the model's file.
SLOTS = ("lower", "skeleton", "stem5", "stem3", "end2", "end3", "end4", "shape", "names")
_RUNS = re.compile(r"(.)\1{3,}")


def values(word: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The value of each slot for a word; "" where there is none.

    >>> values("Bakıda", {"baki": "L"})
    ('bakıda', 'bakida', 'bakid', 'bak', 'da', 'ıda', 'kıda', 'Xxxxx', 'L2')
    """
    low, bare = word.lower(), skeleton(word)
    known = name_class(word, names) if bare else UNKNOWN
    return (low, bare, bare[:5], bare[:3], low[-2:], low[-3:], low[-4:], shape(word), known)


def shape(word: str) -> str:
    """Capitals, letters, digits and signs; runs are cut after four.

    >>> shape("COVID"), shape("Covid"), shape("A320"), shape("«")
    ('XXXX', 'Xxxxx', 'Xddd', '«')
    """
    signs = "".join(
        "X" if one.isupper() else "x" if one.isalpha() else "d" if one.isdigit() else " " if one.isspace() else one
        for one in word[:12]
    )
    return _RUNS.sub(lambda run: run.group(1) * 4, signs)


def key(value: str) -> int:
    """The number by which a table knows a value: CRC-32 of its UTF-8 bytes."""
    return crc32(value.encode("utf-8", "surrogatepass"))
