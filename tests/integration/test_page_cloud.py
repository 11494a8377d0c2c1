"""The panel's addresses: what a visitor sees of both servers, and what a visitor does to them."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.state import CloudState
from bot.demo.page.cloud_tasks import MOST_TASKS, REASONS
from bot.demo.visitors import CHANNEL
from tests.integration.panel_page import PanelPage, panel_page

NOBODY = "nosuchtask"


@pytest.fixture
def page() -> Iterator[PanelPage]:
    with panel_page() as page:
        yield page


def state(page: PanelPage) -> Any:
    return page.http.get("/cloud/state").json()


def tell(page: PanelPage, text: str, key: str) -> None:
    """Let the bot post a notification."""
    workspace = page.slack.workspace
    section = {"type": "section", "block_id": key, "text": {"type": "plain_text", "text": text}}
    workspace.store(CHANNEL, workspace.identity.bot_user, text, blocks=(section,), by_bot=True)


# -- the state


def test_tasks_are_listed_newest_first_with_what_people_ask_about(page: PanelPage) -> None:
    now = page.cloud.cloud.clock()
    page.cloud.cloud.add("a/old:1", "hk-1", created=now - 90, state="Running")
    page.cloud.cloud.add("a/new:2", "sg-1", note="夜间", created=now - 60, state="Failed", reasons=["x", "y"])
    newer, older = state(page)["tasks"]
    assert newer | {"id": ""} == {
        "id": "", "image": "a/new:2", "cluster": "Singapore (sg-1)", "state": "Failed", "active": False,
        "hanging": False, "age": newer["age"], "reasons": ["x", "y"], "note": "夜间", "told": 0,
    }  # fmt: skip
    assert (newer["age"], older["age"]) == (pytest.approx(60, abs=2), pytest.approx(90, abs=2))
    assert (older["active"], older["told"]) == (True, None)


def test_rows_that_are_odd_do_not_break_the_state(page: PanelPage) -> None:
    page.cloud.cloud.put_raw("not a row")
    page.cloud.cloud.put({"id": "bare"})
    assert [task["id"] for task in state(page)["tasks"]] == ["bare"]


def test_an_ending_waits_until_a_message_names_it_and_a_repeated_message_is_counted(page: PanelPage) -> None:
    first, second = (page.cloud.cloud.add(state="Succeeded") for _ in range(2))
    assert state(page)["promise"] == {"told": 0, "waiting": 2, "repeated": 0}
    tell(page, f"Ready: {first}", "K:1")
    assert state(page)["promise"] == {"told": 1, "waiting": 1, "repeated": 0}
    tell(page, f"Ready: {second}", "K:2")
    tell(page, f"Ready: {second}", "K:2")
    assert state(page)["promise"] == {"told": 2, "waiting": 0, "repeated": 1}
    assert {task["id"]: task["told"] for task in state(page)["tasks"]} == {first: 1, second: 2}


def test_what_had_ended_before_the_page_began_waits_for_nothing(page: PanelPage) -> None:
    page.cloud.cloud.add(state="Succeeded", completed=page.cloud.cloud.clock() - 60)
    assert state(page)["promise"] == {"told": 0, "waiting": 0, "repeated": 0}
    assert state(page)["tasks"][0]["told"] is None


def test_slack_is_shown_with_who_is_in_the_channel_and_what_became_of_posts(page: PanelPage) -> None:
    assert state(page)["slack"] == {
        "up": True, "connections": 0, "members": ["ada", "lin", "prewarm"], "archived": False,
        "posts": {"taken": 0, "unanswered": 0, "refused": 0, "refused_429": 0},
    }  # fmt: skip
    for fault in ("slack_429", "slack_drops_after", "slack_500"):
        page.post("faults", name=fault, on=True)
        post(page)
    page.post("faults", name="all", on=False)
    post(page)
    assert state(page)["slack"]["posts"] == {"taken": 2, "unanswered": 1, "refused": 2, "refused_429": 1}


def post(page: PanelPage) -> None:
    identity = page.slack.workspace.identity
    body = {"channel": CHANNEL, "text": "x", "token": identity.token}
    try:
        httpx.post(f"{page.slack.api_url}chat.postMessage", data=body, timeout=5, trust_env=False)
    except httpx.TransportError:
        return


def test_the_catalogue_has_words_for_every_switch_reason_and_cluster(page: PanelPage) -> None:
    said = page.http.get("/cloud/catalogue").json()
    assert [fault["name"] for fault in said["faults"]] == [fault["name"] for fault in state(page)["faults"]]
    assert all(fault["title"] and fault["group"] for fault in said["faults"])
    assert all(fault["says"] for fault in said["faults"] if fault["headline"])
    assert [reason["name"] for reason in said["reasons"]] == list(REASONS)
    assert {"id": "hk-1", "name": "香港(hk-1)"} in said["clusters"]


# -- events


def test_events_bring_the_state_at_once_and_again_when_it_has_changed(page: PanelPage) -> None:
    with page.http.stream("GET", "/cloud/events") as stream:
        lines = (line for line in stream.iter_lines() if line)
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert json.loads(next(lines).removeprefix("data: "))["tasks"] == []
        page.cloud.cloud.add("a/b:1")
        assert [task["image"] for task in json.loads(next(lines).removeprefix("data: "))["tasks"]] == ["a/b:1"]
        page.post("faults", name="api_slow", on=True)
        event = json.loads(next(lines).removeprefix("data: "))
        assert [fault["name"] for fault in event["faults"] if fault["on"]] == ["api_slow"]
        page.cloud.cloud.hold(event["tasks"][0]["id"])
        assert [task["hanging"] for task in json.loads(next(lines).removeprefix("data: "))["tasks"]] == [True]


def test_many_changes_at_once_come_as_few_events(page: PanelPage) -> None:
    with page.http.stream("GET", "/cloud/events") as stream:
        lines = (line for line in stream.iter_lines() if line)
        next(lines)
        for _ in range(200):
            page.cloud.cloud.add()
        events = 0
        for line in lines:
            events += 1
            if len(json.loads(line.removeprefix("data: "))["tasks"]) == 200:
                break
        assert events <= 4


# -- acts on tasks


def test_a_task_is_added_with_one_click(page: PanelPage) -> None:
    status, said = page.post("tasks")
    (task,) = state(page)["tasks"]
    assert (status, task["state"]) == (200, "Pending")
    assert said.startswith("Added ")


def test_a_task_is_added_as_it_was_described(page: PanelPage) -> None:
    product = "4090.18c.60g.18c60g"
    page.post("tasks", image="<b>a</b>/x:1", cluster="hk-1", note="mine", products=[product])
    (row,) = page.cloud.cloud.rows()
    assert (row["imageUrl"], row["clusterId"], row["note"]) == ("<b>a</b>/x:1", "hk-1", "mine")
    assert [each["productId"] for each in row["products"]] == [product]


def test_empty_fields_of_a_form_are_made_up(page: PanelPage) -> None:
    assert page.post("tasks", image="", cluster="", note="", products=[])[0] == 200
    assert page.cloud.cloud.rows()[0]["imageUrl"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_task_fails_for_the_reason_that_was_chosen(page: PanelPage, reason: str) -> None:
    task_id = page.cloud.cloud.add("a/b:1")
    status, said = page.post(f"tasks/{task_id}/end", outcome="failed", reason=reason)
    (task,) = state(page)["tasks"]
    assert (status, task["state"]) == (200, "Failed")
    assert task["reasons"] == [words.replace("{image}", "a/b:1") for words in REASONS[reason].words]
    assert REASONS[reason].title.lower() in said


def test_a_task_succeeds_with_a_size(page: PanelPage) -> None:
    task_id = page.cloud.cloud.add()
    assert page.post(f"tasks/{task_id}/end", outcome="succeeded")[0] == 200
    (row,) = page.cloud.cloud.rows()
    assert (row["state"], int(row["imageSize"]) > 0, bool(row["completeTime"])) == ("Succeeded", True, True)


def test_a_task_hangs_whatever_the_story_has_in_store_for_it_and_can_still_be_ended(page: PanelPage) -> None:
    task_id = page.cloud.cloud.add()
    runner = ScenarioRunner(page.cloud.cloud, stories=[])
    page.post(f"tasks/{task_id}/hang")
    for second in range(120):
        runner.advance(second)
    hanging = next(task for task in state(page)["tasks"] if task["id"] == task_id)
    assert (hanging["state"], hanging["hanging"]) == ("Pending", True)
    assert page.post(f"tasks/{task_id}/end", outcome="succeeded")[0] == 200
    assert not any(task["hanging"] for task in state(page)["tasks"] if task["id"] == task_id)


def test_a_deleted_task_is_gone(page: PanelPage) -> None:
    task_id = page.cloud.cloud.add()
    assert page.post(f"tasks/{task_id}/delete")[0] == 200
    assert state(page)["tasks"] == []


def test_a_burst_runs_and_then_ends_together(page: PanelPage) -> None:
    cloud = page.cloud.cloud
    assert page.post("burst", n=30)[0] == 200
    assert {row["state"] for row in cloud.rows()} == {"Running"}
    assert cloud.wait_for(lambda: all(row["completeTime"] for row in cloud.rows()), 10)
    assert len({row["completeTime"] for row in cloud.rows()}) <= 2
    assert {row["state"] for row in cloud.rows()} <= {"Succeeded", "Failed"}


def test_what_a_visitor_did_to_a_task_of_a_burst_stays(page: PanelPage) -> None:
    cloud = page.cloud.cloud
    page.post("burst", n=2)
    first, second = (row["id"] for row in cloud.rows())
    page.post(f"tasks/{first}/delete")
    assert cloud.wait_for(lambda: bool((cloud.row(second) or {}).get("completeTime")), 10)
    assert cloud.row(first) is None


# -- the story


def test_the_story_is_paused_and_goes_on() -> None:
    runner = ScenarioRunner(CloudState(keys=[]))
    with panel_page(runner) as page:
        assert state(page)["scenario"] == "running"
        assert page.post("scenario", running=False)[0] == 200
        assert (state(page)["scenario"], runner.paused) == ("paused", True)
        page.post("scenario", running=True)
        assert (state(page)["scenario"], runner.paused) == ("running", False)


# -- refusals

REFUSED = [
    ("tasks", {"cluster": "mars-1"}, 400, "cluster"),
    ("tasks", {"cluster": ["hk-1"]}, 400, "cluster"),
    ("tasks", {"image": 5}, 400, "image"),
    ("tasks", {"image": "x" * 501}, 400, "image"),
    ("tasks", {"note": "x" * 101}, 400, "note"),
    ("tasks", {"products": ["teapot"]}, 400, "products"),
    ("tasks", {"products": "teapot"}, 400, "products"),
    (f"tasks/{NOBODY}/end", {"outcome": "succeeded"}, 404, NOBODY),
    (f"tasks/{NOBODY}/hang", {}, 404, NOBODY),
    (f"tasks/{NOBODY}/delete", {}, 404, NOBODY),
    ("tasks/{id}/end", {}, 400, "outcome"),
    ("tasks/{id}/end", {"outcome": "exploded"}, 400, "outcome"),
    ("tasks/{id}/end", {"outcome": "failed", "reason": "boredom"}, 400, "reason"),
    ("tasks/{id}/end", {"outcome": "failed", "reason": {}}, 400, "reason"),
    ("tasks/{ended}/end", {"outcome": "succeeded"}, 409, "already ended"),
    ("tasks/{ended}/hang", {}, 409, "already ended"),
    ("burst", {}, 400, "n must be"),
    ("burst", {"n": 0}, 400, "n must be"),
    ("burst", {"n": 101}, 400, "n must be"),
    ("burst", {"n": True}, 400, "n must be"),
    ("scenario", {}, 400, "running"),
    ("scenario", {"running": True}, 409, "No story"),
    ("faults", {"name": "api_down"}, 400, "true or false"),
    ("faults", {"name": 7, "on": True}, 400, "true or false"),
    ("faults", {"name": "all", "on": True}, 400, "all with false"),
    ("faults", {"name": "bad_weather", "on": True}, 404, "bad_weather"),
]


@pytest.mark.parametrize(("path", "body", "status", "words"), REFUSED)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    page: PanelPage, path: str, body: dict[str, object], status: int, words: str
) -> None:
    cloud = page.cloud.cloud
    path = path.format(id=cloud.add(), ended=cloud.add(state="Failed"))
    before = cloud.rows()
    answered, said = page.post(path, **body)
    assert (answered, said[-1]) == (status, ".")
    assert words in said
    assert cloud.rows() == before


@pytest.mark.parametrize("body", [b"not json", b"[1]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(page: PanelPage, body: bytes) -> None:
    answer = page.http.post("/cloud/tasks", content=body)
    assert (answer.status_code, answer.json()) == (400, {"error": "Nothing was done: body must be a JSON object."})


def test_a_full_list_takes_no_more(page: PanelPage) -> None:
    for _ in range(MOST_TASKS - 1):
        page.cloud.cloud.add()
    assert page.post("burst", n=2)[0] == 409
    assert page.post("tasks")[0] == 200
    assert page.post("tasks")[0] == 409
    assert len(page.cloud.cloud.rows()) == MOST_TASKS


# -- switches


def test_the_page_goes_on_while_a_switch_takes_its_time(page: PanelPage) -> None:
    entered, slow = threading.Event(), threading.Event()

    def dawdle() -> None:
        entered.set()
        slow.wait(30)

    page.cloud.faults.listen(dawdle)
    turning = threading.Thread(target=page.post, args=("faults",), kwargs={"name": "api_slow", "on": True})
    turning.start()
    try:
        assert entered.wait(10)
        assert state(page)["scenario"] == "none"
        assert turning.is_alive()
    finally:
        slow.set()
        turning.join(10)


def test_all_are_off_with_one_click_and_the_answer_names_them(page: PanelPage) -> None:
    for name in ("slack_down", "api_down", "bot_removed", "slack.clock_ahead"):
        assert page.post("faults", name=name, on=True)[0] == 200
    assert [fault["name"] for fault in state(page)["faults"] if fault["on"]] == [
        "api_down", "slack_down", "bot_removed", "slack.clock_ahead",
    ]  # fmt: skip
    assert not state(page)["slack"]["up"]
    said = page.post("faults", name="all", on=False)[1]
    assert said.startswith("Off: Prewarm API down; Slack down; Bot removed from #prewarm; ")
    assert not any(fault["on"] for fault in state(page)["faults"])
    assert page.post("faults", name="all", on=False) == (200, "No fault was on.")


def test_posts_meet_one_fault_at_a_time_and_the_answer_says_which_one_went_off(page: PanelPage) -> None:
    page.post("faults", name="slack_429", on=True)
    assert page.post("faults", name="slack_500", on=True)[1] == (
        "Slack answers 500: on. It takes the place of: Slack answers 429."
    )
    assert [fault["name"] for fault in state(page)["faults"] if fault["on"]] == ["slack_500"]
    page.post("faults", name="slack_429", on=False)
    assert [fault["name"] for fault in state(page)["faults"] if fault["on"]] == ["slack_500"]


def test_a_switch_may_be_turned_twice(page: PanelPage) -> None:
    for on in (True, True, False, False):
        for name in ("slack_down", "bot_removed", "channel_archived", "socket_cut"):
            assert page.post("faults", name=name, on=on)[0] == 200
    assert state(page)["slack"]["up"]
    assert "prewarm" in state(page)["slack"]["members"]
