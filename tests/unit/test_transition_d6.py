"""Rule D6: when a task that is not listed any more is gone, and whether that is told."""

import pytest

from bot.domain.sweep import Sweep
from bot.domain.task import Task
from tests.unit.detection_schedule import CREATED, Schedule, changed, miscounted, partial, row, whole

RUNNING, FAILED = row("t", "Running"), row("t", "Failed", 9)
OTHER = row("u", "Running")
LEFT = whole(OTHER)
GONE = ["t gone: VANISHED"]


def skipping(*tasks: Task, skipped: str = "", nameless: int = 0, by: int = 0) -> Sweep:
    """Return a good sweep that had to skip rows."""
    ids = frozenset(skipped.split())
    return Sweep({each.id: each for each in tasks}, len(tasks) + len(ids) + by, skipped=ids, nameless=nameless)


# Each sweep comes with the seconds since the one before.
ABSENCES = [
    pytest.param([(30, LEFT)], [], id="one complete sweep without it is not enough"),
    pytest.param([(15, LEFT), (15, LEFT)], GONE, id="two of them, 30 s after it was last listed, are"),
    pytest.param([(10, LEFT), (10, LEFT)], [], id="two of them within 30 s are not"),
    pytest.param([(10, LEFT), (10, LEFT), (10, LEFT)], GONE, id="then the next one is"),
    pytest.param(
        [(30, LEFT), (30, partial(OTHER)), (30, LEFT)], GONE, id="a partial one between does not break the row"
    ),
    pytest.param([(30, LEFT), (30, partial()), (30, partial())], [], id="partial ones do not count"),
    pytest.param(
        [(10, LEFT), (10, LEFT), (30, partial(OTHER))], [], id="after two that do, a partial one does not say it either"
    ),
    pytest.param(
        [(30, Sweep({"u": OTHER}, 1, trouble="HTTP 500"))] * 9, [], id="nor if their total is right by chance"
    ),
    pytest.param([(30, LEFT), (30, partial(RUNNING)), (30, LEFT)], [], id="being listed in a partial one does"),
    pytest.param([(30, LEFT), (30, whole(RUNNING)), (30, LEFT)], [], id="being listed breaks the row"),
    pytest.param([(30, miscounted(OTHER))] * 5, [], id="a wrong total does not count for five times"),
    pytest.param([(30, miscounted(OTHER))] * 6, GONE, id="wrong by the same amount, the fifth and the sixth do"),
    pytest.param([(30, miscounted(OTHER, by=-1))] * 6, GONE, id="too small by the same amount, too"),
    pytest.param(
        [(30, miscounted(OTHER, by=n)) for n in (1, 2, 1, 2, 1, 2, 1, 2)], [], id="another amount begins anew"
    ),
    pytest.param(
        [*[(30, miscounted(OTHER))] * 4, (30, partial(OTHER)), *[(30, miscounted(OTHER))] * 5],
        [],
        id="running means without a bad one between",
    ),
    pytest.param(
        [*[(30, miscounted(OTHER))] * 4, (30, LEFT), *[(30, miscounted(OTHER))] * 4],
        [],
        id="and without a right one between",
    ),
    pytest.param([(30, Sweep({"u": OTHER}, None))] * 9, [], id="without a total nothing is proved"),
    pytest.param([(30, Sweep({"u": OTHER}, 1, steady=False))] * 9, [], id="nor by a total that changes between pages"),
    pytest.param([(30, skipping(OTHER, skipped="x"))] * 2, GONE, id="a skipped row with another ID does no harm"),
    pytest.param([(30, skipping(OTHER, skipped="t"))] * 9, [], id="a skipped row with its ID is a listed task"),
    pytest.param([(30, skipping(OTHER, nameless=1))] * 9, [], id="a row without an ID may be the task"),
    pytest.param([(30, skipping(OTHER, nameless=1, by=1))] * 9, [], id="also when the total has it"),
    pytest.param(
        [(30, skipping(OTHER, skipped="t")), (29, LEFT), (0, LEFT)], [], id="30 s count from the skipped row, too"
    ),
    pytest.param([(30, whole())] * 9, [], id="an empty list nine times is not enough"),
    pytest.param([(30, whole())] * 10, GONE, id="ten times is"),
    pytest.param([(15, whole())] * 10, GONE, id="also if it was last listed 150 s ago"),
    pytest.param([*[(15, whole())] * 9, (14, whole())], [], id="149 s ago is not long enough"),
    pytest.param([*[(15, whole())] * 9, (14, whole()), (1, whole())], GONE, id="then the next one is"),
    pytest.param(
        [(30, whole()), (30, whole()), (30, whole(RUNNING)), *[(30, whole())] * 9], [], id="unless it is back"
    ),
    pytest.param([(30, skipping(skipped="x"))] * 2, GONE, id="a list of skipped rows is not empty"),
]


@pytest.mark.parametrize(("sweeps", "told"), ABSENCES)
def test_d6_when_a_task_is_gone(sweeps: list[tuple[float, Sweep]], told: list[str]) -> None:
    schedule = Schedule(RUNNING)
    assert [each for after, sweep in sweeps for each in schedule.sweep(sweep, after=after)] == told
    assert ("t" in schedule.listed) == (told == [])


def test_d6_a_clock_step_of_the_api_makes_nothing_gone() -> None:
    schedule = Schedule(RUNNING)
    schedule.step_clock(86_400)
    assert schedule.sweeps(LEFT, LEFT, after=10) == []


def test_d6_a_restart_counts_anew_from_its_start() -> None:
    schedule = Schedule(RUNNING)
    assert schedule.sweep(LEFT) == []
    schedule.restart()
    assert schedule.sweeps(LEFT, LEFT, after=10) == []
    assert schedule.sweep(LEFT, after=10) == GONE


RUN = 60  # seconds from one createTime to the next
LAST_SEEN = [
    pytest.param([RUNNING], ["VANISHED"], id="active"),
    pytest.param([row("t", "Pending")], ["VANISHED"], id="waiting"),
    pytest.param([row("t", "Paused")], ["VANISHED"], id="in a state nobody knows"),
    pytest.param([FAILED], [], id="ended in the baseline"),
    pytest.param([RUNNING, FAILED], ["ENDED"], id="its end told"),
    pytest.param([RUNNING, row("t", "Cancelled", 9)], ["ENDED"], id="its unknown end told"),
    pytest.param([RUNNING, FAILED, RUNNING], ["ENDED"], id="seen active once since: maybe a stale answer"),
    pytest.param([RUNNING, FAILED, RUNNING, RUNNING], ["ENDED", "VANISHED"], id="seen active twice since: a re-run"),
    pytest.param(
        [RUNNING, FAILED, changed(FAILED, note="n"), RUNNING, RUNNING],
        ["ENDED", "VANISHED"],
        id="a re-run after another row of its end",
    ),
    pytest.param([RUNNING, FAILED, RUNNING, RUNNING, FAILED], ["ENDED"], id="and back at the known end"),
]


@pytest.mark.parametrize(("shown", "told"), LAST_SEEN)
def test_d6_what_is_told_of_a_task_that_is_gone(shown: list[Task], told: list[str]) -> None:
    first, *rest = shown
    schedule = Schedule(first, OTHER)
    sweeps = [*(whole(task, OTHER) for task in rest), LEFT, LEFT, LEFT]
    assert [each.partition(": ")[2] for each in schedule.sweeps(*sweeps)] == told
    assert schedule.listed == {"u"}


def test_d6_the_fact_holds_the_last_row_seen() -> None:
    schedule = Schedule(RUNNING)
    (fact,) = (each for _ in range(2) for each in schedule.transitions(LEFT) if each.task.id == "t")
    assert (fact.task, fact.before, fact.at) == (RUNNING, "Running", schedule.now)


BACK = [
    pytest.param([RUNNING], [], id="back as it was is silent"),
    pytest.param([FAILED], ["ENDED"], id="back and ended is news"),
    pytest.param([RUNNING, None, RUNNING, None], [], id="gone once more is told once per run"),
    pytest.param([RUNNING, FAILED, None], ["ENDED"], id="gone after its end is silent"),
    pytest.param(
        [FAILED, RUNNING, RUNNING, None], ["ENDED", "VANISHED"], id="gone in a re-run after its end is told again"
    ),
    pytest.param([row("t", "Running", created=1)], [], id="an older run is a stale answer"),
    pytest.param(
        [row("t", "Running", created=CREATED + RUN), None],
        ["VANISHED"],
        id="a new run is a new loss, the old one is not told twice",
    ),
    pytest.param([row("t", "Failed", 99, created=CREATED + RUN)], ["NEW"], id="a new run that has ended is news"),
]


@pytest.mark.parametrize(("shown", "told"), BACK)
def test_d6_what_is_told_of_a_task_that_comes_back(shown: list[Task | None], told: list[str]) -> None:
    schedule = Schedule(RUNNING, OTHER)
    assert schedule.sweeps(LEFT, LEFT) == GONE
    heard = []
    for task in shown:
        heard += schedule.sweep(whole(task, OTHER)) if task is not None else schedule.sweeps(LEFT, LEFT)
    assert [each.partition(": ")[2] for each in heard] == told


def test_d6_what_is_back_is_listed_and_counted_from_then() -> None:
    schedule = Schedule(FAILED, OTHER)
    schedule.sweeps(LEFT, LEFT)
    schedule.sweep(whole(FAILED, OTHER))
    assert schedule.listed == {"t", "u"}
    schedule.sweep(LEFT)
    assert schedule.listed == {"t", "u"}


def test_d11_absence_writes_nothing_until_it_counts_as_gone_and_nothing_after() -> None:
    schedule = Schedule(RUNNING, OTHER)
    assert [len(schedule.detect(LEFT).snapshots) for _ in range(5)] == [0, 1, 0, 0, 0]
