"""What the keeper of the lanes does once a minute, step by step and without threads (P14, P16)."""

import pytest

from bot.domain import queue
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Changes
from bot.domain.outbox import WORKSPACE, Channel
from bot.services.courier import AFTER_ERROR, TEND_EVERY
from bot.services.events import DeliverySettled, Failed, Forgotten
from tests.fakes import Clock, transition
from tests.fakes_store import Shelf
from tests.model_slack import Plan, World
from tests.unit.delivery_process import KEEP, Process, TaskList


class Played:
    """A process whose requests to C1 all go as planned; C2 is well."""

    def __init__(self) -> None:
        self.clock, self.shelf = Clock(), Shelf()
        self.world = World(self.clock)
        self.process = Process(self.shelf, self.world, TaskList(self.clock))
        self.process.contact()

    def tell(self, to: str, *tasks: str) -> None:
        told = [(to, transition(task), False) for task in tasks]
        self.process.ledger.change(lambda memory: (queue.enqueue(memory, told, self.clock.at), None))

    def play(self, seconds: float, plan: Plan) -> None:
        end = self.clock.at + seconds
        while self.clock.at < end:
            self.world.plan = plan
            self.process.advance("C1")
            self.world.plan = Plan()
            self.process.tend()
            self.clock.at += 20.0

    def notices(self, to: str) -> list[Notice]:
        told = [each.fact for each in self.process.ledger.memory.deliveries.values() if each.to == to]
        return [fact for fact in told if isinstance(fact, Notice)]


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan("limited", retry_after=30.0), id="endless 429"),
        pytest.param(Plan("unsent"), id="Slack is not reached"),
        pytest.param(Plan("lost", stored=False), id="a doubt whose history cannot be read"),
    ],
)
def test_p14_whatever_holds_a_channel_up_for_ten_minutes_is_told_elsewhere_once(plan: Plan) -> None:
    played = Played()
    played.tell("C1", "t-1")
    played.play(580.0, plan)
    assert played.notices("C2") == []
    played.play(600.0, plan)
    assert [(each.kind, each.about) for each in played.notices("C2")] == [(NoticeKind.UNTOLD, "C1")]
    assert played.notices("C2")[0].why


def test_p18_a_channel_that_nobody_relies_on_any_more_goes_once_it_was_tried_and_operators_and_log_say_so() -> None:
    played = Played()
    played.tell("C9", "t-1", "t-2")
    closed = {"C9": Channel("C9", parked="is_archived", since=played.clock.at)}
    played.process.ledger.change(lambda _: (Changes(channels=closed), None))
    played.process.tend()
    assert "C9" in played.process.lanes  # it may be open again
    played.world.outside.add("C9")
    played.clock.at += 2.0  # the pace
    played.process.advance("C9")
    played.process.tend()
    assert "C9" not in played.process.lanes
    assert [(each.kind, each.counts) for each in played.notices("U1")] == [
        (NoticeKind.GIVEN_UP, {"dropped": 2, "watches": 0})
    ]
    assert played.process.witness.of(Forgotten) == [Forgotten("C9", "not_in_channel", 2, 0)]


def test_p16_what_a_closed_channel_loses_to_age_is_counted_in_the_log_though_word_of_it_is_queued() -> None:
    played = Played()
    played.tell("C1", "t-1")
    now = played.clock.at
    closed = Channel("C1", parked="restricted_action", since=now, probe_at=now + 2 * KEEP, elsewhere=now)
    played.process.ledger.change(lambda _: (Changes(channels={"C1": closed}), None))
    played.process.tend()
    played.clock.at += KEEP + 60.0
    played.process.tend()
    assert [each.kind for each in played.notices("C1")] == [NoticeKind.DROPPED]
    assert [(each.result, each.deliveries) for each in played.process.witness.of(DeliverySettled)] == [("dropped", 1)]


def test_p15_a_token_that_slack_refuses_at_the_start_stops_all_sending_until_it_is_back() -> None:
    played = Played()
    played.tell("C1", "t-1")
    played.world.revoked = True
    played.process = Process(played.shelf, played.world, TaskList(played.clock))
    played.process.contact()
    assert played.process.ledger.memory.channels[WORKSPACE].parked == "token_revoked"
    played.world.revoked = False
    assert played.process.advance("C1") is None
    assert played.world.said == []
    played.clock.at += 20.0
    played.process.tend()
    played.process.advance("C1")
    assert [said.members for said in played.world.said] == [(1,)]


@pytest.mark.parametrize("where", ["recovery", "tell_elsewhere"])
def test_the_keeper_outlives_a_fault_of_ours_and_tells(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played()
    courier, carrier, faults, pauses = played.process.courier, played.process.carrier, iter([True]), list[float]()
    whole = getattr(carrier, where)

    def faulty(*arguments: object) -> object:
        if next(faults, False):
            raise ValueError("a fault of ours")
        return whole(*arguments)

    def wait(_: object, seconds: float) -> bool:
        pauses.append(seconds)
        if len(pauses) == 2:
            courier._stopping.set()
        return False

    monkeypatch.setattr(carrier, where, faulty)
    monkeypatch.setattr(courier, "_wait", wait)
    courier._keep()
    assert pauses == [AFTER_ERROR, TEND_EVERY]
    assert [each.what for each in played.process.witness.of(Failed)] == ["outbox"]
