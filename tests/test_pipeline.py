from __future__ import annotations

import json
from datetime import date

import pytest

from kg.model import Document, Rejected, content_id
from kg.pipeline import Pipeline, annotate_all, row

TEXT = (
    "The president of France, Emmanuel Macron, met Olaf Scholz in Berlin on 3 May 2022.\n\n"
    "Talks with the Varberg Shipping Company continue."
)


def document(text: str = TEXT) -> Document:
    return Document(content_id("test", text), "test.txt", None, "en", date(2022, 5, 4), text)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.create()


def test_one_path_from_text_to_claims(pipeline):
    found = row(pipeline.annotate(document()), "https://example.org/")
    linked = {mention["surface"]: mention["label"] for mention in found["mentions"] if mention["qid"]}
    assert linked["Emmanuel Macron"] == "Emmanuel Macron"
    assert linked["Berlin"] == "Berlin"
    meetings = [event for event in found["events"] if event["type"] == "kg:Meeting"]
    assert [event["time"]["value"] for event in meetings] == ["2022-05-03"]
    assert {p["role"] for p in meetings[0]["participants"]} >= {"agent"}


def test_the_unknown_is_local_under_the_base(pipeline):
    found = row(pipeline.annotate(document()), "https://example.org/")
    company = next(m for m in found["mentions"] if m["surface"] == "Varberg Shipping Company")
    assert company["qid"] is None
    assert company["iri"].startswith("https://example.org/entity/")


def test_rows_are_json_and_offsets_fit_the_text(pipeline):
    found = json.loads(json.dumps(row(pipeline.annotate(document()))))
    assert found["text"] == TEXT
    for mention in found["mentions"]:
        assert TEXT[mention["start"] : mention["end"]] == mention["surface"]
    for claim in found["claims"]:
        assert 0 <= claim["start"] < claim["end"] <= len(TEXT)
        assert 0 <= claim["score"] <= 1


def test_the_same_document_gives_the_same_annotation(pipeline):
    assert pipeline.annotate(document()) == pipeline.annotate(document())


def test_a_broken_article_never_stops_a_batch(monkeypatch):
    real = Pipeline.annotate

    def annotate(self: Pipeline, source: Document):
        if "boom" in source.text:
            raise ValueError(source.text)
        return real(self, source)

    monkeypatch.setattr(Pipeline, "annotate", annotate)
    sources = [document(), document("boom"), Rejected("x.txt", "It is empty.", "Give text."), document("Paris.")]
    found = list(annotate_all(sources))
    assert [type(one).__name__ for one in found] == ["Annotation", "Rejected", "Rejected", "Annotation"]
    assert "boom" in found[1].what
    assert found[2].source == "x.txt"


def test_workers_change_nothing():
    sources = [document(f"Emmanuel Macron visited Berlin on {day} May 2022.") for day in range(1, 4)]
    assert list(annotate_all(sources, workers=2)) == list(annotate_all(sources))
