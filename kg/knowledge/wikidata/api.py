"""wbsearchentities and wbgetentities of a Wikibase: one request at a time, kept on disk, with a budget.

As the API's etiquette asks: maxlag, so that a busy server may send us away (as an error inside of a 200, which is
not kept), Retry-After, a pause between requests, and a User-Agent that says who asks (NEWSKG_CONTACT in the
environment). Without a network, old answers serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from kg.errors import InputError, KnowledgeError
from kg.web import Fetched, Limits, Web, cache_folder

WIKIDATA = "https://www.wikidata.org/w/api.php"
BUDGET = 500  # requests a run
_AT_ONCE = 50  # entities of one wbgetentities, as the API limits it
_JSON = ("application/json",)
_WEEK = 7 * 86400.0


class Api:
    """One Wikibase."""

    def __init__(self, web: Web, url: str = WIKIDATA) -> None:
        self._web, self._url = web, url

    @property
    def made(self) -> int:
        """Requests so far that went over the network."""
        return self._web.made

    def search(self, text: str, lang: str, limit: int = 7) -> list[str]:
        """QIDs of items that are called so, or whose name begins so, in a language or those it falls back on."""
        found = self._ask(action="wbsearchentities", search=text, language=lang, type="item", limit=str(limit))
        return [str(hit["id"]) for hit in found.get("search", ()) if str(hit.get("id", "")).startswith("Q")]

    def items(self, qids: Iterable[str], props: str = "labels|aliases|claims|sitelinks|info") -> dict[str, Any]:
        """Items by the QID that was asked for; a merged one has another `id`; missing ones are left out."""
        found: dict[str, Any] = {}
        for part in _parts(list(dict.fromkeys(qids))):
            answer = self._ask(action="wbgetentities", ids="|".join(part), props=props, redirects="yes")
            for key, item in answer.get("entities", {}).items():
                if "missing" not in item and item.get("type", "item") == "item":
                    found[item.get("redirects", {}).get("from", key)] = item
        return found

    def _ask(self, **params: str) -> Mapping[str, Any]:
        url = f"{self._url}?{urlencode({**params, 'format': 'json', 'maxlag': '5'})}"
        try:
            answer: Mapping[str, Any] = orjson.loads(self._web.get(url, _JSON, _usable).body)
        except InputError as error:
            what = error.what.replace(url, self._url)
            raise KnowledgeError(what, "Try again later, or go on without --online: what was learned stays.") from error
        if "error" in answer:
            what = f"{self._url} answered: {answer['error'].get('info') or answer['error'].get('code')}."
            raise KnowledgeError(what, "Check the address of the API, or report this.")
        return answer


def connect(url: str = WIKIDATA, budget: int = BUDGET, folder: Path | None = None) -> Api:
    """The API at `url`, asked as politely as Wikidata wants it; a server of one's own machine needs no pauses."""
    pause = 0.0 if urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"} else 0.5
    limits = Limits(pause=pause, fresh=_WEEK, at_least=_WEEK, stale=True, requests=budget, tries=4)
    return Api(Web(folder or cache_folder().with_name("wikidata"), limits), url)


def _usable(answer: Fetched) -> bool:
    """Whether the body is whole JSON, and not a server that lags behind or is told to wait."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return False
    code = body.get("error", {}).get("code") if isinstance(body, dict) else "no object"
    return code not in {"maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError", "no object"}


def _parts(qids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (qids[at : at + _AT_ONCE] for at in range(0, len(qids), _AT_ONCE))
