"""How a post is worded for whom: the courier's view of the messages room."""

from collections.abc import Mapping, Sequence

from bot.domain.fact import Fact, Transition
from bot.domain.outbox import Post
from bot.messages import post as messages
from bot.rendering.payload import Payload
from bot.services.style_resolver import StyleResolver


class Wording:
    """Words posts in the style of their recipient."""

    def __init__(self, styles: StyleResolver) -> None:
        self._styles = styles

    def render(self, post: Post, facts: Sequence[Fact]) -> Payload:
        """Return the message of a post."""
        return messages.render(post, facts, self._styles.of(post.to))

    def render_edit(self, to: str, key: str, facts: Sequence[Fact], ended: Mapping[str, Transition]) -> Payload:
        """Return the message of older facts, and how the tasks in it ended."""
        return messages.render_edit(key, facts, ended, self._styles.of(to))

    def fit(self, to: str, facts: Sequence[Fact]) -> int:
        """Return how many of the facts one post to this recipient can take."""
        return messages.fit(facts, self._styles.of(to))
