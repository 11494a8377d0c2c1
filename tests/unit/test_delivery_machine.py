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
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from bot.domain.fact import Kind
from bot.domain.task import Task
from tests.examples import examples
from tests.fakes import Clock
from tests.fakes_store import Shelf
from tests.model_slack import SHOWN_WITHIN, Plan, World
from tests.unit.delivery_process import Process, TaskList
from tests.unit.delivery_verdict import RECIPIENTS, Judged

SHOWN_AFTER = (0.0, 5.0, SHOWN_WITHIN - 0.01)
FINE = [Plan(), Plan(seconds=8.0), Plan(shown_after=SHOWN_WITHIN - 0.01)]
CARRIED_OUT = [
    Plan(what, seconds, shown_after=late)
    for what in ("lost", "killed", "odd")
    for seconds in (0.1, 8.0)
    for late in SHOWN_AFTER
]
NOT_CARRIED_OUT = [Plan(what, seconds, stored=False) for what in ("lost", "killed", "odd") for seconds in (0.1, 8.0)]
NOT_TAKEN = [Plan(what, retry_after=wait) for what in ("limited", "everywhere") for wait in (None, 0.0, 30.0, 9000.0)]
LATER_THAN_P6 = [Plan(what, shown_after=late) for what in ("lost", "killed") for late in (SHOWN_WITHIN + 1, 45.0)]
UNSENT = [Plan("unsent")]
STOOD_STILL = [
    Plan(what, seconds, shown_after=late, stood=60.0)
    for what in ("lost", "killed", "odd")
    for seconds in (0.1, 8.0)
    for late in SHOWN_AFTER
]
# One draw from a pool: choosing part by part hardly ever puts together what it takes to break a rule.
PLANS = st.lists(
    st.sampled_from(FINE + UNSENT + CARRIED_OUT + NOT_CARRIED_OUT + NOT_TAKEN + STOOD_STILL), min_size=1, max_size=6
)
LATE_PLANS = st.lists(st.sampled_from(2 * LATER_THAN_P6 + FINE + UNSENT + NOT_TAKEN), min_size=1, max_size=6)
CHANGES = ("appear", "end", "end", "burst", "vanish", "down")
STATES = st.sampled_from(("Pending", "Running", "Failed", "Succeeded", "Failed long ago"))
DEATHS = st.sampled_from(("", "", "", "", "before", "after", "before the second", "after the second"))  # commit
TROUBLES = (
    "shut out", "shut out", "invited", "read only", "revoked", "may_write", "may_read", "may_read", "may_delete",
    "picky", "full disk", "deleted", "deleted", "a month", "quiet", "quiet", "quiet over",
)  # fmt: skip
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
        for _ in range(4):
            self.a_task_appears("Running")
        self.poll("")

    def start(self) -> None:
        self.process = Process(self.shelf, self.world, self.tasks)

    def do(self, step: Callable[[], object], die: str = "") -> bool:
        """Do one step of the process; when it dies in it, the next one starts. Return whether the step was done."""
        self.process.store.die, _, second = die.partition(" ")
        self.process.store.spared = int(bool(second))
        done = self.process.run(step)
        self.process.store.die = ""
        self.ever.update(self.shelf.deliveries)
        if self.process.dead:
            self.start()
        return done

    # ---- the list

    @rule(
        what=st.sampled_from(("appear", "end", "end", "burst", "vanish", "down")), state=STATES, pick=st.integers(0, 9)
    )
    def the_list_changes(self, what: str, state: str, pick: int) -> None:
        running = [name for name, task in self.tasks.rows.items() if task.state == "Running"]
        match what:
            case "appear":
                self.a_task_appears(state)
            case "end":
                for name in running[:pick]:
                    self.a_task_ends(name, state)
            case "burst":
                for _ in range(4 + pick):
                    self.a_task_appears("Running")
            case "vanish" if len(self.tasks.rows) > 1:
                del self.tasks.rows[[*self.tasks.rows][1 + pick % (len(self.tasks.rows) - 1)]]  # never the anchor
            case "down":
                self.tasks.down = not self.tasks.down

    def a_task_appears(self, how: str) -> None:
        name = f"t-{next(self.numbers)}"
        state, _, long_ago = how.partition(" ")
        at = int(self.clock.at) - (90_000 if long_ago else 0)
        ended = str(at) if state in ("Failed", "Succeeded") else ""
        self.tasks.rows[name] = Task(name, state, create_time=str(at - 5), complete_time=ended)

    def a_task_ends(self, name: str, how: str) -> None:
        state = "Succeeded" if how == "Succeeded" else "Failed"
        created, now = self.tasks.rows[name].create_time, str(int(self.clock.at))
        self.tasks.rows[name] = Task(name, state, create_time=created, complete_time=now)

    @rule(die=DEATHS)
    def poll(self, die: str) -> None:
        broken, down = self.process.store.broken, self.tasks.down
        before = self.shelf.commits
        self.do(self.process.watcher.poll, die)
        if not down and (self.shelf.commits > before or not (die or broken)):
            self._showed()

    def _showed(self) -> None:
        """Take down what a poll showed; the first one is the baseline (D3)."""
        baseline = not self.shown
        for name, task in self.tasks.rows.items():
            before, self.shown[name] = self.shown.get(name), task.state
            if task.state in ("Failed", "Succeeded") and before != task.state and not baseline:
                self.due[name, Kind(task.state.lower())] += 1

    # ---- Slack, people, the machine

    @rule(pick=st.integers(0, 5), plans=PLANS, die=DEATHS)
    def carry(self, pick: int, plans: list[Plan], die: str) -> None:
        """Run a lane through its next requests, which go as planned; the process may die in a commit of the last."""
        for plan in plans:
            self.carry_once(pick, plan, die if plan is plans[-1] else "")

    @rule(pick=st.integers(0, 5), plans=LATE_PLANS)
    def carry_slowly(self, pick: int, plans: list[Plan]) -> None:
        self.carry(pick, plans, "")

    @rule(state=st.sampled_from(("Failed", "Succeeded")), pick=st.integers(0, 5), plans=PLANS, die=DEATHS)
    def an_ending_is_told(self, state: str, pick: int, plans: list[Plan], die: str) -> None:
        self.a_task_appears(state)
        self.poll("")
        self.carry(pick, plans, die)

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

    @rule(lost=st.booleans(), die=DEATHS)
    def tend(self, lost: bool, die: str) -> None:
        self.do(self.process.contact)
        self.world.plan = Plan("lost" if lost else "ok")
        self.do(self.process.tend, die)
        self.world.plan = Plan()

    @rule(seconds=st.sampled_from((0.3, 1.0, 5.0, 12.0, 65.0, 1000.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.at += seconds

    @rule()
    def the_process_is_killed(self) -> None:
        self.process.dead = True
        self.do(lambda: None)

    @rule(what=st.sampled_from(TROUBLES), to=st.sampled_from(RECIPIENTS), pick=st.integers(0, 50))
    def trouble(self, what: str, to: str, pick: int) -> None:
        """Something goes wrong, or right again."""
        match what:
            case "shut out":
                self.world.outside ^= {to}
            case "invited":
                self.world.outside.discard(to)
                self.do(lambda: self.process.courier.rejoined(to))
            case "read only":
                self.world.read_only ^= {to}
            case "picky":
                self.world.lowest_rung = pick % 5
            case "full disk":
                self.process.store.broken = not self.process.store.broken
            case "deleted":
                self.a_person_deletes(pick)
            case "a month":
                self.a_month_passes()
            case "quiet":
                self.do(lambda: self.process.quiet(to, 600.0 * (1 + pick % 20)))
            case "quiet over":
                self.do(lambda: self.process.quiet(to, 0.0))
            case _:
                setattr(self.world, what, not getattr(self.world, what))

    def a_person_deletes(self, pick: int) -> None:
        there = [said for said in self.world.said if not said.deleted_by]
        for said in there[pick % len(there) :][:1] if there else []:
            said.deleted_by = "person"
            self.unsure |= {seq for seq in said.members if self.ever[seq].settled is None}

    def a_month_passes(self) -> None:
        if not self.months:
            self.months = 1
            self.clock.at += 31 * 86_400
            self.tend(lost=False, die="")

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
            self.ever.update(self.shelf.deliveries)
            self.clock.at += max(0.05, min(pauses))


# Generation is slow where a step plays several requests; that is no fault of a strategy.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.mark.many
@pytest.mark.timeout(180)
def test_each_ending_is_told_exactly_once_when_the_dust_settles() -> None:
    run_state_machine_as_test(
        Deliveries, settings=settings(PATIENT, max_examples=examples(400), stateful_step_count=50)
    )


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_thousands_of_schedules_keep_the_promise() -> None:
    schedules = int(os.environ.get("SOAK_EXAMPLES", "10000"))
    run_state_machine_as_test(Deliveries, settings=settings(PATIENT, max_examples=schedules, stateful_step_count=80))
    print(f"schedules {schedules}, lost 0, repeated 0")  # noqa: T201 - what `make soak` is asked for
