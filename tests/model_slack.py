"""A model of Slack for the state machine of delivery: what it stores, when it shows it, and how its answers go astray.

Time is a fake clock that each request moves on. What Slack promises is kept: a request is carried out within 8 s of its
beginning and shows in the history within 18 s (P6), unless a plan says `too_late`. It judges as it goes: `faults` names
every breach of the pace (P8) and of the key (P2).
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from bot.domain.outbox import Action, Doubtful, Now, Page, Posted, Refused, SendOutcome, Unreadable
from bot.rendering.payload import Payload
from tests.fakes import Clock, Killed

SHOWN_WITHIN = 18.0  # seconds from a request to its message in the history (P6)


@dataclass(frozen=True)
class Plan:
    """How the next request goes. `what`: ok, lost, odd, limited, everywhere, unsent, killed."""

    what: str = "ok"
    seconds: float = 0.1  # from the request to its end, 8 at most
    stored: bool = True  # whether a request without an answer was carried out
    shown_after: float = 0.0  # seconds from the request until the history shows it
    retry_after: float | None = None
    stood: float = 0.0  # seconds for which the host stood still with the request in hand, its clocks included

    @property
    def is_too_late(self) -> bool:
        return self.shown_after >= SHOWN_WITHIN


@dataclass
class Said:
    """A message that Slack stored."""

    ts: str
    conversation: str
    key: str
    members: tuple[int, ...]
    marked: bool
    shown_at: float
    too_late: bool
    deleted_by: str = ""  # "", bot or person


@dataclass
class World:
    """The workspace: outlives every process of the bot."""

    clock: Clock
    said: list[Said] = field(default_factory=list)
    plan: Plan = Plan()
    outside: set[str] = field(default_factory=set)  # conversations and people that the bot cannot reach
    read_only: set[str] = field(default_factory=set)  # channels where it may read and not write
    revoked: bool = False
    may_write: bool = True  # the scope chat:write
    may_read: bool = True  # the history scopes
    may_delete: bool = True
    lowest_rung: int = 0  # forms above are refused
    unread: set[str] = field(default_factory=set)  # keys that were looked for and could not be
    faults: list[str] = field(default_factory=list)
    requests: int = 0
    ended: dict[str, float] = field(default_factory=dict)  # the last request per conversation

    def heal(self) -> None:
        """Switch every fault off."""
        self.outside, self.read_only, self.lowest_rung = set(), set(), 0
        self.revoked, self.may_write, self.may_read, self.may_delete = False, True, True, True
        self.plan = Plan()

    def taken_plan(self) -> Plan:
        self.requests += 1
        plan, self.plan = self.plan, Plan()
        return plan

    def store(self, conversation: str, key: str, told: dict[str, Any], plan: Plan) -> str:
        """Keep a message; the plan says when it shows."""
        at = self.clock.at + min(plan.shown_after, plan.seconds if plan.what == "ok" else 8.0)
        ts = f"{at + len(self.said) * 1e-6:.6f}"
        said = Said(ts, conversation, key, tuple(told["members"]), told["repeat"], 0.0, plan.is_too_late)
        said.shown_at = self.clock.at + plan.shown_after
        if any(other.key == key and other.members != said.members for other in self.said):
            self.faults.append(f"P6: {key} was sent again with other members")
        self.said.append(said)
        return ts

    def shown(self, conversation: str, key: str, after: float, until: float) -> tuple[str, ...]:
        """What the history shows now of a key."""
        return tuple(
            sorted(
                each.ts
                for each in self.said
                if each.conversation == conversation
                and each.key == key
                and after <= float(each.ts) <= until
                and each.shown_at <= self.clock.at
                and not each.deleted_by
            )
        )


class ModelSlack:
    """Slack's Web API as one process of the bot sees it. `Date` has whole seconds; the process has its own tick."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._origin = world.clock.at * 0.7  # ticks mean nothing to the next process
        self._heard: tuple[float, float, float] | None = None
        self._started = world.clock.at
        self._stood = 0.0

    def tick(self) -> float:
        return self.world.clock.at - self._origin - self._stood

    def now(self) -> Now | None:
        if self._heard is None:
            return None
        date, asked, came = self._heard
        return Now(date + self.tick() - came, date + 1 + self.tick() - asked, self.tick())

    def identify(self) -> object:
        plan = self.world.taken_plan()
        if plan.what == "lost" and self._heard is not None:
            return Doubtful("timeout")
        self._answered(0.1)
        return self._stopped() or object()

    def open(self, user: str) -> str | Refused:
        plan = self.world.taken_plan()
        self._answered(plan.seconds)
        if plan.what != "ok":
            return Refused(Action.WAIT, plan.what, plan.retry_after)
        away = Refused(Action.PARK, "user_disabled") if user in self.world.outside else None
        return self._stopped() or away or f"D{user}"

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
        world, told = self.world, json.loads(payload.text)
        plan = self.world.taken_plan()
        world.clock.at += plan.stood
        self._stood += plan.stood
        self._check_pace(conversation)
        refused = self._refused(conversation, told["rung"])
        ts = ""
        # An unknown "no" may lie, but not to the marked repeat: that one is believed, since nobody can look (P9).
        unclear = ("lost", "killed") if told["repeat"] else ("lost", "killed", "odd")
        if refused is None and (plan.what == "ok" or (plan.stored and plan.what in unclear)):
            ts = world.store(conversation, key, told, plan)
        self._ends(plan)
        world.ended[conversation] = world.clock.at
        return _waits(plan) or _in_doubt(plan) or refused or Posted(ts)

    def say(self, conversation: str, payload: Payload, thread_ts: str | None) -> SendOutcome:  # noqa: ARG002 - Slack's
        return Posted("")  # answers promise nothing, so the machine asks for none

    def update(self, conversation: str, ts: str, payload: Payload) -> SendOutcome:  # noqa: ARG002 - Slack's
        return Posted(ts)  # nor do edits

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str
    ) -> Page | Refused | Doubtful | Unreadable:
        """Show the history from the newest message back, one of ours a page, so that a look takes several requests."""
        world = self.world
        plan = self.world.taken_plan()
        world.clock.at += plan.seconds / 2
        shown = world.shown(conversation, key, after, min(math.inf if until is None else until, float(cursor or "inf")))
        self._ends(Plan(plan.what, plan.seconds / 2))
        away = Refused(Action.PARK, "not_in_channel") if conversation in world.outside else None
        if refused := _waits(plan) or _in_doubt(plan) or self._stopped() or away:
            return refused
        if not world.may_read:
            world.unread.add(key)
            return Unreadable("missing_scope")
        return Page(shown[-1:], f"{float(shown[-1]) - 1e-6:.6f}" if len(shown) > 1 else "")

    def delete(self, conversation: str, ts: str) -> bool:
        for each in self.world.said:
            if self.world.may_delete and (each.conversation, each.ts) == (conversation, ts):
                each.deleted_by = each.deleted_by or "bot"
        return self.world.may_delete

    def _check_pace(self, conversation: str) -> None:
        last = max(self.world.ended.get(conversation, 0.0), self._started)
        if self.world.clock.at - last < 1 - 1e-6:
            self.world.faults.append(f"P8: {conversation} was posted to {self.world.clock.at - last} s after the last")

    def _refused(self, conversation: str, rung: int) -> Refused | None:
        world = self.world
        if conversation in world.outside:
            return Refused(Action.PARK, "not_in_channel")
        if conversation in world.read_only:
            return Refused(Action.PARK, "restricted_action")
        if not world.may_write:
            return Refused(Action.STOP, "missing_scope")
        return self._stopped() or (Refused(Action.PLAIN, "invalid_blocks") if rung < world.lowest_rung else None)

    def _stopped(self) -> Refused | None:
        return Refused(Action.STOP, "token_revoked") if self.world.revoked else None

    def _ends(self, plan: Plan) -> None:
        if plan.what == "killed":
            self.world.clock.at += plan.seconds
            raise Killed
        if plan.what in ("lost", "unsent"):
            self.world.clock.at += plan.seconds  # no answer, no Date
        else:
            self._answered(plan.seconds)

    def _answered(self, seconds: float) -> None:
        asked = self.tick()
        self.world.clock.at += seconds / 2
        date = float(math.floor(self.world.clock.at))
        self.world.clock.at += seconds / 2
        self._heard = (date, asked, self.tick())


def _waits(plan: Plan) -> Refused | None:
    if plan.what not in ("limited", "everywhere", "unsent"):
        return None
    return Refused(Action.WAIT, plan.what, plan.retry_after, everywhere=plan.what == "everywhere")


def _in_doubt(plan: Plan) -> Doubtful | None:
    return Doubtful(plan.what, odd=plan.what == "odd") if plan.what in ("lost", "odd") else None
