from __future__ import annotations

import pickle

import pytest

from kg import errors


@pytest.mark.parametrize("kind", [errors.KgError, *errors.KgError.__subclasses__()])
def test_errors_cross_process_borders(kind):
    there = pickle.loads(pickle.dumps(kind("It broke.", "Mend it.")))
    assert (type(there), there.what, there.do) == (kind, "It broke.", "Mend it.")
    assert str(there) == "It broke.\nMend it."
