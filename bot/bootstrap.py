"""The only file that knows every part: from Settings to a running bot, and back, in a reasoned order.

Production, demo and tests build the same bot here. Constructors touch no network; `start` does.
"""

import hashlib
import threading
from collections.abc import Callable
from typing import Final

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot import __version__, listeners
from bot.adapters.clock import HostClock, ServerClock
from bot.adapters.http import Transport
from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.schedule import Schedule
from bot.adapters.slack.socket_mode import SocketClient
from bot.adapters.slack.web_api import Slack
from bot.adapters.slack.wire import Web
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.subscription import Subscription
from bot.domain.transition import Account
from bot.gallery.page import gallery, offers
from bot.operations import log
from bot.operations.first_start import RefusedAtStart, refusals
from bot.operations.health import Report, liveness, readiness
from bot.operations.health_server import HealthServer
from bot.operations.metrics import MetricsObserver
from bot.rendering.style import Style
from bot.services.actions import Actions
from bot.services.amend import Amender
from bot.services.answers import Answers, Vitals
from bot.services.app_homes import AppHomes
from bot.services.courier import Courier
from bot.services.dispatcher import Dispatcher
from bot.services.events import Observer, Observers
from bot.services.ledger import Ledger
from bot.services.locales import Locales
from bot.services.membership import Membership
from bot.services.pace import Pace
from bot.services.question import Access
from bot.services.reply_routes import ReplyRoutes
from bot.services.request_handler import RequestHandler
from bot.services.sender import PostRenderer, Sender
from bot.services.style_resolver import StyleResolver
from bot.services.watcher import Watcher
from bot.settings import Settings

__all__ = ["Bot", "build", "gallery", "offers"]  # the demo knows the bot only through this room

DAY: Final = 86_400.0
HOMES_EVERY: Final = 60.0  # seconds between two looks at which App Home is stale
CHANNELS_EVERY: Final = 900.0  # seconds between two looks at channels that the bot is not in, as between probes (P14)
OPEN_WITHIN: Final = 10.0  # seconds for apps.connections.open
LOOK_EVERY: Final = 15.0  # seconds at most between two looks at the schedule and at the age of the last good poll


def build(settings: Settings, stopping: threading.Event) -> "Bot":
    """Return the bot, ready to run; logs go where the settings say. Raises StoreError and RefusedAtStart."""
    secrets = (settings.ppio_api_key, settings.slack_bot_token, settings.slack_app_token)
    hidden = [each.get_secret_value() for each in secrets]
    log.configure(settings.prewarm_log_level, settings.prewarm_log_format, hidden)
    log.started(__version__, settings.spoken())
    bot = Bot(settings, log.LogObserver(), stopping=stopping)
    if not bot.remembered and (findings := refusals(bot.api, bot.slack, bot.socket)):
        bot.stop()
        raise RefusedAtStart("\n".join(findings))
    return bot


class Bot:
    """One bot on one data folder. `start` and `stop` may each come twice, `stop` also first."""

    def __init__(
        self,
        settings: Settings,
        *observers: Observer,
        stopping: threading.Event | None = None,
        clock: HostClock | None = None,
    ) -> None:
        """Take the data folder and load what is remembered. Raises StoreError."""
        self.settings = settings
        self.stopping = stopping or threading.Event()
        self.clock = clock or HostClock()
        self.started = self.clock.time()
        self.channels = [channel.id for channel in settings.prewarm_channel]
        self.standing = tuple(Subscription(channel.id, channel.hears) for channel in settings.prewarm_channel)
        self.metrics = MetricsObserver()
        self.observers = Observers(*observers, self.metrics)
        self._build_memory()
        self._build_adapters()
        self._build_notifications()
        self._build_answers()
        self._build_health()

    def start(self) -> None:
        """Listen for health, poll, carry and listen to Slack. Raises CannotListen."""
        if self.settings.prewarm_http_port:
            self.health.start()
        self.styles.expect(self.settings.prewarm_operators)
        self.courier.start()
        for name, (run, every) in self.jobs().items():
            self.schedule.every(every, name, run)
        self.schedule.start()
        self.socket.connect()

    def jobs(self) -> dict[str, tuple[Callable[[], None], float]]:
        """Return what is done again and again, at once at first, by name: what, and every how many seconds."""
        return {
            "poll": (self.watcher.poll, self.settings.prewarm_poll_interval),
            "homes": (self.homes.keep_fresh, HOMES_EVERY),
            "channels": (self.membership.look_again, CHANNELS_EVERY),
        }

    def run(self) -> None:
        """Start, serve until `stopping` is set, stop."""
        self.start()
        try:
            pause = min(max(self.settings.prewarm_poll_interval, 1.0), LOOK_EVERY)
            while not self.stopping.wait(pause):
                self.schedule.mend()
                self.watcher.tell_blindness()
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop within 10 s: no more questions, no more polls, then the lanes, health and the store."""
        self.stopping.set()
        self.socket.close()
        self.watcher.stop(1.0)
        self.schedule.stop()
        self.dispatcher.stop()
        self.homes.stop()
        self.courier.stop(5.0)
        self.locales.stop()
        self.health.stop()
        self.api.close()
        self.store.close()

    # ---- what it is built of, from below

    def _build_memory(self) -> None:
        self.store = Store(DiskEngine(self.settings.prewarm_data_dir.absolute()))
        self.store.acquire()
        self.ledger = Ledger(self.store, self.store.load())
        self.remembered = self.ledger.memory.meta.baseline_at is not None or bool(self.ledger.memory.tasks)

    def _build_adapters(self) -> None:
        settings = self.settings
        self.api = PrewarmApi(
            settings.ppio_base_url,
            settings.ppio_api_key.get_secret_value(),
            stop=self.stopping,
            count=self.metrics.count,
            clock=self.clock,
        )
        self.slack = Slack(
            settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, clock=self.clock
        )
        self.socket = SocketClient(self._slack_sdk(), settings.slack_app_token.get_secret_value())
        self.schedule = Schedule(self.clock.tick)

    def _build_notifications(self) -> None:
        """Build what polls and what delivers."""
        settings, tick, observe = self.settings, self.clock.tick, self.observers
        self.watcher = Watcher(
            self.api,
            self.ledger,
            account=account(settings),
            subscriptions=self.standing,
            page_size=settings.prewarm_page_size,
            blind_after=settings.prewarm_blind_after,
            stuck_after=settings.prewarm_stuck_after,
            observe=observe,
            tick=tick,
            slack_now=self._slack_told,
            interval=settings.prewarm_poll_interval,
        )
        self.locales = Locales(self.slack, tick=tick)
        self.styles = StyleResolver(style(settings), self.ledger, self.locales)
        renderer, pace = PostRenderer(self.styles), Pace(tick)
        sender = Sender(
            self.slack,
            self.ledger,
            renderer,
            pace=pace,
            settle=settings.prewarm_settle_seconds,
            standing=self.channels,
            operators=settings.prewarm_operators,
            observe=observe,
        )
        self.courier = Courier(
            self.slack,
            self.ledger,
            sender,
            pace=pace,
            keep=settings.prewarm_keep_days * DAY,
            standing=frozenset(self.channels),
            operators=settings.prewarm_operators,
            observe=observe,
            tick=tick,
            wait=self.clock.wait,
        )
        observe.add(Amender(self.ledger, self.courier, renderer))

    def _build_answers(self) -> None:
        """Build what people talk to, and have Slack's socket bring it what they say."""
        settings, slack, tick, observe = self.settings, self.slack, self.clock.tick, self.observers
        answers = Answers(
            self.watcher,
            self.ledger,
            standing=self.standing,
            operators=settings.prewarm_operators,
            keep_days=settings.prewarm_keep_days,
            vitals=self._vitals,
            now=self.api.now,
            slack_now=self._slack_at_most,
            tick=tick,
        )
        self.membership = Membership(slack, self.courier, self.ledger, self.standing)
        actions = Actions(
            self.ledger, self.membership, standing=self.standing, now=self.api.now, slack_now=self._slack_at_most
        )
        handler = RequestHandler(
            answers, actions, self.styles, slack_now=self._slack_at_most, zone=settings.prewarm_timezone
        )
        access = Access(settings.prewarm_allowed_users, settings.prewarm_allowed_channels, settings.prewarm_operators)
        self.dispatcher = Dispatcher(handler, access=access, styles=self.styles, observe=observe, tick=tick)
        self.homes = AppHomes(slack, answers, access=access, styles=self.styles, observe=observe, tick=tick)
        app = App(
            client=self._slack_sdk(),
            authorize=authorization(slack, settings),
            process_before_response=True,  # else Bolt acknowledges an event before its listener runs (R5)
            request_verification_enabled=False,  # Socket Mode signs nothing
            signing_secret="unused",  # noqa: S106 - Bolt asks for one
        )
        routes = ReplyRoutes(slack, self.courier, observe=observe)
        listeners.register(app, self.dispatcher, routes, self.homes, self.membership)
        listeners.SocketListener(app, self.socket)

    def _build_health(self) -> None:
        self.metrics.show(
            memory=lambda: self.ledger.memory,
            last_poll=lambda: self.watcher.watch.good_time,
            connected=lambda: self.socket.state.connected,
            now=self._slack_at_least,
            channels=self.channels,
        )
        self.health = HealthServer(
            self.settings.prewarm_http_host,
            self.settings.prewarm_http_port,
            healthz=self._alive,
            readyz=self._ready,
            metrics=self.metrics.render,
        )

    def _slack_sdk(self) -> Web:
        return Web("", self.settings.slack_api_url, Transport(OPEN_WITHIN), ServerClock())

    # ---- what time it is on Slack's clock; on the API's while Slack has told none

    def _slack_told(self) -> float | None:
        now = self.slack.now()
        return None if now is None else now.lower

    def _slack_at_least(self) -> float:
        """Return the time by which deliveries are queued."""
        now = self.slack.now()
        return self.api.now() if now is None else now.lower

    def _slack_at_most(self) -> float:
        """Return the time by which people's acts are dated."""
        now = self.slack.now()
        return self.api.now() if now is None else now.upper

    # ---- how it is

    def _vitals(self) -> Vitals:
        state, identity = self.socket.state, self.slack.identity
        return Vitals(
            version=__version__,
            started=self.started,
            connected=state.connected,
            socket_trouble=state.last_error,
            workspace_url=identity.url if identity else "",
        )

    def _alive(self) -> Report:
        threads = {"courier": self.courier.alive, "socket": self.socket.alive}
        return liveness(threads, self.schedule.trouble, self.ledger.trouble)

    def _ready(self) -> Report:
        return readiness(
            watch=self.watcher.watch,
            tick=self.clock.tick(),
            interval=self.settings.prewarm_poll_interval,
            socket=self.socket.state,
            memory=self.ledger.memory,
            now=self._slack_at_least(),
            channels=self.channels,
            scopes=self.slack.identity.scopes if self.slack.identity else (),
        )


def account(settings: Settings) -> Account:
    """Name the account whose list this is; the key itself is not kept (D1)."""
    key = settings.ppio_api_key.get_secret_value()
    return Account(settings.ppio_base_url.rstrip("/"), hashlib.sha256(key.encode()).hexdigest()[:16])


def style(settings: Settings) -> Style:
    """Return the style of whoever has chosen none."""
    return Style(
        settings.prewarm_language,
        settings.prewarm_timezone,
        settings.console_url,
        settings.prewarm_mention_on_failure,
    )


def authorization(slack: Slack, settings: Settings) -> Callable[..., AuthorizeResult]:
    """Say who we are from memory: Bolt by itself would ask Slack before it acknowledges."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        identity = slack.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=settings.slack_bot_token.get_secret_value(),
            bot_id=identity.bot_id if identity else None,
            bot_user_id=identity.user_id if identity else None,
        )

    return authorize
