"""What people are answered, whole: what was found, how old it is, and how to go on when nothing was."""

import pytest

from bot.commands.grammar import parse
from bot.commands.request import Show
from bot.domain.answer import AsOf, Candidates, Listing, Overview, Unknown
from bot.domain.fact import Kind
from bot.domain.filter import Filter
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, VENDOR, asked, ended, read, task

NOW = AsOf(1756361400.0, 12.3)
STALE = AsOf(1756361400.0, None, "HTTP 502.")
RUNNING = task(state="Running", id="run1", complete_time="", image_size="0", reason=())
FAILED = ended(Kind.FAILED, id="f1", reason=("no space left on device",)).task
IMAGE = "test-image.ppinfra.com/test-public/pytorch:v2"


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def test_an_overview_counts_and_shows_what_runs_and_what_failed() -> None:
    message = render_answer(Overview(NOW, {"Running": 1, "Failed": 2}, (RUNNING,), (FAILED,)), STYLE)
    assert lines(message) == [
        "1 running, 2 failed",
        "At work:",
        f"• running {IMAGE} on v2测试(cn-dev-1) · created 35 s ago · run1",
        "Last failures:",
        f"• failed {IMAGE} on v2测试(cn-dev-1) · ended 2025-08-28 06:09 UTC after 6 s · f1 · no space left on device",
        "As of 12 s ago.",
    ]
    assert message.text == (
        "1 running, 2 failed. running: pytorch:v2 on v2测试(cn-dev-1) (run1); "
        "failed: pytorch:v2 on v2测试(cn-dev-1) (f1). As of 12 s ago."
    )


def test_an_overview_says_when_nothing_runs() -> None:
    assert lines(render_answer(Overview(NOW, {"Failed": 2}, (), ()), STYLE))[0] == "Nothing is running: 2 failed"


def test_an_overview_of_nothing() -> None:
    assert lines(render_answer(Overview(NOW, {}, (), ()), STYLE)) == ["No prewarm tasks are listed", "As of 12 s ago."]


def test_an_overview_of_very_much_is_cut_and_says_so() -> None:
    seen = lines(render_answer(Overview(NOW, {"Running": 500}, (RUNNING,) * 500, ()), STYLE))
    shown = sum(line.startswith("• ") for line in seen)
    assert f"and {500 - shown} more: narrow it with /prewarm list failed cluster:ID words" in seen


def test_an_unknown_id_says_where_else_to_look() -> None:
    assert lines(render_answer(Unknown(NOW, "zz", 3), STYLE)) == [
        "No task begins with zz",
        "I know 3 tasks. /prewarm list zz searches names, notes and clusters too.",
        "As of 12 s ago.",
    ]


def test_an_answer_is_no_promise_and_carries_no_key() -> None:
    message = render_answer(Overview(NOW, {}, (), ()), STYLE)
    assert "block_id" not in message.blocks[0]


def test_an_old_answer_says_why_it_is_old() -> None:
    message = render_answer(Listing(STALE, Filter(), (FAILED,), 1), STYLE)
    assert lines(message)[:2] == [
        "1 task is listed",
        "The list could not be read just now: HTTP 502. This is what I remember.",
    ]
    assert lines(message)[-1] == "I have not read the list since I started."
    assert "HTTP 502. This is what I remember. I have not read the list since I started." in message.text


def test_an_ambiguous_id_lists_its_candidates_with_a_button_each() -> None:
    message = render_answer(Candidates(NOW, "f", (FAILED, VENDOR), 12), STYLE)
    assert lines(message) == [
        "12 tasks begin with f",
        (
            f"failed · {IMAGE} · v2测试(cn-dev-1) · ended 29 s ago after 6 s · 6.76 GB · f1 · no space left on device "
            "[Show]"
        ),
        f"ready · {IMAGE} · v2测试(cn-dev-1) · ended 29 s ago after 6 s · 6.76 GB · fexahnwdp4l1ajva [Show]",
        "and 10 more",
        "Type more of the ID: /prewarm show ID",
        "As of 12 s ago.",
    ]
    assert message.text == (
        "12 tasks begin with f. failed: pytorch:v2 on v2测试(cn-dev-1) (f1); "
        "ready: pytorch:v2 on v2测试(cn-dev-1) (fexahnwdp4l1ajva). As of 12 s ago."
    )
    button = message.blocks[1]["accessory"]
    assert asked(button) == Show("f1")
    assert button == {
        "type": "button",
        "action_id": "ask.show.1",
        "text": {"type": "plain_text", "text": "Show", "emoji": False},
        "value": button["value"],
        "accessibility_label": "Show: pytorch:v2, f1",
    }


ASKED = [
    pytest.param("show", "Show", "show f1", id="show shows it"),
    pytest.param("watch", "Watch", "watch f1", id="watch watches it"),
    pytest.param("unwatch", "Unwatch", "unwatch f1", id="unwatch ends that"),
    pytest.param("why", "Was it told?", "why f1", id="why says what became of it"),
    pytest.param("retry", "Show", "show f1", id="what has no button of its own shows it"),
]


@pytest.mark.parametrize(("command", "label", "value"), ASKED)
def test_a_candidate_is_asked_what_was_asked(command: str, label: str, value: str) -> None:
    message = render_answer(Candidates(NOW, "f", (FAILED,), 1, command), STYLE, plain=True)
    button = message.blocks[1]["accessory"]
    assert (button["text"]["text"], asked(button), button["action_id"]) == (label, parse(value), "ask.show.1")
    typed = value.removesuffix(" f1")
    assert lines(message)[2] == f"Type more of the ID: /prewarm {typed} ID"
