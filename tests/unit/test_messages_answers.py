"""What people are answered, whole: what was found, how old it is, and how to go on when nothing was."""

from bot.domain.answer import AsOf, Candidates, Detail, Listing, Overview, Unknown
from bot.domain.fact import Kind
from bot.domain.filter import Filter
from bot.domain.task import Task
from bot.messages.answers import render_answer
from bot.messages.payload import Payload
from tests.unit.messages_reading import STYLE, VENDOR, ended, read, task

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


def test_a_listing_is_a_table_that_slack_sorts() -> None:
    message = render_answer(Listing(NOW, Filter(), (RUNNING, FAILED), 2), STYLE)
    assert lines(message) == [
        "2 tasks are listed",
        "State | Image | Cluster | Time | Size | ID",
        f"running | {IMAGE} | v2测试(cn-dev-1) | created 35 s ago | - | run1",
        f"failed | {IMAGE} | v2测试(cn-dev-1) | ended 29 s ago after 6 s | 6.76 GB | f1",
        "As of 12 s ago.",
    ]
    assert message.blocks[1]["caption"] == "2 tasks are listed"
    assert message.blocks[1]["page_size"] == 2
    assert message.blocks[1]["row_header_column_index"] == 1


def test_a_plain_listing_is_the_same_in_lines() -> None:
    message = render_answer(Listing(NOW, Filter(), (RUNNING, FAILED), 2), STYLE, plain=True)
    assert {block["type"] for block in message.blocks} == {"section"}
    assert lines(message) == [
        "2 tasks are listed",
        f"• running · {IMAGE} · v2测试(cn-dev-1) · created 35 s ago · run1",
        f"• failed · {IMAGE} · v2测试(cn-dev-1) · ended 29 s ago after 6 s · 6.76 GB · f1",
        "As of 12 s ago.",
    ]


def test_a_listing_says_what_was_searched() -> None:
    wanted = Filter(frozenset({"Failed", "Running"}), "cn-dev-1", ("pytorch",))
    seen = lines(render_answer(Listing(NOW, wanted, (RUNNING, FAILED), 40), STYLE))
    assert seen[0] == "2 of 40 tasks match running or failed, cluster cn-dev-1, “pytorch”"


def test_a_long_listing_is_cut_and_says_how_to_narrow_it() -> None:
    many = tuple(task(id=f"task-{n}") for n in range(400))
    for plain in (False, True):
        message = render_answer(Listing(NOW, Filter(), many, 400), STYLE, plain=plain)
        shown = read(message).count("task-")
        assert 50 <= shown <= 100
        assert f"and {400 - shown} more: narrow it with /prewarm list failed cluster:ID words" in lines(message)


def test_an_old_answer_says_why_it_is_old() -> None:
    message = render_answer(Listing(STALE, Filter(), (FAILED,), 1), STYLE)
    assert lines(message)[:2] == [
        "1 task is listed",
        "The list could not be read just now: HTTP 502. This is what I remember.",
    ]
    assert lines(message)[-1] == "I have not read the list since I started."
    assert "HTTP 502. This is what I remember. I have not read the list since I started." in message.text


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


def test_one_task_is_shown_with_every_field() -> None:
    whole = task(note="周五", repository_auth="cred-1", state="Failed", reason=("full",))
    message = render_answer(Detail(NOW, whole, gone=1756361390.0), STYLE)
    assert lines(message) == [
        "Failed: pytorch:v2 on v2测试(cn-dev-1)",
        "It is no longer listed: missed at 2025-08-28 06:09 UTC.",
        "Why: full",
        f"Image: {IMAGE}",
        "Cluster: v2测试(cn-dev-1)",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        (
            "Size: 6.76 GB · Created: 2025-08-28 06:09 UTC (35 s ago) · Ended: 2025-08-28 06:09 UTC · Took: 6 s · "
            "Registry credential: set"
        ),
        "Note: 周五",
        "Task: fexahnwdp4l1ajva",
        "[Open console]",
        "As of 12 s ago.",
    ]
    assert "cred-1" not in message.text
    assert message.text == ("Failed: pytorch:v2 on v2测试(cn-dev-1). Why: full. Task fexahnwdp4l1ajva. As of 12 s ago.")


def test_a_task_of_which_hardly_anything_is_known() -> None:
    bare = Task(id="t1", state="Pending")
    assert lines(render_answer(Detail(NOW, bare), STYLE)) == [
        "Pending: t1",
        "Image: t1",
        "Products: the whole cluster",
        "Task: t1",
        "[Open console]",
        "As of 12 s ago.",
    ]


def test_a_task_of_an_unknown_state_is_shown_verbatim() -> None:
    seen = lines(render_answer(Detail(NOW, task(state="evicted", create_time="", complete_time="")), STYLE))
    assert seen[0] == "evicted: pytorch:v2 on v2测试(cn-dev-1)"
    assert "Vendor's words: image pulled successfully" in seen


def test_an_ambiguous_id_lists_its_candidates() -> None:
    message = render_answer(Candidates(NOW, "f", (FAILED, VENDOR), 12), STYLE)
    assert lines(message) == [
        "12 tasks begin with f",
        f"• failed {IMAGE} on v2测试(cn-dev-1) · ended 2025-08-28 06:09 UTC after 6 s · f1",
        f"• ready {IMAGE} on v2测试(cn-dev-1) · ended 2025-08-28 06:09 UTC after 6 s · fexahnwdp4l1ajva",
        "and 10 more",
        "Type more of the ID: /prewarm show ID",
        "As of 12 s ago.",
    ]


def test_all_candidates_need_no_count() -> None:
    seen = lines(
        render_answer(Candidates(NOW, "f", (FAILED, task(id="f2", state="Pending", create_time="")), 2), STYLE)
    )
    assert seen[2:4] == [
        f"• pending {IMAGE} on v2测试(cn-dev-1) · f2",
        "Type more of the ID: /prewarm show ID",
    ]


def test_an_unknown_id_says_where_else_to_look() -> None:
    assert lines(render_answer(Unknown(NOW, "zz", 3), STYLE)) == [
        "No task begins with zz",
        "I know 3 tasks. /prewarm list zz searches names, notes and clusters too.",
        "As of 12 s ago.",
    ]


def test_an_answer_is_no_promise_and_carries_no_key() -> None:
    message = render_answer(Overview(NOW, {}, (), ()), STYLE)
    assert "block_id" not in message.blocks[0]
