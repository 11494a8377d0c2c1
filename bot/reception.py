"""Builds all that people talk to: desk, AppHomes, rooms, and how answers get back. A part of `bootstrap`."""

from collections.abc import Callable

from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.slack.web_api import Slack
from bot.commands.spelling import spell_filter
from bot.domain.subscription import Subscription
from bot.listeners import Services
from bot.services.access import Access
from bot.services.actions import Actions
from bot.services.answers import Answers, Vitals
from bot.services.app_homes import AppHomes
from bot.services.courier import Courier
from bot.services.dispatcher import Dispatcher
from bot.services.events import Observer
from bot.services.ledger import Ledger
from bot.services.membership import Membership
from bot.services.reply_routes import ReplyRoutes
from bot.services.request_handler import RequestHandler
from bot.services.style_resolver import StyleResolver
from bot.services.watcher import Watcher
from bot.settings import Settings


class Reception:
    """Answers people, on threads of its own. `services` is what the listeners hand on to."""

    def __init__(
        self,
        settings: Settings,
        *,
        api: PrewarmApi,
        slack: Slack,
        ledger: Ledger,
        watcher: Watcher,
        courier: Courier,
        standing: tuple[Subscription, ...],
        styles: StyleResolver,
        vitals: Callable[[], Vitals],
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        """Touch no network and start nothing."""
        self._api, self._slack = api, slack
        access = Access(settings.prewarm_allowed_users, settings.prewarm_allowed_channels, settings.prewarm_operators)
        answers = Answers(
            watcher,
            ledger,
            standing=standing,
            operators=settings.prewarm_operators,
            keep_days=settings.prewarm_keep_days,
            vitals=vitals,
            now=api.now,
            slack_now=self._slack_now,
            tick=tick,
        )
        self.rooms = rooms = Membership(slack, courier, ledger, standing)
        actions = Actions(ledger, rooms, standing=standing, spell=spell_filter, now=api.now, slack_now=self._slack_now)
        clerk = RequestHandler(answers, actions, styles, slack_now=self._slack_now, zone=settings.prewarm_timezone)
        self.desk = Dispatcher(clerk, access=access, styles=styles, observe=observe, tick=tick)
        self.homes = AppHomes(slack, answers, access=access, styles=styles, observe=observe, tick=tick)
        self.services = Services(self.desk, ReplyRoutes(slack, courier, observe=observe), self.homes, rooms)

    def stop(self) -> None:
        """Take no more questions."""
        self.desk.stop()
        self.homes.stop()

    def _slack_now(self) -> float:
        now = self._slack.now()
        return self._api.now() if now is None else now.upper
