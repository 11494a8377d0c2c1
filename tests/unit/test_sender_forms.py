"""What goes into a post and in which form (P12, P13, P16): no fault of wording holds a channel."""

from collections import deque
from collections.abc import Iterator

import pytest

from bot.domain import queue
from bot.domain.fact import Notice, NoticeKind
from bot.domain.outbox import Action, Doubtful, Refused
from bot.services.events import Failed, Opened, Parked
from tests.fakes import PlainRenderer
from tests.unit.sender_harness import House

PLAIN = Refused(Action.PLAIN, "invalid_blocks")


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    assert house.memory == house.store.load()


def test_p12_a_refused_form_goes_down_the_rungs_with_the_same_key(house: House) -> None:
    house.slack.posts = deque([PLAIN, PLAIN])
    house.tell("t-1")
    house.run()
    assert [post.rung for post in house.renderer.rendered] == [0, 1, 2]
    assert {key for _, _, key in house.slack.log} == {"TESTTEST:1"}
    assert house.results() == ["sent"]


def test_p12_a_fault_of_rendering_goes_down_the_rungs_and_is_loud(house: House) -> None:
    house.renderer.broken_below = 2
    house.tell("t-1")
    house.run()
    assert house.results() == ["sent"]
    assert len(house.slack.asked("post")) == 1
    assert [failed.what for failed in house.witness.of(Failed)] == ["render", "render"]


def test_p12_what_cannot_be_worded_at_all_waits_in_a_parked_channel_and_is_never_dropped(house: House) -> None:
    house.renderer.broken_below = 4
    house.tell("t-1")
    house.run(seconds=86_400.0)
    assert house.memory.channels["C1"].parked == "not_worded"
    assert house.results() == ["", ""]  # t-1, and word of the park elsewhere
    house.renderer.broken_below = 0
    house.run(seconds=1000.0)
    assert house.results()[0] == "sent"
    assert house.slack.asked("post") == ["C1"]


def test_p12_a_form_refused_on_every_rung_is_given_up_with_that_reason_and_the_next_ones_pass(house: House) -> None:
    house.slack.posts = deque([PLAIN] * 4)
    house.tell("t-1")
    house.run()
    house.tell("t-2")
    house.run()
    assert house.results() == ["dropped", "sent", "sent"]  # t-1, the word about it, t-2
    word = house.store.shelf.deliveries[2].fact
    assert isinstance(word, Notice)
    assert (word.kind, word.counts) == (NoticeKind.DROPPED, {"refused": 1})


UNKNOWN = Doubtful("edited_by_the_moon", odd=True)


def test_p9_an_unknown_refusal_parks_after_all_rungs_and_is_told_once_it_ends(house: House) -> None:
    house.slack.posts = deque([UNKNOWN] * 12)
    house.tell("t-1")
    house.run(seconds=300.0)
    assert [post.rung for post in house.renderer.rendered] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]
    assert house.witness.of(Parked) == [Parked("C1", "edited_by_the_moon")]
    assert house.witness.of(Opened) == [Opened("C1")]
    assert house.results()[0] == "sent"
    assert {key for what, _, key in house.slack.log if what == "post"} == {"TESTTEST:1"}


def test_p9_days_of_an_unknown_refusal_drop_nothing_and_are_probed_ever_more_seldom(house: House) -> None:
    house.slack.posts = deque([UNKNOWN] * 100_000)
    house.tell("t-1")
    house.run(seconds=3 * 86_400.0)
    assert house.results()[0] == ""
    assert 100_000 - len(house.slack.posts) < 4 * (3 * 128 + 20), (
        "four forms, hardly more often than each quarter of an hour"
    )


def test_p12_a_fault_of_fitting_holds_no_channel(house: House) -> None:
    house.renderer.fits = 0
    house.tell(*(f"t-{number}" for number in range(7)))
    house.run()
    assert house.results() == ["sent"] * 7
    assert house.witness.of(Failed)


def test_p13_a_digest_takes_what_fits(house: House) -> None:
    house.renderer.fits = 4
    house.tell(*(f"t-{number}" for number in range(10)))
    house.run()
    assert [len(post.members) for post in house.renderer.rendered] == [4, 4, 1, 1]


def test_p16_what_a_limit_dropped_meanwhile_is_not_formed(house: House) -> None:
    class Expiring(PlainRenderer):
        def fit(self, to: str, facts: object) -> int:  # noqa: ARG002 - what fits does not matter here
            if len(house.memory.deliveries) == 1:
                house.ledger.change(lambda memory: (queue.expire(memory, house.clock.at + 100, 50.0), None))
            return 7

    house.renderer = Expiring()
    house.start()
    house.tell("t-1")
    house.run()
    assert house.results()[0] == "dropped"
    assert [post.members for post in house.renderer.rendered] == [(2,)]  # the word about it
