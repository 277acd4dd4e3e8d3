"""kg reconcile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from kg.cli.common import graph_option, kb_option, layers, online_options, with_progress
from kg.errors import GraphError
from kg.graph import Assigned, Graph
from kg.knowledge import KnowledgeBase, opened
from kg.knowledge.wikidata import WIKIDATA, Asked, Learner, Live, connect
from kg.query import run
from kg.query.table import Rows, Term
from kg.rdf import CLASSES, DEFAULT_BASE, expand
from kg.reconcile import LEAST, Local, Match, match_all

_KIND_OF = {expand(name, DEFAULT_BASE): kind for kind, name in CLASSES.items()}
# Names only: "the police" and "a plane" are nobody's names.
_NAMES = """SELECT DISTINCT ?e ?type ?words {
  ?e a kg:LocalEntity, ?type . ?m itsrdf:taIdentRef ?e ; nif:anchorOf ?words .
  FILTER(?type != kg:LocalEntity) FILTER NOT EXISTS { ?m kg:nominal true } } ORDER BY ?e ?type ?words"""
_NEAR = """SELECT DISTINCT ?e ?other {
  ?e a kg:LocalEntity . ?m itsrdf:taIdentRef ?e ; nif:referenceContext ?article .
  ?n nif:referenceContext ?article ; itsrdf:taIdentRef ?other .
  FILTER(STRSTARTS(STR(?other), "http://www.wikidata.org/entity/Q")) }"""


@click.command(short_help="Local entities -> QIDs, by asking live Wikidata or another base.")
@graph_option("The graph folder.")
@kb_option
@online_options
@click.option(
    "--min-score", type=click.FloatRange(0, 1), default=LEAST, show_default=True, help="A match's least score."
)
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
def reconcile(  # noqa: PLR0913 - one argument an option
    *,
    graph: str,
    kb: tuple[Path, ...],
    online: bool,
    api: str | None,
    budget: int,
    learned: Path | None,
    min_score: float,
    dry_run: bool,
) -> None:
    """Find out which items local entities are, by all their names in all languages, their kinds and their company.

    What was found is written to DIR/identities.jsonl; every claim follows, and the old IRI stays as an alias.

    \b
    kg reconcile --graph news --kb wikidata.kb --dry-run
    kg reconcile --graph news --online
    """
    if not kb and not online:
        raise click.UsageError("Say whom to ask: --online, or --kb OTHER.kb.")
    folder = Graph.open(graph)
    locals_ = list(_locals(folder))
    base = opened(*layers(kb))
    if online:
        base = _asked(locals_, base, Learner(base, Live(connect(api or WIKIDATA, budget)), learned))
    matches = list(with_progress(match_all(locals_, base, min_score), "local entities"))
    for match in matches:
        click.echo(_shown(match))
    found = [match for match in matches if match.qid]
    if not dry_run:
        folder.identify(_assigned(match) for match in found)
    done = "would get" if dry_run else "got"
    click.echo(f"{len(found)} of {len(matches)} local entities {done} an item")


def _locals(folder: Graph) -> Iterator[Local]:
    """The named local entities of a graph."""
    near: dict[str, set[str]] = {}
    for one, other in _rows(folder, _NEAR):
        near.setdefault(one.value, set()).add(other.value.rpartition("/")[2])
    found: dict[str, tuple[str, set[tuple[str, str]]]] = {}
    for one, of, words in _rows(folder, _NAMES):
        found.setdefault(one.value, (of.value, set()))[1].add((words.lang or "mul", words.value))
    for iri, (kind_iri, names) in found.items():
        kind = _KIND_OF.get(kind_iri)
        if kind and iri.startswith(folder.base):
            yield Local(iri.removeprefix(folder.base), kind, tuple(sorted(names)), frozenset(near.get(iri, ())))


def _rows(folder: Graph, query: str) -> Iterator[tuple[Term, ...]]:
    body = run(str(folder.folder), query).body()
    try:
        for row in Rows.from_json(body).rows:
            yield tuple(term for term in row if term)
    except (KeyError, ValueError) as error:
        raise GraphError(
            f"{folder.folder} could not be asked: {error}.", "Rebuild its index, or report this."
        ) from error


def _asked(locals_: list[Local], base: KnowledgeBase, learner: Learner) -> KnowledgeBase:
    """The base with what Wikidata says of the names. Each entity is asked for alone, so that a stop loses little."""
    for local in with_progress(locals_, "local entities asked for"):
        learner.learn(Asked(text, lang) for lang, text in local.names)
    return learner.base() if locals_ else base


def _shown(match: Match) -> str:
    names = " / ".join(dict.fromkeys(text for _, text in match.local.names))
    return f"{match.qid or '-':<12} {match.score:.2f}  {match.local.iri}  {names}  ({match.label or ''}: {match.why})"


def _assigned(match: Match) -> Assigned:
    today = datetime.now(UTC).date().isoformat()
    return Assigned(match.local.iri, match.qid or "", match.label, match.why, match.score, today)
