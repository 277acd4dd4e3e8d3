"""Fits the confidence of a model's names on held-out texts: a logistic regression, into `confidence.json`.

    python training/recogniser/calibrate.py models/recogniser --ner ../shared/corpora/ner --dev work/data/dev

At most PER_LANGUAGE texts a language, so that none rules. Prints the mean gap between confidence and truth
over ten bins (expected calibration error), measured on the fifth of the texts that was not fitted.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import spacy
from conventions import is_demonym, without_title
from evaluate import read, texts

from kg.recognise.trained import CONFIDENCE, features, probability

PER_LANGUAGE = 500
STEPS, RATE, PENALTY = 800, 0.1, 1e-4


def examples(model: Path, ner: Path, dev: Path) -> list[tuple[dict[str, float], bool]]:
    """(features, right) of every name that the model finds."""
    nlp = spacy.load(model)
    known = nlp.tokenizer.names
    found = []
    for path in sorted(dev.glob("*.spacy")):
        lang = path.stem
        held = list(texts(lang, ner, dev))
        some = sorted(random.Random(1).sample(range(len(held)), min(PER_LANGUAGE, len(held))))
        docs = list(read(nlp, lang, held))
        for (text, gold, _), doc in ((held[place], docs[place]) for place in some):
            right = {without_title(text, one, lang) for one in gold}
            demonyms = [one for one in gold if is_demonym(text, one)]
            for one, sure in zip(doc.ents, doc.user_data["sure"], strict=True):
                among = any(one.start_char < other[1] and other[0] < one.end_char for other in demonyms)
                hit = (one.start_char, one.end_char, one.label_) in right
                if not (among and one.label_ != "NORP"):
                    hit = hit or (among and one.label_ == "NORP")
                    found.append((features(one, sure, lang, known), hit))
    return found


def fit(rows: list[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Weights of the features, by gradient descent on the log loss."""
    names = sorted({name for row, _ in rows for name in row})
    index = {name: i for i, name in enumerate(names)}
    inputs = np.zeros((len(rows), len(names)), dtype=np.float32)
    for i, (row, _) in enumerate(rows):
        inputs[i, [index[name] for name in row]] = list(row.values())
    truth = np.array([right for _, right in rows], dtype=np.float32)
    weights = np.zeros(len(names), dtype=np.float32)
    for _ in range(STEPS):
        given = 1 / (1 + np.exp(-inputs @ weights))
        weights -= RATE * (inputs.T @ (given - truth) / len(rows) + PENALTY * weights)
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def gap(rows: list[tuple[dict[str, float], bool]], weights: dict[str, float]) -> float:
    """Expected calibration error over ten bins, 0..1."""
    given = np.array([probability(row, weights) for row, _ in rows])
    truth = np.array([right for _, right in rows], dtype=float)
    bins = np.minimum((given * 10).astype(int), 9)
    parts = [
        (bins == one).sum() / len(rows) * abs(given[bins == one].mean() - truth[bins == one].mean())
        for one in set(bins)
    ]
    return float(sum(parts))


def main() -> None:
    """Fits on four fifths, measures on one, then fits on all and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    options = parser.parse_args()
    rows = examples(options.model, options.ner, options.dev)
    random.Random(1).shuffle(rows)
    cut = len(rows) // 5
    print(f"{len(rows)} names, {np.mean([right for _, right in rows]):.3f} right")
    print(f"calibration error {gap(rows[:cut], fit(rows[cut:])):.3f}")
    weights = fit(rows)
    (options.model / CONFIDENCE).write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
