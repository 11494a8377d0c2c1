"""Answers to people: they promise nothing, so they stay out of the outbox (P1).

They keep the pace of their conversation (P8), go before what is queued for it, and wait for no doubt.
"""

import threading
from collections import deque
from concurrent.futures import Future
from typing import Final, Protocol

from bot.domain.outbox import Action, Posted, Refused, SendOutcome
from bot.rendering.payload import Payload, Wording
from bot.services.events import Failed, Observer
from bot.services.pace import Pace

TRIES: Final = 3  # of what Slack is known not to have taken


class Speaking(Protocol):
    """What saying needs. Does not raise."""

    def say(self, conversation: str, payload: Payload, thread_ts: str | None) -> SendOutcome: ...


class PendingAnswer:
    """One message to be said."""

    def __init__(self, words: Wording, *, thread_ts: str | None = None) -> None:
        self.words, self.thread_ts = words, thread_ts
        self.plain, self.tries = False, 0
        self.done: Future[None] = Future()  # ends with its last request, also if that failed

    def is_tried_again(self, outcome: SendOutcome) -> bool:
        """Repeat only what Slack is known not to have posted: after a wait, or in the plain form."""
        self.tries += 1
        if not isinstance(outcome, Refused) or outcome.action not in (Action.WAIT, Action.PLAIN):
            return False
        if outcome.action is Action.PLAIN:
            again, self.plain = not self.plain, True
            return again
        return self.tries < TRIES


class AnswerQueue:
    """What waits to be said, by conversation. `add` comes from any thread, `advance` from the conversation's lane."""

    def __init__(self, slack: Speaking, *, pace: Pace, observe: Observer) -> None:
        self._slack, self._pace, self._observe = slack, pace, observe
        self._waiting: dict[str, deque[PendingAnswer]] = {}
        self._lock = threading.Lock()

    @property
    def conversations(self) -> set[str]:
        """Where something waits."""
        with self._lock:
            return set(self._waiting)

    def add(self, conversation: str, answer: PendingAnswer) -> None:
        """Put it behind what waits for this conversation."""
        with self._lock:
            self._waiting.setdefault(conversation, deque()).append(answer)

    def advance(self, conversation: str) -> float:
        """Say the first one, or return the seconds until there is a slot for it."""
        if wait := self._pace.take(conversation):
            return wait
        first = self._waiting[conversation][0]
        payload = self._worded(conversation, first)
        if payload is None:
            self._done(conversation)
            return 0.0
        outcome = self._slack.say(conversation, payload, first.thread_ts)
        self._pace.spent(conversation, outcome)
        if not first.is_tried_again(outcome):
            self._done(conversation)
            if not isinstance(outcome, Posted):
                self._observe(Failed("answer", f"An answer in {conversation} was not posted: {outcome.code}."))
        return 0.0

    def _worded(self, conversation: str, answer: PendingAnswer) -> Payload | None:
        """Word it, plainly if it must be; a fault of ours costs the answer, never the lane."""
        for plain in (answer.plain, True):
            try:
                return answer.words(plain)
            except Exception as error:  # noqa: BLE001 - whatever it is, what waits behind it has to pass
                self._observe(
                    Failed("answer", f"An answer in {conversation} cannot be worded (plain: {plain}).", error)
                )
        return None

    def _done(self, conversation: str) -> None:
        with self._lock:
            first = self._waiting[conversation].popleft()
            if not self._waiting[conversation]:
                del self._waiting[conversation]
        first.done.set_result(None)
