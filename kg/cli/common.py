"""What several verbs need: options, progress, and the list of what was rejected."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.model import Rejected

T = TypeVar("T")
_MOST_LISTED = 20  # rejected sources printed; all of them stand in DIR/rejected.jsonl


def graph_option(help_text: str, *, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--graph DIR."""
    return click.option("--graph", required=required, metavar="DIR", help=help_text)


def kb_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--kb FILE, any number of times."""
    text = (
        "Knowledge base; may be repeated: the first that knows something wins. The word starter means the base that "
        "ships, which is also the default."
    )
    option = click.option("--kb", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=text)
    return option(function)


def overrides_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--overrides FILE, any number of times."""
    text = "What a person decided of names and claims (kg/overrides.py explains it); may be repeated, the last holds."
    option = click.option("--overrides", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=text)
    return option(function)


def online_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """--online, --api URL, --budget N, --learned FILE."""
    path = click.Path(path_type=Path)
    options = [
        click.option("--online", is_flag=True, help="Ask Wikidata for names that no base knows, and learn them."),
        click.option("--api", metavar="URL", help="Another Wikibase's api.php."),
        click.option("--budget", type=click.IntRange(1), default=500, show_default=True, help="Requests at most."),
        click.option("--learned", type=path, metavar="FILE.kb", help="Where to learn (default: among your own data)."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def layers(kb: tuple[Path, ...]) -> tuple[Path | None, ...]:
    """The bases of --kb; None is the one that ships."""
    return tuple(None if str(path) == "starter" else path for path in kb) or (None,)


def told(what: str, done: int) -> None:
    """Tells on standard error how far long work is, if that is a terminal; a callback of kg.knowledge."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}: {done:,}", nl=False, err=True)


def told_all() -> None:
    """Takes away what `told` wrote last."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def with_progress(items: Iterable[T], what: str) -> Iterator[T]:
    """Hands the items on and counts them on standard error, if that is a terminal; else silently."""
    if not sys.stderr.isatty():
        yield from items
        return
    number = 0
    for number, item in enumerate(items, 1):
        click.echo(f"\r{number:,} {what}", nl=False, err=True)
        yield item
    if number:
        click.echo("\r\x1b[K", nl=False, err=True)


def tell_rejected(rejected: list[Rejected], done: int) -> None:
    """Lists on standard error what could not be read, and ends with status 1 if nothing could."""
    if rejected:
        click.echo(f"Rejected {len(rejected)} of {len(rejected) + done}:", err=True)
        for one in rejected[:_MOST_LISTED]:
            click.echo(f"  {one.source}: {one.what}\n      {one.do}", err=True)
        if len(rejected) > _MOST_LISTED:
            click.echo(f"  ... and {len(rejected) - _MOST_LISTED} more", err=True)
    if not done:
        if not rejected:
            click.echo(
                "kg: there is no article in what was given\n    Give files, folders or URLs of articles.", err=True
            )
        sys.exit(1)
