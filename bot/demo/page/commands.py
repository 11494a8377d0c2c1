"""What the page's composer offers while somebody types: the commands of the chat, each with what it does.

The bot's come from the bot's own table; beside them there are Slack's own that change where the bot is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from bot.demo.slack.records import Json


@dataclass(frozen=True)
class Offer:
    """`text` is what is typed for you, `form` what may follow, `meaning` what it does."""

    text: str
    meaning: str
    form: str = ""


SLACKS_OWN: Final[Sequence[Offer]] = (
    Offer("/invite @prewarm", "Bring the bot into this channel"),
    Offer("/remove @prewarm", "Take the bot out of this channel"),
)


def as_json(offers: Sequence[Offer]) -> Json:
    return {"commands": [asdict(offer) for offer in offers]}
