"""The promise, against everything at once: each ending that the list showed is told exactly once when the dust settles.

Hypothesis plays the list, the people, the crashes, the clock and Slack (tests/model_slack.py). A twin is allowed only
where the rules allow it: a person deleted the message while it was in doubt (P11), the history may not be read and the
message says so (P9), or Slack took longer than P6 assumes, until the audit (P7).
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.fact import Kind
from bot.domain.task import Task
from tests.fakes import Clock
from tests.fakes_store import Shelf
from tests.model_slack import SHOWN_WITHIN, Plan, World
from tests.unit.delivery_process import Process, TaskList
from tests.unit.delivery_verdict import RECIPIENTS, Judged

SECONDS = st.sampled_from((0.1, 0.4, 2.0, 8.0))
SHOWN_AFTER = st.sampled_from((0.0, 0.0, 0.3, 5.0, 9.9, SHOWN_WITHIN - 0.01))
RETRY_AFTER = st.sampled_from((None, 0.0, 1.0, 30.0, 9000.0))
PLANS = st.one_of(
    st.builds(Plan, st.just("ok"), SECONDS, shown_after=SHOWN_AFTER),
    st.builds(Plan, st.sampled_from(("lost", "killed", "odd", "lost", "killed")), SECONDS, st.booleans(), SHOWN_AFTER),
    st.builds(Plan, st.sampled_from(("limited", "everywhere", "unsent")), SECONDS, retry_after=RETRY_AFTER),
)
TOO_LATE = st.builds(
    Plan, st.sampled_from(("lost", "killed")), SECONDS, shown_after=st.sampled_from((SHOWN_WITHIN + 1, 45.0))
)
DEATHS = st.sampled_from(("", "", "", "", "before", "after", "before the second", "after the second"))  # commit
POLLS_TO_HEAL = 5  # 20 s apart: a vanished task is told after two complete sweeps and 30 s (D6)
FOR_HEALING = 6 * 3600.0  # seconds of the fake clock in which the dust has to settle


class Deliveries(Judged):
    """The world outside, and one process of the bot after the other."""

    @initialize()
    def begin(self) -> None:
        self.clock, self.shelf = Clock(), Shelf()
        self.world, self.tasks = World(self.clock), TaskList(self.clock)
        self.due, self.shown, self.ever, self.unsure = Counter(), {}, {}, set()
        self.numbers = iter(range(100_000))
        self.months = 0
        self.start()
        self.many_tasks_run(4)
        self.poll("")

    def start(self) -> None:
        self.process = Process(self.shelf, self.world, self.tasks)

    def do(self, step: Callable[[], object], die: str = "") -> bool:
        """Do one step of the process; when it dies in it, the next one starts. Return whether the step was done."""
        self.process.store.die, _, second = die.partition(" ")
        self.process.store.spared = int(bool(second))
        done = self.process.run(step)
        self.process.store.die = ""
        self.ever.update(self.shelf.memory.deliveries)
        if self.process.dead:
            self.start()
        return done

    # ---- the list

    @rule(how=st.sampled_from(("Pending", "Running", "Running", "Failed", "Succeeded", "Failed long ago")))
    def a_task_appears(self, how: str) -> None:
        name = f"t-{next(self.numbers)}"
        state, _, long_ago = how.partition(" ")
        at = int(self.clock.at) - (90_000 if long_ago else 0)
        ended = str(at) if state in ("Failed", "Succeeded") else ""
        self.tasks.rows[name] = Task(name, state, create_time=str(at - 5), complete_time=ended)

    @rule(count=st.sampled_from((1, 1, 3, 9)), state=st.sampled_from(("Failed", "Succeeded")))
    def tasks_end(self, count: int, state: str) -> None:
        running = [name for name in self._running() if name != "anchor"][:count]
        for name in running:
            old = self.tasks.rows[name]
            self.tasks.rows[name] = Task(
                name, state, create_time=old.create_time, complete_time=str(int(self.clock.at))
            )

    @rule(count=st.integers(4, 9))
    def many_tasks_run(self, count: int) -> None:
        for _ in range(count):
            self.a_task_appears("Running")

    @rule(pick=st.integers(0, 50))
    def a_task_vanishes(self, pick: int) -> None:
        names = [name for name in self.tasks.rows if name != "anchor"]
        if names:
            del self.tasks.rows[names[pick % len(names)]]

    @rule(die=DEATHS)
    def poll(self, die: str) -> None:
        broken, down = self.process.store.broken, self.tasks.down
        before = self.shelf.commits
        self.do(self.process.watcher.poll, die)
        if not down and (self.shelf.commits > before or not (die or broken)):
            self._showed()

    @rule(down=st.booleans())
    def the_list_is_down_or_back(self, down: bool) -> None:
        self.tasks.down = down

    def _running(self) -> list[str]:
        return [name for name, task in self.tasks.rows.items() if task.state in ("Pending", "Running")]

    def _showed(self) -> None:
        """Take down what a poll showed; the first one is the baseline (D3)."""
        baseline = not self.shown
        for name, task in self.tasks.rows.items():
            before, self.shown[name] = self.shown.get(name), task.state
            if task.state in ("Failed", "Succeeded") and before != task.state and not baseline:
                self.due[name, Kind(task.state.lower())] += 1

    # ---- Slack, people, the machine

    @rule(pick=st.integers(0, 5), plans=st.lists(PLANS, min_size=1, max_size=5), die=DEATHS)
    def carry(self, pick: int, plans: list[Plan], die: str) -> None:
        """Run a lane through its next requests, which go as planned; the process may die in a commit of the last."""
        for plan in plans:
            self.carry_once(pick, plan, die if plan is plans[-1] else "")

    @rule(pick=st.integers(0, 5), plans=st.lists(st.one_of(TOO_LATE, PLANS), min_size=1, max_size=5))
    def carry_too_late(self, pick: int, plans: list[Plan]) -> None:
        self.carry(pick, plans, "")

    @rule(state=st.sampled_from(("Failed", "Succeeded")), plans=st.lists(PLANS, min_size=1, max_size=5), die=DEATHS)
    def an_ending_is_told(self, state: str, plans: list[Plan], die: str) -> None:
        self.a_task_appears(state)
        self.poll("")
        self.carry(0, plans, die)

    def carry_once(self, pick: int, plan: Plan, die: str) -> None:
        self.do(self.process.contact)
        lanes = self.process.lanes
        if not lanes:
            return
        lane, requests, pauses = lanes[pick % len(lanes)], self.world.requests, list[float]()
        self.world.plan = plan
        for _ in range(4):
            if not self.do(lambda: self._advance(lane, pauses), die) or self.world.requests != requests or not pauses:
                break
            self.clock.at += min(pauses.pop(), 30.0)
        self.world.plan = Plan()

    def _advance(self, lane: str, pauses: list[float]) -> None:
        pause = self.process.advance(lane)
        pauses += [] if pause is None else [pause]

    @rule(plan=PLANS.filter(lambda plan: plan.what in ("ok", "lost")), die=DEATHS)
    def tend(self, plan: Plan, die: str) -> None:
        self.do(self.process.contact)
        self.world.plan = plan
        self.do(self.process.tend, die)
        self.world.plan = Plan()

    @rule(seconds=st.sampled_from((0.3, 1.0, 1.0, 5.0, 12.0, 65.0, 1000.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.at += seconds

    @rule()
    def the_process_is_killed(self) -> None:
        self.process.dead = True
        self.do(lambda: None)

    @rule(broken=st.booleans())
    def the_disk_fills_or_empties(self, broken: bool) -> None:
        self.process.store.broken = broken

    @rule(to=st.sampled_from(RECIPIENTS))
    def the_bot_is_shut_out(self, to: str) -> None:
        self.world.outside.add(to)

    @rule(to=st.sampled_from(RECIPIENTS), told=st.booleans())
    def the_bot_is_let_in(self, to: str, told: bool) -> None:
        self.world.outside.discard(to)
        if told:
            self.do(lambda: self.process.courier.rejoined(to))

    @rule(flip=st.sampled_from(("revoked", "may_write", "may_read", "may_delete")))
    def an_admin_changes_the_app(self, flip: str) -> None:
        setattr(self.world, flip, not getattr(self.world, flip))

    @rule(to=st.sampled_from(("C1", "C2")))
    def a_channel_is_restricted_or_freed(self, to: str) -> None:
        self.world.read_only ^= {to}

    @rule(rung=st.sampled_from((0, 0, 1, 3, 4)))
    def slack_grows_picky(self, rung: int) -> None:
        self.world.lowest_rung = rung

    @precondition(lambda self: any(not said.deleted_by for said in self.world.said))
    @rule(pick=st.integers(0, 50))
    def a_person_deletes_a_message(self, pick: int) -> None:
        there = [said for said in self.world.said if not said.deleted_by]
        said = there[pick % len(there)]
        said.deleted_by = "person"
        self.unsure |= {seq for seq in said.members if self.ever[seq].settled is None}

    @precondition(lambda self: self.months < 1)
    @rule()
    def a_month_passes(self) -> None:
        self.months += 1
        self.clock.at += 31 * 86_400
        self.tend(Plan(), "")

    # ---- when the dust settles

    def teardown(self) -> None:
        if not hasattr(self, "process"):
            return
        self.world.heal()
        self.tasks.down = self.process.store.broken = False
        self.settle()
        self.check()

    def settle(self) -> None:
        """Play on without any fault until nothing is left to do."""
        end, polls, next_poll = self.clock.at + FOR_HEALING, 0, 0.0
        while (self.process.lanes or polls < POLLS_TO_HEAL) and self.clock.at < end:
            pauses = [20.0]
            if polls < POLLS_TO_HEAL and self.clock.at >= next_poll:
                self.poll("")
                polls, next_poll = polls + 1, self.clock.at + 20
            pauses.append(self.process.tend())
            pauses += [pause for lane in self.process.lanes if (pause := self.process.advance(lane)) is not None]
            self.ever.update(self.shelf.memory.deliveries)
            self.clock.at += max(0.05, min(pauses))


# Generation is slow where a step plays several requests; that is no fault of a strategy.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(PATIENT, max_examples=300, stateful_step_count=50)
pytestmark = pytest.mark.timeout(180)


@pytest.mark.soak
def test_thousands_of_schedules_keep_the_promise() -> None:
    examples = int(os.environ.get("SOAK_EXAMPLES", "20000"))
    run_state_machine_as_test(Deliveries, settings=settings(PATIENT, max_examples=examples, stateful_step_count=80))
