"""What reaches the bot from Slack: acknowledge, parse, hand on. The only room that knows Bolt."""

from slack_bolt import App

from bot.listeners import commands, events, fallbacks
from bot.listeners.ports import Desk, Lanes

__all__ = ["Desk", "Lanes", "register"]


def register(app: App, desk: Desk, lanes: Lanes) -> None:
    """Register every listener; the fallbacks come last, since Bolt takes the first that matches."""
    commands.register(app, desk)
    events.register(app, desk, lanes)
    fallbacks.register(app)
