"""What the embedded Slack workspace consists of, as plain records.

Both the terminal and the page of the demo show these, and tests compare them. They are frozen: a change replaces a
record, so whoever holds one holds a consistent snapshot.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Identity:
    """Who the workspace and the app in it are."""

    team_id: str = "T0DEMO"
    team: str = "Demo"
    domain: str = "demo"
    app_id: str = "A0PREWARM"
    bot_id: str = "B0PREWARM"
    bot_user: str = "U0PREWARM"
    bot_name: str = "prewarm"
    token: str = "xoxb-demo-not-a-real-token"  # noqa: S105 - a dummy that says so
    app_token: str = "xapp-demo-not-a-real-token"  # noqa: S105 - a dummy that says so


@dataclass(frozen=True)
class Person:
    """A member of the workspace; `deleted` people were deactivated."""

    id: str
    name: str
    locale: str = "en-US"
    timezone: str = "UTC"
    deleted: bool = False


@dataclass(frozen=True)
class Channel:
    """A conversation; `person` is the other side of a direct message with the bot, else empty."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    private: bool = False
    archived: bool = False
    person: str = ""

    @property
    def scope_prefix(self) -> str:
        """The scope family that guards this kind of conversation, e.g. `channels` in `channels:history`."""
        if self.person:
            return "im"
        return "groups" if self.private else "channels"


@dataclass(frozen=True)
class Message:
    """A message; `ts` is unique and increasing in the workspace.

    `thread_ts` is the parent's `ts` in a reply, else empty. `only_for` is the one person who sees an ephemeral
    message. `indexed_at` (monotonic seconds) is when history begins to show it.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str = ""
    by_bot: bool = False
    only_for: str = ""
    edited_ts: str = ""
    indexed_at: float = 0.0


@dataclass(frozen=True)
class Change:
    """What subscribers hear of: `kind` is new, updated or deleted."""

    kind: str
    message: Message


@dataclass(frozen=True)
class Call:
    """One request to the Web API or a `response_url`.

    `at` is monotonic seconds at arrival. `outcome` is empty while it runs, then "ok" or the error code that the
    *method* came to; `fault` names what was done to the answer on top of that. `status` is the HTTP status sent, 0
    if none was.
    """

    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0
    outcome: str = ""
    status: int = 0
    fault: str = ""
