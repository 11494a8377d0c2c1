"""Rule D1: whose list it is, when the address or the key is another one after a restart."""

import pytest
from msgspec.structs import replace

from bot.domain.memory import Changes
from bot.domain.sweep import Sweep
from tests.unit.detection_schedule import START, Schedule, miscounted, partial, row, whole

MINE, ALSO_MINE, THEIRS = row("mine", "Running"), row("also", "Failed", 9), row("theirs", "Failed", 9)
MINE_ENDED = row("mine", "Failed", 99)


def test_d1_the_first_sweep_of_an_empty_memory_names_the_account() -> None:
    schedule = Schedule(watching=False)
    schedule.sweep(partial())
    assert (schedule.memory.meta.url, schedule.memory.meta.fingerprint) == ("https://api.example.com", "key-1")


def test_d1_the_first_start_is_no_other_account() -> None:
    schedule = Schedule(watching=False)
    assert schedule.sweep(partial(MINE)) == []
    assert schedule.sweep(whole(MINE_ENDED)) == ["mine failed: ENDED"]
    assert schedule.memory.meta.greeting == "hello"


def test_d1_tasks_that_were_rescued_without_their_account_go_on() -> None:
    """A damaged store may give back its tasks and not the row that names their account."""
    schedule = Schedule(MINE, ALSO_MINE)
    schedule.memory = schedule.memory.after(Changes(meta=replace(schedule.memory.meta, url="", fingerprint="")))
    assert schedule.sweep(partial(MINE_ENDED)) == ["mine failed: ENDED"]
    assert schedule.sweep(whole(THEIRS)) == ["theirs failed: NEW"]
    assert schedule.memory.meta.greeting == "hello"


FIRST_SWEEPS = [
    pytest.param(whole(MINE_ENDED, ALSO_MINE), id="even if the IDs are the same"),
    pytest.param(partial(), id="even if the first sweep fails"),
    pytest.param(whole(), id="even if the list is empty"),
]


@pytest.mark.parametrize("sweep", FIRST_SWEEPS)
def test_d1_another_address_is_another_account(sweep: Sweep) -> None:
    schedule = Schedule(MINE, ALSO_MINE)
    schedule.memory = schedule.memory.after(Changes(meta=replace(schedule.memory.meta, greeted=("C1",))))
    schedule.restart(url="https://api.example.net")
    assert schedule.sweep(sweep) == []
    meta = schedule.memory.meta
    assert (meta.url, meta.greeting, meta.greeted) == ("https://api.example.net", "account", ())
    assert meta.baseline_at == (schedule.now if sweep.complete else None)
    assert schedule.known == set(sweep.tasks)


DECISIONS = [
    pytest.param(
        [whole(MINE_ENDED, THEIRS)], ["mine failed: ENDED", "theirs failed: NEW"], id="one ID in common: the same"
    ),
    pytest.param([Sweep({}, 1, skipped=frozenset({"mine"}))] * 5, [], id="a skipped row's ID is one in common"),
    pytest.param([partial(MINE_ENDED)] * 9, None, id="what could not be read to its end decides nothing"),
    pytest.param([whole()] * 12, None, id="an empty list decides nothing"),
    pytest.param([miscounted(MINE_ENDED, THEIRS)] * 4, None, id="four good sweeps decide nothing"),
    pytest.param(
        [miscounted(MINE_ENDED, THEIRS)] * 5,
        ["mine failed: ENDED", "theirs failed: NEW"],
        id="the fifth good one in a row decides",
    ),
]


@pytest.mark.parametrize(("sweeps", "told"), DECISIONS)
def test_d1_another_key_with_an_id_in_common_is_the_same_account(sweeps: list[Sweep], told: list[str] | None) -> None:
    schedule = Schedule(MINE, ALSO_MINE)
    before = schedule.memory
    schedule.restart(key="key-2")
    assert schedule.sweeps(*sweeps, after=1) == (told or [])
    if told is None:
        assert schedule.memory == before
    else:
        assert schedule.memory.meta.fingerprint == "key-2"
        assert schedule.memory.meta.baseline_at == START
        assert schedule.known >= {"mine", "also"}


@pytest.mark.parametrize("sweeps", [[whole(THEIRS)], [miscounted(THEIRS)] * 5], ids=["complete", "the fifth good one"])
def test_d1_another_key_without_an_id_in_common_is_another_account(sweeps: list[Sweep]) -> None:
    schedule = Schedule(MINE, ALSO_MINE)
    schedule.restart(key="key-2")
    assert schedule.sweeps(*sweeps) == []
    meta = schedule.memory.meta
    assert (meta.fingerprint, meta.greeting, meta.greeted, meta.baseline_at) == ("key-2", "account", (), schedule.now)
    assert schedule.known == {"theirs"}


def test_d1_a_task_that_was_gone_is_no_id_in_common() -> None:
    schedule = Schedule(MINE, ALSO_MINE)
    schedule.sweeps(whole(ALSO_MINE), whole(ALSO_MINE))
    schedule.restart(key="key-2")
    assert schedule.sweep(whole(MINE)) == []
    assert schedule.memory.meta.greeting == "account"


def test_d1_another_key_while_nothing_is_listed_is_the_same_account() -> None:
    schedule = Schedule()
    schedule.restart(key="key-2")
    assert schedule.sweep(whole(THEIRS)) == ["theirs failed: NEW"]
    assert schedule.memory.meta.fingerprint == "key-2"


def test_d1_the_old_key_again_before_anything_was_decided_changes_nothing() -> None:
    schedule = Schedule(MINE)
    schedule.restart(key="key-2")
    schedule.sweeps(partial(), whole())
    schedule.restart(key="key-1")
    assert schedule.sweep(whole(MINE_ENDED)) == ["mine failed: ENDED"]


def test_d1_while_undecided_nothing_begins_anew_and_no_absence_is_counted() -> None:
    schedule = Schedule(MINE)
    schedule.restart(key="key-2")
    assert not any(schedule.detect(whole()).anew for _ in range(20))
    assert schedule.sweep(whole(MINE)) == []
    assert schedule.listed == {"mine"}
