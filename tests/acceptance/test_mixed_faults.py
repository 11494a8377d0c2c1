"""The promise under everything at once: random mixtures of all faults of both servers, with kills, against the process.

MIXED_SEEDS="4 17" chooses the schedules; SOAK_SEEDS says how many `make soak` plays.
"""

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from bot.demo.cloud.faults import Fault as ListFault
from bot.demo.slack.faults import Fault, Reply, SlackFaults
from tests.acceptance.mixed_schedule import Schedule, Tally
from tests.acceptance.mixed_troubles import ALL, DONE, LIST, NO_METADATA, NOT_DONE, SEEDED, STATES
from tests.acceptance.stage import Stage

LANES = 3  # schedules side by side: a bot mostly waits


def play(folder: Path, seed: int) -> Tally:
    with Stage(folder / f"seed-{seed}", seed) as stage:
        return Schedule(stage, seed).play()


def play_all(folder: Path, seeds: Sequence[int]) -> list[Tally]:
    """Play the schedules and print what they came to; MIXED_SEEDS chooses others."""
    chosen = [int(each) for each in os.environ.get("MIXED_SEEDS", "").split()] or list(seeds)
    with ThreadPoolExecutor(LANES) as pool:
        tallies = list(pool.map(lambda seed: play(folder, seed), chosen))
    counts = {name: sum(getattr(each, name) for each in tallies) for name in ("kills", "endings", "lost", "repeated")}
    said = ", ".join(f"{name} {number}" for name, number in counts.items())
    switched = sum(each.switched.total() for each in tallies)
    marked, unsure = sum(each.marked for each in tallies), sum(each.unsure for each in tallies)
    print(  # noqa: T201 - what `make soak` is asked for
        f"seeds {' '.join(map(str, chosen))}; faults switched {switched}, {said}; "
        f"where the history may not be read (P9): marked as a possible repeat {marked}, settled unseen {unsure}"
    )
    return tallies


def test_the_mixture_holds_every_fault() -> None:
    """A new fault, a new reply, a new field of Fault or a new state of SlackFaults needs a place in the mixture."""
    assert {trouble.name for trouble in LIST} == {f"list: {fault}" for fault in ListFault}
    faults = [*DONE.values(), *NOT_DONE.values(), NO_METADATA]
    assert {fault.reply for fault in faults} == set(Reply)
    assert [f.name for f in fields(Fault) if all(getattr(each, f.name) == f.default for each in faults)] == []
    assert {*STATES, *SEEDED} == {name for name in vars(SlackFaults()) if not name.startswith("_")}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_mixed_faults_lose_and_repeat_nothing(tmp_path: Path) -> None:
    play_all(tmp_path, (1, 2, 3))


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_many_mixtures_lose_and_repeat_nothing(tmp_path: Path) -> None:
    number = int(os.environ.get("SOAK_SEEDS", "60"))
    tallies = play_all(tmp_path, range(101, 101 + number))
    switched = sum((each.switched for each in tallies), Counter[str]())
    unused = {trouble.name for trouble in ALL} - switched.keys()
    assert len(tallies) < 60 or not unused, f"never switched on: {unused}"
