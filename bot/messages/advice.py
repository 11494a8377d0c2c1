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
from bot.rendering.languages import N_
from bot.rendering.style import Style


class _Words(NamedTuple):
    """What the cause is called; what to do, with a registry credential and without one."""

    called: str
    trusted: str
    anonymous: str


_CAUSES: Final[Mapping[Cause, _Words]] = MappingProxyType(
    {
        Cause.AUTHENTICATION: _Words(
            N_("registry authentication"),
            N_("Check that the task's registry credential (repositoryAuth) is still valid and may pull this image."),
            N_(
                "No registry credential (repositoryAuth) was given. If the image is private, create the task "
                "again with one; "
                "else check the address."
            ),
        ),
        Cause.NOT_FOUND: _Words(
            N_("image not found"),
            N_("Check the image's address and tag, and that it was pushed there."),
            N_("Check the image's address and tag, and that it was pushed there."),
        ),
        Cause.RATE_LIMIT: _Words(
            N_("registry rate limit"),
            N_("Wait until the registry's limit is over, then create the task again, or use another registry."),
            N_(
                "Wait until the registry's limit is over, then create the task again. "
                "No credential (repositoryAuth) was given: many registries allow more with one."
            ),
        ),
        Cause.NO_SPACE: _Words(
            N_("no space left"),
            N_("Try a smaller image or another cluster, or ask the vendor for space on this one."),
            N_("Try a smaller image or another cluster, or ask the vendor for space on this one."),
        ),
        Cause.TOO_LARGE: _Words(
            N_("image too large"),
            N_("Make the image smaller, or ask the vendor to allow more (by default 100 GB for an image)."),
            N_("Make the image smaller, or ask the vendor to allow more (by default 100 GB for an image)."),
        ),
        Cause.TIMEOUT: _Words(
            N_("timeout"),
            N_("Create the task again. If it times out again, put the image in a registry nearer to the cluster."),
            N_("Create the task again. If it times out again, put the image in a registry nearer to the cluster."),
        ),
        Cause.NETWORK: _Words(
            N_("network"),
            N_("Check that the registry is up and can be reached from the cluster, then create the task again."),
            N_("Check that the registry is up and can be reached from the cluster, then create the task again."),
        ),
        Cause.QUOTA: _Words(
            N_("quota"),
            N_("Delete prewarm tasks that you no longer need, or ask the vendor for a larger quota."),
            N_("Delete prewarm tasks that you no longer need, or ask the vendor for a larger quota."),
        ),
    }
)


def advice(task: Task, style: Style) -> Iterator[Part]:
    """Yield the line that says what to do; nothing where the cause is unknown."""
    if told := remedy(task, style):
        yield Lines((labelled(N_("What to do"), style, Word(told)),))


def remedy(task: Task, style: Style) -> str:
    """Return what to do about a task's reasons, "" when nobody knows."""
    words = _CAUSES.get(cause_of(task.reasons))
    if words is None:
        return ""
    return style.words.say(words.trusted if task.repository_auth.strip() else words.anonymous)


def cause_words(cause: Cause, style: Style) -> str:
    """Return what people call a known cause."""
    return style.words.say(_CAUSES[cause].called)
