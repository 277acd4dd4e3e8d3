"""kg export, kg merge, kg check, kg serve."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from kg.check import check as check_graph
from kg.check import check_shapes
from kg.export import FORMATS, Settings, export_described
from kg.export import export as export_graph
from kg.export import texts as whole_texts
from kg.graph import Graph
from kg.model import Document
from kg.rdf import DEFAULT_BASE, About, load
from kg.read import read

_SAMPLE = 25  # articles whose shapes are checked: half a minute


def _formats() -> str:
    width = max(len(one.extension) for one in FORMATS.values())
    lines = (f"{one.extension:<{width}}  {name + ':':<16} {one.words}" for name, one in FORMATS.items())
    return "\b\nFormats (extension, name for --format, what for):\n" + "\n".join(f"  {line}" for line in lines)


@click.command(short_help="A graph as a file, in any format.", epilog=_formats())
@click.option("--graph", required=True, metavar="DIR|FILE", help="A graph folder or an RDF file.")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file (or folder) to write; - for the screen.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), metavar="NAME", help="Else by extension.")
@click.option("--texts", multiple=True, metavar="INPUT", help="The articles, for formats that need whole texts (nif).")
def export(graph: str, output: str, form: str | None, texts: tuple[str, ...]) -> None:
    """A graph as a file, in the format that the extension or --format says; each plain or .gz.

    \b
    kg export --graph news -o news.trig.gz
    kg export --graph news -o tables --format csv
    kg export --graph news -o news.nif.ttl --texts articles/
    kg export --graph news -o - --format ttl | less
    """
    target = sys.stdout.buffer if output == "-" else Path(output)
    if output == "-" and form is None:
        raise click.UsageError("The screen has no extension: add --format.")
    lines, base, about = _opened(Path(graph))
    documents = (one for one in read(texts) if isinstance(one, Document))
    with whole_texts(documents) as known:
        export_graph(lines, target, form, Settings(base, known, about=about))


def _opened(graph: Path) -> tuple[Iterable[str], str, About]:
    """(sorted lines, base IRI, what its owner says) of a folder, or of a file that is read into memory."""
    if graph.is_dir():
        source = Graph.open(graph)
        return source.lines(), source.base, source.about
    return sorted({str(quad) for quad in load(graph)}), DEFAULT_BASE, About()


@click.command(short_help="Several graph folders as one.")
@click.argument("folders", nargs=-1, required=True, metavar="DIR...")
@click.option("--graph", metavar="DIR", help="The folder to put all into; it is made if there is none.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write one file instead.")
def merge(folders: tuple[str, ...], graph: str | None, output: Path | None) -> None:
    """Several graph folders as one: what building all their articles at once would have given.

    Claims and evidence are united by their ids, and reports of one event are joined across the folders. The folders
    themselves stay as they are; an article that two of them read differently counts as the later version read it.

    \b
    kg merge monday tuesday --graph week
    kg merge monday tuesday -o week.ttl
    """
    if (output is None) == (graph is None):
        raise click.UsageError("Give either -o FILE or --graph DIR.")
    sources = [Graph.open(folder) for folder in folders]
    if graph is not None:
        target = Graph.open(graph, create=True, base=sources[0].base)
        changed = target.merge(sources)
        click.echo(f"{changed} articles new or changed; {graph} now holds {sum(1 for _ in target.documents())}")
    elif output is not None:
        with tempfile.TemporaryDirectory(prefix="kg-merge-") as folder:
            target = Graph.open(Path(folder) / "graph", create=True, base=sources[0].base, texts=False)
            target.merge(sources)
            beside = export_described(target.lines(), output, Settings(target.base, about=target.about))
            articles = sum(1 for _ in target.documents())
            click.echo(f"{articles} articles in {output}{f', described in {beside.name}' if beside else ''}")


@click.command(short_help="Is the graph sound? Exit status 1 where it falls short.")
@click.option("--graph", required=True, metavar="DIR|FILE", help="A graph folder or an RDF file.")
@click.option("--all", "every", is_flag=True, help="Hold every article against the shapes, at about a second each.")
def check(graph: str, *, every: bool) -> None:
    """Is the graph sound: evidence for every claim, offsets that fit, nothing undeclared, items well formed.

    The rules look at the whole graph; the SHACL shapes (of the ontology's classes, domains and ranges) at 25
    articles of a folder, spread evenly, unless --all is given. Each violation is shown with its article and sentence.

    \b
    kg check --graph news
    kg check --graph news.ttl
    """
    faults = check_graph(Path(graph))
    for fault in faults:
        click.echo(str(fault))
    number = sum(fault.count for fault in faults)
    for violation in check_shapes(Path(graph), None if every else _SAMPLE):
        click.echo(str(violation))
        number += 1
    click.echo("the graph is sound" if not number else f"{number:,} faults", err=bool(number))
    sys.exit(1 if number else 0)
