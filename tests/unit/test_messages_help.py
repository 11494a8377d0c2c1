"""Help, and what is said to words that are no command or not one yet, whole."""

import pytest

from bot.commands.grammar import parse
from bot.commands.request import Usage
from bot.commands.table import COMMANDS, Command
from bot.messages.help import did_you_mean, fault, help_on, not_yet, wrong_usage
from bot.messages.render import render_document
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, read


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def test_help_teaches_what_is_built_and_names_what_is_not() -> None:
    assert lines(render_document(help_on("", STYLE), STYLE)) == [
        "What you can ask me",
        "As /prewarm, as a mention, or in a direct message. English or Chinese, in any case and order: 列表 失败",
        "Ask:",
        "• /prewarm: what is going on: counts, tasks at work, last failures",
        (
            "• /prewarm list [failed|running|…] [cluster:ID] [words…]: the listed tasks; states, a cluster and words "
            "narrow it, for example list failed qwen"
        ),
        "• /prewarm show ID: one task, whole; the ID may be cut short, for example show nzd5ny",
        "• /prewarm why ID: what became of the notifications about a task, for example why nzd5ny",
        "Follow, in a direct message to you:",
        (
            "• /prewarm watch ID | [failed] [cluster:ID] words…: tell me when a task ends, or each that matches, "
            "for example watch nzd5ny"
        ),
        "• /prewarm unwatch [N | ID | words…]: end a watch, for example unwatch nzd5ny",
        "This channel:",
        (
            "• /prewarm subscribe [failed] [cluster:ID] [words…]: tell this channel of each task that ends and "
            "matches, for example subscribe failed"
        ),
        "• /prewarm unsubscribe [N]: end a subscription of this channel, for example unsubscribe 2",
        "• /prewarm subscriptions: what this channel hears of, and what you watch",
        "• /prewarm mute 2h | until 18:00: be quiet in this channel for a while, for example mute 2h",
        "• /prewarm unmute: end the quiet",
        "The bot:",
        "• /prewarm status: the bot's own health",
        "• /prewarm language en|zh|default: English or Chinese, for this channel or me, for example language zh",
        "• /prewarm help [command]: this, or one command, for example help watch",
        'A first word that is no command is searched for. Quotes keep words together: list "my model" v2',
        "More on one of them: /prewarm help watch",
        "Not built yet: quota, stats, create, retry, delete",
    ]


def test_help_names_every_command() -> None:
    text = render_document(help_on("", STYLE), STYLE).text
    assert [each.name for each in COMMANDS if each.built and each.usage not in text] == []


def test_help_on_a_command() -> None:
    message = render_document(help_on("watch", STYLE), STYLE)
    assert lines(message) == [
        "/prewarm watch ID | [failed] [cluster:ID] words…",
        "Tell me when a task ends, or each that matches.",
        (
            "With an ID: once, when that task ends. With failed or succeeded, a cluster or words: each time, "
            "until you say unwatch."
        ),
        "For example:",
        "• /prewarm watch nzd5ny",
        "• /prewarm watch failed qwen",
        "• /prewarm watch cluster:cn-dev-1",
        "• /prewarm 关注 nzd5ny",
        "Also: 关注.",
    ]
    assert message.text == (
        "/prewarm watch ID | [failed] [cluster:ID] words…: tell me when a task ends, or each that matches."
    )


def test_help_on_a_command_that_is_not_built_says_so() -> None:
    assert lines(render_document(help_on("create", STYLE), STYLE)) == [
        "/prewarm create",
        "Prewarm an image (operators).",
        "Not built yet.",
        "Also: 创建, 新建.",
    ]


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.built], ids=lambda command: command.name)
def test_every_example_of_help_is_what_it_is_an_example_of(command: Command) -> None:
    assert command.examples
    for example in command.examples:
        assert type(parse(f"/prewarm {example}")).__name__.casefold() in (command.name, f"{command.name}tasks")


def test_help_on_no_command_says_so_and_helps() -> None:
    seen = lines(render_document(help_on("bananas", STYLE), STYLE))
    assert seen[:2] == ["What you can ask me", "There is no command bananas."]


def test_a_command_that_is_not_built_says_so() -> None:
    message = render_document(not_yet("retry", STYLE), STYLE)
    assert lines(message) == ["/prewarm retry is not built yet", "/prewarm help shows what you can ask today."]
    assert message.text == "/prewarm retry is not built yet. /prewarm help shows what you can ask today."


def test_a_near_miss_is_offered_and_so_is_the_search() -> None:
    message = render_document(did_you_mean("lsit", "list", STYLE), STYLE)
    assert lines(message) == [
        "Did you mean /prewarm list?",
        "To search for tasks with that word: /prewarm list lsit",
    ]
    assert message.text == "Did you mean /prewarm list? To search for tasks with that word: /prewarm list lsit"


def test_a_slip_after_a_command_is_offered_and_so_are_quotes() -> None:
    assert lines(render_document(did_you_mean("faild", "subscribe failed", STYLE), STYLE)) == [
        "Did you mean /prewarm subscribe failed?",
        'If you do mean that word, put it in quotes: subscribe "faild"',
    ]


def test_wrong_usage_says_how_to_put_it() -> None:
    assert lines(render_document(wrong_usage(Usage.SHOW_NEEDS_ID, STYLE), STYLE)) == [
        "Which task? Say show and one ID, which may be cut short: show nzd5ny",
        "/prewarm help shows what you can ask today.",
    ]


def test_a_fault_of_ours_is_owned() -> None:
    assert lines(render_document(fault(STYLE), STYLE)) == [
        "I could not answer that: something failed on my side.",
        "Please try again in a moment. If it stays so, my log says why.",
    ]


@pytest.mark.parametrize("usage", Usage)
def test_a_sentence_on_usage_is_a_whole_title(usage: Usage) -> None:
    assert lines(render_document(wrong_usage(usage, STYLE), STYLE))[0] == usage.value
