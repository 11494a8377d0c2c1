"""App Home: published when it is opened, once a minute while somebody may look, and at no price when that fails."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from bot.domain.outbox import Action, Doubtful, Posted, Refused, SendOutcome
from bot.services.app_homes import LOOKS_FOR, AppHomes
from bot.services.events import Failed
from bot.services.question import Access
from tests.fakes import Witness
from tests.unit.answers_harness import House, OneStyle, Poller, remembering, task

T = TypeVar("T")


@dataclass
class Slack:
    """Follows its script, then takes everything; `homes` holds the texts of all that was published."""

    outcomes: deque[SendOutcome] = field(default_factory=deque)
    homes: list[tuple[str, str]] = field(default_factory=list)

    def publish_home(self, user: str, view_blocks: Sequence[dict[str, Any]]) -> SendOutcome:
        self.homes.append((user, str(view_blocks)))
        return self.outcomes.popleft() if self.outcomes else Posted("")


class AtOnce(ThreadPoolExecutor):
    """A pool without threads: what is submitted is done."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Lobby:
    """App Home, published at once."""

    def __init__(self, *outcomes: SendOutcome, access: Access | None = None) -> None:
        self.house, self.witness = House(remembering(task("t-1", image="qwen"))), Witness()
        self.slack = Slack(deque(outcomes))
        self.homes = AppHomes(
            self.slack,
            self.house.answers,
            access=access or Access(),
            styles=OneStyle(),
            observe=self.witness,
            tick=self.house.clock.tick,
        )
        self.homes._pool = AtOnce()

    def opens(self, *users: str) -> None:
        for user in users:
            self.homes.show(user)

    def after(self, seconds: float) -> list[str]:
        """Let time pass until the schedule comes by; return whose Home is published then."""
        self.house.clock.at += seconds
        self.slack.homes.clear()
        self.homes.keep_fresh()
        return [user for user, _ in self.slack.homes]


def test_home_is_published_when_it_is_opened() -> None:
    lobby = Lobby()
    lobby.opens("U0ADA")
    [(user, text)] = lobby.slack.homes
    assert user == "U0ADA"
    assert "qwen" in text


def test_it_is_kept_fresh_while_somebody_may_look_and_no_longer() -> None:
    lobby = Lobby()
    lobby.opens("U0ADA", "U0LIN")
    seen = [lobby.after(60.0) for _ in range(20)]
    fresh = int(LOOKS_FOR / 60) - 1
    assert seen == [["U0ADA", "U0LIN"]] * fresh + [[]] * (20 - fresh)


def test_who_opens_it_again_looks_on() -> None:
    lobby = Lobby()
    lobby.opens("U0ADA", "U0LIN")
    lobby.after(LOOKS_FOR - 60)
    lobby.opens("U0LIN")
    assert lobby.after(60.0) == ["U0LIN"]


def test_nobody_looks_and_nothing_is_published() -> None:
    assert Lobby().after(60.0) == []


def test_who_may_not_ask_is_told_so_once() -> None:
    lobby = Lobby(access=Access(users=("U0LIN",), operators=("U0OP",)))
    lobby.opens("U0ADA")
    [(_, text)] = lobby.slack.homes
    assert "qwen" not in text
    assert "U0OP" in text
    assert lobby.after(60.0) == []


@pytest.mark.parametrize(
    ("outcome", "is_tried_again"),
    [
        pytest.param(Doubtful("timeout"), True, id="Slack does not answer"),
        pytest.param(Refused(Action.WAIT, "ratelimited", 30.0), True, id="Slack asks for patience"),
        pytest.param(Refused(Action.STOP, "token_revoked"), True, id="the token is revoked: it may come back"),
        pytest.param(Refused(Action.PARK, "user_not_found"), False, id="a person who left"),
        pytest.param(Refused(Action.PARK, "not_enabled"), False, id="the app has no Home"),
        pytest.param(Refused(Action.PLAIN, "invalid_blocks"), False, id="blocks that Slack does not take"),
    ],
)
def test_what_cannot_be_published_is_told_and_tried_again_where_that_may_help(
    outcome: SendOutcome, is_tried_again: bool
) -> None:
    lobby = Lobby(outcome)
    lobby.opens("U0ADA")
    [failed] = lobby.witness.of(Failed)
    assert failed.what == "home"
    assert "U0ADA" in failed.sentence
    assert lobby.after(60.0) == ["U0ADA"] * is_tried_again


def test_a_fault_of_ours_costs_one_home_and_is_told() -> None:
    class Broken(Poller):
        def refresh(self, wait: float) -> None:  # noqa: ARG002 - the watcher's signature
            raise ZeroDivisionError

    lobby = Lobby()
    lobby.house.answers._watcher = Broken()
    lobby.opens("U0ADA", "U0LIN")
    assert [type(each.error) for each in lobby.witness.of(Failed)] == [ZeroDivisionError] * 2
    assert lobby.slack.homes == []


def test_showing_waits_for_nothing_and_after_the_stop_nothing_is_published() -> None:
    lobby, gate, busy = Lobby(), threading.Event(), threading.Event()

    class Slow(Slack):
        def publish_home(self, user: str, view_blocks: Sequence[dict[str, Any]]) -> SendOutcome:
            busy.set()
            gate.wait(10)
            return super().publish_home(user, view_blocks)

    slack = Slow()
    lobby.homes._slack, lobby.homes._pool = slack, ThreadPoolExecutor(1)
    lobby.opens("U0ADA", "U0LIN")
    assert busy.wait(10)
    lobby.homes.stop()
    gate.set()
    lobby.homes._pool.shutdown(wait=True)
    assert [user for user, _ in slack.homes] == ["U0ADA"]
