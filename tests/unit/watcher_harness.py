"""A watcher of a list that is played by hand, and a store that keeps each step as it was committed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.errors import Limited, Unreachable
from bot.domain.fact import Notice, Stuck, Transition
from bot.domain.memory import Changes
from bot.domain.subscription import Subscription
from bot.domain.sweep import Page
from bot.domain.task import Task
from bot.domain.transition import Account
from bot.services.ledger import Ledger
from bot.services.watcher import Watcher
from tests.fakes import Clock, MortalStore, Witness
from tests.fakes_store import Shelf

STUCK_AFTER, BLIND_AFTER = 1_800.0, 300.0


class Steps(MortalStore):
    """A store that keeps each step."""

    def __init__(self, shelf: Shelf, steps: list[Changes]) -> None:
        super().__init__(shelf)
        self.steps = steps

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        self.steps.append(changes)


@dataclass
class House:
    """A watcher of a list that is what `rows` holds. C1 is the channel of PREWARM_CHANNEL."""

    clock: Clock = field(default_factory=Clock)
    shelf: Shelf = field(default_factory=Shelf)
    rows: dict[str, Task] = field(default_factory=dict)
    down: bool = False
    cut: bool = False  # the list is never complete
    key: str = "dummy"
    url: str = "http://127.0.0.1"
    retry_after: float | None = None
    requests: int = 0
    slack_ahead: float = 0.0  # of the API's clock
    interval: float = 15.0
    broken: Exception | None = None  # what the next requests meet
    meanwhile: Callable[[], None] = lambda: None  # done when the API's time is asked for next
    blind_after: float = BLIND_AFTER
    steps: list[Changes] = field(default_factory=list)  # all that was committed

    def __post_init__(self) -> None:
        self.start()
        self.at("anchor", "Succeeded")
        self.poll()

    def start(self) -> None:
        store = Steps(self.shelf, self.steps)
        self.store, self.witness = store, Witness()
        self.ledger = Ledger(store, store.load())
        self.watcher = Watcher(
            self,
            self.ledger,
            account=Account(self.url, self.key),
            subscriptions=(Subscription("C1"),),
            page_size=100,
            blind_after=self.blind_after,
            interval=self.interval,
            stuck_after=STUCK_AFTER,
            observe=self.witness,
            tick=self.clock.tick,
            slack_now=lambda: self.clock.at + self.slack_ahead,
        )

    def now(self) -> float:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return self.clock.at

    def page(self, number: int, size: int) -> Page:  # noqa: ARG002 - one page holds all
        self.requests += 1
        if self.broken is not None:
            raise self.broken
        if self.retry_after is not None:
            raise Limited(detail="slow down", retry_after=self.retry_after)
        if self.down:
            raise Unreachable(url="http://127.0.0.1", detail="it is down")
        return Page(tuple(self.rows.values()), len(self.rows) + self.cut)

    def at(self, name: str, state: str, image: str = "qwen") -> None:
        """Have the list show a task in this state."""
        before = self.rows.get(name)
        created = before.create_time if before else str(int(self.clock.at))
        done = str(int(self.clock.at)) if state in ("Failed", "Succeeded") else ""
        self.rows[name] = Task(name, state, image_name=image, create_time=created, complete_time=done)

    def subscribed(self, *made: Subscription) -> None:
        rows = {str(each.number): each for each in made}
        self.ledger.change(lambda _: (Changes(subscriptions=rows), None))

    def poll(self, seconds: float = 15.0) -> list[tuple[str, str, str]]:
        """Let time pass, poll, and look; return what that queued: for whom, of what, which task or notice."""
        self.clock.at += seconds
        return self._queued(self.watcher.poll) + self.look()

    def look(self) -> list[tuple[str, str, str]]:
        """Look at the age of the last good poll; return what that queued."""
        return self._queued(self.watcher.tell_blindness)

    def _queued(self, act: Callable[[], None]) -> list[tuple[str, str, str]]:
        before = set(self.shelf.deliveries)
        act()
        new = [each for seq, each in self.shelf.deliveries.items() if seq not in before]
        return [(each.to, *said(each.fact)) for each in new]


def said(fact: Transition | Stuck | Notice) -> tuple[str, str]:
    if isinstance(fact, Notice):
        return "notice", fact.kind.value
    return ("stuck", fact.task.id) if isinstance(fact, Stuck) else (fact.kind.value, fact.task.id)
