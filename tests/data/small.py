"""A graph of four small articles that we made up, annotated by hand: what queries, explain and serve are tried on.

The articles: a meeting that one announces and two report, a fire at sea with two counts of the dead, a denial,
a demand, a statement, an office, a capital that stands for its state, and a ferry company that no base knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

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
    Quantity,
    Report,
    Run,
    Sentence,
    Span,
    When,
    content_id,
)
from kg.rdf import quads, settled

RUN = Run("0.1.0", "by hand", "none", "by hand")


def item(qid: str, kind: Kind, **labels: str) -> Entity:
    return Entity(f"wd:{qid}", qid, kind, tuple(sorted(labels.items())))


def local(name: str, kind: Kind, lang: str) -> Entity:
    return Entity(f"entity/{content_id(kind, name)}", None, kind, ((lang, name),))


MELONI = item("Q451791", "PER", en="Giorgia Meloni", el="Τζόρτζια Μελόνι", bg="Джорджия Мелони")
RAMA = item("Q316901", "PER", en="Edi Rama", el="Έντι Ράμα", bg="Еди Рама", ro="Edi Rama")
TIRANA = item("Q19689", "LOC", en="Tirana", el="Τίρανα", bg="Тирана")
DURRES = item("Q83285", "LOC", en="Durrës", el="Δυρράχιο", ro="Durrës")
ALBANIA = item("Q222", "LOC", en="Albania", ro="Albania")
PREMIER = item("Q16009376", "PER", en="Prime Minister of Albania")  # an office; its kind is never asked
REUTERS = item("Q130879", "ORG", en="Reuters", el="Reuters")
ROME_TOWN = item("Q6580", "LOC", en="Rome")
FERRIES = local("Адрия Ферис", "ORG", "bg")
FERRIES_RO = local("Adria Ferries", "ORG", "ro")


def known(labels: tuple[tuple[str, str], ...] = (), **more: object) -> SimpleNamespace:
    nothing = {"coords": None, "countries": (), "external": {}, "wikipedia": {}}
    return SimpleNamespace(labels=dict(labels), **(nothing | more))


RECORDS = {
    PREMIER.iri: known(PREMIER.labels),
    DURRES.iri: known(
        coords=(41.3178, 19.4482),
        countries=("Q222",),
        external={"geonames": "3185728"},
        wikipedia={"en": "Durr%C3%ABs"},
    ),
}


MEETING = "event/" + content_id("kg:Meeting", "2025-10-09", "wd:Q316901", "wd:Q451791")
FIRE = "event/" + content_id("kg:Fire", "2025-10-07", "wd:Q83285")
WORDS = "event/" + content_id("kg:Statement", "2025-10-10", "wd:Q316901")
VISIT = "event/" + content_id("kg:Visit", "2025-10-13", "wd:Q316901")
DEMAND = "event/" + content_id("kg:Demand", "2025-10-11", "wd:Q222")


@dataclass(frozen=True)
class Told:
    """One report of an event, in one sentence."""

    event: str
    type: str
    sentence: int
    trigger: str
    participants: tuple[tuple[str, Entity], ...]
    time: str | None = None
    place: Entity | None = None
    quantity: Quantity | None = None
    modality: Modality = "asserted"
    by: Entity | None = None
    score: float = 0.9


class Article:
    """Builds an annotation from sentences and what is in them."""

    def __init__(self, lang: str, published: date, publisher: str, *sentences: str) -> None:
        text = " ".join(sentences)
        url = f"https://news.example/{lang}/1"
        self.document = Document(
            content_id(url, text), url, sentences[0].rstrip("."), lang, published, text, publisher=publisher
        )
        starts = [text.index(sentence) for sentence in sentences]
        self.sentences = tuple(Sentence(Span(a, a + len(s)), lang) for a, s in zip(starts, sentences, strict=True))
        self.links: list[Link] = []
        self.reports: list[Report] = []
        self.claims: list[Claim] = []

    def link(self, surface: str, entity: Entity, score: float = 0.95, *rejected: Candidate) -> None:
        start = self.document.text.index(surface)
        lang = self.document.lang or "en"
        mention = Mention(Span(start, start + len(surface)), surface, entity.kind, lang, method="dictionary")
        chosen = Candidate(entity, surface, score, (("name", 0.6), ("context", 0.35)))
        known = (chosen,) if entity.qid else ()
        self.links.append(Link(mention, entity, score, known + rejected, method="name" if entity.qid else "local"))

    def _span(self, words: str) -> Span:
        start = self.document.text.index(words)
        return Span(start, start + len(words))

    def tell(self, told: Told) -> None:
        """A report and the claims that it makes."""
        sentence = self.sentences[told.sentence]
        time = told.time and When(sentence.span, told.time, told.time)
        people = tuple(Participant(role, entity, sentence.span) for role, entity in told.participants)
        self.reports.append(
            Report(
                told.event,
                told.type,
                self._span(told.trigger),
                sentence.span,
                people,
                time or None,
                told.place,
                told.quantity,
                told.modality,
                told.by,
                told.score,
            )
        )
        facts: list[tuple[str, str | Quantity | When]] = [("rdf:type", told.type)]
        facts += [(f"kg:{role}", entity.iri) for role, entity in told.participants]
        facts += [("kg:time", time)] if time else []
        facts += [("sem:hasPlace", told.place.iri)] if told.place else []
        facts += [("kg:deaths", told.quantity)] if told.quantity else []
        for predicate, value in facts:
            self.claim(told.event, predicate, value, told.sentence, None, told.modality, told.by, told.score)

    def claim(  # noqa: PLR0917 - a row of a table
        self,
        subject: str,
        predicate: str,
        value: str | Quantity | When,
        sentence: int,
        time: str | None = None,
        modality: Modality = "asserted",
        by: Entity | None = None,
        score: float = 0.9,
    ) -> None:
        span = self.sentences[sentence].span
        lang = self.document.lang or "en"
        evidence = Evidence(self.document.id, span, span.of(self.document.text), lang, "by hand", score)
        self.claims.append(Claim(subject, predicate, value, time, modality, by.iri if by else None, (evidence,)))

    def annotation(self) -> Annotation:
        lang = self.document.lang or "en"
        links = tuple(sorted(self.links, key=lambda link: link.mention.span))
        return Annotation(self.document, lang, self.sentences, links, (), tuple(self.reports), tuple(self.claims))


def english() -> Article:
    article = Article(
        "en",
        date(2025, 10, 10),
        "Example Times",
        "Giorgia Meloni met Edi Rama in Tirana on 9 October.",
        "Prime Minister Edi Rama said on Friday that the fire off Durrës on Tuesday killed 12 people.",
    )
    wrong = Candidate(item("Q6580", "LOC", en="Rome"), "Rome", 0.04, (("name", 0.04),))
    article.link("Giorgia Meloni", MELONI, 0.97)
    article.link("Edi Rama", RAMA, 0.96)
    article.link("Tirana", TIRANA, 0.93, wrong)
    article.link("Durrës", DURRES, 0.91)
    article.tell(Told(MEETING, "kg:Meeting", 0, "met", (("agent", MELONI), ("agent", RAMA)), "2025-10-09", TIRANA))
    article.claim(MELONI.iri, "kg:metWith", RAMA.iri, 0, "2025-10-09")
    article.claim(RAMA.iri, "kg:positionHeld", PREMIER.iri, 1)
    article.tell(Told(WORDS, "kg:Statement", 1, "said", (("agent", RAMA),), "2025-10-10"))
    dead = Quantity(12, "=", "dead")
    article.tell(Told(FIRE, "kg:Fire", 1, "fire", (), "2025-10-07", DURRES, dead, by=RAMA, score=0.85))
    return article


def greek() -> Article:
    article = Article(
        "el",
        date(2025, 10, 9),
        "Παράδειγμα",
        "Η Τζόρτζια Μελόνι συναντήθηκε με τον Έντι Ράμα στα Τίρανα την Πέμπτη.",
        "Περισσότεροι από 10 οι νεκροί της φωτιάς στο Δυρράχιο, μεταδίδει το Reuters.",
    )
    article.link("Τζόρτζια Μελόνι", MELONI, 0.9)
    article.link("Έντι Ράμα", RAMA, 0.94)
    article.link("Τίρανα", TIRANA, 0.92)
    article.link("Δυρράχιο", DURRES, 0.9)
    article.link("Reuters", REUTERS, 0.8)
    article.tell(
        Told(MEETING, "kg:Meeting", 0, "συναντήθηκε", (("agent", MELONI), ("agent", RAMA)), "2025-10-09", TIRANA)
    )
    article.claim(MELONI.iri, "kg:metWith", RAMA.iri, 0, "2025-10-09")
    dead = Quantity(10, ">", "dead")
    article.tell(Told(FIRE, "kg:Fire", 1, "φωτιάς", (), None, DURRES, dead, by=REUTERS, score=0.8))
    return article


def bulgarian() -> Article:
    article = Article(
        "bg",
        date(2025, 10, 8),
        "Пример",
        "Джорджия Мелони ще се срещне с Еди Рама в Тирана на 9 октомври.",
        "„Адрия Ферис“ отрече да е имало пожар във вторник.",
    )
    article.link("Джорджия Мелони", MELONI, 0.9)
    article.link("Еди Рама", RAMA, 0.9)
    article.link("Тирана", TIRANA, 0.9)
    article.link("Адрия Ферис", FERRIES, 0.5)
    article.tell(
        Told(
            MEETING,
            "kg:Meeting",
            0,
            "ще се срещне",
            (("agent", MELONI), ("agent", RAMA)),
            "2025-10-09",
            TIRANA,
            modality="planned",
        )
    )
    article.claim(MELONI.iri, "kg:metWith", RAMA.iri, 0, "2025-10-09", "planned")
    article.tell(Told(FIRE, "kg:Fire", 1, "пожар", (), "2025-10-07", modality="denied", by=FERRIES, score=0.7))
    return article


def romanian() -> Article:
    article = Article(
        "ro",
        date(2025, 10, 11),
        "Exemplul",
        "Albania cere scuze de la Adria Ferries pentru incendiul de la Durrës.",
        "Edi Rama va vizita Roma luni.",
        "Tirana nu a primit încă un răspuns.",
    )
    article.link("Albania", ALBANIA, 0.95)
    article.link("Adria Ferries", FERRIES_RO, 0.5)
    article.link("Durrës", DURRES, 0.85)
    article.tell(
        Told(
            DEMAND,
            "kg:Apology",
            0,
            "scuze",
            (("agent", FERRIES_RO), ("addressee", ALBANIA)),
            modality="demanded",
            by=ALBANIA,
            score=0.75,
        )
    )
    article.link("Edi Rama", RAMA, 0.97)
    article.tell(
        Told(VISIT, "kg:Visit", 1, "vizita", (("agent", RAMA),), time="2025-10-13", modality="planned", score=0.8)
    )
    article.link("Tirana", TIRANA, 0.9)
    article.links[-1] = replace(article.links[-1], reading=ALBANIA)
    return article


def annotations() -> list[Annotation]:
    """All four, in no special order."""
    return [article().annotation() for article in (english, greek, bulgarian, romanian)]


def lines(base: str = "https://newskg.example/") -> list[str]:
    """The canonical lines of all four articles together."""
    every = {str(quad) for annotation in annotations() for quad in quads(annotation, RUN, base, RECORDS)}
    return list(settled(sorted(every)))


def write(path: Path) -> Path:
    """The graph as an N-Quads file at `path`."""
    path.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    return path
