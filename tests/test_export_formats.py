"""Each format that is not plain RDF, opened by the library that its users would use, with counts that agree."""

import csv
import io
import json
import re
import runpy
from pathlib import Path

import geojson
import icalendar
import networkx as nx
import pyarrow.parquet as pq
import pytest
import rdflib
from pyld import jsonld

from kg.errors import GraphError
from kg.export import FORMATS, Settings, export, export_described, format_of, texts
from kg.export.tables import TABLES
from kg.graph.sparql import Dataset
from kg.model import Document
from kg.ontology import load_ontology
from kg.rdf import PREFIXES, About, load, node
from kg.rdf.links import links

ROOT = Path(__file__).parents[1]
SMALL = runpy.run_path(str(Path(__file__).parent / "data" / "small.py"))
WHOLE = [name for name, form in FORMATS.items() if form.writer]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    path = SMALL["write"](tmp_path_factory.mktemp("graph") / "small.nq")
    return sorted(path.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def graph(lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "small.nq"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Dataset.open(path)


def count(graph, pattern):
    return int(graph.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")[0]["n"])


def written(lines, kind, settings=None):
    buffer = io.BytesIO()
    export(lines, buffer, kind, settings)
    return buffer.getvalue().decode()


def space(name):
    return rdflib.Namespace(PREFIXES[name])


@pytest.mark.parametrize("kind", WHOLE)
def test_the_same_graph_gives_the_same_bytes(lines, kind):
    assert written(lines, kind) == written(iter(lines), kind)


@pytest.mark.parametrize("kind", WHOLE)
def test_no_graph_makes_a_file_too(kind):
    written([], kind)


# --- JSON-LD ---------------------------------------------------------------------------------------------


def test_pyld_reads_the_very_quads(lines):
    quads = jsonld.to_rdf(json.loads(written(lines, "jsonld")), {"format": "application/n-quads"})
    plain = {line.replace(f"^^<{PREFIXES['xsd']}string>", "") for line in quads.splitlines()}
    assert plain == set(lines)


def test_json_ld_reads_as_people_write_json(lines):
    data = json.loads(written(lines, "jsonld"))
    nodes = [node for part in data["@graph"] for node in part["@graph"]]
    claim = next(one for one in nodes if one.get("type") == "Claim" and one["predicate"] == "metWith")
    assert claim["modality"] in {"asserted", "planned"}
    assert claim["subject"].startswith("wd:Q")
    assert float(claim["confidence"]) > 0
    stretch = next(one for one in nodes if "Evidence" in one.get("type", ()))
    assert isinstance(stretch["begin"], int)
    (quote,) = stretch["quote"].values()
    assert len(quote) == stretch["end"] - stretch["begin"]


# --- NIF -------------------------------------------------------------------------------------------------


def test_nif_mentions_stand_where_their_context_says(lines, graph):
    nif, its = space("nif"), space("itsrdf")
    read = rdflib.Graph().parse(data=written(lines, "nif"), format="turtle")
    phrases = list(read.subjects(rdflib.RDF.type, nif.Phrase))
    assert len(phrases) == count(graph, "?x a kg:Mention")
    assert len(list(read.subjects(rdflib.RDF.type, nif.Context))) == count(graph, "?x a schema:NewsArticle")
    for phrase in phrases:
        context = read.value(phrase, nif.referenceContext)
        whole = str(read.value(context, nif.isString))
        begin, end = (int(read.value(phrase, p)) for p in (nif.beginIndex, nif.endIndex))
        assert whole[begin:end] == str(read.value(phrase, nif.anchorOf))
        assert read.value(phrase, its.taIdentRef)
        assert len(whole) == int(read.value(context, nif.endIndex))


def test_nif_takes_whole_texts_where_they_are_given(lines):
    article = re.search(r"article/([0-9a-f]{16})", "\n".join(lines))[1]
    document = Document(article, None, None, "en", None, "x" * 5000)
    with texts([document]) as known:
        made = written(lines, "nif", Settings(texts=known))
        assert dict(known) == {article: "x" * 5000}
    assert f"article/{article}#char=0,5000> a nif:Context" in made
    assert '"' + "x" * 5000 + '"' in made


# --- nanopublications ------------------------------------------------------------------------------------


def test_each_claim_is_a_whole_nanopublication(lines, graph):
    np, prov = rdflib.Namespace("http://www.nanopub.org/nschema#"), space("prov")
    read = rdflib.Dataset()
    read.parse(data=written(lines, "nanopub"), format="trig")
    found = [(s, g) for s, _, _, g in read.quads((None, rdflib.RDF.type, np.Nanopublication, None))]
    assert len(found) == count(graph, "?x a kg:Claim")
    for this, head in found:
        parts = [next(read.graph(head).objects(this, np[p])) for p in ("hasAssertion", "hasProvenance")]
        info = next(read.graph(head).objects(this, np.hasPublicationInfo))
        assert len({head, *parts, info}) == 4
        assert all(len(read.graph(part)) for part in (*parts, info))
        # the provenance speaks of the assertion, the publication info of the nanopublication
        assert list(read.graph(parts[1]).objects(parts[0], prov.wasDerivedFrom))
        assert list(read.graph(info).predicate_objects(this))


# --- QuickStatements -------------------------------------------------------------------------------------


def test_quick_statements_are_items_with_references(lines):
    rows = [line.split("\t") for line in written(lines, "quickstatements").splitlines()]
    assert rows, "the small graph has an office that Wikidata has a property for"
    for subject, relation, value, *rest in rows:
        assert re.fullmatch(r"Q\d+", subject)
        assert re.fullmatch(r"P\d+", relation)
        assert re.fullmatch(r"Q\d+", value)
        names, said = rest[::2], rest[1::2]
        assert len(names) == len(said)
        assert all(re.fullmatch(r"[PS]\d+", name) for name in names)
        assert "S1683" in names, "the very words"
        for one in said:
            time = re.fullmatch(r"\+\d{4}-\d\d-\d\dT00:00:00Z/(9|10|11)", one)
            assert time or re.fullmatch(r'([a-z-]+:)?"[^"]*"', one)


def test_the_head_of_a_state_is_said_of_the_state():
    kg, wd, base = PREFIXES["kg"], PREFIXES["wd"], "https://newskg.example/"
    spot = f"<{base}article/00#char=0,5>"
    xsd, a = PREFIXES["xsd"], f"<{PREFIXES['rdf']}type>"
    claim = {
        a: f"<{kg}Claim>",
        f"<{kg}subject>": f"<{wd}Q2>",
        f"<{kg}predicate>": f"<{kg}headOfStateOf>",
        f"<{kg}object>": f"<{wd}Q1>",
        f"<{kg}modality>": f"<{kg}asserted>",
        f"<{kg}confidence>": f'"0.9"^^<{xsd}decimal>',
        f"<{kg}time>": '"2024-05"',
        f"<{kg}evidence>": spot,
    }
    quote = {f"<{PREFIXES['nif']}anchorOf>": '"say \\"hi\\""@en', f"<{PREFIXES['nif']}referenceContext>": "<x:a>"}
    said = [f"{spot} {p} {o} <x:g> ." for p, o in quote.items()]
    said += [f"<{base}claim/1> {p} {o} <x:g> ." for p, o in claim.items()]
    assert written(sorted(said), "quickstatements") == (
        'Q1\tP35\tQ2\tP585\t+2024-05-00T00:00:00Z/10\tS1683\ten:"say ”hi”"\n'
    )


# --- tables ----------------------------------------------------------------------------------------------

CLASS_OF = {"articles": "schema:NewsArticle", "mentions": "kg:Mention", "claims": "kg:Claim", "evidence": "kg:Reading"}


def rows_of(graph, table):
    if table == "events":
        return count(graph, "?r kg:event ?x")
    if table == "entities":
        return count(graph, "?x a ?class FILTER(?class IN (kg:Person, kg:Place, kg:Organisation, kg:Product))")
    return count(graph, f"?x a {CLASS_OF[table]}")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_as_csv_and_as_parquet(lines, graph, tmp_path, table):
    export(lines, tmp_path / f"{table}.csv")
    export(lines, tmp_path / f"{table}.parquet")
    with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = pq.read_table(tmp_path / f"{table}.parquet")
    assert len(rows) == columns.num_rows == rows_of(graph, table)
    assert list(rows[0]) == columns.column_names
    for row, same in zip(rows, columns.to_pylist(), strict=True):
        for name, cell in same.items():
            said = row[name]
            assert (None if said == "" else said) == (str(cell).lower() if isinstance(cell, bool) else cell) or float(
                said
            ) == cell


def test_a_folder_holds_all_tables(lines, tmp_path):
    export(lines, tmp_path / "all", "csv")
    assert {path.name for path in (tmp_path / "all").iterdir()} == {f"{table}.csv" for table in TABLES}
    export(lines, tmp_path / "claims.csv.gz")
    assert (tmp_path / "claims.csv.gz").read_bytes()[:2] == b"\x1f\x8b"


def test_a_table_that_is_none(lines, tmp_path):
    with pytest.raises(GraphError, match="no table 'news'") as error:
        export(lines, tmp_path / "news.csv")
    assert "claims" in error.value.do
    with pytest.raises(GraphError, match="several files"):
        export(lines, io.BytesIO(), "parquet")


def test_parquet_says_what_it_needs(lines, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(GraphError, match="pyarrow") as error:
        export(lines, tmp_path / "claims.parquet")
    assert "pip install" in error.value.do


def test_claims_join_their_evidence(lines, tmp_path):
    export(lines, tmp_path, "csv")

    def table(name):
        return list(csv.DictReader(io.StringIO((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))))

    claims = {row["iri"]: row for row in table("claims")}
    met = [row for row in claims.values() if row["predicate"] == "kg:metWith" and row["modality"] == "asserted"]
    assert met[0]["subject_label"]
    quotes = [row for row in table("evidence") if row["claim"] == met[0]["iri"]]
    assert len(quotes) == int(met[0]["evidence"])
    assert {row["article"] for row in quotes} <= {row["iri"] for row in table("articles")}


# --- graphs, maps, calendars -----------------------------------------------------------------------------


def test_networkx_reads_the_graph_ml(lines, graph, tmp_path):
    export(lines, tmp_path / "news.graphml")
    read = nx.read_graphml(tmp_path / "news.graphml")
    drawn = "{ ?end a kg:Person } UNION { ?end a kg:Place } UNION { ?end a kg:Organisation } UNION { ?r kg:event ?end }"
    assert read.number_of_nodes() == count(graph, drawn.replace("?end", "?x"))
    ends = drawn.replace("?end", "?s"), drawn.replace("?end", "?o")
    assert read.number_of_edges() == count(graph, f"?x kg:subject ?s ; kg:object ?o . {ends[0]} {ends[1]}")
    assert all(data["label"] for _, data in read.nodes(data=True))
    assert all(0 <= data["confidence"] <= 1 for _, _, data in read.edges(data=True))


def test_geojson_is_valid_and_on_the_map(lines, graph):
    read = geojson.loads(written(lines, "geojson"))
    assert read.is_valid, read.errors()
    places = [one for one in read.features if one.properties["feature"] == "place"]
    assert len(places) == count(graph, "?x geo:lat ?lat")


def test_geojson_puts_events_at_their_place():
    told = "\n".join(_event_lines())
    read = geojson.loads(written(sorted(told.splitlines()), "geojson"))
    (event,) = [one for one in read.features if one.properties["feature"] == "event"]
    assert event.geometry.coordinates == [20.5, 41.25]  # longitude first
    assert event.properties["label"] == "Meeting"
    assert event.properties["start"] == "2025-10-01"
    assert event.properties["end"] == "2025-10-31"


def test_calendars_hold_each_dated_event(lines, graph):
    read = icalendar.Calendar.from_ical(written(lines, "ics"))
    slides = json.loads(written(lines, "timeline"))["events"]
    dated = count(graph, "?r kg:event ?x . ?c kg:subject ?x ; kg:predicate kg:time ; kg:object ?time")
    assert 0 < dated <= len(read.events) == len(slides) <= count(graph, "?r kg:event ?x")
    for event, slide in zip(read.events, slides, strict=True):
        assert event.errors == []
        first, after = event.decoded("dtstart"), event.decoded("dtend")
        assert first < after
        assert (first.year, first.month, first.day) == tuple(slide["start_date"].values())
        assert str(event["uid"]) == slide["unique_id"]
        assert "“" in str(event["description"])
    assert all(len(line.encode()) <= 75 for line in written(lines, "ics").split("\r\n"))


def test_a_planned_event_is_tentative():
    made = written(sorted(_event_lines("planned")), "ics")
    assert "STATUS:TENTATIVE" in made
    assert "DTSTART;VALUE=DATE:20251001" in made
    assert "DTEND;VALUE=DATE:20251101" in made


def _event_lines(modality="asserted"):
    """One meeting of some day in October at a place with coordinates."""
    kg, a, xsd, base = PREFIXES["kg"], f"<{PREFIXES['rdf']}type>", PREFIXES["xsd"], "https://newskg.example/"
    event, place, geo = f"<{base}event/1>", "<x:place>", PREFIXES["geo"]
    report, spot = f"<{base}article/00#char=1,5&event=1>", f"<{base}article/00#char=0,9>"
    yield f'{place} <{geo}lat> "41.25"^^<{xsd}decimal> <x:g> .'
    yield f'{place} <{geo}long> "20.5"^^<{xsd}decimal> <x:g> .'
    yield f'{spot} <{PREFIXES["nif"]}anchorOf> "They met."@en <x:g> .'
    reported = {"event": event, "eventType": f"<{kg}Meeting>", "modality": f"<{kg}{modality}>", "evidence": spot}
    yield f"{report} {a} <{kg}Report> <x:g> ."
    yield from (f"{report} <{kg}{name}> {term} <x:g> ." for name, term in reported.items())
    for number, (predicate, term) in enumerate(
        ((f"<{PREFIXES['sem']}hasPlace>", place), (f"<{kg}time>", '"2025-10"')), start=1
    ):
        claim = f"<{base}claim/{number}>"
        yield f"{claim} {a} <{kg}Claim> <x:g> ."
        said = {"subject": event, "predicate": predicate, "object": term, "modality": f"<{kg}{modality}>"}
        said["confidence"] = f'"0.9"^^<{xsd}decimal>'
        yield from (f"{claim} <{kg}{name}> {value} <x:g> ." for name, value in said.items())


# --- links and description -------------------------------------------------------------------------------


def test_links_go_where_external_ttl_says():
    sets = load_ontology().external.values()
    ids = {"geonames": "726050", "iata": "VAR", "viaf": "no number", "musicbrainz_artist": "x"}
    found = links(
        sets, ids, {"en": "Varna,_Bulgaria", "bg": "%D0%92%D0%B0%D1%80%D0%BD%D0%B0", "fi": "Varna"}, {"en", "bg"}
    )
    assert sorted(found) == sorted(
        [
            (node("skos:exactMatch"), "<https://sws.geonames.org/726050/>"),
            (node("schema:iataCode"), '"VAR"'),
            (node("owl:sameAs"), "<http://dbpedia.org/resource/Varna,_Bulgaria>"),
            (node("schema:sameAs"), "<https://en.wikipedia.org/wiki/Varna,_Bulgaria>"),
            (node("schema:sameAs"), "<https://bg.wikipedia.org/wiki/Варна>"),
        ]
    )


LINKED = sorted(
    f"{node('wd:Q6506')} {p} {o} {node('graph/entities')} ."
    for p, o in [
        (node("rdfs:label"), '"Varna"@en'),
        (node("rdf:type"), node("kg:Place")),
        (node("skos:exactMatch"), "<https://sws.geonames.org/726050/>"),
        (node("owl:sameAs"), "<http://dbpedia.org/resource/Varna>"),
        (node("owl:sameAs"), "<https://else.example/1>"),
    ]
)


def test_sssom_is_a_table_of_links_with_reasons():
    made = written(LINKED, "sssom")
    rows = list(csv.DictReader((line for line in made.splitlines() if not line.startswith("#")), delimiter="\t"))
    assert [(row["subject_id"], row["subject_label"], row["object_source"]) for row in rows] == [
        ("wd:Q6506", "Varna", "kg:DBpedia"),
        ("wd:Q6506", "Varna", ""),
        ("wd:Q6506", "Varna", "kg:GeoNames"),
    ]
    assert all(row["mapping_justification"].startswith("semapv:") for row in rows)
    assert rows[0]["comment"]
    used = {row[name].partition(":")[0] for row in rows for name in ("subject_id", "predicate_id")}
    assert all(f"#  {prefix}: " in made for prefix in used)


def test_the_description_counts_what_is_there(lines, graph):
    made = rdflib.Graph().parse(data=written(sorted([*lines, *LINKED]), "void"), format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    (me,) = made.subjects(rdflib.RDF.type, void.Dataset)
    assert int(made.value(me, void.triples)) == len(lines) + len(LINKED)
    assert int(made.value(me, void.documents)) == count(graph, "?x a schema:NewsArticle")
    claims = made.value(predicate=void["class"], object=space("kg").Claim)
    assert int(made.value(claims, void.entities)) == count(graph, "?x a kg:Claim")
    met = made.value(predicate=void.property, object=space("kg").confidence)
    assert int(made.value(met, void.triples)) == sum(f"<{PREFIXES['kg']}confidence>" in line for line in lines)
    sets = {made.value(one, void.objectsTarget): one for one in made.subjects(rdflib.RDF.type, void.Linkset)}
    assert set(sets) == {space("kg").GeoNames, space("kg").DBpedia, space("kg").Wikipedia, None}
    assert set(made.objects(me, void.subset)) == set(sets.values())
    assert made.value(me, space("prov").wasGeneratedBy)


def test_a_file_is_described_beside_it(lines, tmp_path):
    beside = export_described(lines, tmp_path / "a b.nt.gz", Settings(about=About("Ours", "all rights reserved")))
    assert beside == tmp_path / "a b.void.ttl"
    made = rdflib.Graph().parse(beside)
    void, terms = rdflib.Namespace("http://rdfs.org/ns/void#"), space("dcterms")
    (me,) = made.subjects(rdflib.RDF.type, void.Dataset)
    assert str(made.value(me, void.dataDump)) == (tmp_path / "a b.nt.gz").as_uri()
    assert str(made.value(me, terms.title)) == "Ours"
    assert rdflib.Literal("all rights reserved") in set(made.objects(me, terms.rights))
    assert int(made.value(me, void.triples)) == len(list(load(tmp_path / "a b.nt.gz")))


def test_what_does_not_hold_the_whole_graph_is_not_described(lines, tmp_path):
    assert export_described(lines, tmp_path / "claims.csv", Settings()) is None
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


# --- choosing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_extension_chooses(name):
    assert format_of(f"some/news{FORMATS[name].extension}").name == name
    assert format_of(f"News{FORMATS[name].extension.upper()}.gz").name == name


def test_the_page_lists_every_format():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    for form in FORMATS.values():
        assert re.search(rf"^\| `{re.escape(form.extension)}` \| {re.escape(form.words)} \|$", page, re.MULTILINE), (
            f"README: | `{form.extension}` | {form.words} |"
        )
