"""The address of the settings: GET shows them, POST changes them, for pages of this machine and for paired devices."""

from __future__ import annotations

import asyncio

from assistant.errors import MissingExtra, TuinaError
from assistant.web.page_settings import NoChange, PageSettings

try:
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "starlette", "the page of tuina serve and --screen") from error

MOST_BYTES = 4096  # of a change; ours have 150


def settings_route(settings: PageSettings, *, is_here: bool) -> Route:
    """Return the route; `is_here`: those who reach it sit at this machine."""

    async def serve(request: Request) -> Response:
        if request.method != "POST":
            return JSONResponse(await asyncio.to_thread(settings.shown, is_here=is_here))
        if "origin" not in request.headers:  # the guard has read it; a page's POST always has one
            return Response(status_code=403)
        text = await _text_of(request)
        if text is None:
            return Response(status_code=413)
        far = request.client.host if request.client else "?"
        device = "this machine's page" if is_here else f"a paired device, {far}"
        try:
            wrong = await asyncio.to_thread(settings.change, text, is_here=is_here, device=device)
        except NoChange:
            return Response(status_code=400)
        except TuinaError as error:
            return JSONResponse({"problem": str(error)}, status_code=500)
        return JSONResponse({"wrong": wrong})

    return Route("/settings.json", serve, methods=["GET", "POST"])


async def _text_of(request: Request) -> str | None:
    """Return the body of a request, or None where it is too long; nothing more is read then."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body.decode("utf-8", errors="replace")
