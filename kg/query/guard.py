"""What a query is and whether it may run, told from its tokens before any engine sees it.

An engine follows SERVICE to any address, so a query that holds one is refused here. The check must
be stricter than a reader of the standard: pyoxigraph's grammar is scannerless and reads `SERVICE:x {`,
`SERVICEx:y {` and `SERVICESILENT<...>{` as a service call, and `?a<?b#>` as a comparison and a comment.
Words inside strings, comments, IRIs, variables and names never cause a refusal by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.errors import QueryError
from kg.rdf import PREFIXES

NO_SERVICES: frozenset[str] = frozenset()
Form = Literal["select", "ask", "construct", "describe"]

_FORMS: tuple[Form, ...] = ("select", "ask", "construct", "describe")
_UPDATES = frozenset({"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"})

_VOLATILE = ("rand", "now", "uuid", "bnode", "service")

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<blank>_:\w(?:[\w.-]*[\w-])?)
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])
           (?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*
              (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]))?)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>[{}()\[\];,.=!<>|&^*/+?~-])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(
    r"<[A-Za-z][A-Za-z0-9+.-]*://"
)  # `http://` can't be read as an expression: `//` never stands in one
_BEFORE_GRAPH_NAME = frozenset({"graph", "from", "named"})


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a query; spaces and comments are left out."""

    kind: str  # a group of _TOKEN: iri, string, variable, name, word, mark, ...
    text: str
    start: int  # code points into the query
    end: int

    @property
    def lower(self) -> str:
        """The text in lower case: keywords have no case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the tokens tell of a query that may run."""

    form: Form
    graphs: tuple[str, ...]  # IRIs of FROM and FROM NAMED, those that could be resolved
    has_dataset: bool  # whether there is any FROM: the query then chooses its own default graph
    volatile: bool  # whether the same query may be answered otherwise the next time: RAND(), NOW(), SERVICE
    asks_others: bool  # whether it asks other servers: SERVICE


def tokens(query: str) -> tuple[Token, ...]:
    """The tokens of a query, without spaces and comments.

    >>> [token.text for token in tokens("ASK { ?s a 'SERVICE' } # end")]
    ['ASK', '{', '?s', 'a', "'SERVICE'", '}']
    """
    found = (Token(m.lastgroup or "other", m[0], m.start(), m.end()) for m in _TOKEN.finditer(query))
    return tuple(token for token in found if token.kind not in {"space", "comment"})


def inspect(query: str, services: Collection[str] = NO_SERVICES) -> Inspected:
    """What the query is; QueryError if it calls a service, updates, or is no query at all.

    `services`: IRIs of endpoints that it may call all the same, by writing them out.
    """
    refuse_services(query, services)
    found = tokens(query)
    form = _form(found)
    check_prefixes(found)
    graphs, has_dataset = _dataset(found)
    words = [token.lower for token in found if token.kind == "word"]
    volatile = any(changing in word for word in words for changing in _VOLATILE)
    return Inspected(form, graphs, has_dataset, volatile, any("service" in word for word in words))


def unescape(text: str) -> str:
    r"""The text with \uXXXX and \UXXXXXXXX read, as the standard does before looking for tokens.

    >>> unescape(r"\u0053ERVICE")
    'SERVICE'
    """

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ESCAPE.sub(character, text)


def refuse_services(sparql: str, services: Collection[str]) -> None:
    """QueryError if a query or an update calls a service other than the allowed ones."""
    for reading in {sparql, unescape(sparql)}:  # engines differ in whether escapes are read before the tokens
        if "service" in reading.lower():
            _refuse_service(tokens(reading), services)


def _refuse_service(found: Sequence[Token], services: Collection[str]) -> None:
    for i, token in enumerate(found):
        if _readable_in_two_ways(token):
            raise _refusal(None)
        if _calls_service(found, i) and (target := _target(found, i)) not in services:
            raise _refusal(target)


def _refusal(target: str | None) -> QueryError:
    """How to allow a service, with its address where the query writes it out."""
    if target is None:
        what, how = "SERVICE", "write its address out, SERVICE <URL>, and allow it: --allow-service URL"
    else:
        what, how = f"SERVICE <{target}>", f"if you trust it, allow it: --allow-service {target}"
    return QueryError(
        f"this query asks another server ({what}), and that is refused here", f"{how} (of kg query and kg serve)"
    )


def _target(found: Sequence[Token], i: int) -> str | None:
    """The IRI that a plain `SERVICE <iri>` or `SERVICE SILENT <iri>` calls; None for whatever is written otherwise."""
    if found[i].lower != "service":
        return None
    rest = [token for token in found[i + 1 : i + 3] if not (token.kind == "word" and token.lower == "silent")]
    return rest[0].text[1:-1] if rest and rest[0].kind == "iri" else None


def _calls_service(found: Sequence[Token], i: int) -> bool:
    token = found[i]
    if "service" not in token.lower:
        return False
    if token.kind == "word":  # also glued: trueSERVICE, SERVICESILENT
        return True
    if token.kind == "name" and "service" in token.lower.partition(":")[0]:
        opens_group = i + 1 < len(found) and found[i + 1].text == "{"
        names_graph = i > 0 and found[i - 1].kind == "word" and found[i - 1].lower in _BEFORE_GRAPH_NAME
        return opens_group and not names_graph
    return False


def _readable_in_two_ways(token: Token) -> bool:
    """Whether another reader may see code where we see none: only asked when "service" stands somewhere."""
    if token.kind == "other":
        return True
    relative = token.kind == "iri" and not _ABSOLUTE.match(token.text)
    return relative and ("#" in token.text or "'" in token.text or "service" in token.lower)


def _form(found: Sequence[Token]) -> Form:
    for token in found:
        if token.kind != "word":
            continue
        for form in _FORMS:
            if token.lower == form:
                return form
        if token.lower in _UPDATES:
            raise QueryError(f"{token.text.upper()} would change the graph, and it is read-only here", _ASK_INSTEAD)
    raise QueryError("this is no SPARQL query: SELECT, ASK, CONSTRUCT and DESCRIBE are missing", _ASK_INSTEAD)


_ASK_INSTEAD = "ask with SELECT, ASK, CONSTRUCT or DESCRIBE; `kg queries` lists questions that are ready"


def check_prefixes(found: Sequence[Token]) -> None:
    """QueryError for an undeclared prefix: engines report it as whatever else could have stood there."""
    known = {*prologue(found), *PREFIXES}
    for token in found:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in known:
            raise QueryError(
                f"the prefix of {token.text} is not declared", f"add PREFIX {prefix}: <...> at the beginning"
            )


def _dataset(found: Sequence[Token]) -> tuple[tuple[str, ...], bool]:
    prefixes = prologue(found)
    graphs: list[str] = []
    has_dataset = False
    depth = 0  # FROM stands outside of every group
    for i, token in enumerate(found[:-1]):
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        if depth == 0 and token.kind == "word" and token.lower in {"from", "named"}:
            has_dataset = True
            resolved = resolve(found[i + 1], {**PREFIXES, **prefixes})
            graphs += [resolved] if resolved else []
    return tuple(graphs), has_dataset


def prologue(found: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares, without colon -> IRI."""
    pairs = zip(found, found[1:], found[2:], strict=False)
    return {
        name.text[:-1]: unescape(iri.text[1:-1])
        for keyword, name, iri in pairs
        if keyword.kind == "word" and keyword.lower == "prefix" and name.kind == "name" and iri.kind == "iri"
    }


def resolve(token: Token, prefixes: dict[str, str]) -> str | None:
    """The absolute IRI that a token names; None if it names none or needs a base."""
    if token.kind == "iri":
        return unescape(token.text[1:-1]) if ":" in token.text else None
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        space = prefixes.get(prefix)
        return None if space is None else space + re.sub(r"\\(.)", r"\1", local)
    return None
