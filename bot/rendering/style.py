"""How a reader wants it: language, time zone, and where the vendor's console is.

Every message takes a `Style`, so that a channel or a person may later have its own without touching a layout.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.language import Language
from bot.rendering.languages import Words


@dataclass(frozen=True, slots=True)
class Style:
    """`zone` dates what Slack does not turn into the viewer's own time; `console_url` is where "Open console" leads."""

    language: Language
    zone: ZoneInfo
    console_url: str
    mention: str = ""  # the user or group ID that a failure mentions (PREWARM_MENTION_ON_FAILURE)

    @property
    def words(self) -> Words:
        """What speaks the language."""
        return Words(self.language)
