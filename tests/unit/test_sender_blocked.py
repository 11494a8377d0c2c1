"""A lane that is held up: a place that cannot be posted to (P9, P14), told elsewhere once, and a quiet."""

from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain import queue, quiet
from bot.domain.fact import Notice, NoticeKind
from bot.domain.outbox import Action, Channel, Doubtful, Page, Phase, Refused, SendOutcome, Unreadable
from bot.rendering.payload import Payload
from bot.services.events import HeldUp, Opened, Parked
from tests.fakes import START, FakeSlack
from tests.unit.sender_harness import House

PARK = Refused(Action.PARK, "not_in_channel")
TIMEOUT = Doubtful("timeout")


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    assert house.memory == house.store.load()


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
    elsewhere = [each.fact for each in house.store.shelf.deliveries.values() if each.to == "C2"]
    assert [fact.kind for fact in elsewhere if isinstance(fact, Notice)] == [NoticeKind.PARKED]
    assert house.witness.of(Parked) == [Parked("C1", "not_in_channel")]
    assert house.witness.of(Opened) == [Opened("C1")]
    assert [post.members for post in house.renderer.rendered] == [(1,), (1, 2), (1, 2), (1, 2)]


def notices(house: House, to: str) -> list[Notice]:
    told = [each.fact for each in house.store.shelf.deliveries.values() if each.to == to]
    return [fact for fact in told if isinstance(fact, Notice)]


def test_p14_a_channel_that_the_bot_was_removed_from_is_told_elsewhere_at_once_and_once(house: House) -> None:
    house.carrier.shut_out("C1", "not_in_channel")
    house.carrier.shut_out("C1", "is_archived")
    channel = house.memory.channels["C1"]
    assert (channel.parked, channel.probe_at > START) == ("not_in_channel", True)
    assert [(each.kind, each.about, each.why, each.counts) for each in notices(house, "C2")] == [
        (NoticeKind.PARKED, "C1", "not_in_channel", {"waiting": 0})
    ]
    assert house.witness.of(Parked) == [Parked("C1", "not_in_channel")]
    assert house.slack.log == []


def test_r6_a_post_that_was_on_its_way_when_the_bot_was_removed_does_not_open_the_channel() -> None:
    class Removing(FakeSlack):
        """Takes the first message, and removes the bot before it has answered."""

        def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
            if not self.asked("post"):
                lost.carrier.shut_out(conversation, "not_in_channel")
            return super().post(conversation, key, payload)

    lost = House()
    lost.slack = Removing(lost.clock)
    lost.start()
    lost.tell("t-1")
    lost.run(seconds=2.0)
    assert (lost.results()[0], lost.memory.channels["C1"].parked) == ("sent", "not_in_channel")
    assert lost.witness.of(Opened) == []
    lost.tell("t-2")
    lost.run()
    assert len(notices(lost, "C2")) == 1
    assert lost.witness.of(Opened) == [Opened("C1")]


def test_p14_what_is_told_after_that_waits_for_a_probe_and_is_not_told_elsewhere_again(house: House) -> None:
    house.carrier.shut_out("C1", "not_in_channel")
    house.slack.posts = deque([PARK])
    house.tell("t-1")
    house.run(seconds=2.0)
    assert house.slack.log == []
    house.run()
    assert house.results() == ["", "sent"]  # the word in C2 waits for its own lane
    assert len(notices(house, "C2")) == 1
    assert house.witness.of(Opened) == [Opened("C1")]


def test_p14_a_channel_that_has_to_wait_for_ten_minutes_is_told_elsewhere_once_and_logged(house: House) -> None:
    house.slack.posts = deque([Refused(Action.WAIT, "ratelimited", 700.0)])
    house.tell("t-1")
    began = house.clock.at
    house.run(seconds=2.0)
    house.carrier.tell_elsewhere(began)
    assert (notices(house, "C2"), house.witness.of(HeldUp)) == ([], [])
    house.clock.at = began + 600.0
    for _ in range(2):
        house.carrier.tell_elsewhere(began)
    assert [(each.kind, each.since, each.why) for each in notices(house, "C2")] == [
        (NoticeKind.UNTOLD, began, "ratelimited")
    ]
    assert house.witness.of(HeldUp) == [HeldUp("C1", "ratelimited", 600.0)]
    house.run()
    assert house.witness.of(Opened) == [Opened("C1")]
    assert "C1" not in house.memory.channels


def test_p14_a_quiet_channel_that_is_lost_is_told_elsewhere_when_the_quiet_is_over(house: House) -> None:
    now = house.clock.at
    house.ledger.change(lambda memory: (quiet.mute(memory, "C1", now + 60, "U1", now, announced=False), None))
    house.carrier.shut_out("C1", "not_in_channel")
    house.carrier.tell_elsewhere(now)
    assert notices(house, "C2") == []
    house.clock.at += 61.0
    house.slack.posts = deque([PARK])
    house.run(seconds=1.0)
    assert [each.kind for each in notices(house, "C2")] == [NoticeKind.PARKED]


def test_p14_a_doubt_in_a_channel_that_is_lost_stays_a_doubt(house: House) -> None:
    house.slack.posts = deque([TIMEOUT])
    house.tell("t-1")
    house.run(seconds=1.5)
    house.carrier.shut_out("C1", "not_in_channel")
    assert [post.phase for post in house.memory.posts.values()] == [Phase.DOUBT]
    house.slack.looks = deque([Page((f"{START + 1:.6f}",))])
    house.run()
    assert house.results()[0] == "adopted"


def test_r6_a_post_that_is_found_from_before_a_channel_was_archived_does_not_open_it(house: House) -> None:
    house.slack.posts = deque([TIMEOUT, Refused(Action.PARK, "is_archived")])
    house.tell("t-1")
    house.run(seconds=1.5)
    house.carrier.shut_out("C1", "is_archived")
    house.slack.looks = deque([Page((f"{START + 1:.6f}",))])
    house.run(seconds=60.0)
    assert house.results()[0] == "adopted"
    assert house.memory.channels["C1"].parked == "is_archived"
    house.tell("t-2")
    house.run(seconds=60.0)
    assert (len(notices(house, "C2")), house.witness.of(Opened)) == (1, [Opened("C1")])
    assert house.results().count("sent") == 1


def test_p14_a_post_that_is_found_from_after_a_channel_was_closed_opens_it(house: House) -> None:
    house.slack.posts = deque([Refused(Action.PARK, "is_archived"), TIMEOUT])
    house.tell("t-1")
    house.run(seconds=10.0)
    house.slack.looks = deque([Page((f"{house.clock.at:.6f}",))])
    house.run()
    assert (house.results()[0], house.witness.of(Opened)) == ("adopted", [Opened("C1")])
    assert "C1" not in house.memory.channels


def test_p14_a_closed_channel_whose_last_message_is_given_up_is_probed_with_word_of_that(house: House) -> None:
    house.slack.posts = deque([Refused(Action.PARK, "restricted_action"), *[Refused(Action.PLAIN, "no_text")] * 4])
    house.tell("t-1")
    house.run()
    told = [each.settled.result for each in house.store.shelf.deliveries.values() if each.to == "C1" and each.settled]
    assert told == ["dropped", "sent"]
    assert [(each.kind, each.counts) for each in notices(house, "C1")] == [(NoticeKind.DROPPED, {"refused": 1})]
    assert "C1" not in house.memory.channels


def test_p14_with_nothing_left_to_probe_it_with_a_closed_channel_is_taken_for_open(house: House) -> None:
    house.slack.posts = deque([Refused(Action.PARK, "restricted_action"), TIMEOUT, TIMEOUT])
    house.slack.looks = deque([Unreadable("missing_scope")])
    house.tell("t-1")
    house.run()
    assert house.results()[0] == "possible_repeat"
    assert "C1" not in house.memory.channels


def test_p14_each_try_of_a_person_opens_the_conversation_anew(house: House) -> None:
    house.slack.posts = deque([Refused(Action.PARK, "channel_not_found")])
    house.slack.opens = deque()
    house.tell("t-1", to="U1")
    house.run(seconds=2.0, to="U1")
    house.slack.opens.append(Refused(Action.PARK, "user_disabled"))
    house.run(seconds=13.0, to="U1")  # the next try comes within eleven, the one after it not before twenty-four
    assert house.memory.channels["U1"].parked == "user_disabled"


class GivesUp(FakeSlack):
    """While it is asked, the lane is given up (P18)."""

    house: House

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str
    ) -> Page | Refused | Doubtful | Unreadable:
        ledger, now = self.house.ledger, self.clock.at
        ledger.change(lambda memory: (queue.forget(memory, "C1", now), None))
        return super().page(conversation, key, after, until, cursor)


def test_p18_a_lane_that_is_given_up_during_a_look_stays_so(house: House) -> None:
    slack = house.slack = GivesUp(house.clock, posts=deque([TIMEOUT]), looks=deque([PARK]))
    slack.house = house
    house.start()
    house.tell("t-1")
    house.run()
    assert (house.memory.deliveries, house.memory.posts) == ({}, {})
    assert house.memory.channels == {"C1": Channel("C1", given_up={"left": 1})}


def test_p18_a_lane_that_is_given_up_just_before_a_post_goes_out_again_stays_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.slack.posts = deque([TIMEOUT])
    house.tell("t-1")
    whole = house.ledger.change

    def change(compute: Any) -> Any:
        if any(post.phase is Phase.READY for post in house.memory.posts.values()):
            whole(lambda memory: (queue.forget(memory, "C1", house.clock.at), None))
        return whole(compute)

    monkeypatch.setattr(house.ledger, "change", change)
    house.run()
    assert (house.memory.deliveries, house.memory.posts) == ({}, {})
    assert house.slack.asked("post") == ["C1"]


def test_a_quiet_that_is_over_is_ended_by_its_lane_and_what_was_missed_is_one_digest(house: House) -> None:
    now = house.clock.at
    house.ledger.change(lambda memory: (quiet.mute(memory, "C1", now + 60, "U1", now, announced=False), None))
    house.tell("t-1", "t-2")
    house.run(seconds=59.0)
    assert house.slack.log == []
    house.run()
    assert "C1" not in house.memory.mutes
    told = notices(house, "C1")
    assert [(each.kind, each.since, each.by, each.counts) for each in told] == [
        (NoticeKind.UNMUTED, now, "", {"missed": 2})
    ]
    assert [post.members for post in house.renderer.rendered] == [(1,), (2, 3)]
