"""Words that pages are written in: labels of the vocabulary, languages, dates, numbers, scripts' directions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.ontology import languages, load_ontology

TITLE = 110  # characters of an opening that stands for a headline
KINDS: Mapping[str, str] = {
    "PER": "person",
    "LOC": "place",
    "ORG": "organisation",
    "EVT": "named event",
    "PROD": "product",
    "FAC": "facility",
    "NORP": "group",
}
MODALITIES: Mapping[str, str] = {
    "asserted": "said to be so",
    "planned": "planned",
    "denied": "denied",
    "demanded": "demanded",
    "promised": "promised",
    "hypothetical": "only supposed",
}
COMPARATORS: Mapping[str, str] = {
    "=": "", ">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most", "~": "about",
}  # fmt: skip
_RTL = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"})
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}  # of EDTF
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%]?)")
_MARKS = {"": "", "?": " (inferred)", "~": " (about)", "%": " (about, inferred)"}


def of_term(name: str) -> str:
    """What the vocabulary calls a term, by its CURIE: "kg:metWith" is "met with". Else its name taken apart.

    >>> of_term("kg:someThingNew")
    'some thing new'
    """
    ontology = load_ontology()
    known = ontology.predicates.get(name) or ontology.classes.get(name) or ontology.event_type(name)
    if known is not None:
        labels = dict(known.labels)
        return labels.get("en") or next(iter(labels.values()))
    local = name.rpartition(":")[2].rpartition("#")[2]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()


def language(code: str) -> str:
    """A language's English name; the code of one that our tables lack.

    >>> language("el"), language("xx")
    ('Greek', 'xx')
    """
    known = languages().get(code.partition("-")[0])
    return known.name if known else code


def direction(code: str) -> str:
    """Which way a language is written: "rtl" or "ltr".

    >>> direction("ar"), direction("az")
    ('rtl', 'ltr')
    """
    return "rtl" if code.partition("-")[0] in _RTL else "ltr"


def day(value: str) -> str:
    """An EDTF value as people say it.

    >>> day("2025-10-09"), day("2025-10?"), day("2025-10-07/.."), day("2025-21")
    ('9 October 2025', 'October 2025 (inferred)', 'from 7 October 2025', 'spring 2025')
    """
    first, slash, last = value.partition("/")
    if slash:
        if first in {"", ".."}:
            return f"until {day(last)}"
        return f"from {day(first)}" if last in {"", ".."} else f"{day(first)} to {day(last)}"
    match = _DAY.fullmatch(value)
    names = dict(enumerate(_MONTHS, 1)) | _SEASONS
    if match is None or not (match[2] is None or int(match[2]) in names):
        return value
    parts = (str(int(match[3])) if match[3] else "", names[int(match[2])] if match[2] else "", match[1])
    return " ".join(part for part in parts if part) + _MARKS[match[4]]


def count(number: int, what: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "article"), count(2300, "article"), count(2, "entity", "entities")
    ('1 article', '2,300 articles', '2 entities')
    """
    return f"{number:,} {what if number == 1 else many or what + 's'}"
