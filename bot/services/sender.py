"""Carries out one step of a lane: ask the rules, do it, decide what came of it, write that down (rules P).

What is in flight is committed before its request goes out, so that a crash at any point leaves something that can be
settled. No threads here: `courier.py` runs the lanes.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from msgspec.structs import replace as but

from bot.domain import queue, quiet, untold, verdict
from bot.domain.fact import Fact, Transition
from bot.domain.lane import Form, Idle, Lane, Look, Send, Speak, Wait, next_step
from bot.domain.memory import Changes, Memory
from bot.domain.outbox import (
    Action,
    Delivery,
    Doubtful,
    LookOutcome,
    Now,
    Page,
    Phase,
    Post,
    Posted,
    Refused,
    Seen,
    SendOutcome,
    Unreadable,
)
from bot.domain.subscription import fallback_recipients, is_person
from bot.domain.verdict import Decision, Fate
from bot.messages import render as messages
from bot.rendering.payload import Payload
from bot.services.events import Delayed, DeliverySettled, Failed, HeldUp, Observer, Opened, Parked
from bot.services.ledger import Ledger
from bot.services.pace import Pace
from bot.services.style_resolver import StyleResolver

LOOK_BEYOND: Final = 120.0  # seconds past a post's deadline that a look still reads: a late twin stands there (P6, P7)
FAULTS_AT_MOST: Final = 2  # pages in a row without a usable answer before a look begins anew
SLEEP_AT_MOST: Final = 60.0  # seconds, so that a stepped clock costs a minute at most
NOT_YET: Final = 0.5  # seconds until Slack's time is asked for again, before Slack ever answered


class Slack(Protocol):
    """What delivery needs of Slack's Web API. None of these raises."""

    def now(self) -> Now | None: ...

    def open(self, user: str) -> str | Refused: ...

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome: ...

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str
    ) -> Page | Refused | Doubtful | Unreadable: ...

    def delete(self, conversation: str, ts: str) -> bool: ...


class PostRenderer:
    """Words posts in the style of their recipient; pure (P12)."""

    def __init__(self, styles: StyleResolver) -> None:
        self._styles = styles

    def render(self, post: Post, facts: Sequence[Fact]) -> Payload:
        """Return the message of a post."""
        return messages.render(post, facts, self._styles.of(post.to))

    def render_edit(self, to: str, key: str, facts: Sequence[Fact], ended: Mapping[str, Transition]) -> Payload:
        """Return the message of older facts, and how the tasks in it ended."""
        return messages.render_edit(key, facts, ended, self._styles.of(to))

    def fit(self, to: str, facts: Sequence[Fact]) -> int:
        """Return how many of the facts one post to this recipient can take."""
        return messages.fit(facts, self._styles.of(to))


@dataclass(frozen=True, slots=True)
class Reading:
    """A look under way, page by page: when it began, up to which message it reads, and what it has found so far.

    It begins with the newest page of all: were Slack's clock wrong when the post went out, it may stand there.
    """

    began: Now
    until: float
    cursors: tuple[str | None, ...] = (None,)  # of the pages asked for, the last one next; None: the newest of all
    found: frozenset[str] = frozenset()
    faults: int = 0


class Sender:
    """Advances lanes, one step at a time.

    `standing` are the channels of PREWARM_CHANNEL, `operators` people: where a parked recipient is told of (P14).
    """

    def __init__(
        self,
        slack: Slack,
        ledger: Ledger,
        renderer: PostRenderer,
        *,
        pace: Pace,
        settle: float,
        standing: Sequence[str],
        operators: Sequence[str],
        observe: Observer,
    ) -> None:
        self._slack, self._ledger, self._renderer = slack, ledger, renderer
        self._pace, self._settle, self._observe = pace, settle, observe
        self._standing, self._operators = standing, operators
        self._opened: dict[str, str] = {}
        self._readings: dict[str, Reading] = {}  # by the post's key; a restart looks anew

    def advance(self, to: str) -> float | None:
        """Do what the lane may do now; return the seconds until there is more, None when nothing is left."""
        now = self._slack.now()
        if now is None:
            return NOT_YET
        match next_step(queue.lane_of(self._ledger.memory, to), now):
            case Idle():
                return None
            case Wait(until):
                return min(until - now.lower, SLEEP_AT_MOST)
            case Speak(mute):
                self._ledger.change(lambda memory: (quiet.speak(memory, mute.to, now.lower), None))
            case Look(post):
                self._look(post)
            case Send(post):
                return self._send(post)
            case Form(members):
                return self._form(to, members)
        return 0.0

    def recovery(self, memory: Memory, now: Now) -> Changes:
        """Return what makes a loaded outbox ready for this process."""
        return queue.recover(memory, now, self._settle)

    def shut_out(self, to: str, code: str) -> None:
        """Park a recipient before a message of ours finds out: the bot was removed, or the channel archived (P14)."""

        def compute(memory: Memory) -> tuple[Changes, tuple[Lane, Decision] | None]:
            lane, now = queue.lane_of(memory, to), self._now()
            if lane.channel.parked:
                return Changes(), None
            decision = verdict.decide_open(lane, Refused(Action.PARK, code), now, jitter=random.random())
            return self._written(memory, lane, None, decision, now), (lane, decision)

        if (done := self._ledger.change(compute)) is not None:
            self._report(None, *done)

    def tell_elsewhere(self, began: float) -> list[untold.Untold]:
        """Say in other places who has not been told for long, and return them (P14).

        The lanes run since `began`, on Slack's clock.
        """

        def compute(memory: Memory) -> tuple[Changes, list[untold.Untold]]:
            now, changes = self._now().lower, Changes()
            late = [each for each in untold.untold(memory) if untold.is_for_elsewhere(memory, each, now, began)]
            for each in late:
                others = self._elsewhere(memory, each.to, now)
                changes = changes.then(untold.tell_elsewhere(memory.after(changes), each, others, now))
            return changes, late

        late = self._ledger.change(compute)
        for each in late:
            if not each.stopped:
                self._observe(HeldUp(each.to, each.why, self._now().lower - each.since))
        return late

    # ---- sending: P4, P5

    def _form(self, to: str, members: tuple[Delivery, ...]) -> float:
        conversation = self._conversation(to)
        if conversation is None:
            return 0.0
        if wait := self._pace.take(conversation):
            return wait
        chosen = self._fitting(members)

        def commit(memory: Memory) -> tuple[Changes, Post | None]:
            queued = {each.seq for each in queue.lane_of(memory, to).queue}  # a limit may have dropped some by now
            still = tuple(each for each in chosen if each.seq in queued)
            if not still:
                return Changes(), None
            # Opening the conversation and the lock took their time, so "now" is asked for anew (P4).
            post = queue.form(memory, still, conversation, self._now(), self._settle)
            return Changes(posts={post.key: post}), post

        post = self._ledger.change(commit)
        if post is not None:
            self._request(post)
        return 0.0

    def _fitting(self, members: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        try:
            return members[: self._renderer.fit(members[0].to, [each.fact for each in members])]
        except Exception as error:  # noqa: BLE001 - what cannot be told together is told singly (P12)
            self._observe(Failed("render", f"{len(members)} messages for {members[0].to} are told singly.", error))
            return members[:1]

    def _send(self, post: Post) -> float:
        if wait := self._pace.take(post.conversation):
            return wait

        def commit(memory: Memory) -> tuple[Changes, Post | None]:
            if post.key not in memory.posts:  # the lane was given up meanwhile (P18)
                return Changes(), None
            again = queue.sending(post, self._now(), self._settle)
            return Changes(posts={post.key: again}), again

        if (again := self._ledger.change(commit)) is not None:
            self._request(again)
        return 0.0

    def _request(self, post: Post) -> None:
        members = [self._ledger.memory.deliveries[seq] for seq in post.members]
        was_parked = queue.lane_of(self._ledger.memory, post.to).channel.parked
        try:
            payload = self._renderer.render(_marked(post, members), [each.fact for each in members])
        except Exception as error:  # noqa: BLE001 - a fault of ours in one form must not hold the channel (P12)
            self._observe(Failed("render", f"Post {post.key} cannot be worded on rung {post.rung}.", error))
            outcome: SendOutcome = Refused(Action.FAULT, "not_worded")
        else:
            outcome = self._slack.post(post.conversation, post.key, payload)
            self._pace.spent(post.conversation, outcome)
        note = "ok" if isinstance(outcome, Posted) else outcome.code

        def decide(lane: Lane, current: Post, now: Now) -> Decision:
            decision = verdict.decide_send(lane, current, outcome, now, settle=self._settle, jitter=random.random())
            if isinstance(outcome, Posted) and lane.channel.parked and not was_parked:
                return replace(decision, channel=lane.channel)  # it was said before the bot was shut out (R6)
            return decision

        self._conclude(post, decide, note)

    def _conversation(self, to: str) -> str | None:
        """Return where to post; for a person, open the conversation first (P4)."""
        if not is_person(to):
            return to
        if to not in self._opened:
            outcome = self._slack.open(to)
            if isinstance(outcome, Refused):
                self._not_opened(to, outcome)
                return None
            self._opened[to] = outcome
        return self._opened[to]

    def _not_opened(self, to: str, outcome: Refused) -> None:
        def compute(memory: Memory) -> tuple[Changes, tuple[Lane, Decision]]:
            lane, now = queue.lane_of(memory, to), self._now()
            decision = verdict.decide_open(lane, outcome, now, jitter=random.random())
            return self._written(memory, lane, None, decision, now), (lane, decision)

        self._report(None, *self._ledger.change(compute))

    # ---- looking: P6, P7

    def _look(self, post: Post) -> None:
        """Read one page for the post's key, and decide once all are read.

        A rate limit between two pages costs no progress: some apps get fifteen messages a minute.
        """
        outcome = self._read(post)
        if outcome is None:
            return

        def decide(lane: Lane, current: Post, now: Now) -> Decision:
            if current.phase is Phase.AUDIT:
                return verdict.decide_audit(lane, current, outcome, now)
            return verdict.decide_look(lane, current, outcome, now, jitter=random.random())

        decision = self._conclude(post, decide)
        for ts in decision.twins:
            self._slack.delete(post.conversation, ts)

    def _read(self, post: Post) -> LookOutcome | None:
        """Read the next page; None: there are more."""
        reading = self._readings.pop(post.key, None)
        until = post.settle_by + LOOK_BEYOND
        if reading is None or reading.until != until:  # another request went out since
            reading = Reading(self._now(), until)
        cursor = reading.cursors[-1]
        bound = None if cursor is None else reading.until
        page = self._slack.page(post.conversation, post.key, post.after, bound, cursor or "")
        if isinstance(page, Page):
            found = reading.found.union(page.ts)
            if not page.cursor:
                return Seen(tuple(sorted(found)), reading.began)
            following = "" if cursor is None else page.cursor
            if following in reading.cursors:
                return Doubtful("odd_history")
            cursors = (*reading.cursors, following)
            self._readings[post.key] = replace(reading, cursors=cursors, found=found, faults=0)
            return None
        waits = isinstance(page, Refused) and page.action is Action.WAIT
        faults = reading.faults if waits else reading.faults + 1
        if faults < FAULTS_AT_MOST:
            self._readings[post.key] = replace(reading, faults=faults)
        return page

    # ---- writing down

    def _conclude(self, post: Post, decide: Callable[[Lane, Post, Now], Decision], note: str = "") -> Decision:
        """Decide on the memory as it is now, and commit what follows."""

        def compute(memory: Memory) -> tuple[Changes, tuple[Lane, Decision]]:
            lane, now = queue.lane_of(memory, post.to), self._now()
            if post.key not in memory.posts:  # the lane was given up meanwhile (P18)
                return Changes(), (lane, Decision("given up", None, lane.channel, lane.workspace))
            current = queue.answered(post, note) if note else post
            decision = decide(lane, current, now)
            return self._written(memory, lane, current, decision, now), (lane, decision)

        lane, decision = self._ledger.change(compute)
        if decision.channel.parked:  # a person's next try opens the conversation anew: Slack may say that they left
            self._opened.pop(post.to, None)
        self._report(post, lane, decision)
        return decision

    def _written(self, memory: Memory, lane: Lane, post: Post | None, decision: Decision, now: Now) -> Changes:
        changes = queue.conclude(memory, lane, post, decision, now)
        if not decision.channel.parked or decision.channel.elsewhere:
            return changes
        after, to = memory.after(changes), lane.channel.to
        closed = untold.untold_of(after, to)
        if closed is None or not untold.is_for_elsewhere(after, closed, now.lower, began=0.0):
            return changes
        return changes.then(untold.tell_elsewhere(after, closed, self._elsewhere(memory, to, now.lower), now.lower))

    def _elsewhere(self, memory: Memory, to: str, now: float) -> tuple[str, ...]:
        unreached = {each.to for each in untold.untold(memory) if each.lasts(now)}
        return fallback_recipients(to, self._standing, memory.subscriptions.values(), unreached, self._operators)

    def _now(self) -> Now:
        now = self._slack.now()
        assert now is not None, "an outcome came from Slack's answer or after one"  # noqa: S101 - a proof for mypy
        return now

    def _report(self, post: Post | None, lane: Lane, decision: Decision) -> None:
        to = lane.channel.to
        if post is not None and decision.fate is Fate.SETTLED and decision.result is not None:
            count = len(post.members)
            self._observe(DeliverySettled(decision.result.value, count, to, post.key, post.conversation, decision.ts))
        elif post is not None and post.phase is Phase.SENDING:
            self._observe(Delayed(to, post.key, decision.note, len(post.members)))
        for old, new in ((lane.channel, decision.channel), (lane.workspace, decision.workspace)):
            if new.parked and not old.parked:
                self._observe(Parked(new.to, new.parked))
            elif (old.parked or old.elsewhere) and not (new.parked or new.elsewhere):
                self._observe(Opened(new.to))


def _marked(post: Post, members: Sequence[Delivery]) -> Post:
    """Return it with the mark that it may repeat an earlier message, if that may be so of a member (P9, S)."""
    return but(post, may_repeat=post.may_repeat or any(each.may_repeat for each in members))
