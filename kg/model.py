"""The nouns that the stages hand on. All are frozen; every stage returns new ones.

Identifiers inside the nouns do not know the base IRI: an `iri` is either a CURIE with a prefix of
`ontology/news.ttl` ("wd:Q7747", "kg:metWith") or a path under the base ("entity/9f2c", "event/77a1",
"article/2c..#char=201,312"). `rdf.py` expands them, so the same article gives the same ids under any base.

Offsets are Unicode code points of `Document.text`, half-open.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["PER", "LOC", "ORG", "EVT", "PROD", "FAC", "NORP"]
Modality = Literal["asserted", "planned", "denied", "demanded", "promised", "hypothetical"]
Zone = Literal["headline", "body", "embedded"]
Comparator = Literal["=", ">", ">=", "<", "<=", "~"]


def content_id(*parts: str | None, size: int = 16) -> str:
    """A stable id: the first `size` hex digits of SHA-256 over the parts; None differs from ""."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:size]


def count_event(family: str, unit: str | None, cause: str) -> str:
    """The event that counts the harm which another event did: its iri follows from that of its cause."""
    return f"event/{content_id(family, None, None, unit, None, None, cause)}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: `text[start:end]`, 0 <= start <= end."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether both share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether the other lies inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Skipped:
    """Boilerplate: text that stays in the document and that later stages pass over."""

    span: Span
    reason: str  # dateline, page_title, repeated_title, crosslink, related, email, cookie_notice, advert, ...


@dataclass(frozen=True, slots=True)
class Document:
    """One article, its text exactly as it came in."""

    id: str  # content_id(url or path, text)
    url: str | None  # where it is from: a URL, or the path as the user gave it
    title: str | None
    lang: str | None  # ISO 639-1 as declared by the source; None: to be detected
    published: date | None
    text: str
    publisher: str | None = None
    skipped: tuple[Skipped, ...] = ()  # sorted by span, never overlapping


@dataclass(frozen=True, slots=True)
class Rejected:
    """A source that could not become a document: reported, counted, never fatal."""

    source: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Language:
    """A row of `ontology/languages.toml`: what the stages must know to read names in a language."""

    code: str  # ISO 639-1
    name: str
    script: str  # Latin, Cyrillic, Greek
    endings: tuple[str, ...] = ()  # case endings, longest first, some with a condition: read them through names.bases
    replacements: tuple[tuple[str, str], ...] = ()  # (ending, nominative ending): -ului -> "", -ας -> -α
    particles: frozenset[str] = frozenset()  # lower-case words inside names: de, al, oğlu
    titles: frozenset[str] = frozenset()  # words before a name that are not part of it, lower-case
    stopwords: frozenset[str] = frozenset()  # words that are no names although a sentence opens with them
    pipeline: str | None = None  # an installed spaCy pipeline to use instead of our own
    labels: tuple[tuple[str, str], ...] = ()  # (label of that pipeline, our kind): PERSON -> PER


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or headline) that counts: boilerplate never becomes one."""

    span: Span
    lang: str  # of its segment: an English tweet in a Bulgarian article is "en"
    zone: Zone = "body"


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names (or, if nominal, describes) something."""

    span: Span
    surface: str
    kind: Kind
    lang: str
    nominal: bool = False  # "the Russian president", "the plane": described, not named
    score: float = 1.0  # the recogniser's confidence, 0..1
    method: str = "dictionary"  # dictionary, shape, pattern:<name>, demonym, office, model
    hint: str | None = None  # what a rule knows about it, such as "iso3166_1=RU"


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the graph speaks about: a Wikidata item, or a local entity that awaits one."""

    iri: str  # "wd:Q7747", or "entity/<hash>" when qid is None
    qid: str | None
    kind: Kind
    labels: tuple[tuple[str, str], ...] = ()  # (language, name), sorted; "mul" = of no one language


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a mention might be, with its reasons."""

    entity: Entity
    label: str
    score: float  # 0..1
    why: tuple[tuple[str, float], ...] = ()  # (feature, contribution), as `kg explain` shows them


@dataclass(frozen=True, slots=True)
class Link:
    """A mention decided. What no base knows links to a local entity: absence is a value."""

    mention: Mention
    entity: Entity
    score: float  # 0..1
    candidates: tuple[Candidate, ...] = ()  # best first, the chosen one included when it has a QID
    method: str = "name"  # name, in-article, office, hint, local, override
    reading: Entity | None = None  # the state for which a capital or palace stands here: "Moscow denied it"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person has decided of a name in an article; see kg/overrides.py."""

    qid: str | None  # it is this item
    local: bool  # it is nothing that Wikidata has
    never: frozenset[str]  # QIDs that it is not


@dataclass(frozen=True, slots=True)
class When:
    """A time expression resolved to EDTF (ISO 8601-2): 2025-10-09, 2025-10, 2025-10-07/2025-10-09, ../2025."""

    span: Span
    surface: str
    value: str
    score: float = 1.0
    rule: str = ""  # the row of ontology/time/ that read it


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count as the source words it: "more than 30" keeps its comparator."""

    value: float
    comparator: Comparator
    unit: str  # dead, injured, survivors, persons, months, USD ...
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Who fills a role of an event in one report."""

    role: str  # agent, patient, addressee, theme, instrument, place, source
    entity: Entity
    span: Span  # of the mention
    score: float = 1.0
    described: bool = False  # a local entity that the article describes and does not name: "the plane"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that say it."""

    document: str  # Document.id
    span: Span  # the sentence
    quote: str
    lang: str
    method: str  # the rule that read it
    score: float  # 0..1


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement and its evidence. Its id does not depend on who said it or where."""

    subject: str
    predicate: str
    object: str | Quantity | When  # an iri; a count; a time (only its value counts)
    time: str | None  # EDTF
    modality: Modality
    attributed_to: str | None  # iri of whoever says so; None: the article itself
    evidence: tuple[Evidence, ...]

    @property
    def id(self) -> str:
        """Hash of (subject, predicate, object, time, modality): one fact from five languages is one claim."""
        return content_id(self.subject, self.predicate, object_key(self.object), self.time, self.modality)


def object_key(value: str | Quantity | When) -> str:
    """A claim's object as one string, for ids and for sorting."""
    if isinstance(value, Quantity):
        return f"{value.comparator}{value.value:.15g} {value.unit}"  # every digit: 1000001 is not 1000002
    return value.value if isinstance(value, When) else value


@dataclass(frozen=True, slots=True)
class Report:
    """What one sentence says of one event. The event itself is only an IRI that claims speak about."""

    event: str  # "event/<hash>": the same for the same type, day and core participants
    type: str  # CURIE of a class of ontology/events.ttl, "kg:Meeting"
    trigger: Span
    sentence: Span
    participants: tuple[Participant, ...]
    time: When | None
    place: Entity | None
    quantity: Quantity | None
    modality: Modality
    attributed_to: Entity | None
    score: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything that the pipeline found in one document."""

    document: Document
    lang: str  # of the document as a whole
    sentences: tuple[Sentence, ...]
    links: tuple[Link, ...]  # by span
    times: tuple[When, ...]
    reports: tuple[Report, ...]
    claims: tuple[Claim, ...]
    refused: tuple[Claim, ...] = ()  # read, but about things of kinds that their predicate can't have


@dataclass(frozen=True, slots=True)
class Run:
    """What made a graph: the same versions are the same run, so a rebuild changes no byte."""

    version: str
    recogniser: str
    knowledge_base: str
    extractor: str
    id: str = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.version, self.recogniser, self.knowledge_base, self.extractor)
        object.__setattr__(self, "id", content_id(*parts))


@dataclass(frozen=True, slots=True, order=True)
class Quad:
    """One RDF statement, each term in N-Quads syntax (`<iri>`, `"text"@el`); g is never the default graph."""

    s: str
    p: str
    o: str
    g: str

    def __str__(self) -> str:
        return f"{self.s} {self.p} {self.o} {self.g} ."
