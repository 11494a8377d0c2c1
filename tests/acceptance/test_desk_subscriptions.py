"""Subscriptions of a channel: made from wherever people ask, announced, told once however many match, and ended.

The channel here is no standing one, so that it hears of nothing but what people asked for in it.
"""

from collections.abc import Iterator

import pytest

from bot.demo.slack.faults import Fault
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, CHANNEL, GENERAL, LIN, OPS

POST = "chat.postMessage"
QWEN, WEB = "registry.example.com/llm/qwen:7b", "registry.example.com/ml/web:1"
SETTINGS = {"PREWARM_CHANNEL": OPS}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), **SETTINGS) as desk:
        yield desk


def test_a_subscription_is_asked_for_in_its_channel_where_the_bot_is(desk: Desk) -> None:
    for text in ("subscribe failed", "mute 2h"):
        refused = desk.asked(text, ADA, GENERAL)
        assert ("I cannot post in this channel yet" in refused, "/invite @prewarm" in refused) == (True, True)
    assert "Say it in the channel that is to hear of it" in desk.asked("subscribe <#C0GENERAL|general> failed")
    assert "This channel has no subscription 7" in desk.asked("unsubscribe 7")
    assert "from the settings" in desk.asked("subscriptions", channel=OPS), "the standing ones are listed, too"
    assert "Which" not in desk.asked("unsubscribe", channel=OPS), "there is none that could be ended"
    assert desk.said() == [], "nothing was promised to the channel, so nothing was announced"


def test_a_channel_subscribes_is_told_once_across_a_restart_and_ends_it(desk: Desk) -> None:
    assert "This channel hears of every task that fails, “qwen”" in desk.asked("subscribe FAILED qwen")
    announced = desk.read(desk.wait_said("🔔"))
    assert ("every task that fails, “qwen”" in announced, "@ada asked for it" in announced) == (True, True)
    mention = desk.workspace.mention(LIN, CHANNEL, "subscribe cluster:cn-east-2")
    answer = desk.workspace.wait_reply(mention)
    assert (answer.thread_ts, "This channel hears of" in desk.read(answer)) == (mention.ts, True)
    assert "@lin asked for it" in desk.read(desk.wait_said("cluster cn-east-2 from now on"))
    assert "already" in desk.asked("subscribe cluster:cn-east-2", LIN), "the same once more is no second one"
    desk.start_again(**SETTINGS)
    both, neither = desk.cloud.add(QWEN, "cn-east-2"), desk.cloud.add(QWEN, "cn-dev-1")
    desk.end(both, "i/o timeout")
    desk.end(neither)
    one = desk.end(desk.cloud.add(WEB, "cn-east-2"))
    desk.wait_told(both, one)
    listed = desk.ask("subscriptions")
    assert ("@ada" in desk.read(listed), "@lin" in desk.read(listed)) == (True, True), "with who made them"
    assert "no longer hears of" in desk.read(desk.press(listed, "End", LIN, row=0))
    desk.wait_said("🔕 This channel no longer hears of every task that fails, “qwen”")
    assert "no longer hears of" in desk.asked("unsubscribe"), "the only one is meant"
    desk.wait_said("🔕 This channel no longer hears of every task that ends, cluster cn-east-2")
    assert desk.told() == {both: 1, one: 1}, "two subscriptions match, one message tells"
    last = desk.end(desk.cloud.add(QWEN, "cn-east-2"), "i/o timeout")
    desk.wait_told(last, channel=OPS)
    assert desk.told()[last] == 0


@pytest.mark.slow
def test_what_was_queued_before_unsubscribe_is_told_after_it(desk: Desk) -> None:  # D10
    desk.ask("subscribe")
    desk.wait_said("🔔 This channel hears of every task that ends from now on")
    desk.ask("subscribe failed")
    desk.wait_said("🔔 This channel hears of every task that fails from now on")
    asked = desk.ask("unsubscribe")
    assert "Which subscription shall end?" in desk.read(asked)
    desk.workspace.faults.always(POST, Fault.ratelimited(1))
    refused = len(desk.workspace.calls_of(POST))
    task = desk.end()
    desk.workspace.wait_for(lambda: len(desk.workspace.calls_of(POST)) > refused, 10, "the post that is refused")
    assert "What had been noticed before is still told" in desk.read(desk.press(asked, "End", row=0))
    after = desk.end()
    desk.wait_polled(2)
    desk.workspace.faults.stop_always(POST)
    desk.wait_said("🔕 This channel no longer hears of every task that ends")
    desk.wait_told(after, channel=OPS)
    assert (desk.told()[task], desk.told()[after]) == (1, 0)
