"""Which tasks are told as stuck: once per state of a run."""

import pytest
from msgspec.structs import replace

from bot.domain.memory import Memory, Meta, Snapshot
from bot.domain.stuck import find_stuck
from bot.domain.sweep import Sweep
from bot.domain.task import Task
from bot.domain.transition import Account, Presence, detect

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


def sweep(row: Task) -> Sweep:
    return Sweep({row.id: row}, total=1)


def test_a_change_of_state_is_dated_and_an_ending_says_how_long_it_hung() -> None:
    account = Account("https://api.example", "f")
    memory = Memory(Meta("S", url=account.url, fingerprint="f", baseline_at=1.0), {"a": snapshot(stuck=("Pending",))})
    running = detect(memory, Presence(0.0), sweep(task("Running")), account, now=NOW, tick=1.0)
    changed = running.snapshots["a"]
    assert changed is not None
    assert changed.since == NOW
    hung = Memory(memory.meta, {"a": Snapshot(changed.task, changed.created, since=NOW, stuck=("Running",))})
    ended = task("Failed")
    found = detect(hung, running.presence, sweep(ended), account, now=NOW + 100, tick=2.0)
    assert [each.hung for each in found.transitions] == [100.0]


def test_a_changed_note_does_not_begin_the_time_in_a_state_anew() -> None:
    account = Account("https://api.example", "f")
    known = snapshot("Running", since=OLD)
    memory = Memory(Meta("S", url=account.url, fingerprint="f", baseline_at=1.0), {"a": known})
    noted = replace(known.task, note="try 2", reason=("pulling",))
    found = detect(memory, Presence(0.0), sweep(noted), account, now=NOW, tick=1.0).snapshots["a"]
    assert found is not None
    assert (found.task.note, found.since) == ("try 2", OLD)


def test_an_ending_of_what_was_never_told_as_stuck_did_not_hang() -> None:
    account = Account("https://api.example", "f")
    memory = Memory(Meta("S", url=account.url, fingerprint="f", baseline_at=1.0), {"a": snapshot()})
    found = detect(memory, Presence(0.0), sweep(task("Failed")), account, now=NOW, tick=1.0)
    assert [each.hung for each in found.transitions] == [0.0]
