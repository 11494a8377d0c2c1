"""The slash command."""

from typing import Any

from slack_bolt import Ack, App

from bot.listeners.ports import Desk


def register(app: App, desk: Desk) -> None:
    """Answer `/prewarm`."""

    def prewarm(ack: Ack, command: dict[str, Any]) -> None:
        ack()
        desk.command(command["trigger_id"], command.get("text") or "", command["response_url"])

    app.command("/prewarm")(prewarm)
