"""Makes a trained network small and puts it where the program looks for it, as a spaCy pipeline.

    python training/recogniser/ship.py work models/recogniser --weights work/model-*.npz --encoder work/encoder.npz

Weights of several looks of one training are averaged: the mean knows less by heart than the last.
Tables and layers become whole numbers of few bits with a scale, everything else becomes half precision.
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
from kg.recognise.encoder import HEADS
from kg.recognise.features import SLOTS
from kg.recognise.words import Words, read_names

SLOTS_MOST, LAYERS_MOST = 7, 23  # whole numbers of tables and layers
CUTS = (1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
LONGEST = 400  # pieces of a sentence that is read: a longer one was not trained on
LAYERS = 6  # that are shipped
PARTS = ("q", "k", "v", "ao", "fi", "fo")
META = {
    "name": "newskg_recogniser",
    "version": "3.0.0",
    "description": "Names of people, places and organisations in eighteen languages. See MODEL_CARD.md.",
    "license": "CC BY-NC-SA 4.0",
}


def small(rows: np.ndarray, most: int, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers from -most to most, in bytes that the file's compression makes small, and the scale of each row
    (axis 1) or column (0): the one of CUTS that loses least, for a few great numbers may be cut.
    """
    top = np.abs(rows).max(axis=axis, keepdims=True)
    best = np.full(top.shape, np.inf)
    scales, whole = np.ones_like(top), np.zeros(rows.shape, dtype=np.int8)
    for share in CUTS:
        scale = np.maximum(top * share / most, 1e-6).astype(np.float16).astype(np.float32)
        tried = np.clip(np.rint(rows / scale), -most, most)
        lost = ((tried * scale - rows) ** 2).sum(axis=axis, keepdims=True)
        better = lost < best
        best, scales = np.where(better, lost, best), np.where(better, scale, scales)
        whole = np.where(better, tried, whole)
    return whole.astype(np.int8), scales.squeeze(axis).astype(np.float16)


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


def layers(weights: dict[str, np.ndarray], pieces: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of `kg.recognise.encoder.Encoder`; what scales the queries goes into their weights."""
    out = {"where": weights["where/weight"][:LONGEST], "lang": weights["lang/weight"]}
    out |= {"norm/weight": weights["norm/weight"], "norm/bias": weights["norm/bias"]}
    out |= {name: pieces[name] for name in ("basis", "mean", "unknown")}
    depth = 0
    while f"layers/{depth}/q/weight" in weights and depth < LAYERS:
        part = {name: [weights[f"layers/{depth}/{name}/{what}"] for what in ("weight", "bias")] for name in PARTS}
        part["q"] = [one * (len(part["q"][1]) // HEADS) ** -0.5 for one in part["q"]]
        part["seen"] = [np.concatenate(both) for both in zip(part["q"], part["k"], part["v"], strict=True)]
        for name, ours in (("seen", "seen"), ("ao", "heard"), ("fi", "inner"), ("fo", "outer")):
            weight, out[f"{depth}/{ours}/bias"] = part[name]
            out[f"{depth}/{ours}/weight"], out[f"{depth}/{ours}/scale"] = small(weight.T, LAYERS_MOST, 0)
        for name, ours in (("aln", "norm"), ("oln", "norm2")):
            out |= {f"{depth}/{ours}/{what}": weights[f"layers/{depth}/{name}/{what}"] for what in ("weight", "bias")}
        depth += 1
    out |= {"out/weight": weights[f"out/{depth}/weight"].T, "out/bias": weights[f"out/{depth}/bias"]}
    return {f"encoder/{name}": one for name, one in out.items()}


def shipped(
    weights: dict[str, np.ndarray], encoder: dict[str, np.ndarray], pieces: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The arrays of `kg.recognise.network.Network`."""
    out = {f"keys/{slot}": weights[f"keys/{slot}"] for slot in SLOTS}
    for place in range(len(SLOTS)):
        out[f"slots/{place}"], out[f"slots/{place}/scale"] = small(weights[f"slots/{place}/weight"], SLOTS_MOST, 1)
    out["pieces"], out["pieces/seen"] = pieces["codes"], pieces["basis"] / pieces["length"] @ weights["pieces/weight"].T
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
    out |= layers(encoder, pieces)
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
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--scores", type=Path)
    options = parser.parse_args()
    nlp = spacy.blank("xx")
    nlp.tokenizer = Words(nlp.vocab, read_names((options.work / "names.txt.gz").read_bytes()))
    nlp.config["nlp"]["tokenizer"] = {"@tokenizers": "newskg.Words.v1"}
    component = nlp.add_pipe("newskg_names", name="ner")
    assert isinstance(component, Names)
    encoder, pieces = (dict(np.load(path)) for path in (options.encoder, options.work / "pieces.npz"))
    component.load(shipped(mean(options.weights), encoder, pieces))
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
