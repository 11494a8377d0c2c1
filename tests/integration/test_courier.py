"""The lanes as threads (P3, P4, P8, P14, P15): who waits for whom, and how all of it stops."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.domain import queue
from bot.domain.memory import Changes
from bot.domain.outbox import WORKSPACE, Action, Channel, Doubtful, Now, Phase, Refused
from bot.services.courier import AFTER_ERROR, TEND_EVERY
from bot.services.events import Failed, Opened, Parked
from tests.fakes import transition
from tests.integration.courier_harness import PACE, SOON, House, LiveSlack, furnished, lanes


@pytest.fixture
def house() -> Iterator[House]:
    with furnished() as house:
        yield house


# ---- start and stop -------------------------------------------------------------------------------------------------


def test_p4_nothing_goes_out_before_the_first_contact(house: House) -> None:
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.told() == 1)
    assert [what for what, _, _ in house.slack.log] == ["identify", "post"]


def test_p6_no_lane_runs_before_the_loaded_outbox_is_ready(house: House) -> None:
    gate = house.slack.hold("")  # the first contact
    house.courier.start()
    house.until(lambda: house.slack.asked("identify"))
    house.tell("t-1")
    assert lanes() == []
    gate.set()
    house.until(lambda: house.told() == 1)


def test_what_is_queued_later_is_told_too(house: House) -> None:
    house.courier.start()
    house.until(lambda: house.slack.log)
    house.tell("t-1")
    house.until(lambda: house.told() == 1)


def test_a_lane_with_nothing_left_to_do_ends_and_comes_back(house: House) -> None:
    house.courier.start()
    for number in (1, 2):
        house.tell(f"t-{number}")
        house.until(lambda: house.told() == number)  # noqa: B023 - called at once
        for thread in lanes():
            thread.join(SOON)
        assert not house.courier._workers


def test_stop_may_come_before_start_and_twice() -> None:
    house = House()
    house.courier.stop(0.1)
    house.courier.start()
    house.tell("t-1")
    house.courier.stop(SOON)
    house.courier.stop(0.1)
    assert not house.courier.alive
    assert house.slack.asked("post") == []


def test_stop_waits_for_a_request_in_flight(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    threading.Timer(0.1, gate.set).start()
    house.courier.stop(SOON)
    assert house.told() == 1


def test_p6_stop_leaves_a_request_that_takes_too_long_to_the_next_start(house: House) -> None:
    house.slack.hold("C1")
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    began = time.monotonic()
    house.courier.stop(0.2)
    assert time.monotonic() - began < 1.0
    assert house.store.load().posts["TESTTEST:1"].phase is Phase.SENDING


def test_stop_ends_a_wait_at_once(house: House) -> None:
    house.slack.posts = deque([Refused(Action.WAIT, "ratelimited", 3000.0)])
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.ledger.memory.channels)
    began = time.monotonic()
    house.courier.stop(SOON)
    assert time.monotonic() - began < 1.0
    assert not house.courier.alive


# ---- lanes ----------------------------------------------------------------------------------------------------------


def test_p3_channels_never_wait_for_each_other(house: House) -> None:
    house.slack.hold("C1")
    house.courier.start()
    house.tell("t-1", to="C1")
    house.until(lambda: house.slack.asked("post") == ["C1"])
    house.tell("t-1", to="C2")
    house.until(lambda: house.told() == 1)
    assert [each.to for each in house.store.shelf.deliveries.values() if each.settled] == ["C2"]


def test_p3_a_lane_has_one_request_at_a_time(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1", "t-2", "t-3")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    for _ in range(20):
        house.courier.kick()
    house.tell("t-4")
    assert house.slack.asked("post") == ["C1"]
    gate.set()
    house.until(lambda: house.told() == 4)


def test_p8_messages_keep_their_distance(house: House) -> None:
    house.tell("t-1", "t-2", "t-3", "t-4")
    house.courier.start()
    house.until(lambda: house.told() == 4)
    posts = house.slack.times[1:]  # the first is the first contact
    assert all(later - earlier >= PACE for earlier, later in pairwise(posts))


def test_a_lane_survives_a_store_that_fails_and_keeps_what_it_left_in_doubt(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    house.store.broken = True
    gate.set()
    house.until(lambda: house.witness.of(Failed))
    assert house.courier._workers["C1"][0].is_alive()
    assert house.ledger.memory.posts["TESTTEST:1"].phase is Phase.SENDING
    assert house.slack.asked("post") == ["C1"]  # not again before it is settled (P6)


def test_p12_a_fault_of_rendering_goes_down_the_rungs(house: House) -> None:
    house.renderer.broken_below = 3
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.told() == 1)
    assert house.slack.asked("post") == ["C1"]


# ---- the workspace --------------------------------------------------------------------------------------------------

REVOKED = Refused(Action.STOP, "token_revoked")


def test_p15_a_refused_token_at_the_start_stops_every_lane_and_is_loud(house: House) -> None:
    house.slack.identities = deque([REVOKED])
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.witness.of(Parked))
    assert house.courier.alive
    assert (house.slack.asked("post"), house.told()) == ([], 0)


@pytest.mark.parametrize("first", [Refused(Action.STOP, "token_revoked"), Doubtful("timeout")])
def test_p15_a_token_that_is_back_sets_the_lanes_going(house: House, first: Refused | Doubtful) -> None:
    house.slack.identities = deque([first])
    stopped = Channel(WORKSPACE, parked="token_revoked", since=1.0, probe_at=0.0)
    house.ledger.change(lambda memory: (queue.enqueue(memory, [("C1", transition(), False)], 1.8e9), None))
    house.store.shelf.memory.channels[WORKSPACE] = stopped  # type: ignore[index]  # as a crash left it
    house = House(house.slack, house.store)
    house.courier.start()
    house.until(lambda: house.ledger.memory.channels.get(WORKSPACE, stopped).probe_at > 0)
    assert house.told() == 0
    house.ledger.change(lambda memory: (queue.rejoined(memory, WORKSPACE), None))  # its time has come
    house.until(lambda: house.told() == 1)
    assert house.witness.of(Opened) == [Opened(WORKSPACE)]
    house.courier.stop(SOON)


def test_p14_an_invitation_has_a_parked_channel_probed_at_once(house: House) -> None:
    house.slack.posts = deque([Refused(Action.PARK, "not_in_channel")])
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.witness.of(Parked))
    house.courier.rejoined("C1")
    house.until(lambda: house.told() == 1)


def test_p4_a_slack_that_cannot_be_reached_is_tried_again_until_it_tells_its_time(house: House) -> None:
    class Late(LiveSlack):
        def now(self) -> Now | None:
            return super().now() if len(self.asked("identify")) > 1 else None

    house.slack = Late()
    other = House(house.slack)
    other.tell("t-1")
    other.courier.start()
    other.until(lambda: other.told() == 1)
    other.courier.stop(SOON)
    assert other.slack.asked("identify") == ["", ""]


# ---- the keeper -----------------------------------------------------------------------------------------------------


def test_p15_a_probe_that_a_full_disk_hides_is_not_made_without_a_pause(house: House) -> None:
    house.slack.identities = deque([REVOKED] * 9)
    assert house.courier._first_contact()
    due = Channel(WORKSPACE, parked="token_revoked", since=1.0, probe_at=1.0)
    house.ledger.change(lambda _: (Changes(channels={WORKSPACE: due}), None))
    house.store.broken = True
    assert house.courier._tend() >= AFTER_ERROR
    assert house.witness.of(Failed)


def test_who_we_are_is_asked_again_after_a_doubtful_answer_and_not_after_a_clear_one(house: House) -> None:
    house.slack.identities = deque([Doubtful("http_503"), Doubtful("http_503")])
    assert house.courier._first_contact()
    asked = []
    for _ in range(4):
        house.courier._tend()
        asked.append(len(house.slack.asked("identify")))
        house.courier._ask_at -= TEND_EVERY  # a minute passes
    assert asked == [1, 2, 3, 3]


def test_a_lane_that_got_no_thread_is_woken_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, refused = threading.Thread.start, list[str]()

    def start(thread: threading.Thread) -> None:
        if thread.name == "lane C1" and not refused:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        begin(thread)

    house.courier.start()
    house.until(lambda: house.slack.asked("identify"))
    monkeypatch.setattr(threading.Thread, "start", start)
    house.tell("t-1")
    house.until(lambda: house.witness.of(Failed))
    house.courier.kick()
    house.until(lambda: house.told() == 1)
