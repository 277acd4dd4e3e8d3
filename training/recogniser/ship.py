"""Makes a trained network small and puts it where the program looks for it, as a spaCy pipeline.

    python training/recogniser/ship.py work models/recogniser --weights work/model-*.npz

Weights of several looks of one training are averaged: the mean knows less by heart than the last.
Tables become eight-bit numbers with a scale a row, the pieces' vectors are multiplied with what the network has made
of them, everything else becomes half precision.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import spacy
from encode import KINDS, LANGUAGES

from kg.recognise.component import Names
from kg.recognise.features import SLOTS
from kg.recognise.words import Words, read_names

META = {
    "name": "newskg_recogniser",
    "version": "2.2.1",
    "description": "Names of people, places and organisations in eighteen languages. See MODEL_CARD.md.",
    "license": "CC BY-NC-SA 4.0",
}


def small(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows as eight-bit numbers, and each row's scale."""
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-6) / 127
    scale = scale.astype(np.float16)
    return np.clip(np.rint(rows / scale.astype(np.float32)[:, None]), -127, 127).astype(np.int8), scale


def letters(text: str) -> np.ndarray:
    """A text as an array of its UTF-8 bytes."""
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def mean(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """The mean of networks of one training; keys and the like are those of the first, for all have the same."""
    read = [dict(np.load(path)) for path in paths]
    return {
        name: np.mean([other[name] for other in read], axis=0) if one.dtype == np.float32 else one
        for name, one in read[0].items()
    }


def shipped(weights: dict[str, np.ndarray], pieces: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of `kg.recognise.network.Network`."""
    out = {f"keys/{slot}": weights[f"keys/{slot}"] for slot in SLOTS}
    for place in range(len(SLOTS)):
        out[f"slots/{place}"], out[f"slots/{place}/scale"] = small(weights[f"slots/{place}/weight"])
    vectors = pieces["vectors"].astype(np.float32) @ weights["pieces/weight"].T
    out["pieces"], out["pieces/scale"] = small(vectors)
    out["pieces/text"] = letters(str(pieces["pieces"]))
    out["pieces/scores"] = pieces["scores"].astype(np.float16)
    for name in ("mix", "conv", "top", "out"):
        out[f"{name}/weight"] = weights[f"{name}/weight"].T
        out[f"{name}/bias"] = weights[f"{name}/bias"]
    for name in ("ahead", "back"):
        out[f"{name}/in"] = weights[f"{name}/weight_ih_l0"].T
        out[f"{name}/again"] = weights[f"{name}/weight_hh_l0"].T
        out[f"{name}/bias"] = weights[f"{name}/bias_ih_l0"] + weights[f"{name}/bias_hh_l0"]
    out |= {name: weights[name] for name in ("norm/weight", "norm/bias", "norm2/weight", "norm2/bias", "trans")}
    out["lang"] = weights["lang/weight"] + weights["corpus/weight"][0]
    out["languages"], out["kinds"] = letters(" ".join(LANGUAGES[1:])), letters(" ".join(KINDS))
    return {
        name: np.ascontiguousarray(one.astype(np.float16) if one.dtype in (np.float32, np.float64) else one)
        for name, one in out.items()
    }


def main() -> None:
    """Reads, makes small, names, saves; the model card goes with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    parser.add_argument("--scores", type=Path)
    options = parser.parse_args()
    nlp = spacy.blank("xx")
    nlp.tokenizer = Words(nlp.vocab, read_names((options.work / "names.txt.gz").read_bytes()))
    nlp.config["nlp"]["tokenizer"] = {"@tokenizers": "newskg.Words.v1"}
    component = nlp.add_pipe("newskg_names", name="ner")
    assert isinstance(component, Names)
    component.load(shipped(mean(options.weights), dict(np.load(options.work / "pieces.npz"))))
    scores = json.loads(options.scores.read_text(encoding="utf-8")) if options.scores else {}
    nlp.meta.update({**META, "performance": scores})
    for key in ("paths", "training", "corpora", "initialize"):
        nlp.config[key] = {}  # where it was trained is nobody's business, and no path of it exists here
    shutil.rmtree(options.out, ignore_errors=True)
    nlp.to_disk(options.out, exclude=["vocab"])
    shutil.copy(Path(__file__).parent / "MODEL_CARD.md", options.out / "MODEL_CARD.md")
    print(sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file()), "bytes")


if __name__ == "__main__":
    main()
