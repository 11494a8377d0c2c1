"""The payloads that Slack sends over Socket Mode, built from the workspace's records.

Pure functions from facts to JSON; field names as in docs.slack.dev (apis/events-api, reference/interaction-payloads).
"""

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.demo.slack.records import Channel, Identity, Json, Message, Person

if TYPE_CHECKING:
    from bot.demo.slack.interaction import Interaction

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Envelope:
    """One thing to deliver to one connection; a retry is the same payload with the next `attempt`."""

    type: str
    payload: Json
    interaction: "Interaction | None" = None
    attempt: int = 0
    reason: str = ""

    def again(self, reason: str) -> "Envelope":
        return replace(self, attempt=self.attempt + 1, reason=reason)

    def frame(self, envelope_id: str) -> Json:
        """The envelope as it goes over the wire."""
        retry = {"retry_attempt": self.attempt, "retry_reason": self.reason} if self.type == "events_api" else {}
        accepts = self.interaction is not None
        return {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": accepts,
            **retry,
        }


def new_id(prefix: str) -> str:
    """An ID that is unique in this process, e.g. `Ev0000000A`."""
    return f"{prefix}{next(_numbers):08X}"


def event_callback(identity: Identity, event: Json, event_time: float) -> Json:
    return {
        "token": "legacy-verification-token",
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": None,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(event_time),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": identity.team_id,
                "user_id": identity.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": new_id("4-"),
    }


def slash_payload(identity: Identity, person: Person, channel: Channel, typed: tuple[str, str]) -> Json:
    """`typed` is the command and the text behind it."""
    kinds = {"im": "directmessage", "groups": "privategroup"}
    return {
        "token": "legacy-verification-token",
        "team_id": identity.team_id,
        "team_domain": identity.domain,
        "channel_id": channel.id,
        "channel_name": kinds.get(channel.scope_prefix, channel.name),
        "user_id": person.id,
        "user_name": person.name,
        "command": typed[0],
        "text": typed[1],
        "api_app_id": identity.app_id,
        "is_enterprise_install": "false",
    }


def block_actions_payload(identity: Identity, person: Person, action: Json) -> Json:
    """What every click carries, wherever it happened."""
    return {
        "type": "block_actions",
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": identity.team_id},
        "api_app_id": identity.app_id,
        "token": "legacy-verification-token",
        "team": {"id": identity.team_id, "domain": identity.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "state": {"values": {}},
        "actions": [action],
    }


def message_json(identity: Identity, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as the Web API and events show it."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    shown["team"] = identity.team_id
    if message.by_bot:
        profile = {"id": identity.bot_id, "app_id": identity.app_id, "name": identity.bot_name, "deleted": False}
        shown |= {"bot_id": identity.bot_id, "app_id": identity.app_id, "bot_profile": profile}
    if message.blocks:
        shown["blocks"] = list(message.blocks)
    if message.thread_ts:
        shown |= {"thread_ts": message.thread_ts}
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def spoken_blocks(text: str) -> tuple[Json, ...]:
    """The rich text that a client sends beside what a person typed."""
    pieces = re.split(r"<([^<>]+)>", text)
    elements = [
        marked_up(piece) if index % 2 else {"type": "text", "text": unescaped(piece)}
        for index, piece in enumerate(pieces)
        if piece
    ]
    section = {"type": "rich_text_section", "elements": elements}
    return ({"type": "rich_text", "block_id": new_id("b"), "elements": [section]},)


def marked_up(inner: str) -> Json:
    """The rich text element for what stands between `<` and `>` in mrkdwn."""
    target, _, label = inner.partition("|")
    kinds = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!": ("broadcast", "range")}
    if target[0] in kinds:
        kind, field = kinds[target[0]]
        return {"type": kind, field: target[1:]}
    return {"type": "link", "url": target} | ({"text": label} if label else {})


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def action_of(element: Json, block_id: str, ts: str) -> Json:
    """The `actions` entry for a used element; selects carry their first option unless one was chosen."""
    known = ("type", "action_id", "text", "value", "style", "selected_option")
    return {key: element[key] for key in known if key in element} | {"block_id": block_id, "action_ts": ts}
