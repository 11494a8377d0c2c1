"""`prewarm-bot check`: what is wrong with settings, tokens, channels and folder, and how to mend it.

One function per thing looked at, each yielding findings. Takes no lock and leaves nothing behind; a folder held by a
running bot is fine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.redaction import redaction
from bot.adapters.slack.answers import Identity
from bot.adapters.slack.scopes import OPTIONAL, SCOPES
from bot.adapters.slack.socket_state import refuses_token
from bot.adapters.slack.web_api import Slack
from bot.adapters.slack.wire import ask
from bot.adapters.store.peek import peek
from bot.domain.errors import Limited, ListError
from bot.domain.outbox import Action, Page, Refused
from bot.operations.check_post import posted
from bot.operations.finding import INVITE, Finding, Printer, print_json
from bot.settings import Settings, SettingsError, load, misspellings
from bot.settings.slack_names import WHERE_BOT

FINE, FAILED, WRONG_SETTINGS = 0, 1, 2
BOT_TOKEN = "slack.bot_token"  # noqa: S105 - the ID of a finding
NETWORK = "Check {} and the network."


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """What the checks look with."""

    settings: Settings
    slack: Slack


Look = Callable[[Dispatcher], Iterator[Finding]]


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
    desk = Dispatcher(settings, Slack(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url))
    for at, look in looks(settings):
        found += _told(printer, at, list(look(desk)))
    if all(each.id != BOT_TOKEN for each in found):  # without a token nothing is known of channels
        for at, look in channel_looks(settings, post=post):
            found += _told(printer, at, list(look(desk)))
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
        print_json(found)
    return code


def folder(desk: Dispatcher) -> Iterator[Finding]:
    """Look at the data folder from outside."""
    glance = peek(desk.settings.prewarm_data_dir.absolute())
    if glance.trouble is not None:
        yield Finding("folder", glance.trouble.problem, glance.trouble.remedy)
    elif glance.damage:
        yield Finding(
            "folder.damaged",
            f"The store is damaged: {glance.damage}",
            "The next start moves it aside and goes on with what can be read.",
            True,
        )


def api(desk: Dispatcher) -> Iterator[Finding]:
    """Ask for one task."""
    client = PrewarmApi(desk.settings.ppio_base_url, desk.settings.ppio_api_key.get_secret_value())
    try:
        client.page(1, 1)
    except ListError as error:
        again = "Wait a minute, and check again." if isinstance(error, Limited) else NETWORK.format("PPIO_BASE_URL")
        yield Finding("api", error.problem, error.remedy or again)
    finally:
        client.close()


def bot_token(desk: Dispatcher) -> Iterator[Finding]:
    """Ask who the bot token is and what it may do."""
    identity = desk.slack.identify()
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


def app_token(desk: Dispatcher) -> Iterator[Finding]:
    """Ask for a Socket Mode address, without using it."""
    token = desk.settings.slack_app_token.get_secret_value()
    answer = ask(desk.slack.web.apps_connections_open, app_token=token)
    if not answer.ok:
        code = redaction([token])(str(answer.data.get("error") or answer.fault or answer.status))
        remedy = "Put an app-level token (xapp-…) with connections:write into SLACK_APP_TOKEN."
        if not refuses_token(code):
            remedy = NETWORK.format("SLACK_API_URL")
        yield Finding("slack.app_token", f"Slack opened no Socket Mode connection ({code}).", remedy)


def channel(desk: Dispatcher, name: str) -> Iterator[Finding]:
    """Look at a channel of PREWARM_CHANNEL: it exists, the bot is in it, its history can be read."""
    facts = desk.slack.channel(name)
    if isinstance(facts, Refused):
        yield Finding("channel.unknown", f"Channel {name} cannot be seen ({facts.code}).", INVITE)
    elif facts.is_archived:
        yield Finding("channel.archived", f"Channel {name} is archived.", "Unarchive it, or name another one.")
    elif not facts.is_member:
        yield Finding("channel.member", f"The bot is not in {name} (#{facts.name}).", INVITE)
    elif not isinstance(seen := desk.slack.readable(name), Page):
        problem = f"The history of {name} cannot be read ({seen.code}): a message in doubt may be said twice."
        yield Finding("channel.history", problem, "Install the Slack app again from manifest.yml.")


def message(desk: Dispatcher, name: str) -> Iterator[Finding]:
    """Send a marked test message to a channel and read it back."""
    return posted(desk.slack, name, desk.settings.prewarm_settle_seconds)
