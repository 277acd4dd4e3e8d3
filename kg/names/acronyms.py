"""Whether an acronym stands for a name."""

from __future__ import annotations

from kg.names.reading import fold

_LONGEST, _SHORTEST = 8, 2


def stands_for(code: str, full: str) -> bool:
    """Whether a code in capitals begins the words of a name, in their order; words may be passed over.

    >>> stands_for("ΚΑΚ", "Κοινοπολιτεία Ανεξάρτητων Κρατών"), stands_for("CIS", "Central Bank")
    (True, False)
    """
    letters = [letter for letter in fold(code) if letter.isalnum()]
    words = fold(full).replace("-", " ").split()
    fits = _SHORTEST <= len(letters) <= _LONGEST and len(words) >= _SHORTEST
    if not fits or not code.replace(".", "").isupper():
        return False
    at = 0
    for word in words:
        if at < len(letters) and word[0] == letters[at]:
            at += 1
    return at == len(letters)
