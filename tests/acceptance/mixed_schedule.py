"""One random schedule from a seed, played against the bot as a process, and what came of it.

In spells of some seconds tasks come and end, faults of the list, of Slack's answers and of the socket begin and end,
several at a time, and the bot is killed and started again. Then all faults end, and the dust settles. Each spell is
followed by one undisturbed reading of the list: one that misleads in the same way for half a minute is believed (D6).
"""

import json
import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.slack.records import Change, Message
from tests.acceptance.mixed_troubles import HISTORY, HISTORY_DELAY, SETTLE, Trouble, choose
from tests.acceptance.stage import ADA, ADAS, CHANNEL, HELLO, OPS, Stage

SPELL = 7.0  # seconds of troubles
SPELLS = 5
KILLED = 0.6  # how likely a spell kills the bot
BROKEN_ROW = 0.3  # how likely a kill leaves a damaged row behind
SPARE = ("channels", "handled", "languages", "settled", "told")  # the kinds of such rows
DAMAGED = b'{"cut o'
BURST = 0.3  # how likely a spell has a burst, told as a digest (P13)
DUST = 150.0  # seconds in which all has to be told once nothing goes wrong any more
MARK = "This may repeat an earlier message"
PLACES = {CHANNEL: CHANNEL, OPS: OPS, ADAS: ADA}  # conversation and recipient: two channels and a person who watches
Told = tuple[str, str]  # conversation, task
Act = tuple[float, str, Callable[[], object]]  # when in the spell, its line in the log, what


@dataclass
class Tally:
    """What a schedule came to.

    Two outcomes are P9's, while the history may not be read: `marked`, a repeat that says of itself that it may be one,
    and `unsure`, settled without being seen since the answer to that repeat was lost as well.
    """

    seed: int
    switched: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    endings: int = 0  # for each place
    lost: int = 0
    repeated: int = 0
    marked: int = 0
    unsure: int = 0


class Schedule:
    """One schedule on a stage of its own."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.tally = stage, Tally(seed)
        self._chance = random.Random(seed)
        self._began = time.monotonic()
        self._log: list[str] = []
        self._running: list[str] = []
        self._due: set[str] = set()
        self._ever: list[Message] = []  # all that ever stood in a channel, deleted or not
        stage.workspace.subscribe(self._hear)

    def play(self) -> Tally:
        """Play the spells, let the dust settle, and count. A failure names the seed and what happened when."""
        faults = self.stage.workspace.faults
        faults.clock_skew = self._chance.uniform(-86_400, 86_400)
        faults.history_delay = HISTORY_DELAY
        self._start()
        try:
            self._greet()
            for spell in range(SPELLS):
                self._play_spell()
                self._let_the_list_be_read()
                if not spell:
                    self._let_one_vanish()
            self._settle()
            self._judge()
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"{self._history(error)}\n{self.stage.written()}") from error
        return self.tally

    def _start(self) -> None:
        self.stage.run(
            PREWARM_CHANNEL=f"{CHANNEL},{OPS}",
            PREWARM_SETTLE_SECONDS=SETTLE,
            PREWARM_PAGE_SIZE="20",
            PREWARM_STUCK_AFTER="0",  # a Date that is an hour ahead would make every task stuck
        )

    def _greet(self) -> None:
        for channel in (CHANNEL, OPS):
            self.stage.wait_said(HELLO, channel, within=60.0)
        self.stage.slack.socket.wait_connected(timeout=60.0)
        self.stage.workspace.slash(ADA, CHANNEL, "/prewarm", "watch all").wait_response()

    def _hear(self, change: Change) -> None:
        if change.kind == "new" and change.message.by_bot and not change.message.thread_ts:
            self._ever.append(change.message)

    # ---- what happens

    def _play_spell(self) -> None:
        troubles, moment = choose(self._chance, self.tally.switched.elements()), self._chance.uniform
        self.tally.switched.update(trouble.name for trouble in troubles)
        acts = [act for trouble in troubles for act in self._switched(trouble)]
        acts += [(moment(0.0, SPELL), "", self._change_a_task) for _ in range(self._chance.randrange(10, 30))]
        acts.append((moment(0.0, SPELL), "", lambda: self.stage.workspace.mention(ADA, CHANNEL, "help")))
        if self._chance.random() < BURST:
            acts.append((moment(0.0, SPELL), "burst", self._end_many))
        if self._chance.random() < KILLED:
            acts += [(moment(1.0, SPELL), "kill", self._kill) for _ in range(self._chance.randrange(1, 3))]
        if any(trouble.blinds for trouble in troubles):
            acts.append((SPELL, "kill", self._kill))
        self._act(acts)

    def _switched(self, trouble: Trouble) -> list[Act]:
        on = SPELL - 1.0 if trouble.blinds else self._chance.uniform(0.0, SPELL - 2.0)
        off = min(SPELL, on + self._chance.uniform(*trouble.lasts))
        return [
            (on, f"on   {trouble.name}", lambda: trouble.start(self.stage)),
            (off, f"off  {trouble.name}", lambda: trouble.end(self.stage)),
        ]

    def _act(self, acts: list[Act]) -> None:
        began = time.monotonic()
        for at, line, act in sorted(acts, key=lambda each: each[0]):
            threading.Event().wait(max(0.0, began + at - time.monotonic()))  # the schedule's own pace
            if line:
                self._log.append(f"{time.monotonic() - self._began:6.1f} s  {line}")
            act()

    def _kill(self) -> None:
        bot = self.stage.bots[-1]
        assert bot.running, "the bot ended by itself"
        bot.kill()
        self.tally.kills += 1
        if self._chance.random() < BROKEN_ROW:
            self._damage_a_row()
        self._start()

    @property
    def _database(self) -> Path:
        return self.stage.folder / "data" / "store" / "cache.db"

    def _damage_a_row(self) -> None:
        """Damage a row that no promise rests on: the start must keep all others, and lose and repeat nothing."""
        with closing(sqlite3.connect(self._database)) as connection:
            keys = [key for (key,) in connection.execute("SELECT key FROM Cache ORDER BY key")]
            spare = [key for key in keys if key.partition("/")[0] in SPARE]
            if spare:
                key = self._chance.choice(spare)
                connection.execute("UPDATE Cache SET value = ? WHERE key = ?", (DAMAGED, key))
                connection.commit()
                self.tally.switched["store: a damaged row"] += 1
                self._log.append(f"{time.monotonic() - self._began:6.1f} s  damaged {key}")

    def _change_a_task(self) -> None:
        chance, cloud = self._chance, self.stage.cloud
        if not self._running or chance.random() < 0.4:
            self._running.append(cloud.add(f"registry.example.com/team/image{chance.randrange(5)}:1"))
        elif chance.random() < 0.3:
            cloud.run(chance.choice(self._running))
        else:
            self._end(self._running.pop(chance.randrange(len(self._running))))

    def _end_many(self) -> None:
        for _ in range(self._chance.randrange(6, 15)):
            self._end(self.stage.cloud.add())

    def _end(self, task: str) -> None:
        self._due.add(self.stage.end(task, *(["i/o timeout"] if self._chance.random() < 0.4 else [])))

    def _let_the_list_be_read(self) -> None:
        """Wait until a sweep without any fault has ended: the next one begins."""
        log = self.stage.cloud.log
        since = log.count

        def is_read() -> bool:
            mine = [each for each in log.requests if each.serial > since and not each.faults]
            return len([each for each in mine if each.query.get("page") == "1"]) > 1

        assert self.stage.cloud.wait_for(is_read, 60.0), "the list was not read for a minute"

    def _let_one_vanish(self) -> None:
        """Take a task away that was seen at work; its vanishing is news (D6)."""
        if self._running:
            gone = self._running.pop(0)
            self.stage.cloud.remove(gone)
            self._due.add(gone)

    # ---- what came of it

    def _settle(self) -> None:
        """Wait until all is told, and then one more: what was queued before it is told by then."""
        until = time.monotonic() + DUST
        while missing := self._missing():
            assert time.monotonic() < until, f"not told after {DUST} s: {[self._stored(*each) for each in missing]}"
            self.stage.wait_polled(3, within=60.0)
        self._end(last := self.stage.cloud.add())
        for place in PLACES:
            self.stage.wait_said(last, place, within=60.0)

    @property
    def _wanted(self) -> set[Told]:
        return {(place, task) for place in PLACES for task in self._due}

    def _missing(self) -> set[Told]:
        told = {place: self.stage.told(place) for place in PLACES}
        return {each for each in self._wanted if not told[each[0]][each[1]] and not self._is_unsure(*each)}

    def _is_unsure(self, place: str, task: str) -> bool:
        return bool(self._stored(place, task).get("settled", {}).get("result") == "possible_repeat")

    def _stored(self, place: str, task: str) -> dict[str, Any]:
        """Return the delivery as the bot remembers it, or nothing."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as connection:
            which = "key LIKE 'deliveries/%' OR key LIKE 'told/%'"
            rows = connection.execute(f"SELECT value FROM Cache WHERE {which}").fetchall()  # noqa: S608 - a constant
        deliveries: list[dict[str, Any]] = [json.loads(value) for (value,) in rows if value != DAMAGED]
        mine = [each for each in deliveries if each["to"] == PLACES[place]]
        return next((each for each in mine if each["fact"].get("task", {}).get("id") == task), {})

    def _judge(self) -> None:
        plain, marked, wanted = Counter[Told](), Counter[Told](), self._wanted
        for message in self._ever:
            text = self.stage.read(message)
            ids = {(message.channel, task) for task in re.findall(r"\b[a-z0-9]{16}\b", text)}
            (marked if MARK in text else plain).update(ids)
        assert (plain | marked).keys() <= wanted, "something false was told"
        tally, untold = self.tally, {each for each in wanted if not plain[each] and not marked[each]}
        tally.endings, tally.unsure = len(wanted), sum(self._is_unsure(*each) for each in untold)
        tally.lost = len(untold) - tally.unsure
        tally.repeated = sum(plain[each] > 1 or marked[each] > 1 for each in wanted)
        tally.marked = sum(bool(plain[each] and marked[each]) for each in wanted)
        assert (tally.lost, tally.repeated) == (0, 0), f"lost {tally.lost}, repeated {tally.repeated}"
        unread = any(call.fault == "missing_scope" for call in self.stage.workspace.calls_of(HISTORY))
        assert unread or not (marked or tally.unsure), "given up though the history could be read"

    def _history(self, error: BaseException) -> str:
        log = "\n".join(self._log)
        return f"Seed {self.tally.seed} (once more: MIXED_SEEDS={self.tally.seed}): {error}\n{log}"
