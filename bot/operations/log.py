"""Logs: a sentence for people and a stable `action` word for machines.

What the services tell their observer becomes lines here, so that no service knows how logs are written. The same
trouble again is not said again: a line a poll would bury what matters. Our own loggers and those of the libraries pass
through one formatter, which hides secrets and cleans out characters that a terminal obeys.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.adapters.redaction import Redact, redaction
from bot.domain.errors import BotError
from bot.domain.fact import Kind
from bot.domain.outbox import WORKSPACE, Result
from bot.services.events import (
    Answered,
    Delayed,
    DeliverySettled,
    Event,
    Failed,
    Forgotten,
    HeldUp,
    Noticed,
    Opened,
    Parked,
    Polled,
    Worked,
)
from bot.settings.values import LogFormat, LogLevel

LIBRARIES: Final = {
    "apscheduler": logging.ERROR,  # it warns at every poll that outlasts its interval
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "slack_sdk.web.base_client": logging.CRITICAL,  # every failed request; we say what came of it
    "websockets": logging.WARNING,
    "httpx": logging.WARNING,  # a line per request
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
}
"""How loud a library must be to be heard, also on debug: there they print whole requests."""


def _is_news(record: logging.LogRecord) -> bool:
    """Drop Bolt's warning that it will not use SLACK_BOT_TOKEN of the environment: it is given a client on purpose."""
    return "`token` will be unused" not in record.getMessage()


_KINDS: Final = {
    Kind.SUCCEEDED: "succeeded",
    Kind.FAILED: "failed",
    Kind.ENDED: "ended in a state the bot does not know",
    Kind.GONE: "is gone",
}
_RESULTS: Final = {
    Result.SENT: (logging.INFO, "posted"),
    Result.ADOPTED: (logging.INFO, "found in the channel: the message in doubt had arrived"),
    Result.POSSIBLE_REPEAT: (
        logging.WARNING,
        "sent once more without a look, perhaps twice: `prewarm-bot check` names the scope that is missing",
    ),
    Result.DROPPED: (logging.WARNING, "given up: too old, too many, or refused in every form"),
}
_FAULTS_OVER: Final = {Polled: ("poll",), DeliverySettled: ("lane", "outbox", "render"), Answered: ("answer",)}

_FIRST: Final = ("timestamp", "level", "event", "action")
_OF_SEVERAL_LINES: Final = ("exception", "stack_info")


def configure(level: LogLevel, form: LogFormat, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (standard error); once more replaces what was set up before.

    `form` AUTO is console lines on a terminal and JSON lines elsewhere. `secrets` appear nowhere, not even in errors.
    """
    stream = stream or sys.stderr
    terminal = stream.isatty()
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and terminal)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(secrets, console=console, terminal=terminal))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, least in LIBRARIES.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def started(version: str, settings: Mapping[str, str]) -> None:
    """Log the one line that a run begins with; `settings` hold no secret."""
    structlog.get_logger("bot").info(
        f"prewarm-bot {version} starts.", action="bot.started", version=version, **settings
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. `error`: shown with its traceback."""

    level: int
    action: str
    sentence: str
    fields: dict[str, Any] = field(default_factory=dict)
    error: BaseException | None = None


class LogObserver:
    """Hears what happens and logs it. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log = structlog.get_logger("bot")
        self._said: dict[tuple[str, str], str] = {}  # troubles that were said and are not over: (what, which) -> text
        self._polls = 0

    def __call__(self, event: Event) -> None:
        with self._lock:
            lines = [*self._over(event), *self._lines(event)]
        for line in lines:
            more = {"exc_info": line.error} if line.error else {}
            self._log.log(line.level, line.sentence, action=line.action, **line.fields, **more)

    def _lines(self, event: Event) -> Iterator[Line]:
        match event:
            case Polled():
                yield from self._polled(event)
            case Noticed():
                yield _noticed(event)
            case DeliverySettled():
                yield from self._settled(event)
            case Delayed():
                yield from self._trouble("delay", event.to, event.note, _delayed(event))
            case Parked() | HeldUp():
                line = _parked(event) if isinstance(event, Parked) else _held_up(event)
                yield from self._trouble("park", event.to, event.code, line)
            case Forgotten():
                self._said.pop(("park", event.to), None)
                yield _forgotten(event)
            case Opened(to):
                self._said.pop(("park", to), None)
                sentence = f"{_name(to)} can be posted to again: what waited is told now."
                yield Line(logging.INFO, "channel.opened", sentence, {"to": to})
            case Failed():
                text = f"{event.sentence} {event.error!r}"
                yield from self._trouble(event.what, event.to or event.sentence, text, _failed(event))
            case Answered(command, seconds):
                fields = {"command": command, "seconds": round(seconds, 3)}
                yield Line(logging.INFO, "question.answered", "A question was answered.", fields)

    def _polled(self, event: Polled) -> Iterator[Line]:
        fields = {"result": event.result, "seconds": round(event.seconds, 3)}
        if event.trouble:
            yield from self._trouble(
                "list", "", event.trouble, Line(logging.WARNING, "list.trouble", event.trouble, fields)
            )
        else:
            yield from self._again("list", "", "list.again", "The list is read again.")
            level = logging.DEBUG if self._polls else logging.INFO
            self._polls += 1
            yield Line(level, "list.read", "The list was read.", fields)
        if event.skipped:
            yield from self._trouble("rows", "", str(event.skipped), _skipped(event))
        elif not event.trouble:
            yield from self._again("rows", "", "rows.again", "Every row of the list can be used again.")

    def _settled(self, event: DeliverySettled) -> Iterator[Line]:
        """Say that a delay is over where Slack took the message; for what was given up or may be a repeat it is not."""
        if event.result == Result.SENT:
            yield from self._again("delay", event.to, "post.again", f"{_name(event.to)} takes messages again.")
        elif event.result == Result.ADOPTED:
            self._said.pop(("delay", event.to), None)
        yield _settled(event)

    def _trouble(self, what: str, which: str, text: str, line: Line) -> Iterator[Line]:
        if self._said.get((what, which)) != text:
            self._said[what, which] = text
            yield line

    def _again(self, what: str, which: str, action: str, sentence: str) -> Iterator[Line]:
        if self._said.pop((what, which), None) is not None:
            yield Line(logging.INFO, action, sentence)

    def _over(self, event: Event) -> Iterator[Line]:
        """Say that faults are over, when what met them has just done its work."""
        for what in (event.what,) if isinstance(event, Worked) else _FAULTS_OVER.get(type(event), ()):
            whose = event.to if isinstance(event, Worked) else ""
            over = [key for key in self._said if key[0] == what and whose in ("", key[1])]
            for key in over:
                del self._said[key]
            if over:
                yield Line(logging.INFO, f"{what}.again", f"The fault in the bot's {what} is over.")


def _noticed(event: Noticed) -> Line:
    task = event.transition.task
    told = f"to be told to {event.recipients}" if event.recipients else "to be told to nobody"
    sentence = f"Task {task.id} {_KINDS[event.transition.kind]}: {event.transition.news.words}; {told}."
    fields = {"task": task.id, "state": task.state, "image": task.image, "recipients": event.recipients}
    return Line(logging.INFO, "task.ended", sentence, fields)


def _settled(event: DeliverySettled) -> Line:
    level, words = _RESULTS[Result(event.result)]
    sentence = f"{_name(event.to)}: {_deliveries(event.deliveries)} {words}."
    fields = {"result": event.result, "key": event.key, "conversation": event.conversation, "ts": event.ts}
    return Line(level, "post.told", sentence, {name: value for name, value in fields.items() if value})


def _delayed(event: Delayed) -> Line:
    sentence = f"{_name(event.to)}: a post did not come to its end ({event.note}). It is tried again by the rules."
    return Line(logging.WARNING, "post.delayed", sentence, {"key": event.key, "deliveries": event.retry})


def _parked(event: Parked) -> Line:
    if event.to == WORKSPACE:
        sentence = f"Slack refuses the bot ({event.code}). Nothing is posted; all messages wait, and polling goes on."
        return Line(logging.ERROR, "slack.stopped", f"{sentence} `prewarm-bot check` names the remedy.")
    sentence = f"{event.to} cannot be posted to ({event.code}). Its messages wait, and it is tried again."
    fields = {"to": event.to, "code": event.code}
    return Line(logging.WARNING, "channel.parked", f"{sentence} `prewarm-bot check` names the remedy.", fields)


def _held_up(event: HeldUp) -> Line:
    sentence = f"{event.to} could not be told anything for {event.seconds:.0f} s ({event.code or 'no cause is known'})."
    fields = {"to": event.to, "code": event.code, "seconds": round(event.seconds)}
    return Line(logging.WARNING, "channel.held_up", f"{sentence} Its messages wait, and it is tried again.", fields)


def _forgotten(event: Forgotten) -> Line:
    watches = {0: "", 1: " and 1 watch ends"}.get(event.watches, f" and {event.watches} watches end")
    sentence = (
        f"{event.to} is closed ({event.code}) and nobody relies on it any more: {_deliveries(event.deliveries)} given "
        f"up{watches}. It is forgotten."
    )
    fields = {"to": event.to, "code": event.code, "deliveries": event.deliveries, "watches": event.watches}
    return Line(logging.WARNING, "recipient.forgotten", sentence, fields)


def _failed(event: Failed) -> Line:
    unforeseen = None if isinstance(event.error, BotError) else event.error
    return Line(logging.ERROR, f"{event.what}.failed", event.sentence, error=unforeseen)


def _skipped(event: Polled) -> Line:
    rows = "1 row of the list has" if event.skipped == 1 else f"{event.skipped} rows of the list have"
    sentence = f"{rows} no usable id or state: skipped, and not told of while that lasts."
    return Line(logging.WARNING, "rows.skipped", sentence, {"rows": event.skipped})


def _name(to: str) -> str:
    return "Slack" if to == WORKSPACE else to


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"


# ---- what a line looks like, and what may never stand in it


def formatter(secrets: Iterable[str], *, console: bool, terminal: bool) -> logging.Formatter:
    """Return what makes a line of a record: for people where `console`, else JSON. `secrets` appear in neither."""
    redact = redaction(secrets)

    def clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {
            name: _clean(value, redact, keep="\n" if name in _OF_SEVERAL_LINES else "") for name, value in event.items()
        }

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            clean,
            *(_for_people(terminal=terminal) if console else _for_machines()),
        ],
    )


def _for_people(*, terminal: bool) -> list[Processor]:
    stamp = structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%SZ", utc=True)
    colors = terminal and not os.environ.get("NO_COLOR")
    return [stamp, structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)]


def _for_machines() -> list[Processor]:
    def render(_: WrappedLogger, __: str, event: EventDict) -> str:
        first = {name: event[name] for name in _FIRST if name in event}
        return json.dumps(first | dict(event), ensure_ascii=False)

    return [structlog.processors.TimeStamper("iso", utc=True), render]


def _clean(value: Any, redact: Redact, *, keep: str = "") -> Any:
    """Redact all text in a value, and show as an escape each character that is not printable, but those to `keep`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_clean(str(name), redact): _clean(each, redact) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(each, redact) for each in value]
    text = redact(value if isinstance(value, str) else repr(value))
    shown = (each if each.isprintable() or each in keep else each.encode("unicode_escape").decode() for each in text)
    return "".join(shown)
