"""Each channel and person is written to in a language of their own, also after a restart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.slack.records import Message
from tests.acceptance.desk import Desk
from tests.acceptance.stage import ADA, CHANNEL, LIN, LINS, OPS

WHY = "no space left on device"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in whose workspace lin has set Chinese."""
    with Desk(tmp_path) as desk:
        desk.workspace.people[LIN] = replace(desk.workspace.people[LIN], locale="zh-CN")
        yield desk


def direct(desk: Desk, text: str) -> str:
    """Write to the bot as lin, and return the answer."""
    answer: Message = desk.workspace.wait_reply(desk.workspace.direct_message(LIN, text))
    return desk.read(answer)


def test_a_direct_message_is_answered_in_the_language_set_in_slack_unless_another_is_chosen(desk: Desk) -> None:
    desk.open()
    assert "没有进行中的任务" in direct(desk, "")
    assert "Nothing is running" in desk.asked("", LIN), "in a channel its own language"
    assert "I write English to you" in direct(desk, "语言 英文")
    assert "Nothing is running" in direct(desk, "")
    assert "给你的消息使用中文" in direct(desk, "language default")


def test_a_channel_is_told_in_the_language_that_was_chosen_there(desk: Desk) -> None:
    desk.open(PREWARM_CHANNEL=f"{CHANNEL},{OPS}")
    assert "本频道的消息使用中文" in desk.asked("language zh")
    first = desk.end(None, WHY)
    assert "预热失败" in desk.read(desk.wait_said(first))
    assert "Failed: " in desk.read(desk.wait_said(first, OPS))
    desk.start_again(PREWARM_CHANNEL=f"{CHANNEL},{OPS}")
    assert "预热完成" in desk.read(desk.wait_said(desk.end()))
    assert "Nobody chose it" in desk.asked("语言 默认")


def test_what_a_person_watches_is_told_in_their_language_also_first_after_a_restart(desk: Desk) -> None:
    desk.open()
    first, second = desk.begin(), desk.begin()
    for task in (first, second):
        desk.ask(f"watch {task}", LIN)
    desk.workspace.wait_for(lambda: desk.workspace.calls_of("users.info"), 10, "the question for lin's language")
    desk.cloud.succeed(first)
    assert "预热完成" in desk.read(desk.wait_said(first, LINS))
    desk.start_again()
    desk.cloud.succeed(second)
    assert "预热完成" in desk.read(desk.wait_said(second, LINS))


def test_without_the_scope_for_it_the_setting_decides(desk: Desk) -> None:
    desk.workspace.scopes.discard("users:read")
    desk.open()
    assert "Nothing is running" in direct(desk, "")


def test_home_is_in_the_persons_language_and_a_button_changes_it(desk: Desk) -> None:
    desk.open()
    desk.workspace.open_home(LIN)
    desk.workspace.wait_for(lambda: "你的关注" in str(desk.workspace.homes.get(LIN)), 10, "a Chinese Home")
    desk.workspace.click_home(LIN, "ask.language.en", value='{"ask":"language","code":"en"}').wait_acked()
    desk.workspace.wait_for(lambda: "You watch" in str(desk.workspace.homes.get(LIN)), 10, "an English Home")


def test_chinese_may_be_the_language_of_all(desk: Desk) -> None:
    desk.run(PREWARM_LANGUAGE="zh")
    desk.wait_said("开始监控预热任务")
    desk.slack.socket.wait_connected()
    assert "没有进行中的任务" in desk.asked("", ADA)
    assert "没有进行中的任务" in desk.asked("", ADA, OPS)
