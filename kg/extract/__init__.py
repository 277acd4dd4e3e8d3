"""Linked sentences in, reports of events and claims out.

The words stand in `ontology/events.ttl` and `ontology/extract.toml`; the rules in this room know no language:

    words.py        a sentence as folded words           phrases.py     the pattern language of the word lists
    lexicon.py      a language's lists, compiled         endings.py     cases told from endings
    scene.py        a sentence with its tags             chunks.py      names with what belongs to them
    triggers.py     words that tell events, and voice    arguments.py   who fills which role
    modality.py     asserted, planned, denied ...        attribution.py who says so
    counts.py       numbers and what they count          memory.py      "he", "the two leaders"
    people.py       who "he" and "they" are          reach.py, subjects.py  walks through a clause
    things.py       "the plane": what has no name        descriptions.py whose it is, which entity it becomes
    draft.py        what a sentence says of an event     drafts.py      how that is read
    during.py       times lent by another event          identity.py    which event that is
    claims.py       reports as claims                    relations.py   capitals, offices, kin ...
"""

from kg.extract.extractor import Extractor

__all__ = ["Extractor"]
