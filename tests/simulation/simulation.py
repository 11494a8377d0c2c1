"""Plays months of a bot's life in minutes: the real bot between the embedded cloud and the embedded Slack.

`story.py` says what happens; here is how time goes on, how the bot is started, stopped and killed, and what is
measured. A seed repeats all of it.
"""

import gc
import heapq
import itertools
import os
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.demo.cloud.server import CloudServer
from bot.demo.slack.records import Change, Channel, Identity, Person
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from bot.domain.fact import Kind, Notice, Stuck
from bot.settings import Settings
from tests.fakes import Killed
from tests.simulation.simulated_clock import BEGAN, SimulatedClock
from tests.simulation.simulated_process import Log, Process
from tests.simulation.truth import Ending, Truth, Wish

DAY: Final = 86_400.0
PREWARM, OPS, LAB, GPU, TEAM = "C0PREWARM", "G0OPS", "C0LAB", "C0GPU", "C0TEAM"
ADA, LIN, MAX, EVE = "U0ADA", "U0LIN", "U0MAX", "U0EVE"


@dataclass
class Day:
    """What a simulated day cost, as seen at its end."""

    number: int
    at: float
    starts: int
    commands: int
    messages: int
    cut: int  # recipients that could not be told anything at some time of it
    list_requests: int
    slack_requests: Counter[str]
    rows: Counter[str]  # of the store, by kind
    stored: int  # bytes of the store's file
    threads: int
    descriptors: int
    resident: int  # bytes


class Simulation:
    """Months of the life of one bot. `keep_days` is PREWARM_KEEP_DAYS, `poll_every` PREWARM_POLL_INTERVAL (seconds)."""

    def __init__(self, folder: Path, seed: int, *, keep_days: float, poll_every: float) -> None:
        self.chance, self.clock = random.Random(seed), SimulatedClock()
        self.folder, self.keep_days, self.poll_every = folder, keep_days, poll_every
        self.truth, self.log = Truth(), Log()
        self.days: list[Day] = []
        self.told: list[tuple[float, str, Ending]] = []  # in the order in which it was told
        self.happened: Counter[str] = Counter()
        self.cloud_server = CloudServer(seed=seed, clock=self.clock.time)
        self.slack_server = SlackServer(workspace=_workspace(self.clock))
        self.channels = f"{PREWARM},{OPS}:failed"
        self._acts: list[tuple[float, int, Callable[[], object]]] = []
        self.ready, self.kept = "", dict[str, str]()  # as they were at the end
        self._numbers = itertools.count()
        self._lists_read = 0
        self._process: Process | None = None
        self._yesterday: Counter[str] = Counter()
        self._seed = seed

    # ---- to be used by a story

    @property
    def cloud(self) -> Any:
        return self.cloud_server.cloud

    @property
    def workspace(self) -> Any:
        return self.slack_server.workspace

    @property
    def process(self) -> Process:
        assert self._process is not None
        return self._process

    @property
    def now(self) -> float:
        return self.clock.at

    def at(self, moment: float, act: Callable[[], object]) -> None:
        """Have something happen at a moment (Unix seconds)."""
        heapq.heappush(self._acts, (moment, next(self._numbers), act))

    def command(self, user: str, channel: str, text: str) -> str:
        """Type `/prewarm text`, note what it made or ended, and return the answer as the person reads it."""
        before = dict(self.process.memory.subscriptions)
        die, self.process.mortal.die = self.process.mortal.die, ""  # what a kill costs a question is R5's and not ours
        answer = self.workspace.slash(user, channel, "/prewarm", text).wait_response()
        self.process.mortal.die = die
        self._note_readings()
        self._note_subscriptions(before, self.process.memory.subscriptions)
        self.happened["commands"] += 1
        said: str = self.workspace.as_text(answer)
        return said

    def restart(self, *, pause: float = 0.0) -> None:
        """Stop the bot, if it runs, and start it again after `pause` seconds."""
        if not self.is_up:
            return
        self.process.mortal.die = ""
        self.process.stop()
        self._begin_after(pause)

    @property
    def is_up(self) -> bool:
        return self._process is not None

    def kill_soon(self) -> None:
        """Let the bot be killed in one of its next commits, before or after it is written."""
        if not self.is_up:
            return
        mortal = self.process.mortal
        mortal.die, mortal.in_commits = self.chance.choice(("before", "after")), self.chance.randrange(6)

    # ---- how time goes on

    def play(self, days: float) -> None:
        """Play so many days; the bot is started before, and stopped after them."""
        random.seed(self._seed)  # the bot's jitter
        end = self.now + days * DAY
        self._begin_after(0.0)
        for number in range(round(days)):
            self.at(self.now + (number + 1) * DAY - 1.0, self._count_the_day)
        while self.now < end:
            try:
                self._go_on(end)
            except Killed:
                self.happened["kills"] += 1
                self.process.kill()
                self._note_readings(committed=self.process.mortal.die == "after")
                self._begin_after(self.chance.choice((1.0, 20.0, 400.0)))
        self.ready = self.process.bot._ready().state.value
        self.kept = {number: each.to for number, each in self.process.memory.subscriptions.items()}
        self.process.mortal.die = ""
        self.process.stop()

    def _go_on(self, end: float) -> None:
        job = self.process.schedule.next
        act_at = self._acts[0][0] if self._acts else end
        self.clock.run_until(min(job.at, act_at, end))
        if act_at <= min(job.at, end):
            heapq.heappop(self._acts)[2]()
        elif job.at < end:
            job.at += job.every
            job.run()
            self._note_readings()

    def _begin_after(self, pause: float) -> None:
        self._process, begin = None, self.now + pause
        self.workspace.outlet = None
        while self._acts and self._acts[0][0] <= begin:
            self.clock.at, _, act = heapq.heappop(self._acts)
            act()
        self.clock.at = begin
        self.happened["starts"] += 1
        self.truth.a_process_begins(_standing(self.channels))
        self._process = Process(self._settings(), self.clock, self.log)
        self.workspace.outlet = self._process.envelopes.deliver

    def _settings(self) -> Settings:
        identity = self.workspace.identity
        values: dict[str, Any] = {
            "ppio_api_key": self.cloud_server.api_key,
            "ppio_base_url": self.cloud_server.url,
            "slack_bot_token": identity.token,
            "slack_app_token": identity.app_token,
            "slack_api_url": self.slack_server.api_url,
            "prewarm_channel": self.channels,
            "prewarm_data_dir": str(self.folder / "data"),
            "prewarm_poll_interval": self.poll_every,
            "prewarm_page_size": 1000,
            "prewarm_blind_after": 3 * self.poll_every,
            "prewarm_stuck_after": 4 * 3600,
            "prewarm_keep_days": self.keep_days,
            "prewarm_operators": ADA,
            "prewarm_http_port": 0,
        }
        return Settings(**values)

    # ---- what is seen of it

    def _note_readings(self, *, committed: bool = True) -> None:
        """Tell the truth what good readings of the list showed since the last time."""
        log = self.cloud.log
        new = [each for each in log.requests if each.serial > self._lists_read]
        self._lists_read = log.count
        for each in new:
            if committed and each.status == 200 and not each.faults:
                self.truth.read(self.cloud.rows(), self.now)

    def _note_subscriptions(self, before: Any, after: Any) -> None:
        for number in before.keys() - after.keys():
            self.truth.made.pop(number, None)
        for number in after.keys() - before.keys():
            made = after[number]
            word = " ".join(made.filter.words)
            self.truth.made[number] = Wish(made.to, made.hears == "failed", made.filter.cluster, made.task, word)

    def hear_slack(self, change: Change) -> None:
        """Count what a message of the bot tells, by the bot's own note of its members; each ID has to stand in it."""
        message = change.message
        if change.kind != "new" or not message.metadata:
            return
        self.happened["messages"] += 1
        memory = self.process.memory
        post = memory.posts[message.metadata["event_payload"]["key"]]
        text = self.workspace.as_text(message)
        for seq in post.members:
            self._count(post.to, memory.deliveries[seq].fact, text)

    def _count(self, to: str, fact: Any, text: str) -> None:
        if isinstance(fact, Notice):
            self.truth.notices[to, fact.kind.value, fact.about] += 1
            return
        assert fact.task.id in text, f"{fact.task.id} does not stand in {text!r}"
        if isinstance(fact, Stuck):
            self.truth.stuck[to, fact.task.id, fact.task.create_time, fact.task.state] += 1
            return
        gone = fact.kind is Kind.GONE
        how, completed = ("gone", "") if gone else (fact.task.state, fact.task.complete_time)
        ending = Ending(fact.task.id, fact.task.create_time, how, completed)
        self.truth.told[to, ending] += 1
        self.told.append((self.now, to, ending))

    # ---- what it costs

    def _count_the_day(self) -> None:
        with self.workspace.changed:
            calls = Counter(call.method for call in self.workspace.calls)
            self.workspace.calls.clear()
            self.workspace.interactions.clear()
            self._forget_old_messages()
        gc.collect()
        self.days.append(
            Day(
                number=round((self.now - BEGAN) / DAY),
                at=self.now,
                starts=self._since_yesterday("starts", self.happened["starts"]),
                commands=self._since_yesterday("commands", self.happened["commands"]),
                messages=self._since_yesterday("messages", self.happened["messages"]),
                cut=self.truth.cut_within(self.now - DAY, self.now, (self.keep_days + 1) * DAY),
                list_requests=self._since_yesterday("list", self.cloud.log.count),
                slack_requests=calls,
                rows=self._rows(),
                stored=sum(each.stat().st_size for each in (self.folder / "data").rglob("*.db*")),
                threads=threading.active_count(),
                descriptors=len(list(Path("/proc/self/fd").iterdir())),
                resident=int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
            )
        )

    def _since_yesterday(self, name: str, count: int) -> int:
        before, self._yesterday[name] = self._yesterday[name], count
        return count - before

    def _rows(self) -> Counter[str]:
        """Count the rows of the store's file by their kind."""
        by_kind = "SELECT substr(key, 1, instr(key, '/') - 1), count(*) FROM Cache GROUP BY 1"
        database = self.folder / "data" / "store" / "cache.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return Counter(dict(connection.execute(by_kind)))

    def _forget_old_messages(self) -> None:
        """A workspace keeps messages for ever; this one as long as a look may go back."""
        oldest = self.now - (self.keep_days + 2) * DAY
        for channel, messages in self.workspace._messages.items():
            self.workspace._messages[channel] = {ts: each for ts, each in messages.items() if float(ts) > oldest}


def _standing(channels: str) -> tuple[Wish, ...]:
    parts = (each.partition(":") for each in channels.split(","))
    return tuple(Wish(channel, hears == "failed") for channel, _, hears in parts)


def _workspace(clock: SimulatedClock) -> SlackWorkspace:
    people = [Person(user, user[2:].lower()) for user in (ADA, LIN, MAX, EVE)]
    everybody = frozenset(person.id for person in people)
    identity = Identity()
    channels = [
        Channel(each, each[2:].lower(), everybody | {identity.bot_user}, private=each.startswith("G"))
        for each in (PREWARM, OPS, LAB, GPU, TEAM)
    ]
    return SlackWorkspace(identity, people, channels, clock=clock.time, tick=clock.tick)
