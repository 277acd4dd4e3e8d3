"""The trained recogniser's features. Its weights were made with these values: a change here asks for a new model."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from kg.recognise.words import UNKNOWN, Words, name_class, read_names, skeleton

NAMES = {"alief": "S", "baku": "L", "baki": "L", "gasprom": "O", "ilham": "F"}


@pytest.mark.parametrize(
    ("words", "shared"),
    [
        ("Əliyev Алиев Αλίεφ Aliyev Alijev Алієв", "alief"),
        ("Путин Putin Πούτιν", "putin"),
        ("Зеленский Zelensky Zelenskyy Ζελένσκι", "zelenski"),
        ("Bakı Baki", "baki"),
        ("Şuşa Shusha Шуша Šuša", "susa"),
        ("Чехия Cehija Čehija", "cehia"),
        ("Μπακού Баку Baku Bakoo", "baku"),
        ("Wien Vien", "fien"),
    ],
)
def test_spellings_of_one_name_share_a_skeleton(words, shared):
    assert {skeleton(word) for word in words.split()} == {shared}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("8243", "0"), ("2024", "0"), ("—", "—"), ("", ""), ("Q5", "k0"), ("Φιλιππίδης", "filipidis"), ("Ёлкин", "elkin")],
)
def test_skeletons_that_the_model_was_trained_with(word, expected):
    assert skeleton(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Алиев", "S0"), ("Əliyevə", "S1"), ("Алиевым", "S2"), ("Bakıdan", "L3"), ("Bak", UNKNOWN), ("Oslo", UNKNOWN)],
)
def test_case_endings_are_cut_until_a_name_is_left(word, expected):
    assert name_class(word, NAMES) == expected


def test_tokens_are_words_and_single_signs():
    doc = Words(Vocab())("SOCAR-ın V.Putin  L'Italie\n\nABD'de 38,5%")
    assert [token.text for token in doc] == [
        *(
            "SOCAR",
            "-",
            "ın",
            "V",
            ".",
            "Putin",
            " ",
            "L",
            "'",
            "Italie",
            "\n\n",
            "ABD",
            "'",
            "de",
            "38",
            ",",
            "5",
            "%",
        ),
    ]


@given(st.text(alphabet=st.sampled_from("aḈə \t\n.,-'’Я9_"), max_size=40))
def test_the_text_stays_what_it_was(text):
    assert Words(Vocab())(text).text == text


def test_the_word_list_survives_the_disk_byte_by_byte(tmp_path):
    words = Words(Vocab(), NAMES)
    words.to_disk(tmp_path / "tokenizer")
    loaded = Words(Vocab()).from_disk(tmp_path / "tokenizer")
    assert loaded.names == NAMES
    assert loaded.to_bytes() == words.to_bytes()


def test_the_word_list_is_lines_of_word_and_classes():
    assert read_names(gzip.compress(b"a\tS\nb\tLl\n")) == {"a": "S", "b": "Ll"}
