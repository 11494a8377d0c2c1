"""The command line: `run`, `demo`, `check`, `tasks`.

exit code   when
0           fine; `check`: `run` would work
1           failed while running; `check`: something is wrong
2           wrong usage or settings, every wrong setting named; at a first start also a refused token or key
"""

import argparse
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from bot import __version__
from bot.bootstrap import build
from bot.domain.errors import BotError
from bot.operations import check, tasks
from bot.operations.first_start import RefusedAtStart
from bot.settings import SettingsError, load, load_api_only, misspellings

FINE, FAILED, WRONG = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; what people can mend is told in a sentence, without a traceback."""
    _open_streams()
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.command(arguments)
        sys.stdout.flush()
    except (SettingsError, RefusedAtStart) as wrong:
        sys.stderr.write(f"prewarm-bot: the settings are not right yet.\n{wrong}\n")
        return WRONG
    except BotError as error:
        sys.stderr.write(f"prewarm-bot: {error}\n")
        return FAILED
    except OSError as error:
        if _can_print():
            raise
        if not isinstance(error, BrokenPipeError):  # whoever closes a pipe has read enough
            sys.stderr.write(f"prewarm-bot: the output cannot be written ({error.strerror}).\n")
        return FAILED
    return code


def _open_streams() -> None:
    """Put /dev/null where a standard stream is closed (`run 2>&-`).

    The bot works without them; but its database would become file 2, and be written into by whoever writes to stderr.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - 0, 1 and 2 are the standard streams
        pass
    os.close(number)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _can_print() -> bool:
    """Return whether standard output takes what it is given; if not, drop what is left: the exit would fail on it."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
        return False
    return True


def _run(_: argparse.Namespace) -> int:
    for warning in misspellings():
        sys.stderr.write(f"prewarm-bot: {warning}\n")
    settings = load()
    stopping = _stopping()
    build(settings, stopping).run()
    return FINE


def _demo(arguments: argparse.Namespace) -> int:
    from bot.demo.stage import Play, play  # noqa: PLC0415 - its servers would cost `run` a fifth of its start

    if arguments.real_slack and not arguments.channel:
        raise SystemExit("prewarm-bot demo: --real-slack needs --channel C…, the channel that it may post to.")
    wish = Play(arguments.port, arguments.duration, arguments.real_api, arguments.real_slack, arguments.channel)
    return play(wish, _stopping())


def _check(arguments: argparse.Namespace) -> int:
    return check.main(json=arguments.json, post=arguments.post, environ=os.environ)


def _tasks(arguments: argparse.Namespace) -> int:
    wanted = tasks.wanted(arguments.state, arguments.cluster, arguments.name)
    tasks.show(load_api_only(), wanted, json=arguments.json)
    return FINE


def _stopping() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set; a signal does nothing else."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="prewarm-bot",
        description="Tells Slack when image prewarm tasks succeed or fail, and answers /prewarm.",
        epilog="Settings come from the environment, .env or /run/secrets; the README lists them. Begin with: "
        "prewarm-bot demo",
    )
    parser.add_argument("--version", action="version", version=f"prewarm-bot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "run", _run, "the service: poll, remember, notify, answer")
    _demo_options(_add(commands, "demo", _demo, "the same service between an embedded cloud and an embedded Slack"))
    checking = _add(commands, "check", _check, "say what is wrong with settings, tokens, channels, and how to mend it")
    checking.add_argument("--json", action="store_true", help="print the findings as JSON")
    checking.add_argument("--post", action="store_true", help="also send one marked test message to each channel")
    listing = _add(commands, "tasks", _tasks, "print the list once; needs only PPIO_API_KEY (and PPIO_BASE_URL)")
    listing.add_argument("--state", default="", help="Pending, Running, Succeeded or Failed, in any case")
    listing.add_argument("--cluster", default="", metavar="ID", help="only this cluster")
    listing.add_argument("--name", default="", metavar="TEXT", help="words in the image's name, address or note")
    listing.add_argument("--json", action="store_true", help="print the tasks as JSON")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    meaning: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}.")
    parser.set_defaults(command=command)
    return parser


def _demo_options(parser: argparse.ArgumentParser) -> None:
    page = "where the page is served (default 8000, or the next free one)"
    parser.add_argument("--port", type=_port, default=8000, help=page)
    parser.add_argument("--duration", type=_seconds, metavar="S", help="end after so many seconds")
    parser.add_argument("--real-api", action="store_true", help="read the real list, with PPIO_* of the environment")
    parser.add_argument("--real-slack", action="store_true", help="post to the real Slack, with SLACK_* and --channel")
    parser.add_argument("--channel", default="", metavar="C…", help="the channel for --real-slack")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; give a number of seconds above 0")
    return seconds


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:  # noqa: PLR2004 - the last port
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)
