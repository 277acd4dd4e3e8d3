"""One item's JSON, as dumps and wbgetentities write it, as one row of facts without its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.knowledge.records import number
from kg.knowledge.wikidata.rules import Rules

Item = Mapping[str, Any]
_EARTH = "Q2"
# Wikis whose names end like a Wikipedia's and that are none.
_NO_WIKIPEDIA = frozenset({"commonswiki", "metawiki", "specieswiki", "wikidatawiki", "sourceswiki", "mediawikiwiki"})
_DAY, _MONTH, _YEAR = 11, 10, 9  # Wikidata's precisions of a time


class Reader:
    """Reads items by one set of rules, in some languages."""

    def __init__(self, rules: Rules, languages: frozenset[str]) -> None:
        self._rules = rules
        self._codes = rules.codes_of(languages)

    def row(self, item: Item) -> dict[str, Any] | None:
        """The row; None: no name in any of the languages. `parents` and `sitelinks` stand beside the facts' fields.

        Raises KeyError, TypeError, ValueError and their like where the JSON is no item.
        """
        labels, aliases = self._labels(item), self._aliases(item)
        if not labels and not aliases:
            return None
        wikis = wikipedias(item)
        claims: Mapping[str, Any] = item.get("claims") or {}
        of = self._rules.statements
        row: dict[str, Any] = {
            "qid": item["id"],
            "labels": labels,
            "aliases": aliases,
            "country": self._countries(claims),
            "classes": targets(claims, of.instance),
            "parents": targets(claims, of.subclass),
            "sitelinks": len(wikis),
            "prior": self._rules.prior(len(wikis)),
            "sources": [self._rules.source["key"]],
            "wikipedia": {lang: wikis[site] for lang in self._codes if (site := f"{lang}wiki") in wikis},
            "external": {s: value for s, name in self._rules.external.items() if (value := _text(claims, name))},
            "positions": list(positions(claims, of.position, of.start, of.end)),
            "occupations": targets(claims, of.occupation),
            "birth": _time(claims, of.birth),
            "dates": self._dates(claims),
            "coords": _place(claims, of.place),
            "population": _amount(claims, of.population),
        }
        number(row["qid"])
        return {name: value for name, value in row.items() if value not in (None, [], {}) or name in _ALWAYS}

    def relations(self, item: Item) -> Iterator[tuple[str, str]]:
        """Properties with the items that they lead to."""
        claims: Mapping[str, Any] = item.get("claims") or {}
        for name in self._rules.statements.relations:
            if name in claims:
                for target in targets(claims, name):
                    yield name, target

    def _labels(self, item: Item) -> dict[str, str]:
        labels = item.get("labels") or {}
        found = {}
        for lang, codes in self._codes.items():
            for code in codes:
                if code in labels:
                    found[lang] = labels[code]["value"]
                    break
        return found

    def _aliases(self, item: Item) -> dict[str, list[str]]:
        """Aliases, and the labels of variants that differ (sr-latn beside sr)."""
        aliases, labels = item.get("aliases") or {}, item.get("labels") or {}
        found: dict[str, list[str]] = {}
        for lang, codes in self._codes.items():
            names = [one["value"] for code in codes if code in aliases for one in aliases[code]]
            names += [labels[code]["value"] for code in codes if code in labels][1:]
            if names:
                found[lang] = list(dict.fromkeys(names))
        return found

    def _countries(self, claims: Mapping[str, Any]) -> list[str]:
        of = self._rules.statements
        for name in (of.citizenship, *of.country):
            if name in claims and (found := targets(claims, name)):
                return found
        return []

    def _dates(self, claims: Mapping[str, Any]) -> list[str | None] | None:
        of = self._rules.statements
        start, end = _time(claims, of.start), _time(claims, of.end)
        if not start and not end:
            start = end = _time(claims, of.day)
        return [start, end] if start or end else None


_ALWAYS = frozenset({"labels", "aliases", "country"})


def wikipedias(item: Item) -> dict[str, str]:
    """Sites of Wikipedias with their titles, spaces as underscores."""
    links = item.get("sitelinks") or {}
    return {
        site: link["title"].replace(" ", "_")
        for site, link in links.items()
        if site.endswith("wiki") and site not in _NO_WIKIPEDIA
    }


def redirect(item: Item) -> tuple[str, str] | None:
    """(old QID, new QID) of a merged item; None: it is none."""
    if "redirects" in item:
        return item["redirects"]["from"], item["redirects"]["to"]
    if "redirect" in item:
        return item["entity"], item["redirect"]
    return None


def best(statements: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The preferred statements, else the normal ones; deprecated ones never."""
    preferred = [one for one in statements if one.get("rank") == "preferred"]
    return preferred or [one for one in statements if one.get("rank", "normal") == "normal"]


def targets(claims: Mapping[str, Any], name: str) -> list[str]:
    """The items that the best statements of a property lead to, each once."""
    values = (_value(one["mainsnak"]) for one in best(claims.get(name, ())))
    return list(dict.fromkeys(qid for value in values if (qid := _qid(value))))


def positions(
    claims: Mapping[str, Any], name: str, start: str, end: str
) -> Iterator[tuple[str, str | None, str | None]]:
    """Offices with their first and last day; all ranks but the deprecated: a former office is a fact."""
    for one in claims.get(name, ()):
        if one.get("rank") != "deprecated" and (office := _qid(_value(one["mainsnak"]))):
            qualifiers: Mapping[str, Any] = one.get("qualifiers") or {}
            yield office, _first_day(qualifiers, start), _first_day(qualifiers, end)


def _first_day(qualifiers: Mapping[str, Any], name: str) -> str | None:
    days = (day(_value(snak)) for snak in qualifiers.get(name, ()))
    return next((found for found in days if found), None)


def _value(snak: Mapping[str, Any]) -> Any:
    """A snak's value; None where it says "unknown" or "none"."""
    return snak["datavalue"]["value"] if snak["snaktype"] == "value" else None


def _qid(value: Any) -> str | None:
    """The QID of an entity value; old dumps have the number alone. None: no item (a property, a lexeme)."""
    if not isinstance(value, dict) or value.get("entity-type") != "item":
        return None
    return value.get("id") or f"Q{value['numeric-id']}"


def day(value: Any) -> str | None:
    """YYYY[-MM[-DD]] of a time value, as exactly as it is known; None: before our era, or vaguer than a year."""
    if value is None or not value["time"].startswith("+") or value["precision"] < _YEAR:
        return None
    year, month, dom = value["time"][1:].partition("T")[0].split("-")
    if len(year) != 4:
        return None
    parts = {_YEAR: [year], _MONTH: [year, month]}.get(value["precision"], [year, month, dom])
    return "-".join(part for part in parts if part != "00")


def _first(claims: Mapping[str, Any], name: str) -> Any:
    values = (_value(one["mainsnak"]) for one in best(claims.get(name, ())))
    return next((value for value in values if value is not None), None)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = _first(claims, name) if name in claims else None
    return value if isinstance(value, str) else None


def _time(claims: Mapping[str, Any], name: str) -> str | None:
    return day(_first(claims, name)) if name in claims else None


def _place(claims: Mapping[str, Any], name: str) -> list[float] | None:
    value = _first(claims, name) if name in claims else None
    if value is None or not str(value.get("globe") or f"/{_EARTH}").endswith(f"/{_EARTH}"):
        return None
    return [round(value["latitude"], 5), round(value["longitude"], 5)]


def _amount(claims: Mapping[str, Any], name: str) -> int | None:
    value = _first(claims, name) if name in claims else None
    return int(float(value["amount"])) if value is not None else None
