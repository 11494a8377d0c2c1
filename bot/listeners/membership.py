"""Events about the bot in channels: invited, removed, archived, unarchived. IDs stay when a channel is renamed."""

from collections.abc import Callable
from typing import Any, Final

from slack_bolt import App, BoltContext

from bot.listeners.envelopes import Later
from bot.listeners.ports import Services
from bot.services.dispatcher import Question
from bot.services.question import Asker

_LOST: Final = {"left": "not_in_channel", "archive": "is_archived"}  # to the code that a post would get


def register(app: App, to: Services) -> None:
    """Hand on what changes where the bot can post; an invitation is answered with what the channel hears of."""

    def joined(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> Later | None:
        if event.get("user") != context.bot_user_id:
            return None
        channel, inviter = event["channel"], event.get("inviter") or ""
        to.rooms.joined(channel)
        question = Question(body.get("event_id") or "", "subscriptions", Asker(inviter, channel), is_event=True)
        aside = to.replying.whisper(channel, inviter) if inviter else None
        return Later(to.desk.ask(question, to.replying.say(channel), aside))

    def unarchived(event: dict[str, Any]) -> None:
        to.rooms.joined(event["channel"])

    app.event("member_joined_channel")(joined)
    for kind in ("channel", "group"):
        app.event(f"{kind}_unarchive")(unarchived)
        for what, code in _LOST.items():
            app.event(f"{kind}_{what}")(_lost(to, code))


def _lost(to: Services, code: str) -> Callable[[dict[str, Any]], None]:
    def lost(event: dict[str, Any]) -> None:
        to.rooms.lost(event["channel"], code)

    return lost
