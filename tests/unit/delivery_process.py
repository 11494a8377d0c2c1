"""One process of the bot for the state machine of delivery: everything between the list and Slack, without threads.

Its memory comes from the bytes that the last process wrote, its ticks begin anew: whatever only the dead process knew
is gone, as after a SIGKILL.
"""

from collections.abc import Callable

from bot.adapters.store.codec import decode, encode
from bot.domain import queue, quiet
from bot.domain.errors import StoreUnusable, Unreachable
from bot.domain.filter import Hears
from bot.domain.memory import TABLES, Changes, Memory
from bot.domain.subscription import Subscription
from bot.domain.sweep import Page
from bot.domain.task import Task
from bot.domain.transition import Account
from bot.services.courier import Courier
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.sender import Sender
from bot.services.watcher import Watcher
from tests.fakes import Clock, Killed, MortalStore, PlainRenderer, Witness
from tests.fakes_store import Shelf
from tests.model_slack import ModelSlack, World

SUBSCRIPTIONS = (Subscription("C1"), Subscription("C2", Hears.FAILED), Subscription("U1"))
KEEP = 30 * 86_400.0


class TaskList:
    """The vendor's list: what it shows is what `rows` holds, unless it is down."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.down = clock, False
        self.rows: dict[str, Task] = {"anchor": Task("anchor", "Pending", create_time=str(int(clock.at)))}

    def now(self) -> float:
        return self.clock.at

    def page(self, number: int, size: int) -> Page:  # noqa: ARG002 - one page holds all
        if self.down:
            raise Unreachable(url="http://127.0.0.1", detail="it is down")
        return Page(tuple(self.rows.values()), len(self.rows))


class Process:
    """From start to SIGKILL. `run` says whether the step came to its end: False when the process died in it."""

    def __init__(self, shelf: Shelf, world: World, tasks: TaskList) -> None:
        self.store = MortalStore(shelf)
        self.slack = ModelSlack(world)
        self.ledger = Ledger(self.store, reloaded(self.store.load()))
        self.witness = Witness()
        pace = Pace(self.slack.tick)
        self.carrier = Sender(
            self.slack,
            self.ledger,
            PlainRenderer(),
            pace=pace,
            settle=10.0,
            standing=("C1", "C2"),
            operators=(),
            observe=Witness(),
        )
        self.courier = Courier(
            self.slack,
            self.ledger,
            self.carrier,
            pace=pace,
            keep=KEEP,
            standing={each.to for each in SUBSCRIPTIONS},
            operators=("U1",),
            observe=self.witness,
            tick=self.slack.tick,
        )
        self.watcher = Watcher(
            tasks,
            self.ledger,
            account=Account("http://127.0.0.1", "dummy"),
            subscriptions=SUBSCRIPTIONS,
            page_size=100,
            blind_after=300.0,
            stuck_after=0.0,
            observe=Witness(),
            tick=self.slack.tick,
            slack_now=lambda: None if (now := self.slack.now()) is None else now.lower,
        )
        self.dead = False

    def run(self, step: Callable[[], object]) -> bool:
        """Do one step; return whether it was done."""
        try:
            step()
        except Killed:
            self.dead = True
        except StoreUnusable:
            return False
        return not self.dead

    @property
    def lanes(self) -> list[str]:
        return sorted(queue.busy(self.ledger.memory))

    def contact(self) -> None:
        """Do what a courier does first, if it was not done."""
        if self.slack.now() is None and not self.store.broken:
            self.courier._first_contact()

    def advance(self, to: str) -> float | None:
        self.contact()
        return self.carrier.advance(to) if self.slack.now() else 1.0

    def quiet(self, to: str, seconds: float) -> None:
        """Mute a recipient as a person does, or end that (0 s)."""
        self.contact()
        if (now := self.slack.now()) is None:
            return
        if seconds:
            self.ledger.change(lambda memory: (quiet.mute(memory, to, now.upper + seconds, "U1", now.upper), None))
        else:
            self.ledger.change(lambda memory: (quiet.speak(memory, to, now.upper, "U1"), None))

    def tend(self) -> float:
        self.contact()
        return self.courier._tend() if self.slack.now() else 1.0


def reloaded(memory: Memory) -> Memory:
    """Return the memory as it comes back from its bytes."""
    rows, _ = encode(Changes(meta=memory.meta, **{name: getattr(memory, name) for name in TABLES}))
    return decode(rows)
