"""Which state a place may stand for: the capital of a state, or the palace of its leaders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from kg import names
from kg.link.base import Base
from kg.link.hints import Hints
from kg.model import Entity, Link
from kg.ontology import load_ontology
from kg.ontology.languages import languages

_CODE = "iso3166_1"
_CAPITAL_OF = "P36"
_KINDS = frozenset({"LOC", "FAC", "ORG"})


@cache
def _palaces() -> Mapping[str, str]:
    """names.key of a palace -> code of its state."""
    return {names.key(name): code for name, code in load_ontology().seats.palaces.items()}


class Seats:
    """Answers for links of one knowledge base."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._hints = Hints(base)
        self._of_item = lru_cache(maxsize=10_000)(self._of_row)

    def state(self, link: Link) -> Entity | None:
        """The state that the linked place may stand for: a country of the base; None for most places."""
        mention = link.mention
        if mention.kind not in _KINDS or mention.nominal:
            return None
        item = self._base.row(link.entity.qid) if link.entity.qid else None
        row = self._of_item(item) if item is not None else self._of_name(mention.surface, mention.lang)
        return self._hints.entity(row, mention.lang) if row is not None else None

    def _of_row(self, item: int) -> int | None:
        if self._base.kind(item) not in {"LOC", "FAC"}:
            return None
        keys = {names.key(name) for name in self._base.names(item)}
        code = next((_palaces()[key] for key in sorted(keys) if key in _palaces()), None)
        if code:
            return self._base.by_external(_CODE, code)
        return next((land for land in self._base.countries(item) if self._is_capital(item, land)), None)

    def _is_capital(self, item: int, land: int) -> bool:
        if _CODE not in self._base.record(land).external:
            return False
        cities = [row for row, how in self._base.related(land).items() if how == _CAPITAL_OF]
        named = [row for row in cities if load_ontology().seats.capital in self._base.record(row).classes]
        return item in (named or cities)

    def _of_name(self, surface: str, lang: str) -> int | None:
        """A palace that the base lacks, by what the article calls it."""
        forms = (names.key(one, lang) for one in names.bases(surface, languages().get(lang)))
        code = next((_palaces()[key] for key in forms if key in _palaces()), None)
        return self._base.by_external(_CODE, code) if code else None
