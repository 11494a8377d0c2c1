"""Polls the list: fetch, detect, commit. The only reader of the vendor's list: answers come from the memory.

The schedule and a person's question both come here; polls that overlap are one poll (single flight). A poll never
raises: what went wrong is an event, the trouble of the last poll, and, when it lasts, a notice to the channels. That
notice is looked after from outside, too, since a poll that hangs would never say so.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.domain.errors import BotError, KeyRefused, ListError, PollFault, Trouble, Unfinished
from bot.domain.fact import Notice, Stuck, Transition
from bot.domain.memory import Changes, Memory, Meta
from bot.domain.notices import Health, marked, notices
from bot.domain.outbox import WORKSPACE, Result
from bot.domain.stuck import find_stuck
from bot.domain.subscription import Subscription
from bot.domain.sweep import Collector, Page, Sweep
from bot.domain.telling import tell
from bot.domain.transition import Account, Detection, Presence, detect
from bot.services.events import DeliverySettled, Failed, Noticed, Observer, Polled
from bot.services.ledger import Ledger

OVERDUE: Final = 3  # intervals, ...
OVERDUE_AT_LEAST: Final = 10.0  # ... and seconds without the end of a poll, after which that is a trouble by itself
FRESH_FOR: Final = 0.2  # seconds for which a poll answers every question
REFUSED_WAIT: Final = 60.0  # seconds between two tries with a key that is refused


class PrewarmList(Protocol):
    """The vendor's list."""

    def page(self, number: int, size: int) -> Page: ...  # raises ListError

    def now(self) -> float: ...  # the API's clock, Unix seconds


@dataclass(frozen=True, slots=True)
class Watch:
    """How the last polls went. Ticks are monotonic seconds."""

    started: float
    good_at: float | None = None  # tick of the last good poll
    good_time: float | None = None  # the same on the API's clock
    done_at: float | None = None  # tick of the last poll of any kind
    trouble: Trouble | str = ""
    refused: bool = False  # the key


@dataclass(frozen=True, slots=True)
class Found:
    """What a poll found, how many recipients hear of each transition, and how many older deliveries made room (P16)."""

    detection: Detection
    hear: tuple[int, ...]
    given_up: int


class Watcher:
    """Turns the list into remembered states and queued deliveries.

    `subscriptions` are the standing ones; those that people made are read from the memory. `blind_after`, `interval`
    (of polls) and `stuck_after` in seconds, the last 0: never. `slack_now` in Unix seconds, None until Slack has told
    its time: deliveries are kept by its clock (P16).
    """

    def __init__(
        self,
        api: PrewarmList,
        ledger: Ledger,
        *,
        account: Account,
        subscriptions: tuple[Subscription, ...],
        page_size: int,
        blind_after: float,
        stuck_after: float,
        observe: Observer,
        tick: Callable[[], float],
        slack_now: Callable[[], float | None],
        interval: float = 0.0,
    ) -> None:
        self._api, self._ledger, self._account = api, ledger, account
        self._subscriptions, self._page_size, self._blind_after = subscriptions, page_size, blind_after
        self._stuck_after, self._slack_now = stuck_after, slack_now
        self._observe, self._tick = observe, tick
        self._interval = interval
        self._overdue = max(blind_after, OVERDUE * interval, OVERDUE_AT_LEAST)
        self._presence = Presence(tick())
        self.watch = Watch(started=tick())
        self._seen_at = self.watch.started  # tick of the last good sweep, under the ledger's lock
        self._flight = threading.Lock()
        self._done = threading.Condition()
        self._not_before = 0.0
        self._stopping = threading.Event()

    def poll(self) -> None:
        """Read the list once and remember what it says. Returns at once while another poll is in flight."""
        if not self._flight.acquire(blocking=False):
            return
        try:
            if not self._stopping.is_set() and self._tick() >= self._not_before:
                self._poll()
        except Exception as error:  # noqa: BLE001 - a fault of ours costs this poll, and is told; the next one runs
            self._failed(PollFault(detail=type(error).__name__), error)
        finally:
            self._flight.release()

    def tell_blindness(self) -> None:
        """Say in time that nothing is seen (D11), also while a poll hangs or may not ask. Call it every few seconds.

        Where nothing is known to be wrong, the next poll is waited for: an interval may be longer than `blind_after`.
        """
        if self._stopping.is_set() or self._ledger.memory.meta.blind_since is not None or not self._is_blind():
            return
        waited = self._tick() - (self.watch.done_at or self.watch.started)
        nothing = Sweep({}, trouble=self.watch.trouble or Unfinished(detail=f"{waited:.0f} s").trouble)
        now = self._api.now()

        def step(memory: Memory) -> tuple[Changes, None]:
            none = Detection(memory.meta, self._presence)
            return self._telling(memory, Changes(), nothing, none, (), now=now)[0], None

        try:
            self._ledger.change(step)
        except Exception as error:  # noqa: BLE001 - it is tried again at the next call
            self._observe(Failed("poll", "That the list is not seen could not be queued for the channels.", error))

    def refresh(self, wait: float) -> None:
        """See to it that a poll answers this question, and wait for it for at most `wait` seconds."""
        asked = self._tick()
        fresh = self.watch.good_at is not None and asked - self.watch.good_at < FRESH_FOR
        if fresh or asked < self._not_before:
            return
        if not self._flight.locked():
            threading.Thread(target=self.poll, name="refresh", daemon=True).start()
        with self._done:
            self._done.wait_for(lambda: (self.watch.done_at or 0.0) >= asked, timeout=wait)

    def stop(self, wait: float) -> None:
        """End between two pages; wait for a poll in flight. Note when we stopped (D11)."""
        watch, again = self.watch, self._stopping.is_set()
        self._stopping.set()
        if self._flight.acquire(timeout=wait):
            self._flight.release()
        if again or watch.done_at is None:
            return
        now, good = self._api.now(), watch.good_at == watch.done_at and not self._is_blind()
        try:
            self._ledger.change(lambda memory: (Changes(meta=marked(memory.meta, now, good=good)), None))
        except BotError as unusable:
            self._failed(unusable, unusable)

    # ---- one poll

    def _poll(self) -> None:
        began = self._tick()
        sweep, error = self._sweep()
        self._hold_back(error)
        now = self._api.now()
        try:
            found = self._ledger.change(lambda memory: self._step(memory, sweep, now))
        except BotError as unusable:
            self._failed(unusable, unusable)
            return
        self._presence = found.detection.presence
        self._note(sweep, error, now)
        self._report(sweep, found, self._tick() - began)

    def _sweep(self) -> tuple[Sweep, ListError | None]:
        collector = Collector(self._page_size)
        try:
            while collector.add(self._api.page(collector.page, collector.size)):
                if self._stopping.is_set():
                    return collector.sweep(trouble="stopped between two pages"), None
        except ListError as error:
            return collector.sweep(trouble=error.trouble), error
        return collector.sweep(), None

    def _step(self, memory: Memory, sweep: Sweep, now: float) -> tuple[Changes, Found]:
        """Compute the one step of this poll (D10): snapshots, deliveries and their recipients together."""
        detection = detect(memory, self._presence, sweep, self._account, now=now, tick=self._tick())
        step = Changes(tasks=detection.snapshots)
        hanging = []
        witness = self._slack_now()  # one clock alone, stepped, would call every task stuck
        decided = detection.meta == memory.meta and memory.meta.fingerprint == self._account.fingerprint  # D1
        if decided and witness is not None:
            rows = sweep.tasks.values()
            hanging = list(find_stuck(memory.after(step), rows, min(now, witness), self._stuck_after))
        step = step.then(Changes(tasks={fact.task.id: snapshot for snapshot, fact in hanging}))
        done = self._telling(memory, step, sweep, detection, tuple(fact for _, fact in hanging), now=now)
        if sweep.good:  # noted under the lock, or `tell_blindness` could come between the commit and the note
            self._seen_at = self._tick()
        return done

    def _telling(
        self,
        memory: Memory,
        step: Changes,
        sweep: Sweep,
        detection: Detection,
        stuck: tuple[Stuck, ...],
        *,
        now: float,
    ) -> tuple[Changes, Found]:
        meta, said = self._notices(memory, memory.after(step), sweep, detection, now)
        if meta != memory.meta:
            step = step.then(Changes(meta=meta))
        facts: tuple[Transition | Stuck, ...] = (*detection.transitions, *stuck)
        changes, hear = tell(
            memory,
            step,
            said,
            facts,
            self._subscriptions,
            now=self._slack_now() or now,
            anew=detection.anew,
            complete=sweep.complete,
        )
        return changes, Found(detection, hear[: len(detection.transitions)], len(changes.archive))

    def _notices(
        self, memory: Memory, after: Memory, sweep: Sweep, found: Detection, now: float
    ) -> tuple[Meta, list[tuple[str, Notice]]]:
        return notices(
            found.meta,
            self._health(memory, sweep, now, self._tick()),
            dict.fromkeys(each.to for each in self._subscriptions),
            counts=lambda: Counter(snapshot.task.state for snapshot in after.listed()),
            blind_after=self._blind_after,
            interval=self._interval,
            others=[each.to for each in memory.subscriptions.values()],
        )

    def _health(self, memory: Memory, sweep: Sweep, now: float, tick: float) -> Health:
        unseen_for = tick - self._seen_at
        before = memory.meta.alive_at if memory.meta.alive_at is not None else now - unseen_for
        return Health(
            now=now,
            good=sweep.good,
            trouble=sweep.trouble,
            first=self.watch.good_at is None,
            unseen_since=before if self.watch.good_time is None else self.watch.good_time,
            blind_for=unseen_for,
        )

    def _is_blind(self) -> bool:
        return self._tick() - self._seen_at >= (self._blind_after if self.watch.trouble else self._overdue)

    def _hold_back(self, error: ListError | None) -> None:
        """Obey Retry-After, and do not hammer with a key that is refused."""
        if error is None:
            return
        wait = REFUSED_WAIT if isinstance(error, KeyRefused) else error.retry_after
        self._not_before = self._tick() + (wait or 0.0)

    def _note(self, sweep: Sweep, error: ListError | None, now: float) -> None:
        tick = self._tick()
        watch = replace(self.watch, done_at=tick, trouble=sweep.trouble, refused=isinstance(error, KeyRefused))
        if sweep.good:
            watch = replace(watch, good_at=tick, good_time=now)
        with self._done:
            self.watch = watch
            self._done.notify_all()

    def _failed(self, trouble: BotError, error: Exception) -> None:
        with self._done:
            told = trouble.trouble if isinstance(trouble, ListError) else str(trouble)
            self.watch = replace(self.watch, done_at=self._tick(), trouble=told)
            self._done.notify_all()
        self._observe(Failed("poll", str(trouble), error))

    def _report(self, sweep: Sweep, found: Found, seconds: float) -> None:
        result = "complete" if sweep.complete else "partial" if sweep.tasks or sweep.good else "failed"
        skipped = len(sweep.skipped) + sweep.nameless
        self._observe(Polled(result, seconds, str(sweep.trouble), skipped))
        for transition, heard in zip(found.detection.transitions, found.hear, strict=True):
            self._observe(Noticed(transition, heard))
        if found.given_up:
            self._observe(DeliverySettled(Result.DROPPED.value, found.given_up, WORKSPACE, "", "", ""))
