"""The desk where people ask: one grammar and one answer for slash command, mention and direct message.

Listeners hand over what was typed and where to reply; the work is done here, on threads of the desk, so that no
acknowledgement ever waits for an answer.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from bot.domain.answer import Answer
from bot.messages.answers import render_answer
from bot.messages.grammar import DidYouMean, Help, ListTasks, NotYet, Request, Show, Summary, Wrong, parse
from bot.messages.guide import render_did_you_mean, render_help, render_not_yet, render_trouble, render_wrong
from bot.messages.payload import Payload, Wording
from bot.messages.style import Style
from bot.services.actions import Actions
from bot.services.answers import Answers
from bot.services.events import Answered, Failed, Observer

AT_ONCE: Final = 32  # questions being answered; each may wait a second for a poll

Reply = Callable[[Wording], None]


class Responded(Protocol):
    """Whether a response_url took an answer."""

    @property
    def ok(self) -> bool: ...

    @property
    def reason(self) -> str: ...


class Slack(Protocol):
    """What answering a slash command needs."""

    def respond(self, response_url: str, payload: Payload) -> Responded: ...


class Mouth(Protocol):
    """Says answers in conversations, at their pace."""

    def say(self, conversation: str, words: Wording, thread_ts: str | None = None) -> None: ...


class Desk:
    """Answers questions. `key` names the act (event or trigger ID), so that one sent again is answered once."""

    def __init__(
        self,
        answers: Answers,
        actions: Actions,
        slack: Slack,
        mouth: Mouth,
        *,
        style: Style,
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        self._answers, self._actions, self._slack, self._mouth = answers, actions, slack, mouth
        self._style, self._observe, self._tick = style, observe, tick
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="desk")

    def command(self, key: str, text: str, response_url: str) -> None:
        """Answer a slash command, to be seen by the one who typed it."""
        self._take(key, text, lambda words: self._respond(response_url, words))

    def message(self, key: str, text: str, conversation: str, thread_ts: str | None) -> None:
        """Answer a mention or a direct message where it was said."""
        self._take(key, text, lambda words: self._mouth.say(conversation, words, thread_ts))

    def stop(self) -> None:
        """Take no more questions; those waiting are left, those being answered end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _take(self, key: str, text: str, reply: Reply) -> None:
        self._pool.submit(self._serve, key, text, reply, self._tick())

    def _serve(self, key: str, text: str, reply: Reply, asked: float) -> None:
        try:
            if not self._actions.first_time(key):
                return
            request = parse(text)
            reply(self._words(request))
            self._observe(Answered(type(request).__name__.lower(), self._tick() - asked))
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is not left guessing
            self._observe(Failed("answer", "A question could not be answered.", error))
            reply(lambda _: render_trouble(self._style))

    def _words(self, request: Request) -> Wording:
        style = self._style
        match request:
            case Help(topic):
                return lambda _: render_help(topic, style)
            case NotYet(command):
                return lambda _: render_not_yet(command, style)
            case DidYouMean(word, suggestion):
                return lambda _: render_did_you_mean(word, suggestion, style)
            case Wrong(usage):
                return lambda _: render_wrong(usage, style)
        answer = self._answer(request)
        return lambda plain: render_answer(answer, style, plain=plain)

    def _answer(self, request: Summary | ListTasks | Show) -> Answer:
        match request:
            case Summary():
                return self._answers.overview()
            case ListTasks(filter):
                return self._answers.listing(filter)
            case Show(prefix):
                return self._answers.show(prefix)

    def _respond(self, response_url: str, words: Wording) -> None:
        said = self._slack.respond(response_url, words(False))
        if not said.ok and "block" in said.reason:  # an older Slack refuses the newer blocks (P12)
            said = self._slack.respond(response_url, words(True))
        if not said.ok:
            self._observe(Failed("answer", f"An answer to a command was not taken: {said.reason}."))
