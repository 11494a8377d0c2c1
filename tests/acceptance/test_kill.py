"""SIGKILL at seeded random moments under a burst: nothing is lost, nothing is said twice (P4 to P6).

Slack answers late on purpose: the kill that matters falls between what Slack did and what the bot remembers of it, and
on the loopback interface that gap would be a millisecond.
"""

import os
import random
import time
from pathlib import Path

import pytest

from bot.demo.slack.faults import Fault
from tests.acceptance.rehearsal import START
from tests.acceptance.stage import Stage

PER_ROUND = 4
LONGEST = 3000.0  # seconds of `make soak`, however slow the machine
POST, HISTORY = "chat.postMessage", "conversations.history"


def rounds_of_kills(stage: Stage, rounds: int, seed: int) -> tuple[int, int, int]:
    """Kill the bot so often; return the rounds done, and the endings lost and repeated when the dust has settled."""
    until = time.monotonic() + LONGEST
    chance = random.Random(seed)
    stage.run_until_hello(PREWARM_POLL_INTERVAL="0.2").kill()
    stage.workspace.faults.sometimes(POST, Fault.slow(1.5), 0.7)
    stage.workspace.faults.sometimes(POST, Fault.late(0.8), 0.3)
    tasks: list[str] = []
    done = 0
    while done < rounds and time.monotonic() < until:
        done += 1
        tasks += [stage.end(None, "i/o timeout") if chance.random() < 0.5 else stage.end() for _ in range(PER_ROUND)]
        kill(stage, chance)
    stage.run(PREWARM_POLL_INTERVAL="0.2")
    tasks.append(stage.tell_sentinel(within=120))
    told = stage.told()
    assert stage.workspace.calls_of(HISTORY), "no kill left a doubt: this run proved nothing"
    assert stage.workspace.calls_of("chat.delete") == [], "it was said twice, and one of them deleted later (P7)"
    return done, sum(told[task] == 0 for task in tasks), sum(told[task] > 1 for task in tasks)


def kill(stage: Stage, chance: random.Random) -> None:
    """Start the bot and kill it: while it starts, or at any moment from its first word to Slack on."""
    asked = asked_of_slack(stage)
    bot = stage.run(PREWARM_POLL_INTERVAL="0.2")
    if chance.random() < 0.2:
        bot.kill_after(chance.uniform(0.2, 1.2))
        return
    stage.workspace.wait_for(lambda: asked_of_slack(stage) > asked, START, "the first post or look of the bot")
    bot.kill_after(chance.uniform(0.0, 2.2))


def asked_of_slack(stage: Stage) -> int:
    """Count what bots have asked about messages: a look, when the last one died in doubt, else a post."""
    return len(stage.workspace.calls_of(POST)) + len(stage.workspace.calls_of(HISTORY))


def report(rounds: int, lost: int, repeated: int) -> None:
    print(f"rounds {rounds}, lost {lost}, repeated {repeated}")  # noqa: T201 - what `make soak` is asked for
    assert (lost, repeated) == (0, 0)


@pytest.mark.timeout(180)
def test_kills_lose_and_repeat_nothing(stage: Stage) -> None:
    report(*rounds_of_kills(stage, 5, seed=1))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_dozens_of_kills_lose_and_repeat_nothing(stage: Stage) -> None:
    stage.workspace.faults.history_delay = 0.5  # a post shows in the history late, within PREWARM_SETTLE_SECONDS
    report(*rounds_of_kills(stage, 30, seed=2))


@pytest.mark.soak
def test_a_thousand_kills_lose_and_repeat_nothing(tmp_path: Path) -> None:
    rounds = int(os.environ.get("SOAK_ROUNDS", "1000"))
    with Stage(tmp_path) as stage:
        stage.workspace.faults.history_delay = 0.5
        report(*rounds_of_kills(stage, rounds, seed=3))
