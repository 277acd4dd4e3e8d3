"""kg serve."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from kg.cli.common import kb_option, layers
from kg.errors import GraphError
from kg.query import Limits

TOKEN = "KG_TOKEN"  # noqa: S105 - the name of a variable; a token on the command line is seen by everybody


@click.command(short_help="A SPARQL endpoint, services for other tools, and pages for people.")
@click.option("--graph", required=True, metavar="DIR|FILE", help="A graph folder or an RDF file.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--base", default="", metavar="IRI", help="Where its own nodes stand (default: as the folder says).")
@click.option("--path", default="", metavar="PATH", help="Under which a proxy shows the server, such as /news.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Questions answered at once.")
@click.option("--waiting", type=click.IntRange(0), default=64, show_default=True, help="Questions that may wait.")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds a query may take."
)
@click.option("--memory", type=click.IntRange(64), default=4096, show_default=True, help="MB a query may take.")
@click.option(
    "--allow-update", is_flag=True, help=f"Let who sends the token ({TOKEN}, else a new one) change the file."
)
@click.option("--allow-service", multiple=True, metavar="URL", help="An endpoint SERVICE may ask; may be repeated.")
@click.option("--own-default-graph", is_flag=True, help="The default graph is the unnamed one, not all together.")
@click.option(
    "--log", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="A JSON line an answer; -"
)
@kb_option
def serve(  # noqa: PLR0913 - one argument an option
    *,
    graph: str,
    host: str,
    port: int,
    base: str,
    path: str,
    workers: int,
    waiting: int,
    timeout: float,
    memory: int,
    allow_update: bool,
    allow_service: tuple[str, ...],
    own_default_graph: bool,
    log: Path | None,
    kb: tuple[Path, ...],
) -> None:
    """A SPARQL 1.1 endpoint at /sparql, graphs at /graphs, reconciliation at /reconcile, and pages at /.

    Everything is listed in /openapi.json; /health and /metrics are for whoever runs it. A graph that changes while
    it is served is picked up without a restart. Nothing can be changed by SPARQL unless the graph is one file and
    --allow-update is given. Ctrl-C ends it.

    \b
    kg serve --graph news
    curl -G http://127.0.0.1:8000/sparql --data-urlencode 'query=SELECT * { ?s kg:metWith ?o }'
    """
    from kg.pipeline import Setup  # noqa: PLC0415 - these take 0.5 s that other verbs save
    from kg.serve import Options  # noqa: PLC0415
    from kg.serve import serve as serve_graph  # noqa: PLC0415

    limits = Limits(seconds=timeout, memory=memory << 20)
    token = _token() if allow_update else None
    with _opened(log) as lines:
        options = Options(
            workers, waiting, limits, base, Setup(layers(kb)), token, frozenset(allow_service),
            not own_default_graph, lines, path.rstrip("/"),
        )  # fmt: skip
        serve_graph(Path(graph), (host, port), options, _tell)


def _token() -> str:
    """The token that is given, or a new one, which is then told."""
    if given := os.environ.get(TOKEN, "").strip():
        return given
    made = secrets.token_urlsafe(24)
    click.echo(f"updates are allowed with  Authorization: Bearer {made}", err=True)
    return made


@contextmanager
def _opened(log: Path | None) -> Iterator[TextIO | None]:
    if log is None or str(log) == "-":
        yield sys.stderr if log else None
        return
    try:
        with log.open("a", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise GraphError(f"{log} can't be written: {error.strerror}", "choose a place that can be written") from error


def _tell(address: str) -> None:
    click.echo(f"serving at {address} (SPARQL at {address}sparql); Ctrl-C ends it")
