"""How a post is worded for whom: the courier's view of the messages room."""

from collections.abc import Sequence

from bot.domain.fact import Fact
from bot.domain.outbox import Post
from bot.messages import post as messages
from bot.messages.payload import Payload
from bot.messages.style import Style


class Wording:
    """Words posts in one style; later capabilities look the recipient's own up here."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def render(self, post: Post, facts: Sequence[Fact]) -> Payload:
        """Return the message of a post."""
        return messages.render(post, facts, self._style)

    def fit(self, facts: Sequence[Fact]) -> int:
        """Return how many of the facts one post can take."""
        return messages.fit(facts, self._style)
