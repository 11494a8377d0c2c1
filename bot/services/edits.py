"""Edits of messages: one thread makes them all, so that chat.update's rate limit holds up nothing but edits (P8, P10).

A courtesy waits until nothing is due where the message stands; an answer to a person goes at once. Both are kept in
memory alone: what an older message says is no promise.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.domain.outbox import Action, Posted, Refused, SendOutcome
from bot.domain.verdict import RETRY_AFTER_AT_MOST
from bot.rendering.payload import Payload, Wording
from bot.services.events import Failed, Observer

APART: Final = 1.2  # seconds between two edits: chat.update takes some fifty a minute
KEPT: Final = 1_000  # messages whose edit may wait; beyond that the oldest edit is let go
LOOK_EVERY: Final = 60.0  # seconds between two looks for something to do, unless woken
WAIT_AT_MOST: Final = 60.0  # seconds after a refusal that does not say for how long


class Updating(Protocol):
    """What editing needs of Slack. Does not raise."""

    def update(self, conversation: str, ts: str, payload: Payload) -> SendOutcome: ...


@dataclass(frozen=True)
class Edit:
    """How a message is to be worded. `to`: the recipient whose lane has to be idle first, "" for an answer."""

    words: Wording
    to: str = ""
    plain: bool = False


class Edits:
    """What waits to be edited, the newest edit of each message. `add` and `wake` come from any thread."""

    def __init__(
        self,
        slack: Updating,
        *,
        idle: Callable[[str, str], bool],
        observe: Observer,
        tick: Callable[[], float],
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
        apart: float = APART,
    ) -> None:
        """Take `idle`: whether nothing is due to a recipient, nor in this conversation."""
        self._slack, self._idle, self._observe = slack, idle, observe
        self._tick, self._wait, self._apart = tick, wait, apart
        self._waiting: dict[tuple[str, str], Edit] = {}  # by conversation and ts, the oldest first
        self._not_before, self._refusals = 0.0, 0
        self._lock = threading.Lock()
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="edits", daemon=True)

    def start(self) -> None:
        """Begin to edit."""
        self._thread.start()

    def stop(self, wait: float) -> None:
        """Let go of what waits; a request in flight is waited for, for `wait` seconds."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(wait)

    def add(self, conversation: str, ts: str, edit: Edit) -> None:
        """Have a message edited; an edit that waits for the same message is superseded."""
        with self._lock:
            self._waiting.pop((conversation, ts), None)
            self._waiting[conversation, ts] = edit
            oldest = next(iter(self._waiting)) if len(self._waiting) > KEPT else None
            if oldest is not None:
                del self._waiting[oldest]
        if oldest is not None:
            self._observe(Failed("answer", f"An edit in {oldest[0]} was let go: {KEPT} newer ones wait."))
        self.wake()

    def wake(self) -> None:
        """Look again whether something may go: a lane may have become idle."""
        self._woken.set()

    def advance(self) -> float | None:
        """Make one edit; return the seconds until there may be another, None when nothing may go before a `wake`."""
        if (wait := self._not_before - self._tick()) > 0:
            return wait
        chosen = self._next()
        if chosen is None:
            return None
        (conversation, ts), edit = chosen
        payload = self._worded(conversation, edit)
        if payload is None:
            return 0.0
        outcome = self._slack.update(conversation, ts, payload)
        self._not_before = self._tick() + self._apart
        self._judge(conversation, ts, edit, outcome)
        return 0.0

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                wait = self.advance()
            except Exception as error:  # noqa: BLE001 - the thread must not die of a fault; what it was at is lost
                self._observe(Failed("answer", f"An edit met a fault of ours; the next follows in {APART} s.", error))
                wait = APART
            if wait != 0.0:
                self._wait(self._woken, LOOK_EVERY if wait is None else wait)

    def _next(self) -> tuple[tuple[str, str], Edit] | None:
        """Take answers first, then the oldest courtesy whose place is idle."""
        with self._lock:
            waiting = sorted(self._waiting.items(), key=lambda each: bool(each[1].to))
        busy: set[tuple[str, str]] = set()
        for place, edit in waiting:
            where = (edit.to, place[0])
            if edit.to and (where in busy or not self._idle(*where)):
                busy.add(where)
                continue
            with self._lock:
                if self._waiting.get(place) is edit:
                    del self._waiting[place]
                    return place, edit
        return None

    def _judge(self, conversation: str, ts: str, edit: Edit, outcome: SendOutcome) -> None:
        """Keep what Slack refused for a while or for its form; say what was lost."""
        if isinstance(outcome, Refused) and outcome.action is Action.WAIT:
            self._refusals += 1
            growing = min(2.0 ** min(self._refusals, 10), WAIT_AT_MOST)
            asked = growing if outcome.retry_after is None else outcome.retry_after
            self._not_before = self._tick() + max(self._apart, min(asked, RETRY_AFTER_AT_MOST))
            self._again(conversation, ts, edit)
            return
        self._refusals = 0
        if isinstance(outcome, Refused) and outcome.action is Action.PLAIN and not edit.plain:
            self._again(conversation, ts, replace(edit, plain=True))
        elif not isinstance(outcome, Posted):
            self._observe(Failed("answer", f"An edit in {conversation} was not made: {outcome.code}."))

    def _again(self, conversation: str, ts: str, edit: Edit) -> None:
        """Put it back, unless a newer edit of the message has come."""
        with self._lock:
            self._waiting.setdefault((conversation, ts), edit)

    def _worded(self, conversation: str, edit: Edit) -> Payload | None:
        """Word it, plainly if it must be; a fault of ours costs this edit alone."""
        for plain in (edit.plain, True):
            try:
                return edit.words(plain)
            except Exception as error:  # noqa: BLE001 - whatever it is, what waits behind it has to pass
                self._observe(Failed("answer", f"An edit in {conversation} cannot be worded (plain: {plain}).", error))
        return None
