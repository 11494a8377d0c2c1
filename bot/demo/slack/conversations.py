"""The conversations methods: what was said, who is where, and opening a direct message.

History follows docs.slack.dev/reference/methods/conversations.history: top-level messages only, newest first,
metadata only on request, and only where the bot is a member.
"""

from collections.abc import Iterable

from bot.demo.slack.call import ApiError, SlackCall
from bot.demo.slack.events import message_json
from bot.demo.slack.records import Channel, Json, Message

HISTORY_DEFAULT, HISTORY_MOST = 100, 999


def open_conversation(call: SlackCall) -> Json:
    call.need_scope("im:write")
    if "," in call.text("users"):
        call.need_scope("mpim:write")
    user = call.person("users")
    if user.deleted:
        raise ApiError("user_disabled")
    channel = call.workspace.direct_channel(user.id)
    return {"channel": channel_json(call, channel) if call.flag("return_im") else {"id": channel.id}}


def history(call: SlackCall) -> Json:
    channel = call.own_channel()
    call.need_scope(f"{channel.scope_prefix}:history")
    found = [m for m in visible(call.workspace.messages(channel.id), call.workspace.tick()) if in_range(call, m)]
    return page_of_messages(call, found[::-1])


def info(call: SlackCall) -> Json:
    channel = call.channel()
    call.need_scope(f"{channel.scope_prefix}:read")
    return {"channel": channel_json(call, channel)}


def channel_json(call: SlackCall, channel: Channel) -> Json:
    """A conversation as Slack shows it to the bot."""
    shared = {"id": channel.id, "created": 1_700_000_000, "is_archived": channel.archived}
    if channel.person:
        return shared | {"is_im": True, "user": channel.person, "is_user_deleted": False, "is_channel": False}
    return shared | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_private": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_member": call.workspace.is_bot_in(channel),
        "num_members": len(channel.members),
        "context_team_id": call.workspace.identity.team_id,
    }


def visible(messages: Iterable[Message], now: float) -> list[Message]:
    """What history knows of by now (a tick); ephemeral messages never show."""
    return [message for message in messages if message.indexed_at <= now and not message.only_for]


def in_range(call: SlackCall, message: Message) -> bool:
    """`oldest` and `latest` bound the range, themselves excluded unless `inclusive`."""
    oldest, latest = (timestamp(call, name) for name in ("oldest", "latest"))
    at = float(message.ts)
    if call.flag("inclusive"):
        return oldest <= at and (not latest or at <= latest)
    return oldest < at and (not latest or at < latest)


def timestamp(call: SlackCall, name: str) -> float:
    try:
        return float(call.text(name) or 0)
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


def page_of_messages(call: SlackCall, found: list[Message]) -> Json:
    """One page, newest first. A position is the `ts` of its first message, so what comes meanwhile shifts nothing."""
    asked = call.number("limit", HISTORY_DEFAULT, HISTORY_MOST)
    limit = min(asked, call.workspace.faults.history_page or asked)
    start = position_of(found, call.text("cursor"))
    page, rest = found[start : start + limit], found[start + limit :]
    with_metadata = call.flag("include_all_metadata")
    shown = [message_json(call.workspace.identity, m, with_metadata=with_metadata) for m in page]
    cursor = {"response_metadata": {"next_cursor": f"next_ts:{rest[0].ts}"}} if rest else {}
    return {"messages": shown, "has_more": bool(rest), "pin_count": 0} | cursor


def position_of(found: list[Message], cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.startswith("next_ts:"):
        raise ApiError("invalid_cursor")
    at = cursor.removeprefix("next_ts:")
    return sum(m.ts > at for m in found)
