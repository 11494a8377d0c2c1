"""The scopes of the bot token, each with what is lost without it. manifest.yml asks for exactly these; a test compares.

Not among them: `chat:write.public` posts where the history cannot be read, so a doubt could not be settled (P6).
"""

from types import MappingProxyType
from typing import Final

HISTORY: Final = MappingProxyType(
    {
        "channels:history": "a message in doubt in a public channel cannot be looked for and may be said twice",
        "groups:history": "a message in doubt in a private channel cannot be looked for and may be said twice",
        "im:history": "direct messages to the bot are not heard, and those in doubt cannot be looked for",
    }
)
"""What rule P6 reads with."""

SCOPES: Final = MappingProxyType(
    {
        "chat:write": "nothing can be told",
        "commands": "/prewarm does not work",
        "app_mentions:read": "mentions are not heard",
        **HISTORY,
        "im:write": "nobody can be told anything directly",
        "channels:read": "whether the bot is in a public channel cannot be found out",
        "groups:read": "whether the bot is in a private channel cannot be found out",
    }
)
"""Those that the bot cannot do its work without. https://docs.slack.dev/reference/scopes"""

OPTIONAL: Final = MappingProxyType(
    {"users:read": "a person's language in Slack is not known, so PREWARM_LANGUAGE decides in direct messages and Home"}
)
"""Those that a workspace may refuse."""
