"""Six months of the bot's life, and as a quick check three days into which the same story is pressed."""

import functools
import os
import random
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import Killed
from tests.simulation.judgement import figures, judge
from tests.simulation.simulation import Simulation
from tests.simulation.story import WHOLE, Story

SEED = int(os.environ.get("MONTHS_SEED", "1"))
KEEP = 30.0  # days of 182


@pytest.fixture(autouse=True)
def _a_kill_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the threads of a killed process end without a word, and a hundred starts read no certificates."""
    loud, state = threading.excepthook, random.getstate()
    monkeypatch.setattr(threading, "excepthook", lambda args: None if args.exc_type is Killed else loud(args))
    monkeypatch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda _: None)  # all is plain HTTP here
    yield
    random.setstate(state)


def play(folder: Path, days: float, *, poll_every: float, tasks: float, restarts: int, seed: int = SEED) -> Simulation:
    """Play the story in so many days."""
    simulation = Simulation(folder, seed, keep_days=KEEP * days / WHOLE, poll_every=poll_every)
    with simulation.cloud_server, simulation.slack_server:
        simulation.workspace.subscribe(simulation.hear_slack)
        Story(simulation, days, tasks=tasks, restarts=restarts).write()
        simulation.play(days)
    return simulation


@pytest.mark.timeout(300)
def test_three_days_lose_repeat_and_pile_up_nothing(tmp_path: Path) -> None:
    simulation = play(tmp_path, 3, poll_every=1200, tasks=20, restarts=12)
    print(figures(simulation))  # noqa: T201 - what one asks for with -s
    judge(simulation)


@pytest.mark.timeout(300)
def test_a_seed_repeats_what_is_told_and_when(tmp_path: Path) -> None:
    first, second = (play(tmp_path / name, 0.5, poll_every=1200, tasks=40, restarts=4).told for name in "ab")
    assert len(first) > 50
    assert first == second


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_six_months_lose_repeat_and_pile_up_nothing(tmp_path: Path) -> None:
    simulation = play(tmp_path, WHOLE, poll_every=1200, tasks=8, restarts=100)
    print(figures(simulation))  # noqa: T201 - what one asks for with -s
    judge(simulation)
