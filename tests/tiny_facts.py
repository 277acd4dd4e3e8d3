"""A tiny facts folder and the base built from it."""

import gzip
import json
from pathlib import Path
from typing import Any

from kg import names
from kg.knowledge import KnowledgeBase, build, load_profile

SOURCES = """
| key | what | obtained from | licence as seen | entities | names |
|---|---|---|---|---|---|
| hand | rows of the tests | this file | CC0 | 1 | 1 |
| shops | brands of the tests | this file | **CC BY 4.0** | 1 | 1 |
| eps | politicians of the tests | this file | CC0 | 1 | 1 |
"""


def entity(number: int, kind: str = "PER", **fields: Any) -> dict[str, Any]:
    row = {"qid": f"Q{number}", "type": kind, "labels": {"en": f"Name {number}"}, "prior": 0.5, "sources": ["hand"]}
    return row | fields


def facts(folder: Path, rows: list[dict[str, Any]], relations: str = "", sources: str = SOURCES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "entities.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if relations:
        (folder / "relations.tsv").write_text(relations, encoding="utf-8")
    (folder / "SOURCES.md").write_text(sources, encoding="utf-8")
    return folder


def made(tmp_path: Path, *rows: dict[str, Any], relations: str = "", **profile: Any) -> KnowledgeBase:
    out = tmp_path / "test.kb"
    build(facts(tmp_path / "facts", list(rows), relations), out, load_profile(**profile))
    return KnowledgeBase.open(out)


def found(base: KnowledgeBase, text: str, lang: str | None = "en", **how: Any) -> list[str]:
    return [base.qid(row) for row in base.exact(names.key(text, lang), **how)]


RURITANIA = [
    entity(
        1,
        "LOC",
        labels={"en": "Ruritania"},
        aliases={"en": ["the Republic of Ruritania"]},
        external={"iso3166_1": "RO"},
    ),
    entity(2, "POS", labels={"en": "President of the Republic of Ruritania"}, country=["Q1"]),
    entity(3, "POS", labels={"en": "Minister of Foreign Affairs"}, country=["Q1"]),
    entity(4, "POS", labels={"en": "President of the Province of Strelsau"}, country=["Q1"]),
    entity(10, labels={"en": "Rudolf Elphberg"}, positions=[["Q2", "2010-03-01", "2015-03-01"]]),
    entity(11, labels={"en": "Flavia Elphberg"}, positions=[["Q2", "2015", None], ["Q2", "2015-03-01", None]]),
    entity(12, labels={"en": "Black Michael"}, positions=[["Q3", "2012-01-01", "2013"]]),
]
