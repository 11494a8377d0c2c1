"""One step of a lane carried out (P4 to P8, P12, P14): what goes out, and what is written down before and after."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot.domain import queue
from bot.domain.errors import StoreUnusable
from bot.domain.fact import Notice, NoticeKind
from bot.domain.memory import Memory
from bot.domain.outbox import Action, Doubtful, Phase, Posted, Refused, Result, Seen, SendOutcome
from bot.messages.payload import Payload
from bot.services.carrier import Carrier, Pace
from bot.services.events import Delayed, Failed, Opened, Parked, Told
from bot.services.ledger import Ledger
from tests.fakes import START, Clock, FakeSlack, Killed, MortalStore, PlainWording, Witness, transition

WAIT = Refused(Action.WAIT, "ratelimited", 30.0)
PARK = Refused(Action.PARK, "not_in_channel")
PLAIN = Refused(Action.PLAIN, "invalid_blocks")
TIMEOUT = Doubtful("timeout")


@dataclass
class House:
    """A carrier with fakes all around; `run` plays a lane until nothing is left or `seconds` have passed."""

    clock: Clock = field(default_factory=Clock)
    store: MortalStore = field(default_factory=MortalStore)
    witness: Witness = field(default_factory=Witness)
    wording: PlainWording = field(default_factory=PlainWording)

    def __post_init__(self) -> None:
        self.slack = FakeSlack(self.clock)
        self.start()

    def start(self) -> None:
        self.ledger = Ledger(self.store, self.store.load())
        self.carrier = Carrier(
            self.slack,
            self.ledger,
            self.wording,
            pace=Pace(self.clock.tick),
            settle=10.0,
            elsewhere=lambda _, to: ("C2",) if to == "C1" else (),
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
        return [each.settled.result.value if each.settled else "" for each in self.memory.deliveries.values()]


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    assert house.memory == house.store.load()


@dataclass
class Spying(FakeSlack):
    """Keeps the phase in which the store had the post when its request went out."""

    store: MortalStore = field(default_factory=MortalStore)
    phases: list[Phase] = field(default_factory=list)

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
        self.phases.append(self.store.load().posts[key].phase)
        return super().post(conversation, key, payload)


def test_p4_a_post_is_committed_before_its_request_goes_out(house: House) -> None:
    spy = Spying(house.clock, store=house.store)
    house.slack = spy
    house.start()
    house.tell("t-1")
    house.run()
    assert spy.phases == [Phase.SENDING]


def test_what_is_queued_is_told_once_and_its_address_kept(house: House) -> None:
    house.tell("t-1")
    house.run()
    settled = house.memory.deliveries[1].settled
    assert house.slack.log == [("post", "C1", "TESTTEST:1")]
    assert settled is not None
    assert (settled.result, settled.conversation, settled.ts != "") == (Result.SENT, "C1", True)
    assert house.witness.of(Told) == [Told("sent", 1, "C1", "TESTTEST:1", "C1", settled.ts)]


def test_a_429_delays_and_never_drops(house: House) -> None:
    house.slack.posts = deque([WAIT])
    house.tell("t-1")
    house.run()
    assert (house.slack.asked("post"), house.results()) == (["C1", "C1"], ["sent"])
    assert house.clock.at >= START + 31
    assert [attempt.outcome for attempt in house.memory.deliveries[1].attempts] == ["ratelimited", "ok"]
    assert house.witness.of(Delayed) == [Delayed("C1", "TESTTEST:1", "ratelimited", 1)]


def test_p6_a_post_in_doubt_that_is_there_is_adopted(house: House) -> None:
    house.slack.posts, house.slack.looks = deque([TIMEOUT]), deque([Seen(("77.0",), 0.0)])
    house.tell("t-1")
    house.run()
    assert [what for what, _, _ in house.slack.log] == ["post", "look"]
    assert house.results() == ["adopted"]


def test_p6_a_post_in_doubt_is_not_repeated_before_its_deadline(house: House) -> None:
    house.slack.posts = deque([TIMEOUT])
    house.tell("t-1")
    house.run(seconds=18.5)
    assert house.slack.asked("post") == ["C1"]
    house.run(seconds=5.0)
    assert house.slack.asked("post") == ["C1", "C1"]
    assert house.slack.log[-2][0] == "look"
    assert {key for what, _, key in house.slack.log if what == "post"} == {"TESTTEST:1"}


def test_p7_a_post_sent_again_is_audited_a_minute_later_and_its_twin_deleted(house: House) -> None:
    house.slack.posts = deque([TIMEOUT])
    house.tell("t-1")
    house.run(seconds=30.0)
    house.slack.looks = deque([Seen(("1.0", "2.0"), 0.0), Seen(("1.0",), 0.0)])
    house.run(seconds=600.0)
    assert house.slack.asked("delete") == ["C1"]
    assert ("delete", "C1", "2.0") in house.slack.log
    settled = house.memory.deliveries[1].settled
    assert settled is not None
    assert settled.ts == "1.0"
    assert not house.memory.posts


def test_p6_a_process_that_dies_while_sending_leaves_a_doubt(house: House) -> None:
    house.tell("t-1")
    house.store.die = "after"
    house.clock.at += 1
    with pytest.raises(Killed):
        house.carrier.advance("C1")
    house.store.die = ""
    house.start()
    house.clock.at += 1
    house.run(seconds=3.0)
    assert house.slack.log[0][0] == "look"
    assert not house.slack.asked("post")
    house.run()
    assert house.results() == ["sent"]


def test_p6_an_outcome_that_cannot_be_written_down_leaves_a_doubt(house: House) -> None:
    class Breaking(FakeSlack):
        def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
            house.store.broken = True
            return super().post(conversation, key, payload)

    house.slack = Breaking(house.clock)
    house.start()
    house.tell("t-1")
    house.clock.at += 1
    with pytest.raises(StoreUnusable):
        house.carrier.advance("C1")
    assert house.memory.posts["TESTTEST:1"].phase is Phase.SENDING
    house.store.broken = False
    house.slack.looks = deque([Seen(("5.0",), 0.0)])
    house.run()
    assert (house.slack.asked("post"), house.results()) == (["C1"], ["adopted"])


def test_p4_what_cannot_be_written_down_is_not_sent(house: House) -> None:
    house.tell("t-1")
    house.store.broken = True
    house.clock.at += 1
    with pytest.raises(StoreUnusable):
        house.carrier.advance("C1")
    assert house.slack.log == []
    house.store.broken = False
    house.run()
    assert house.results() == ["sent"]


def test_p4_a_person_is_written_to_in_a_conversation_that_is_opened_once(house: House) -> None:
    house.tell("t-1", "t-2", to="U1")
    house.run(to="U1")
    assert house.slack.asked("open") == ["U1"]
    assert house.slack.asked("post") == ["DU1", "DU1"]


def test_p4_attempt_at_is_read_after_the_conversation_was_opened(house: House) -> None:
    class Slow(FakeSlack):
        def open(self, user: str) -> str | Refused:
            self.clock.at += 8
            return super().open(user)

    house.slack = Slow(house.clock, posts=deque([TIMEOUT]))
    house.start()
    house.tell("t-1", to="U1")
    house.clock.at += 1
    house.carrier.advance("U1")
    assert house.memory.posts["TESTTEST:1"].attempts[0].at == START + 10


def test_p9_a_person_who_cannot_be_written_to_is_parked_alone(house: House) -> None:
    house.slack.opens = deque([Refused(Action.PARK, "user_disabled")])
    house.tell("t-1", to="U1")
    house.tell("t-2")
    house.run(seconds=2.0, to="U1")
    house.run()
    assert house.memory.channels["U1"].parked == "user_disabled"
    assert house.results() == ["", "sent"]
    assert house.witness.of(Parked) == [Parked("U1", "user_disabled")]


def test_p14_a_parked_channel_is_told_elsewhere_once_probed_and_drained(house: House) -> None:
    house.slack.posts = deque([PARK, PARK, PARK])
    house.tell("t-1", "t-2")
    house.run()
    elsewhere = [each.fact for each in house.memory.deliveries.values() if each.to == "C2"]
    assert [fact.kind for fact in elsewhere if isinstance(fact, Notice)] == [NoticeKind.PARKED]
    assert house.witness.of(Parked) == [Parked("C1", "not_in_channel")]
    assert house.witness.of(Opened) == [Opened("C1")]
    assert [post.members for post in house.wording.rendered] == [(1,), (1, 2), (1, 2), (1, 2)]


def test_p12_a_refused_form_goes_down_the_rungs_with_the_same_key(house: House) -> None:
    house.slack.posts = deque([PLAIN, PLAIN])
    house.tell("t-1")
    house.run()
    assert [post.rung for post in house.wording.rendered] == [0, 1, 2]
    assert {key for _, _, key in house.slack.log} == {"TESTTEST:1"}
    assert house.results() == ["sent"]


def test_p12_a_fault_of_rendering_goes_down_the_rungs_and_is_loud(house: House) -> None:
    house.wording.broken_below = 2
    house.tell("t-1")
    house.run()
    assert house.results() == ["sent"]
    assert len(house.slack.asked("post")) == 1
    assert [failed.what for failed in house.witness.of(Failed)] == ["render", "render"]


def test_p12_what_cannot_be_worded_at_all_steps_aside_and_the_next_ones_pass(house: House) -> None:
    house.wording.broken_below = 4
    house.tell("t-1")
    house.run(seconds=8.0)
    house.wording.broken_below = 0
    house.tell("t-2")
    house.run()
    assert house.results() == ["dropped", "dropped", "sent", "sent"]  # the word about the first; t-2; the word again
    assert house.memory.deliveries[4].fact == Notice(NoticeKind.DROPPED, house.clock.at - 1, counts={"dropped": 1})


def test_p12_a_fault_of_fitting_holds_no_channel(house: House) -> None:
    house.wording.fits = 0
    house.tell(*(f"t-{number}" for number in range(7)))
    house.run()
    assert house.results() == ["sent"] * 7
    assert house.witness.of(Failed)


def test_p13_a_digest_takes_what_fits(house: House) -> None:
    house.wording.fits = 4
    house.tell(*(f"t-{number}" for number in range(10)))
    house.run()
    assert [len(post.members) for post in house.wording.rendered] == [4, 4, 1, 1]


def test_p16_what_a_limit_dropped_meanwhile_is_not_formed(house: House) -> None:
    class Expiring(PlainWording):
        def fit(self, facts: object) -> int:  # noqa: ARG002 - what fits does not matter here
            if len(house.memory.deliveries) == 1:
                house.ledger.change(lambda memory: (queue.expire(memory, house.clock.at + 100, 50.0), None))
            return 7

    house.wording = Expiring()
    house.start()
    house.tell("t-1")
    house.run()
    assert house.results()[0] == "dropped"
    assert [post.members for post in house.wording.rendered] == [(2,)]  # the word about it


def test_p8_messages_to_a_channel_are_a_second_apart_from_the_end_of_the_last(house: House) -> None:
    times = []

    class Slow(FakeSlack):
        def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
            times.append(self.clock.at)
            self.clock.at += 3
            return super().post(conversation, key, payload)

    house.slack = Slow(house.clock)
    house.start()
    house.tell("t-1", "t-2", "t-3")
    house.run()
    assert [at - START for at in times] == [1, 5, 9]  # the first waits a second from the start of the process


def test_p8_the_pace_is_a_second_per_conversation() -> None:
    clock = Clock()
    pace = Pace(clock.tick)
    assert pace.take("C1") == 1.0
    clock.at += 1
    assert pace.take("C1") == 0.0
    clock.at += 5
    pace.spent("C1")
    assert (pace.take("C1"), pace.take("C2")) == (1.0, 0.0)
    pace.spent("C1", longer=30.0)
    assert pace.take("C1") == 31.0


def test_p8_of_two_threads_that_wait_for_a_conversation_one_gets_the_slot() -> None:
    clock = Clock()
    pace = Pace(clock.tick)
    clock.at += 1
    assert [pace.take("D1"), pace.take("D1")] == [0.0, 1.0]


def test_p4_nothing_goes_out_before_slack_told_its_time(house: House) -> None:
    class Timeless(FakeSlack):
        def now(self) -> None:
            return None

    house.slack = Timeless(house.clock)
    house.start()
    house.tell("t-1")
    assert house.carrier.advance("C1") == 0.5
    assert house.slack.log == []


def test_an_answer_without_a_ts_is_posted_all_the_same(house: House) -> None:
    house.slack.posts = deque([Posted("")])
    house.tell("t-1")
    house.run()
    assert (house.slack.asked("post"), house.results()) == (["C1"], ["sent"])
