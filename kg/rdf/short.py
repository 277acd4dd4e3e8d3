"""Terms in Turtle's short form, worked out once each; JSON-LD uses them too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.rdf.terms import PREFIXES

FOLDERS = ("article", "claim", "entity", "event", "graph", "nanopub", "run")  # under the base, each with a prefix

_XSD = PREFIXES["xsd"]
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")  # names that need no escape in any format
_BARE = {  # literals that Turtle writes without quotation marks
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}boolean": re.compile(r"true|false"),
}
REMEMBERED = 100_000  # short forms kept at once


class Short(dict[str, str]):
    """Term -> its short form."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, term: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        short = self[term] = self.of(term)
        return short

    def of(self, term: str) -> str:
        """The short form, not kept."""
        if term.startswith("<<( "):  # a triple as a term: RDF 1.2
            s, p, o = term[4:-4].split(" ", 2)
            return f"<<( {self.of(s)} {self.of(p)} {self.of(o)} )>>"
        if term.startswith("<"):
            return self._iri(term)
        if not term.endswith(">"):
            return term
        text, mark, datatype = term.rpartition("^^")
        bare = _BARE.get(datatype[1:-1])
        if bare and bare.fullmatch(text[1:-1]):
            return text[1:-1]
        return f"{text}{mark}{self._iri(datatype)}"

    def _iri(self, term: str) -> str:
        cut = max(term.rfind("/"), term.rfind("#")) + 1
        prefix = self._namespaces.get(term[1:cut])
        local = term[cut:-1]
        return f"{prefix}:{local}" if prefix is not None and _LOCAL.fullmatch(local) else term


def namespaces(base: str) -> dict[str, str]:
    """Namespace -> prefix, our own folders included: <base>claim/9f is claim:9f."""
    return {namespace: prefix for prefix, namespace in PREFIXES.items()} | {f"{base}{name}/": name for name in FOLDERS}


def header(named: Mapping[str, str]) -> Iterator[str]:
    """Turtle's declarations of these namespaces (namespace -> prefix), sorted by prefix."""
    by_prefix = sorted((prefix, namespace) for namespace, prefix in named.items())
    yield from (f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in by_prefix)
