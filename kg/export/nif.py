"""NIF 2.0 as GERBIL reads it: a nif:Context an article with its text, a nif:Phrase a linked mention.

NIF needs nif:isString, and the graph stores no whole texts, only quotes. With `Settings.texts` (the articles, given
again and known by their content hash) the text is the article's own. Without, it is as long as the article and blank
wherever the graph quotes nothing: offsets and mentions fit, but an annotator sees the quoted sentences only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from kg.export.format import Row, Settings
from kg.rdf import PREFIXES, Short, header, node, split_literal, text, value

_A = f"<{PREFIXES['rdf']}type>"
_COUNT = f"^^<{PREFIXES['xsd']}nonNegativeInteger>"  # NIF's own type; xsd:integer stands in our graph
_MENTION, _EVIDENCE = node("kg:Mention"), node("kg:Evidence")
_BEGIN, _END, _WORDS = node("nif:beginIndex"), node("nif:endIndex"), node("nif:anchorOf")
_ENTITY, _SCORE = node("itsrdf:taIdentRef"), node("itsrdf:taConfidence")

_Stretch = dict[str, str]  # predicate -> object


def nif(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """Turtle, one article after the other; only an article's stretches are held."""
    namespaces = settings.namespaces
    yield from header(namespaces)
    short = Short(namespaces)
    mine = (row for row in rows if row[0].startswith(f"<{settings.base}article/"))
    for article, own in groupby(mine, lambda row: row[3]):
        stretches, mentions = _stretches(own)
        yield from _article(article, stretches, mentions, settings, short)


def _stretches(rows: Iterable[Row]) -> tuple[list[_Stretch], list[_Stretch]]:
    """(all stretches of the text, those that name something)."""
    stretches, mentions = [], []
    for _, group in groupby(rows, itemgetter(0)):
        own = list(group)
        classes = {o for _, p, o, _ in own if p == _A}
        said = {p: o for _, p, o, _ in own}
        if classes & {_MENTION, _EVIDENCE}:
            stretches.append(said)
        if _MENTION in classes:
            mentions.append(said)
    return stretches, mentions


def _article(
    article: str, stretches: list[_Stretch], mentions: list[_Stretch], settings: Settings, short: Short
) -> Iterator[str]:
    whole = settings.texts.get(article[1:-1].rpartition("/")[2]) or _pieced(stretches)
    context = f"{article[:-1]}#char=0,{len(whole)}>"
    yield _statement(context, "nif:Context", (0, len(whole)), [("nif:isString", text(whole))], short)
    # The longest first: of two mentions that begin together NIF's readers keep the one they meet first.
    for said in sorted(mentions, key=lambda one: (_at(one, _BEGIN), -_at(one, _END))):
        begin, end = _at(said, _BEGIN), _at(said, _END)
        more = [("nif:anchorOf", text(value(said[_WORDS]))), ("nif:referenceContext", context)]
        more += [("itsrdf:taIdentRef", said[_ENTITY]), ("itsrdf:taConfidence", said[_SCORE])]
        yield _statement(f"{article[:-1]}#char={begin},{end}>", "nif:Phrase", (begin, end), more, short)


def _statement(subject: str, kind: str, span: tuple[int, int], more: list[tuple[str, str]], short: Short) -> str:
    numbers = [("nif:beginIndex", f'"{span[0]}"{_COUNT}'), ("nif:endIndex", f'"{span[1]}"{_COUNT}')]
    rest = "".join(f" ;\n    {predicate} {short[term]}" for predicate, term in (*numbers, *more))
    return f"\n{short[subject]} a {kind}, nif:RFC5147String{rest} .\n"


def _pieced(stretches: list[_Stretch]) -> str:
    """The article's length and quotes, blank between them."""
    whole = [" "] * max((_at(one, _END) for one in stretches), default=0)
    for one in stretches:
        whole[_at(one, _BEGIN) : _at(one, _END)] = split_literal(one[_WORDS])[0]
    return "".join(whole)


def _at(said: _Stretch, predicate: str) -> int:
    return int(value(said[predicate]))
