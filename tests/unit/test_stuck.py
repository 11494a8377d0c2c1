"""Which tasks are told as stuck: once per state of a run."""

import pytest
from msgspec.structs import replace

from bot.domain.memory import Memory, Meta, Snapshot
from bot.domain.stuck import find_stuck
from bot.domain.sweep import Sweep
from bot.domain.task import Task
from bot.domain.transition import Account, Detection, Presence, detect

NOW = 1_700_000_000.0
AFTER = 1_800.0
OLD, YOUNG = NOW - AFTER, NOW - AFTER + 1


def task(state: str = "Pending", created: float | None = OLD) -> Task:
    return Task("a", state, create_time="" if created is None else str(int(created)))


def snapshot(
    state: str = "Pending", created: float | None = OLD, *, since: float = 0.0, stuck: tuple[str, ...] = ()
) -> Snapshot:
    row = task(state, created)
    return Snapshot(row, row.created, since=since, stuck=stuck)


CASES = [
    pytest.param(snapshot(), True, id="pending for long enough"),
    pytest.param(snapshot("Running"), True, id="running for long enough"),
    pytest.param(snapshot(created=YOUNG), False, id="not long enough"),
    pytest.param(snapshot("Running", since=YOUNG), False, id="running since a short while, though created long ago"),
    pytest.param(snapshot("Running", created=None, since=OLD), True, id="without a createTime, changed long ago"),
    pytest.param(snapshot(created=None), False, id="nobody knows since when"),
    pytest.param(snapshot(stuck=("Pending",)), False, id="told once per state"),
    pytest.param(snapshot("Running", since=OLD, stuck=("Pending",)), True, id="another state is told again"),
    pytest.param(snapshot("Succeeded"), False, id="ended"),
    pytest.param(snapshot("Paused"), False, id="a state that nobody documents"),
]


@pytest.mark.parametrize(("known", "is_told"), CASES)
def test_a_stuck_task_is_told(known: Snapshot, is_told: bool) -> None:
    memory = Memory(Meta("S", baseline_at=1.0), {"a": known})
    found = list(find_stuck(memory, [known.task], NOW, AFTER))
    assert bool(found) is is_told
    for remembered, fact in found:
        assert known.task.state in remembered.stuck
        assert NOW - fact.since >= AFTER


def test_nothing_is_stuck_before_the_baseline_or_when_turned_off() -> None:
    known = snapshot()
    assert not list(find_stuck(Memory(Meta("S"), {"a": known}), [known.task], NOW, AFTER))
    assert not list(find_stuck(Memory(Meta("S", baseline_at=1.0), {"a": known}), [known.task], NOW, 0.0))


def test_a_stale_row_is_not_told_as_stuck() -> None:
    """An earlier createTime is a stale answer (D5): the memory keeps the newer run, however old that is itself."""
    memory = Memory(Meta("S", baseline_at=1.0), {"a": snapshot(created=OLD)})
    assert list(find_stuck(memory, [task(created=OLD)], NOW, AFTER))
    assert not list(find_stuck(memory, [task(created=OLD - 60)], NOW, AFTER))
    over = Memory(Meta("S", baseline_at=1.0), {"a": snapshot("Failed", created=OLD)})
    assert not list(find_stuck(over, [task("Running", created=OLD - 60)], NOW, AFTER))


# ---- since when, and how long it hung


def seen(known: Snapshot, row: Task, now: float = NOW) -> Detection:
    """Return what a sweep finds that shows `row` of a known task."""
    account = Account("https://api.example", "f")
    memory = Memory(Meta("S", url=account.url, fingerprint="f", baseline_at=1.0), {"a": known})
    return detect(memory, Presence(0.0), Sweep({"a": row}, total=1), account, now=now, tick=1.0)


@pytest.mark.parametrize(
    ("known", "row", "since"),
    [
        pytest.param(snapshot(), task("Running"), NOW, id="the sweep that saw its state change"),
        pytest.param(snapshot(created=None), task("Running", None), NOW, id="also without a createTime"),
        pytest.param(snapshot(created=NOW + 5), task("Running", NOW + 5), NOW + 5, id="not before it was created"),
        pytest.param(
            snapshot("Running", since=OLD),
            replace(task("Running"), note="try 2"),
            OLD,
            id="another note changes nothing",
        ),
    ],
)
def test_since_when_a_task_is_in_its_state(known: Snapshot, row: Task, since: float) -> None:
    found = seen(known, row).snapshots["a"]
    assert found is not None
    assert (found.task, found.since) == (row, since)


def ended(state: str = "Failed", completed: float | None = None) -> Task:
    return replace(task(state), complete_time="" if completed is None else str(int(completed)))


TOLD = ("Pending", "Running")


@pytest.mark.parametrize(
    ("known", "row", "hung"),
    [
        pytest.param(snapshot("Running", since=NOW - 100, stuck=TOLD), ended(), 100.0, id="until it was seen to end"),
        pytest.param(
            snapshot("Running", since=NOW - 100, stuck=TOLD), ended(completed=NOW - 30), 70.0, id="to its end"
        ),
        pytest.param(snapshot(stuck=TOLD), ended(completed=OLD + 60), 60.0, id="from its creation"),
        pytest.param(
            snapshot("Running", since=NOW, stuck=TOLD), ended(completed=OLD), 0.0, id="never less than nothing"
        ),
        pytest.param(snapshot(), ended(), 0.0, id="never told as stuck"),
        pytest.param(snapshot("Running", since=OLD, stuck=("Pending",)), ended(), 0.0, id="told in another state"),
    ],
)
def test_an_ending_says_how_long_its_task_hung(known: Snapshot, row: Task, hung: float) -> None:
    assert [each.hung for each in seen(known, row).transitions] == [hung]
