"""kg ontology."""

from __future__ import annotations

import json

import click

from kg.export import Settings, context
from kg.ontology import load_ontology, page


@click.command(short_help="The vocabulary as a page, or as a JSON-LD context.")
@click.option("--format", "form", type=click.Choice(["md", "context"]), default="md", show_default=True)
def ontology(form: str) -> None:
    """The vocabulary: classes, predicates, event types and external data sets, as the ontology defines them.

    \b
    kg ontology > vocabulary.md
    kg ontology --format context > context.jsonld        the JSON-LD context of exports
    """
    if form == "context":
        click.echo(json.dumps({"@context": context(Settings())}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(page(load_ontology())))
