"""What a log line looks like and what may never stand in it: secrets, and characters that a terminal obeys.

Our own loggers and those of the libraries pass through one formatter, so that there is one place to redact and clean.
"""

import json
import logging
import os
from collections.abc import Iterable
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.adapters.redaction import Redact, redaction

_FIRST: Final = ("timestamp", "level", "event", "action")
_OF_SEVERAL_LINES: Final = ("exception", "stack_info")


def formatter(secrets: Iterable[str], *, console: bool, terminal: bool) -> logging.Formatter:
    """Return what makes a line of a record: for people where `console`, else JSON. `secrets` appear in neither."""
    redact = redaction(secrets)

    def clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {name: _clean(value, redact, keep=_kept(name)) for name, value in event.items()}

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


def _kept(name: str) -> str:
    return "\n" if name in _OF_SEVERAL_LINES else ""


def _clean(value: Any, redact: Redact, *, keep: str = "") -> Any:
    """Redact all text in a value, and show as an escape each character that is not printable, but those to `keep`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_clean(str(name), redact): _clean(each, redact) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(each, redact) for each in value]
    text = redact(value if isinstance(value, str) else repr(value))
    return "".join(each if each.isprintable() or each in keep else _escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
