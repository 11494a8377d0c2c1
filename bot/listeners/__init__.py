"""What reaches the bot from Slack: parse, hand on, acknowledge in time. The only room that knows Bolt."""

from slack_bolt import App

from bot.listeners import buttons, commands, events, fallbacks, membership
from bot.listeners.envelopes import SocketListener
from bot.services.app_homes import AppHomes
from bot.services.dispatcher import Dispatcher
from bot.services.membership import Membership
from bot.services.reply_routes import ReplyRoutes

__all__ = ["SocketListener", "register"]


def register(app: App, dispatcher: Dispatcher, routes: ReplyRoutes, homes: AppHomes, channels: Membership) -> None:
    """Register every listener; the fallbacks come last, since Bolt takes the first that matches."""
    commands.register(app, dispatcher, routes)
    events.register(app, dispatcher, routes, homes)
    buttons.register(app, dispatcher, routes, homes)
    membership.register(app, dispatcher, routes, channels)
    fallbacks.register(app)
