"""One step of a lane carried out (P4 to P8): what goes out, and what is written down before and after."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from bot.domain.errors import StoreUnusable
from bot.domain.memory import Changes
from bot.domain.outbox import Action, Doubtful, Page, Phase, Posted, Refused, Result, SendOutcome
from bot.rendering.payload import Payload
from bot.services.events import Delayed, DeliverySettled
from bot.services.pace import Pace
from tests.fakes import START, Clock, FakeSlack, Killed, MortalStore
from tests.unit.sender_harness import House

WAIT = Refused(Action.WAIT, "ratelimited", 30.0)
TIMEOUT = Doubtful("timeout")


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


def test_p4_a_repeat_is_committed_as_being_sent_before_its_request_goes_out(house: House) -> None:
    spy = Spying(house.clock, posts=deque([TIMEOUT]), store=house.store)
    house.slack = spy
    house.start()
    house.tell("t-1")
    house.run()
    assert spy.phases == [Phase.SENDING, Phase.SENDING]


def test_what_is_queued_is_told_once_and_its_address_kept(house: House) -> None:
    house.tell("t-1")
    house.run()
    settled = house.store.shelf.deliveries[1].settled
    assert house.slack.log == [("post", "C1", "TESTTEST:1")]
    assert settled is not None
    assert (settled.result, settled.conversation, settled.ts != "") == (Result.SENT, "C1", True)
    assert house.witness.of(DeliverySettled) == [DeliverySettled("sent", 1, "C1", "TESTTEST:1", "C1", settled.ts)]


def test_a_429_delays_and_never_drops(house: House) -> None:
    house.slack.posts = deque([WAIT])
    house.tell("t-1")
    house.run()
    assert (house.slack.asked("post"), house.results()) == (["C1", "C1"], ["sent"])
    assert house.clock.at >= START + 31
    assert [attempt.outcome for attempt in house.store.shelf.deliveries[1].attempts] == ["ratelimited", "ok"]
    assert house.witness.of(Delayed) == [Delayed("C1", "TESTTEST:1", "ratelimited", 1)]


def test_p6_a_post_in_doubt_that_is_there_is_adopted(house: House) -> None:
    house.slack.posts, house.slack.looks = deque([TIMEOUT]), deque([Page(("77.0",))])
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
    house.slack.looks = deque([Page(("1.0", "2.0")), Page(("1.0",))])
    house.run(seconds=600.0)
    assert house.slack.asked("delete") == ["C1"]
    assert ("delete", "C1", "2.0") in house.slack.log
    settled = house.store.shelf.deliveries[1].settled
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
    house.slack.looks = deque([Page(("5.0",))])
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
    pace.spent("C1", Posted("1.0"))
    assert (pace.take("C1"), pace.take("C2")) == (1.0, 0.0)


LIMITED = [
    pytest.param(30.0, False, (30.0, 0.0), id="a 429 pauses its conversation for as long as Slack asked"),
    pytest.param(30.0, True, (30.0, 30.0), id="message_limit_exceeded pauses all of them"),
    pytest.param(None, False, (1.0, 0.0), id="without Retry-After the pace is enough: the lane backs off"),
    pytest.param(1e9, False, (3600.0, 0.0), id="an absurd wait is cut to an hour"),
]


@pytest.mark.parametrize(("asked", "everywhere", "waits"), LIMITED)
def test_p8_a_429_pauses_answers_too(asked: float | None, everywhere: bool, waits: tuple[float, float]) -> None:
    clock = Clock()
    pace = Pace(clock.tick)
    clock.at += 5
    pace.spent("C1", Refused(Action.WAIT, "ratelimited", asked, everywhere=everywhere))
    assert (pace.take("C1"), pace.take("C2")) == waits


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


def test_p9_what_a_damaged_store_may_have_said_is_marked_and_still_looked_for_when_in_doubt(house: House) -> None:
    house.tell("t-1")
    unsure = {seq: replace(each, may_repeat=True) for seq, each in house.memory.deliveries.items()}
    house.ledger.change(lambda _: (Changes(deliveries=unsure), None))
    house.slack.posts.append(TIMEOUT)
    house.run()
    assert [post.may_repeat for post in house.renderer.rendered] == [True, True]
    assert (len(house.slack.asked("look")) > 1, house.results()) == (True, ["possible_repeat"])
    assert house.memory.meta.repeats == 1
