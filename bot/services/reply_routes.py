"""How an answer gets back to where it was asked: one way per kind of place.

A `response_url`, an ephemeral message and an edit take no slot of the channel's pace; what is said in a conversation
does (P1, P8).
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Protocol

from bot.commands.request import ListTasks, Request, Show, Status, Subscriptions, Summary, Why
from bot.domain.outbox import Action, Posted, Refused, SendOutcome
from bot.rendering.payload import Payload, Wording
from bot.services.courier import Courier
from bot.services.events import Failed, Observer

SHOWS: Final = (Summary, ListTasks, Show, Why, Status, Subscriptions)  # what changes nothing: all others are acts


class Responded(Protocol):
    """Whether a response_url took an answer."""

    @property
    def ok(self) -> bool: ...

    @property
    def reason(self) -> str: ...


class Slack(Protocol):
    """What replying needs beside the courier. None of these raises."""

    def respond(self, response_url: str, payload: Payload, *, replace: bool = False) -> Responded: ...

    def ephemeral(
        self, conversation: str, user: str, payload: Payload, thread_ts: str | None = None
    ) -> SendOutcome: ...


# None for a request: nothing was asked, as in a refusal or word of a fault. What is returned ends with the request to
# Slack that says it, well or not.
Reply = Callable[[Request | None, Wording], Future[None]]


def at_once() -> Future[None]:
    """Return what has ended already."""
    ended: Future[None] = Future()
    ended.set_result(None)
    return ended


class ReplyRoutes:
    """Makes the replies that the dispatcher calls."""

    def __init__(self, slack: Slack, courier: Courier, *, observe: Observer) -> None:
        self._slack, self._courier, self._observe = slack, courier, observe

    def respond(self, response_url: str, *, replace: bool = False) -> Reply:
        """Answer by a response_url: to be seen by the asker alone; `replace`: in place of the message asked from."""
        return lambda _, words: self._respond(response_url, words, replace=replace)

    def say(self, conversation: str, thread_ts: str | None = None) -> Reply:
        """Answer in the conversation."""
        return lambda _, words: self._courier.say(conversation, words, thread_ts)

    def whisper(self, conversation: str, user: str, thread_ts: str | None = None) -> Reply:
        """Answer in the conversation, to be seen by one person alone."""
        return lambda _, words: self._whisper(conversation, user, words, thread_ts)

    def edit(self, conversation: str, ts: str, otherwise: Reply) -> Reply:
        """Word the message anew in which a button was pressed; what shows nothing is answered `otherwise`.

        Others read that message, too: it is not for word of what somebody did, or may not do.
        """

        def reply(request: Request | None, words: Wording) -> Future[None]:
            if not isinstance(request, SHOWS):
                return otherwise(request, words)
            self._courier.edit(conversation, ts, words)
            return at_once()  # a button is not sent again: nobody waits for the request

        return reply

    def _respond(self, response_url: str, words: Wording, *, replace: bool) -> Future[None]:
        said = self._slack.respond(response_url, words(False), replace=replace)
        if not said.ok and "block" in said.reason:  # an older Slack refuses the newer blocks (P12)
            said = self._slack.respond(response_url, words(True), replace=replace)
        if not said.ok:
            self._observe(Failed("answer", f"An answer to a command was not taken: {said.reason}."))
        return at_once()

    def _whisper(self, conversation: str, user: str, words: Wording, thread_ts: str | None) -> Future[None]:
        said = self._slack.ephemeral(conversation, user, words(False), thread_ts)
        if isinstance(said, Refused) and said.action is Action.PLAIN:
            said = self._slack.ephemeral(conversation, user, words(True), thread_ts)
        if not isinstance(said, Posted):
            self._observe(Failed("answer", f"An answer to a person in {conversation} was not taken: {said.code}."))
        return at_once()
