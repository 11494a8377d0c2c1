"""Whether the bot is well: /healthz for who may restart it, /readyz for who wonders why nothing comes, /metrics.

A restart mends a dead thread or a store that cannot be used, and nothing else: so what Slack, the vendor or a missing
invitation keeps from working is told by /readyz alone. What is the case is decided here without I/O; the server
that says so over HTTP stands in `health_server.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bot.adapters.slack_scopes import HISTORY
from bot.adapters.socket_state import SocketState
from bot.domain.memory import Memory
from bot.domain.outbox import WORKSPACE, Channel
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


def liveness(threads: Mapping[str, bool], store: str = "") -> Report:
    """Report what a restart would mend: `threads` by name, whether each runs; `store`, why it cannot be used."""
    parts = [_part(name, "" if runs else "This thread has died.", "It runs.") for name, runs in threads.items()]
    return Report((*parts, _part("store", store, "It can be written.")))


def readiness(
    *,
    watch: Watch,
    tick: float,
    interval: float,
    socket: SocketState,
    memory: Memory,
    channels: Sequence[str],
    scopes: Collection[str] = (),
) -> Report:
    """Report whether news would be seen and told now.

    `tick` is now on the clock of `watch`, `interval` PREWARM_POLL_INTERVAL in seconds, `channels` the IDs of
    PREWARM_CHANNEL, `scopes` what the bot token was granted (nothing: not known).
    """
    parked = {to: channel for to, channel in memory.channels.items() if channel.parked}
    return Report(
        (
            _list(watch, tick, max(INTERVALS * interval, AT_LEAST)),
            _socket(socket),
            _slack(parked.get(WORKSPACE)),
            *(_channel(to, parked.get(to)) for to in channels),
            *(_subscribed(to, parked[to]) for to in sorted(parked.keys() - {*channels, WORKSPACE})),
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


def _channel(to: str, parked: Channel | None) -> Part:
    return _part(to, _why(parked) if parked else "", "It can be posted to.")


def _subscribed(to: str, parked: Channel) -> Part:
    return Part(to, State.DEGRADED, _why(parked))


def _why(parked: Channel) -> str:
    return (
        f"It cannot be posted to ({parked.parked}) since {_time(parked.since)}. Its messages wait. "
        "`prewarm-bot check` names the remedy."
    )


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
