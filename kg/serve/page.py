"""The landing page: what is here and how to ask it. Plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from kg.query import Question, bind

EXAMPLE = """SELECT ?name (COUNT(DISTINCT ?article) AS ?articles) WHERE {
  ?mention itsrdf:taIdentRef ?entity ; nif:referenceContext ?article .
  ?entity rdfs:label ?name .
}
GROUP BY ?name
ORDER BY DESC(?articles) ?name
LIMIT 20"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>News knowledge graph: {title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
textarea {{ width: 100%; box-sizing: border-box; font: 0.9rem/1.4 ui-monospace, monospace; }}
code {{ font-family: ui-monospace, monospace; }}
</style>
</head>
<body>
<main>
<h1>News knowledge graph</h1>
<p>{facts} Every fact names the sentence that says it.</p>
<h2>Ask it</h2>
<form action="sparql" method="get">
<label for="query">A SPARQL query; the prefixes kg:, wd:, schema:, nif:, itsrdf:, sem:, skos:, rdfs: are known.</label>
<textarea id="query" name="query" rows="9" spellcheck="false">{example}</textarea>
<button>Ask</button>
</form>
<h2>Questions that are ready</h2>
<ul>
{questions}
</ul>
<h2>For programs</h2>
<p>The SPARQL 1.1 endpoint is <code>{endpoint}</code>: GET <code>?query=</code>, or POST as
<code>application/sparql-query</code> or as a form. Rows come as JSON, XML, CSV or TSV, triples as Turtle, N-Triples,
RDF/XML or JSON-LD, by the <code>Accept</code> header. It is read-only.</p>
<pre><code>curl -G {endpoint} -H 'Accept: text/csv' \\
     --data-urlencode 'query=SELECT * {{ ?one kg:metWith ?other }} LIMIT 10'</code></pre>
</main>
</body>
</html>
"""


def landing(title: str, facts: str, questions: Sequence[Question], endpoint: str) -> str:
    """The page. `facts`: a sentence about the graph's size; `endpoint`: the SPARQL endpoint's whole address."""
    return _PAGE.format(
        title=escape(title),
        facts=escape(facts),
        example=escape(EXAMPLE),
        questions="\n".join(_item(question) for question in questions),
        endpoint=escape(endpoint),
    )


def _item(question: Question) -> str:
    """A link that asks the question: without what may be left out, with the example of what may not."""
    examples = {p.name: [p.example.strip('"')] for p in question.params if not p.optional}
    address = "sparql?" + urlencode({"query": bind(question, examples)})
    return f'<li><a href="{escape(address)}">{escape(question.words)}</a></li>'
