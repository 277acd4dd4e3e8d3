"""kg build, kg annotate, kg remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

from kg.cli.common import (
    graph_option,
    kb_option,
    layers,
    online_options,
    overrides_option,
    tell_rejected,
    with_progress,
)
from kg.errors import GraphError
from kg.export import Settings, export_described, format_of
from kg.graph import Graph
from kg.graph.once import lines_of
from kg.knowledge.wikidata import WIKIDATA
from kg.model import Annotation, Document, Quad, Rejected
from kg.overrides import FILE, Overrides, append
from kg.pipeline import Online, OnlinePipeline, Setup, annotate_all, ready, row
from kg.rdf import DEFAULT_BASE
from kg.read import read

_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_WORKERS = click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to use.")
_KINDS = ".ttl .nq .trig .nt .jsonld, or what `kg export --help` lists, each plain or .gz"


class _NothingReadError(Exception):
    """No article could be read: nothing is written."""


class _Batch:
    """The articles of one run: what came of them, one after the other, and what did not."""

    def __init__(self, inputs: tuple[str, ...], setup: Setup, workers: int) -> None:
        self.rejected: list[Rejected] = []
        self.done = 0
        self.refused = 0  # claims about things of kinds that their relation can't have
        self._setup = setup
        if setup.online and workers > 1:
            raise click.UsageError("--online asks one request at a time: leave --workers out.")
        self._results = annotate_all(read(inputs), setup, workers=workers)

    def annotations(self) -> Iterator[Annotation]:
        """Those that could be read."""
        for result in with_progress(self._results, "articles"):
            if isinstance(result, Rejected):
                self.rejected.append(result)
            else:
                self.done += 1
                self.refused += len(result.refused)
                yield result

    def quads(self, base: str) -> Iterator[tuple[Document, list[Quad]]]:
        """The same in RDF."""
        pipeline = ready(self._setup)
        for annotation in self.annotations():
            yield annotation.document, pipeline.quads(annotation, base)

    def lines(self, base: str) -> Iterator[str]:
        """The sorted lines of a graph of them. _NothingReadError at the end, if none could be read."""
        yield from lines_of(self.quads(base), base)
        if not self.done:
            raise _NothingReadError

    def tell_refused(self) -> None:
        """How many claims were not written, if any."""
        if self.refused:
            click.echo(f"{self.refused} claims refused: their relation does not hold between such kinds of things")

    def end(self) -> None:
        """Tells what could not be asked and what was rejected; ends with status 1 if nothing could be read."""
        pipeline = ready(self._setup) if self._setup.online else None
        if isinstance(pipeline, OnlinePipeline) and pipeline.trouble:
            told = pipeline.trouble
            click.echo(f"kg: {told.what} The articles were read without it.\n    {told.do}", err=True)
        tell_rejected(self.rejected, self.done)


@click.command(short_help="Articles in, one sourced graph out: a file or a lasting folder.")
@_INPUTS
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help=f"Write this file: {_KINDS}.")
@graph_option("Add to this graph folder; it is made if there is none.", required=False)
@kb_option
@overrides_option
@online_options
@click.option("--base", metavar="IRI", help=f"Where the graph's own nodes stand (default: {DEFAULT_BASE}).")
@click.option(
    "--texts/--no-texts",
    default=None,
    help="Whether DIR keeps the full texts for the pages of `kg serve`. They stay in DIR. Default: as before; yes.",
)
@_WORKERS
def build(  # noqa: PLR0913 - one argument an option
    *,
    inputs: tuple[str, ...],
    output: Path | None,
    graph: str | None,
    kb: tuple[Path, ...],
    overrides: tuple[Path, ...],
    online: bool,
    api: str | None,
    budget: int,
    learned: Path | None,
    base: str | None,
    texts: bool | None,
    workers: int,
) -> None:
    """Articles in, one sourced graph out.

    INPUT is a file, a folder, a glob, a URL, or - for standard input: text (its first line may be
    "date 2025-10-09 ..."), HTML, RSS/Atom, JSONL, CSV or WARC, each plain or .gz. The same article twice
    changes nothing. DIR/overrides.toml, where there is one, is obeyed. What can't be read is listed at the
    end, and in DIR/rejected.jsonl; the exit status is 1 only if no article could be read.

    \b
    kg build article.txt -o news.ttl
    kg build articles/ https://example.org/feed.xml --graph news --workers 4
    """
    if (output is None) == (graph is None):
        raise click.UsageError("Give either -o FILE or --graph DIR.")
    own = _own_overrides(Path(graph)) if graph is not None else ()
    asked = Online(api or WIKIDATA, budget, learned) if online else None
    batch = _Batch(inputs, Setup(layers(kb), Overrides.read(*own, *overrides), asked), workers)
    if graph is not None:
        _into_folder(batch, Graph.open(graph, create=True, base=base, texts=texts), graph)
    elif output is not None:
        _into_file(batch, output, base or DEFAULT_BASE)
    batch.end()


def _own_overrides(graph: Path) -> tuple[Path, ...]:
    """DIR/overrides.toml, where there is one, with claims that were judged entered under the articles' own ids, too.

    Where reports of several articles are one event, the graph gives a claim another id than the articles do, under
    whose ids it will be met.
    """
    path = graph / FILE
    if not path.exists():
        return ()
    rules = Overrides.read(path)
    if rules.claims:
        for rule in rules.unmet(Graph.open(graph).raw_claims):
            entry = {"id": rule.id, "verdict": rule.verdict, "article": rule.article, "of": rule.of}
            append(path, "claim", entry | {"by": "kg build"})
    return (path,)


def _into_folder(batch: _Batch, target: Graph, graph: str) -> None:
    changed = target.add(batch.quads(target.base))
    if batch.rejected:
        target.reject(batch.rejected)
    held = sum(1 for _ in target.documents())
    click.echo(f"{batch.done} articles read, {changed} new or changed; {graph} now holds {held}")
    batch.tell_refused()


def _into_file(batch: _Batch, output: Path, base: str) -> None:
    format_of(output)  # a wrong extension is told before the work, not after it
    try:
        beside = export_described(batch.lines(base), output, Settings(base))
    except _NothingReadError:
        return  # an empty graph is no answer, and what the file held before stays
    click.echo(f"{batch.done} articles in {output}{f', described in {beside.name}' if beside else ''}")
    batch.tell_refused()


@click.command(short_help="Mentions, links, events and claims as JSON lines.")
@_INPUTS
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here, not to the screen.")
@kb_option
@overrides_option
@online_options
@click.option("--base", default=DEFAULT_BASE, metavar="IRI", help="Where local entities and events stand.")
@_WORKERS
def annotate(  # noqa: PLR0913 - one argument an option
    *,
    inputs: tuple[str, ...],
    output: Path | None,
    kb: tuple[Path, ...],
    overrides: tuple[Path, ...],
    online: bool,
    api: str | None,
    budget: int,
    learned: Path | None,
    base: str,
    workers: int,
) -> None:
    """Mentions, links, events and claims of each article, as one JSON object a line.

    \b
    kg annotate article.txt
    kg annotate articles/ -o annotations.jsonl --workers 4
    """
    asked = Online(api or WIKIDATA, budget, learned) if online else None
    batch = _Batch(inputs, Setup(layers(kb), Overrides.read(*overrides), asked), workers)
    with suppress(_NothingReadError), _opened(output) as file:
        for annotation in batch.annotations():
            file.write(json.dumps(row(annotation, base), ensure_ascii=False) + "\n")
        if not batch.done:
            raise _NothingReadError  # no rows are no answer, and what the file held before stays
    batch.end()


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that gets its name when it is whole."""
    if output is None:
        yield sys.stdout
        return
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise GraphError(
            f"{output} can't be written: {error.strerror}", "Choose a place that can be written."
        ) from error
    finally:
        part.unlink(missing_ok=True)


@click.command(short_help="Take back an article and exactly its facts.")
@click.argument("article")
@graph_option("The graph folder.")
def remove(article: str, graph: str) -> None:
    """Take back an article and exactly its facts.

    ARTICLE is its id (or the beginning of it), its IRI, its URL, or the path it was read from. What other
    articles say stays.

    \b
    kg remove articles/one.txt --graph news
    kg query articles --graph news            lists them
    """
    target = Graph.open(graph)
    gone = target.remove(_as_listed(target, article))
    click.echo(f"removed {gone.id} {gone.url or ''}".rstrip())


def _as_listed(graph: Graph, article: str) -> str:
    """The path by which the graph knows a file: from the folder that was given on, wherever that stood."""
    path = Path(article)
    if not path.is_file():
        return article
    known = {one.url for one in graph.documents()}
    tails = ("/".join(path.absolute().parts[i:]) for i in range(1, len(path.absolute().parts)))
    return next((tail for tail in tails if tail in known), article)
