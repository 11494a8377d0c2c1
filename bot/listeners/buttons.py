"""Buttons. Each carries the request it stands for, so that it works after a restart.

What it answers takes the place of the message it was pressed in, where nobody else reads that; of an answer that all
read only what shows something does.
"""

import re
from typing import Any, Final

from slack_bolt import Ack, App

from bot.commands.button_value import read
from bot.listeners.envelopes import Later
from bot.messages.home import REFRESH
from bot.services.app_homes import AppHomes
from bot.services.dispatcher import Dispatcher
from bot.services.question import Asker, Question
from bot.services.reply_routes import Reply, ReplyRoutes

ASKING: Final = re.compile(r"^ask\.")


def register(app: App, dispatcher: Dispatcher, routes: ReplyRoutes, homes: AppHomes) -> None:
    """Answer buttons in messages and on Home."""

    def refreshed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        homes.show(body["user"]["id"])

    def reply(body: dict[str, Any], asker: Asker) -> Reply:
        where = body.get("container") or {}
        if where.get("type") == "view":
            return lambda _, __: homes.show(asker.user)
        if where.get("is_ephemeral"):
            return routes.respond(body["response_url"], replace=True)
        channel, thread = asker.conversation, where.get("thread_ts")
        aside = routes.say(channel, thread) if asker.direct else routes.whisper(channel, asker.user, thread)
        return routes.edit(channel, where["message_ts"], aside)

    def pressed(body: dict[str, Any], action: dict[str, Any]) -> Later:
        asker = _asker(body)
        where = body.get("container") or {}
        press = f"{where.get('message_ts') or where.get('view_id')} {action['action_id']} {asker.user}"
        question = Question(body.get("trigger_id") or "", read(action.get("value") or ""), asker, press)
        return Later(dispatcher.ask(question, reply(body, asker)))

    app.action(REFRESH)(refreshed)
    app.action(ASKING)(pressed)


def _asker(body: dict[str, Any]) -> Asker:
    user, where = body["user"]["id"], body.get("container") or {}
    channel = where.get("channel_id") or ""
    direct = not channel or channel.startswith("D")
    return Asker(user, channel, direct=direct, private=direct or bool(where.get("is_ephemeral")))
