"""Our own sentences on many topics: what each says must be read, and nothing else.

tests/data/events/<language>.txt holds a marked sentence (or several, one a line) and then a line for every
event, as `marked.told` writes it: `= meeting agent=A agent=B place=C`. `! reason` marks what is not read right
yet: such a case must fail, so that a gain is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from marked import extract, told

FOLDER = Path(__file__).parent / "data" / "events"


def cases() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*.txt")):
        for number, block in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n")):
            lines = [line for line in block.splitlines() if not line.startswith("#")]
            text = [line for line in lines if line[:2] not in {"= ", "! "}]
            wanted = sorted(" ".join(_parts(line[2:])) for line in lines if line.startswith("= "))
            fault = next((line[2:] for line in lines if line.startswith("! ")), None)
            marks = [pytest.mark.xfail(reason=fault, strict=True)] if fault else []
            yield pytest.param(path.stem, text, wanted, id=f"{path.stem}-{number}", marks=marks)


def _parts(line: str) -> list[str]:
    kind, *slots = line.split()
    return [kind, *sorted(slots)]


@pytest.mark.parametrize(("lang", "text", "wanted"), list(cases()))
def test_every_event_of_a_sentence_and_no_other(lang: str, text: list[str], wanted: list[str]):
    reports, _ = extract(*text, lang=lang)
    assert sorted(told(report) for report in reports) == wanted
