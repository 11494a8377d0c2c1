"""The slash command."""

from typing import Any

from slack_bolt import App

from bot.commands.grammar import parse
from bot.listeners.envelopes import Later
from bot.services.dispatcher import Dispatcher
from bot.services.question import Asker, Question
from bot.services.reply_routes import ReplyRoutes


def register(app: App, dispatcher: Dispatcher, routes: ReplyRoutes) -> None:
    """Answer `/prewarm`, to be seen by the one who typed it."""

    def prewarm(command: dict[str, Any]) -> Later:
        channel = command["channel_id"]
        asker = Asker(command["user_id"], channel, direct=channel.startswith("D"), private=True)
        question = Question(command["trigger_id"], parse(command.get("text") or ""), asker)
        return Later(dispatcher.ask(question, routes.respond(command["response_url"])))

    app.command("/prewarm")(prewarm)
