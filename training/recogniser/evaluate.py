"""How good and how fast a recogniser is: F1 a language, confusions, examples of errors, words a second.

    python training/recogniser/evaluate.py models/recogniser --ner ../shared/corpora/ner --dev work/data/dev \
        [--against en_core_web_sm] [--json scores.json] [--errors errors.md]

Two scores stand side by side, both exact in span and label over PER, LOC, ORG:
`as is`   the corpora's dev files as they are (az de es fr it nl pt: our own held-out tenth);
`names`   by our conventions.py: without the demonyms and adjectives in lower case that some corpora call
          PER or LOC (британците, российских), and without titles before Romanian names.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import spacy
from conventions import is_demonym, without_title
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

import kg.recognise.component  # noqa: F401 -- what our pipeline is made of

KINDS = ("PER", "LOC", "ORG")
OWN_SPLIT = frozenset(["az", "de", "es", "fr", "it", "nl", "pt"])
OTHER_LABELS = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG", "PER": "PER"}
EXAMPLES = 20
WORDS = 2  # shown on either side of an error: the sentences are not ours to publish

Spans = set[tuple[int, int, str]]
Held = tuple[str, Spans, str | None]  # a text, its names, its document


@dataclass(slots=True)
class Result:
    """Counts of one language: label -> right, predicted, gold; what was taken for what; the errors."""

    counts: Counter = field(default_factory=Counter)
    confusion: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def f1(self, *labels: str) -> tuple[float, float, float]:
        """Precision, recall, F1 over the labels."""
        right, given, gold = (sum(self.counts[what, label] for label in labels) for what in ("right", "given", "gold"))
        precision, recall = right / max(given, 1), right / max(gold, 1)
        return precision, recall, 2 * right / max(given + gold, 1)


def texts(lang: str, ner: Path, dev: Path) -> Iterator[Held]:
    """The held-out texts of a language with their gold spans in characters, and the document that they are from."""
    raw = ner / f"dev.{lang}.jsonl.gz"
    if lang in OWN_SPLIT or not raw.exists():
        for doc in DocBin().from_disk(dev / f"{lang}.spacy").get_docs(Vocab()):
            yield doc.text, {(one.start_char, one.end_char, one.label_) for one in doc.ents}, None
        return
    with gzip.open(raw, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            document = row["id"].rsplit("#", 1)[0]  # slavicner/covid-19/bg/001bg#38: sentence by sentence
            yield row["text"], {(one["start"], one["end"], one["label"]) for one in row["entities"]}, document


def evaluate(nlp: Language, lang: str, held: Sequence[Held]) -> dict[str, Result]:
    """The results by both counts, from one pass of the pipeline."""
    results = {"as is": Result(), "names": Result()}
    for (text, gold, _), doc in zip(held, read(nlp, lang, held), strict=True):
        spans = {(one.start_char, one.end_char, OTHER_LABELS.get(one.label_, "")) for one in doc.ents}
        given = {one for one in spans if one[2] in KINDS}
        compare(text, gold, given, results["as is"], names=False)
        compare(text, {without_title(text, one, lang) for one in gold}, given, results["names"], names=True)
    return results


def read(nlp: Language, lang: str, held: Sequence[Held]) -> Iterator[Doc]:
    """The texts as the pipeline reads them; ours is told the language and the document."""
    return nlp.pipe((named(nlp, lang, text, document) for text, _, document in held), batch_size=512)


def named(nlp: Language, lang: str, text: str, document: str | None) -> Doc:
    """A text's tokens with its language."""
    doc = nlp.make_doc(text)
    doc.user_data.update(lang=lang, document=document)
    return doc


def compare(text: str, gold: Spans, given: Spans, result: Result, *, names: bool) -> None:
    """Adds one text to the result."""
    demonyms = {one for one in gold if is_demonym(text, one)}
    if names:
        given = {one for one in given if not any(one[0] < other[1] and other[0] < one[1] for other in demonyms)}
        gold = gold - demonyms
    gold = {one for one in gold if one[2] in KINDS}
    for what, spans in (("right", gold & given), ("given", given), ("gold", gold)):
        result.counts.update((what, label) for _, _, label in spans)
    for span in sorted(gold - given):
        near = [one for one in given if one[0] < span[1] and span[0] < one[1]]
        kind = "nothing" if not near else near[0][2] if near[0][:2] == span[:2] else f"{near[0][2]}, other span"
        result.confusion[span[2], kind] += 1
        what = " / ".join(f"{one[2]} {text[one[0] : one[1]]}" for one in near) or "nothing"
        around = " ".join([*text[: span[0]].split()[-WORDS:], "_", *text[span[1] :].split()[:WORDS]])
        result.errors.append(f"{span[2]} `{text[span[0] : span[1]]}` <- {what} | {around}")
    for span in given - gold:
        if not any(one[0] < span[1] and span[0] < one[1] for one in gold):
            result.confusion["nothing", span[2]] += 1
            result.errors.append(f"nothing <- {span[2]} `{text[span[0] : span[1]]}`")


def report(results: dict[str, dict[str, Result]]) -> str:
    """Markdown: a table of scores, and one of confusions over all languages."""
    lines = ["| lang | F1 as is | F1 names | P | R | PER | LOC | ORG | gold |", "|---|---|---|---|---|---|---|---|---|"]
    for lang, both in results.items():
        names = both["names"]
        precision, recall, f1 = names.f1(*KINDS)
        kinds = " | ".join(f"{names.f1(kind)[2]:.3f}" for kind in KINDS)
        gold = sum(names.counts["gold", kind] for kind in KINDS)
        as_is = both["as is"].f1(*KINDS)[2]
        lines.append(f"| {lang} | {as_is:.3f} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {kinds} | {gold} |")
    total: Counter = Counter()
    for both in results.values():
        total.update(both["names"].confusion)
    lines += ["", "| gold | predicted | times |", "|---|---|---|"]
    lines += [f"| {gold} | {given} | {times} |" for (gold, given), times in total.most_common()]
    return "\n".join(lines)


def speed(nlp: Language, held: Sequence[Held]) -> float:
    """Words a second of processor time (words: what stands between blanks), best of three passes over 3,000 texts."""
    sample = held[:3000]
    words = sum(len(text.split()) for text, _, _ in sample)
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        for _ in read(nlp, "en", sample):
            pass
        best = max(best, words / (time.process_time() - started))
    return best


def main() -> None:
    """Evaluates, prints, and writes what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--against", help="another installed pipeline, compared on English in the same run")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    nlp = spacy.load(options.model)
    print(f"loaded in {time.perf_counter() - started:.2f} s")
    results, errors = {}, []
    for path in sorted(options.dev.glob("*.spacy")):
        results[path.stem] = evaluate(nlp, path.stem, list(texts(path.stem, options.ner, options.dev)))
        found = results[path.stem]["names"].errors
        errors += [f"\n## {path.stem}\n", *random.Random(1).sample(found, min(EXAMPLES, len(found)))]
    print(report(results))
    held = list(texts("en", options.ner, options.dev))
    print(f"en: {speed(nlp, held):.0f} words/s")
    if options.against:
        other = spacy.load(options.against)
        f1 = evaluate(other, "en", held)["names"].f1(*KINDS)[2]
        print(f"{options.against} on en: F1 {f1:.3f}, {speed(other, held):.0f} words/s")
    if options.json:
        scores = {
            lang: {which: round(one.f1(*KINDS)[2], 4) for which, one in both.items()} for lang, both in results.items()
        }
        options.json.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    if options.errors:
        options.errors.write_text("\n".join(errors) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
