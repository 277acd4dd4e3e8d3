"""Questions to SPARQL endpoints elsewhere: the only door to SPARQLWrapper."""

from __future__ import annotations

import email.utils
import io
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.error import HTTPError, URLError

from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg import __version__
from kg.errors import QueryError
from kg.graph.sparql import Kind
from kg.query.guard import Form
from kg.query.worker import Answer, Limits, TimedOutError

AGENT = f"newskg/{__version__} (a news knowledge-graph builder; SPARQLWrapper)"
TRIES = 4
LONGEST_WAIT = 60.0  # seconds: a server that asks for more is asked again another day
_LONG_QUERY = 2000  # characters after which a query goes by POST: many servers cut long addresses
_TRY_AGAIN = frozenset({429, 502, 503, 504})

KINDS: Mapping[Form, Kind] = {"select": "rows", "ask": "boolean", "construct": "triples", "describe": "triples"}
_ROW_FORMATS = {"json": JSON, "xml": XML, "csv": CSV, "tsv": TSV}
_TRIPLE_FORMATS = {"ttl": TURTLE, "nt": N3, "xml": RDFXML, "json": JSONLD}


def ask_endpoint(url: str, sparql: str, form: Form, limits: Limits, formats: tuple[str, str]) -> Answer:
    """The answer of the endpoint at `url`; asks again after 429 and 5xx, as late as Retry-After says.

    `formats`: of rows (json, xml, csv, tsv) and of triples (ttl, nt, xml, json).

    Raises TimedOutError after `limits.seconds` in all, QueryError for anything that the endpoint refuses.
    """
    deadline = time.monotonic() + limits.seconds
    for attempt in range(1, TRIES + 1):
        wrapper = _wrapper(url, sparql, form, formats)
        left = deadline - time.monotonic()
        if left <= 0:
            raise _too_slow(url, limits)
        try:
            return _read(wrapper, form, left, limits, url)
        except HTTPError as error:
            error.close()
            wait = _wait(error, attempt)
            if error.code not in _TRY_AGAIN or attempt == TRIES or wait > deadline - time.monotonic():
                raise _refused(url, error) from error
            time.sleep(wait)
        except TimeoutError as error:
            raise _too_slow(url, limits) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _too_slow(url, limits) from error
            raise QueryError(f"{url} can't be reached: {error.reason}", "check the address and the network") from error
        except (SPARQLWrapperException, HTTPException, OSError) as error:
            raise _failed(url, error) from error
    raise AssertionError("unreachable: the last attempt returns or raises")


def _wrapper(url: str, sparql: str, form: Form, formats: tuple[str, str]) -> SPARQLWrapper:
    wrapper = SPARQLWrapper(url, agent=AGENT)
    wrapper.setQuery(sparql)
    wrapper.setMethod(POST if len(sparql) > _LONG_QUERY else GET)
    wrapper.setOnlyConneg(True)  # no format=, output=, results= beside the Accept header: strict servers refuse them
    rows = KINDS[form] != "triples"
    wrapper.setReturnFormat(_ROW_FORMATS[formats[0]] if rows else _TRIPLE_FORMATS[formats[1]])
    return wrapper


def _read(wrapper: SPARQLWrapper, form: Form, seconds: float, limits: Limits, url: str) -> Answer:
    """Reads in pieces, so that a server that trickles can't hold us beyond the time."""
    deadline = time.monotonic() + seconds
    wrapper.setTimeout(max(1, int(seconds)))
    response = wrapper.query().response
    body = io.BytesIO()
    with response:
        while piece := response.read1(1 << 16):
            body.write(piece)
            if time.monotonic() > deadline:
                raise TimeoutError
            if limits.answer is not None and body.tell() > limits.answer:
                raise QueryError(f"the answer of {url} is longer than {limits.answer:,} bytes", "add a LIMIT")
    return Answer(KINDS[form], body, body.tell())


def _wait(error: HTTPError, attempt: int) -> float:
    """Seconds until the next try: what Retry-After says, else 1, 2, 4."""
    said = (error.headers.get("Retry-After") or "").strip()
    if said.isdigit():
        return float(said)
    try:
        when = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return float(2 ** (attempt - 1))
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _refused(url: str, error: HTTPError) -> QueryError:
    return QueryError(
        f"{url} answered {error.code} {error.reason}", "try again later, or check the address and the query"
    )


def _failed(url: str, error: Exception) -> QueryError:
    lines = [line.strip() for line in re.split(r"\\n|\n", str(error)) if line.strip()]
    told = lines[-1].removeprefix("b'").rstrip("'")[:300] if lines else type(error).__name__
    name = type(error).__name__
    if name == "QueryBadFormed":
        return QueryError(f"{url} can't read the query: {told}", "mend the query, or ask without our prefixes")
    return QueryError(f"{url} gave no answer ({name}): {told}", "check that the address is a SPARQL endpoint's")


def _too_slow(url: str, limits: Limits) -> TimedOutError:
    return TimedOutError(
        f"{url} gave no answer within {limits.seconds:g} seconds", "ask for less, or allow more: --timeout"
    )
