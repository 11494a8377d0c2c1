"""Events about the bot in channels: invited, removed, archived, unarchived. IDs stay when a channel is renamed."""

from collections.abc import Callable
from typing import Any, Final

from slack_bolt import App, BoltContext

from bot.commands.request import Subscriptions
from bot.listeners.envelopes import Later
from bot.services.dispatcher import Dispatcher
from bot.services.membership import Membership
from bot.services.question import Asker, Question
from bot.services.reply_routes import ReplyRoutes

_LOST: Final = {"left": "not_in_channel", "archive": "is_archived"}  # to the code that a post would get


def register(app: App, dispatcher: Dispatcher, routes: ReplyRoutes, channels: Membership) -> None:
    """Hand on what changes where the bot can post; an invitation is answered with what the channel hears of."""

    def joined(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> Later | None:
        if event.get("user") != context.bot_user_id:
            return None
        channel, inviter = event["channel"], event.get("inviter") or ""
        channels.joined(channel)
        question = Question(body.get("event_id") or "", Subscriptions(), Asker(inviter, channel), is_event=True)
        aside = routes.whisper(channel, inviter) if inviter else None
        return Later(dispatcher.ask(question, routes.say(channel), aside))

    def unarchived(event: dict[str, Any]) -> None:
        channels.joined(event["channel"])

    app.event("member_joined_channel")(joined)
    for kind in ("channel", "group"):
        app.event(f"{kind}_unarchive")(unarchived)
        for what, code in _LOST.items():
            app.event(f"{kind}_{what}")(_lost(channels, code))


def _lost(channels: Membership, code: str) -> Callable[[dict[str, Any]], None]:
    def lost(event: dict[str, Any]) -> None:
        channels.lost(event["channel"], code)

    return lost
