"""Linked sentences in, reports of events and claims out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.extract.chunks import with_chunks
from kg.extract.claims import merged, report_claims
from kg.extract.draft import Draft
from kg.extract.drafts import drafts_in, with_causes
from kg.extract.during import with_event_times
from kg.extract.identity import event_iris
from kg.extract.lexicon import Lexicon
from kg.extract.memory import Memory, spellings
from kg.extract.relations import Refusals, Relations
from kg.extract.scene import Clock, Scene, base_scene
from kg.extract.scores import calibrated
from kg.extract.shared import with_shared_places
from kg.extract.standing import State, standing, stateless
from kg.extract.words import words_of
from kg.model import Claim, Document, Entity, Link, Report, Sentence, Span, When
from kg.ontology import Ontology

_RULES = "rules-1"  # raised when the rules read the same words differently


class Extraction(NamedTuple):
    """What was read in one document."""

    reports: tuple[Report, ...]  # by place in the text
    claims: tuple[Claim, ...]  # each once for each source, with all its evidence
    described: tuple[Link, ...]  # the descriptions that take part in an event, by span: "the plane"
    refused: Mapping[str, int]  # predicate -> claims that its domain or range did not allow
    standing: Mapping[Span, Entity]  # mentions of capitals and palaces that stand for their state: the state


def _start(link: Link) -> int:
    return link.mention.span.start


class Extractor:
    """Reads events and relations by the words and rules of an ontology. Keeps no state between documents.

    `version` names the rules and the ontology's content: other words are another run.
    """

    def __init__(
        self, ontology: Ontology, state: State = stateless, lexicons: dict[str, Lexicon] | None = None
    ) -> None:
        """Takes the ontology, what tells the state that a place may stand for, and words that are compiled already.

        A language's words are compiled when its first sentence comes.
        """
        self.version = f"{_RULES}+{ontology.id}"
        self._ontology = ontology
        self._state = state
        self._lexicons = {} if lexicons is None else lexicons
        self._relations = Relations.of(ontology)

    def knowing(self, state: State) -> Extractor:
        """The same on another base; the words stay compiled."""
        return Extractor(self._ontology, state, self._lexicons)

    def extract(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        links: Sequence[Link],
        times: Sequence[When],
        undated: Sequence[Span] = (),
    ) -> Extraction:
        """What the sentences say.

        `links`, `times` and `undated`, times that nobody can date, are sorted by span, as their stages give them.
        Raises DataError where a word list of a language is malformed.
        """
        memory, forms, clock = Memory(), spellings(tuple(links)), Clock(times, undated)
        drafts: list[Draft] = []
        claims: list[Claim] = []
        described: list[Link] = []
        refused = Refusals()
        stands: dict[Span, Entity] = {}
        for sentence in sentences:
            scene = self._scene(document, sentence, links, clock, forms)
            told = drafts_in(scene, memory, document.published)
            drafts += told
            stands |= standing(scene, told, self._state)
            claims += self._relations.read(scene, document, memory, forms, refused)
            memory.tell(told, headline=_in_title(sentence, document))
            memory.learn(scene)
            described += (one.link for one in scene.chunks if one.thing)
        drafts = [replace(draft, score=calibrated(draft.score)) for draft in drafts]
        places = {sentence.span: i for i, sentence in enumerate(sentences)}
        drafts = with_causes(with_shared_places(drafts, places), places)
        drafts = with_event_times(drafts, event_iris(drafts, document.id))
        iris = event_iris(drafts, document.id)
        claims += report_claims(document, drafts, iris, self._ontology)
        reports = tuple(_report(draft, iri) for draft, iri in zip(drafts, iris, strict=True))
        return Extraction(reports, merged(claims), _used(described, drafts), refused.counts, stands)

    def _scene(
        self,
        document: Document,
        sentence: Sentence,
        links: Sequence[Link],
        clock: Clock,
        forms: dict[str, frozenset[str]],
    ) -> Scene:
        words = words_of(document.text, sentence.span.start, sentence.span.end)
        first, last = (bisect_left(links, at, key=_start) for at in (sentence.span.start, sentence.span.end))
        inside = [link for link in links[first:last] if sentence.span.covers(link.mention.span)]
        own = clock.within(sentence.span)
        scene, mentions = base_scene(sentence, words, self._lexicon(sentence.lang), inside, own)
        return with_chunks(scene, mentions, forms, document)

    def _lexicon(self, lang: str) -> Lexicon:
        if lang not in self._lexicons:
            self._lexicons[lang] = Lexicon.build(self._ontology, lang)
        return self._lexicons[lang]


def _in_title(sentence: Sentence, document: Document) -> bool:
    """Whether a sentence belongs to the article's title, as far as the text repeats it."""
    title = document.title or ""
    return sentence.span.end <= document.text.find(title) + len(title) + 1 if title in document.text else False


def _used(links: Sequence[Link], drafts: Sequence[Draft]) -> tuple[Link, ...]:
    """The descriptions that a report speaks about or rests on."""
    spans = {one.span for draft in drafts for one in draft.participants}
    sources = {draft.attributed_to.iri for draft in drafts if draft.attributed_to}
    return tuple(link for link in links if link.mention.span in spans or link.entity.iri in sources)


def _report(draft: Draft, event: str) -> Report:
    return Report(
        event=event,
        type=draft.type.iri,
        trigger=draft.trigger,
        sentence=draft.sentence.span,
        participants=draft.participants,
        time=draft.time,
        place=draft.place.entity if draft.place else None,
        quantity=draft.quantity,
        modality=draft.modality,
        attributed_to=draft.attributed_to,
        score=draft.score,
    )
