"""One call of the Web API as its handler sees it: the arguments, the workspace and the ways to refuse.

slack_sdk sends forms, multipart forms and JSON, with booleans as 0 and 1 and blocks as JSON in a string; handlers
ask for a kind of value and need not know.
"""

import json
from dataclasses import dataclass
from typing import Any

from bot.demo.slack.faults import NO_FAULT, Fault
from bot.demo.slack.records import Channel, Json, Person
from bot.demo.slack.workspace import SlackWorkspace


class ApiError(Exception):
    """`ok: false` with this code; `fields` join the body, `headers` and `status` the HTTP answer."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.fields = fields


def invalid_arguments(*problems: str) -> ApiError:
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})


@dataclass(frozen=True)
class SlackCall:
    """A call that passed the token check."""

    workspace: SlackWorkspace
    arguments: Json
    fault: Fault = NO_FAULT

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; raises ApiError `invalid_<name>`."""
        raw = self.text(name) or str(default)
        if not raw.isdecimal() or not 1 <= int(raw) <= most:
            raise ApiError(f"invalid_{name}")
        return int(raw)

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, given as such or as a string; None if absent or empty. Raises ApiError `error`."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(error) from None

    def need_scope(self, *scopes: str) -> None:
        """Raise missing_scope unless the token has one of these."""
        provided = self.workspace.scopes
        if not provided.intersection(scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(provided)))

    def channel(self) -> Channel:
        """The conversation in `channel`, if the bot may know of it; raises channel_not_found."""
        workspace = self.workspace
        found = workspace.channel_named(self.text("channel"))
        if found is None or (found.private and not workspace.is_bot_in(found)):
            raise ApiError("channel_not_found")
        return found

    def own_channel(self) -> Channel:
        """The same, if the bot is a member; raises not_in_channel."""
        found = self.channel()
        if not self.workspace.is_bot_in(found):
            raise ApiError("not_in_channel")
        return found

    def person(self, name: str = "user") -> Person:
        """The person in an argument; raises user_not_found."""
        found = self.workspace.people.get(self.text(name))
        if found is None:
            raise ApiError("user_not_found")
        return found
