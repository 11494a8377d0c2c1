"""The scopes of the bot token, each with what fails without it. manifest.yml asks for exactly these; tests compare."""

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
"""All of them. https://docs.slack.dev/reference/scopes"""
