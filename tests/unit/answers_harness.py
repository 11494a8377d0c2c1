"""What answers people, with fakes around it: the ledger, answers and actions are the real ones."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.fact import Notice
from bot.domain.language import Language
from bot.domain.memory import Changes, Memory, Meta, Snapshot
from bot.domain.subscription import Subscription
from bot.domain.task import Task
from bot.rendering.style import Style
from bot.services.actions import Actions
from bot.services.answers import Answers, Vitals
from bot.services.ledger import Ledger
from bot.services.membership import Membership
from bot.services.question import Asker
from bot.services.style_resolver import StyleResolver
from bot.services.watcher import Watch, Watcher
from tests.fakes import START, Clock, MortalStore
from tests.fakes_store import Shelf

OPERATOR = "U0OP"
HERE, ELSEWHERE = "C0HERE", "C0ELSEWHERE"
STANDING = (Subscription(HERE), Subscription("C0OTHER"))
ADA = Asker("U0ADA", HERE, private=True)  # types a slash command in a channel
ALOUD = Asker("U0ADA", HERE)  # asks by a mention
LIN = Asker("U0LIN", HERE, private=True)
DIRECT = Asker("U0ADA", "D0ADA", direct=True, private=True)
STYLE = Style(Language.EN, ZoneInfo("UTC"), "https://demo.invalid/")
BASELINE = Meta("S", baseline_at=START)


def task(name: str, state: str = "Running", ended: float | None = None, image: str = "") -> Task:
    done = "" if ended is None else str(int(ended))
    return Task(name, state, image_name=image, create_time=str(int(START - 100)), complete_time=done)


def remembering(*tasks: Task | Snapshot, meta: Meta = BASELINE) -> Memory:
    rows = [each if isinstance(each, Snapshot) else Snapshot(each, each.created) for each in tasks]
    return Memory(meta, {each.task.id: each for each in rows})


@dataclass
class Poller(Watcher):
    """A watcher whose poll takes no time and finds nothing new."""

    watch: Watch = field(default_factory=lambda: Watch(started=START, good_at=START))
    waits: list[float] = field(default_factory=list)

    def refresh(self, wait: float) -> None:
        self.waits.append(wait)


@dataclass
class Doors(Membership):
    """Which channels the bot is not in."""

    shut: set[str] = field(default_factory=set)

    def is_in(self, channel: str) -> bool:
        return channel not in self.shut


@dataclass
class House:
    """Where people ask. The clocks of the API and of Slack are one."""

    memory_at_first: Memory = field(default_factory=lambda: Memory(BASELINE))
    clock: Clock = field(default_factory=Clock)
    doors: Doors = field(default_factory=Doors)
    poller: Poller = field(default_factory=Poller)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.memory_at_first)
        self.store = MortalStore(self.shelf)
        self.ledger = Ledger(self.store, self.store.load())
        self.vitals = Vitals("1.0", START, connected=True, workspace_url="https://demo.invalid/")
        tick = self.clock.tick
        self.answers = Answers(
            self.poller,
            self.ledger,
            standing=STANDING,
            operators=(OPERATOR,),
            keep_days=30,
            vitals=lambda: self.vitals,
            now=tick,
            slack_now=tick,
            tick=tick,
        )
        self.actions = Actions(self.ledger, self.doors, standing=STANDING, now=tick, slack_now=tick)

    @property
    def memory(self) -> Memory:
        return self.ledger.memory

    @property
    def made(self) -> list[Subscription]:
        return list(self.memory.subscriptions.values())

    def write(self, changes: Changes) -> None:
        self.ledger.change(lambda _: (changes, None))

    def announced(self, to: str = HERE) -> list[Notice]:
        """What a recipient is told of the bot itself."""
        told = [each.fact for each in self.memory.deliveries.values() if each.to == to]
        return [fact for fact in told if isinstance(fact, Notice)]


class OneStyle(StyleResolver):
    """The same style for everybody."""

    def __init__(self, style: Style = STYLE) -> None:
        self.style = style

    def of(self, to: str) -> Style:  # noqa: ARG002 - the same for all
        return self.style

    def answering(self, asker: Asker) -> Style:  # noqa: ARG002 - the same for all
        return self.style
