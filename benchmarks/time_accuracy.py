"""How well kg.when reads times: TimeBank (English, Spanish) and the time slots of our gold articles.

    python benchmarks/time_accuracy.py [--shared DIR] [--errors] [--lang en]

Value accuracy is given the gold span (the reading that overlaps it, or what the bare words mean); recall and
precision of spans count overlaps, for DATE and TIME. TimeML values are mapped to EDTF: a week is its interval of
days, PRESENT_REF the day of publication, PAST_REF anything that ends open in the past.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.edtf import contains, is_valid, strip_qualifier
from kg.model import Document, Sentence, Span
from kg.when import readings, times
from kg.when.context import Context
from kg.when.readers import READERS
from kg.when.resolve import Reading

SHARED = Path(__file__).parents[2] / "shared"
_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}


def edtf_of(value: str, published: date) -> str:
    """A TimeML value as EDTF, or as it is where EDTF has none (durations, sets, parts of days)."""
    value = re.sub(r"(?<=\d)T.*$", "", value)
    if week := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        first = monday + timedelta(days=5 if week[3] else 0)
        return f"{first}/{monday + timedelta(days=6)}"
    if season := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        return f"{season[1]}-{_SEASONS[season[2]]}"
    if re.fullmatch(r"\d\d", value):
        return value + "XX"
    return published.isoformat() if value == "PRESENT_REF" else value


def agrees(reading: Reading, gold: str) -> bool:
    """Whether the reading has the gold value; an interval has those of its ends, too: 1957 - 58."""
    value = strip_qualifier(reading.value or "")
    if gold == "PAST_REF":
        return value.startswith("../")
    if gold == "FUTURE_REF":
        return value.endswith("/..")
    if gold.startswith("P") and not value.startswith("P"):
        slots = dict(reading.slots)
        return READERS["period"](slots, Context()) == gold
    inner = dict(reading.slots).get("time")  # "until next week": TimeML gives the value of "next week"
    if reading.rule.read == "part":  # TimeML gives the end of 1999 as 1999, mod=END; we give 1999-12
        return value[:4] == gold[:4] and gold in (value, value[: len(gold)])
    return gold in (value, inner) or gold in value.split("/")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON lines of a file, gzipped or not."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)


def paragraphs(text: str, lang: str) -> list[Sentence]:
    """Rough sentences: this measures the times, not the splitter."""
    cuts = [0, *(m.end() for m in re.finditer(r"(?<=[a-zá-ú\d”\"'`]{4}[.!?])\s+(?=[^a-z])|\n+", text)), len(text)]
    return [Sentence(Span(a, b), lang) for a, b in pairwise(cuts) if b > a]


def timebank(path: Path, lang: str, *, show: bool) -> None:
    """Scores one TimeBank file and prints the counts."""
    values: Counter[tuple[str, bool]] = Counter()
    spans: Counter[str] = Counter()
    for row in rows(path):
        published = date.fromisoformat(row["dct"])
        document = Document(row["id"], None, None, lang, published, row["text"])
        sentences = paragraphs(row["text"], lang)
        gold = [(Span(entity["start"], entity["end"]), entity) for entity in row["entities"]]
        found = readings(document, sentences, [span for span, _ in gold])
        for span, entity in gold:
            near = [reading for reading in found if reading.span.overlaps(span)]
            right = any(agrees(reading, edtf_of(entity["value"], published)) for reading in near)
            values[entity["label"], right] += 1
            if show and not right:
                read = [(reading.value, reading.rule.id) for reading in near]
                print(f"  {row['dct']} {around(document.text, span)} {entity['value']} != {read}")
        spans += count_spans(document, sentences, gold, show=show)
    report(f"TimeBank {lang}", values, spans)


def count_spans(
    document: Document, sentences: list[Sentence], gold: list[tuple[Span, dict[str, Any]]], *, show: bool
) -> Counter[str]:
    """How many gold dates are found, and how many found times are in the gold."""
    dates = [span for span, entity in gold if entity["label"] in ("DATE", "TIME")]
    own = times(document, sentences)
    extra = [when for when in own if not any(when.span.overlaps(span) for span, _ in gold)]
    for when in extra if show else ():
        print(f"  EXTRA {around(document.text, when.span)} {when.value} {when.rule}")
    found = sum(any(when.span.overlaps(span) for when in own) for span in dates)
    return Counter(gold=len(dates), found=found, own=len(own), right=len(own) - len(extra))


def around(text: str, span: Span) -> str:
    """The words with what stands around them."""
    line = f"{text[max(0, span.start - 40) : span.start]}[{span.of(text)}]{text[span.end : span.end + 25]}"
    return line.replace("\n", " ")


def report(name: str, values: Counter[tuple[str, bool]], spans: Counter[str]) -> None:
    """Prints one corpus' numbers."""
    for labels in (("DATE", "TIME"), ("DURATION",), ("SET",), ("DATE", "TIME", "DURATION", "SET")):
        right = sum(values[label, True] for label in labels)
        total = right + sum(values[label, False] for label in labels)
        print(f"{name:12} value given span, {'+'.join(labels):24} {right}/{total} = {right / max(total, 1):.3f}")
    recall = spans["found"] / max(spans["gold"], 1)
    precision = spans["right"] / max(spans["own"], 1)
    print(f"{name:12} DATE+TIME spans: recall {spans['found']}/{spans['gold']} = {recall:.3f}", end=", ")
    print(f"precision {spans['right']}/{spans['own']} = {precision:.3f}")


def articles(shared: Path) -> None:
    """Scores the time slots of the gold events: equal, or inside the gold value."""
    for row in rows(shared / "gold" / "gold.jsonl"):
        text = (shared / "articles" / row["file"]).read_text(encoding="utf-8")
        published = date.fromisoformat(row["published"]) if row["published"] else None
        document = Document(row["id"], None, None, row["lang"], published, text)
        skip = [Span(s["start"], s["end"]) for s in row["excluded"]]
        sentences = [Sentence(Span(start, end), row["lang"]) for start, end in row["content"]]
        found = [w for w in times(document, sentences) if not any(w.span.overlaps(s) for s in skip)]
        told = [event["time"] for event in row["events"] if event["time"]]
        slots = {(slot["start"], slot["end"], slot["surface"], slot["value"]) for slot in told}
        right = 0
        for start, end, surface, value in sorted(slots):
            near = [strip_qualifier(w.value) for w in found if w.span.overlaps(Span(start, end))]
            ok = value in near
            right += ok
            if not ok:
                loose = any(is_valid(value) and contains(value, other) for other in near)
                print(f"  {row['id'][:3]} {surface!r} gold {value}, read {near}{' (inside)' if loose else ''}")
        print(f"gold {row['lang']}: {right}/{len(slots)} time slots")


def speed(shared: Path) -> None:
    """Characters a second over the TimeBank texts, after warm-up."""
    for lang in ("en", "es"):
        documents = [
            Document(r["id"], None, None, lang, date(2013, 3, 21), r["text"])
            for r in rows(shared / "corpora" / "time" / f"timebank-test.{lang}.jsonl.gz")
        ]
        work = [(d, paragraphs(d.text, lang)) for d in documents]
        for document, sentences in work[:3]:
            times(document, sentences)
        started = time.process_time()
        for document, sentences in work:
            times(document, sentences)
        print(
            f"speed {lang}: {sum(len(d.text) for d in documents) / (time.process_time() - started):,.0f} characters/s"
        )


def main() -> None:
    """Prints all scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--errors", action="store_true", help="print what is wrong")
    parser.add_argument("--lang", choices=["en", "es"])
    options = parser.parse_args()
    for lang in [options.lang] if options.lang else ["en", "es"]:
        timebank(options.shared / "corpora" / "time" / f"timebank-test.{lang}.jsonl.gz", lang, show=options.errors)
    articles(options.shared)
    speed(options.shared)


if __name__ == "__main__":
    main()
