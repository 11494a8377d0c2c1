"""Whether the bot is well: /healthz for who may restart it, /readyz for who wonders why nothing comes, /metrics.

A restart mends a dead thread or a store that cannot be used, and nothing else: so what Slack, the vendor or a missing
invitation keeps from working is told by /readyz alone. What is the case is decided here without I/O; the server
that says so over HTTP stands in `operations/health_server.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bot.adapters.slack.scopes import HISTORY
from bot.adapters.slack.socket_state import SocketState
from bot.domain.memory import Memory
from bot.domain.outbox import WORKSPACE, Channel
from bot.domain.untold import Untold, untold
from bot.services.watcher import Watch

INTERVALS: Final = 3  # a good poll must be younger than so many intervals
AT_LEAST: Final = 10.0  # seconds


class State(StrEnum):
    """How a part is. The whole is as its worst part; only DOWN is no 200."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bot, its state, and why: a sentence for people."""

    name: str
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an endpoint answers."""

    parts: tuple[Part, ...]

    @property
    def state(self) -> State:
        """The worst of the parts."""
        order = list(State)
        return max((part.state for part in self.parts), key=order.index, default=State.OK)

    @property
    def status(self) -> HTTPStatus:
        """503 when a part is down."""
        return HTTPStatus.SERVICE_UNAVAILABLE if self.state is State.DOWN else HTTPStatus.OK

    def body(self) -> dict[str, object]:
        """Return the JSON object: `status`, and `parts` by name with `state` and `why`."""
        parts = {part.name: {"state": part.state.value, "why": part.why} for part in self.parts}
        return {"status": self.state.value, "parts": parts}


def liveness(threads: Mapping[str, bool], schedule: str = "", store: str = "") -> Report:
    """Report what a restart would mend: `threads` by name, whether each runs; else why it cannot be used, or ""."""
    parts = [_part(name, "" if runs else "This thread has died.", "It runs.") for name, runs in threads.items()]
    scheduler = _part("scheduler", schedule, "Its jobs begin in time.")
    return Report((*parts, scheduler, _part("store", store, "It can be written.")))


def readiness(
    *,
    watch: Watch,
    tick: float,
    interval: float,
    socket: SocketState,
    memory: Memory,
    now: float,
    channels: Sequence[str],
    scopes: Collection[str] = (),
) -> Report:
    """Report whether news would be seen and told now.

    `tick` is now on the clock of `watch`, `now` on Slack's, `interval` PREWARM_POLL_INTERVAL in seconds, `channels` the
    IDs of PREWARM_CHANNEL, `scopes` what the bot token was granted (nothing: not known).
    """
    troubles = {each.to: each for each in untold(memory) if each.lasts(now)}
    workspace = memory.channels.get(WORKSPACE)
    return Report(
        (
            _list(watch, tick, max(INTERVALS * interval, AT_LEAST)),
            _socket(socket),
            _slack(workspace if workspace and workspace.parked else None),
            *(_part(to, _why(troubles.get(to)), "What is due there is told.") for to in channels),
            *(Part(to, State.DEGRADED, _why(each)) for to, each in troubles.items() if to not in channels),
            _history(memory, scopes),
        )
    )


def _part(name: str, trouble: str, fine: str, bad: State = State.DOWN) -> Part:
    return Part(name, bad, trouble) if trouble else Part(name, State.OK, fine)


def _list(watch: Watch, tick: float, limit: float) -> Part:
    because = f" {watch.trouble}" if watch.trouble else ""
    if watch.good_at is None:
        return Part("list", State.DOWN, f"The list has not been read yet.{because}")
    age = tick - watch.good_at
    words = f"The list was last read {age:.0f} s ago"
    if age < limit:
        return Part("list", State.OK, f"{words}.{because}")
    return Part("list", State.DOWN, f"{words}, more than {limit:.0f} s.{because}")


def _socket(socket: SocketState) -> Part:
    if not socket.connected:
        return Part("socket", State.DOWN, socket.last_error or "The Socket Mode connection is being opened.")
    return _part("socket", socket.warning, "Slack's commands and mentions arrive.", State.DEGRADED)


def _slack(stopped: Channel | None) -> Part:
    refused = stopped and (
        f"Slack refuses the bot ({stopped.parked}) since {_time(stopped.since)}. All messages wait, and it is tried "
        "again slowly. `prewarm-bot check` names the remedy."
    )
    return _part("slack", refused or "", "Slack takes what is posted.")


def _why(each: Untold | None) -> str:
    if each is None:
        return ""
    waiting = "1 message waits" if each.waiting == 1 else f"{each.waiting} messages wait"
    told = f"Nothing can be told here since {_time(each.since)} ({each.why or 'the log may say why'}). {waiting}."
    return f"{told} `prewarm-bot check` names the remedy." if each.stopped else f"{told} It is tried again by itself."


def _history(memory: Memory, scopes: Collection[str]) -> Part:
    missing = ", ".join(sorted(HISTORY.keys() - set(scopes))) if scopes else ""
    repeats = _repeats(memory)
    if not missing:
        return Part("history", State.OK, repeats or "A message in doubt can be looked for.")
    trouble = (
        f"The bot token lacks {missing}: a message in doubt cannot be looked for, so it may be said twice. Install the "
        "Slack app again from manifest.yml."
    )
    return Part("history", State.DEGRADED, f"{trouble} {repeats}".rstrip())


def _repeats(memory: Memory) -> str:
    number = memory.meta.repeats
    if not number:
        return ""
    what = "1 delivery" if number == 1 else f"{number} deliveries"
    return f"{what} may have been said twice, the last at {_time(memory.meta.repeated_at)}."


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
