"""An article's lines with the canonical iris in place of the raw ones, and the raw ones kept as aliases.

A claim's id is the hash of what it says, so a claim about something that has another iri now has another id:
one fact that five articles tell of five raw events is one claim with five evidences. Names of nodes inside an
article's own graph (`...#char=1,9&event=77a1`) stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from kg.graph.identity.ledger import Map, Same
from kg.model import Quantity, content_id, object_key
from kg.rdf import compact, decimal, node, settled, split_line, text, value

GRAPH = "graph/identity"  # where aliases stand
_TYPE, _LOCAL = node("rdf:type"), node("kg:LocalEntity")
_SUBJECT, _PREDICATE, _OBJECT = node("kg:subject"), node("kg:predicate"), node("kg:object")
_PREFERRED, _OTHER, _SHOWN = node("skos:prefLabel"), node("skos:altLabel"), node("rdfs:label")


def resolved(lines: Sequence[str], same: Map, base: str, symmetric: Iterable[str] = ()) -> list[str]:
    """Sorted lines of one article with every iri that stands for another exchanged; the same lines if none does.

    `symmetric`: predicates whose claims are written in one direction only.
    """
    return _Resolver(same, base, frozenset(symmetric)).lines(lines) if same else list(lines)


def renamed_claims(lines: Sequence[str], same: Map, base: str, symmetric: Iterable[str] = ()) -> dict[str, str]:
    """Ids of an article's claims as it makes them -> as the graph has them, of those that another id stands for."""
    return _Resolver(same, base, frozenset(symmetric)).renamed(lines)


class _Resolver:
    def __init__(self, same: Map, base: str, symmetric: frozenset[str]) -> None:
        self._same = same
        self._base = base
        self._term = partial(node, base=base)
        self._symmetric = {node(one) for one in symmetric}
        self._nodes = {self._term(raw): one for raw, one in same.items()}
        self._terms = {raw: self._term(one.iri) for raw, one in self._nodes.items()}
        self._turned: dict[str, str] = {}  # claims whose subject and object change places, and what they become

    def lines(self, lines: Sequence[str]) -> list[str]:
        """The article's lines, exchanged."""
        self._claims(lines)
        made = {f"{s} {p} {o} {g} ." for line in lines for s, p, o, g in self._line(*split_line(line))}
        return list(settled(sorted(made.union(self._aliases()))))

    def renamed(self, lines: Sequence[str]) -> dict[str, str]:
        """Raw ids of claims with their new ones."""
        self._claims(lines)
        prefix = f"<{self._base}claim/"
        claims = ((raw, new) for raw, new in self._terms.items() if raw.startswith(prefix))
        return {raw[len(prefix) : -1]: new[len(prefix) : -1] for raw, new in claims}

    # --- claims --------------------------------------------------------------------------------------

    def _claims(self, lines: Sequence[str]) -> None:
        """Enters the new ids of claims that speak of anything exchanged."""
        prefix = f"<{self._base}claim/"
        claims: dict[str, dict[str, str]] = {}
        for line in lines:
            if line.startswith(prefix):
                s, p, o, _ = split_line(line)
                claims.setdefault(s, {})[p] = o
        for claim, said in claims.items():
            s, o = said[_SUBJECT], said[_OBJECT]
            if s in self._terms or o in self._terms:
                made = self._term(f"claim/{self._claim_id(said)}")
                if self._directed(s, said[_PREDICATE], o)[0] != self._terms.get(s, s):
                    self._turned[claim] = made
                self._terms[claim] = made

    def _claim_id(self, said: Mapping[str, str]) -> str:
        """The hash that `Claim.id` gives the same statement."""
        p = said[_PREDICATE]
        s, o = self._directed(said[_SUBJECT], p, said[_OBJECT])
        comparator, time = said.get(node("kg:comparator")), said.get(node("kg:time"))
        if comparator:
            count = Quantity(float(value(o)), value(comparator), value(said[node("kg:unit")]))  # type: ignore[arg-type] # one of Comparator
            target = object_key(count)
        else:
            target = value(o) if o.startswith('"') else self._iri(o)
        modality = self._iri(said[node("kg:modality")]).removeprefix("kg:")
        return content_id(self._iri(s), self._iri(p), target, value(time) if time else None, modality)

    def _directed(self, s: str, p: str, o: str) -> tuple[str, str]:
        """Subject and object, exchanged; of a symmetric relation in the order in which it is written."""
        s, o = self._terms.get(s, s), self._terms.get(o, o)
        if p in self._symmetric and o.startswith("<") and self._order(s) > self._order(o):
            return o, s
        return s, o

    def _order(self, term: str) -> tuple[int, str]:
        iri = self._iri(term)
        return len(iri), iri

    def _iri(self, term: str) -> str:
        return compact(value(term), self._base)

    # --- lines ---------------------------------------------------------------------------------------

    def _line(self, s: str, p: str, o: str, g: str) -> Iterator[tuple[str, str, str, str]]:
        if p in (_PREFERRED, _SHOWN, _TYPE) and s in self._nodes:
            yield from self._described(self._nodes[s], self._terms[s], p, o, g)
        elif p in self._symmetric:
            first, second = self._directed(s, p, o)
            if first != second:
                yield first, p, second, g
        elif s in self._turned and p in (_SUBJECT, _OBJECT):
            yield self._turned[s], _OBJECT if p == _SUBJECT else _SUBJECT, self._terms.get(o, o), g
        else:
            yield self._terms.get(s, s), p, self._terms.get(o, o), g

    def _described(self, same: Same, s: str, p: str, o: str, g: str) -> Iterator[tuple[str, str, str, str]]:
        """Class and names: those of an alias become other names of what it stands for."""
        item = same.iri.startswith("wd:")
        if p == _TYPE:
            if not (item and o == _LOCAL):
                yield s, p, o, g
        elif item and same.label is None:
            yield s, p, o, g
        elif p == _PREFERRED and o != text(same.label or "", "en"):
            yield s, _OTHER, o, g

    def _aliases(self) -> Iterator[str]:
        g = self._term(GRAPH)
        for raw, same in self._nodes.items():
            yield f"{raw} {node('owl:sameAs')} {self._terms[raw]} {g} ."
            if same.why:
                yield f"{raw} {node('kg:sameBecause')} {text(same.why)} {g} ."
            if same.iri.startswith("wd:"):
                yield f"{raw} {node('kg:confidence')} {decimal(same.score)} {g} ."
                yield from self._named(same, self._terms[raw])

    def _named(self, same: Same, s: str) -> Iterator[str]:
        if same.label:
            for p in (_PREFERRED, _SHOWN):
                yield f"{s} {p} {text(same.label, 'en')} {self._term('graph/entities')} ."
