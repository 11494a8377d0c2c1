"""What people type, as it arrives: Chinese, odd forms, slips, hostile words; and what is built later."""

import json
import re
from collections.abc import Iterator

import pytest

from bot.demo.slack.records import Message
from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, CHANNEL

HOSTILE = [
    "<!channel>",
    "&lt;!here&gt; *bold* _it_ `code` :tada:",
    "<@U0LIN>",
    "\u202ereversed\u202c \x1b[31mred",
    '"unclosed and “smart',
    "x" * 5_000,
    "{task} %s {0.__class__}",
    "'; DROP TABLE tasks; --",
]
ASKED = [  # typed, and what the answer says
    ("失败", "1 of 4 tasks match"),
    ("列表 运行中", "1 of 4 tasks match"),
    ("LIST \uff26\uff41\uff49\uff4c\uff45\uff44", "1 of 4 tasks match"),  # full-width
    ("“web”", "1 of 4 tasks match"),
    ("查看 {id}", "Failed: web:1"),
    ("为什么 {id}", "Notification sent"),
    ("状态", "All is well"),
    ("帮助", "What you can ask me"),
    ("订阅列表", "1 subscription in this channel"),
    ("<https://registry.example.com/ml/web:1|registry.example.com/ml/web:1>", "1 of 4 tasks match"),
    ("cluster:hk-1 failed", "1 of 4 tasks match"),
    ("subscirbe failed", "Did you mean /prewarm subscribe"),
    ("watch", "Watch what?"),
    ("quota", "is not built yet"),
    ("create", "is not built yet"),
    ("help mute", "From 1 minute to 7 days"),
    ("?", "What you can ask me"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def test_what_is_typed_is_understood_in_many_forms(desk: Desk) -> None:
    failed = desk.end(desk.cloud.add("registry.example.com/ml/web:1", "hk-1"), "manifest unknown")
    desk.begin("registry.example.com/llm/qwen:7b")
    desk.wait_told(failed)
    answers = {typed: desk.asked(typed.format(id=failed)) for typed, _ in ASKED}
    assert {typed: answers[typed] for typed, words in ASKED if words not in answers[typed]} == {}


def called(message: Message) -> list[str]:
    """Return what in a message would call somebody, or make a terminal or reader go astray."""
    raw = json.dumps(message.blocks, ensure_ascii=False)
    pieces = [piece for kind in ("broadcast", "usergroup") for piece in re.findall(rf'"type": "{kind}"', raw)]
    marked = [message.text, *re.findall(r'"type": "mrkdwn", "text": "([^"]*)"', raw)]
    calls = [call for text in marked for call in re.findall(r"<!(?!date)[^>]*>|<@U0LIN>", text)]
    return pieces + calls + re.findall("[\u202e\x1b]", raw + message.text)


def test_hostile_words_are_answered_and_call_nobody(desk: Desk) -> None:
    for words in HOSTILE:
        for command in ("", "list ", "show ", "why ", "watch ", "help "):
            answer = desk.ask(command + words)
            assert (called(answer), "failed on my side" in desk.read(answer)) == ([], False)


@pytest.mark.slow
def test_hostile_words_in_subscriptions_are_announced_harmlessly_and_can_be_ended(desk: Desk) -> None:
    for words in HOSTILE[:4]:
        desk.ask(f"subscribe {words}")
    desk.workspace.mention(ADA, CHANNEL, "subscribe &lt;!everyone&gt;")
    desk.wait_said("everyone")
    assert [call for message in desk.workspace.bot_messages(CHANNEL) for call in called(message)] == []
    listed = desk.ask("subscriptions")
    assert "no longer hears of" in desk.read(desk.press(listed, "End", ADA))
