"""A channel that cannot be posted to keeps its news (P14), and a lost connection is soon back."""

import time
from collections.abc import Callable

import pytest

from bot.demo.slack.socket import SlackSocket
from tests.acceptance.stage import ADA, CHANNEL, HELLO, OPS, Stage

BACK_WITHIN = 1.0  # seconds


def test_a_channel_without_the_bot_is_told_once_it_is_invited_again_and_others_at_once(stage: Stage) -> None:
    stage.run_until_hello(PREWARM_CHANNEL=f"{CHANNEL},{OPS}")
    stage.wait_said(HELLO, OPS)
    stage.slack.socket.wait_connected()
    stage.workspace.remove_bot(CHANNEL)
    tasks = [stage.end(), stage.end(None, "i/o timeout"), stage.end()]
    stage.wait_told(*tasks, channel=OPS)
    parked = stage.workspace.as_text(stage.wait_said("I cannot post in channel", OPS))
    assert ("#prewarm" in parked, "/invite @prewarm" in parked) == (True, True)
    assert stage.told() == {}
    stage.workspace.invite_bot(CHANNEL, ADA)
    stage.wait_told(*tasks)
    sentinel = stage.tell_sentinel()
    stage.wait_told(sentinel, channel=OPS)
    assert stage.told() == stage.told(OPS) == dict.fromkeys([*tasks, sentinel], 1)
    assert sum("I cannot post in channel" in text for text in stage.said(OPS)) == 1


@pytest.mark.parametrize(
    ("lose", "again"),
    [
        pytest.param(SlackSocket.cut, True, id="cut without a close frame"),
        pytest.param(SlackSocket.close, True, id="closed with a close frame"),
        pytest.param(SlackSocket.refresh, False, id="an announced refresh loses no command at all"),
    ],
)
def test_a_command_works_again_within_a_second(stage: Stage, lose: Callable[[SlackSocket], None], again: bool) -> None:
    stage.run_until_hello()
    socket = stage.slack.socket
    socket.wait_connected()
    opened, began = socket.opened, time.monotonic()
    lose(socket)
    if again:
        stage.workspace.wait_for(lambda: socket.opened > opened, BACK_WITHIN, "a new connection")
    asked = stage.workspace.slash(ADA, CHANNEL, "/prewarm", "help")
    asked.wait_acked()
    assert time.monotonic() - began < BACK_WITHIN
    assert "What you can ask me" in stage.workspace.as_text(asked.wait_response())
