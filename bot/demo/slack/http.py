"""The HTTP side of the Web API: bodies in, answers out, and the faults in between.

Real Slack answers almost everything with status 200 and says in the body what happened; only 429 and its own breakdowns
have another status. Each answer carries `Date` and, after a good token, the token's scopes.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate

from aiohttp import web

from bot.demo.slack import api as slack_api
from bot.demo.slack.call import ApiError
from bot.demo.slack.faults import Fault, Reply
from bot.demo.slack.records import Json
from bot.demo.slack.response_url import RESPONSE_URL, respond
from bot.demo.slack.workspace import SlackWorkspace

Act = Callable[[Json, Fault], Json]
OK = 200
UNANSWERED = (Reply.CUT, Reply.SILENCE, Reply.TRICKLED)
TRICKLE_EVERY = 2.0  # seconds between two bytes
TOKEN_ERRORS = ("not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired")
HTML = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Server Error</body></html>"


class SlackHttp:
    """Answers `/api/<method>` and `/response/<id>`; `stopping` ends every wait."""

    def __init__(self, workspace: SlackWorkspace, open_socket: Callable[[], Json], stopping: asyncio.Event) -> None:
        self._workspace = workspace
        self._open_socket = open_socket
        self._stopping = stopping

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await read_arguments(request)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()

        def act(arguments: Json, fault: Fault) -> Json:
            if method == slack_api.SOCKET_METHOD:
                return self._socket_address(bearer)
            token = bearer or str(arguments.get("token", ""))
            return slack_api.answer(self._workspace, method, token, arguments, fault)

        return await self._answer(request, method, arguments, act)

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        url_id = request.match_info["id"]

        def act(arguments: Json, fault: Fault) -> Json:
            return respond(self._workspace, url_id, arguments, fault)

        return await self._answer(request, RESPONSE_URL, await read_arguments(request), act)

    def _socket_address(self, token: str) -> Json:
        # The app-level token is taken from the header only, as the method's page says.
        if slack_api.check_token(self._workspace, token) != "app":
            raise ApiError("not_allowed_token_type")
        return self._open_socket()

    async def _answer(self, request: web.Request, method: str, arguments: Json, act: Act) -> web.StreamResponse:
        fault = self._workspace.faults.take(method)
        index = self._workspace.record_call(method, arguments)
        await self._pause(fault.before)
        status, headers, body = self._act(arguments, fault, act)
        self._workspace.finish_call(
            index, outcome=body.get("error", "ok"), fault=fault.name, status=status_sent(fault, status)
        )
        await self._pause(fault.after)
        return await self._reply(request, fault, web.Response(status=status, headers=headers, text=json.dumps(body)))

    def _act(self, arguments: Json, fault: Fault, act: Act) -> tuple[int, dict[str, str], Json]:
        """Let the call take effect unless the fault forbids it; status, headers and body of the honest answer."""
        if not fault.accepts:
            code = fault.error or "not_accepted"
            return OK, {}, {"ok": False, "error": code}
        scopes = {"X-OAuth-Scopes": ",".join(sorted(self._workspace.scopes))}
        try:
            return OK, scopes, {"ok": True} | act(arguments, fault)
        except ApiError as refused:
            known = {} if refused.code in TOKEN_ERRORS else scopes
            return refused.status, known | refused.headers, {"ok": False, "error": refused.code} | refused.fields

    async def _reply(self, request: web.Request, fault: Fault, honest: web.Response) -> web.StreamResponse:
        if fault.reply is Reply.SILENCE:
            await self._stopping.wait()
        elif fault.reply is Reply.TRICKLED:
            await self._trickle(request)
        if fault.reply in UNANSWERED:
            return cut(request)
        response = disturbed(fault, honest)
        response.headers["Date"] = formatdate(self._workspace.now(), usegmt=True)
        if response.content_type == "text/plain":
            response.content_type = "application/json"
        return response

    async def _trickle(self, request: web.Request) -> None:
        link = request.transport
        if link is not None:
            link.write(b"HTTP/1.1 200 OK\r\nX-Trickle: ")  # below aiohttp, which writes headers whole
        while link is not None and not link.is_closing() and not self._stopping.is_set():
            link.write(b".")
            await self._pause(TRICKLE_EVERY)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)


async def read_arguments(request: web.Request) -> Json:
    """Arguments of the query and the body, whatever its kind; a body that cannot be read has none."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        with suppress(ValueError):
            body = json.loads(await request.text() or "{}")
            return arguments | body if isinstance(body, dict) else arguments
        return arguments
    return arguments | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def disturbed(fault: Fault, honest: web.Response) -> web.Response:
    """The answer as the fault leaves it."""
    if fault.reply is Reply.HTTP:
        retry = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        body = json.dumps({"ok": False, "error": fault.error}) if fault.error else HTML
        kind = "application/json" if fault.error else "text/html"
        return web.Response(status=fault.status, headers=retry, text=body, content_type=kind)
    if fault.reply is Reply.ERROR:
        return web.Response(text=json.dumps({"ok": False, "error": fault.error}))
    if fault.reply is Reply.NOT_JSON:
        return web.Response(text=HTML, content_type="text/html")
    if fault.reply is Reply.TRUNCATED:
        text = honest.text or ""
        return web.Response(text=text[: len(text) // 2])
    return honest


def status_sent(fault: Fault, honest: int) -> int:
    """The HTTP status the caller sees, 0 for none."""
    if fault.reply in UNANSWERED:
        return 0
    return fault.status if fault.reply is Reply.HTTP else honest


def cut(request: web.Request) -> web.Response:
    """Close the connection without an answer; the response returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
