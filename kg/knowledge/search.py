"""Free search: a name in any script, case or spelling, or an office of a country. What `kg kb search` prints."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kg import names
from kg.knowledge.index import Index
from kg.model import Language
from kg.ontology import RoleMatch, languages, match_demonym, match_roles

# How sure each way of finding is, before prominence is weighed in: 0..1.
NAME, BASE_FORM, SURNAME, SOUND, BEGINS, SPELLED = 1.0, 0.97, 0.9, 0.85, 0.7, 0.8
OFFICE, FORMER, SEAT, BESIDE = 0.98, 0.8, 0.7, 0.9
PRIOR_WEIGHT = 0.35  # the share of a score that prominence decides
ENOUGH = 0.8  # with so sure a find, misspellings are not looked for
_FUZZY_KEYS, _FUZZY_LEAST = 4000, 0.8
_PER_FORM = 40
_CODE = 3  # letters of what is too short in capitals to sound like anything


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search."""

    row: int
    qid: str
    kind: str
    label: str
    score: float  # 0..1, for ordering
    why: str


class _Finds:
    """The best reason for every row."""

    def __init__(self, base: Index) -> None:
        self._base = base
        self.best: dict[int, tuple[float, str]] = {}

    def add(self, row: int, sure: float, why: str, *, weigh: bool = True) -> None:
        """Keep a find unless a better one of the row is known; `weigh`: let prominence have its share."""
        score = sure * (1 - PRIOR_WEIGHT + PRIOR_WEIGHT * self._base.prior(row)) if weigh else sure
        if score > self.best.get(row, (0.0, ""))[0]:
            self.best[row] = (score, why)

    def hits(self, lang: str, limit: int) -> tuple[Hit, ...]:
        """The best rows as hits."""
        order = sorted(self.best.items(), key=lambda item: (-item[1][0], item[0]))
        base = self._base
        return tuple(
            Hit(row, base.qid(row), base.kind(row), base.label(row, lang), round(score, 4), why)
            for row, (score, why) in order[:limit]
        )


def search(base: Index, text: str, language: str | None, limit: int) -> tuple[Hit, ...]:
    """The entities that a text may mean, best first; a QID finds itself. `language`: ISO 639-1, None: any."""
    text = " ".join(text.split())
    finds = _Finds(base)
    row = base.row(text)
    if row is not None:
        finds.add(row, 1.0, "its QID", weigh=False)
    spoken = _languages(text, language)
    besides: dict[str, Language] = {}
    for lang in spoken:
        besides.update(_by_office(base, text, lang, finds))
        _by_name(base, text, lang, finds)
    if not any(score >= OFFICE for score, _ in finds.best.values()):
        for rest, lang in besides.items():
            _by_name(base, rest, lang, finds, BESIDE)
    if text and max((score for score, _ in finds.best.values()), default=0.0) < ENOUGH * (1 - PRIOR_WEIGHT):
        _by_spelling(base, text, spoken[0], finds)
    return finds.hits(language or "en", limit)


def _languages(text: str, code: str | None) -> Sequence[Language]:
    """The language asked for, or all that are written in the text's script."""
    known = languages()
    if code and code in known:
        return (known[code],)
    letter = next((char for char in text if char.isalpha()), "a")
    script = unicodedata.name(letter, "LATIN").split()[0].title()
    return tuple(lang for lang in known.values() if lang.script == script) or tuple(known.values())[:1]


# --- by name --------------------------------------------------------------------------------------------------------


def _by_name(base: Index, text: str, lang: Language, finds: _Finds, less: float = 1.0) -> None:
    for place, form in enumerate(names.bases(text, lang)):
        sure = less if place == 0 else less * BASE_FORM
        code = lang.code if form.isupper() else None
        rows = base.exact(names.key(form, lang.code), code, words=True)[:_PER_FORM]
        for row in rows:
            finds.add(row, NAME * sure, "its name" if place == 0 else f"its name without the ending: {form}")
        if code and (rows or len(form) <= _CODE):
            continue  # a code has no sound
        for row in base.similar(names.skeleton(form, lang.code), _PER_FORM):
            finds.add(row, SOUND * sure * _likeness(base, row, form), f"its name sounds like {form}")
        if " " not in form:
            for row in base.surname(form, _PER_FORM):
                finds.add(row, SURNAME * sure * _likeness(base, row, form), f"the surname {form}")


def _likeness(base: Index, row: int, form: str) -> float:
    """How near the letters of a name come to a form, 0..1: for one word the nearest word, else the nearest name."""
    known = base.names(row)
    if " " not in form:
        known = tuple(dict.fromkeys(word for name in known for word in name.split()))
    return max((names.similarity(form, name) for name in known), default=0.0)


def _by_spelling(base: Index, text: str, lang: Language, finds: _Finds) -> None:
    """Names that begin so, or that differ by a slip."""
    key = names.key(text, lang.code)
    if len(key) < 3:
        return
    for found in islice(base.starting(key), _PER_FORM):
        for row in base.exact(found)[:3]:
            finds.add(row, BEGINS * (0.7 + 0.3 * len(key) / len(found)), f"it begins so: {found}")
    for found in islice(base.starting(key[: max(2, len(key) // 4)]), _FUZZY_KEYS):
        if abs(len(found) - len(key)) <= 3:
            alike = names.similarity(key, found)
            for row in base.exact(found)[:3] if alike >= _FUZZY_LEAST else ():
                finds.add(row, SPELLED * alike, f"it is spelled alike: {found}")


# --- by office ------------------------------------------------------------------------------------------------------


def _by_office(base: Index, text: str, lang: Language, finds: _Finds) -> dict[str, Language]:
    """Who a role word and a country mean: "Russian president", "Azərbaycan prezidenti".

    Returns what stands beside role words without a country: "Bundeskanzlerin Merkel" -> "Merkel".
    """
    words = text.split()
    folded = [names.fold(word) for word in words]
    nations = {fold for fold, word in zip(folded, words, strict=True) if _nation(word, lang)}
    besides: dict[str, Language] = {}
    for match in match_roles(folded, lang.code, nations.__contains__):
        country = _country(base, words, match, lang)
        rest = " ".join(words[: match.first] + words[match.end :])
        if country is not None:
            for role in match.roles:
                _add_holders(base, country, role, finds)
        elif rest:
            besides[rest] = lang
    return besides


def _add_holders(base: Index, country: int, role: str, finds: _Finds) -> None:
    seen: set[int] = set()
    for term in base.incumbents(country, role, None):
        if term.person not in seen:
            sure = OFFICE if not seen else FORMER * 0.97 ** len(seen)
            seen.add(term.person)
            title = base.label(term.office, "en") if term.office >= 0 else role.replace("_", " ")
            finds.add(term.person, sure, f"{title}, {term.start or '?'} - {term.end or '?'}", weigh=False)
    for office in base.offices(country, role):
        finds.add(office, SEAT, "the office")


def _nation(word: str, lang: Language) -> str | None:
    return match_demonym(word, lang.code) or match_demonym(word.capitalize(), lang.code)


def _country(base: Index, words: Sequence[str], match: RoleMatch, lang: Language) -> int | None:
    """The country that the words beside a role name: by an adjective, or by the longest name."""
    for word in words:
        iso = _nation(word, lang)
        row = base.by_external("iso3166_1", iso) if iso else None
        if row is not None:
            return row
    for part in (words[match.end :], words[: match.first]):
        for phrase in _phrases(part):
            for form in names.bases(phrase, lang):
                for row in base.exact(names.key(form, lang.code), lang.code if form.isupper() else None)[:4]:
                    if any(base.offices(row, role) for role in match.roles):
                        return row
    return None


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """All runs of words, the longest first."""
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])
