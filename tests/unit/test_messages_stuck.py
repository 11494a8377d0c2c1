"""Tasks that hang, as people read it: how long already, what it may mean, what to do."""

from bot.domain.fact import Stuck
from tests.unit.messages_reading import read, task, told

AT = 1756363885.0


def test_a_stuck_task_says_since_when_what_it_may_mean_and_what_to_do() -> None:
    fact = Stuck(task(state="Pending", complete_time="", image_size="", reason=()), AT, AT - 2_520)
    assert read(told(fact)).startswith("⏳ Pending for 42 min: pytorch:v2 on v2测试(cn-dev-1)\n")
    assert "Task: fexahnwdp4l1ajva" in read(told(fact))


def test_several_are_one_message() -> None:
    facts = [Stuck(task(id=f"id{n}", state="Running"), AT, AT - 2_520) for n in range(3)]
    assert read(told(*facts)).startswith("⏳ 3 prewarm tasks are stuck\n• Running for 42 min: pytorch:v2")


def test_fixed_words_for_what_hangs() -> None:
    assert read(told(Stuck(task(), AT, AT), rung=3)).splitlines() == [
        "Prewarm tasks are stuck",
        "stuck: fexahnwdp4l1ajva",
    ]
