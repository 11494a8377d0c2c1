"""Runs the lanes: a thread per recipient that has something due, and one that keeps the workspace (rules P3, P15, P16).

`sender.py` knows what to do in a lane; here is only when, on which thread, and how all of it stops.
"""

import itertools
import math
import random
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from typing import Final, Protocol, TypeVar

from bot.domain import queue
from bot.domain.errors import BotError
from bot.domain.lane import is_idle
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import WORKSPACE, Action, Channel, Doubtful, Now, Refused
from bot.domain.reliance import Left, forsaken, let_go
from bot.domain.verdict import decide_probe
from bot.rendering.payload import Wording
from bot.services.answer_queue import AnswerQueue, PendingAnswer, Speaking
from bot.services.edits import APART, Edit, Edits, Updating
from bot.services.events import DeliverySettled, Failed, Forgotten, Observer, Opened, Parked, Worked
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.sender import Sender

T = TypeVar("T")

TEND_EVERY: Final = 60.0  # seconds between two rounds of the keeper
EXPIRE_EVERY: Final = 3600.0  # seconds between two rounds of P16
AFTER_ERROR: Final = 5.0  # seconds after a fault of ours, such as a full disk
FIRST_CONTACT: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between tries until Slack has answered once


class Slack(Speaking, Updating, Protocol):
    """What running the lanes needs of Slack. None of these raises."""

    def now(self) -> Now | None: ...

    def identify(self) -> object: ...  # Refused or Doubtful when it failed


class Courier:
    """Starts and stops lanes as there is something to do for them."""

    def __init__(
        self,
        slack: Slack,
        ledger: Ledger,
        sender: Sender,
        *,
        pace: Pace,
        keep: float,
        standing: Collection[str],
        operators: Collection[str],
        observe: Observer,
        tick: Callable[[], float],
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
        apart: float = APART,
    ) -> None:
        """Take `keep` and `apart`, which is between two edits, in seconds.

        `standing` are the channels of PREWARM_CHANNEL, `operators` people; both are IDs.
        """
        self._slack, self._ledger, self._sender = slack, ledger, sender
        self._keep_seconds, self._observe = keep, observe
        self._standing, self._operators = standing, operators
        self._tick, self._wait, self._expire_at, self._began = tick, wait, 0.0, 0.0
        self._lock = threading.Lock()
        self._workers: dict[str, tuple[threading.Thread, threading.Event]] = {}
        self._answers = AnswerQueue(slack, pace=pace, observe=observe)
        self._edits = Edits(slack, idle=self._idle, observe=observe, tick=tick, wait=wait, apart=apart)
        self._ask_at = math.inf  # tick
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._nudge = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="courier", daemon=True)

    def start(self) -> None:
        """Begin: first contact, recovery, then the lanes."""
        self._ledger.on_change(self.kick)
        self._keeper.start()
        self._edits.start()

    def stop(self, wait: float) -> None:
        """Stop all lanes; a request in flight is waited for, and else left to the next start to settle (P6)."""
        self._stopping.set()
        with self._lock:
            threads = [thread for thread, _ in self._workers.values()]
            for _, wake in self._workers.values():
                wake.set()
        self._nudge.set()
        deadline = time.monotonic() + wait
        for thread in [*threads, self._keeper]:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        self._edits.stop(max(0.0, deadline - time.monotonic()))

    @property
    def alive(self) -> bool:
        """Whether the thread that keeps the lanes going runs."""
        return self._keeper.is_alive()

    def kick(self) -> None:
        """Have every lane with something to do look at it: after a commit, an answer, an invitation."""
        if not self._ready.is_set() or self._stopping.is_set():
            return
        if self._workspace().parked:
            self._nudge.set()
        self._wake_busy()
        self._edits.wake()

    def say(self, conversation: str, words: Wording, thread_ts: str | None = None) -> Future[None]:
        """Answer people in a conversation: before what is queued for it, at its pace (P1). Ends with the request."""
        answer = PendingAnswer(words, thread_ts=thread_ts)
        self._answers.add(conversation, answer)
        self.kick()
        return answer.done

    def edit(self, conversation: str, ts: str, words: Wording) -> None:
        """Answer a person by wording a message anew."""
        self._edits.add(conversation, ts, Edit(words))

    def amend(self, to: str, conversation: str, ts: str, words: Wording) -> None:
        """Word an older message of a recipient anew (P10), once nothing is due to it."""
        self._edits.add(conversation, ts, Edit(words, to))

    def rejoined(self, channel: str) -> None:
        """Probe a parked channel at once: the bot was invited (P14)."""
        self._ledger.change(lambda memory: (queue.rejoined(memory, channel), None))

    def shut_out(self, channel: str, code: str) -> None:
        """Say elsewhere at once that a channel cannot be posted to any more (P14); before first contact a post will."""
        if self._ready.is_set():
            self._sender.shut_out(channel, code)

    # ---- lanes

    def _idle(self, to: str, conversation: str) -> bool:
        """Whether an edit holds nothing up: nothing is due to the recipient, and nobody waits for an answer there."""
        if not self._ready.is_set() or conversation in self._answers.conversations:
            return False
        return is_idle(queue.lane_of(self._ledger.memory, to))

    def _wake_busy(self) -> None:
        with self._lock:
            for to in queue.busy(self._ledger.memory) | self._answers.conversations:
                self._wake(to)

    def _wake(self, to: str) -> None:
        if to in self._workers:
            self._workers[to][1].set()
            return
        wake = threading.Event()
        thread = threading.Thread(target=self._run, args=(to, wake), name=f"lane {to}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no thread is to be had now: the keeper wakes the lane again
            self._observe(Failed("lane", f"The lane of {to} got no thread and waits for one.", error))
            return
        self._workers[to] = (thread, wake)

    def _run(self, to: str, wake: threading.Event) -> None:
        while not self._stopping.is_set():
            wake.clear()
            pause = self._advance(to)
            if pause is None:
                if self._retired(to, wake):
                    return
            elif pause > 0:
                self._wait(wake, pause)

    def _retired(self, to: str, wake: threading.Event) -> bool:
        with self._lock:
            if wake.is_set() or to in self._answers.conversations:
                return False
            del self._workers[to]
            return True

    def _advance(self, to: str) -> float | None:
        try:
            if to in self._answers.conversations:
                wait = self._answers.advance(to)
                self._edits.wake()
                return wait
            return self._sender.advance(to)
        except BotError as error:
            self._observe(Failed("lane", f"{to}: {error}", error))
        except Exception as error:  # noqa: BLE001 - a lane must not die of a fault; it tells and tries again
            self._observe(
                Failed("lane", f"The lane of {to} met a fault of ours and goes on in {AFTER_ERROR} s.", error)
            )
        self._wait(self._stopping, AFTER_ERROR)
        return 0.0

    # ---- the workspace

    def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self._round()
            except Exception as error:  # noqa: BLE001 - like a lane it must not die of a fault
                told = f"The keeper of the lanes met a fault of ours and goes on in {AFTER_ERROR} s."
                self._observe(Failed("outbox", told, error))
                pause = AFTER_ERROR
            self._wait(self._nudge, pause)
            self._nudge.clear()
            if self._ready.is_set():
                self._wake_busy()

    def _round(self) -> float:
        if not self._ready.is_set():
            if not self._first_contact():
                return 0.0  # we stop
            self._ready.set()
            self.kick()
        return self._tend()

    def _first_contact(self) -> bool:
        """Get Slack's time, without which nothing may be sent (P4), and make the loaded outbox ready."""
        for tries in itertools.count():
            outcome, now = self._slack.identify(), self._slack.now()
            if now is not None and self._recovered(now):
                self._began = now.lower
                self._note(outcome)
                self._judge(outcome, now)
                return True
            if self._wait(self._stopping, FIRST_CONTACT[min(tries, len(FIRST_CONTACT) - 1)]):
                return False
        return False

    def _recovered(self, now: Now) -> bool:
        return self._guarded(lambda memory: self._sender.recovery(memory, now))

    def _tend(self) -> float:
        """Probe a stopped workspace, expire what is too old; return the seconds until there is more to do."""
        now = self._slack.now()
        assert now is not None, "there was a first contact"  # noqa: S101 - a proof for mypy
        self._let_go(now.lower)
        self._expire(now)
        self._if_due(lambda: self._sender.tell_elsewhere(self._began))
        workspace = self._workspace()
        if self._tick() >= self._ask_at or (workspace.parked and workspace.probe_at <= now.lower):
            self._ask(now)
            workspace = self._workspace()
        if not workspace.parked:
            return TEND_EVERY
        # With a full disk the probe cannot be noted, and would be due for ever.
        return min(max(workspace.probe_at - now.lower, AFTER_ERROR), TEND_EVERY)

    def _ask(self, now: Now) -> None:
        outcome = self._slack.identify()
        self._note(outcome)
        self._judge(outcome, now)

    def _note(self, identity: object) -> None:
        """Ask again who we are, in a minute, if the answer was in doubt."""
        self._ask_at = self._tick() + TEND_EVERY if isinstance(identity, Doubtful) else math.inf

    def _workspace(self) -> Channel:
        return _workspace_of(self._ledger.memory)

    def _judge(self, identity: object, now: Now) -> None:
        """Open or stop the workspace by what auth.test said (P15)."""
        refused = isinstance(identity, Refused) and identity.action is Action.STOP
        jitter = random.random()

        def compute(memory: Memory) -> Changes:
            old = _workspace_of(memory)  # a lane may have stopped it, or opened it, meanwhile
            probed = refused or old.parked
            return Changes(channels={WORKSPACE: decide_probe(old, identity, now, jitter=jitter)} if probed else {})

        old = self._workspace()
        if self._guarded(compute):
            new = self._workspace()
            if new.parked and not old.parked:
                self._observe(Parked(WORKSPACE, new.parked))
            elif old.parked and not new.parked:
                self._observe(Opened(WORKSPACE))

    def _expire(self, now: Now) -> None:
        if self._tick() < self._expire_at:
            return
        self._expire_at = self._tick() + EXPIRE_EVERY
        given_up: list[int] = []

        def compute(memory: Memory) -> Changes:
            changes = queue.expire(memory, now.lower, self._keep_seconds)
            given_up[:] = [seq for seq in changes.archive if memory.deliveries[seq].settled is None]
            return changes

        if self._guarded(compute) and given_up:
            self._observe(DeliverySettled("dropped", len(given_up), WORKSPACE, "", "", ""))

    def _let_go(self, now: float) -> None:
        """Forget closed lanes that nobody relies on any more, and say what went with them (P18)."""

        def compute(memory: Memory) -> tuple[Changes, tuple[Left, ...]]:
            gone = forsaken(memory, self._standing, now, self._keep_seconds)
            return let_go(memory, gone, self._operators, now), gone

        for each in self._if_due(lambda: self._ledger.change(compute)):
            self._observe(Forgotten(each.to, each.why, each.dropped, len(each.watches)))

    def _if_due(self, act: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Do what commits only if there is cause to, and return that; a store that cannot take it now is told of."""
        try:
            done = act()
        except BotError as error:
            self._observe(Failed("outbox", str(error), error))
            return ()
        if done:
            self._observe(Worked("outbox"))
        return done

    def _guarded(self, compute: Callable[[Memory], Changes]) -> bool:
        """Commit; a store that cannot take it now is told of and tried again later."""
        try:
            self._ledger.change(lambda memory: (compute(memory), None))
        except BotError as error:
            self._observe(Failed("outbox", str(error), error))
            return False
        self._observe(Worked("outbox"))
        return True


def _workspace_of(memory: Memory) -> Channel:
    return memory.channels.get(WORKSPACE, Channel(WORKSPACE))
