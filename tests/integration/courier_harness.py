"""The courier with live threads and fakes all around, for the tests of its lanes and of its answers."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.domain import queue
from bot.domain.outbox import Doubtful, Now, Page, Posted, Refused, SendOutcome, Unreadable
from bot.rendering.payload import Payload
from bot.services.courier import Courier
from bot.services.events import Event
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.sender import Sender
from tests.fakes import Clock, FakeSlack, MortalStore, PlainRenderer, Witness, transition

SOON = 5.0  # seconds within which everything here happens
PACE = 0.05  # seconds between messages to a channel


class LiveSlack(FakeSlack):
    """A FakeSlack for threads: tests hold requests to a conversation back, and wait for what was asked."""

    def __init__(self) -> None:
        super().__init__(Clock())
        self.born = time.monotonic()
        self.changed = threading.Condition()
        self.gates: dict[str, threading.Event] = {}
        self.identities: deque[object] = deque()
        self.says: deque[SendOutcome] = deque()
        self.updates: deque[SendOutcome] = deque()
        self.times: list[float] = []

    def now(self) -> Now | None:
        at = self.clock.at + time.monotonic() - self.born
        return Now(at, at + 1, at)

    def identify(self) -> object:
        self._asked("identify", "")
        return self.identities.popleft() if self.identities else object()

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
        outcome = super().post(conversation, key, payload)
        self._asked("", conversation)
        return outcome

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str
    ) -> Page | Refused | Doubtful | Unreadable:
        outcome = super().page(conversation, key, after, until, cursor)
        self._asked("", conversation)
        return outcome

    def say(self, conversation: str, payload: Payload, thread_ts: str | None) -> SendOutcome:  # noqa: ARG002 - Slack's
        self._asked("say", conversation, payload.text)
        return self.says.popleft() if self.says else Posted("9.0")

    def update(self, conversation: str, ts: str, payload: Payload) -> SendOutcome:
        self._asked("update", conversation, f"{ts} {payload.text}")
        return self.updates.popleft() if self.updates else Posted(ts)

    def hold(self, conversation: str) -> threading.Event:
        """Let no request to a conversation end before the event is set."""
        self.gates[conversation] = threading.Event()
        return self.gates[conversation]

    def _asked(self, what: str, conversation: str, word: str = "") -> None:
        with self.changed:
            self.times.append(time.monotonic())
            if what:
                self.log.append((what, conversation, word))
            self.changed.notify_all()
        if conversation in self.gates:
            self.gates[conversation].wait(SOON)


@dataclass
class House:
    slack: LiveSlack = field(default_factory=LiveSlack)
    store: MortalStore = field(default_factory=MortalStore)
    renderer: PlainRenderer = field(default_factory=PlainRenderer)
    witness: Witness = field(default_factory=Witness)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.store, self.store.load())
        pace = Pace(time.monotonic, PACE)
        self.carrier = Sender(
            self.slack,
            self.ledger,
            self.renderer,
            pace=pace,
            settle=0.2,
            standing=(),
            operators=(),
            observe=self._observed,
        )
        self.courier = Courier(
            self.slack,
            self.ledger,
            self.carrier,
            pace=pace,
            keep=86_400.0,
            standing={"C1", "C2", "C3"},
            operators=(),
            observe=self._observed,
            tick=time.monotonic,
            apart=PACE,
        )
        self.ledger.on_change(self._changed)

    def _observed(self, event: Event) -> None:
        self.witness(event)
        self._changed()

    def _changed(self) -> None:
        with self.slack.changed:
            self.slack.changed.notify_all()

    def tell(self, *tasks: str, to: str = "C1") -> None:
        facts = [(to, transition(task), False) for task in tasks]
        self.ledger.change(lambda memory: (queue.enqueue(memory, facts, self.slack.clock.at), None))

    def until(self, true: Callable[[], object]) -> None:
        """Wait until something is true; it is looked at after each request, commit and event."""
        with self.slack.changed:
            assert self.slack.changed.wait_for(true, SOON), self.slack.log

    def told(self) -> int:
        return sum(each.settled is not None for each in self.store.shelf.deliveries.values())


def lanes() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("lane ")]


@contextmanager
def furnished() -> Iterator[House]:
    """A house whose threads have all ended when it is left."""
    house = House()
    yield house
    for gate in house.slack.gates.values():
        gate.set()
    house.courier.stop(SOON)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("courier", "edits", "lane "))]
