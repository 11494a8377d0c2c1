"""The state of the embedded workspace and the ways to watch it.

Requests come in on the server's thread, people act on the test's or the terminal's, and a page or a printer
watches: one lock guards everything, every change wakes those who wait, and subscribers are called in order without
the lock.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from bot.demo.slack.faults import SlackFaults
from bot.demo.slack.limiter import Limiter
from bot.demo.slack.records import Call, Change, Channel, Identity, Json, Message, Person

T = TypeVar("T")

# What manifest.yml asks for, which a test compares; what is missing here is refused or not delivered.
SCOPES = (
    *("app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "groups:history"),
    *("groups:read", "im:history", "im:write", "users:read"),
)
EVENTS = (
    *("app_home_opened", "app_mention", "member_joined_channel", "message.im"),
    *("channel_archive", "channel_left", "channel_rename", "channel_unarchive"),
    *("group_archive", "group_left", "group_rename", "group_unarchive"),
)
PEOPLE = (
    Person("U0ADA", "ada", timezone="Europe/Berlin"),
    Person("U0LIN", "lin", locale="zh-CN", timezone="Asia/Shanghai"),
)
SLACKBOT = "USLACKBOT"


class SlackState:
    """People, channels, messages, views and calls; `version` grows with every change.

    `home_tab`: whether the app has a Home tab, as its manifest says. `clock` gives Unix seconds and `tick` seconds
    that only grow; a simulation has its own.
    """

    def __init__(
        self,
        identity: Identity,
        people: Iterable[Person],
        channels: Iterable[Channel],
        *,
        clock: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock, self.tick = clock, tick
        self.identity = identity
        self.people = {person.id: person for person in people}
        self.channels = {channel.id: channel for channel in channels}
        self.scopes: set[str] = set(SCOPES)
        self.events: set[str] = set(EVENTS)
        self.home_tab = True
        self.faults = SlackFaults()
        self.limiter = Limiter()
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, Json] = {}
        self.calls: list[Call] = []
        self.version = 0
        self.changed = threading.Condition(threading.RLock())
        self._messages: dict[str, dict[str, Message]] = {}
        self._last_ts = 0
        self._depth = 0
        self._listeners: list[Callable[[Change], None]] = []
        self._unheard: deque[Change] = deque()
        self._speaking = threading.Lock()

    # -- watching

    def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0, what: str = "the workspace to change") -> T:
        """Wait until `predicate()` is true and return its value; it is asked again after every change.

        Raises TimeoutError naming `what` was awaited.
        """
        with self.changed:
            if not self.changed.wait_for(predicate, timeout):
                raise TimeoutError(f"Waited {timeout} s in vain for {what}.")
            return predicate()

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` for each new, updated or deleted message, soon and in order; returns what ends it.

        It runs on the thread that made the change, often the server's, and so must not wait for the workspace.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change the state: take the lock, and afterwards wake everybody who waits. May be nested."""
        with self.changed:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                self.version += 1
                self.changed.notify_all()
                outermost = self._depth == 0
        if outermost:
            self._tell_listeners()

    def _tell_listeners(self) -> None:
        # One thread speaks at a time and takes what others queued meanwhile: that keeps the order without the lock.
        while self._unheard and self._speaking.acquire(blocking=False):
            try:
                while self._unheard:
                    change = self._unheard.popleft()
                    for listener in tuple(self._listeners):
                        listener(change)
            finally:
                self._speaking.release()

    # -- time

    def now(self) -> float:
        """Slack's clock, which `Date` headers and `ts` show: seconds since 1970."""
        return self.clock() + self.faults.clock_skew

    def new_ts(self) -> str:
        """A `ts` that no message has and that is later than all."""
        with self.changed:
            self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # -- reading

    def channel_named(self, name: str) -> Channel | None:
        """The conversation with this ID, or `#name`, or `name`."""
        by_name = (channel for channel in list(self.channels.values()) if channel.name == name.removeprefix("#"))
        return self.channels.get(name) or next(by_name, None)

    def messages(self, channel: str, *, thread_ts: str = "", user: str = "") -> list[Message]:
        """What people see in a channel, or in a thread (replies only), oldest first; with `user` also what only
        they see."""
        with self.changed:
            found = self.channel_named(channel)
            stored = self._messages.get(found.id if found else channel, {}).values()
            return [m for m in stored if m.thread_ts == thread_ts and m.only_for in ("", user)]

    def bot_messages(self, channel: str) -> list[Message]:
        """What the bot posted at the top level of a channel, for everybody."""
        return [message for message in self.messages(channel) if message.by_bot]

    def ephemerals(self, user: str) -> list[Message]:
        """Every message that only this person sees, oldest first."""
        with self.changed:
            every = [m for stored in self._messages.values() for m in stored.values() if m.only_for == user]
            return sorted(every, key=lambda message: message.ts)

    def message(self, channel: str, ts: str) -> Message | None:
        """The message as it is now, or None once it was deleted."""
        with self.changed:
            return self._messages.get(channel, {}).get(ts)

    def direct_channel(self, user: str) -> Channel:
        """The direct messages between a person and the bot, opened on first use."""
        with self.changed:
            known = next((c for c in self.channels.values() if c.person == user), None)
            members = frozenset({user, self.identity.bot_user})
            channel = known or Channel(f"D{user[1:]}", f"dm-{self.people[user].name}", members, person=user)
            self.channels[channel.id] = channel
            return channel

    def names(self) -> dict[str, str]:
        """Names by ID, of people, the bot and channels, as clients show mentions."""
        people = {person.id: f"@{person.name}" for person in list(self.people.values())}
        channels = {channel.id: f"#{channel.name}" for channel in list(self.channels.values())}
        return people | channels | {self.identity.bot_user: f"@{self.identity.bot_name}", SLACKBOT: "@Slackbot"}

    def calls_of(self, method: str) -> list[Call]:
        with self.changed:
            return [call for call in self.calls if call.method == method]

    @property
    def count_429(self) -> int:
        """How many answers with HTTP 429 were handed out, by the limiter or as a fault."""
        with self.changed:
            return sum(call.status == 429 for call in self.calls)  # noqa: PLR2004 - the HTTP status itself

    # -- changing

    def store(self, channel: str, user: str, text: str, **rest: Any) -> Message:
        """Add a message; `rest` are further fields of Message."""
        with self.changing():
            indexed_at = self.tick() + self.faults.history_delay
            message = Message(channel, self.new_ts(), user, text, indexed_at=indexed_at, **rest)
            self._messages.setdefault(channel, {})[message.ts] = message
            self._unheard.append(Change("new", message))
            return message

    def edit(self, message: Message, **fields: Any) -> Message:
        """Replace fields of a message in place."""
        with self.changing():
            edited = replace(message, **fields)
            self._messages[message.channel][message.ts] = edited
            self._unheard.append(Change("updated", edited))
            return edited

    def remove(self, message: Message) -> None:
        """Take a message away, as deleting it in Slack does."""
        with self.changing():
            self._messages[message.channel].pop(message.ts, None)
            self._unheard.append(Change("deleted", message))

    def alter_channel(self, channel: Channel, **fields: Any) -> Channel:
        with self.changing():
            altered = replace(self.channels[channel.id], **fields)
            self.channels[channel.id] = altered
            return altered

    def record_call(self, method: str, arguments: Json) -> int:
        """Note a request that arrived; returns its index in `calls`."""
        shown = {name: value for name, value in arguments.items() if name != "token"}
        with self.changing():
            self.calls.append(Call(method, shown, self.tick()))
            return len(self.calls) - 1

    def finish_call(self, index: int, **fields: Any) -> None:
        """Note what a recorded request came to."""
        with self.changing():
            self.calls[index] = replace(self.calls[index], **fields)

    def is_bot_in(self, channel: Channel) -> bool:
        return self.identity.bot_user in channel.members


def permalink(identity: Identity, message: Message) -> str:
    """The address under which clients open a message."""
    return f"https://{identity.domain}.slack.com/archives/{message.channel}/p{re.sub(r'[.]', '', message.ts)}"
