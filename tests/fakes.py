"""Small stand-ins for what delivery talks to, written by hand: a clock, a Slack that follows a script, plain wording.

The model of Slack that the state machine plays against is another thing: tests/model_slack.py.
"""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.fact import Fact, Kind, News, Transition
from bot.domain.memory import Changes
from bot.domain.outbox import Doubtful, Now, Page, Post, Posted, Refused, SendOutcome, Unreadable
from bot.domain.task import Task
from bot.rendering.payload import Payload
from bot.services.events import Event
from bot.services.sender import PostRenderer
from tests.fakes_store import MemoryStore, Shelf

E = TypeVar("E")
START = 1_800_000_000.0  # Unix seconds at which the fake clocks begin


class Killed(BaseException):
    """The process died here. Not an Exception: nothing in the bot may catch it."""


@dataclass
class Clock:
    """Time that passes only when told to."""

    at: float = START

    def tick(self) -> float:
        return self.at


@dataclass
class FakeSlack:
    """Follows its scripts; where they end, everything goes well. `log` holds the requests in their order."""

    clock: Clock
    posts: deque[SendOutcome] = field(default_factory=deque)
    looks: deque[Page | Refused | Doubtful | Unreadable] = field(default_factory=deque)
    opens: deque[Refused] = field(default_factory=deque)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    page_takes: float = 0.0  # seconds
    pages: list[tuple[float, float | None, str]] = field(default_factory=list)  # of history: after, until, cursor

    def now(self) -> Now | None:
        return Now(self.clock.at, self.clock.at + 1, self.clock.at)

    def open(self, user: str) -> str | Refused:
        self.log.append(("open", user, ""))
        return self.opens.popleft() if self.opens else f"D{user}"

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:  # noqa: ARG002 - Slack's signature
        self.log.append(("post", conversation, key))
        return self.posts.popleft() if self.posts else Posted(f"{self.clock.at:.6f}")

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str
    ) -> Page | Refused | Doubtful | Unreadable:
        self.log.append(("look", conversation, key))
        self.pages.append((after, until, cursor))
        self.clock.at += self.page_takes
        shown = self.looks.popleft() if self.looks else Page(())
        if isinstance(shown, Page) and until is not None:
            return Page(tuple(ts for ts in shown.ts if float(ts) <= until), shown.cursor)
        return shown

    def delete(self, conversation: str, ts: str) -> bool:
        self.log.append(("delete", conversation, ts))
        return True

    def asked(self, what: str) -> list[str]:
        """The conversations of the requests of one kind."""
        return [conversation for kind, conversation, _ in self.log if kind == what]


@dataclass
class PlainRenderer(PostRenderer):
    """Words a post as what it is made of. It cannot word rungs below `broken_below`, nor fit when `fits` is 0."""

    fits: int = 20
    broken_below: int = 0
    rendered: list[Post] = field(default_factory=list)

    def render(self, post: Post, facts: Sequence[Fact]) -> Payload:
        self.rendered.append(post)
        if post.rung < self.broken_below:
            raise ValueError(f"rung {post.rung} has a fault")
        told = {"rung": post.rung, "repeat": post.may_repeat, "members": post.members, "facts": len(facts)}
        return Payload(json.dumps(told), ({"type": "section", "block_id": post.key},))

    def fit(self, to: str, facts: Sequence[Fact]) -> int:  # noqa: ARG002 - all recipients are alike
        return min(len(facts), self.fits) if self.fits else 1 // self.fits


class MortalStore(MemoryStore):
    """A store in whose commits the process can die: "before" or "after" the transaction, after `spared` commits."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        super().__init__(shelf)
        self.die, self.spared = "", 0

    def commit(self, changes: Changes) -> None:
        dies = bool(self.die) and self.spared <= 0
        self.spared -= 1
        if dies and self.die == "before":
            raise Killed
        super().commit(changes)
        if dies:
            raise Killed


@dataclass
class Witness:
    """An observer that keeps what it heard."""

    heard: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.heard.append(event)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.heard if isinstance(event, kind)]


def transition(task: str = "t-1", *, kind: Kind = Kind.FAILED, late: bool = False) -> Transition:
    return Transition(kind, News.LATE if late else News.ENDED, Task(task, kind.value.title()), START)
