"""What is true, kept beside the bot: which endings the list showed, who was entitled to each, and what they were told.

A small model of its own, fed with the rows that the embedded cloud showed and with what stood in the conversations. It
knows nothing of how the bot decides, except for the two things that are a matter of definition: what was there at the
first reading is no news (D3), and a task that two readings in a row miss is gone (D6).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ACTIVE = ("Pending", "Running")


class Ending(NamedTuple):
    """One end of one run. `how`: Succeeded, Failed or gone."""

    task: str
    created: str
    how: str
    completed: str = ""


@dataclass(frozen=True)
class Wish:
    """What a recipient hears of: all or failures only, perhaps of one cluster, or of one task, once.

    `word`: an ID that the bot did not know when it was watched, so that it is a word to look for.
    """

    to: str
    failed_only: bool = False
    cluster: str = ""
    task: str = ""
    word: str = ""

    def wants(self, ending: Ending, cluster: str) -> bool:
        if self.task or self.word:
            return ending.task == (self.task or self.word)
        return (not self.failed_only or ending.how != "Succeeded") and self.cluster in ("", cluster)


@dataclass
class Run:
    """The present run of a task as the readings showed it."""

    created: str
    cluster: str
    state: str = ""
    endings: set[Ending] = field(default_factory=set)
    missed: int = 0  # readings in a row of one process that did not list it
    gone: bool = False

    @property
    def at_work(self) -> bool:
        return self.state in ACTIVE and not self.gone


@dataclass
class Cut:
    """A time in which a recipient could not be told anything; `end` None: still so."""

    start: float
    end: float | None = None


class Truth:
    """Expects, counts, judges."""

    def __init__(self) -> None:
        self.standing: tuple[Wish, ...] = ()
        self.made: dict[str, Wish] = {}  # by the bot's number for it
        self.due: dict[tuple[str, Ending], float] = {}  # since when somebody is to be told
        self.told: Counter[tuple[str, Ending]] = Counter()
        self.stuck: Counter[tuple[str, str, str, str]] = Counter()  # to, task, its run, state: told as hanging
        self.notices: Counter[tuple[str, str, str]] = Counter()  # to, kind, about
        self.cuts: defaultdict[str, list[Cut]] = defaultdict(list)
        self.unrelied: dict[str, float] = {}  # channels taken out of the setting, and when
        self._runs: dict[str, Run] = {}
        self._baseline = True

    # ---- what happens

    def a_process_begins(self, standing: Iterable[Wish]) -> None:
        """Another process counts absences anew (D6)."""
        self.standing = tuple(standing)
        for run in self._runs.values():
            run.missed = 0

    def read(self, rows: Iterable[Mapping[str, Any]], now: float) -> None:
        """Take in what a good reading of the whole list showed."""
        listed = set()
        for row in rows:
            listed.add(row["id"])
            self._take(row, now)
        for task, run in self._runs.items():
            if task in listed:
                run.missed = 0
            elif run.at_work:
                run.missed += 1
                if run.missed > 1:
                    run.gone = True
                    self._due(Ending(task, run.created, "gone"), run.cluster, now)
        self._baseline = False

    def _take(self, row: Mapping[str, Any], now: float) -> None:
        task, created, state = row["id"], row["createTime"], row["state"]
        run = self._runs.get(task)
        if run is None or run.created != created:
            if run is not None and run.at_work and not run.endings:
                self._due(Ending(task, run.created, "gone"), run.cluster, now)
            run = self._runs[task] = Run(created, row["clusterId"])
        run.state, run.gone = state, False
        ending = Ending(task, created, state, row["completeTime"])
        if state in ACTIVE or ending in run.endings:
            return
        run.endings.add(ending)
        if not self._baseline:
            self._due(ending, run.cluster, now)

    def _due(self, ending: Ending, cluster: str, now: float) -> None:
        for wish in (*self.standing, *self.made.values()):
            if wish.wants(ending, cluster):
                self.due.setdefault((wish.to, ending), now)
        ended = ending.how != "gone"
        for number in [number for number, wish in self.made.items() if wish.task == ending.task and ended]:
            del self.made[number]

    def cut_off(self, to: str, now: float) -> None:
        self.cuts[to].append(Cut(now))

    def mend(self, to: str, now: float) -> None:
        self.cuts[to][-1].end = now

    def cut_within(self, start: float, end: float, forgotten_after: float) -> int:
        """Count who is relied on and could not be told anything at some time between the two.

        Nobody relies on a channel that was taken out, nor on a person `forgotten_after` they left (P18).
        """
        missed = 0
        for to, cuts in self.cuts.items():
            left = next((cut.start for cut in cuts if cut.end is None and to.startswith("U")), end)
            forsaken = min(left + forgotten_after, self.unrelied.get(to, end)) < start
            cut = any(each.start < end and (each.end is None or each.end > start) for each in cuts)
            missed += cut and not forsaken
        return missed

    # ---- what came of it

    def lost(self, end: float, keep: float) -> list[tuple[str, Ending]]:
        """Return who was never told of what, although they could have been told within `keep` seconds."""
        return [
            each
            for each, since in self.due.items()
            if not self.told[each] and not self._hopeless(each[0], since, end, keep)
        ]

    def repeated(self) -> list[tuple[str, Ending]]:
        return [each for each, times in self.told.items() if times > 1]

    def uncalled_for(self) -> list[tuple[str, Ending]]:
        """Return what was told to somebody who had not asked for it, or was not so."""
        return [each for each in self.told if each not in self.due]

    def _hopeless(self, to: str, since: float, end: float, keep: float) -> bool:
        """Whether nobody could have told them from then on until it was given up (P16)."""
        until = min(since + keep, end, self.unrelied.get(to, end))
        return any(cut.start <= since and (cut.end is None or cut.end >= until) for cut in self.cuts[to])
