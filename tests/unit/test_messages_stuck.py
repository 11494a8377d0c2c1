"""Tasks that hang, as people read it: how long already, what it may mean, what to do; and the same once they ended."""

from typing import Any

import pytest

from bot.domain.fact import Kind, News, Stuck, Transition
from bot.messages.render import render_edit
from tests.unit.messages_reading import KEY, STYLE, ended, read, task, told

AT = 1756363885.0
PENDING = "It may wait for a free node, or behind other tasks of this account."
CHECK_QUOTA = "Check the cluster and the quota in the console. If it never starts, ask the vendor with its ID."
RUNNING = "The registry may be slow or limit the rate: several nodes pull the image at once."
CHECK_REGISTRY = "Check that the registry answers, and how fast. One nearer to the cluster sends the image sooner."


def hanging(state: str, minutes: int = 42, **changes: Any) -> Stuck:
    row = task(**{"state": state, "complete_time": "", "image_size": "", "reason": (), **changes})
    return Stuck(row, AT, AT - minutes * 60)


QWEN: dict[str, Any] = {"image_url": "r.io/qwen:0.9", "image_name": "qwen"}


def test_a_pending_task_says_since_when_what_it_may_mean_and_what_to_do() -> None:
    message = told(hanging("Pending"))
    assert read(message).splitlines() == [
        "⏳ Pending for 42 min: pytorch:v2 on v2测试(cn-dev-1)",
        PENDING,
        f"What to do: {CHECK_QUOTA}",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c",
        "Pending since: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == (
        f"Pending for 42 min: pytorch:v2 on v2测试(cn-dev-1). {PENDING} {CHECK_QUOTA} Task fexahnwdp4l1ajva."
    )


def test_a_running_task_looks_to_the_registry() -> None:
    seen = read(told(hanging("Running", image_size="6762128493")))
    assert seen.startswith(
        "⏳ Running for 42 min: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1)\n"
        f"{RUNNING}\nWhat to do: {CHECK_REGISTRY}\nImage: "
    )


def test_what_the_vendor_says_already_comes_first_and_decides_what_to_do() -> None:
    seen = read(told(hanging("Running", reason=("retrying: no space left on device",)))).splitlines()
    assert seen[1:4] == [
        "Vendor's words: retrying: no space left on device",
        RUNNING,
        "What to do: Try a smaller image or another cluster, or ask the vendor for space on this one.",
    ]


def test_a_task_that_hangs_mentions_nobody() -> None:
    style = STYLE.__class__(STYLE.language, STYLE.zone, STYLE.console_url, mention="U0ADA")
    message = told(hanging("Pending"), style=style)
    assert "U0ADA" not in message.text + read(message)


def test_several_are_one_message_by_state_and_image() -> None:
    message = told(
        hanging("Running", 50, id="r1"),
        hanging("Pending", id="p1", **QWEN),
        hanging("Running", 66, id="r2", cluster_id="sg-1", image_size="6762128493"),
    )
    assert read(message).splitlines() == [
        "⏳ 3 prewarm tasks are stuck",
        f"Running (2): {RUNNING} {CHECK_REGISTRY}",
        "• test-image.ppinfra.com/test-public/pytorch:v2 on cn-dev-1 (r1, 50 min), sg-1 (r2, 1 h 6 min)",
        f"Pending (1): {PENDING} {CHECK_QUOTA}",
        "• r.io/qwen:0.9 on cn-dev-1 (p1, 42 min)",
        "[Open console]",
    ]
    assert message.text == (
        "3 prewarm tasks are stuck. Running for 50 min: pytorch:v2 on v2测试(cn-dev-1); "
        "Pending for 42 min: qwen:0.9 on v2测试(cn-dev-1); "
        "Running for 1 h 6 min: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) (sg-1)."
    )


def test_one_image_stuck_in_many_places_is_named_in_the_headline() -> None:
    message = told(*(hanging("Running", id=f"r{n}", cluster_id=f"cn-{n}", cluster_name="") for n in range(7)))
    assert read(message).startswith("⏳ 7 prewarm tasks are stuck: pytorch:v2 on 7 clusters\n")
    assert message.text.endswith("Running for 42 min: pytorch:v2 on cn-4; and 2 more.")


@pytest.mark.parametrize("rung", [1, 2])
def test_lower_rungs_say_the_same(rung: int) -> None:
    facts = (hanging("Running", id="r1"), hanging("Pending", id="p1"))
    rich, lower = read(told(*facts)), read(told(*facts, rung=rung))
    assert lower == (rich if rung == 1 else rich.removesuffix("\n[Open console]"))


def test_fixed_words_for_what_hangs() -> None:
    assert read(told(hanging("Running"), rung=3)).splitlines() == ["Prewarm tasks are stuck", "stuck: fexahnwdp4l1ajva"]


# ---- once they have ended (P10)


def end(kind: Kind, news: News = News.ENDED, **changes: Any) -> Transition:
    return ended(kind, news, create_time="1756360000", **({"complete_time": "1756363720"} | changes))


ENDS = [
    (end(Kind.SUCCEEDED), "✅ Ended since: ready in 1 h 2 min · qwen:0.9 on v2测试(cn-dev-1)"),
    (end(Kind.FAILED), "❌ Ended since: failed after 1 h 2 min · qwen:0.9 on v2测试(cn-dev-1)"),
    (end(Kind.FAILED, complete_time=""), "❌ Ended since: failed · qwen:0.9 on v2测试(cn-dev-1)"),
    (end(Kind.ENDED), "❔ Ended since: ended as “Evicted” after 1 h 2 min · qwen:0.9 on v2测试(cn-dev-1)"),
    (end(Kind.GONE), "❔ Ended since: no longer listed · qwen:0.9 on v2测试(cn-dev-1)"),
    (end(Kind.GONE, News.REPLACED), "❔ Ended since: replaced by a new run · qwen:0.9 on v2测试(cn-dev-1)"),
]


@pytest.mark.parametrize(("fact", "title"), ENDS, ids=[title for _, title in ENDS])
def test_once_it_has_ended_the_first_line_says_how(fact: Transition, title: str) -> None:
    message = render_edit(KEY, [hanging("Pending", id="q1", **QWEN)], {"q1": fact}, STYLE)
    assert read(message).splitlines() == [
        title,
        "When this was written, it had been pending for 42 min.",
        "Image: r.io/qwen:0.9",
        "Products: RTX 4090 24GB 18c",
        "Pending since: 2025-08-28 06:09 UTC · Task: q1",
        "[Open console]",
    ]
    assert message.text.startswith(f"{title[2:]}. When this was written, ")


def test_the_key_stays_in_the_first_block() -> None:
    message = render_edit(KEY, [hanging("Pending")], {"fexahnwdp4l1ajva": end(Kind.FAILED)}, STYLE)
    assert message.blocks[0]["block_id"] == KEY


def test_of_several_those_that_ended_come_first_and_the_others_stay() -> None:
    facts = [hanging("Running", id="r1"), hanging("Pending", id="p1", **QWEN), hanging("Running", id="r2")]
    message = render_edit(KEY, facts, {"p1": end(Kind.FAILED, id="p1")}, STYLE)
    assert read(message).splitlines() == [
        "⏳ 3 prewarm tasks were stuck, 1 has ended since",
        "Ended since:",
        "• ❌ qwen:0.9 on cn-dev-1 (p1): failed after 1 h 2 min",
        f"Running (2): {RUNNING} {CHECK_REGISTRY}",
        "• test-image.ppinfra.com/test-public/pytorch:v2 on cn-dev-1 (r1, 42 min), cn-dev-1 (r2, 42 min)",
        "[Open console]",
    ]
    assert message.text == (
        "3 prewarm tasks were stuck, 1 has ended since. qwen:0.9 on cn-dev-1 (p1): failed after 1 h 2 min."
    )


def test_once_all_have_ended_the_worst_ending_marks_the_message() -> None:
    facts = [hanging("Running", id="r1"), hanging("Pending", id="p1", **QWEN)]
    ends = {"r1": end(Kind.SUCCEEDED, id="r1"), "p1": end(Kind.GONE, id="p1")}
    assert read(render_edit(KEY, facts, ends, STYLE)).splitlines() == [
        "❔ 2 prewarm tasks were stuck, all have ended since",
        "Ended since:",
        "• ✅ pytorch:v2 on cn-dev-1 (r1): ready in 1 h 2 min",
        "• ❔ qwen:0.9 on cn-dev-1 (p1): no longer listed",
        "[Open console]",
    ]


def test_an_edit_that_grows_too_large_falls_back_to_fixed_words_and_ids() -> None:
    facts = [hanging("Running", id=f"{n:03d}" + "i" * 60, **QWEN, cluster_id="c" * 40) for n in range(80)]
    ends = {fact.task.id: end(Kind.FAILED, id=fact.task.id) for fact in facts[1:]}
    message = render_edit(KEY, facts, ends, STYLE)
    seen = "".join(read(message).splitlines())
    assert seen.startswith("Prewarm tasks ended")
    assert all(fact.task.id in seen for fact in facts)
    assert message.blocks[0]["block_id"] == KEY
