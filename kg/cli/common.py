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
    """--kb FILE."""
    text = "Knowledge base (default: the starter base that ships)."
    return click.option("--kb", type=click.Path(path_type=Path), metavar="FILE", help=text)(function)


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
