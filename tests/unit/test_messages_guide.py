"""Help, and what is said to words that are no command or not one yet, whole."""

from bot.messages.commands import COMMANDS
from bot.messages.guide import render_did_you_mean, render_help, render_not_yet, render_trouble, render_wrong
from bot.messages.payload import Payload
from bot.messages.words import Say
from tests.unit.messages_reading import STYLE, read


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def test_help_teaches_what_is_built_and_names_what_is_not() -> None:
    seen = lines(render_help("", STYLE))
    assert seen[:3] == [
        "What you can ask me",
        "As /prewarm, as a mention, or in a direct message. English and Chinese words, in any case.",
        "• /prewarm: what is going on: counts, tasks at work, last failures",
    ]
    built = [command for command in COMMANDS if command.built]
    assert all(any(line.startswith(f"• /prewarm {command.usage}: ") for line in seen) for command in built)
    later = [line for line in seen if line.startswith("Not built yet: ")]
    assert later == ["Not built yet: " + ", ".join(each.name for each in COMMANDS if not each.built)]


def test_help_on_a_command() -> None:
    message = render_help("list", STYLE)
    assert lines(message) == [
        "/prewarm list [failed|running|…] [cluster:ID] [words…]",
        "the listed tasks; states, a cluster and words narrow it",
        "Also: list, 列表, 列出, 任务.",
    ]
    assert message.text == (
        "/prewarm list [failed|running|…] [cluster:ID] [words…]: "
        "the listed tasks; states, a cluster and words narrow it."
    )


def test_help_on_a_command_that_is_not_built_says_so() -> None:
    assert lines(render_help("create", STYLE)) == [
        "/prewarm create",
        "prewarm an image (operators)",
        "Not built yet.",
        "Also: create, 创建, 新建.",
    ]


def test_help_on_no_command_says_so_and_helps() -> None:
    seen = lines(render_help("bananas", STYLE))
    assert seen[:2] == ["What you can ask me", "There is no command bananas."]


def test_a_command_that_is_not_built_says_so() -> None:
    message = render_not_yet("mute", STYLE)
    assert lines(message) == ["/prewarm mute is not built yet", "/prewarm help shows what you can ask today."]
    assert message.text == "/prewarm mute is not built yet. /prewarm help shows what you can ask today."


def test_a_near_miss_is_offered_and_so_is_the_search() -> None:
    message = render_did_you_mean("lsit", "list", STYLE)
    assert lines(message) == [
        "Did you mean /prewarm list?",
        "To search for tasks with that word: /prewarm list lsit",
    ]
    assert message.text == "Did you mean /prewarm list? To search for tasks with that word: /prewarm list lsit"


def test_wrong_usage_says_how_to_put_it() -> None:
    assert lines(render_wrong(Say.SHOW_NEEDS_ID, STYLE)) == [
        "Which task? Say show and one ID, which may be cut short: show nzd5ny",
        "/prewarm help shows what you can ask today.",
    ]


def test_a_fault_of_ours_is_owned() -> None:
    assert lines(render_trouble(STYLE)) == [
        "I could not answer that: something failed on my side.",
        "Please try again in a moment. If it stays so, my log says why.",
    ]
