"""Rules D over schedules that nobody thought of: compared with a second reading, and held to what they promise."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.prewarm.page import parse
from bot.domain.errors import Unreadable
from bot.domain.fact import Kind
from bot.domain.sweep import Collector, Page, Sweep
from bot.domain.task import Task
from tests.examples import many
from tests.unit.detection_model import Model
from tests.unit.detection_schedule import CREATED, HERE, START, Schedule, whole
from tests.unit.test_prewarm_page_properties import ODD_PAGES

DAY = 86_400

# ---- any sweeps at all, compared with the model

IDS = st.sampled_from(["a", "a", "b"])
CREATIONS = st.sampled_from(["", str(CREATED), str(CREATED), str(CREATED), str(CREATED), str(CREATED + 500)])
COMPLETIONS = st.sampled_from(["", "", "", str(CREATED + 10), str(CREATED + 600), str(CREATED + 700), "1"])
STATES = st.sampled_from(["Pending", "Running", "Running", "Succeeded", "Failed", "Failed", "Cancelled"])
ROWS = st.builds(lambda i, s, c, e: Task(i, s, create_time=c, complete_time=e), IDS, STATES, CREATIONS, COMPLETIONS)


@st.composite
def sweeps(draw: st.DrawFn) -> Sweep:
    """Return a sweep, mostly complete, with every way of not being so."""
    rows = {row.id: row for row in draw(st.lists(ROWS, max_size=3))}
    complete = draw(st.integers(0, 9)) < 6
    skipped = frozenset() if complete else draw(st.frozensets(IDS, max_size=1)) - rows.keys()
    total = len(rows) + len(skipped)
    if complete:
        return Sweep(rows, total)
    return Sweep(
        rows,
        draw(st.sampled_from([total, total + 1, total + 1, total - 1, None])),
        steady=draw(st.integers(0, 4)) > 0,
        skipped=skipped,
        nameless=draw(st.sampled_from([0, 0, 0, 1])),
        trouble=draw(st.sampled_from(["", "", "HTTP 500"])),
    )


@dataclass(frozen=True)
class Restart:
    """A new process, perhaps with another address or key."""

    url: str = HERE.url
    key: str = HERE.fingerprint


@dataclass(frozen=True)
class Step:
    """The API's clock jumps."""

    seconds: float


@dataclass(frozen=True)
class Again:
    """The same sweep so many times, so many seconds apart."""

    sweep: Sweep
    times: int
    after: float


RESTARTS = st.builds(
    Restart, st.sampled_from([HERE.url] * 5 + ["https://api.example.net"]), st.sampled_from([HERE.fingerprint, "key-2"])
)
STEPS = st.builds(Step, st.sampled_from([3600.0, -3600.0, 181.0 * DAY]))
SEVERAL = st.builds(Again, sweeps(), st.sampled_from([1, 1, 1, 1, 2, 2, 5, 11]), st.sampled_from([1.0, 15.0, 30.0]))
MIXED = st.lists(st.one_of(SEVERAL, SEVERAL, SEVERAL, SEVERAL, SEVERAL, RESTARTS, STEPS), min_size=4, max_size=30)
ONE_TASK = st.builds(
    lambda state, ended: Again(whole(Task("a", state, create_time=str(CREATED), complete_time=ended)), 1, 30.0),
    st.sampled_from(["Running", "Running", "Succeeded", "Failed", "Cancelled"]),
    st.sampled_from(["", "", str(CREATED + 10), str(CREATED + 600)]),
)
EVENTS = MIXED | st.lists(ONE_TASK, min_size=4, max_size=20)


@many(400)
@given(EVENTS)
def test_detection_tells_what_a_second_reading_of_the_rules_tells(events: list[Again | Restart | Step]) -> None:
    schedule = Schedule(watching=False)
    model = Model(HERE.url, HERE.fingerprint, schedule.tick)
    for event in events:
        match event:
            case Restart(url, key):
                schedule.restart(url=url, key=key)
                model.restart(url, key, schedule.tick)
            case Step(seconds):
                schedule.step_clock(seconds)
            case Again(sweep, times, after):
                for _ in range(times):
                    compare(schedule, model, sweep, after)


def compare(schedule: Schedule, model: Model, sweep: Sweep, after: float) -> None:
    """Take the sweep on both sides; both must tell and remember the same."""
    before, known, listed = schedule.memory, schedule.known, schedule.listed
    found = schedule.detect(sweep, after)
    told = sorted((each.task.id, each.news.name) for each in found.transitions)
    assert told == sorted(model.sweep(sweep, schedule.now, schedule.tick))
    assert schedule.memory.meta.baseline_at == model.baseline
    assert schedule.known == model.runs.keys()
    assert schedule.listed == model.runs.keys() - model.gone.keys()
    if not model.began_anew:
        assert all(before.tasks.get(each) != row for each, row in found.snapshots.items()), "wrote what was there"
        if not model.process.counts(len(model.process.sweeps) - 1):
            assert (known <= schedule.known, listed <= schedule.listed) == (True, True), "a partial sweep removed"


@many(100)
@given(EVENTS, sweeps())
def test_the_same_sweep_again_tells_only_absence_and_soon_writes_nothing(
    events: list[Again | Restart | Step], sweep: Sweep
) -> None:
    schedule = Schedule(watching=False)
    for event in events:
        if isinstance(event, Again):
            schedule.sweeps(*[event.sweep] * event.times, after=event.after)
    schedule.detect(sweep)
    for _ in range(15):  # an empty list whose total is wrong counts from the fifth time, and has to ten times
        assert all(each.kind is Kind.GONE for each in schedule.detect(sweep, after=30).transitions)
    found = schedule.detect(sweep, after=30)
    assert (found.snapshots, found.transitions, found.meta) == ({}, (), schedule.memory.meta)


# ---- a list as it may really be read: pages in any order, copies, answers from behind


@dataclass(frozen=True)
class Look:
    """A poll: how many versions the answer is behind, and how it is cut into pages."""

    behind: int
    order: int
    size: int
    cut: bool  # the last page could not be read


WORLD_IDS = ["a", "b", "c"]
ACTS = st.tuples(st.sampled_from(["next"] * 6 + ["rerun", "recreate", "delete"]), st.sampled_from(WORLD_IDS))
LOOKS = st.builds(Look, st.sampled_from([0, 0, 1, 1, 2, 5]), st.integers(0, 99), st.integers(1, 4), st.booleans())
LIFE = st.lists(
    st.one_of(ACTS, ACTS, LOOKS, LOOKS, st.sampled_from(["restart", "forward", "back"])), min_size=12, max_size=60
)


class World:
    """Tasks as the vendor may hold them: every run and every ending has a time of its own."""

    def __init__(self) -> None:
        self.clock = int(START)
        self.versions: list[dict[str, Task]] = [{}]

    def act(self, what: str, task_id: str) -> None:
        """Do what is possible."""
        self.clock += 1
        rows = dict(self.versions[-1])
        row, now = rows.get(task_id), str(self.clock)
        if what == "delete":
            rows.pop(task_id, None)
        elif row is None or what == "recreate":
            rows[task_id] = Task(task_id, "Pending", create_time=now)
        elif what == "next" and row.state == "Running":
            state = "Failed" if self.clock % 2 else "Succeeded"
            rows[task_id] = Task(task_id, state, create_time=row.create_time, complete_time=now)
        elif row.state == "Pending" or what == "rerun":
            rows[task_id] = Task(task_id, "Running", create_time=row.create_time)
        self.versions.append(rows)

    def answer(self, look: Look) -> Sweep:
        """Return the sweep over an answer, its rows in any order and one of them twice."""
        rows = list(self.versions[-1 - min(look.behind, len(self.versions) - 1)].values())
        shuffled = Random(look.order).sample(rows, len(rows))
        collector = Collector(look.size)
        pages = [shuffled[start : start + look.size] for start in range(0, len(shuffled), look.size)] or [[]]
        if look.cut:
            pages = pages[:-1]
        for page in pages:
            collector.add(Page((*page, *page[:1]), len(rows)))
        return collector.sweep("HTTP 500" if look.cut else "")


@many(300)
@given(LIFE)
def test_what_the_list_showed_is_told_once_whatever_the_pages_replicas_restarts_and_clocks(life: list[Any]) -> None:
    schedule, world = Schedule(), World()
    told: list[Task] = []
    newest: dict[str, tuple[int, int]] = {}  # the latest run and ending that any sweep showed of a task
    for event in life:
        match event:
            case "restart":
                schedule.restart()
            case "forward" | "back":
                schedule.step_clock(DAY if event == "forward" else -DAY)
            case Look():
                sweep = world.answer(event)
                heard = [each.task for each in schedule.transitions(sweep) if each.kind is not Kind.GONE]
                due = later_than(newest, sweep)
                assert [each for each in due if each not in heard] == [], "what is shown is told"
                assert all(each.created == newest[each.id][0] for each in heard), "of a run that is gone nothing is"
                told += heard
            case (what, task_id):
                world.act(what, task_id)
    facts = [(each.id, each.created, each.state, each.completed) for each in told]
    assert len(facts) == len(set(facts)), "nothing is told twice"


def later_than(newest: dict[str, tuple[int, int]], sweep: Sweep) -> list[Task]:
    """Return the endings that are later than anything that was shown of their task before."""
    due = []
    for task in sweep.tasks.values():
        assert task.created is not None
        shown = (task.created, task.completed or 0)
        if shown > newest.get(task.id, (0, 0)):
            newest[task.id] = shown
            if task.completed:
                due.append(task)
    return due


# ---- order, and anything that can be parsed

RAW_PAGES = st.lists(
    st.builds(
        Page, st.lists(ROWS, max_size=4).map(tuple), st.just(5), st.lists(IDS, max_size=2).map(tuple), st.integers(0, 1)
    ),
    min_size=1,
    max_size=4,
)


@many(100)
@given(RAW_PAGES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_pages_never_matters(pages: list[Page], random: Any) -> None:
    shuffled = [Page(tuple(random.sample(each.rows, len(each.rows))), 5, each.skipped, each.nameless) for each in pages]
    random.shuffle(shuffled)
    first, second = swept(pages), swept(shuffled)
    assert first == second
    one, other = Schedule(Task("a", "Running")), Schedule(Task("a", "Running"))
    assert sorted(one.sweep(first)) == sorted(other.sweep(second))
    assert one.memory == other.memory


def swept(pages: list[Page]) -> Sweep:
    collector = Collector(100)
    for page in pages:
        collector.add(page)
    return collector.sweep()


@many(100)
@given(
    st.lists(ODD_PAGES | ROWS.map(lambda row: {"data": [{"id": row.id, "state": row.state}], "total": 1}), max_size=5)
)
def test_detection_takes_whatever_a_page_can_hold(answers: list[Any]) -> None:
    schedule = Schedule(Task("a", "Running"), Task("0", "Failed"))
    for answer in answers:
        collector = Collector(10)
        try:
            collector.add(parse(json.dumps(answer).encode(), "here"))
        except Unreadable as error:
            schedule.sweep(collector.sweep(str(error)))
        else:
            schedule.sweep(collector.sweep())
    assert schedule.sweep(whole(*(each.task for each in schedule.memory.listed()))) == []
