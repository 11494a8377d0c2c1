"""`prewarm-bot check`: what is wrong with settings, tokens, channels and folder, and how to mend it.

One function per thing looked at, each yielding findings. Takes no lock and writes nothing; a folder held by a running
bot is fine.
"""

import json as codec
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from rich.console import Console
from rich.text import Text
from slack_sdk import WebClient

from bot.adapters.prewarm_api import PrewarmApi
from bot.adapters.slack import Slack
from bot.adapters.slack_answers import Identity, page_of, text_of
from bot.adapters.slack_scopes import OPTIONAL, SCOPES
from bot.adapters.slack_wire import ask
from bot.adapters.store_peek import peek
from bot.domain.errors import ListError
from bot.domain.outbox import Doubtful, Refused, Seen
from bot.settings import Settings, SettingsError, load, misspellings

FINE, FAILED, WRONG_SETTINGS = 0, 1, 2
INVITE: Final = "Invite it there: /invite @prewarm. An ID stands at the end of the channel's About."
KEY: Final = "prewarm-check"
READ_AGAIN: Final = 0.5  # seconds
MARK: Final = "This is a test message of prewarm-bot check. It can be deleted."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `id` is stable, for machines; a warning keeps nothing from working."""

    id: str
    problem: str
    remedy: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the checks look with."""

    settings: Settings
    slack: Slack


def main(*, json: bool, post: bool, environ: Mapping[str, str]) -> int:
    """Print what was found; return 0 if `run` would work, 1 if not, 2 if settings are wrong."""
    warnings = [
        Finding("settings.unknown", text, "Mend the name or remove it.", True) for text in misspellings(environ)
    ]
    try:
        settings = load(environ)
    except SettingsError as error:
        wrong = [Finding(f"settings.{each.name}", each.problem, each.remedy) for each in error.findings]
        _print(warnings + wrong, json=json)
        return WRONG_SETTINGS
    slack = Slack(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    found = [*warnings, *examine(Desk(settings, slack), post=post)]
    _print(found, json=json)
    return FAILED if any(not each.warning for each in found) else FINE


def examine(desk: Desk, *, post: bool) -> Iterator[Finding]:
    """Yield every finding, in the order in which they are best mended."""
    checks: tuple[Callable[[Desk], Iterator[Finding]], ...] = (folder, api, bot_token, app_token, channels)
    for look in checks:
        yield from look(desk)
    if post:
        yield from posted(desk)


def folder(desk: Desk) -> Iterator[Finding]:
    """Look at the data folder from outside."""
    glance = peek(desk.settings.prewarm_data_dir)
    if glance.trouble is not None:
        yield Finding("folder", str(glance.trouble), "Set PREWARM_DATA_DIR to a folder that the bot may write.")
    elif glance.damage:
        yield Finding(
            "folder.damaged", f"The store is damaged: {glance.damage}", "The next start moves it aside.", True
        )


def api(desk: Desk) -> Iterator[Finding]:
    """Ask for one task."""
    client = PrewarmApi(desk.settings.ppio_base_url, desk.settings.ppio_api_key.get_secret_value())
    try:
        client.page(1, 1)
    except ListError as error:
        yield Finding("api", str(error), "Check PPIO_API_KEY, PPIO_BASE_URL and the network.")
    finally:
        client.close()


def bot_token(desk: Desk) -> Iterator[Finding]:
    """Ask who the bot token is and what it may do."""
    identity = desk.slack.identify()
    if not isinstance(identity, Identity):
        yield Finding("slack.bot_token", f"Slack did not accept the bot token ({identity.code}).", "SLACK_BOT_TOKEN")
        return
    for scope, without in (SCOPES | OPTIONAL).items():
        if identity.scopes and scope not in identity.scopes:
            problem = f"The bot token lacks the scope {scope}: {without}."
            remedy = "Install the Slack app again from manifest.yml."
            yield Finding(f"slack.scope.{scope}", problem, remedy, warning=scope in OPTIONAL)


def app_token(desk: Desk) -> Iterator[Finding]:
    """Ask for a Socket Mode address, without using it."""
    web = WebClient(base_url=desk.settings.slack_api_url, timeout=10, retry_handlers=[])
    token = desk.settings.slack_app_token.get_secret_value()
    answer = ask(web.apps_connections_open, app_token=token)
    if not answer.ok:
        code = answer.data.get("error") or answer.fault or answer.status
        remedy = "Put an app-level token (xapp-…) with connections:write into SLACK_APP_TOKEN."
        yield Finding("slack.app_token", f"Slack opened no Socket Mode connection ({code}).", remedy)


def channels(desk: Desk) -> Iterator[Finding]:
    """Look at each channel of PREWARM_CHANNEL: it exists, the bot is in it, its history can be read."""
    for channel in desk.settings.prewarm_channel:
        facts = desk.slack.channel(channel.id)
        if isinstance(facts, Refused | Doubtful):
            yield Finding("channel.unknown", f"Channel {channel.id} cannot be seen ({facts.code}).", INVITE)
        elif facts.is_archived:
            yield Finding(
                "channel.archived", f"Channel {channel.id} is archived.", "Unarchive it, or name another one."
            )
        elif not facts.is_member:
            yield Finding("channel.member", f"The bot is not in {channel.id} (#{facts.name}).", INVITE)
        elif not isinstance(seen := desk.slack.readable(channel.id), Seen):
            problem = f"The history of {channel.id} cannot be read ({seen.code}): a message in doubt may be said twice."
            yield Finding("channel.history", problem, "Install the Slack app again from manifest.yml.")


def posted(desk: Desk) -> Iterator[Finding]:
    """Post one marked test message to each channel, outside the outbox, and read it back (P2, P6)."""
    for channel in desk.settings.prewarm_channel:
        text = {"type": "plain_text", "text": MARK}
        sent = ask(
            desk.slack.web.chat_postMessage,
            channel=channel.id,
            text=MARK,
            blocks=[{"type": "section", "block_id": KEY, "text": text}],
            metadata={"event_type": "prewarm_check", "event_payload": {"key": KEY}},
        )
        ts = text_of(sent.data, "ts")
        if not sent.ok or not ts:
            code = text_of(sent.data, "error") or sent.fault or sent.status
            yield Finding("channel.post", f"Nothing can be posted to {channel.id} ({code}).", INVITE)
        else:
            yield from _read_back(desk, channel.id, ts)


def _read_back(desk: Desk, channel: str, ts: str) -> Iterator[Finding]:
    """Find out whether both places of a key survive Slack; a history may show a message late."""
    settle = desk.settings.prewarm_settle_seconds
    deadline = time.monotonic() + settle
    while (message := _message(desk, channel, ts)) is None and time.monotonic() < deadline:
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


def _message(desk: Desk, channel: str, ts: str) -> Mapping[str, Any] | None:
    answer = ask(
        desk.slack.web.conversations_history,
        channel=channel,
        oldest=ts,
        latest=ts,
        inclusive=True,
        include_all_metadata=True,
        limit=1,
    )
    return next(iter(page_of(answer.data) or ()), None) if answer.ok else None


def _print(found: list[Finding], *, json: bool) -> None:
    if json:
        sys.stdout.write(codec.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for each in found:
        mark, style = ("! warning", "yellow") if each.warning else ("✗ wrong", "red")
        console.print(Text.assemble((f"{mark}  ", style), each.problem), soft_wrap=True)
        console.print(Text(f"    {each.remedy}", style="dim"), soft_wrap=True)
    if not any(not each.warning for each in found):
        console.print(Text("✓ fine  prewarm-bot run would work.", style="green"))
