"""A Bolt app with the bot's listeners behind the embedded workspace: what people do is dispatched at once.

The services behind the listeners only note what they are told.
"""

import logging
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot import listeners
from bot.commands.request import Request, Status
from bot.demo.slack.events import Envelope
from bot.demo.slack.records import Identity
from bot.demo.slack.workspace import SlackWorkspace
from bot.rendering.payload import Payload, Wording
from bot.services.question import Question
from bot.services.reply_routes import Reply, at_once


def nothing(_: bool) -> Payload:
    return Payload("", ())


@dataclass
class Services:
    """Dispatcher, replying, AppHomes and rooms in one: `asked` and `told` hold what they were given.

    `due` is when Slack may be told that it arrived.
    """

    due: Future[None] = field(default_factory=Future)
    asked: list[tuple[Question, Reply, Reply | None]] = field(default_factory=list)
    told: list[tuple[str, ...]] = field(default_factory=list)
    stopped: bool = False

    def ask(self, question: Question, reply: Reply, refuse: Reply | None = None) -> Future[None]:
        if self.stopped:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.asked.append((question, reply, refuse))
        return self.due

    def respond(self, response_url: str, *, replace: bool = False) -> Reply:
        return self._noting("respond", response_url.rpartition("/")[0], "in place" if replace else "new")

    def say(self, conversation: str, thread_ts: str | None = None) -> Reply:
        return self._noting("say", conversation, thread_ts or "")

    def whisper(self, conversation: str, user: str, thread_ts: str | None = None) -> Reply:
        return self._noting("whisper", conversation, user, thread_ts or "")

    def edit(self, conversation: str, ts: str, otherwise: Reply) -> Reply:
        def reply(request: Request | None, words: Wording) -> Future[None]:
            self.told.append(("edit", conversation, ts))
            return otherwise(request, words)

        return reply

    def show(self, user: str) -> Future[None]:
        self.told.append(("home", user))
        return self.due

    def joined(self, channel: str) -> None:
        self.told.append(("joined", channel))

    def lost(self, channel: str, code: str) -> None:
        self.told.append(("lost", channel, code))

    def _noting(self, *what: str) -> Reply:
        def reply(_: Request | None, __: Wording) -> Future[None]:
            self.told.append(what)
            return at_once()

        return reply


def ourselves(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    who = Identity()
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_token=who.token,
        bot_id=who.bot_id,
        bot_user_id=who.bot_user,
    )


class Line(BaseSocketModeClient):
    """Where acknowledgements go: `acks` holds them."""

    def __init__(self) -> None:
        self.logger = logging.getLogger(__name__)
        self.socket_mode_request_listeners = []
        self.acks: list[SocketModeResponse] = []

    def send_socket_mode_response(self, response: SocketModeResponse | dict[str, Any]) -> None:
        assert isinstance(response, SocketModeResponse)
        self.acks.append(response)


@dataclass
class Front:
    """A workspace in front of a Bolt app: what people do is dispatched at once."""

    def __post_init__(self) -> None:
        self.services, self.slack, self.line = Services(), SlackWorkspace(), Line()
        self.slack.base_url = "http://127.0.0.1"
        self.slack.outlet = self.deliver
        self.app = App(
            client=WebClient(base_url="http://127.0.0.1:1/", retry_handlers=[]),
            authorize=ourselves,
            process_before_response=True,
            request_verification_enabled=False,
            signing_secret="unused",
        )
        behind: Any = self.services  # all four in one
        listeners.register(self.app, behind, behind, behind, behind)
        self.listener = listeners.SocketListener(self.app, self.line)

    @property
    def acks(self) -> list[object]:
        """The payloads of the acknowledgements that were sent."""
        return [ack.payload for ack in self.line.acks]

    def deliver(self, envelope: Envelope) -> None:
        self.listener.handle(self.line, SocketModeRequest(envelope.type, "E1", envelope.payload))

    def question(self) -> Question:
        [(question, _, _)] = self.services.asked
        return question

    def ways(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """How an answer goes back, and how a refusal does."""
        [(_, reply, refuse)] = self.services.asked
        gone = []
        for way in (reply, refuse or reply):
            self.services.told.clear()
            way(Status(), nothing)
            gone.append([*self.services.told])
        return gone[0], gone[1]
