"""The only file that knows every part: from Settings to a running bot, and back, in a reasoned order.

Production, demo and tests build the same bot here. Constructors touch no network; `start` does.
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from typing import Final

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import __version__, listeners
from bot.adapters.clock import HostClock
from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.schedule import Schedule
from bot.adapters.slack.socket_mode import SocketClient
from bot.adapters.slack.web_api import Slack
from bot.adapters.store.disk import DiskEngine
from bot.adapters.store.store import Store
from bot.domain.memory import Memory
from bot.domain.subscription import Subscription, fallback_recipients
from bot.domain.transition import Account
from bot.domain.untold import untold
from bot.gallery.page import gallery, offers
from bot.operations import log
from bot.operations.first_start import RefusedAtStart, refusals
from bot.operations.health import Report, liveness, readiness
from bot.operations.health_server import HealthServer
from bot.operations.metrics import MetricsObserver
from bot.reception import Reception
from bot.rendering.style import Style
from bot.services.amend import Amender
from bot.services.answers import Vitals
from bot.services.courier import Courier
from bot.services.events import Event, Observer
from bot.services.ledger import Ledger
from bot.services.locales import Locales
from bot.services.pace import Pace
from bot.services.sender import Sender
from bot.services.style_resolver import StyleResolver
from bot.services.watcher import Watcher
from bot.services.wording import Wording
from bot.settings import Settings

__all__ = ["Bot", "build", "gallery", "offers"]  # the demo knows the bot only through this room

DAY: Final = 86_400.0
HOMES_EVERY: Final = 60.0  # seconds between two looks at which App AppHomes are stale
ROOMS_EVERY: Final = 900.0  # seconds between two looks at channels that the bot is not in, as between probes (P14)
LOOK_EVERY: Final = 15.0  # seconds at most between two looks at the schedule and at the age of the last good poll

_log = logging.getLogger(__name__)


def build(settings: Settings, stopping: threading.Event) -> "Bot":
    """Return the bot, ready to run; logs go where the settings say. Raises StoreError and RefusedAtStart."""
    secrets = (settings.ppio_api_key, settings.slack_bot_token, settings.slack_app_token)
    hidden = [each.get_secret_value() for each in secrets]
    log.configure(settings.prewarm_log_level, settings.prewarm_log_format, hidden)
    log.started(__version__, settings.spoken())
    bot = Bot(settings, log.LogObserver(), stopping=stopping)
    if not bot.remembered and (findings := refusals(bot)):
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
        self.clock = clock = clock or HostClock()
        self.started = clock.time()
        self.metrics = MetricsObserver(
            memory=lambda: self.ledger.memory,
            last_poll=lambda: self.watcher.watch.good_time,
            connected=lambda: self.socket.state.connected,
            now=self._slack_time,
            channels=[channel.id for channel in settings.prewarm_channel],
        )
        self._observers: tuple[Observer, ...] = (*observers, self.metrics)
        self.store = Store(DiskEngine(settings.prewarm_data_dir.absolute()))
        self.store.acquire()
        self.ledger = Ledger(self.store, self.store.load())
        self.remembered = self.ledger.memory.meta.baseline_at is not None or bool(self.ledger.memory.tasks)
        self.api = PrewarmApi(
            settings.ppio_base_url,
            settings.ppio_api_key.get_secret_value(),
            stop=self.stopping,
            count=self.metrics.count,
            clock=clock,
        )
        self.slack = Slack(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, clock=clock)
        self.standing = standing(settings)
        self.locales = Locales(self.slack, tick=clock.tick)
        self.styles = StyleResolver(self._style(), self.ledger, self.locales)
        self.watcher = Watcher(
            self.api,
            self.ledger,
            account=account(settings),
            subscriptions=self.standing,
            page_size=settings.prewarm_page_size,
            blind_after=settings.prewarm_blind_after,
            stuck_after=settings.prewarm_stuck_after,
            observe=self._observe,
            tick=clock.tick,
            slack_now=self._slack_now,
            interval=settings.prewarm_poll_interval,
        )
        self.courier = self._courier()
        self._observers += (Amender(self.ledger, self.courier, Wording(self.styles)),)
        self.reception = Reception(
            settings,
            api=self.api,
            slack=self.slack,
            ledger=self.ledger,
            watcher=self.watcher,
            courier=self.courier,
            standing=self.standing,
            styles=self.styles,
            vitals=self._vitals,
            observe=self._observe,
            tick=clock.tick,
        )
        self.socket = self._socket()
        self.schedule = Schedule(clock.tick)
        self.health = self._health()

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
            "homes": (self.reception.homes.keep_fresh, HOMES_EVERY),
            "rooms": (self.reception.rooms.look_again, ROOMS_EVERY),
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
        self.reception.stop()
        self.courier.stop(5.0)
        self.locales.stop()
        self.health.stop()
        self.api.close()
        self.store.close()

    def _slack_now(self) -> float | None:
        now = self.slack.now()
        return None if now is None else now.lower

    def _slack_time(self) -> float:
        """Return the time on Slack's clock, by which deliveries are queued, or the API's while Slack has told none."""
        now = self._slack_now()
        return self.api.now() if now is None else now

    # ---- parts

    def _courier(self) -> Courier:
        pace = Pace(self.clock.tick)
        carrier = Sender(
            self.slack,
            self.ledger,
            Wording(self.styles),
            pace=pace,
            settle=self.settings.prewarm_settle_seconds,
            elsewhere=self._elsewhere,
            observe=self._observe,
        )
        keep = self.settings.prewarm_keep_days * DAY
        return Courier(
            self.slack,
            self.ledger,
            carrier,
            pace=pace,
            keep=keep,
            standing=frozenset(each.to for each in self.standing),
            operators=self.settings.prewarm_operators,
            observe=self._observe,
            tick=self.clock.tick,
            wait=self.clock.wait,
        )

    def _vitals(self) -> Vitals:
        state, identity = self.socket.state, self.slack.identity
        return Vitals(
            version=__version__,
            started=self.started,
            connected=state.connected,
            socket_trouble=state.last_error,
            workspace_url=identity.url if identity else "",
        )

    def _socket(self) -> SocketClient:
        app = App(
            client=WebClient(base_url=self.settings.slack_api_url, timeout=10, retry_handlers=[]),
            authorize=authorization(self.slack, self.settings),
            process_before_response=True,  # else Bolt acknowledges an event before its listener runs (R5)
            request_verification_enabled=False,  # Socket Mode signs nothing
            signing_secret="unused",  # noqa: S106 - Bolt asks for one
        )
        listeners.register(app, self.reception.services)
        web = WebClient(base_url=self.settings.slack_api_url, timeout=10, retry_handlers=[])
        client = SocketClient(web, self.settings.slack_app_token.get_secret_value())
        listeners.SocketListener(app, client)
        return client

    def _health(self) -> HealthServer:
        return HealthServer(
            self.settings.prewarm_http_host,
            self.settings.prewarm_http_port,
            healthz=self._alive,
            readyz=self._ready,
            metrics=self.metrics.render,
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
            now=self._slack_time(),
            channels=[channel.id for channel in self.settings.prewarm_channel],
            scopes=self.slack.identity.scopes if self.slack.identity else (),
        )

    def _style(self) -> Style:
        settings = self.settings
        return Style(
            settings.prewarm_language,
            settings.prewarm_timezone,
            settings.console_url,
            settings.prewarm_mention_on_failure,
        )

    def _elsewhere(self, memory: Memory, to: str) -> tuple[str, ...]:
        now = self._slack_time()
        return fallback_recipients(
            to,
            [each.to for each in self.standing],
            memory.subscriptions.values(),
            {each.to for each in untold(memory) if each.lasts(now)},
            self.settings.prewarm_operators,
        )

    def _observe(self, event: Event) -> None:
        for observer in self._observers:
            try:
                observer(event)
            except Exception:  # noqa: BLE001 - whoever only looks on must not harm what it looks at
                _log.exception("An observer of what happens met a fault.")


def account(settings: Settings) -> Account:
    """Name the account whose list this is; the key itself is not kept (D1)."""
    key = settings.ppio_api_key.get_secret_value()
    return Account(settings.ppio_base_url.rstrip("/"), hashlib.sha256(key.encode()).hexdigest()[:16])


def standing(settings: Settings) -> tuple[Subscription, ...]:
    """Return the subscriptions that PREWARM_CHANNEL stands for."""
    return tuple(Subscription(channel.id, channel.hears) for channel in settings.prewarm_channel)


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
