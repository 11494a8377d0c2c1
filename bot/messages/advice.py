"""What to do about a failure, by its cause: one line under the vendor's own words, and none where the cause is unknown.

Advice must hold for everybody who meets the cause, so it is short and careful.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.domain.cause import Cause, cause_of
from bot.domain.task import Task
from bot.messages.task_fields import labelled
from bot.rendering.document import Lines, Part, Word
from bot.rendering.english import Say
from bot.rendering.style import Style


class _Words(NamedTuple):
    """What the cause is called; what to do, with a registry credential and without one."""

    called: Say
    trusted: Say
    anonymous: Say


_CAUSES: Final[Mapping[Cause, _Words]] = MappingProxyType(
    {
        Cause.AUTHENTICATION: _Words(Say.CAUSE_AUTHENTICATION, Say.DO_RENEW, Say.DO_LOG_IN),
        Cause.NOT_FOUND: _Words(Say.CAUSE_NOT_FOUND, Say.DO_FIND, Say.DO_FIND),
        Cause.RATE_LIMIT: _Words(Say.CAUSE_RATE_LIMIT, Say.DO_WAIT, Say.DO_WAIT_LOG_IN),
        Cause.NO_SPACE: _Words(Say.CAUSE_NO_SPACE, Say.DO_FREE, Say.DO_FREE),
        Cause.TOO_LARGE: _Words(Say.CAUSE_TOO_LARGE, Say.DO_SHRINK, Say.DO_SHRINK),
        Cause.TIMEOUT: _Words(Say.CAUSE_TIMEOUT, Say.DO_NEARER, Say.DO_NEARER),
        Cause.NETWORK: _Words(Say.CAUSE_NETWORK, Say.DO_REACH, Say.DO_REACH),
        Cause.QUOTA: _Words(Say.CAUSE_QUOTA, Say.DO_ALLOW, Say.DO_ALLOW),
    }
)


def advice(task: Task, style: Style) -> Iterator[Part]:
    """Yield the line that says what to do; nothing where the cause is unknown."""
    if told := remedy(task, style):
        yield Lines((labelled(Say.WHAT_TO_DO, style, Word(told)),))


def remedy(task: Task, style: Style) -> str:
    """Return what to do about a task's reasons, "" when nobody knows."""
    words = _CAUSES.get(cause_of(task.reasons))
    if words is None:
        return ""
    return style.words.say(words.trusted if task.repository_auth.strip() else words.anonymous)


def cause_words(cause: Cause, style: Style) -> str:
    """Return what people call a known cause."""
    return style.words.say(_CAUSES[cause].called)
