"""RDF/XML: the union of all graphs, one rdf:Description a subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from kg.errors import GraphError
from kg.export.format import Row, Settings
from kg.rdf import REMEMBERED, split_literal

# XML has no sign for these, not even an escaped one.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAME = re.compile(r"[^\W\d][\w.-]*")  # of an element, without colon


def rdf_xml(rows: Iterator[Row], settings: Settings) -> Iterator[str]:
    """The file in pieces. Characters that XML lacks become U+FFFD. GraphError: a predicate that XML can't name."""
    namespaces = settings.namespaces
    declared = "".join(f'\n    xmlns:{prefix}="{escape(iri)}"' for iri, prefix in sorted(namespaces.items()))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'
    names, objects = _Names(namespaces), _Objects()
    subject, last = "", ("", "")
    for s, p, o, _ in rows:
        if s != subject:
            yield "</rdf:Description>\n" if subject else ""
            yield f"<rdf:Description {_reference('about', s)}>\n"
            subject = s
        elif (p, o) == last:  # the same triple in another graph
            continue
        last = (p, o)
        opened, closed = names[p]
        yield f"  <{opened}{objects[o]}{closed}\n" if o.startswith('"') else f"  <{opened}{objects[o]}\n"
    yield "</rdf:Description>\n" if subject else ""
    yield "</rdf:RDF>\n"


def _reference(attribute: str, term: str) -> str:
    if term.startswith("_:"):
        return f"rdf:nodeID={quoteattr('b' + term[2:])}"
    return f"rdf:{attribute}={quoteattr(term[1:-1])}"


class _Names(dict[str, tuple[str, str]]):
    """A predicate as the opening and the closing of its element."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, term: str) -> tuple[str, str]:
        iri = term[1:-1]
        cut = max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1
        local = iri[cut:]
        if not _NAME.fullmatch(local):
            raise GraphError(f"RDF/XML has no name for the predicate {term}.", "Choose another format, such as ttl.")
        prefix = self._namespaces.get(iri[:cut])
        if prefix is None:
            name = f"ns:{local}"
            pair = f"{name} xmlns:ns={quoteattr(iri[:cut])}", f"</{name}>"
        else:
            pair = f"{prefix}:{local}", f"</{prefix}:{local}>"
        self[term] = pair
        return pair


class _Objects(dict[str, str]):
    """An object as what follows the element's name."""

    def __missing__(self, term: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        made = self[term] = self._of(term)
        return made

    @staticmethod
    def _of(term: str) -> str:
        if not term.startswith('"'):
            return f" {_reference('resource', term)}/>"
        text, language, datatype = split_literal(term)
        attribute = f' xml:lang="{language}"' if language else ""
        if datatype:
            attribute = f" rdf:datatype={quoteattr(datatype)}"
        said = escape(NO_XML.sub("\ufffd", text), {"\r": "&#13;"})
        return f"{attribute}>{said}"
