"""Reads `ontology/`: classes, predicates, event types, cue words, languages, offices, name patterns.

Everything that a linguist edits comes in through this room; each file has one reader, and a file that breaks
its format raises DataError with the line or row and what to write instead.
"""

from kg.ontology.cues import Cues, Ending
from kg.ontology.events import ROLE_NAMES, EventRole, EventType, Trigger
from kg.ontology.languages import Demonym, demonyms, languages, match_demonym
from kg.ontology.offices import Role, RoleMatch, match_roles, members, roles
from kg.ontology.page import page
from kg.ontology.patterns import Institution, KindWords, Pattern, institutions, kind_words, patterns
from kg.ontology.profiles import Profile, profiles
from kg.ontology.relations import Relation
from kg.ontology.terms import External, Predicate, Term
from kg.ontology.things import Thing
from kg.ontology.vocabulary import Ontology, load_ontology

__all__ = [
    "ROLE_NAMES",
    "Cues",
    "Demonym",
    "Ending",
    "EventRole",
    "EventType",
    "External",
    "Institution",
    "KindWords",
    "Ontology",
    "Pattern",
    "Predicate",
    "Profile",
    "Relation",
    "Role",
    "RoleMatch",
    "Term",
    "Thing",
    "Trigger",
    "demonyms",
    "institutions",
    "kind_words",
    "languages",
    "load_ontology",
    "match_demonym",
    "match_roles",
    "members",
    "page",
    "patterns",
    "profiles",
    "roles",
]
