"""Buttons: each carries its command, so it works after a restart and for a list that has changed."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, buttons, desk_open
from tests.acceptance.stage import ADA, ADAS, CHANNEL, LIN

WHY = "manifest unknown"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def test_a_task_is_shown_whole_refreshed_and_watched_by_buttons_also_after_a_restart(desk: Desk) -> None:
    task = desk.begin("registry.example.com/ml/web:1", "cn-east-2", note="for the demo", size=5_000_000)
    shown = desk.ask(f"show {task}")
    fields = ("Running for", "web:1", "华东二区(cn-east-2)", "for the demo", "5.00 MB", task, "As of")
    assert [field for field in fields if field not in desk.read(shown)] == []
    assert [each["text"]["text"] for each in buttons(shown)] == ["Refresh", "Watch", "Was it told?", "Open console"]
    assert "I tell you in a direct message" in desk.read(desk.press(shown, "Watch"))
    again = desk.ask(f"show {task}")
    assert "Unwatch" in [each["text"]["text"] for each in buttons(again)]
    desk.start_again()
    assert "I no longer tell you of" in desk.read(desk.press(again, "Unwatch"))
    third = desk.ask(f"show {task}")
    desk.end(task, WHY)
    desk.wait_told(task)
    refreshed = desk.press(third, "Refresh")
    assert (refreshed.ts, WHY in desk.read(refreshed)) == (third.ts, True), "in the place of the old one"


def test_in_an_answer_that_all_read_showing_takes_its_place_and_acts_are_whispered(desk: Desk) -> None:
    task = desk.begin()
    answer = desk.workspace.wait_reply(desk.workspace.mention(ADA, CHANNEL, f"show {task}"))
    desk.pressed(answer, "Watch", LIN).wait_acked()
    assert task in desk.read(desk.wait_whispered("I tell you in a direct message", LIN))
    desk.pressed(answer, "Watch", ADA).wait_acked()
    desk.wait_whispered("I tell you in a direct message", ADA)
    desk.cloud.fail(task, WHY)
    desk.wait_told(task)
    desk.pressed(answer, "Refresh", LIN).wait_acked()
    desk.wait_reads(answer, WHY)
    desk.wait_told(task, channel=ADAS)
    direct = desk.workspace.wait_reply(desk.workspace.direct_message(ADA, f"show {task}"))
    desk.pressed(direct, "Was it told?").wait_acked()
    desk.wait_reads(direct, "see the message")


@pytest.mark.slow
def test_a_list_is_a_table_and_pages_of_lines_where_that_is_refused(desk: Desk) -> None:
    images = [f"registry.example.com/many/model:{number}" for number in range(25)]
    tasks = [desk.cloud.add(image, created=1_757_656_000) for image in images]
    desk.wait_polled()
    table = desk.ask("list pending many")
    assert [block["type"] for block in table.blocks].count("data_table") == 1
    desk.workspace.faults.refuses_data_table = True
    page = desk.ask("list pending many")
    assert ("25 of" in desk.read(page), "Page 1 of 3" in desk.read(page)) == (True, True)
    desk.start_again()
    second = desk.read(desk.press(page, "Next page"))
    assert ("Page 2 of 3" in second, sum(task in second for task in tasks)) == (True, 10)
    for task in tasks[:14]:
        desk.cloud.run(task)
    desk.wait_polled()
    last = desk.read(desk.press(page, "Next page"))
    assert ("11 of" in last, "Page 2 of 2" in last) == (True, True), "the list is shorter by now"
    assert "Page 1 of 2" in desk.read(desk.press(page, "Previous page"))
    mention = desk.workspace.wait_reply(desk.workspace.mention(LIN, CHANNEL, "list pending many"))
    desk.pressed(mention, "Next page", ADA).wait_acked()
    desk.wait_reads(mention, "Page 2 of 2")
    desk.workspace.faults.refuses_data_table = False


def test_one_image_on_several_clusters_is_one_story(desk: Desk) -> None:
    image = "registry.example.com/wide/serve:3"
    for cluster in ("cn-east-2", "hk-1", "sg-1"):
        desk.cloud.add(image, cluster, state="Running")
    desk.end(desk.cloud.add(image, "cn-north-1"), "no space left on device")
    desk.wait_polled()
    listed = desk.asked("list wide")
    assert ("serve:3 on 4 clusters: " in listed, "no space left on device" in listed) == (True, True)
    nothing = desk.asked("list pending cluster:hk-1 zebra")
    assert ("No task matches" in nothing, "To widen the search, leave out" in nothing) == (True, True)
