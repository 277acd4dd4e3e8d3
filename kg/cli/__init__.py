"""The commands. Thin: each verb parses its options, calls one room, and prints. The only door to click.

Exit status: 0 done; 1 a KgError (two lines: what happened, what to do), a check that falls short, or a batch of
which no article could be read; 2 wrong options.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from kg import __version__
from kg.errors import KgError

# Verb -> (module of this folder, its line in `kg --help`). The modules are imported when their verb is called:
# help and completion must not wait for spaCy.
VERBS: dict[str, tuple[str, str]] = {
    "build": ("articles", "Articles in, one sourced graph out: a file or a lasting folder."),
    "annotate": ("articles", "Mentions, links, events and claims as JSON lines."),
    "remove": ("articles", "Take back an article and exactly its facts."),
    "query": ("asking", "Ask a graph: a question of the library, a .rq file, or SPARQL."),
    "queries": ("asking", "The questions that the library answers."),
    "explain": ("asking", "Why is this here: quotes, scores, rejected candidates."),
    "export": ("graphs", "A graph as a file, in any format."),
    "merge": ("graphs", "Several graph folders as one."),
    "check": ("graphs", "Is the graph sound? Exit status 1 where it falls short."),
    "ontology": ("vocabulary", "The vocabulary as a page, or as a JSON-LD context."),
    "serve": ("serving", "A SPARQL endpoint, services for other tools, and pages for people."),
    "kb": ("bases", "Knowledge bases: build, info, search, add."),
    "reconcile": ("reconciling", "Local entities -> QIDs, by asking live Wikidata or another base."),
    "score": ("scoring", "Precision, recall and F1 against gold annotations."),
}


class _Verbs(click.Group):
    """A group that imports a verb's module when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        module = import_module(f"kg.cli.{VERBS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error.what}\n    {error.do}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()  # `kg ... | head` has what it wants: no word about the rest
            ctx.exit(0)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """News in any language in, a sourced knowledge graph out.

    \b
    kg build article.txt -o news.ttl          one file from one article
    kg build articles/ --graph news           a lasting graph
    kg query who-met-whom --graph news        ask it
    kg COMMAND --help                         more on each, with an example
    """
