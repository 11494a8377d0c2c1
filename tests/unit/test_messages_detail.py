"""One task, whole: every field of the vendor's document, its age, and the buttons that fit its state."""

from typing import Any

import pytest

from bot.commands.grammar import parse
from bot.domain.answer import AsOf, Detail, WatchEnded
from bot.domain.fact import Kind
from bot.domain.task import Task
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, ended, read, task

AT = 1756361400.0
NOW = AsOf(AT, 12.3)
RUNNING = task(state="Running", id="run1", complete_time="", image_size="0", reason=())
FAILED = ended(Kind.FAILED, id="f1", reason=("full",)).task
IMAGE = "test-image.ppinfra.com/test-public/pytorch:v2"


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def buttons(message: Payload) -> list[dict[str, Any]]:
    return [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]


def test_one_task_is_shown_with_every_field() -> None:
    whole = task(note="周五", repository_auth="cred-1", state="Failed", reason=("full",), image_name="torch nightly")
    message = render_answer(Detail(NOW, whole, gone=AT - 10), STYLE)
    assert lines(message) == [
        "Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s",
        "It is no longer listed: missed at 2025-08-28 06:09 UTC.",
        "Why: full",
        f"Image: {IMAGE} (torch nightly)",
        "Cluster: v2测试(cn-dev-1)",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        (
            "Size: 6.76 GB · Created: 2025-08-28 06:09 UTC (35 s ago) · Ended: 2025-08-28 06:09 UTC · "
            "Registry credential: set"
        ),
        "Note: 周五",
        "Task: fexahnwdp4l1ajva",
        "[Refresh] [Was it told?] [Open console]",
        "As of 12 s ago.",
    ]
    assert "cred-1" not in message.text
    assert message.text == (
        "Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s. Why: full. Task fexahnwdp4l1ajva. As of 12 s ago."
    )


def test_a_task_of_which_hardly_anything_is_known() -> None:
    bare = Task(id="t1", state="Pending")
    assert lines(render_answer(Detail(NOW, bare), STYLE)) == [
        "Pending: t1",
        "Image: t1",
        "Products: the whole cluster",
        "Task: t1",
        "[Refresh] [Watch] [Was it told?] [Open console]",
        "As of 12 s ago.",
    ]


def test_a_task_of_an_unknown_state_is_shown_verbatim() -> None:
    seen = lines(render_answer(Detail(NOW, task(state="evicted", create_time="", complete_time="")), STYLE))
    assert seen[0] == "evicted: pytorch:v2 on v2测试(cn-dev-1)"
    assert "Vendor's words: image pulled successfully" in seen


HEADLINES = [
    pytest.param(
        Detail(NOW, RUNNING, since=AT - 720),
        "Running for 12 min: pytorch:v2 on v2测试(cn-dev-1)",
        id="at work: since it is so",
    ),
    pytest.param(
        Detail(NOW, RUNNING),
        "Running for 35 s: pytorch:v2 on v2测试(cn-dev-1)",
        id="at work: else since it was created",
    ),
    pytest.param(
        Detail(NOW, RUNNING, gone=AT),
        "Running: pytorch:v2 on v2测试(cn-dev-1)",
        id="gone: it is not known how long it ran",
    ),
    pytest.param(Detail(NOW, task()), "Ready: pytorch:v2 on v2测试(cn-dev-1) in 6 s", id="ready: how long it took"),
    pytest.param(
        Detail(NOW, FAILED, since=AT), "Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s", id="failed: after how long"
    ),
    pytest.param(
        Detail(NOW, task(state="evicted")),
        "evicted: pytorch:v2 on v2测试(cn-dev-1) after 6 s",
        id="any other end: the same",
    ),
]


@pytest.mark.parametrize(("answer", "headline"), HEADLINES)
def test_the_headline_says_how_long(answer: Detail, headline: str) -> None:
    assert lines(render_answer(answer, STYLE))[0] == headline


def test_an_image_that_fails_often_is_said_to() -> None:
    assert (
        lines(render_answer(Detail(NOW, FAILED, failures=3), STYLE))[1] == "Third failure of this image within a day."
    )
    assert lines(render_answer(Detail(NOW, FAILED, failures=1), STYLE))[1] == "Why: full"
    assert lines(render_answer(Detail(NOW, task(reason=()), failures=3), STYLE))[1] == f"Image: {IMAGE}"


BUTTONS = [
    pytest.param(Detail(NOW, RUNNING), ["show run1", "watch run1", "why run1"], id="where all read it: watch"),
    pytest.param(Detail(NOW, RUNNING, watched=False), ["show run1", "watch run1", "why run1"], id="not watched: watch"),
    pytest.param(Detail(NOW, RUNNING, watched=True), ["show run1", "unwatch run1", "why run1"], id="watched: unwatch"),
    pytest.param(Detail(NOW, FAILED, watched=False), ["show f1", "why f1"], id="ended: nothing to watch"),
    pytest.param(
        Detail(NOW, FAILED, watched=True), ["show f1", "unwatch f1", "why f1"], id="ended and watched: unwatch"
    ),
    pytest.param(Detail(NOW, RUNNING, gone=AT), ["show run1", "why run1"], id="gone: nothing to watch"),
]


@pytest.mark.parametrize(("answer", "values"), BUTTONS)
@pytest.mark.parametrize("plain", [False, True])
def test_its_buttons_ask_what_can_be_asked(answer: Detail, values: list[str], plain: bool) -> None:
    *asking, opening = buttons(render_answer(answer, STYLE, plain=plain))
    assert [asked(each) for each in asking] == [parse(value) for value in values]
    actions = {"show": "ask.refresh", "why": "ask.why", "watch": "ask.watch", "unwatch": "ask.unwatch"}
    assert [each["action_id"] for each in asking] == [actions[value.split()[0]] for value in values]
    assert (opening["action_id"], opening["url"]) == ("open_console", "https://console.example/images")


def test_a_button_says_which_task_to_those_who_hear_it_alone() -> None:
    assert buttons(render_answer(Detail(NOW, RUNNING), STYLE))[0]["accessibility_label"] == "Refresh: pytorch:v2, run1"


def test_a_watch_of_what_has_ended_says_so_and_how_it_ended() -> None:
    message = render_answer(WatchEnded(Detail(NOW, FAILED)), STYLE)
    assert lines(message)[:3] == [
        "Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s",
        "It has ended already, so there is nothing left to watch.",
        "Why: full",
    ]
    assert message.text == (
        "Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s. It has ended already, so there is nothing left to watch. "
        "Why: full. Task f1. As of 12 s ago."
    )


def test_under_the_reasons_of_a_failure_stands_what_to_do() -> None:
    full = task(state="Failed", reason=("no space left on device",))
    seen = lines(render_answer(Detail(NOW, full), STYLE))
    assert seen[1:3] == [
        "Why: no space left on device",
        "What to do: Try a smaller image or another cluster, or ask the vendor for space on this one.",
    ]
    assert "What to do" not in read(render_answer(Detail(NOW, task(reason=("no space left on device",))), STYLE))
