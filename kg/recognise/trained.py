"""The trained recogniser of `models/recogniser`: names in sentences, each with a calibrated confidence.

The network itself gives no probability: it decides word by word. How often it is right is known from held-out
news all the same, by the kind of name, the language, and what the word list knows of its words; `confidence.json`
beside the weights holds that as a logistic regression.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import spacy
from spacy.attrs import LANG  # type: ignore[import-not-found]  # Cython, no stubs
from spacy.tokens import Doc, Span

import kg.recognise.words  # noqa: F401 -- registers the tokenizer that the model names
from kg.errors import DataError
from kg.shipped import shipped

_OWN = {"PER": frozenset("FS"), "LOC": frozenset("Ll"), "ORG": frozenset("Oo")}  # word-list classes of each kind
CONFIDENCE = "confidence.json"


@dataclass(frozen=True, slots=True)
class Found:
    """A name in one text: offsets in code points, kind (PER, LOC, ORG, NORP), confidence 0..1."""

    start: int
    end: int
    kind: str
    score: float


class Trained:
    """A loaded model. The same text gives the same names, whatever else stands in the batch."""

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
        """The names of each (text, language), in order; a text is best one sentence."""
        for doc, lang in self._nlp.pipe(texts, as_tuples=True, batch_size=128):
            yield tuple(
                Found(one.start_char, one.end_char, one.label_, probability(features(one, lang), self._weights))
                for one in doc.ents
            )


def probability(names: Sequence[str], weights: Mapping[str, float]) -> float:
    """How likely a mention with these features is right, 0..1: a feature without weight says nothing."""
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) for name in names)))


def features(span: Span, lang: str) -> list[str]:
    """What the confidence of a name rests on, as names of weights."""
    own = _OWN.get(span.label_, frozenset())
    classes = [frozenset(one) for one in _classes(span.doc, span.start, span.end)]
    known = sum(bool(one & own) for one in classes)
    foreign = any(one & frozenset("FSLlOo") and not one & own for one in classes)
    length = min(sum(token.is_alpha for token in span), 3)
    return [
        "all",
        f"kind={span.label_}",
        f"lang={lang}",
        f"{span.label_} of {length} words",
        f"{span.label_} known {'all' if known == len(classes) else 'part' if known else 'none'}",
        *([f"{span.label_} of another kind"] if foreign else []),
        *(["opens"] if span.start == 0 else []),
        *(["capitals"] if span.text.isupper() and len(span.text) > 1 else []),
        *(["lower case"] if span.text.islower() else []),
    ]


def _classes(doc: Doc, start: int, end: int) -> list[str]:
    strings = doc.vocab.strings
    values = doc.to_array([LANG])
    return [strings[int(values[i])] for i in range(start, end) if doc[i].is_alpha]
