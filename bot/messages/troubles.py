"""Why the list could not be read, in the reader's language.

Troubles are remembered and logged as English sentences, whose text stands once, with the errors. Here such a sentence
is known again by its form, so that its facts can be told in other words. What has no known form is told as it came.
"""

import re
from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType
from typing import Final

from bot.domain.errors import KeyRefused, Limited, PollFault, Unfinished, Unreachable, Unreadable
from bot.rendering.escape import name
from bot.rendering.style import Style

TROUBLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        error.__name__: " ".join((error.__doc__ or "").split())
        for error in (KeyRefused, Limited, Unreachable, Unreadable, Unfinished, PollFault)
    }
)
"""The errors' sentences with their places, by the errors' names: entries of the catalogues."""


def trouble(said: str, most: int, style: Style) -> str:
    """Return it as part of a sentence, without its full stop, at most so long; "" for nothing."""
    return name(_translated(said, style), most).rstrip(".。")


def _translated(said: str, style: Style) -> str:
    for error, form in _FORMS.items():
        if found := form.fullmatch(said):
            return style.words.say(TROUBLES[error], **found.groupdict())
    return said


def _form(sentence: str) -> re.Pattern[str]:
    parts = Formatter().parse(sentence)
    return re.compile(
        "".join(re.escape(literal) + (f"(?P<{place}>.*?)" if place else "") for literal, place, _, _ in parts),
        re.DOTALL,
    )


_FORMS: Final = MappingProxyType({error: _form(sentence) for error, sentence in TROUBLES.items()})
