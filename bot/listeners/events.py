"""Events: somebody mentions the bot, writes to it or opens its Home."""

from typing import Any

from slack_bolt import App

from bot.commands.grammar import parse
from bot.listeners.envelopes import Later
from bot.services.app_homes import AppHomes
from bot.services.dispatcher import Dispatcher
from bot.services.question import Asker, Question
from bot.services.reply_routes import ReplyRoutes


def register(app: App, dispatcher: Dispatcher, routes: ReplyRoutes, homes: AppHomes) -> None:
    """Answer mentions in their thread, direct messages where they were written, and show Home."""

    def mentioned(event: dict[str, Any], body: dict[str, Any]) -> Later | None:
        if _is_by_a_bot(event):
            return None
        user, channel = event.get("user") or "", event["channel"]
        question = Question(
            body.get("event_id") or "", parse(event.get("text") or ""), Asker(user, channel), is_event=True
        )
        thread = event.get("thread_ts") or event["ts"]
        # A whisper into a thread that has no reply yet is shown to nobody: it goes where the mention stands.
        refuse = routes.whisper(channel, user, event.get("thread_ts"))
        return Later(dispatcher.ask(question, routes.say(channel, thread), refuse))

    def written(event: dict[str, Any], body: dict[str, Any]) -> Later | None:
        if event.get("channel_type") != "im" or event.get("subtype") or _is_by_a_bot(event):
            return None
        asker = Asker(event.get("user") or "", event["channel"], direct=True, private=True)
        question = Question(body.get("event_id") or "", parse(event.get("text") or ""), asker, is_event=True)
        return Later(dispatcher.ask(question, routes.say(event["channel"], event.get("thread_ts"))))

    def opened(event: dict[str, Any]) -> Later | None:
        return Later(homes.show(event["user"])) if event.get("tab") == "home" else None

    app.event("app_mention")(mentioned)
    app.event("message")(written)
    app.event("app_home_opened")(opened)


def _is_by_a_bot(event: dict[str, Any]) -> bool:
    """Two bots that answer each other's mentions would never end; ours has a `bot_id`, too."""
    return bool(event.get("bot_id")) or event.get("subtype") == "bot_message"
