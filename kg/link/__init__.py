"""Mentions + Candidates -> Links, for the whole article at once.

A name is decided once per article (one sense per discourse): full names first, then the surnames that stand
for them. Every candidate is weighed twice: alone, to find the items that are sure, and then with those as
context, so that 'Georgia' next to Tbilisi is the country. What no candidate explains becomes a local entity.
"""

from __future__ import annotations

from kg.link.base import Base
from kg.link.linker import Linker
from kg.link.seats import Seats

__all__ = ["Base", "Linker", "Seats"]
