"""Whom a message notifies, which is how tests see whether hostile text got through.

Mark-up counts in mrkdwn and in the message's text, never in plain_text, raw_text or the texts of rich text.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.demo.slack.records import Message

SPOKEN = re.compile(r"<(?:@|!subteam\^)([UWS][A-Z0-9]+)[^>]*>|<!(channel|here|everyone)[^>]*>")
ELEMENTS = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}


def mentions(message: Message) -> set[str]:
    """IDs of the people and groups that a message notifies, and channel, here or everyone."""
    return {*spoken(message.text), *in_blocks(list(message.blocks))}


def spoken(text: str) -> Iterator[str]:
    for user, broadcast in SPOKEN.findall(text):
        yield user or broadcast


def in_blocks(part: Any) -> Iterator[str]:
    """Mentions in any part of the blocks, however deep."""
    if isinstance(part, list):
        for item in part:
            yield from in_blocks(item)
    elif isinstance(part, dict):
        yield from in_element(part)
        for value in part.values():
            yield from in_blocks(value)


def in_element(part: dict[str, Any]) -> Iterator[str]:
    kind = part.get("type", "")
    if kind == "mrkdwn":
        yield from spoken(part["text"])
    elif kind in ELEMENTS and ELEMENTS[kind] in part:
        yield part[ELEMENTS[kind]]
