"""kg query, kg queries, kg explain."""

from __future__ import annotations

import shutil
import sys

import click

from kg.cli.common import graph_option
from kg.explain import explain as explain_thing
from kg.query import FORMATS, Answer, Limits, Question, Session, federated_questions, find_question, table
from kg.query import questions as all_questions

_SOURCE = "A graph folder, an RDF file (.ttl .nq .trig .nt .jsonld, plain or .gz), or the URL of a SPARQL endpoint."


@click.command(short_help="Ask a graph: a question of the library, a .rq file, or SPARQL.")
@click.argument("question", metavar="NAME|FILE.rq|'SELECT ...'")
@click.option("--graph", required=True, metavar="DIR|FILE|URL", help=_SOURCE)
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="May be repeated; one name twice: either value."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="Seconds for the answer.")
@click.option("--allow-service", multiple=True, metavar="URL", help="An endpoint SERVICE may ask; may be repeated.")
def query(  # noqa: PLR0913 - one argument an option
    *, question: str, graph: str, params: tuple[str, ...], form: str, timeout: float, allow_service: tuple[str, ...]
) -> None:
    """Ask a graph: a question of the library, a .rq file, or SPARQL itself.

    The prefixes wd:, kg:, schema:, nif:, itsrdf:, sem:, prov:, skos:, rdf:, rdfs: need no declaration. An
    entity is a QID, an IRI, or a name that the graph knows, in any script.

    \b
    kg query who-met-whom --graph news
    kg query what-happened-to --graph news --param entity=Putin --param from=2025-10
    kg query 'SELECT ?s ?o { ?s kg:metWith ?o }' --graph news.ttl --format csv
    kg query offices-now --graph news --param entity=Q57371 --allow-service https://query.wikidata.org/sparql
    """
    given: dict[str, list[str]] = {}
    for one in params:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one!r} is not NAME=VALUE", param_hint="--param")
        given.setdefault(name, []).append(value)
    with Session(graph, Limits(seconds=timeout), frozenset(allow_service)) as session:
        answer = session.ask(question, given, form)
        if form != "table":
            _pour(answer)
            return
        click.echo(table(answer, _width()), nl=False)
        if cut := session.cut(question, given):
            most = int(cut.example)
            click.echo(
                f"Only part of the answer: {most:,} {cut.words}. For more: --param {cut.name}={most * 10}", err=True
            )


def _width() -> int | None:
    """The terminal's columns; None in a pipe, where nothing is cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _pour(answer: Answer) -> None:
    last = b""
    with answer:
        for chunk in answer.chunks():
            sys.stdout.buffer.write(chunk)
            last = chunk
    if not last.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


@click.command(short_help="The questions that the library answers.")
@click.argument("name", required=False)
def queries(name: str | None) -> None:
    """The questions that the library answers; with a NAME, what it can be asked about and its SPARQL.

    \b
    kg queries
    kg queries timeline
    """
    if name is not None:
        _show(find_question(name))
        return
    known = sorted((*all_questions(), *federated_questions()), key=lambda question: (question.group, question.name))
    width = max(len(question.name) for question in known)
    heading = ""
    for question in known:
        if question.group != heading:
            click.echo(f"{'' if not heading else chr(10)}{question.group.upper()}")
            heading = question.group
        click.echo(f"{question.name:<{width}}  {question.words}")
        params = [f"{p.name}=" if not p.optional else f"[{p.name}=]" for p in question.params]
        if params:
            click.echo(f"{'':<{width}}  --param {' '.join(params)}")


def _show(question: Question) -> None:
    click.echo(f"{question.words}\n")
    for param in question.params:
        needed = "may be left out" if param.optional else "needed"
        click.echo(
            f"  --param {param.name}={param.example.removeprefix('wd:')}  {param.words} ({param.type}, {needed})"
        )
    click.echo(f"\n{question.sparql}", nl=False)


@click.command(short_help="Why is this here: quotes, scores, rejected candidates.")
@click.argument("thing", metavar="IRI|QID")
@graph_option("A graph folder or an RDF file.")
@click.option("--format", "form", type=click.Choice(["text", "json", "ttl"]), default="text", show_default=True)
def explain(thing: str, graph: str, form: str) -> None:
    """Why is this here: quotes with article, language, date and offsets, scores, rejected candidates.

    \b
    kg explain Q7747 --graph news
    kg explain claim/9f2c4a... --graph news --format json
    kg explain Q7747 --graph news --format ttl           the same in PROV-O
    """
    explanation = explain_thing(graph, thing)
    written = {"json": explanation.as_json, "ttl": explanation.as_turtle, "text": explanation.as_text}
    click.echo(written[form](), nl=form == "json")
