from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.edtf import bounds, contains, is_valid, qualify, strip_qualifier

DAYS = st.dates(min_value=date(1, 1, 2), max_value=date(9998, 12, 30))


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025-10-09", "2025-10-09", "2025-10-09"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2025-XX", "2025-01-01", "2025-12-31"),
        ("2025-XX-XX", "2025-01-01", "2025-12-31"),
        ("2025-10-XX", "2025-10-01", "2025-10-31"),
        ("2025-21", "2025-03-01", "2025-05-31"),
        ("2024-24", "2024-12-01", "2025-02-28"),
        ("2025-10-07/2025-10-09", "2025-10-07", "2025-10-09"),
        ("2024-12/2025", "2024-12-01", "2025-12-31"),
        ("../2025", None, "2025-12-31"),
        ("/2025", None, "2025-12-31"),
        ("2025-10/..", "2025-10-01", None),
        ("2025-10/", "2025-10-01", None),
        ("../..", None, None),
        ("2025-10?", "2025-10-01", "2025-10-31"),
        ("2025~/2026%", "2025-01-01", "2026-12-31"),
        ("00XX", "0001-01-01", "0099-12-31"),
    ],
)
def test_bounds(value, first, last):
    days = tuple(date.fromisoformat(day) if day else None for day in (first, last))
    assert bounds(value) == days
    assert is_valid(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "/", "2025-13", "2025-02-30", "2025-25", "2025-00", "0000", "198X-10", "2025-XX-05", "2025-21-01",
        "2025-10-09/2025-10-07", "2025/2026/2027", "last Friday", "2025-W40", "25-10-09", "2025-1-9", "2025??",
        "٢٠٢٥", "2025-10-09T10:00", " 2025", "X025", "9999-24",
    ],
)  # fmt: skip
def test_not_valid(value):
    assert not is_valid(value)
    with pytest.raises(ValueError, match="EDTF"):
        bounds(value)


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        ("2025-10", "2025-10-09", True),
        ("2025-10-09", "2025-10", False),
        ("2025-10", "2025-11-01", False),
        ("../2025", "1999", True),
        ("../2025", "2025/..", False),
        ("2025/..", "2030/..", True),
        ("../..", "../2025", True),
        ("202X", "2025-22", True),
        ("2025", "2025-24", False),  # winter ends in the next year
        ("2025-10?", "2025-10-09", True),
    ],
)
def test_contains(outer, inner, answer):
    assert contains(outer, inner) is answer


def test_qualifiers():
    assert strip_qualifier("2025-10?/2025-11~") == "2025-10/2025-11"
    assert qualify("../2025-10", "?") == "../2025-10?"
    assert qualify("2025~/2026", "?") == "2025%/2026?"
    assert qualify("2025%", "~") == "2025%"


@given(DAYS, st.integers(0, 400), st.sampled_from(["", "?", "~", "%"]))
def test_intervals_keep_their_days(first, length, mark):
    last = min(first + timedelta(days=length), date(9998, 12, 31))
    value = f"{first.isoformat()}{mark}/{last.isoformat()}{mark}"
    assert bounds(value) == (first, last)
    assert contains(value, first.isoformat())
    assert contains(f"{first.isoformat()}/..", value)
    assert contains(f"../{last.isoformat()}", value)
    assert bounds(qualify(value, "?")) == (first, last)


@given(DAYS)
def test_a_day_lies_in_its_month_year_decade_and_century(day):
    iso = day.isoformat()
    for outer in (iso, iso[:7], iso[:4], f"{iso[:3]}X", f"{iso[:2]}XX", f"{iso[:4]}-XX", f"{iso[:7]}-XX"):
        assert contains(outer, iso)


@given(st.text(alphabet="0123456789-/.X?~%", max_size=22))
def test_any_text_has_an_answer(value):
    if is_valid(value):
        first, last = bounds(value)
        assert first is None or last is None or first <= last


@pytest.mark.parametrize("value", ["2025-10-09", "2024-02", "2025", "198X", "19XX", "2025-10-XX", "2025-XX", "2025-22"])
def test_the_library_agrees(value):
    edtf = pytest.importorskip("edtf")
    judge = edtf.parse_edtf(value)
    assert bounds(value) == tuple(date(*bound[:3]) for bound in (judge.lower_strict(), judge.upper_strict()))
