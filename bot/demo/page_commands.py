"""What the page's composer offers while somebody types: the commands of the chat, each with what it does.

The bot's own table stays the bot's; this one is what a visitor should find, the most telling commands first.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from bot.demo.slack_records import Json


@dataclass(frozen=True)
class Offer:
    """`text` is what is typed for you, `form` what may follow, `meaning` what it does."""

    text: str
    meaning: str
    form: str = ""


COMMANDS: Final[Sequence[Offer]] = (
    Offer("/prewarm", "What is going on: counts, running tasks, last failures"),
    Offer("/prewarm list", "The tasks, sorted and in pages", "[failed|running|…] [cluster:ID] [words…]"),
    Offer("/prewarm show", "One task, whole", "ID"),
    Offer("/prewarm why", "What became of a notification", "ID"),
    Offer("/prewarm status", "How the bot itself is"),
    Offer("/prewarm help", "What you can ask", "[command]"),
    Offer("/prewarm watch", "Tell me in a direct message when it ends", "ID | [failed] [cluster:ID] words…"),
    Offer("/prewarm unwatch", "Tell me no longer", "…"),
    Offer("/prewarm subscribe", "Tell this channel", "[failed] [cluster:ID] [words…]"),
    Offer("/prewarm unsubscribe", "Tell this channel no longer", "[N]"),
    Offer("/prewarm subscriptions", "What this channel hears of"),
    Offer("/prewarm mute", "Quiet in this channel for a while", "2h | until 18:00"),
    Offer("/prewarm unmute", "Speak again in this channel"),
    Offer("/prewarm language", "For this channel, or for me", "en|zh"),
    Offer("/prewarm quota", "How many tasks are allowed"),
    Offer("/prewarm stats", "How it went over the last days", "[7d]"),
    Offer("/prewarm create", "A new task; operators only"),
    Offer("/prewarm retry", "The same task again; operators only", "ID"),
    Offer("/prewarm delete", "Take tasks away; operators only", "ID…"),
    Offer("/invite @prewarm", "Bring the bot into this channel"),
    Offer("/remove @prewarm", "Take the bot out of this channel"),
)


def as_json(offers: Sequence[Offer]) -> Json:
    return {"commands": [asdict(offer) for offer in offers]}
