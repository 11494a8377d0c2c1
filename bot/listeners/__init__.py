"""What reaches the bot from Slack: acknowledge, parse, hand on. The only room that knows Bolt."""

from slack_bolt import App

from bot.listeners import buttons, commands, events, fallbacks, membership
from bot.listeners.ports import Services

__all__ = ["Services", "register"]


def register(app: App, to: Services) -> None:
    """Register every listener; the fallbacks come last, since Bolt takes the first that matches."""
    for feature in (commands, events, buttons, membership):
        feature.register(app, to)
    fallbacks.register(app)
