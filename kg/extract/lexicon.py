"""A language's word lists, compiled: triggers and cues found together in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extract.phrases import Hit, Phrases
from kg.extract.words import fold
from kg.ontology import Cues, EventType, Ontology, Relation, Thing, languages


@dataclass(frozen=True, slots=True)
class Sense:
    """What a trigger phrase may mean: an event type, in a form; "not" is a phrase that does not mean that type."""

    type: EventType
    form: str  # verb, passive, noun, not


Related = tuple[Relation, str]  # with "noun" or "verb"
Item = Sense | Thing | Related | str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the word lists found in a sentence."""

    triggers: tuple[Hit[Sense], ...]
    cues: Mapping[str, tuple[tuple[int, int], ...]]  # category -> (start, end) of words, by start
    things: tuple[Hit[Thing], ...] = ()
    relations: tuple[Hit[Related], ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """One language, ready to be looked up."""

    cues: Cues
    phrases: Phrases[Item]
    numbers: Mapping[str, float] = field(default_factory=dict)  # folded
    scale: Mapping[str, float] = field(default_factory=dict)
    things: Mapping[str, Thing] = field(default_factory=dict)  # by name
    small: frozenset[str] = frozenset()  # folded words that name nothing: however, also, every

    @classmethod
    def build(cls, ontology: Ontology, lang: str) -> Lexicon:
        """The lexicon of a language; one that extract.toml lacks has triggers only. Raises DataError."""
        cues = ontology.cues.get(lang, Cues(lang))
        rows: list[tuple[str, Item]] = list(_cue_rows(cues))
        for event_type in ontology.event_types:
            own = (trigger for trigger in event_type.triggers if trigger.lang == lang)
            rows.extend((trigger.pattern, Sense(event_type, trigger.form)) for trigger in own)
        rows.extend((word, thing) for thing in ontology.things for word in thing.words.get(lang, ()))
        rows.extend((words, (one, form)) for one in ontology.relations for form, words in one.words.get(lang, ()))
        numbers = {fold(word): value for word, value in cues.numbers.items()}
        scale = {fold(word): value for word, value in cues.scale.items()}
        known = languages().get(lang)
        small = frozenset(map(fold, known.stopwords)) if known else frozenset()
        things = {thing.name: thing for thing in ontology.things}
        return cls(cues, Phrases(rows), numbers, scale, things, small)

    def find(self, words: Sequence[str]) -> Findings:
        """Everything of the word lists that stands in the words."""
        triggers: list[Hit[Sense]] = []
        things: list[Hit[Thing]] = []
        relations: list[Hit[Related]] = []
        cues: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for hit in self.phrases.find(words):
            if isinstance(hit.item, str):
                cues[hit.item].append((hit.start, hit.end))
            elif isinstance(hit.item, Thing):
                things.append(Hit(hit.start, hit.end, hit.item))
            elif isinstance(hit.item, tuple):
                relations.append(Hit(hit.start, hit.end, hit.item))
            else:
                triggers.append(Hit(hit.start, hit.end, hit.item))
        spans = {name: tuple(found) for name, found in cues.items()}
        return Findings(tuple(triggers), spans, tuple(things), tuple(relations))


def _cue_rows(cues: Cues) -> Iterator[tuple[str, Item]]:
    tables = {"": cues.words, "before:": cues.before, "after:": cues.after, "count:": cues.counts, "unit:": cues.units}
    for prefix, table in tables.items():
        for name, patterns in table.items():
            for pattern in patterns:
                yield pattern, f"{prefix}{name}"
