"""What Slack's answers hold, read without trust: a field of the wrong type reads as absent, and nothing raises."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from bot.adapters.slack.wire import Answer

EVENT_TYPE: Final = "prewarm_delivery"  # Slack silently drops metadata whose type holds other signs than these (P2)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token is. https://docs.slack.dev/reference/methods/auth.test"""

    bot_id: str
    user_id: str
    url: str
    scopes: frozenset[str]  # of the X-OAuth-Scopes header


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What conversations.info says of a conversation. In a direct message the bot counts as a member."""

    name: str
    is_member: bool
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Responded:
    """Whether a response_url took an answer, and if not, why: a word, or Slack's own."""

    ok: bool
    reason: str = ""


def text_of(data: Any, name: str) -> str:
    """Return a text field of an object, or "" when either is not what it should be."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def identity_of(answer: Answer) -> Identity:
    """Read auth.test."""
    scopes = (scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(","))
    return Identity(
        bot_id=text_of(answer.data, "bot_id"),
        user_id=text_of(answer.data, "user_id"),
        url=text_of(answer.data, "url"),
        scopes=frozenset(filter(None, scopes)),
    )


def facts_of(channel: Mapping[str, Any]) -> ChannelFacts:
    """Read the `channel` of conversations.info."""
    return ChannelFacts(
        name=text_of(channel, "name"),
        is_member=channel.get("is_member") is True or channel.get("is_im") is True,
        is_archived=channel.get("is_archived") is True,
    )


def keys_of(message: Mapping[str, Any]) -> tuple[str, str]:
    """Return what may be our key in a message: it travels twice, because Slack may drop metadata (P2)."""
    metadata, blocks = message.get("metadata"), message.get("blocks")
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    ours = text_of(metadata, "event_type") == EVENT_TYPE
    first = blocks[0] if isinstance(blocks, list) and blocks else None
    return (text_of(payload, "key") if ours else "", text_of(first, "block_id"))


def page_of(data: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the messages of a page of history, or None if it is not one."""
    page = data.get("messages")
    return page if isinstance(page, list) and all(isinstance(message, dict) for message in page) else None


def next_cursor(data: Mapping[str, Any]) -> str:
    """Return where the next page begins, "" after the last."""
    return text_of(data.get("response_metadata"), "next_cursor")


def complaints_of(data: Mapping[str, Any]) -> list[str]:
    """Return, in words, what Slack silently left out of a message it posted."""
    message, metadata = data.get("message"), data.get("response_metadata")
    found = []
    if not isinstance(message, Mapping) or not message.get("metadata"):
        found.append("no metadata came back, so a doubt could be settled by its block ID alone")
    if not text_of(data, "ts"):
        found.append("no ts came back, so it cannot be edited later")
    warnings = metadata.get("warnings") if isinstance(metadata, Mapping) else None
    if warnings:
        found.append(f"Slack warns: {warnings}")
    return found


def responded(status: int, body: str) -> Responded:
    """Read the answer of a response_url: "ok", a JSON object, or a bare word such as `expired_url`."""
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    refused = isinstance(data, Mapping) and data.get("ok") is False
    if status == HTTPStatus.OK and not refused:
        return Responded(ok=True)
    return Responded(ok=False, reason=f"http_{status} {text_of(data, 'error') or body[:80]}".strip())
