"""The trained recogniser that comes with the program: names it must find, confidences that mean something."""

import json

import pytest

from kg.errors import DataError
from kg.recognise.trained import CONFIDENCE, Trained, probability
from kg.shipped import shipped

needs_model = pytest.mark.skipif(not shipped("models/recogniser").exists(), reason="no trained model is shipped")

# Sentences of our own; what they are about is in no corpus that the model was trained on.
SENTENCES = [
    ("en", "Jacinda Ardern visited Wellington with the World Bank.", {"Jacinda Ardern", "Wellington", "World Bank"}),
    ("bg", "Премиерът Николай Денков пристигна в Пловдив.", {"Николай Денков", "Пловдив"}),
    ("ru", "Михаил Мишустин прилетел в Казань.", {"Михаил Мишустин", "Казань"}),
    ("uk", "Денис Шмигаль приїхав до Одеси.", {"Денис Шмигаль", "Одеси"}),
    ("el", "Ο Κυριάκος Μητσοτάκης μίλησε στη Θεσσαλονίκη.", {"Κυριάκος Μητσοτάκης", "Θεσσαλονίκη"}),
    ("ro", "Marcel Ciolacu a vorbit la Cluj.", {"Marcel Ciolacu", "Cluj"}),
    ("tr", "Mehmet Şimşek Ankara'da konuştu.", {"Mehmet Şimşek", "Ankara'da"}),
    ("az", "Əli Əsədov Gəncədə çıxış edib.", {"Əli Əsədov", "Gəncədə"}),
]


@pytest.fixture(scope="module")
def trained():
    return Trained.load()


@needs_model
@pytest.mark.parametrize(("lang", "text", "expected"), SENTENCES, ids=[lang for lang, _, _ in SENTENCES])
def test_plain_names_are_found_in_every_script(trained, lang, text, expected):
    [found] = trained.names([(text, lang)])
    assert expected <= {text[one.start : one.end] for one in found}


@needs_model
def test_a_document_gives_the_same_names_whatever_was_read_before(trained):
    documents = [[(text, lang), (text, lang)] for lang, text, _ in SENTENCES]
    first = [list(trained.names(one)) for one in documents]
    assert first == list(reversed([list(trained.names(one)) for one in reversed(documents)]))


@needs_model
def test_confidences_are_probabilities_and_kinds_are_known(trained):
    found = [one for names in trained.names((text, lang) for lang, text, _ in SENTENCES) for one in names]
    assert all(0 < one.score < 1 for one in found)
    assert {one.kind for one in found} <= {"PER", "LOC", "ORG", "NORP"}


@needs_model
def test_the_model_is_small():
    size = sum(path.stat().st_size for path in shipped("models/recogniser").rglob("*") if path.is_file())
    assert size <= 30_000_000


def test_a_feature_without_weight_says_nothing():
    weights = {"all": 1.0, "kind=PER": 1.0, "sure": 0.5}
    assert probability({"all": 1, "kind=PER": 1}, weights) > probability({"all": 1}, weights) > 0.5
    assert probability({"all": 1, "lang=eo": 1}, weights) == probability({"all": 1}, weights)
    assert probability({"sure": 3.0}, weights) > 0.5 > probability({"sure": -3.0}, weights)
    assert probability({}, weights) == 0.5


def test_a_folder_without_a_model_is_refused_with_advice(tmp_path):
    (tmp_path / CONFIDENCE).write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Trained.load(tmp_path)
    assert "training/recogniser" in caught.value.do
