"""Made-up articles of a news archive's shape: few names in most articles, most names in few, facts told again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from kg.model import (
    Annotation,
    Candidate,
    Claim,
    Document,
    Entity,
    Evidence,
    Kind,
    Link,
    Mention,
    Modality,
    Participant,
    Quad,
    Quantity,
    Report,
    Run,
    Sentence,
    Span,
    When,
    content_id,
)
from kg.rdf import quads

RUN = Run("0.1.0", "bench", "bench", "bench")
SENTENCES, MENTIONS, REPORTS = 20, 40, 8  # an article of about 500 words
_WORDS = ("the", "minister", "met", "his", "colleague", "and", "said", "that", "talks", "about", "gas", "went", "on")
_KINDS: tuple[Kind, ...] = ("PER", "LOC", "ORG", "PROD")
_TYPES = (
    "kg:Statement",
    "kg:Meeting",
    "kg:Visit",
    "kg:Attack",
    "kg:Agreement",
    "kg:Crash",
    "kg:Protest",
    "kg:Detention",
)
_MODALITIES: tuple[Modality, ...] = ("asserted", "asserted", "asserted", "planned", "denied")


def articles(count: int, first: int = 0) -> Iterator[tuple[Document, list[Quad]]]:
    """`count` articles with their quads, the same for the same numbers."""
    for number in range(first, first + count):
        annotation = article(number)
        yield annotation.document, quads(annotation, RUN)


def article(number: int) -> Annotation:
    """One article."""
    chance = random.Random(number)
    lang = chance.choice(["en", "bg", "el", "ro", "az"])
    day = date(2015, 1, 1) + timedelta(chance.randrange(4000))
    lines = [" ".join(chance.choices(_WORDS, k=25)) + "." for _ in range(SENTENCES)]
    text = " ".join(lines)
    document = Document(
        content_id(str(number)), f"https://news.example/{number}", lines[0][:60], lang, day, text, "Example"
    )
    sentences = _sentences(lines, lang)
    links = tuple(sorted((_link(chance, text, lang) for _ in range(MENTIONS)), key=lambda link: link.mention.span))
    reports, claims = [], []
    for sentence in chance.sample(sentences, REPORTS):
        report = _report(chance, sentence, day)
        reports.append(report)
        claims += _claims(chance, report, document, sentence)
    return Annotation(document, lang, sentences, links, (), tuple(reports), tuple(claims))


def _sentences(lines: list[str], lang: str) -> tuple[Sentence, ...]:
    found, start = [], 0
    for line in lines:
        found.append(Sentence(Span(start, start + len(line)), lang))
        start += len(line) + 1
    return tuple(found)


def _entity(chance: random.Random) -> Entity:
    number = int(chance.paretovariate(0.7)) % 200_000  # Putin in most papers, a mayor in one
    kind = _KINDS[number % 4]
    if number % 5 == 0:
        return Entity(f"entity/{content_id(str(number))}", None, kind, (("mul", f"Local Name {number}"),))
    return Entity(f"wd:Q{number}", f"Q{number}", kind, (("bg", f"Име {number}"), ("en", f"Name {number}")))


def _link(chance: random.Random, text: str, lang: str) -> Link:
    start = chance.randrange(len(text) - 20)
    entity = _entity(chance)
    mention = Mention(Span(start, start + 12), f"Name {entity.iri[-6:]}", entity.kind, lang)
    rivals = tuple(
        Candidate(_entity(chance), "Rival", 0.1, (("name", 0.4), ("prior", 0.1))) for _ in range(chance.randrange(3))
    )
    return Link(mention, entity, round(chance.random(), 3), rivals)


def _report(chance: random.Random, sentence: Sentence, day: date) -> Report:
    who = [Participant(role, _entity(chance), sentence.span) for role in ("agent", "addressee")]
    told = (day - timedelta(chance.randrange(7))).isoformat()
    event = f"event/{content_id(told, who[0].entity.iri, who[1].entity.iri)}"
    trigger = Span(sentence.span.start + 4, sentence.span.start + 12)
    when = When(trigger, told, told)
    modality = chance.choice(_MODALITIES)
    kind = _TYPES[int(chance.paretovariate(0.9) - 1) % len(_TYPES)]  # half are statements, as in real news
    return Report(event, kind, trigger, sentence.span, tuple(who), when, _entity(chance), None, modality, None, 0.8)


def _claims(chance: random.Random, report: Report, document: Document, sentence: Sentence) -> list[Claim]:
    score = round(chance.uniform(0.4, 1), 3)
    span = sentence.span
    evidence = (Evidence(document.id, span, span.of(document.text), sentence.lang, "bench", score),)
    assert report.time
    assert report.place
    time = report.time.value
    first, second = (p.entity.iri for p in report.participants)
    said: list[tuple[str, str, str | Quantity | When]] = [
        (report.event, "rdf:type", report.type),
        (report.event, "kg:agent", first),
        (report.event, "kg:addressee", second),
        (report.event, "sem:hasPlace", report.place.iri),
        (report.event, "kg:time", report.time),
        (first, "kg:metWith", second),
    ]
    if chance.random() < 0.2:
        said.append((report.event, "kg:deaths", Quantity(chance.randrange(50), chance.choice(["=", ">"]), "dead")))
    return [Claim(s, p, o, time, report.modality, None, evidence) for s, p, o in said]
