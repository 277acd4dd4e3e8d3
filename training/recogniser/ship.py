"""Puts a trained model where the program looks for it: no vocabulary (it grows by itself), its name and its scores.

python training/recogniser/ship.py work/second/model-best models/recogniser --scores scores.json
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import register  # noqa: F401 -- the tokenizer
import spacy

META = {
    "name": "newskg_recogniser",
    "version": "1.0.0",
    "description": "Names of people, places and organisations in eighteen languages. See MODEL_CARD.md.",
    "license": "CC BY-NC-SA 4.0",
}


def main() -> None:
    """Loads, names, saves; the model card goes with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scores", type=Path)
    options = parser.parse_args()
    nlp = spacy.load(options.model)
    scores = json.loads(options.scores.read_text(encoding="utf-8")) if options.scores else {}
    nlp.meta.update({**META, "performance": scores})
    for key in ("paths", "training", "corpora", "initialize"):
        nlp.config[key] = {}  # where it was trained is nobody's business, and no path of it exists here
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(options.out, exclude=["vocab"])
    shutil.copy(Path(__file__).parent / "MODEL_CARD.md", options.out / "MODEL_CARD.md")
    print(sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file()), "bytes")


if __name__ == "__main__":
    main()
