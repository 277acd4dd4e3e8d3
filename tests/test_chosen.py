"""A user's choice of another pipeline for a language: it finds names, labels mapped, or says what is missing."""

from __future__ import annotations

import pytest
import spacy

from kg import pipeline as path
from kg.errors import DataError
from kg.model import Language
from kg.ontology.languages import load_languages
from kg.recognise.chosen import SCORE, choose
from kg.recognise.trained import Found

RULES = [
    {"label": "PERSON", "pattern": "Vera Quill"},
    {"label": "GPE", "pattern": "Orlo"},
    {"label": "DATE", "pattern": "May"},
]


class Own:
    """A model of ours that finds the first word."""

    version = "own-1"

    def names(self, texts):
        for text, _ in texts:
            yield (Found(0, text.index(" "), "ORG", 0.9),)


@pytest.fixture
def installed(tmp_path):
    """A spaCy pipeline with names by rules, in a folder: what `spacy.load` takes beside installed packages."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(RULES)
    nlp.to_disk(tmp_path / "small")
    return str(tmp_path / "small")


def test_the_chosen_pipeline_reads_its_language_and_ours_the_rest_in_order(installed):
    model = choose(Own(), [Language("en", "English", "Latin", pipeline=installed), Language("tr", "Turkish", "Latin")])
    texts = [("Ankara sustu bugün.", "tr"), ("Vera Quill left Orlo in May.", "en"), ("Izmir sustu.", "tr")]
    assert list(model.names(texts)) == [
        (Found(0, 6, "ORG", 0.9),),
        (Found(0, 10, "PER", SCORE), Found(16, 20, "LOC", SCORE)),
        (Found(0, 5, "ORG", 0.9),),
    ]


def test_its_labels_may_be_mapped(installed):
    mapped = (("GPE", "FAC"), ("DATE", "EVT"))
    model = choose(Own(), [Language("en", "English", "Latin", pipeline=installed, labels=mapped)])
    [found] = model.names([("Vera Quill left Orlo in May.", "en")])
    assert [(one.start, one.kind) for one in found] == [(16, "FAC"), (24, "EVT")]


def test_runs_tell_which_pipeline_read(installed):
    assert choose(Own(), [Language("en", "English", "Latin", pipeline=installed)]).version.startswith("own-1+en=")


def test_without_a_choice_nothing_stands_between():
    own = Own()
    assert choose(own, [Language("en", "English", "Latin")]) is own


def test_a_pipeline_that_is_not_installed_is_named_with_what_to_do():
    with pytest.raises(DataError) as caught:
        choose(Own(), [Language("en", "English", "Latin", pipeline="en_core_no_such")])
    assert "en_core_no_such" in caught.value.what
    assert 'spacy.load("en_core_no_such")' in caught.value.do  # never a guess at the package's name
    assert "[en]" in caught.value.do


def test_languages_toml_says_it_and_the_whole_path_obeys(installed, tmp_path, monkeypatch):
    file = tmp_path / "languages.toml"
    file.write_text(
        f'[en]\nname = "English"\nscript = "Latin"\npipeline = "{installed}"\nlabels = "PERSON>PER GPE>LOC"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(path, "languages", lambda: load_languages(file))
    model = path._model()
    [found] = model.names([("Vera Quill left Orlo in May.", "en")])
    assert [one.kind for one in found] == ["PER", "LOC"]


@pytest.mark.parametrize("labels", ["PERSON", "PERSON>HUMAN", ">PER"])
def test_a_label_without_a_kind_of_ours_is_refused(tmp_path, labels):
    file = tmp_path / "languages.toml"
    file.write_text(f'[en]\nname = "English"\nscript = "Latin"\nlabels = "{labels}"\n', encoding="utf-8")
    with pytest.raises(DataError, match="labels has"):
        load_languages(file)
