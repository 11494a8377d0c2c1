"""Watches of a person: of one task once, or of all that match, told in direct messages, from wherever they ask."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADA, ADAS, LIN, LINS

QWEN = "registry.example.com/llm/qwen:7b"
WHY = "manifest unknown"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def watches(desk: Desk, user: str = ADA) -> str:
    return desk.asked("subscriptions", user, ADAS if user == ADA else LINS)


def test_a_task_is_watched_once_across_a_restart_and_told_by_direct_message(desk: Desk) -> None:
    task = desk.begin()
    assert f"I tell you in a direct message when task {task} ends" in desk.asked(f"watch {task[:7]}")
    direct = desk.workspace.wait_reply(desk.workspace.direct_message(ADA, f"watch {task}"))
    assert f"I watch task {task} for you already" in desk.read(direct)
    desk.start_again()
    desk.end(task, WHY)
    assert WHY in desk.read(desk.wait_said("❌", ADAS))
    assert "You watch nothing" in watches(desk), "it was made for this one ending"
    desk.cloud.run(task)
    desk.wait_polled(3)
    desk.end(task)
    desk.workspace.wait_for(lambda: desk.told()[task] == 2, 20, "its second ending")
    assert sum("✅" in text for text in desk.said(ADAS)) == 0


def test_watching_a_task_that_has_ended_tells_how_at_once(desk: Desk) -> None:
    task = desk.end(None, WHY)
    desk.wait_told(task)
    answer = desk.asked(f"watch {task}")
    assert ("It has ended already" in answer, WHY in answer) == (True, True)
    assert "You watch nothing" in watches(desk)


@pytest.mark.slow
def test_words_are_watched_each_time_until_unwatch(desk: Desk) -> None:
    assert "every task that fails, “qwen”" in desk.asked("watch failed qwen")
    assert "every task that ends, “qwen”" in desk.asked("watch qwen", LIN)
    first = desk.end(desk.cloud.add(QWEN), WHY)
    good = desk.end(desk.cloud.add(QWEN))
    desk.wait_told(first, channel=ADAS)
    desk.wait_told(first, good, channel=LINS)
    task = desk.begin(QWEN)
    desk.ask(f"watch {task}")
    assert "Which watch shall end?" in desk.asked("unwatch"), "there are two of them"
    desk.end(task, WHY)
    desk.wait_told(task, channel=ADAS)
    desk.ask("watch sentinel")
    desk.wait_told(desk.end(desk.cloud.add("registry.example.com/sentinel:1")), channel=ADAS)
    told = desk.told(ADAS)
    assert (told[first], told[good], told[task]) == (1, 0, 1), "two watches match, one message tells"
    assert "I no longer tell you of" in desk.asked("unwatch failed qwen")
    assert "You have no watch" in desk.asked("unwatch 99", LIN)
    assert "I no longer tell you of" in desk.asked("unwatch", LIN)
    desk.wait_told(task, channel=LINS)
    last = desk.end(desk.cloud.add(QWEN), WHY)
    desk.wait_told(last)
    assert desk.told(ADAS)[last] == desk.told(LINS)[last] == 0


def test_a_shortened_id_of_several_tasks_is_asked_about_with_buttons(desk: Desk) -> None:
    tasks = [desk.begin(task_id=f"same{letter * 12}", state="Pending") for letter in "ab"]
    candidates = desk.ask("watch same")
    assert "2 tasks begin with same" in desk.read(candidates)
    answer = desk.press(candidates, "Watch", row=1)
    chosen = next(task for task in tasks if task in desk.read(answer))
    assert "I tell you in a direct message when" in desk.read(answer)
    direct = desk.workspace.wait_reply(desk.workspace.direct_message(LIN, "show same"))
    button = desk.pressed(direct, "Show", LIN, row=0)
    button.wait_acked()
    desk.wait_reads(direct, "Pending")
    desk.end(chosen)
    desk.wait_told(chosen, channel=ADAS)
    assert "No task begins with zzzz" in desk.asked("show zzzz9")
