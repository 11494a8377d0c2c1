"""`prewarm-bot demo`: the same service as `run`, against an embedded cloud and an embedded Slack workspace.

It takes no token, key, channel, address or folder from the environment, so it can never post to a real workspace;
`--real-api` and `--real-slack` replace one half on purpose.
"""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.bootstrap import Bot, build, gallery, offers
from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.server import CloudServer
from bot.demo.page import cloud as page_cloud
from bot.demo.page.commands import SLACKS_OWN, Offer
from bot.demo.page.server import PageServer
from bot.demo.slack.server import SlackServer
from bot.demo.terminal import Printer
from bot.demo.visitors import ADA, CHANNEL, Visitors
from bot.settings import OUTWARD, Settings, load

API_FIELDS = frozenset({"ppio_api_key", "ppio_base_url", "prewarm_console_url"})
SLACK_FIELDS = frozenset({"slack_bot_token", "slack_app_token", "slack_api_url"})
PEOPLE_FIELDS = frozenset(
    {"prewarm_operators", "prewarm_mention_on_failure", "prewarm_allowed_users", "prewarm_allowed_channels"}
)  # they name people and channels of a real workspace
CALM: dict[str, Any] = {
    "prewarm_poll_interval": 1.0,
    "prewarm_log_level": "error",
}  # unless the environment says otherwise


@dataclass(frozen=True)
class Play:
    """What the command line asks of the demo. `duration` in seconds, None: until interrupted."""

    port: int = 8000
    duration: float | None = None
    real_api: bool = False
    real_slack: bool = False
    channel: str = ""


def play(wish: Play, stopping: threading.Event) -> int:
    """Run the demo until its time is over or `stopping` is set; return the exit code."""
    console = Console(highlight=False)
    with ExitStack() as stack:
        _spare_loopback()
        cloud = None if wish.real_api else stack.enter_context(CloudServer())
        slack = None if wish.real_slack else stack.enter_context(SlackServer())
        runner = ScenarioRunner(cloud.cloud) if cloud else None
        printer = Printer(slack.workspace if slack else None, console, stopping)
        page = stack.enter_context(_page(wish, cloud, slack, runner, printer)) if slack else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="prewarm-demo-", ignore_cleanup_errors=True))
        settings = _settings(wish, cloud, slack, Path(folder), page)
        bot = build(settings, stopping)
        stack.callback(printer.follow())
        _welcome(console, settings, wish, page)
        visitors = Visitors(slack.workspace, cloud.cloud if cloud else None, printer) if slack else None
        stack.enter_context(_playing(runner, visitors))
        _serve(bot, wish.duration, stopping)
    if printer.trouble:
        raise printer.trouble
    console.print("\nThe demo is over; nothing of it is left behind.", style="dim")
    return 0


def _page(
    wish: Play, cloud: CloudServer | None, slack: SlackServer, runner: ScenarioRunner | None, printer: Printer
) -> PageServer:
    """Show the workspace in a browser, and the cloud where it is the embedded one."""
    panel = page_cloud.routes(cloud, slack, runner) if cloud else []
    typing = [*(Offer(**each) for each in offers()), *SLACKS_OWN]
    return PageServer(slack.workspace, wish.port, routes=panel, gallery=gallery, typed=printer.typed, offers=typing)


def _settings(
    wish: Play, cloud: CloudServer | None, slack: SlackServer | None, folder: Path, page: PageServer | None
) -> Settings:
    ignore = OUTWARD - (API_FIELDS if wish.real_api else set()) - (SLACK_FIELDS if wish.real_slack else set())
    ignore |= set() if wish.real_slack else PEOPLE_FIELDS
    fixed: dict[str, Any] = {
        "prewarm_channel": wish.channel or CHANNEL,
        "prewarm_data_dir": str(folder),
        "prewarm_http_port": free_port(page.port + 1 if page else wish.port),
    }
    if cloud:
        fixed |= {"ppio_api_key": cloud.api_key, "ppio_base_url": cloud.url}
    if slack:
        identity = slack.workspace.identity
        tokens = {"slack_bot_token": identity.token, "slack_app_token": identity.app_token}
        fixed |= {**tokens, "slack_api_url": slack.api_url, "prewarm_operators": ADA}
    given = load(ignore=ignore, **fixed).model_fields_set
    return load(ignore=ignore, **fixed, **{name: value for name, value in CALM.items() if name not in given})


def _spare_loopback() -> None:
    """Keep the embedded servers out of any proxy: all but httpx would send loopback addresses through it."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))


def _welcome(console: Console, settings: Settings, wish: Play, page: PageServer | None) -> None:
    console.print("prewarm-bot demo", style="bold")
    api = f"the prewarm API at {settings.ppio_base_url}" if wish.real_api else "an embedded cloud"
    slack = f"your Slack, in {wish.channel}" if wish.real_slack else "an embedded Slack workspace"
    end = "Ctrl-C ends it" if wish.duration is None else f"it ends by itself after {wish.duration:g} s"
    console.print(f"The real bot, between {api} and {slack}.")
    if page:
        console.print(f"\n  Open [bold underline]{page.url}[/] in a browser: the chat, and the cloud to play with.\n")
    console.print(f"Below is what its people read; {end}.")
    console.print(f"Health: http://{settings.prewarm_http_host}:{settings.prewarm_http_port}/readyz", style="dim")


@contextmanager
def _playing(*players: ScenarioRunner | Visitors | None) -> Iterator[None]:
    """Let tasks arrive and people ask while the bot runs."""
    with ExitStack() as stack:
        for player in players:
            if player is not None:
                stack.callback(player.stop)
                player.start()
        yield


def _serve(bot: Bot, duration: float | None, stopping: threading.Event) -> None:
    timer = threading.Timer(duration, stopping.set) if duration is not None else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        bot.run()
    finally:
        if timer:
            timer.cancel()


def free_port(wanted: int) -> int:
    """Return the wanted port of 127.0.0.1, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return wanted
