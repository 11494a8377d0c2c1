"""The list people asked for, whole: as a table that Slack sorts, and as pages of lines where tables are refused."""

import pytest

from bot.commands.request import ListTasks
from bot.domain.answer import AsOf, Listing
from bot.domain.fact import Kind
from bot.domain.filter import Filter
from bot.domain.task import Task
from bot.messages.listing import PAGE
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.unit.messages_reading import STYLE, asked, ended, read, task

NOW = AsOf(1756361400.0, 12.3)
RUNNING = task(state="Running", id="run1", complete_time="", image_size="0", reason=())
FAILED = ended(Kind.FAILED, id="f1", reason=("no space left on device",)).task
IMAGE = "test-image.ppinfra.com/test-public/pytorch:v2"


def lines(message: Payload) -> list[str]:
    return read(message).splitlines()


def qwen(n: int, reason: str = "") -> Task:
    return task(
        id=f"q{n}",
        image_url="r.example/qwen:7b",
        cluster_id=f"cn-{n}",
        cluster_name=f"c{n}",
        state="Failed" if reason else "Succeeded",
        reason=(reason,) if reason else (),
    )


def test_a_listing_is_a_table_that_slack_sorts() -> None:
    message = render_answer(Listing(NOW, Filter(), (RUNNING, FAILED), 2), STYLE)
    assert lines(message) == [
        "2 tasks are listed",
        "State | Image | Cluster | Time | Took | Size | ID | Why",
        f"running | {IMAGE} | v2测试(cn-dev-1) | created 35 s ago | - | - | run1 | -",
        f"failed | {IMAGE} | v2测试(cn-dev-1) | ended 29 s ago | 6 s | 6.76 GB | f1 | no space left on device",
        "As of 12 s ago.",
    ]
    assert message.text == (
        "2 tasks are listed. running: pytorch:v2 on v2测试(cn-dev-1) (run1); "
        "failed: pytorch:v2 on v2测试(cn-dev-1) (f1). As of 12 s ago."
    )
    table = message.blocks[1]
    assert table["caption"] == "Prewarm tasks: those at work first, then by their end, newest first"
    assert (table["page_size"], table["row_header_column_index"]) == (2, 1)


def test_times_and_sizes_sort_by_their_numbers() -> None:
    odd = task(id="odd1", state="evicted", create_time="", complete_time="", image_size="")
    rows = render_answer(Listing(NOW, Filter(), (RUNNING, FAILED, odd), 3), STYLE).blocks[1]["rows"][1:]
    assert [[cell["value"] for cell in row if cell["type"] == "raw_number"] for row in rows] == [
        [35, 0, 0],
        [29, 6, 6762128493],
        [1756361400, 0, 0],
    ]
    assert [cell["text"] for cell in rows[2]][3:6] == ["-", "-", "-"]


def test_without_a_failure_there_is_no_column_of_reasons() -> None:
    assert lines(render_answer(Listing(NOW, Filter(), (RUNNING,), 1), STYLE))[1].endswith("| Size | ID")


def test_a_plain_listing_is_the_same_in_lines() -> None:
    message = render_answer(Listing(NOW, Filter(), (RUNNING, FAILED), 2), STYLE, plain=True)
    assert {block["type"] for block in message.blocks} == {"section"}
    assert lines(message) == [
        "2 tasks are listed",
        f"• running · {IMAGE} · v2测试(cn-dev-1) · created 35 s ago · run1",
        (f"• failed · {IMAGE} · v2测试(cn-dev-1) · ended 29 s ago after 6 s · 6.76 GB · f1 · no space left on device"),
        "As of 12 s ago.",
    ]


def test_a_listing_says_what_was_searched() -> None:
    wanted = Filter(frozenset({"Failed", "Running"}), "cn-dev-1", ("pytorch",))
    seen = lines(render_answer(Listing(NOW, wanted, (RUNNING, FAILED), 40), STYLE))
    assert seen[0] == "2 of 40 tasks match running or failed, cluster cn-dev-1, “pytorch”"


def test_a_long_table_is_cut_and_says_how_to_narrow_it() -> None:
    many = tuple(task(id=f"task-{n}") for n in range(400))
    message = render_answer(Listing(NOW, Filter(), many, 400), STYLE)
    shown = read(message).count("task-")
    assert 30 <= shown <= 100
    assert f"and {400 - shown} more: narrow it with /prewarm list failed cluster:ID words" in lines(message)


# ---- one image on several clusters ----------------------------------------------------------------------------------


def test_an_image_on_several_clusters_is_one_line_above_the_table() -> None:
    tasks = (*(qwen(n, "disk full" if n in (3, 5) else "") for n in range(8)), FAILED)
    message = render_answer(Listing(NOW, Filter(), tasks, 9), STYLE)
    assert lines(message)[:2] == [
        "9 tasks are listed",
        "• qwen:7b on 8 clusters: 2 failed, 6 ready; failed on cn-3, cn-5 (disk full)",
    ]
    assert all(f"| {each.id} |" in read(message) for each in tasks)


def test_an_image_that_is_ready_everywhere_needs_no_more_words() -> None:
    assert lines(render_answer(Listing(NOW, Filter(), (qwen(0), qwen(1)), 2), STYLE))[1] == (
        "• qwen:7b on 2 clusters: 2 ready"
    )


def test_many_failures_of_one_image_are_told_by_reason() -> None:
    tasks = tuple(qwen(n, "disk full" if n < 9 else f"reason {n}") for n in range(14))
    assert lines(render_answer(Listing(NOW, Filter(), tasks, 14), STYLE))[1] == (
        "• qwen:7b on 14 clusters: 14 failed; failed on cn-0, cn-1, cn-2, cn-3, cn-4, and 4 more (disk full); "
        "cn-9 (reason 9); cn-10 (reason 10); and 3 more reasons"
    )


def test_an_image_twice_on_one_cluster_is_no_group() -> None:
    assert lines(render_answer(Listing(NOW, Filter(), (FAILED, RUNNING), 2), STYLE))[1].startswith("State |")


def test_a_plain_listing_puts_one_image_under_one_heading() -> None:
    tasks = (qwen(0), FAILED, qwen(1, "disk full"))
    assert lines(render_answer(Listing(NOW, Filter(), tasks, 3), STYLE, plain=True)) == [
        "3 tasks are listed",
        "qwen:7b on 2 clusters: 1 failed, 1 ready",
        "• ready · c0 (cn-0) · ended 29 s ago after 6 s · 6.76 GB · q0",
        "• failed · c1 (cn-1) · ended 29 s ago after 6 s · 6.76 GB · q1 · disk full",
        (f"• failed · {IMAGE} · v2测试(cn-dev-1) · ended 29 s ago after 6 s · 6.76 GB · f1 · no space left on device"),
        "As of 12 s ago.",
    ]


# ---- pages of the plain form ----------------------------------------------------------------------------------------

WANTED = Filter(frozenset({"Failed"}), "cn-dev-1", ("py torch",))
PAGES = [
    pytest.param(0, "Page 1 of 7.", ["ask.page.2"], [1], id="the first page leads on"),
    pytest.param(3, "Page 4 of 7.", ["ask.page.3", "ask.page.5"], [2, 4], id="a page in the middle leads both ways"),
    pytest.param(6, "Page 7 of 7.", ["ask.page.6"], [5], id="the last page leads back"),
    pytest.param(99, "Page 7 of 7.", ["ask.page.6"], [5], id="a page beyond a list that has shrunk is the last"),
    pytest.param(-1, "Page 1 of 7.", ["ask.page.2"], [1], id="there is no page before the first"),
]


@pytest.mark.parametrize(("page", "where", "actions", "leads_to"), PAGES)
def test_the_pages_of_a_plain_listing(page: int, where: str, actions: list[str], leads_to: list[int]) -> None:
    many = tuple(task(id=f"task-{n:02}") for n in range(66))
    message = render_answer(Listing(NOW, WANTED, many, 66, page), STYLE, plain=True)
    assert where in lines(message)
    buttons = next(block["elements"] for block in message.blocks if block["type"] == "actions")
    assert [button["action_id"] for button in buttons] == actions
    assert [asked(button) for button in buttons] == [ListTasks(WANTED, other) for other in leads_to]


def test_the_pages_together_show_every_task_once() -> None:
    many = tuple(task(id=f"task-{n:02}", image_url=f"r.example/{n % 9}:1", cluster_id=f"cn-{n}") for n in range(66))
    pages = [read(render_answer(Listing(NOW, Filter(), many, 66, n), STYLE, plain=True)) for n in range(7)]
    assert [page.count("task-") for page in pages] == [PAGE] * 6 + [6]
    assert all(sum(each.id in page for page in pages) == 1 for each in many)


def test_a_page_button_says_where_it_leads() -> None:
    many = tuple(task(id=f"task-{n:02}") for n in range(11))
    message = render_answer(Listing(NOW, Filter(), many, 11), STYLE, plain=True)
    button = next(block["elements"][0] for block in message.blocks if block["type"] == "actions")
    assert button["accessibility_label"] == "Next page: Page 2 of 2."


# ---- nothing --------------------------------------------------------------------------------------------------------


def test_an_empty_result_says_what_was_searched_and_how_to_widen_it() -> None:
    wanted = Filter(frozenset({"Failed"}), "cn-9", ("a b",))
    assert lines(render_answer(Listing(NOW, wanted, (), 3), STYLE)) == [
        "No task matches failed, cluster cn-9, “a b”",
        "I looked at all 3 listed tasks: names, addresses, notes, clusters and IDs.",
        "To widen the search, leave out the state or the cluster or a word; /prewarm list shows all.",
        "As of 12 s ago.",
    ]


def test_an_empty_result_of_one_condition_names_only_that() -> None:
    seen = lines(render_answer(Listing(NOW, Filter(words=("x",)), (), 1), STYLE))
    assert seen[1:3] == [
        "I looked at the 1 listed task: its name, address, note, cluster and ID.",
        "To widen the search, leave out a word; /prewarm list shows all.",
    ]


def test_an_empty_list_needs_no_widening() -> None:
    for wanted in (Filter(), Filter(words=("x",))):
        assert lines(render_answer(Listing(NOW, wanted, (), 0), STYLE))[0] == "No prewarm tasks are listed"
