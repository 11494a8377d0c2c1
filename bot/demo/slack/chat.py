"""The chat methods: posting, editing and deleting, with Slack's checks in Slack's order.

Limits and warnings are those of docs.slack.dev/reference/methods/chat.postMessage and chat.update.
"""

import json
import re
from typing import Any

from bot.demo.slack import blocks as slack_blocks
from bot.demo.slack.call import ApiError, SlackCall, invalid_arguments
from bot.demo.slack.events import message_json, new_id
from bot.demo.slack.records import Channel, Json, Message
from bot.demo.slack.state import permalink
from bot.demo.slack.text import blocks_as_text

POST_TEXT, UPDATE_TEXT, MARKDOWN_TEXT = 40_000, 4_000, 12_000
METADATA_MOST = 8_000  # Slack documents the error, not the number
EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]+")


def post_message(call: SlackCall) -> Json:
    channel = writable_channel(call)
    content, warnings = post_content(call)
    metadata, more = checked_metadata(call)
    thread_ts = thread_of(call, channel)
    keep_pace(call, channel)
    bot_user = call.workspace.identity.bot_user
    message = call.workspace.store(
        channel.id, bot_user, content.pop("text"), metadata=metadata, thread_ts=thread_ts, by_bot=True, **content
    )
    call.workspace.limiter.accepted(channel.id, call.workspace.tick())
    tell_direct(call, message, {})
    return posted(call, message) | warned([*warnings, *more])


def update(call: SlackCall) -> Json:
    message = own_message(call, "cant_update_message")
    if call.workspace.channels[message.channel].archived:
        raise ApiError("is_inactive")
    if len(call.text("text")) > UPDATE_TEXT:
        raise ApiError("msg_too_long")
    content, warnings = post_content(call)
    metadata, more = checked_metadata(call) if "metadata" in call.arguments else (message.metadata, [])
    was_rich = any(block["type"] == "rich_text" for block in message.blocks)
    now_rich = any(block["type"] == "rich_text" for block in content["blocks"])
    if was_rich and content["blocks"] and not now_rich:
        raise ApiError("block_mismatch")
    edited_ts = "" if content["blocks"] else call.workspace.new_ts()
    edited = call.workspace.edit(message, metadata=metadata, edited_ts=edited_ts, **content)
    tell_direct(call, edited, {"subtype": "message_changed", "message": message_json(call.workspace.identity, edited)})
    return posted(call, edited) | {"text": edited.text} | warned([*warnings, *more])


def delete(call: SlackCall) -> Json:
    message = own_message(call, "cant_delete_message")
    call.workspace.remove(message)
    tell_direct(call, message, {"subtype": "message_deleted", "deleted_ts": message.ts})
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(call: SlackCall) -> Json:
    """Slack accepts one for a thread that has no reply yet, and shows it to nobody."""
    channel = writable_channel(call)
    user = call.text("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content, warnings = post_content(call)
    thread_ts = thread_of(call, channel)
    if thread_ts and not call.workspace.messages(channel.id, thread_ts=thread_ts):
        return {"message_ts": call.workspace.new_ts()} | warned(warnings)
    bot_user = call.workspace.identity.bot_user
    message = call.workspace.store(
        channel.id, bot_user, content.pop("text"), thread_ts=thread_ts, by_bot=True, only_for=user, **content
    )
    return {"message_ts": message.ts} | warned(warnings)


def get_permalink(call: SlackCall) -> Json:
    channel = call.channel()
    message = call.workspace.message(channel.id, call.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(call.workspace.identity, message)}


# -- where to


def writable_channel(call: SlackCall) -> Channel:
    """Where the bot may write; a user ID means the direct messages with that person."""
    person = call.workspace.people.get(call.text("channel"))
    channel = call.workspace.direct_channel(person.id) if person else call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if call.workspace.is_bot_in(channel):
        return channel
    if "chat:write.public" not in call.workspace.scopes:
        raise ApiError("not_in_channel")
    return channel


def thread_of(call: SlackCall, channel: Channel) -> str:
    """The `ts` of the thread's first message; Slack takes any reply's `ts` for its thread too."""
    asked = call.text("thread_ts")
    if not asked:
        return ""
    parent = call.workspace.message(channel.id, asked)
    if parent is None:
        raise ApiError("thread_not_found" if re.fullmatch(r"\d+\.\d{6}", asked) else "invalid_thread_ts")
    return parent.thread_ts or parent.ts


def keep_pace(call: SlackCall, channel: Channel) -> None:
    wait = call.workspace.limiter.wait(channel.id, call.workspace.tick())
    if wait:
        raise ApiError("ratelimited", status=429, headers={"Retry-After": str(wait)})


def own_message(call: SlackCall, refusal: str) -> Message:
    channel = call.channel()
    message = call.workspace.message(channel.id, call.text("ts"))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    if not message.by_bot:
        raise ApiError(refusal)
    return message


# -- what


def post_content(call: SlackCall) -> tuple[Json, list[str]]:
    """The text and blocks to store, and warnings; raises ApiError for what Slack refuses."""
    blocks = checked_blocks(call)
    text = call.text("text") or call.text("markdown_text")
    if call.arguments.get("markdown_text"):
        check_markdown(call)
    if not text and not blocks:
        raise ApiError("no_text")
    warnings = ["message_truncated"] if len(text) > POST_TEXT else []
    return {"text": text[:POST_TEXT] or blocks_as_text(blocks), "blocks": tuple(blocks)}, warnings


def checked_blocks(call: SlackCall, *, most: int | None = slack_blocks.MESSAGE_TEXT) -> list[Json]:
    """The blocks, each with a block_id; raises as Slack refuses. `most` is how much text they may hold in sum."""
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    refuse_blocks(slack_blocks.message_problems(blocks, data_table=not call.workspace.faults.refuses_data_table))
    if most is not None and slack_blocks.text_length(blocks) > most:
        raise ApiError("msg_blocks_too_long")
    return [{"block_id": new_id("b")} | block for block in blocks]


def refuse_blocks(problems: list[str]) -> None:
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise ApiError("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def check_markdown(call: SlackCall) -> None:
    if call.arguments.get("text") or call.arguments.get("blocks"):
        raise ApiError("markdown_text_conflict")
    if len(call.text("markdown_text")) > MARKDOWN_TEXT:
        raise ApiError("msg_too_long")


def checked_metadata(call: SlackCall) -> tuple[Json | None, list[str]]:
    """The metadata to store and warnings: what breaks the schema is dropped and the message posted all the same."""
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None or call.fault.drops_metadata:
        return None, []
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= metadata.keys():
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_MOST:
        raise ApiError("metadata_too_large")
    if not EVENT_TYPE.fullmatch(str(metadata["event_type"])) or not is_flat_payload(metadata["event_payload"]):
        return None, ["invalid_metadata_schema"]
    return metadata, []


def is_flat_payload(payload: Any) -> bool:
    """An object of strings, numbers, booleans, flat objects and lists of flat objects (no null)."""
    if not isinstance(payload, dict):
        return False
    parts = [part for value in payload.values() for part in (value if isinstance(value, list) else [value])]
    lists_hold_objects = all(isinstance(p, dict) for v in payload.values() if isinstance(v, list) for p in v)
    flat = [leaf for part in parts for leaf in (part.values() if isinstance(part, dict) else [part])]
    return lists_hold_objects and all(isinstance(leaf, str | int | float | bool) for leaf in flat)


# -- the answer


def posted(call: SlackCall, message: Message) -> Json:
    shown = message_json(call.workspace.identity, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": shown}


def warned(warnings: list[str]) -> Json:
    if not warnings:
        return {}
    return {"warning": ",".join(warnings), "response_metadata": {"warnings": warnings}}


def tell_direct(call: SlackCall, message: Message, change: Json) -> None:
    """In a direct conversation the app hears `message.im` of its own messages too."""
    if call.workspace.channels[message.channel].person:
        shown = change or message_json(call.workspace.identity, message)
        event = {"type": "message", "channel": message.channel, "channel_type": "im", "ts": message.ts}
        call.workspace.emit("message.im", event | shown)


def required(call: SlackCall, names: tuple[str, ...]) -> None:
    """Raise invalid_arguments naming what is missing."""
    missing = [f"missing required field: {name}" for name in names if not call.arguments.get(name)]
    if missing:
        raise invalid_arguments(*missing)
