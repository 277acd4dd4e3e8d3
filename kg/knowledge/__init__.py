"""The knowledge base: an index of entities by name, sound, QID and identifier, mapped from one file.

    base = KnowledgeBase.open()                        # the starter base that ships
    base.exact(names.key("Владимир Путин"))            # rows, best known first
    base.record(base.row("Q7747")).positions           # everything about one
    build(Path("facts"), Path("my.kb"))                # a base of one's own
    add(Path("mine.kb"), [{"qid": ...}])               # entry by entry, to be laid over another one:
    Layers.open(None, Path("mine.kb"))                 # the starter base and one's own as one

A base says where its facts are from: `info()["sources"]` is the table of sources with their licences.
"""

from kg.knowledge.base import STARTER, KnowledgeBase
from kg.knowledge.build import build, spelling
from kg.knowledge.layers import Layers, add, build_entries, opened
from kg.knowledge.profile import Profile
from kg.knowledge.profile import load as load_profile
from kg.knowledge.records import KINDS, Position, Record
from kg.knowledge.search import Hit
from kg.knowledge.terms import Term

__all__ = [
    "KINDS",
    "STARTER",
    "Hit",
    "KnowledgeBase",
    "Layers",
    "Position",
    "Profile",
    "Record",
    "Term",
    "add",
    "build",
    "build_entries",
    "load_profile",
    "opened",
    "spelling",
]
