"""The question library: SPARQL files that people read, with parameters that are bound as terms.

A question is a file `queries/<name>.rq`, valid SPARQL as it stands:

    # Who met whom, when and where, and the sentences that say so
    # group: relations
    # param entity: entity? = wd:Q7747 -- one of those who met
    # param from: date? = 2025-10-01 -- first day
    # param limit: limit = 100 -- rows at most
    PREFIX wd: <http://www.wikidata.org/entity/>
    SELECT ... WHERE {
      VALUES ?entity { wd:Q7747 }
      ...

Line 1 is the question in words, `# group:` the heading that it stands under. A `# param` line names a
variable, its type (`?`: may be left out), an example and an explanation. The query holds a
`VALUES ?name { example }` for it, and asking with `name=value` replaces what stands in the braces. A
parameter that is left out takes its VALUES along, and every line that ends in `# with NAME`. Values become
terms (an IRI, a literal) and are never pasted as text.

A `limit` is a number that replaces its example after every LIMIT, a `service` the address of an endpoint that
replaces its example after every SERVICE (a mirror, say); both always may be left out. Questions that ask others
stand in `queries/federated/`. Their VALUES of an entity stand inside the SERVICE too: pyoxigraph sends what is in
its braces as it is and joins afterwards, so that a variable bound outside would fetch all of Wikidata.

What must match comes first and in one piece; then the OPTIONALs, each of one pattern, with what hangs on it
as an OPTIONAL inside it; then FILTER and BIND. A VALUES stands inside the branch of a UNION that uses it.
A question that may find thousands of things first chooses those to show in a sub-SELECT with ORDER BY and
LIMIT, by as few patterns as it can (`kg:involves`, `schema:mentions`), and only then asks for their names,
sentences and sources. Written otherwise, it takes 10 to 100 times as long on a million triples. Two VALUES that one
pattern uses stand in a sub-SELECT of their own before it, else the engine reads all that fits the longer one.

Types: `entity` (a QID, an IRI, a CURIE, or a name that the graph knows), `iri`, `date` (EDTF: 2025,
2025-10, 2025-10-09), `text`, `number`, `limit`, `service`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from kg.errors import DataError, QueryError
from kg.query.guard import tokens
from kg.rdf import PREFIXES
from kg.shipped import shipped

Type = Literal["entity", "iri", "date", "text", "number", "limit", "service"]
_KEYWORDS: Mapping[Type, str] = {"limit": "LIMIT", "service": "SERVICE"}  # types whose value stands behind a keyword
Edit = tuple[int, int, str]  # replace the code points from start to end with the text
Lookup = Callable[[str], Sequence[str]]  # a name -> the IRIs of the graph that bear it

_PARAM = re.compile(
    r"#\s*param\s+(?P<name>\w+)\s*:\s*(?P<type>entity|iri|date|text|number|limit|service)(?P<optional>\?)?"
    r"\s*=\s*(?P<example>.+?)\s+--\s+(?P<words>.+)"
)
_GROUP = re.compile(r"^#\s*group\s*:\s*(\S.*)$", re.MULTILINE)
_QID = re.compile(r"Q[1-9]\d*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]+")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ENDPOINT = re.compile(r"https?://[^<>\"{}|^`\\\x00-\x20]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Param:
    """One thing that a question may be asked about."""

    name: str  # of the variable, without ?
    type: Type
    optional: bool
    example: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One file of the library."""

    name: str  # of the file, without .rq
    words: str  # line 1: the question in words
    params: tuple[Param, ...]
    sparql: str  # the file as it stands
    group: str = ""  # the heading that it stands under


class _Values(NamedTuple):
    """Offsets of one `VALUES ?name { ... }` and of what stands in its braces."""

    start: int
    inner_start: int
    inner_end: int
    end: int


def questions(folder: Path | None = None) -> tuple[Question, ...]:
    """All questions, by name; of the shipped library unless a folder is given.

    Raises DataError where a file breaks the format.
    """
    return tuple(read_question(path) for path in sorted((folder or shipped("queries")).glob("*.rq")))


def federated_questions() -> tuple[Question, ...]:
    """The shipped questions that also ask other endpoints, which whoever asks must allow; by name. As `questions`."""
    return questions(shipped("queries") / "federated")


def read_question(path: Path) -> Question:
    """One question from its file; QueryError if it can't be read, DataError if it breaks the format."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(
            f"{path} can't be read as a query: {error}", "give a text file with SPARQL in UTF-8"
        ) from error
    lines = text.splitlines()
    words = lines[0].removeprefix("#").strip() if lines and lines[0].startswith("#") else path.stem
    marked = [line for line in lines if re.match(r"#\s*param\b", line)]
    params = tuple(_param(path, line) for line in marked)
    group = _GROUP.search(text)
    question = Question(path.stem, words, params, text, group[1].strip() if group else "")
    for param in params:
        _places(question, param)
    return question


def find_question(name: str, folder: Path | None = None) -> Question:
    """The question of that name; QueryError with the nearest names if there is none."""
    folders = (folder,) if folder else (shipped("queries"), shipped("queries") / "federated")
    for path in (one / f"{name}.rq" for one in folders):
        if re.fullmatch(r"[\w-]+", name) and path.is_file():
            return read_question(path)
    known = [question.name for one in folders for question in questions(one)]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    raise QueryError(f"there is no question called {name!r}", f"{hint}`kg queries` lists them all")


def bind(question: Question, given: Mapping[str, Sequence[str]], lookup: Lookup | None = None) -> str:
    """The question's SPARQL with the given values in place; several values of one parameter mean any of them.

    `lookup` finds entities by name. Raises QueryError for a parameter that is unknown, missing or malformed.
    """
    known = {param.name: param for param in question.params}
    for name in given:
        if name not in known:
            raise _unknown_param(question, name)
    edits: list[Edit] = []
    for param in question.params:
        edits += _edits(question, param, given.get(param.name) or (), lookup)
    return _edited(question.sparql, edits)


def _edits(question: Question, param: Param, values: Sequence[str], lookup: Lookup | None) -> Iterator[Edit]:
    places = _places(question, param)
    if param.type == "limit":
        for value in values[:1]:
            if not value.isdecimal() or int(value) < 1:
                raise QueryError(f"{param.name}={value} is no number of rows", f"write it like {param.example}")
            yield from ((place.inner_start, place.inner_end, value) for place in places)
    elif param.type == "service":
        for value in values[:1]:
            if not _ENDPOINT.fullmatch(value):
                raise QueryError(f"{param.name}={value} is no address of an endpoint", f"write it like {param.example}")
            yield from ((place.inner_start, place.inner_end, f"<{value}>") for place in places)
    elif values:
        terms = " ".join(term for value in values for term in _terms(param, value, lookup))
        yield from ((place.inner_start, place.inner_end, f" {terms} ") for place in places)
    elif param.optional:
        yield from ((place.start, place.end, "") for place in places)
        for match in re.finditer(rf"^.*# with {param.name}$", question.sparql, re.MULTILINE):
            yield match.start(), match.end(), ""
    else:
        raise QueryError(
            f"the question {question.name} needs to know: {param.name} ({param.words})",
            f"add --param {param.name}={_plain(param.example)}",
        )


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):  # from the end, so that earlier offsets still fit
        text = text[:start] + new + text[end:]
    return text


def _param(path: Path, line: str) -> Param:
    match = _PARAM.fullmatch(line.strip())
    if match is None:
        raise DataError(
            f"{path.name}: this line names no parameter: {line.strip()}",
            "write it as: # param NAME: TYPE = EXAMPLE -- what it is   "
            "(TYPE: entity, iri, date, text, number, limit, service)",
        )
    kind: Type = match["type"]  # type: ignore[assignment]  # the pattern lists the types
    optional = bool(match["optional"]) or kind in _KEYWORDS
    return Param(match["name"], kind, optional, match["example"], match["words"])


def _places(question: Question, param: Param) -> list[_Values]:
    """What giving the parameter replaces; DataError if nothing."""
    keyword = _KEYWORDS.get(param.type)
    if keyword is None:
        return _values_of(question, param)
    example = f"<{param.example}>" if param.type == "service" else param.example
    found = tokens(question.sparql)
    places = [n for word, n in pairwise(found) if word.text.upper() == keyword and n.text == example]
    if places:
        return [_Values(n.start, n.start, n.end, n.end) for n in places]
    raise DataError(
        f"{question.name}: the parameter {param.name} has no {keyword} {example} in the query",
        f"write the example behind the {keyword}",
    )


def _values_of(question: Question, param: Param) -> list[_Values]:
    """Where the query has `VALUES ?name { ... }`; DataError if nowhere."""
    found = tokens(question.sparql)
    places = []
    for i, token in enumerate(found[:-2]):
        if token.lower == "values" and found[i + 1].text == f"?{param.name}" and found[i + 2].text == "{":
            closing = next((t for t in found[i + 3 :] if t.text == "}"), None)
            if closing is not None:
                places.append(_Values(token.start, found[i + 2].end, closing.start, closing.end))
    if places:
        return places
    raise DataError(
        f"{question.name}: the parameter {param.name} has no VALUES ?{param.name} {{ ... }} in the query",
        "add it where the variable is first used, with the example between the braces",
    )


def _unknown_param(question: Question, name: str) -> QueryError:
    names = [param.name for param in question.params]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? " if close else ""
    takes = f"it takes: {', '.join(names)}" if names else "it takes none"
    return QueryError(f"the question {question.name} has no parameter {name!r}", f"{hint}{takes}")


def _terms(param: Param, value: str, lookup: Lookup | None) -> tuple[str, ...]:
    if param.type in {"entity", "iri"}:
        return _resources(param, value.strip(), lookup)
    if param.type == "date" and not _DATE.fullmatch(value):
        raise QueryError(
            f"{param.name}={value} is no date", "write a year, a month or a day: 2025, 2025-10 or 2025-10-09"
        )
    if param.type == "number":
        if not _NUMBER.fullmatch(value):
            raise QueryError(f"{param.name}={value} is no number", f"write it like {param.example}")
        return (value,)
    return (literal(value),)


def _resources(param: Param, value: str, lookup: Lookup | None) -> tuple[str, ...]:
    iri = absolute(value)
    if iri is not None:
        return (f"<{iri}>",)
    if param.type == "entity" and lookup is not None and value:
        found = lookup(value)
        if found:
            return tuple(f"<{iri}>" for iri in found)
        raise QueryError(f"nothing in this graph is called {value!r}", "give a QID (Q7747), an IRI, or a name it has")
    raise QueryError(f"{param.name}={value} is neither a QID nor an IRI", f"write it like {_plain(param.example)}")


def absolute(value: str) -> str | None:
    """The IRI that a QID, a CURIE with one of our prefixes or an IRI (also in <>) stands for; None if none.

    >>> absolute("Q7747"), absolute("kg:metWith"), absolute("Putin")
    ('http://www.wikidata.org/entity/Q7747', 'https://newskg.example/ontology#metWith', None)
    """
    if _QID.fullmatch(value):
        return PREFIXES["wd"] + value
    bare = value.removeprefix("<").removesuffix(">")
    prefix, _, local = bare.partition(":")
    space = PREFIXES.get(prefix)
    if space is not None and not local.startswith("//"):
        bare = space + local
    return bare if _IRI.fullmatch(bare) else None


def literal(value: str) -> str:
    r"""A string literal in SPARQL syntax, whatever the text holds.

    >>> print(literal('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    return f'"{value.translate(_ESCAPES)}"'


def _plain(example: str) -> str:
    return example.removeprefix("wd:").strip('"')
