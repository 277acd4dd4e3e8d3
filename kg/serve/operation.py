"""For whoever runs it: whether all is well."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError
from kg.serve.protocol import RETRY_AFTER
from kg.serve.state import State


def routes(state: State) -> list[BaseRoute]:
    """/health."""

    async def health(_: Request) -> Response:
        try:
            await state.rows("ASK {}")
        except KgError as error:
            return JSONResponse({"status": "failing", "what": error.what}, 503, {"Retry-After": str(RETRY_AFTER)})
        return JSONResponse({"status": "ok"})

    return [Route("/health", health)]
