"""JSON-LD, compact and readable: a node object a subject and graph, a line each, inside the object of its graph."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from kg.export.context import context, terms
from kg.export.format import Row, Settings
from kg.export.turtle import by_graph
from kg.rdf import PREFIXES, REMEMBERED, Short, node, split_literal

_RDF_TYPE = f"<{PREFIXES['rdf']}type>"
_KG = f"<{PREFIXES['kg']}"
_XSD = PREFIXES["xsd"]
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what JSON readers keep exactly
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def json_ld(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The document in pieces; its context stands in it, so that no reader asks the network."""
    head = context(settings)
    yield f'{{"@context":{json.dumps(head, ensure_ascii=False)},\n"@graph":['
    names = _Names(settings, head)
    graph, comma = "", ""
    for g, mine in by_graph(rows):
        made = names.node(mine)
        if made is None:  # with its own empty context: every name whole
            yield f'{"]}" if graph else ""}{comma}\n{{"@context":null,"@id":{_whole(g)},"@graph":[{_expanded(mine)}]}}'
            graph = ""
        elif g == graph:
            yield f",\n{made}"
        else:
            yield f'{"]}" if graph else ""}{comma}\n{{"id":{names.reference(g)},"@graph":[\n{made}'
            graph = g
        comma = ","
    yield ("]}" if graph else "") + "\n]}\n"


class _Names:
    """Turns rows into compact node objects."""

    def __init__(self, settings: Settings, head: dict[str, object]) -> None:
        self._short = Short(settings.namespaces)
        self._keys: dict[str, tuple[str, str, dict[str, str]]] = {}  # predicate -> (key in JSON, type, known values)
        self._kinds = {node(iri): (json.dumps(name), kind) for name, (iri, kind) in terms().items()}
        self._kinds[_RDF_TYPE] = '"type"', "@type"
        self._values: defaultdict[str, dict[str, str]] = defaultdict(dict)  # type -> term -> its JSON
        self._taken = {name for name in head if not name.startswith("@")}
        self._own = {node(iri): name for name, (iri, _) in terms().items()}
        # An IRI such as <wd:x> would be taken for a short name: a node with one is written without any.
        self._doubtful = tuple(f"<{name}:" for name in self._taken)
        self._suspects: set[str] = set()

    def node(self, rows: list[Row]) -> str | None:
        """The node object of the rows of one subject; None where a name in it could be misread."""
        members: dict[str, str | list[str]] = {}
        by_language: dict[str, dict[str, list[str]]] = {}
        for _, p, o, _ in rows:
            key, kind, known = self._keys.get(p) or self._key(p)
            if kind == "@language":
                if o[0] == '"' and o[-1] not in '">':
                    said, lang = _parted(o)
                    by_language.setdefault(key, {}).setdefault(lang[1:], []).append(said)
                    continue
                key, kind, known = self._prefixed(p)  # no language: the name with a prefix has no map
            elif kind == "@type" and o[0] == '"':
                key, kind, known = self._prefixed(p)  # "type" can't be a text
            value = known.get(o) or self._value(o, kind)
            before = members.get(key)
            if before is None:
                members[key] = value
            elif isinstance(before, list):
                before.append(value)
            else:
                members[key] = [before, value]
        subject, _ = self.reference(rows[0][0]), self.reference(rows[0][3])
        if self._suspects and any(term in self._suspects for row in rows for term in row):
            return None
        for key, texts in by_language.items():
            members[key] = "{" + ",".join([f'"{lang}":{_one(found)}' for lang, found in texts.items()]) + "}"
        listed = [f",{key}:{one if isinstance(one, str) else _one(one)}" for key, one in members.items()]
        return f'{{"id":{subject}{"".join(listed)}}}'

    def reference(self, term: str) -> str:
        """A resource as a JSON string."""
        return self._value(term, "@id")

    def _key(self, term: str) -> tuple[str, str, dict[str, str]]:
        self._suspect(term)
        key, kind = self._kinds.get(term) or (json.dumps(self._name(term), ensure_ascii=False), "")
        self._keys[term] = key, kind, self._values[kind]
        return self._keys[term]

    def _prefixed(self, term: str) -> tuple[str, str, dict[str, str]]:
        return json.dumps(self._short[term].strip("<>")), "", self._values[""]

    def _name(self, term: str) -> str:
        """A name of the vocabulary: ours without prefix, unless another term has it."""
        if term in self._own:
            return self._own[term]
        local = term[len(_KG) : -1]
        if term.startswith(_KG) and _SIMPLE.fullmatch(local) and local not in self._taken:
            return local
        return self._short[term].strip("<>")

    def _suspect(self, term: str) -> None:
        if term.startswith(self._doubtful):
            self._suspects.add(term)

    def _value(self, term: str, kind: str) -> str:
        cache = self._values[kind]
        known = cache.get(term)
        if known is None:
            if len(cache) >= REMEMBERED:
                cache.clear()
            known = cache[term] = self._literal(term, kind) if term.startswith('"') else self._resource(term, kind)
        return known

    def _resource(self, term: str, kind: str) -> str:
        self._suspect(term)
        if kind in {"@vocab", "@type"}:
            return _quoted(self._name(term))
        name = _quoted(self._short.of(term).strip("<>"))
        return name if kind == "@id" else f'{{"id":{name}}}'

    def _literal(self, term: str, kind: str) -> str:
        said, rest = _parted(term)
        if rest.startswith("@"):
            return f'{{"@value":{said},"@language":"{rest[1:]}"}}'
        if not rest:
            return f'{{"@value":{said}}}' if kind else said
        datatype = rest[3:-1]
        if kind.startswith("xsd:") and datatype == _XSD + kind[4:]:
            return said
        if not kind and datatype == f"{_XSD}integer" and _INTEGER.fullmatch(said[1:-1]):
            return said[1:-1]
        if not kind and datatype == f"{_XSD}boolean" and said in {'"true"', '"false"'}:
            return said[1:-1]
        self._suspect(rest[2:])
        if rest[2:] in self._suspects:
            self._suspects.add(term)
        return f'{{"@value":{said},"@type":{_json(self._short[rest[2:]].strip("<>"))}}}'


def _parted(term: str) -> tuple[str, str]:
    """A literal's text as a JSON string, and what follows it: @el, ^^<datatype>, or nothing.

    The escapes of N-Quads are those of JSON, but for two that JSON lacks.
    """
    cut = term.rindex('"') + 1
    said = term[:cut]
    if "\\" in said and ("\\U" in said or "\\'" in said):
        said = _json(split_literal(term)[0])
    return said, term[cut:]


def _quoted(iri: str) -> str:
    """An IRI as a JSON string: no quotation mark or control can stand in one, only an escape."""
    return _json(iri) if "\\" in iri else f'"{iri}"'


_json = json.JSONEncoder(ensure_ascii=False).encode


def _one(found: list[str]) -> str:
    """One value as it is, several as an array; an empty type can't be."""
    unique = list(dict.fromkeys(found))
    return unique[0] if len(unique) == 1 else f"[{','.join(unique)}]"


# --- without a context -----------------------------------------------------------------------------------


def _whole(term: str) -> str:
    return json.dumps(term.removeprefix("<").removesuffix(">"), ensure_ascii=False)


def _expanded(rows: list[Row]) -> str:
    members: dict[str, list[str]] = {}
    for _, p, o, _ in rows:
        if p == _RDF_TYPE and not o.startswith('"'):
            members.setdefault('"@type"', []).append(_whole(o))
        else:
            members.setdefault(_whole(p), []).append(_value(o))
    listed = "".join(f",{key}:[{','.join(dict.fromkeys(found))}]" for key, found in members.items())
    return f'{{"@id":{_whole(rows[0][0])}{listed}}}'


def _value(term: str) -> str:
    if not term.startswith('"'):
        return f'{{"@id":{_whole(term)}}}'
    text, language, datatype = split_literal(term)
    made = {"@value": text}
    if language:
        made["@language"] = language
    elif datatype:
        made["@type"] = datatype
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
