"""kg kb build, info, search, add."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from kg.cli.common import kb_option
from kg.errors import KnowledgeError
from kg.knowledge import KnowledgeBase, load_profile
from kg.knowledge import add as add_entries
from kg.knowledge import build as build_base


@click.group(short_help="Knowledge bases: build, info, search, add.")
def kb() -> None:
    """Knowledge bases: what names mean which items.

    \b
    kg kb search 'Russian president'
    kg kb info
    """


@kb.command("build")
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE.kb")
@click.option("--exclude-source", "excluded", multiple=True, metavar="KEY", help="Leave a source out; may be repeated.")
def _build(facts: Path, output: Path, excluded: tuple[str, ...]) -> None:
    """Build a base from a folder of facts (entities.jsonl.gz, relations.tsv.gz, classes.tsv.gz, SOURCES.md).

    \b
    kg kb build facts/ -o my.kb --exclude-source nsi
    """
    profile = load_profile(exclude_sources=frozenset(excluded))
    _show(build_base(facts, output, profile))


@kb.command("info")
@kb_option
def _info(kb: Path | None) -> None:
    """What a base holds, where it is from, and under which licences.

    \b
    kg kb info
    """
    _show(KnowledgeBase.open(kb).info())


@kb.command("search")
@click.argument("text")
@kb_option
@click.option("--lang", metavar="CODE", help="Language of the text (ISO 639-1); default: any.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True)
def _search(text: str, kb: Path | None, lang: str | None, limit: int) -> None:
    """What a name or description may mean, in any script and case.

    \b
    kg kb search Əliyevlə
    kg kb search 'Russian president'
    """
    hits = KnowledgeBase.open(kb).search(text, lang, limit)
    for hit in hits:
        click.echo(f"{hit.qid:<12} {hit.kind:<5} {hit.score:.2f}  {hit.label}  ({hit.why})")
    if not hits:
        raise KnowledgeError(f"Nothing in this base is called {text!r}.", "Try another spelling, or add it: kg kb add.")


@kb.command("add")
@click.argument("base", type=click.Path(path_type=Path), metavar="MINE.kb")
@click.argument("qid")
@click.argument("kind", type=click.Choice(["PER", "LOC", "ORG", "EVT", "PROD", "FAC", "NORP"]))
@click.option("--name", "names", multiple=True, required=True, metavar="LANG=NAME", help="May be repeated.")
def _add(base: Path, qid: str, kind: str, names: tuple[str, ...]) -> None:
    """Add one entry to a base of your own; it is made if there is none.

    \b
    kg kb add mine.kb Q123 ORG --name en='Example Airlines' --name az='Nümunə Hava Yolları'
    """
    labels: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    for one in names:
        lang, equals, name = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one!r} is not LANG=NAME", param_hint="--name")
        if labels.setdefault(lang, name) != name:
            aliases.setdefault(lang, []).append(name)
    _show(add_entries(base, [{"qid": qid, "type": kind, "labels": labels, "aliases": aliases}]))


def _show(info: Mapping[str, Any]) -> None:
    for key, value in info.items():
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            click.echo(f"{key}:")
            for row in value:
                click.echo("  " + "  ".join(str(cell) for cell in row.values()))
        elif isinstance(value, Mapping):
            click.echo(f"{key}: " + ", ".join(f"{name} {number}" for name, number in value.items()))
        else:
            click.echo(f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
