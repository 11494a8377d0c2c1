"""What comes twice acts once: repeated envelopes, re-sent events, double clicks; also across a restart."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, ADAS, CHANNEL, LIN, LINS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def announced(desk: Desk, words: str) -> int:
    return sum(words in text for text in desk.said())


def settle(desk: Desk) -> None:
    """Wait until what people did before this has been answered: the desk takes one after the other."""
    desk.ask("help")
    desk.tell_sentinel()


def test_a_repeated_envelope_acts_once(desk: Desk) -> None:
    desk.slack.delivery.repeats = 1
    asked = desk.workspace.slash(ADA, CHANNEL, "/prewarm", "subscribe twice")
    asked.wait_response()
    desk.slack.delivery.repeats = 1
    desk.workspace.mention(LIN, CHANNEL, "subscribe thrice")
    desk.wait_said("“thrice” from now on")
    settle(desk)
    times = [announced(desk, f"“{word}” from now on") for word in ("twice", "thrice")]
    assert (times, len(asked.responses)) == ([1, 1], 1)


def test_an_event_that_is_sent_again_acts_once_across_a_restart(desk: Desk) -> None:
    delivery = desk.slack.delivery
    delivery.retry_delays, delivery.ack_seconds, delivery.lost_acks = (3.0, 3.0, 3.0), 0.5, 1
    answer = desk.workspace.wait_reply(desk.workspace.direct_message(ADA, "watch again"))
    delivery.ack_seconds = 3.0
    assert "From now on I tell you" in desk.read(answer)
    desk.start_again()
    acked = delivery.acks
    desk.workspace.wait_for(lambda: delivery.acks > acked, 20, "the event once more")
    desk.workspace.direct_message(ADA, "subscriptions")
    desk.wait_said("1 watch of yours", ADAS)
    assert len(desk.said(ADAS)) == 2, "the event that came again was not answered again"


def test_what_was_written_while_nobody_was_connected_is_answered_once(desk: Desk) -> None:
    desk.slack.delivery.retry_delays = (3.0, 3.0, 3.0)
    desk.bots[-1].kill()
    desk.workspace.wait_for(lambda: not desk.slack.socket.connections, 10, "the end of the connection")
    before = len(desk.said(LINS))
    desk.workspace.direct_message(LIN, "subscriptions")
    desk.start_again()
    desk.wait_said("You watch nothing", LINS)
    settle(desk)
    assert len(desk.said(LINS)) == before + 1


def test_a_double_click_acts_once_and_two_people_each_act(desk: Desk) -> None:
    task = desk.begin()
    shown = desk.workspace.wait_reply(desk.workspace.mention(ADA, CHANNEL, f"show {task}"))
    for user in (ADA, ADA, LIN):
        desk.pressed(shown, "Watch", user).wait_acked()
    desk.wait_whispered(task, LIN)
    desk.wait_whispered(task, ADA)
    settle(desk)
    whispers = [desk.read(each) for each in desk.workspace.ephemerals(ADA) if task in desk.read(each)]
    assert [("I tell you" in text, "already" in text) for text in whispers] == [(True, False)]
    desk.ask("subscribe ended by two")
    listed = desk.workspace.wait_reply(desk.workspace.mention(ADA, CHANNEL, "subscriptions"))
    desk.pressed(listed, "End", ADA).wait_acked()
    desk.wait_whispered("no longer hears of", ADA)
    desk.pressed(listed, "End", LIN).wait_acked()
    desk.wait_whispered("This channel has no subscription", LIN)
    settle(desk)
    assert announced(desk, "no longer hears of") == 1
