"""The page's side of the chat over HTTP: what a person sees, what changes, and what they say and press.

Each handler reads its request, does one act in the workspace and answers; a wrong request is answered with a sentence.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from bot.demo.page import commands as page_commands
from bot.demo.page import view as page_view
from bot.demo.page.feed import Entry, Feed
from bot.demo.page.guard import Refusal
from bot.demo.page.speech import Typed, say
from bot.demo.slack.interaction import Interaction
from bot.demo.slack.records import Channel, Json
from bot.demo.slack.workspace import SlackWorkspace

TEXT_MOST: Final = 12_000
HEARTBEAT: Final = 10.0  # seconds of silence after which the stream says that it lives
PRESS_WITHIN: Final = 4.0  # seconds; Slack itself gives the app three


class ChatApi:
    """The /chat/ endpoints. `typed` hears of commands, which leave no message; `panel`: there is one on the cloud."""

    def __init__(
        self, workspace: SlackWorkspace, feed: Feed, typed: Typed, offers: Sequence[page_commands.Offer], *, panel: bool
    ) -> None:
        self._workspace, self._feed, self._typed, self._offers = workspace, feed, typed, offers
        self._panel = panel
        for person in list(workspace.people):
            workspace.direct_channel(person)  # a client shows the app before anybody has written to it

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/chat/state", self.state),
            web.get("/chat/events", self.events),
            web.get("/chat/commands", self.commands),
            web.post("/chat/say", self.say),
            web.post("/chat/act", self.act),
            web.post("/chat/home", self.home),
        ]

    # -- reading

    async def state(self, request: web.Request) -> web.Response:
        """Everything `me` sees, and the position from which `events` goes on."""
        position = self._feed.position  # taken first: what comes meanwhile is then told twice, not never
        seen = page_view.state(self._workspace, self._me(request.query.get("me", next(iter(self._workspace.people)))))
        return web.json_response(seen | {"position": position, "panel": self._panel})

    async def commands(self, _: web.Request) -> web.Response:
        """What the composer offers."""
        return web.json_response(page_commands.as_json(self._offers))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events for `me` after `Last-Event-ID` or `after`; `reset` means: fetch the state anew."""
        me = self._me(request.query.get("me", ""))
        position = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await stream.prepare(request)
        with suppress(ConnectionError):  # nobody listens any more
            await self._tell(stream, me, position)
        return stream

    # -- acting

    async def say(self, request: web.Request) -> web.Response:
        """Write, mention or command: {me, channel, text, thread_ts?}."""
        body = await body_of(request)
        me, channel, text = self._me(word(body, "me")), self._channel(body), word(body, "text").strip()
        if not text or len(text) > TEXT_MOST:
            raise Refusal("There is nothing to send." if not text else f"A message has at most {TEXT_MOST} characters.")
        thread_ts = word(body, "thread_ts", "")
        if thread_ts and self._workspace.message(channel.id, thread_ts) is None:
            raise Refusal("That thread is no longer there.", 409)
        say(self._workspace, me, (channel, thread_ts), text, self._typed)
        return web.json_response({})

    async def act(self, request: web.Request) -> web.Response:
        """Press a button: {me, channel, ts, action_id, value?, selected_option?}; without a channel, in the Home."""
        body = await body_of(request)
        me, action_id = self._me(word(body, "me")), word(body, "action_id")
        chosen = {name: body[name] for name in ("value", "selected_option") if body.get(name) is not None}
        try:
            pressed = self._press(me, body, action_id, chosen)
        except LookupError:
            raise Refusal("That button is no longer there.", 409) from None
        await self._acknowledged(pressed)
        return web.json_response({})

    async def home(self, request: web.Request) -> web.Response:
        """Look at the bot's Home: {me}."""
        self._workspace.open_home(self._me(word(await body_of(request), "me")))
        return web.json_response({})

    # -- parts

    async def _tell(self, stream: web.StreamResponse, me: str, position: str) -> None:
        while (entries := self._feed.since(position)) is not None:
            position = f"{self._feed.id}-{entries[-1].number}" if entries else position
            await stream.write(frames(self._feed.id, entries, me) or b": still here\n\n")
            await self._news(position)
        await stream.write(b"event: reset\ndata: {}\n\n")

    def _press(self, me: str, body: Json, action_id: str, chosen: Json) -> Interaction:
        if not body.get("channel"):
            return self._workspace.click_home(me, action_id, **chosen)
        message = self._workspace.message(self._channel(body).id, word(body, "ts"))
        if message is None or not page_view.sees(self._workspace, me, message):
            raise LookupError
        return self._workspace.click(me, message, action_id, **chosen)

    async def _acknowledged(self, pressed: Interaction) -> None:
        until = time.monotonic() + PRESS_WITHIN
        while pressed.acked_after is None and not pressed.error and time.monotonic() < until:
            await self._feed.rung(PRESS_WITHIN)
        if pressed.acked_after is None:
            raise Refusal("prewarm did not answer the button in time. Nothing was done; try again.", 504)

    async def _news(self, position: str) -> None:
        """Wait for what comes after a position, or for the next heartbeat."""
        until = asyncio.get_running_loop().time() + HEARTBEAT
        while self._feed.since(position) == [] and (left := until - asyncio.get_running_loop().time()) > 0:
            await self._feed.rung(left)

    def _me(self, person: str) -> str:
        if person not in self._workspace.people:
            raise Refusal(f"There is nobody {person!r} in this workspace.")
        return person

    def _channel(self, body: Json) -> Channel:
        channel = self._workspace.channels.get(word(body, "channel"))
        if channel is None or not page_view.may_see(channel, word(body, "me")):
            raise Refusal(f"There is no channel {body['channel']!r} for you.", 404)
        return channel


async def body_of(request: web.Request) -> Json:
    """The request's JSON object."""
    try:
        body: Any = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal("The body is not a JSON object.")
    return body


def word(body: Json, name: str, default: str | None = None) -> str:
    """A field that must be a text; raises Refusal."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise Refusal(f"The field {name!r} must be a text.")
    return value


def frames(run: str, entries: Sequence[Entry], me: str) -> bytes:
    """The entries that are for `me`, as server-sent events."""
    told = [(entry, entry.shown(me)) for entry in entries]
    lines = [f"id: {run}-{e.number}\nevent: {e.name}\ndata: {json.dumps(data)}\n\n" for e, data in told if data]
    return "".join(lines).encode()
