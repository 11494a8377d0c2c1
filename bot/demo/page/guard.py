"""Who may talk to the demo's page, and what a browser may do with what it gets.

The page acts for the people of the workspace without asking for a password, so a web site open in the same browser must
not reach it: not by a form or a script (Origin, content type), nor by a name that resolves to this machine (Host).
Messages may hold anything; the content security policy is the second wall behind a client that writes only text.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        *(f"{kind} 'none'" for kind in ("base-uri", "form-action", "frame-ancestors")),
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
READING: Final = ("GET", "HEAD")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refusal(Exception):  # noqa: N818 - it reads as what happened
    """What was asked for is not done; the sentence says why, `status` is the HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse strangers, and answer every error with a sentence."""
    try:
        refuse_strangers(request)
        return await handler(request)
    except Refusal as refusal:
        return web.json_response({"error": str(refusal)}, status=refusal.status)
    except web.HTTPException as error:
        return web.json_response({"error": f"{error.reason}: {request.method} {request.path}"}, status=error.status)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on everything, streams included, before it is sent."""
    response.headers.update(HEADERS)


def refuse_strangers(request: web.Request) -> None:
    """Raise Refusal with 403 unless the request comes from this page, or from a program on this machine."""
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if request.host not in hosts:
        raise Refusal(f"This page answers only to http://127.0.0.1:{port}, not to {request.host!r}.", 403)
    if request.method in READING:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        raise Refusal(f"This comes from another page ({origin!r}). Nothing was done.", 403)
    if request.content_type != "application/json":
        raise Refusal("Only application/json is taken here. Nothing was done.", 403)
