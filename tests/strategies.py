"""Annotations made by hand, and hypothesis strategies for random ones: a small world, so that articles share much."""

from datetime import date

from hypothesis import strategies as st

from kg.model import (
    Annotation,
    Candidate,
    Claim,
    Document,
    Entity,
    Evidence,
    Link,
    Mention,
    Participant,
    Quantity,
    Report,
    Run,
    Sentence,
    Span,
    When,
    content_id,
)

RUN = Run("0.1.0", "rules-1", "kb-1", "extract-1")
LIMA = Entity("wd:Q2868", "Q2868", "LOC", (("en", "Lima"), ("el", "Λίμα"), ("mul", "Lima")))
CHILE = Entity("wd:Q298", "Q298", "LOC", (("bg", "Чили"), ("en", "Chile")))
BORIC = Entity("wd:Q5929028", "Q5929028", "PER", (("en", "Gabriel Boric"),))
COURT = Entity("entity/2c0de5f3a1b2c3d4", None, "ORG", (("en", "Andean Court"),))
COURT_IN_CAPITALS = Entity("entity/2c0de5f3a1b2c3d4", None, "ORG", (("en", "ANDEAN COURT"),))
FERRY = Entity("entity/00000000000000ff", None, "PROD", (("mul", "Ferry 7"),))
WORLD = (LIMA, CHILE, BORIC, COURT, COURT_IN_CAPITALS, FERRY)
EVENT = "event/77aa77aa77aa77aa"

TEXT = "Gabriel Boric met the Andean Court in Lima on 3 May 2024. More than 30 died, 38 said Chile."
FIRST, SECOND = Span(0, 57), Span(58, 91)


def evidence(document_id, span=FIRST, *, score=0.9, method="rule:met"):
    return Evidence(document_id, span, span.of(TEXT), "en", method, score)


def link(entity, start, end, *, score=0.8, candidates=(), lang="en", nominal=False):
    mention = Mention(Span(start, end), TEXT[start:end], entity.kind, lang, nominal)
    return Link(mention, entity, score, candidates)


def a_document(name="one", **more):
    fields = {
        "id": content_id(name, TEXT),
        "url": f"https://news.example/{name}",
        "title": "Boric in Lima",
        "lang": "en",
        "published": date(2024, 5, 4),
        "text": TEXT,
        "publisher": "The Example",
    }
    return Document(**(fields | more))


def annotate(document, links=(), claims=(), reports=(), lang="en"):
    sentences = (Sentence(FIRST, lang), Sentence(SECOND, lang))
    return Annotation(document, lang, sentences, tuple(links), (), tuple(reports), tuple(claims))


def full_annotation(name="one", **more):
    """One article with something of everything."""
    document = a_document(name, **more)
    rivals = (
        Candidate(BORIC, "Gabriel Boric", 0.8, (("name", 0.61), ("prior", 0.2))),
        Candidate(CHILE, "Chile", 0.1, (("name", 0.1),)),
        Candidate(LIMA, "Lima", 0.05),
    )
    when = When(Span(46, 56), "3 May 2024", "2024-05-03")
    report = Report(
        EVENT,
        "kg:Meeting",
        Span(14, 17),
        FIRST,
        (Participant("agent", BORIC, Span(0, 13)), Participant("agent", COURT, Span(22, 34))),
        when,
        LIMA,
        None,
        "asserted",
        CHILE,
        0.88,
    )
    day, own = "2024-05-03", document.id
    claims = (
        Claim(
            BORIC.iri,
            "kg:metWith",
            COURT.iri,
            day,
            "asserted",
            CHILE.iri,
            (evidence(own), evidence(own, SECOND, score=0.7)),
        ),
        Claim(EVENT, "rdf:type", "kg:Meeting", day, "asserted", None, (evidence(own),)),
        Claim(EVENT, "sem:hasPlace", LIMA.iri, day, "asserted", None, (evidence(own),)),
        Claim(EVENT, "kg:time", when, None, "asserted", None, (evidence(own),)),
        Claim(EVENT, "kg:deaths", Quantity(30, ">", "dead"), day, "asserted", None, (evidence(own, SECOND),)),
        Claim(EVENT, "kg:deaths", Quantity(38, "=", "dead"), day, "asserted", CHILE.iri, (evidence(own, SECOND),)),
        Claim(BORIC.iri, "kg:visited", CHILE.iri, "2024-05", "planned", None, (evidence(own),)),
        Claim(BORIC.iri, "kg:visited", LIMA.iri, None, "asserted", None, (evidence(own, score=0.3),)),
    )
    links = (link(BORIC, 0, 13, candidates=rivals), link(COURT, 22, 34), link(LIMA, 38, 42), link(CHILE, 86, 91))
    return annotate(document, links, claims, (report,))


# --- random ones ---------------------------------------------------------------------------------------

entities = st.sampled_from(WORLD)
scores = st.floats(0, 1, allow_nan=False).map(lambda x: round(x, 3))
spans = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
languages = st.sampled_from(["en", "bg", "el", "az"])
days = st.sampled_from([None, "2024-05-03", "2024-05", "../2024", "2024-05-01/2024-05-03"])
objects = st.one_of(
    entities.map(lambda e: e.iri),
    st.builds(Quantity, st.sampled_from([3.0, 38.0, 2.5]), st.sampled_from(["=", ">", "~"]), st.just("dead")),
    st.sampled_from(["2024", "2024-05-03"]).map(lambda v: When(FIRST, v, v)),
)


@st.composite
def links_(draw):
    mention = Mention(draw(spans), draw(st.text(max_size=12)), "LOC", draw(languages), draw(st.booleans()))
    rivals = st.builds(Candidate, entities, st.text(max_size=8), scores, st.just((("name", 0.5),)))
    return Link(mention, draw(entities), draw(scores), tuple(draw(st.lists(rivals, max_size=4))))


@st.composite
def claims_(draw, document_id):
    found = st.builds(evidence, st.just(document_id), spans, score=scores, method=st.sampled_from(["a", "b"]))
    return Claim(
        draw(st.sampled_from([BORIC.iri, CHILE.iri, EVENT])),
        draw(st.sampled_from(["kg:metWith", "kg:deaths"])),
        draw(objects),
        draw(days),
        draw(st.sampled_from(["asserted", "planned", "denied"])),
        draw(st.none() | entities.map(lambda e: e.iri)),
        tuple(draw(st.lists(found, min_size=1, max_size=3))),
    )


@st.composite
def annotations(draw, name=None):
    document = a_document(
        name if name is not None else draw(st.text(min_size=1, max_size=5)), title=draw(st.none() | st.text(max_size=9))
    )
    claims = draw(st.lists(claims_(document.id), max_size=4))
    return annotate(document, draw(st.lists(links_(), max_size=4)), claims, (), draw(languages))


runs = st.sampled_from([RUN, Run("0.2.0", "rules-2", "kb-2", "extract-1")])
