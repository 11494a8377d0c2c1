"""A second reading of rules D, to compare with: slow, from the history of sweeps, and written from the rules alone.

Where the bot keeps counters, this model keeps the whole history and searches it each time, so that the two can hardly
be wrong in the same way.
"""

from dataclasses import dataclass, field

from bot.domain.sweep import Sweep
from bot.domain.task import Task

ACTIVE = ("Pending", "Running")
FINAL = ("Succeeded", "Failed")
Told = tuple[str, str]  # task ID, reason


def ending_of(task: Task) -> tuple[str, int | None] | None:
    """Return (state, completeTime) if the row shows an ending (D5)."""
    if task.state in ACTIVE:
        return None
    if task.state in FINAL:
        return task.state, task.completed
    return None if task.completed is None else (task.state, task.completed)


@dataclass
class Run:
    """One run: every row that it showed, and the endings known of it in order."""

    rows: list[Task]
    known: list[tuple[str, int | None]] = field(default_factory=list)
    loss_told: bool = False

    @property
    def created(self) -> int | None:
        """The first createTime that any of its rows had."""
        return next((row.created for row in self.rows if row.created is not None), None)

    @property
    def sights(self) -> int:
        """In how many sweeps it was seen active since a row last showed an ending."""
        count = 0
        for row in reversed(self.rows):
            if ending_of(row):
                break
            count += row.state in ACTIVE
        return count

    @property
    def unfinished(self) -> bool:
        """Whether its vanishing would leave people guessing (D6)."""
        return not ending_of(self.rows[-1]) and not self.loss_told and (not self.known or self.sights >= 2)


@dataclass
class Process:
    """What one process saw: (tick, sweep), and whether the sweep was looked at or waited for D1."""

    started: float
    sweeps: list[tuple[float, Sweep, bool]] = field(default_factory=list)

    def is_fifth_good(self) -> bool:
        """D3: the last five sweeps were good."""
        last = self.sweeps[-5:]
        return len(last) == 5 and all(sweep.good for _, sweep, _ in last)

    def decides(self) -> bool:
        """Whether the last sweep may stand for the whole list (D1, D3)."""
        return self.sweeps[-1][1].complete or self.is_fifth_good()

    def counts(self, place: int) -> bool:
        """D6: whether the sweep at `place` can say that something is absent."""
        _, sweep, _ = self.sweeps[place]
        if not sweep.good or sweep.nameless:
            return False
        off = [self._off(index) for index in range(place + 1)]
        return off[place] == 0 or (len(off) >= 5 and off[place] is not None and len(set(off[place - 4 :])) == 1)

    def _off(self, place: int) -> int | None:
        _, sweep, _ = self.sweeps[place]
        if not sweep.good or sweep.total is None or not sweep.steady:
            return None
        return sweep.total - len(sweep.tasks.keys() | sweep.skipped)

    def is_gone(self, task_id: str) -> bool:
        """D6: whether the last sweep completes the proof that the task is not there any more."""
        place = len(self.sweeps) - 1
        if not self.counts(place):
            return False
        since, start = self.started, 0
        for index, (tick, sweep, looked_at) in enumerate(self.sweeps):
            if task_id in sweep.listed or not looked_at:
                since, start = tick, index + 1
        misses = sum(self.counts(index) for index in range(start, place + 1))
        waited = self.sweeps[place][0] - since
        return (misses >= 2 and waited >= 30) if self.sweeps[place][1].listed else (misses >= 10 and waited >= 150)


class Model:
    """Says what each sweep must tell."""

    def __init__(self, url: str, key: str, tick: float) -> None:
        self.account = (url, key)
        self.decided: tuple[str, str] | None = None
        self.baseline: float | None = None
        self.runs: dict[str, Run] = {}
        self.gone: dict[str, float] = {}
        self.process = Process(tick)
        self.began_anew = False  # at the last sweep

    def restart(self, url: str, key: str, tick: float) -> None:
        """Begin a new process."""
        self.account, self.process = (url, key), Process(tick)

    def sweep(self, sweep: Sweep, now: float, tick: float) -> list[Told]:
        """Take a sweep; return what has to be told."""
        self.process.sweeps.append((tick, sweep, True))
        if not self._is_decided(sweep):
            self.process.sweeps[-1] = (tick, sweep, False)
            return []
        told = [each for task in sweep.tasks.values() for each in self._look(task, now)]
        told += self._miss(sweep, now)
        if self.baseline is None and self.process.decides():
            self.baseline = now
        return told

    def _is_decided(self, sweep: Sweep) -> bool:
        """D1."""
        listed = self.runs.keys() - self.gone.keys()
        anew = self.began_anew = False
        if self.decided and self.decided[0] != self.account[0]:
            anew = True
        elif self.decided and self.decided != self.account and listed:
            if not sweep.listed or not self.process.decides():
                return False
            anew = not listed & sweep.listed
        self.began_anew = anew
        if anew:
            self.runs, self.gone, self.baseline = {}, {}, None
        self.decided = self.account
        return True

    def _look(self, task: Task, now: float) -> list[Told]:
        run = self.runs.get(task.id)
        if run is None:
            return self._begin(task, now, self.baseline)
        if run.created is not None and task.created is not None and task.created != run.created:
            if task.created < run.created:
                return []
            lost = [(task.id, "REPLACED")] if run.unfinished and task.id not in self.gone else []
            # D3: seen unfinished, also before the baseline, and later final is news
            watched = None if ending_of(run.rows[-1]) else float(run.created)
            return lost + self._begin(task, now, watched if self.baseline is None else self.baseline)
        self.gone.pop(task.id, None)
        reason = self._reason(run, task)
        ending = ending_of(task)
        if ending and ending not in run.known and (reason or task.state in FINAL):
            run.known.append(ending)
        run.rows.append(task)
        if reason:
            run.loss_told = False
        return [(task.id, reason)] if reason else []

    def _begin(self, task: Task, now: float, since: float | None) -> list[Told]:
        """D3, D4."""
        ending = ending_of(task)
        self.runs[task.id] = Run([task], [ending] if ending else [])
        self.gone.pop(task.id, None)
        if ending is None or since is None:
            return []
        moment = task.completed if task.completed is not None else task.created
        late = moment is not None and (since - moment > 600 or now - moment > 180 * 86_400)
        return [(task.id, "LATE" if late else "NEW")]

    def _reason(self, run: Run, task: Task) -> str:
        """D5, by its letters."""
        ending = ending_of(task)
        if ending is None or (run.known and task.state not in FINAL):
            return ""
        if not run.known:
            return "ENDED"
        state, completed = ending
        last_state, last_completed = run.known[-1]
        again = (completed is None or last_completed is None) and run.sights >= 2
        if ending in run.known:
            return "AGAIN" if again and completed is None else ""
        times = [each for _, each in run.known if each is not None]
        later = completed is not None and (not times or completed > max(times))
        if later and not (last_completed is None and last_state == state):
            return "LATER"
        if state != last_state:
            return "OTHER"
        return "AGAIN" if again else ""

    def _miss(self, sweep: Sweep, now: float) -> list[Told]:
        """D6, D9."""
        told: list[Told] = []
        for task_id, run in list(self.runs.items()):
            if task_id in sweep.listed:
                continue
            if task_id in self.gone:
                if now - self.gone[task_id] > 180 * 86_400 and self.process.counts(len(self.process.sweeps) - 1):
                    del self.runs[task_id], self.gone[task_id]
            elif self.process.is_gone(task_id):
                self.gone[task_id] = now
                if run.unfinished:
                    run.loss_told = True
                    told.append((task_id, "VANISHED"))
        return told
