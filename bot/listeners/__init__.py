"""What reaches the bot from Slack: parse, hand on, acknowledge in time. The only room that knows Bolt."""

from slack_bolt import App

from bot.listeners import buttons, commands, events, fallbacks, membership
from bot.listeners.envelopes import SocketListener
from bot.listeners.ports import Services

__all__ = ["Services", "SocketListener", "register"]


def register(app: App, to: Services) -> None:
    """Register every listener; the fallbacks come last, since Bolt takes the first that matches."""
    for feature in (commands, events, buttons, membership):
        feature.register(app, to)
    fallbacks.register(app)
