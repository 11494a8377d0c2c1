"""The desk where people ask: one grammar and one answer for slash command, mention, direct message, button and Home.

Listeners hand over what was asked and how to reply; the work is done here, on threads of the desk, so that no
acknowledgement ever waits for an answer.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import StoreError
from bot.messages.answers import render_answer
from bot.messages.grammar import parse
from bot.messages.guide import render_trouble
from bot.services.access import Access
from bot.services.actions import Actions
from bot.services.asker import Asker
from bot.services.clerk import Clerk
from bot.services.events import Answered, Failed, Observer
from bot.services.replying import Reply
from bot.services.styles import Styles

DOUBLE_CLICK: Final = 2.0  # seconds
AT_ONCE: Final = 32  # questions being answered; each may wait a second for a poll


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked by whom. `key` (event or trigger ID) names the act, so that one sent again is answered once.

    `press` names a button, message and person: each click has a trigger of its own, and two within two seconds are one.
    """

    key: str
    text: str
    asker: Asker
    press: str = ""


class Desk:
    """Takes questions and has them answered, one after the other arriving, side by side being served."""

    def __init__(
        self,
        clerk: Clerk,
        actions: Actions,
        *,
        access: Access,
        styles: Styles,
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        self._clerk, self._actions, self._access, self._styles = clerk, actions, access, styles
        self._observe, self._tick = observe, tick
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="desk")

    def ask(self, question: Question, reply: Reply, refuse: Reply | None = None) -> None:
        """Have it answered; returns at once. `refuse` takes what only the asker is to see, `reply` if there is none."""
        self._pool.submit(self._serve, question, reply, refuse or reply, self._tick())

    def stop(self) -> None:
        """Take no more questions; those waiting are left, those being answered end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _serve(self, question: Question, reply: Reply, refuse: Reply, asked: float) -> None:
        style = self._styles.answering(question.asker)
        try:
            if not self._is_new(question):
                return
            if (refusal := self._access.refusal(question.asker)) is not None:
                refuse(None, lambda plain: render_answer(refusal, style, plain=plain))
                return
            request = parse(question.text)
            words = self._clerk.words(request, question.asker, style)
            rich = words(False)  # a fault of ours in it shows while the one who asked can still be told
            reply(request, lambda plain: words(True) if plain else rich)
            self._observe(Answered(type(request).__name__.lower(), self._tick() - asked))
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is not left guessing
            told = f"A question of {question.asker.user} could not be answered; they are told so."
            self._observe(Failed("answer", told, error))
            reply(None, lambda _: render_trouble(style))

    def _is_new(self, question: Question) -> bool:
        try:
            if not self._actions.first_time(question.key):
                return False
            return not question.press or self._actions.first_time(question.press, within=DOUBLE_CLICK)
        except StoreError:
            return True  # a full disk leaves nobody without an answer; an act that cannot be written down says so
