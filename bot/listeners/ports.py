"""What the listeners need of the services."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from bot.services.dispatcher import Question
from bot.services.reply_routes import Reply


class Dispatcher(Protocol):
    """Where people ask; returns at once. What it returns ends when Slack may be told that the question arrived."""

    def ask(self, question: Question, reply: Reply, refuse: Reply | None = None) -> Future[None]: ...


class ReplyRoutes(Protocol):
    """How answers get back, by the place asked from."""

    def respond(self, response_url: str, *, replace: bool = False) -> Reply: ...

    def say(self, conversation: str, thread_ts: str | None = None) -> Reply: ...

    def whisper(self, conversation: str, user: str, thread_ts: str | None = None) -> Reply: ...

    def edit(self, conversation: str, ts: str, otherwise: Reply) -> Reply: ...


class AppHomes(Protocol):
    """App AppHomes; returns at once. What it returns ends with the request."""

    def show(self, user: str) -> Future[None]: ...


class Membership(Protocol):
    """The channels that somebody relies on."""

    def joined(self, channel: str) -> None: ...

    def lost(self, channel: str, code: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """All that listeners hand on to."""

    desk: Dispatcher
    replying: ReplyRoutes
    homes: AppHomes
    rooms: Membership
