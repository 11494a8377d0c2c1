"""One life of the bot, from its start to a stop or a kill: the real `Bot`, wired anew where it meets time.

Real: watcher, ledger, courier with its threads, answers, listeners, the store on a disk, HTTP to both servers.
Replaced: the clock; APScheduler (its jobs run when the simulated time says so); the websocket (envelopes are handed to
the same Bolt app); thread pools (what they would do beside is done at once, so that a seed repeats it).
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.socket_mode.request import SocketModeRequest

from bot.adapters.slack.socket_state import SocketState
from bot.bootstrap import Bot
from bot.domain.memory import Changes
from bot.operations.log import LogObserver
from bot.settings import Settings
from tests.fakes import Killed
from tests.simulation.simulated_clock import SimulatedClock


class AtOnce(Executor):
    """Does what is handed to it on the spot."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **options: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **options))
        except Exception as error:  # noqa: BLE001 - a pool keeps what was raised
            future.set_exception(error)
        return future


class NoWait(threading.Event):
    """The process's `stopping`: a wait for it passes at once, since the time does not pass by itself."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - an Event's signature
        return self.is_set()


@dataclass
class Job:
    run: Callable[[], None]
    every: float
    at: float


class Schedule:
    """Stands in for APScheduler, and for the look from outside that `Bot.run` takes."""

    trouble = ""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self.jobs: dict[str, Job] = {}

    def every(self, seconds: float, name: str, call: Callable[[], None]) -> None:
        self.jobs[name] = Job(call, seconds, self._clock.at)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    @property
    def next(self) -> Job:
        return min(self.jobs.values(), key=lambda job: job.at)


class Envelopes:
    """Stands in for the websocket: hands what Slack sends to the bot's own Bolt app."""

    def __init__(self, handle: Callable[[Any, SocketModeRequest], None]) -> None:
        self._handle = handle
        self.state, self.alive, self.logger = SocketState(connected=True), True, logging.getLogger(__name__)
        self._open: dict[str, Any] = {}

    def connect(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, envelope: Any) -> None:
        """Take an envelope of the embedded workspace."""
        name = str(id(envelope))
        self._open[name] = envelope
        frame = envelope.frame(name)
        self._handle(self, SocketModeRequest(frame["type"], name, frame["payload"]))

    def send_socket_mode_response(self, response: Any) -> None:
        envelope = self._open.pop(response.envelope_id)
        if envelope.interaction is not None:
            envelope.interaction.acknowledge(response.payload)


@dataclass
class MortalStore:
    """The store of a process that dies "before" or "after" one of its next commits (`in_commits` from now)."""

    store: Any
    clock: SimulatedClock
    die: str = ""
    in_commits: int = 0
    commits: int = 0

    def commit(self, changes: Changes) -> None:
        dies = bool(self.die) and self.in_commits <= 0
        self.in_commits -= 1
        self.clock.dead = dies
        if dies and self.die == "before":
            raise Killed
        self.store.commit(changes)
        self.commits += 1
        if dies:
            raise Killed


@dataclass
class Log:
    """The sentences of the log from warning on."""

    sentences: list[str] = field(default_factory=list)

    def log(self, level: int, sentence: str, **_: Any) -> None:
        if level >= logging.WARNING:
            self.sentences.append(sentence)


class Process:
    """From a start on what the last process left, to `stop` or `kill`."""

    def __init__(self, settings: Settings, clock: SimulatedClock, log: Log) -> None:
        self.clock = clock
        lines = LogObserver()
        lines._log = log
        self.bot: Any = self._wired(Bot(settings, lines, stopping=NoWait(), clock=clock))
        self.bot.start()

    def _wired(self, bot: Any) -> Any:
        self.schedule = bot.schedule = Schedule(self.clock)
        self.schedule.every(300.0, "sight", bot.watcher.tell_blindness)
        self.mortal = bot.ledger._store = MortalStore(bot.store, self.clock)
        self.envelopes = bot.socket = Envelopes(bot.socket.socket_mode_request_listeners[0])
        for part in (bot.dispatcher, bot.homes, bot.locales):
            pools = [name for name, value in vars(part).items() if isinstance(value, ThreadPoolExecutor)]
            assert pools, f"{part} has no threads any more"
            for name in pools:
                setattr(part, name, AtOnce())
        courier, edits, in_turn = bot.courier, bot.courier._edits, self.clock.in_turn
        courier._keeper = threading.Thread(target=in_turn(courier._keep), name="courier", daemon=True)
        edits._thread = threading.Thread(target=in_turn(edits._run), name="edits", daemon=True)
        courier._run = in_turn(courier._run)  # the target of each lane's thread
        return bot

    @property
    def memory(self) -> Any:
        return self.bot.ledger.memory

    def stop(self) -> None:
        """End as SIGTERM ends it."""
        self.clock.meanwhile(self.bot.stop)

    def kill(self) -> None:
        """End as SIGKILL ends it: threads stop where they are, what is in memory is gone, files stay as they are."""
        self.clock.bury()
        self.bot.api.close()
        self.bot.store.close()
