"""Text -> Mentions. The only door to spaCy.

Patterns, institutions, a dictionary, nationality words, offices and a trained model each find names;
`rules.py` says by which rule they become one set. A user's own recogniser is anything with `Recogniser`'s
one method.
"""

from __future__ import annotations

from kg.recognise.chosen import choose
from kg.recognise.protocol import Model, Recogniser
from kg.recognise.rules import RuleRecogniser
from kg.recognise.trained import Trained

__all__ = ["Model", "Recogniser", "RuleRecogniser", "Trained", "choose"]
