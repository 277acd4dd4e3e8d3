"""One name in any script and case: keys, base forms, similarity.

    fold        the same letters, without case and marks           "  İlham  ƏLİYEV" -> "ilham əliyev"
    key         romanised, for exact look-up                       "Владимир Путин" -> "vladimir putin"
    keys        the key and the other ways to read the text        "Νταγιάν" -> "dayan"; an index may use them all
    skeleton    classes of sounds, for candidates across spellings "Алиев", "Alijev", "Αλίεφ" -> one string
    bases       the name without its case endings                  "Путину" -> "Путину", "Путин", ...
    stands_for  whether an acronym begins the words of a name      "ΚΑΚ", "Κοινοπολιτεία Ανεξάρτητων Κρατών"
    similarity  how likely two names are one by their letters      0..1

A key, a skeleton or a folded text of several words is that of its words, joined by single spaces, so a reader of
n-grams may work word by word. What a letter or an ending stands for is data: `ontology/scripts.toml` and the rows of
`ontology/languages.toml`. Everything is deterministic, cached by word, and takes any text without raising.
"""

from __future__ import annotations

from kg.names.acronyms import stands_for
from kg.names.endings import bases
from kg.names.reading import acronym, fold, initials, key, keys, skeleton
from kg.names.similar import similarity

__all__ = ["acronym", "bases", "fold", "initials", "key", "keys", "similarity", "skeleton", "stands_for"]
