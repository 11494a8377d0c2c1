"""Where people ask: one grammar and one answer for slash command, mention, direct message, button and Home.

Listeners hand over what was asked and how to reply; the work is done here, on threads of its own. What `ask` returns
says when Slack may be told that the question arrived (R5), since what was acknowledged is never sent again.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from bot.commands.request import Act, Request
from bot.domain.answer import Forbidden
from bot.domain.queue import HANDLED_FOR
from bot.messages.help import fault
from bot.messages.render import render_document
from bot.services.actions import DoneBefore
from bot.services.events import Answered, Failed, Observer
from bot.services.question import Access, Question
from bot.services.reply_routes import Reply, at_once
from bot.services.request_handler import RequestHandler, Words
from bot.services.style_resolver import StyleResolver

DOUBLE_CLICK: Final = 2.0  # seconds
LULL: Final = 0.05  # seconds without another question, before an answer is computed
LULLS: Final = 10  # of them at most are waited for
ANSWERS_AT_ONCE: Final = 32  # each may wait a second for a poll
ACTS_AT_ONCE: Final = 8  # on threads of their own: Slack waits three seconds for a commit, and answers take longer


@dataclass(frozen=True, slots=True)
class _Case:
    """A question on its way to its answer. `due` ends or fails as `Dispatcher.ask` says."""

    question: Question
    asks: Request | Forbidden
    reply: Reply
    at: float  # tick
    number: int  # of the questions that arrived
    is_again: bool  # it failed, and Slack sent it again
    due: Future[None] = field(default_factory=Future)

    def end(self) -> None:
        """Let Slack be told that it arrived."""
        if not self.due.done():
            self.due.set_result(None)


class Dispatcher:
    """Takes questions and has them answered, one after the other arriving, side by side being served."""

    def __init__(
        self,
        handler: RequestHandler,
        *,
        access: Access,
        styles: StyleResolver,
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        self._handler, self._access, self._styles = handler, access, styles
        self._observe, self._tick = observe, tick
        self._answering = ThreadPoolExecutor(ANSWERS_AT_ONCE, thread_name_prefix="answer")
        self._acting = ThreadPoolExecutor(ACTS_AT_ONCE, thread_name_prefix="act")
        self._lock = threading.Lock()
        self._asked = 0
        self._stopping = threading.Event()
        self._cases: dict[str, _Case] = {}  # by key, oldest first
        self._pressed: dict[str, float] = {}  # tick, oldest first

    def ask(self, question: Question, reply: Reply, refuse: Reply | None = None) -> Future[None]:
        """Have it answered; returns at once. `refuse` takes what only the asker is to see, `reply` if there is none.

        What it returns ends when Slack may be told that the question arrived: once an act is committed, an event
        answered; of a command or click that only reads, at once. It fails when Slack is to send it again, or to show
        an error to who asked.
        """
        refusal = self._access.refusal(question.asker)
        if refusal and not (refuse or question.asker.private):
            refusal = replace(refusal, ask=())  # all read it, and whom to ask would be pinged
        asks = refusal or question.asks
        with self._lock:
            now = self._tick()
            known = self._cases.get(question.key)
            if known is not None and not (known.due.done() and known.due.exception()):
                return known.due
            if question.press and now - self._pressed.get(question.press, -math.inf) < DOUBLE_CLICK:
                return at_once()
            self._asked += 1
            way = refuse or reply if refusal else reply
            case = _Case(question, asks, way, now, self._asked, is_again=known is not None)
            self._remember(case)
        if isinstance(asks, Act):
            self._acting.submit(self._act, case)
        else:
            if not question.is_event:
                case.end()
            self._answering.submit(self._answer, case)
        return case.due

    def stop(self) -> None:
        """Take no more questions; those waiting are left, those being answered end by themselves."""
        self._stopping.set()
        for pool in (self._acting, self._answering):
            pool.shutdown(wait=False, cancel_futures=True)

    def _remember(self, case: _Case) -> None:
        """Remember it for as long as Slack may send it again; an act is in the memory, too, with what it did."""
        if case.question.key:
            self._cases[case.question.key] = case
        if case.question.press:
            self._pressed = {press: at for press, at in self._pressed.items() if case.at - at < DOUBLE_CLICK}
            self._pressed[case.question.press] = case.at
        while self._cases and next(iter(self._cases.values())).at < case.at - HANDLED_FOR:
            del self._cases[next(iter(self._cases))]

    def _act(self, case: _Case) -> None:
        """Do what is asked; it is answered on another thread, so that other acts need not wait for that."""
        question = case.question
        try:
            self._handler.wait(case.asks)
            words = self._handler.words(case.asks, question.asker, question.key)
        except DoneBefore:
            case.end()
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is not left guessing
            self._admit(case, error)
            case.due.set_exception(error)
        else:
            case.end()
            self._answering.submit(self._answer, case, words)

    def _answer(self, case: _Case, done: Words | None = None) -> None:
        """Say what came of an act, or what was asked for."""
        request = None if isinstance(case.asks, Forbidden) else case.asks
        try:
            style = self._styles.answering(case.question.asker)
            if done is None:
                self._handler.wait(case.asks)
            self._let_others_arrive(case)
            words = done or self._handler.words(case.asks, case.question.asker)
            rich = words(style, False)  # a fault of ours in it shows while the one who asked can still be told
            said = case.reply(request, lambda plain: words(style, True) if plain else rich)
        except Exception as error:  # noqa: BLE001 - as above
            said = self._admit(case, error)
        else:
            if request is not None:
                self._observe(Answered(type(request).__name__.lower(), self._tick() - case.at))
        said.add_done_callback(lambda _: case.end())

    def _let_others_arrive(self, case: _Case) -> None:
        """Wait until a burst of questions is taken in: what is computed meanwhile holds up acknowledgements."""
        for _ in range(LULLS):
            asked = self._asked
            if asked == case.number or self._stopping.wait(LULL) or asked == self._asked:
                return

    def _admit(self, case: _Case, error: Exception) -> Future[None]:
        """Tell those who run the bot, and once who asked, that it could not be answered."""
        told = f"A question of {case.question.asker.user} could not be answered; they are told so."
        self._observe(Failed("answer", told, error))
        if case.is_again:
            return at_once()
        style = self._styles.answering(case.question.asker)
        return case.reply(None, lambda _: render_document(fault(style), style))
