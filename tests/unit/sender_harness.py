"""A carrier with fakes all around: its steps are played by hand, in the order of a lane's thread."""

from dataclasses import dataclass, field

from bot.domain import queue
from bot.domain.memory import Memory
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.sender import Sender
from tests.fakes import Clock, FakeSlack, MortalStore, PlainRenderer, Witness, transition


@dataclass
class House:
    """A carrier with fakes all around; `run` plays a lane until nothing is left or `seconds` have passed."""

    clock: Clock = field(default_factory=Clock)
    store: MortalStore = field(default_factory=MortalStore)
    witness: Witness = field(default_factory=Witness)
    renderer: PlainRenderer = field(default_factory=PlainRenderer)

    def __post_init__(self) -> None:
        self.slack = FakeSlack(self.clock)
        self.start()

    def start(self) -> None:
        self.ledger = Ledger(self.store, self.store.load())
        self.carrier = Sender(
            self.slack,
            self.ledger,
            self.renderer,
            pace=Pace(self.clock.tick),
            settle=10.0,
            standing=("C1", "C2"),
            operators=(),
            observe=self.witness,
        )

    @property
    def memory(self) -> Memory:
        return self.ledger.memory

    def tell(self, *tasks: str, to: str = "C1") -> None:
        facts = [(to, transition(task), False) for task in tasks]
        self.ledger.change(lambda memory: (queue.enqueue(memory, facts, self.clock.at), None))

    def run(self, seconds: float = 600.0, to: str = "C1") -> None:
        end = self.clock.at + seconds
        while (pause := self.carrier.advance(to)) is not None and self.clock.at + pause <= end:
            self.clock.at += pause

    def results(self) -> list[str]:
        return [each.settled.result.value if each.settled else "" for each in self.store.shelf.deliveries.values()]
