"""kg kb build, info, search, add."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from kg.cli.common import kb_option, layers, online_options, told, told_all
from kg.errors import KnowledgeError, QueryError
from kg.knowledge import add as add_entries
from kg.knowledge import build as build_base
from kg.knowledge import build_entries, load_profile, opened
from kg.knowledge.table import Row, entries, read_csv
from kg.knowledge.wikidata import WIKIDATA, Asked, Learner, Live, build_from_dump, connect, load_rules
from kg.query import Limits, run
from kg.query.table import Rows

WDQS = "https://query.wikidata.org/sparql"
_KINDS = ["PER", "LOC", "ORG", "EVT", "PROD", "FAC", "NORP", "POS", "WORK", "LANG"]
_PATH = click.Path(path_type=Path)


@click.group(short_help="Knowledge bases: build, info, search, add.")
def kb() -> None:
    """Knowledge bases: what names mean which items.

    \b
    kg kb search 'Russian president'
    kg kb info
    """


@kb.command("build")
@click.argument("source", type=_PATH, required=False, metavar="FACTS|DUMP")
@click.option("-o", "--output", type=_PATH, required=True, metavar="FILE.kb")
@click.option("--exclude-source", "excluded", multiple=True, metavar="KEY", help="Leave a source out; may be repeated.")
@click.option("--profile", type=_PATH, metavar="FILE.toml", help="Languages, names kept: another knowledge.toml.")
@click.option("--wikidata", type=_PATH, metavar="FILE.toml", help="Classes, least Wikipedias: another wikidata.toml.")
@click.option("--query", metavar="FILE.rq", help="Instead of a file: what this query finds.")
@click.option("--endpoint", default=WDQS, show_default=True, metavar="URL", help="Where the query is asked.")
@click.option("--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True, help="Seconds for the query.")
def _build(  # noqa: PLR0913 - one argument an option
    *,
    source: Path | None,
    output: Path,
    excluded: tuple[str, ...],
    profile: Path | None,
    wikidata: Path | None,
    query: str | None,
    endpoint: str,
    timeout: float,
) -> None:
    """Build a base from facts, from a dump of Wikidata, or from what a SPARQL query finds.

    FACTS is a folder (entities.jsonl.gz, relations.tsv.gz, SOURCES.md). DUMP is latest-all.json.gz, .bz2 or plain,
    or an excerpt of it; a build that was stopped goes on where it was when the command is repeated. The columns of a
    query are explained in kg/knowledge/table.py: qid (or item), kind (or class), label, alias, country, sitelinks ...

    \b
    kg kb build facts/ -o my.kb --exclude-source nsi
    kg kb build latest-all.json.gz -o wikidata.kb
    kg kb build --query airlines.rq -o airlines.kb
    """
    if (source is None) == (query is None):
        raise click.UsageError("Give either FACTS or DUMP, or --query FILE.rq.")
    kept, rules = load_profile(profile, exclude_sources=frozenset(excluded)), load_rules(wikidata)
    if query is not None:
        rows = _answers(endpoint, query, timeout)
        found = entries(rows, rules, f"{endpoint}, row ")
        origin = {
            "key": "query",
            "what": f"the answer to {Path(query).name}",
            "from": endpoint,
            "licence": _licence(endpoint),
        }
        info = build_entries(found, output, origin, kept, told)
    elif source is not None and source.is_file():
        info = build_from_dump(source, output, kept, rules, told)
    elif source is not None:
        info = build_base(source, output, kept, told)
    told_all()
    _show(info)


def _licence(endpoint: str) -> str:
    return "CC0 1.0" if endpoint == WDQS else "as the endpoint says"


def _answers(endpoint: str, query: str, timeout: float) -> Iterator[tuple[int, Row]]:
    """The rows of a query's answer, numbered."""
    answer = run(endpoint, query, limits=Limits(seconds=timeout))
    try:
        table = Rows.from_json(answer.body())
    except (KeyError, ValueError) as error:
        raise QueryError(
            f"{endpoint} gave no rows to {query}.", "Ask a SELECT with ?item, ?kind and ?label."
        ) from error
    for place, row in enumerate(table.rows, 1):
        bound = zip(table.variables, row, strict=True)
        yield place, {name: (term.value, term.lang) for name, term in bound if term}


@kb.command("info")
@kb_option
def _info(kb: tuple[Path, ...]) -> None:
    """What a base holds, where it is from, and under which licences.

    \b
    kg kb info
    """
    _show(opened(*layers(kb)).info())


@kb.command("search")
@click.argument("text")
@kb_option
@click.option("--lang", metavar="CODE", help="Language of the text (ISO 639-1); default: any.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True)
@online_options
def _search(  # noqa: PLR0913 - one argument an option
    *,
    text: str,
    kb: tuple[Path, ...],
    lang: str | None,
    limit: int,
    online: bool,
    api: str | None,
    budget: int,
    learned: Path | None,
) -> None:
    """What a name or description may mean, in any script and case.

    \b
    kg kb search Əliyevlə
    kg kb search 'Russian president'
    """
    base = opened(*layers(kb))
    if online:
        learner = Learner(base, Live(connect(api or WIKIDATA, budget)), learned)
        learner.learn([Asked(text, lang or "en")])
        base = learner.base()
    hits = base.search(text, lang, limit)
    for hit in hits:
        click.echo(f"{hit.qid:<12} {hit.kind:<5} {hit.score:.2f}  {hit.label}  ({hit.why})")
    if not hits:
        raise KnowledgeError(f"Nothing in this base is called {text!r}.", "Try another spelling, or add it: kg kb add.")


@kb.command("add")
@click.argument("base", type=_PATH, metavar="MINE.kb")
@click.argument("what", metavar="QID|FILE.csv")
@click.argument("kind", required=False, type=click.Choice(_KINDS))
@click.option("--name", "names", multiple=True, metavar="LANG=NAME", help="May be repeated.")
@click.option("--country", "countries", multiple=True, metavar="QID", help="May be repeated.")
def _add(base: Path, what: str, kind: str | None, names: tuple[str, ...], countries: tuple[str, ...]) -> None:
    """Add one entry, or all of a CSV file, to a base of your own; it is made if there is none.

    The columns of the CSV file are explained in kg/knowledge/table.py: qid, kind, name, lang, alias, country ...

    \b
    kg kb add mine.kb Q123 ORG --name en='Example Airlines' --name az='Nümunə Hava Yolları'
    kg kb add mine.kb airlines.csv
    kg build articles/ --graph news --kb mine.kb --kb starter
    """
    if what.endswith(".csv"):
        _show(add_entries(base, read_csv(Path(what), load_rules())))
        return
    if kind is None or not names:
        raise click.UsageError("One entry needs a QID, a kind and at least one --name.")
    labels: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    for one in names:
        lang, equals, name = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one!r} is not LANG=NAME", param_hint="--name")
        if labels.setdefault(lang, name) != name:
            aliases.setdefault(lang, []).append(name)
    entry = {"qid": what, "type": kind, "labels": labels, "aliases": aliases, "country": list(countries)}
    _show(add_entries(base, [entry]))


def _show(info: Mapping[str, Any]) -> None:
    for key, value in info.items():
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            click.echo(f"{key}:")
            for row in value:
                shown = [str(cell) for cell in row.values() if not isinstance(cell, (Mapping, list, tuple))]
                click.echo("  " + "  ".join(shown))
        elif isinstance(value, Mapping):
            click.echo(f"{key}: " + ", ".join(f"{name} {number}" for name, number in value.items()))
        else:
            click.echo(f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
