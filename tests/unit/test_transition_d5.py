"""Rule D5: the endings of one task, each told once. A table of what successive sweeps show of it."""

import pytest

from bot.domain.fact import Kind, News
from bot.domain.memory import Ending
from bot.domain.task import Task
from tests.unit.detection_schedule import CREATED, Schedule, changed, row, whole

PENDING, RUNNING = row("t", "Pending"), row("t", "Running")
UNKNOWN = row("t", "Paused")


def succeeded(completed: int | None = None, *, created: int | None = CREATED) -> Task:
    return row("t", "Succeeded", completed, created=created)


def failed(completed: int | None = None) -> Task:
    return row("t", "Failed", completed)


def cancelled(completed: int | None = None) -> Task:
    return row("t", "Cancelled", completed)


RERUN = CREATED + 500
ENDED, LATER, OTHER, AGAIN = "ENDED", "LATER", "OTHER", "AGAIN"
NEW, LATE, REPLACED = "NEW", "LATE", "REPLACED"

ENDINGS = [
    # reason a
    pytest.param([PENDING, RUNNING, succeeded(9)], [ENDED], id="a: the first ending of a run is news"),
    pytest.param([UNKNOWN, failed()], [ENDED], id="a: also after a state that nobody knows"),
    pytest.param([RUNNING, cancelled(9)], [ENDED], id="a: an unknown state with a completeTime is an ending"),
    pytest.param([RUNNING, cancelled()], [], id="a: an unknown state without a completeTime is none"),
    pytest.param([PENDING, RUNNING, PENDING, UNKNOWN], [], id="a: nothing that goes on is an ending"),
    # reason b
    pytest.param([failed(9), failed(20)], [LATER], id="b: a later completeTime is another ending"),
    pytest.param([failed(9), RUNNING, failed(20)], [LATER], id="b: seen at work once in between, too"),
    pytest.param([failed(9), failed(20), failed(30)], [LATER, LATER], id="b: and again"),
    pytest.param([failed(20), failed(9)], [], id="b: an earlier completeTime is not"),
    pytest.param([failed(30), failed(9), failed(20)], [], id="b: it has to be later than all, not than the last"),
    pytest.param([succeeded(), succeeded(9)], [], id="b: a time that is only filled in is not"),
    pytest.param([succeeded(), succeeded(9), succeeded(20)], [LATER], id="b: once filled in, a later time is"),
    pytest.param([failed(), succeeded(9)], [LATER], id="b: a time that comes with another state fills nothing in"),
    pytest.param([succeeded(9), succeeded(), succeeded(9)], [], id="b: a dropped time that comes back is not"),
    # reason c
    pytest.param([succeeded(9), failed(9)], [OTHER], id="c: the other state at the same time is news"),
    pytest.param([succeeded(9), failed(5)], [OTHER], id="c: the other state at an earlier time, too"),
    pytest.param([succeeded(), failed()], [OTHER], id="c: the other state without times, too"),
    pytest.param([succeeded(9), failed()], [OTHER], id="c: the other state without its time, too"),
    pytest.param([failed(9), succeeded(9), failed(9)], [OTHER], id="c: back to the first, which is known, is not"),
    pytest.param(
        [failed(9), succeeded(9), failed(5)], [OTHER, OTHER], id="c: what counts is the last known one, not the first"
    ),
    pytest.param([cancelled(9), failed(9)], [OTHER], id="c: one of the two after an unknown ending is"),
    # reason d
    pytest.param(
        [succeeded(), RUNNING, PENDING, succeeded()],
        [AGAIN],
        id="d: a re-run without times, seen active twice, is news",
    ),
    pytest.param([succeeded(), RUNNING, succeeded()], [], id="d: seen active once it may be a stale answer"),
    pytest.param(
        [succeeded(), RUNNING, succeeded(), RUNNING, succeeded()],
        [],
        id="d: alternating stale answers never add up to a re-run",
    ),
    pytest.param([succeeded(9), RUNNING, RUNNING, succeeded()], [AGAIN], id="d: only the new one lacks its time"),
    pytest.param([succeeded(), RUNNING, RUNNING, succeeded(9)], [AGAIN], id="d: only the last lacks its time"),
    pytest.param(
        [succeeded(9), RUNNING, RUNNING, succeeded(9)],
        [],
        id="d: where both have a time, the same time is the same end",
    ),
    pytest.param([succeeded(9), RUNNING, RUNNING, succeeded(5)], [], id="d: and an earlier time an older one"),
    pytest.param(
        [succeeded(9), succeeded(), RUNNING, RUNNING, succeeded(9)],
        [],
        id="d: a known ending with a time is the same end",
    ),
    pytest.param([succeeded(), UNKNOWN, UNKNOWN, succeeded()], [], id="d: an unknown state is not active"),
    pytest.param([succeeded(), UNKNOWN, row("t", "Stopping"), succeeded()], [], id="d: nor are two of them"),
    pytest.param(
        [succeeded(), RUNNING, RUNNING, succeeded(), succeeded(), RUNNING, succeeded()],
        [AGAIN],
        id="d: each needs two sights of its own",
    ),
    pytest.param(
        [succeeded(), RUNNING, RUNNING, succeeded(), RUNNING, RUNNING, succeeded()],
        [AGAIN, AGAIN],
        id="d: and is told when it has them",
    ),
    pytest.param(
        [failed(), RUNNING, cancelled(9), RUNNING, failed()],
        [],
        id="d: a row that shows any ending starts the count again",
    ),
    # known endings
    pytest.param([failed(9), failed(9), RUNNING, failed(9)], [], id="a known ending seen again is no news"),
    pytest.param([failed(9), changed(failed(9), note="n", reason=("r",))], [], id="another note or reason is no news"),
    pytest.param([failed(9), changed(failed(9), image_size="7")], [], id="another size is no news"),
    # unknown states
    pytest.param([failed(9), cancelled(20)], [], id="an unknown ending after any other is no news"),
    pytest.param([cancelled(9), cancelled(20)], [], id="an unknown ending is told once, by (a) alone"),
    pytest.param([RUNNING, cancelled(9), cancelled(20)], [ENDED], id="also where the first one was seen to come"),
    pytest.param([failed(9), cancelled(20), failed()], [], id="one that was no news is not the last known ending"),
    pytest.param([cancelled(9), failed(20)], [LATER], id="a final one after it is judged as after any"),
    # createTime
    pytest.param([RUNNING, succeeded(9, created=None)], [ENDED], id="an unset createTime belongs to the run we know"),
    pytest.param([succeeded(9), succeeded(9, created=None), succeeded(9)], [], id="also when it is there again"),
    pytest.param(
        [RUNNING, row("t", "Running", created=None), row("t", "Failed", 9, created=CREATED - 1)],
        [],
        id="the run keeps its createTime while rows lack it",
    ),
    pytest.param(
        [row("t", "Running", created=None), succeeded(9)], [ENDED], id="a createTime that is filled in changes no run"
    ),
    pytest.param(
        [succeeded(9, created=None), succeeded(9), row("t", "Failed", 9, created=CREATED - 1)],
        [],
        id="once filled in it tells stale answers apart",
    ),
    pytest.param([failed(9), row("t", "Failed", 600, created=RERUN)], [NEW], id="a later createTime is a new run"),
    pytest.param(
        [failed(9), row("t", "Failed", 9, created=RERUN)], [NEW], id="whose ending is news though it reads the same"
    ),
    pytest.param(
        [RUNNING, row("t", "Running", created=RERUN)], [REPLACED], id="the old run, not ended, is gone with it"
    ),
    pytest.param(
        [RUNNING, row("t", "Failed", 600, created=RERUN)], [REPLACED, NEW], id="both in one sweep are told in order"
    ),
    pytest.param(
        [row("t", "Running", created=CREATED - 900), row("t", "Failed", -301, created=CREATED - 600)],
        [REPLACED, LATE],
        id="a new run that had ended long before the baseline is a late listing",
    ),
    pytest.param(
        [failed(), RUNNING, row("t", "Running", created=RERUN)],
        [],
        id="an old run that had ended and was seen active once since is gone silently",
    ),
    pytest.param(
        [failed(), RUNNING, RUNNING, row("t", "Running", created=RERUN)],
        [REPLACED],
        id="seen active twice since, its loss is told",
    ),
    pytest.param(
        [row("t", "Running", created=RERUN), failed(9), row("t", "Failed", 600, created=RERUN), failed(20)],
        [ENDED],
        id="an earlier createTime is a stale answer and ignored",
    ),
]


@pytest.mark.parametrize(("shown", "reasons"), ENDINGS)
def test_d5_each_ending_is_told_once(shown: list[Task], reasons: list[str]) -> None:
    first, *rest = shown
    schedule = Schedule(first)
    told = [each.news.name for task in rest for each in schedule.transitions(whole(task))]
    assert told == reasons


@pytest.mark.parametrize(("shown", "reasons"), ENDINGS)
def test_d5_a_restart_between_any_two_sweeps_changes_nothing(shown: list[Task], reasons: list[str]) -> None:
    first, *rest = shown
    schedule = Schedule(first)
    told = []
    for task in rest:
        schedule.restart()
        told += [each.news.name for each in schedule.transitions(whole(task))]
    assert told == reasons


@pytest.mark.parametrize(("shown", "reasons"), ENDINGS)
def test_d5_a_task_new_after_the_baseline_is_told_from_its_first_ending(shown: list[Task], reasons: list[str]) -> None:
    schedule = Schedule()
    told = [each.news.name for task in shown for each in schedule.transitions(whole(task))]
    began_with_an_ending = shown[0].state in ("Succeeded", "Failed", "Cancelled")
    assert told == [NEW] * began_with_an_ending + reasons


def test_d5_the_fact_holds_the_row_that_showed_it_and_the_state_before() -> None:
    schedule = Schedule(RUNNING)
    (fact,) = schedule.transitions(whole(failed(9)))
    assert (fact.kind, fact.news, fact.task, fact.at, fact.before) == (
        Kind.FAILED,
        News.ENDED,
        failed(9),
        schedule.now,
        "Running",
    )


KINDS = [
    pytest.param(succeeded(9), "t succeeded: ENDED", id="Succeeded"),
    pytest.param(failed(9), "t failed: ENDED", id="Failed"),
    pytest.param(cancelled(9), "t ended: ENDED", id="an unknown ending is neither, it is told verbatim"),
]


@pytest.mark.parametrize(("task", "told"), KINDS)
def test_d5_kinds_of_endings(task: Task, told: str) -> None:
    assert Schedule(RUNNING).sweep(whole(task)) == [told]


def test_d5_another_reason_note_or_size_is_remembered() -> None:
    schedule = Schedule(failed(9))
    edited = changed(failed(9), note="n", reason=("r",), image_size="7")
    schedule.sweep(whole(edited))
    assert schedule.memory.tasks["t"].task == edited


def test_d5_a_known_ending_is_kept_once_however_often_it_is_seen() -> None:
    schedule = Schedule(failed(9))
    for _ in range(3):
        schedule.sweeps(whole(succeeded(9)), whole(failed(9)))
    assert schedule.memory.tasks["t"].endings == (Ending("Failed", CREATED + 9), Ending("Succeeded", CREATED + 9))


def test_d5_a_stale_answer_is_not_remembered() -> None:
    schedule = Schedule(row("t", "Running", created=RERUN))
    assert schedule.detect(whole(failed(9))).snapshots == {}


SEEN_AGAIN = [
    pytest.param(PENDING, id="active"),
    pytest.param(failed(9), id="ended"),
    pytest.param(failed(), id="ended without a time"),
    pytest.param(cancelled(9), id="ended in a state nobody knows"),
    pytest.param(UNKNOWN, id="in a state nobody knows"),
]


@pytest.mark.parametrize("task", SEEN_AGAIN)
def test_d11_the_same_row_once_more_writes_nothing(task: Task) -> None:
    schedule = Schedule(task)
    found = schedule.detect(whole(task))
    assert (found.snapshots, found.transitions, found.meta) == ({}, (), schedule.memory.meta)


def test_d11_counting_sights_of_a_rerun_ends_after_two_writes() -> None:
    schedule = Schedule(failed())
    written = [bool(schedule.detect(whole(RUNNING)).snapshots) for _ in range(5)]
    assert written == [True, True, False, False, False]
