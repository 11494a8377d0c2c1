"""`prewarm-bot check`: what is wrong with settings, tokens, channels and folder, and how to mend it.

One function per thing looked at, each yielding findings. Takes no lock and leaves nothing behind; a folder held by a
running bot is fine. With `--post`, one marked test message per channel goes out beside the outbox, and is read back
(P2, P6).
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from json import dumps
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.redaction import redaction
from bot.adapters.slack.answers import Identity, page_of, text_of
from bot.adapters.slack.scopes import OPTIONAL, SCOPES
from bot.adapters.slack.socket_state import refuses_token
from bot.adapters.slack.web_api import Slack
from bot.adapters.slack.wire import ask
from bot.adapters.store.peek import peek
from bot.domain.errors import Limited, ListError
from bot.domain.outbox import Action, Page, Refused
from bot.settings import Settings, SettingsError, load, misspellings
from bot.settings.slack_names import WHERE_BOT

FINE, FAILED, WRONG_SETTINGS = 0, 1, 2
BOT_TOKEN: Final = "slack.bot_token"  # noqa: S105 - the ID of a finding
NETWORK: Final = "Check {} and the network."
INVITE: Final = "Invite it there: /invite @prewarm. An ID stands at the end of the channel's About."
KEY: Final = "prewarm-check"  # of the test message
MARK: Final = "This is a test message of prewarm-bot check. It can be deleted."
READ_AGAIN: Final = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `id` is stable, for machines; a warning keeps nothing from working."""

    id: str
    problem: str
    remedy: str
    warning: bool = False


Look = Callable[[Settings, Slack], Iterator[Finding]]


class Printer:
    """Tells people what was looked at as it goes: a line for what is fine, two for each finding."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def looked(self, at: str, found: Iterable[Finding]) -> None:
        """Tell what was looked at, and what was found there; nothing: it is fine."""
        found = list(found)
        for each in found:
            mark, style = ("! warning", "yellow") if each.warning else ("✗ wrong", "red")
            self._line(f"{mark}  ", style, each.problem)
            self._console.print(Text(f"    {each.remedy}", style="dim"), soft_wrap=True)
        if at and not found:
            self._line("✓ ", "green", at)

    def end(self, *, fine: bool) -> None:
        """Say what it comes to."""
        if fine:
            self._console.print(Text("prewarm-bot run would work.", style="bold green"))
        else:
            self._console.print(Text("prewarm-bot run would not work yet.", style="bold red"))

    def _line(self, mark: str, style: str, words: str) -> None:
        self._console.print(Text.assemble((mark, style), words), soft_wrap=True)


def main(*, json: bool, post: bool, environ: Mapping[str, str]) -> int:
    """Print what was found; return 0 if `run` would work, 1 if not, 2 if settings are wrong."""
    printer = None if json else Printer()
    found = [Finding("settings.unknown", text, "Mend the name or remove it.", True) for text in misspellings(environ)]
    try:
        settings = load(environ)
    except SettingsError as error:
        found += [
            Finding(f"settings.{each.name}", f"{each.name}: {each.problem}", each.remedy) for each in error.findings
        ]
        _told(printer, "", found)
        return _end(printer, found, WRONG_SETTINGS)
    _told(printer, "Settings", found)
    slack = Slack(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    for at, look in looks(settings):
        found += _told(printer, at, list(look(settings, slack)))
    if all(each.id != BOT_TOKEN for each in found):  # without a token nothing is known of channels
        for at, look in channel_looks(settings, post=post):
            found += _told(printer, at, list(look(settings, slack)))
    return _end(printer, found, FAILED if any(not each.warning for each in found) else FINE)


def looks(settings: Settings) -> Iterator[tuple[str, Look]]:
    """Yield what is looked at, in the order in which it is best mended."""
    yield f"Data folder {settings.prewarm_data_dir.absolute()}", folder
    yield f"Prewarm API {settings.ppio_base_url}", api
    yield "Slack bot token and its scopes", bot_token
    yield "Slack app token, Socket Mode", app_token


def channel_looks(settings: Settings, *, post: bool) -> Iterator[tuple[str, Look]]:
    """Yield what is looked at in each channel, and after that the test messages of `--post`."""
    for each in settings.prewarm_channel:
        yield f"Channel {each.id}", partial(channel, name=each.id)
    for each in settings.prewarm_channel if post else ():
        yield f"Test message in {each.id}", partial(message, name=each.id)


def _told(printer: Printer | None, at: str, found: list[Finding]) -> list[Finding]:
    if printer:
        printer.looked(at, found)
    return found


def _end(printer: Printer | None, found: list[Finding], code: int) -> int:
    if printer:
        printer.end(fine=code == FINE)
    else:
        sys.stdout.write(dumps([asdict(each) for each in found], indent=2, ensure_ascii=False) + "\n")
    return code


def folder(settings: Settings, _: Slack) -> Iterator[Finding]:
    """Look at the data folder from outside."""
    glance = peek(settings.prewarm_data_dir.absolute())
    if glance.trouble is not None:
        yield Finding("folder", glance.trouble.problem, glance.trouble.remedy)
    elif glance.damage:
        yield Finding(
            "folder.damaged",
            f"The store is damaged: {glance.damage}",
            "The next start moves it aside and goes on with what can be read.",
            True,
        )


def api(settings: Settings, _: Slack) -> Iterator[Finding]:
    """Ask for one task."""
    client = PrewarmApi(settings.ppio_base_url, settings.ppio_api_key.get_secret_value())
    try:
        client.page(1, 1)
    except ListError as error:
        again = "Wait a minute, and check again." if isinstance(error, Limited) else NETWORK.format("PPIO_BASE_URL")
        yield Finding("api", error.problem, error.remedy or again)
    finally:
        client.close()


def bot_token(_: Settings, slack: Slack) -> Iterator[Finding]:
    """Ask who the bot token is and what it may do."""
    identity = slack.identify()
    if not isinstance(identity, Identity):
        refused = isinstance(identity, Refused) and identity.action is Action.STOP
        problem = f"Slack {'refused the bot token' if refused else 'could not be asked who we are'} ({identity.code})."
        remedy = f"{WHERE_BOT} Put it into SLACK_BOT_TOKEN." if refused else NETWORK.format("SLACK_API_URL")
        yield Finding(BOT_TOKEN, problem, remedy)
        return
    if not identity.scopes:
        problem = "Slack did not say which scopes the bot token has, so none could be looked at."
        yield Finding("slack.scopes", problem, "Compare them with manifest.yml on the app's page.", warning=True)
        return
    for scope, without in (SCOPES | OPTIONAL).items():
        if scope not in identity.scopes:
            problem = f"The bot token lacks the scope {scope}: {without}."
            remedy = "Install the Slack app again from manifest.yml."
            yield Finding(f"slack.scope.{scope}", problem, remedy, warning=scope in OPTIONAL)


def app_token(settings: Settings, slack: Slack) -> Iterator[Finding]:
    """Ask for a Socket Mode address, without using it."""
    token = settings.slack_app_token.get_secret_value()
    answer = ask(slack.web.apps_connections_open, app_token=token)
    if not answer.ok:
        code = redaction([token])(str(answer.data.get("error") or answer.fault or answer.status))
        remedy = "Put an app-level token (xapp-…) with connections:write into SLACK_APP_TOKEN."
        if not refuses_token(code):
            remedy = NETWORK.format("SLACK_API_URL")
        yield Finding("slack.app_token", f"Slack opened no Socket Mode connection ({code}).", remedy)


def channel(_: Settings, slack: Slack, *, name: str) -> Iterator[Finding]:
    """Look at a channel of PREWARM_CHANNEL: it exists, the bot is in it, its history can be read."""
    facts = slack.channel(name)
    if isinstance(facts, Refused):
        yield Finding("channel.unknown", f"Channel {name} cannot be seen ({facts.code}).", INVITE)
    elif facts.is_archived:
        yield Finding("channel.archived", f"Channel {name} is archived.", "Unarchive it, or name another one.")
    elif not facts.is_member:
        yield Finding("channel.member", f"The bot is not in {name} (#{facts.name}).", INVITE)
    elif not isinstance(seen := slack.readable(name), Page):
        problem = f"The history of {name} cannot be read ({seen.code}): a message in doubt may be said twice."
        yield Finding("channel.history", problem, "Install the Slack app again from manifest.yml.")


def message(settings: Settings, slack: Slack, *, name: str) -> Iterator[Finding]:
    """Send a marked test message to a channel and find it in the history, which is given its time to show it."""
    text = {"type": "plain_text", "text": MARK}
    sent = ask(
        slack.web.chat_postMessage,
        channel=name,
        text=MARK,
        blocks=[{"type": "section", "block_id": KEY, "text": text}],
        metadata={"event_type": "prewarm_check", "event_payload": {"key": KEY}},
    )
    ts = text_of(sent.data, "ts")
    if not sent.ok or not ts:
        code = text_of(sent.data, "error") or sent.fault or sent.status
        yield Finding("channel.post", f"Nothing can be posted to {name} ({code}).", INVITE)
    else:
        yield from _read_back(slack, name, ts, settings.prewarm_settle_seconds)


def _read_back(slack: Slack, channel: str, ts: str, settle: float) -> Iterator[Finding]:
    """Find out whether both places of a key survive Slack; a history may show a message late."""
    deadline = time.monotonic() + settle
    while (message := _message(slack, channel, ts)) is None and time.monotonic() < deadline:
        time.sleep(READ_AGAIN)
    if message is None:
        problem = f"The test message in {channel} was not in the history within {settle:g} s."
        yield Finding("channel.late", problem, "Raise PREWARM_SETTLE_SECONDS, or a message in doubt may be said twice.")
        return
    metadata, blocks = message.get("metadata"), message.get("blocks")
    if text_of(metadata, "event_type") != "prewarm_check":
        problem = f"The history of {channel} shows no message metadata; the key in the block is looked for alone."
        yield Finding(
            "channel.metadata", problem, "Add the scope metadata.message:read to the Slack app.", warning=True
        )
    if text_of(blocks[0] if isinstance(blocks, list) and blocks else None, "block_id") != KEY:
        problem = f"The history of {channel} changes block IDs; the key in the metadata is looked for alone."
        yield Finding("channel.block_id", problem, "Nothing is to be done as long as metadata is shown.", warning=True)


def _message(slack: Slack, channel: str, ts: str) -> Mapping[str, Any] | None:
    answer = ask(
        slack.web.conversations_history,
        channel=channel,
        oldest=ts,
        latest=ts,
        inclusive=True,
        include_all_metadata=True,
        limit=1,
    )
    return next(iter(page_of(answer.data) or ()), None) if answer.ok else None
