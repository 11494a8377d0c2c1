"""Events: somebody mentions the bot or writes to it, or the bot may be in a channel again."""

from typing import Any

from slack_bolt import App, BoltContext

from bot.listeners.ports import Desk, Lanes


def register(app: App, desk: Desk, lanes: Lanes) -> None:
    """Answer mentions in their thread, direct messages where they were written, and probe a channel joined again."""

    def mentioned(event: dict[str, Any], body: dict[str, Any]) -> None:
        thread = event.get("thread_ts") or event["ts"]
        desk.message(body.get("event_id") or "", event.get("text") or "", event["channel"], thread)

    def written(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id"):
            key = body.get("event_id") or ""
            desk.message(key, event.get("text") or "", event["channel"], event.get("thread_ts"))

    def joined(event: dict[str, Any], context: BoltContext) -> None:
        if event.get("user") == context.bot_user_id:
            lanes.rejoined(event["channel"])

    def unarchived(event: dict[str, Any]) -> None:
        lanes.rejoined(event["channel"])

    app.event("app_mention")(mentioned)
    app.event("message")(written)
    app.event("member_joined_channel")(joined)
    app.event("channel_unarchive")(unarchived)
    app.event("group_unarchive")(unarchived)
