"""The trained recogniser of `models/recogniser`: names in sentences, each with a calibrated confidence.

The network says how likely the tags of a name are. How often it is right at that, by kind and language and by what the
word list knows of the words, was measured on held-out news: `confidence.json` beside the weights holds a logistic
regression of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import spacy
from spacy.tokens import Doc, Span

import kg.recognise.component  # noqa: F401 -- registers the component and the tokenizer that the model names
from kg.errors import DataError
from kg.recognise.words import Words, name_class
from kg.shipped import shipped

_OWN = {"PER": frozenset("FS"), "LOC": frozenset("Ll"), "ORG": frozenset("Oo")}  # word-list classes of each kind
CONFIDENCE = "confidence.json"
BATCH = 512  # texts read at once


@dataclass(frozen=True, slots=True)
class Found:
    """A name in one text: offsets in code points, kind (PER, LOC, ORG, NORP), confidence 0..1."""

    start: int
    end: int
    kind: str
    score: float


class Trained:
    """A loaded model. The same document gives the same names, whatever was read before."""

    def __init__(self, nlp: spacy.language.Language, weights: Mapping[str, float]) -> None:
        self._nlp = nlp
        self._weights = weights
        self.version = f"{nlp.meta['name']}-{nlp.meta['version']}"

    @classmethod
    def load(cls, folder: Path | None = None) -> Trained:
        """The model in a folder; None: the one that comes with the program. DataError when it can't be read."""
        path = folder or shipped("models/recogniser")
        try:
            nlp = spacy.load(path)
            weights = json.loads((path / CONFIDENCE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            what = f"The recogniser's model in {path} can't be read: {error}"
            raise DataError(what, "Install the program anew, or train a model as training/recogniser tells.") from error
        return cls(nlp, weights)

    def names(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[Found, ...]]:
        """The names of each (text, language), in order: best the sentences of one document."""
        for doc in self._nlp.pipe((self._doc(text, lang) for text, lang in texts), batch_size=BATCH):
            yield tuple(
                Found(one.start_char, one.end_char, one.label_, self._score(one, sure))
                for one, sure in zip(doc.ents, doc.user_data["sure"], strict=True)
            )

    def _doc(self, text: str, lang: str) -> Doc:
        doc = self._nlp.make_doc(text)
        doc.user_data["lang"] = lang
        doc.user_data["document"] = ""
        return doc

    def _score(self, span: Span, sure: float) -> float:
        tokenizer = self._nlp.tokenizer
        known = tokenizer.names if isinstance(tokenizer, Words) else {}
        return probability(features(span, sure, span.doc.user_data["lang"], known), self._weights)


def probability(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """How likely a mention with these features is right, 0..1: a feature without weight says nothing."""
    return round(1 / (1 + exp(-sum(weights.get(name, 0.0) * value for name, value in values.items()))), 4)


def features(span: Span, sure: float, lang: str, known: Mapping[str, str]) -> dict[str, float]:
    """What the confidence of a name rests on, as names of weights and their values."""
    own = _OWN.get(span.label_, frozenset())
    classes = [frozenset(name_class(token.text, known)) for token in span if token.is_alpha]
    met = sum(bool(one & own) for one in classes)
    foreign = any(one & frozenset("FSLlOo") and not one & own for one in classes)
    bounded = min(max(sure, 0.001), 0.999)
    ones = [
        "all",
        f"kind={span.label_}",
        f"lang={lang}",
        f"{span.label_} of {min(len(classes), 3)} words",
        f"{span.label_} known {'all' if met == len(classes) else 'part' if met else 'none'}",
        *([f"{span.label_} of another kind"] if foreign else []),
        *(["opens"] if span.start == 0 else []),
        *(["capitals"] if span.text.isupper() and len(span.text) > 1 else []),
        *(["lower case"] if span.text.islower() else []),
    ]
    return {**dict.fromkeys(ones, 1.0), "sure": log(bounded / (1 - bounded))}
