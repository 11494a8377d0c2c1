"""What /healthz and /readyz say, one sentence a row: only what a restart mends makes the bot unhealthy."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.adapters.slack.scopes import HISTORY
from bot.adapters.slack.socket_state import SocketState
from bot.domain.memory import Memory, Meta
from bot.domain.outbox import Channel, Delivery
from bot.domain.subscription import Mute
from bot.operations.health import liveness, readiness
from bot.services.watcher import Watch
from tests.fakes import transition

NOW = 1000.0
MEMORY = Memory(Meta("S"))


def ready(**changed: Any) -> Mapping[str, Any]:
    parts: dict[str, Any] = {
        "watch": Watch(started=0.0, good_at=NOW - 5, good_time=1.0),
        "tick": NOW,
        "interval": 15.0,
        "socket": SocketState(connected=True),
        "memory": MEMORY,
        "now": NOW,
        "channels": ["C1"],
        "scopes": set(HISTORY),
    }
    report = readiness(**(parts | changed))
    return {"http": int(report.status), **report.body()}


def parked(to: str) -> Memory:
    return Memory(Meta("S"), channels={to: Channel(to, parked="not_in_channel", since=1.0)})


def limited(to: str, seconds: float, *mutes: Mute) -> Memory:
    """Return a memory in which something has been due for so long, because of a 429."""
    waiting = Delivery(1, to, transition("t-1"), NOW - seconds)
    return Memory(
        Meta("S"),
        deliveries={1: waiting},
        channels={to: Channel(to, until=NOW + 30, why="ratelimited", failures=9)},
        mutes={each.to: each for each in mutes},
    )


@pytest.mark.parametrize(
    ("changed", "http", "part", "state"),
    [
        pytest.param({}, 200, "list", "ok", id="all is well"),
        pytest.param({"watch": Watch(started=0.0)}, 503, "list", "down", id="the list was never read"),
        pytest.param({"watch": Watch(0.0, good_at=NOW - 44)}, 200, "list", "ok", id="younger than three intervals"),
        pytest.param({"watch": Watch(0.0, good_at=NOW - 46)}, 503, "list", "down", id="older than three intervals"),
        pytest.param({"watch": Watch(0.0, good_at=NOW - 9), "interval": 1.0}, 200, "list", "ok", id="at least 10 s"),
        pytest.param({"socket": SocketState()}, 503, "socket", "down", id="the socket is not connected"),
        pytest.param(
            {"socket": SocketState(connected=True, warning="two bots")}, 200, "socket", "degraded", id="a second bot"
        ),
        pytest.param({"memory": parked("C1")}, 503, "C1", "down", id="a channel of PREWARM_CHANNEL is parked"),
        pytest.param({"memory": parked("C9")}, 200, "C9", "degraded", id="a subscribed one is parked"),
        pytest.param({"memory": limited("C1", 59.0)}, 200, "C1", "ok", id="a wait of less than a minute"),
        pytest.param({"memory": limited("C1", 60.0)}, 503, "C1", "down", id="an endless wait"),
        pytest.param({"memory": limited("C9", 60.0)}, 200, "C9", "degraded", id="an endless wait of a subscribed one"),
        pytest.param({"memory": limited("U9", 60.0)}, 200, "U9", "degraded", id="an endless wait of a person"),
        pytest.param(
            {"memory": limited("C1", 9e3, Mute("C1", 2e3, 0.0, 0))}, 200, "C1", "ok", id="a quiet is no trouble"
        ),
        pytest.param({"memory": parked("*")}, 503, "slack", "down", id="Slack refuses the bot"),
        pytest.param({"scopes": {"chat:write"}}, 200, "history", "degraded", id="the history may not be read"),
    ],
)
def test_readyz(changed: dict[str, Any], http: int, part: str, state: str) -> None:
    report = ready(**changed)
    assert (report["http"], report["parts"][part]["state"]) == (http, state)
    assert report["parts"][part]["why"]


def test_p17_readyz_says_since_when_and_why() -> None:
    waits, refuses = (ready(memory=memory)["parts"]["C1"]["why"] for memory in (limited("C1", 60.0), parked("C1")))
    assert waits == (
        "Nothing can be told here since 1970-01-01T00:15:40Z (ratelimited). 1 message waits. "
        "It is tried again by itself."
    )
    assert refuses == (
        "Nothing can be told here since 1970-01-01T00:00:01Z (not_in_channel). 0 messages wait. "
        "`prewarm-bot check` names the remedy."
    )


@pytest.mark.parametrize(
    ("courier", "schedule", "store", "http"),
    [
        pytest.param(True, "", "", 200, id="all threads run"),
        pytest.param(False, "", "", 503, id="a dead thread"),
        pytest.param(True, "No job has begun for 121 s.", "", 503, id="a schedule that begins nothing"),
        pytest.param(True, "", "the disk is full", 503, id="an unusable store"),
    ],
)
def test_healthz(courier: bool, schedule: str, store: str, http: int) -> None:
    report = liveness({"courier": courier}, schedule, store)
    assert int(report.status) == http
    assert [part.name for part in report.parts] == ["courier", "scheduler", "store"]


def test_what_may_have_been_said_twice_is_told_though_it_is_long_put_away() -> None:
    memory = Memory(Meta("S", repeats=3, repeated_at=1_800_000_000.0))
    assert ready(memory=memory)["parts"]["history"]["why"] == (
        "3 deliveries may have been said twice, the last at 2027-01-15T08:00:00Z."
    )
