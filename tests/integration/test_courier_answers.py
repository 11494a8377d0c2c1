"""Answers in the lanes (P1): before what is queued, at its pace, for no doubt, and at no price."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from bot.domain.outbox import Action, Doubtful, Posted, Refused, SendOutcome
from bot.rendering.payload import Payload
from bot.services.events import Failed
from tests.integration.courier_harness import PACE, House, furnished


@pytest.fixture
def house() -> Iterator[House]:
    with furnished() as house:
        yield house


def plain(text: str) -> Callable[[bool], Payload]:
    return lambda _: Payload(text, ())


def test_p1_an_answer_goes_before_what_is_queued(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1", "t-2")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    house.courier.say("C1", plain("hello"))
    gate.set()
    house.until(lambda: house.told() == 2)
    assert [what for what, _, _ in house.slack.log] == ["identify", "post", "say", "post"]


def test_p1_an_answer_waits_for_no_doubt(house: House) -> None:
    house.slack.posts = deque([Doubtful("timeout")])
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("look"))
    house.courier.say("C1", plain("hello"))
    house.until(lambda: house.slack.asked("say"))
    assert house.slack.asked("post") == ["C1"]
    assert house.told() == 0


def test_p8_an_answer_keeps_the_distance(house: House) -> None:
    house.courier.start()
    for number in range(3):
        house.courier.say("C1", plain(str(number)))
    house.until(lambda: len(house.slack.asked("say")) == 3)
    assert [word for what, _, word in house.slack.log if what == "say"] == ["0", "1", "2"]
    says = house.slack.times[1:]
    assert all(later - earlier >= PACE for earlier, later in pairwise(says))


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        pytest.param([Refused(Action.PLAIN, "invalid_blocks")], ["rich", "plain"], id="refused for its form: plain"),
        pytest.param([Refused(Action.PLAIN, "x")] * 3, ["rich", "plain"], id="refused in both forms: given up"),
        pytest.param([Refused(Action.WAIT, "ratelimited", 0.01)], ["rich", "rich"], id="limited: said after the wait"),
        pytest.param([Refused(Action.WAIT, "ratelimited", 0.01)] * 9, ["rich"] * 3, id="limited again: given up"),
        pytest.param([Doubtful("timeout")], ["rich"], id="in doubt: never twice"),
        pytest.param([Refused(Action.PARK, "is_archived")], ["rich"], id="shut out: given up"),
    ],
)
def test_p1_an_answer_promises_little(house: House, outcomes: list[SendOutcome], words: list[str]) -> None:
    house.slack.says = deque(outcomes)
    house.courier.start()
    house.courier.say("C1", lambda is_plain: Payload("plain" if is_plain else "rich", ()))
    house.courier.say("C1", plain("the next"))
    house.slack.says += [Posted("1.0")] * 9
    house.until(lambda: ("say", "C1", "the next") in house.slack.log)
    assert [word for what, _, word in house.slack.log if what == "say"] == [*words, "the next"]


def test_an_answer_that_cannot_be_worded_holds_nobody_up(house: House) -> None:
    def broken(_: bool) -> Payload:
        raise ValueError("a fault of ours")

    house.courier.start()
    house.courier.say("C1", broken)
    house.tell("t-1")
    house.until(lambda: house.told() == 1)
    assert {failed.what for failed in house.witness.of(Failed)} == {"answer"}


def test_an_answer_asked_for_before_the_first_contact_is_given_after_it(house: House) -> None:
    house.courier.say("C1", plain("hello"))
    house.courier.start()
    house.until(lambda: house.slack.asked("say"))


def edits(house: House) -> list[str]:
    return [word for what, _, word in house.slack.log if what == "update"]


def test_p10_an_edit_waits_until_nothing_is_due(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1", "t-2")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    house.courier.amend("C1", "C1", "5.0", plain("it ended"))
    gate.set()
    house.until(lambda: edits(house) == ["5.0 it ended"])
    assert [what for what, _, _ in house.slack.log] == ["identify", "post", "post", "update"]


def test_p10_an_edit_waits_while_a_post_of_its_lane_is_in_doubt_and_an_answer_does_not(house: House) -> None:
    house.slack.posts = deque([Doubtful("timeout")])
    house.slack.looks = deque([Doubtful("timeout")] * 99)
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("look"))
    house.courier.amend("C1", "C1", "5.0", plain("it ended"))
    house.courier.edit("C1", "6.0", plain("the next page"))
    house.courier.amend("C2", "C2", "7.0", plain("elsewhere"))
    house.until(lambda: len(edits(house)) == 2)
    assert edits(house) == ["6.0 the next page", "7.0 elsewhere"]


def test_p1_an_edit_waits_while_somebody_waits_for_an_answer_there(house: House) -> None:
    gate = house.slack.hold("C1")
    house.courier.start()
    house.courier.say("C1", plain("hello"))
    house.until(lambda: house.slack.asked("say"))
    house.courier.amend("C1", "C1", "5.0", plain("it ended"))
    house.courier.amend("C2", "C2", "7.0", plain("elsewhere"))
    house.until(lambda: edits(house))
    assert edits(house) == ["7.0 elsewhere"]
    gate.set()
    house.until(lambda: len(edits(house)) == 2)


def test_p10_sixty_edits_hold_no_ending_up(house: House) -> None:
    house.courier.start()
    for number in range(60):
        house.courier.amend("C1", "C1", f"{number}.0", plain("it ended"))
    house.until(lambda: edits(house))
    house.tell("t-1")
    house.until(lambda: house.told() == 1)
    assert len(edits(house)) < 60


def test_p8_an_edit_that_is_limited_pauses_edits_and_neither_posts_nor_answers(house: House) -> None:
    house.slack.updates = deque([Refused(Action.WAIT, "ratelimited", 3600.0)])
    house.courier.start()
    house.courier.amend("C1", "C1", "5.0", plain("it ended"))
    house.until(lambda: edits(house))
    house.courier.amend("C1", "C1", "6.0", plain("it ended"))
    house.tell("t-1")
    house.courier.say("C1", plain("hello"))
    house.until(lambda: house.told() == 1 and house.slack.asked("say"))
    assert edits(house) == ["5.0 it ended"]


def test_p10_of_many_edits_of_one_message_the_last_is_made(house: House) -> None:
    gate = house.slack.hold("C1")
    house.tell("t-1")
    house.courier.start()
    house.until(lambda: house.slack.asked("post"))
    for number in range(9):
        house.courier.amend("C1", "C1", "5.0", plain(f"{number} ended"))
    gate.set()
    house.until(lambda: edits(house))
    assert edits(house) == ["5.0 8 ended"]


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param([], id="posted"),
        pytest.param([Doubtful("timeout")], id="perhaps posted"),
        pytest.param([Refused(Action.PARK, "not_in_channel")], id="refused"),
    ],
)
def test_r5_an_answer_ends_with_its_request_whatever_comes_of_it(house: House, outcomes: list[SendOutcome]) -> None:
    house.slack.says = deque(outcomes)
    gate = house.slack.hold("C1")
    house.courier.start()
    said = house.courier.say("C1", plain("hello"))
    house.until(lambda: house.slack.asked("say"))
    assert not said.done()
    gate.set()
    assert said.result(10) is None
