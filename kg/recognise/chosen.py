"""A user's choice: languages whose names another spaCy pipeline finds, as `languages.toml` says.

    [en]
    pipeline = "en_core_web_trf"
    labels = "PERSON>PER GPE>LOC LOC>LOC ORG>ORG"    # its labels > our kinds; left out: LABELS

Such a pipeline reads sentence by sentence like our own model, and takes its place in the joining of `rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import spacy

from kg.errors import DataError
from kg.model import Language
from kg.recognise.protocol import Model
from kg.recognise.trained import Found

# What published pipelines call things (OntoNotes, CoNLL and Wikipedia labels). Nationalities are read by our own words.
LABELS: Mapping[str, str] = {
    "PERSON": "PER",
    "PER": "PER",
    "GPE": "LOC",
    "LOC": "LOC",
    "ORG": "ORG",
    "ORGANIZATION": "ORG",
    "persName": "PER",
    "placeName": "LOC",
    "geogName": "LOC",
    "orgName": "ORG",
    "FAC": "FAC",
    "EVENT": "EVT",
    "EVT": "EVT",
    "PRODUCT": "PROD",
    "PROD": "PROD",
}
SCORE = 0.8  # the confidence of its names: it gives none itself, and none was measured
# Not needed for names, and slow.
_UNUSED = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer", "trainable_lemmatizer")


class Chosen:
    """Our model, or for some languages another pipeline."""

    def __init__(self, own: Model, others: Mapping[str, tuple[spacy.language.Language, Mapping[str, str]]]) -> None:
        self._own = own
        self._others = others
        named = [f"{lang}={nlp.meta['name']}-{nlp.meta['version']}" for lang, (nlp, _) in sorted(others.items())]
        self.version = "+".join([own.version, *named])

    def names(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[Found, ...]]:
        """The names of each (text, language), in order."""
        for lang, group in groupby(texts, key=lambda pair: pair[1] if pair[1] in self._others else ""):
            some = list(group)
            yield from self._other(lang, [text for text, _ in some]) if lang else self._own.names(some)

    def _other(self, lang: str, texts: list[str]) -> Iterator[tuple[Found, ...]]:
        nlp, labels = self._others[lang]
        for doc in nlp.pipe(texts):
            yield tuple(
                Found(one.start_char, one.end_char, labels[one.label_], SCORE)
                for one in doc.ents
                if one.label_ in labels
            )


def choose(own: Model, languages: Iterable[Language]) -> Model:
    """`own`, and beside it the pipelines that the languages name. Raises DataError for one that isn't installed."""
    others = {
        one.code: (_load(one.code, one.pipeline), dict(one.labels) or LABELS) for one in languages if one.pipeline
    }
    return Chosen(own, others) if others else own


def _load(lang: str, name: str) -> spacy.language.Language:
    try:
        return spacy.load(name, disable=_UNUSED)
    except OSError as error:
        what = f"languages.toml names the spaCy pipeline {name} for {lang}, which is not installed or can't be read."
        do = (
            f"Install the package that brings it into this environment (what its makers call the package may differ "
            f"from {name}), try `python -c 'import spacy; spacy.load(\"{name}\")'`, or take the line `pipeline` "
            f"out of [{lang}]."
        )
        raise DataError(what, do) from error
